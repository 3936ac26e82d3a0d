"""`connectgen generate` stopped halfway, beside another, on a full disk, over what is a person's: nothing is lost."""

from __future__ import annotations

import fcntl
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generation.runs import CHANGE, Edit, Generate, assert_plain, times_of
from support.command import (
    COMMAND,
    SMALL_CATALOGUE,
    SMALL_VERSIONS,
    connectgen,
    environment,
    files_of,
    generate_arguments,
)

pytestmark = pytest.mark.usefixtures("remembered")


def begun(catalogue: Path, out: Path, *more: str, stdout: int = subprocess.PIPE, stderr: int) -> subprocess.Popen[str]:
    """A run that goes on beside the test, in a session of its own."""
    return subprocess.Popen(
        [*COMMAND, *generate_arguments(catalogue, out, *more)],
        cwd=out.parent,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        text=True,
        start_new_session=True,
    )


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory, small_packages: Path) -> Path:
    """The packages after the change. Not to be changed."""
    folder = tmp_path_factory.mktemp("changed")
    catalogue = shutil.copytree(SMALL_CATALOGUE, folder / "catalogue")
    file, old, new = CHANGE
    text = (catalogue / file).read_text(encoding="utf-8")
    (catalogue / file).write_text(text.replace(old, new), encoding="utf-8")
    shutil.copytree(small_packages.parent / ".cache", folder / ".cache")
    assert_plain(connectgen(*generate_arguments(catalogue, folder / "generated"), cwd=folder), 0)
    return folder / "generated"


@pytest.mark.parametrize("delay", [0.15, 0.3, 0.45, 0.6, 0.8, 1.0])
@pytest.mark.usefixtures("generated")
def test_an_interrupted_run_leaves_every_package_whole(
    generate: Generate, catalogue: Path, edit: Edit, out: Path, changed: Path, delay: float
) -> None:
    old, new = files_of(out), files_of(changed)
    assert new != old
    edit(*CHANGE)

    process = begun(catalogue, out, "--no-cache", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(delay * random.uniform(0.8, 1.2))
    process.send_signal(signal.SIGKILL)
    process.wait()

    for version in SMALL_VERSIONS:
        package = f"sf-connect-v{version.removesuffix('.0')}"
        before = {path: content for path, content in old.items() if path.startswith(f"{package}/")}
        after = {path: content for path, content in new.items() if path.startswith(f"{package}/")}
        found = {f"{package}/{path}": content for path, content in files_of(out / package).items()}
        assert found in (before, after), f"{package} is half-written"
    assert_plain(generate(), 0)
    assert files_of(out) == new


def _notes(out: Path) -> set[str]:
    """What stands beside the packages: a note of each, and nothing that a run left."""
    return {path.name for path in (out / ".connectgen").iterdir()}


@pytest.mark.parametrize(
    ("state", "again"),
    [
        *((state, "the change") for state in ("making", "made", "moved away", "in place", "noted")),
        ("making", "what was before"),
        ("moved away", "what was before"),
        ("made", "another version"),
        ("in place", "another version"),
    ],
)
@pytest.mark.usefixtures("generated")
def test_the_next_run_mends_what_a_killed_one_left(
    generate: Generate, edit: Edit, out: Path, changed: Path, state: str, again: str
) -> None:
    """Every state of the disk that a killed run can leave of a package, made by hand."""
    old, new, notes = files_of(out), files_of(changed), _notes(out)
    edit(*CHANGE)
    name, kept = "sf-connect-v33", out / ".connectgen"
    shutil.copytree(changed / name, kept / f"{name}.new")
    if state == "making":
        (kept / f"{name}.new" / "README.md").unlink()
    else:
        shutil.copy2(changed / ".connectgen" / f"{name}.json", kept / f"{name}.part")
    if state in ("moved away", "in place", "noted"):
        (out / name).rename(kept / f"{name}.old")
    if state in ("in place", "noted"):
        (kept / f"{name}.new").rename(out / name)
    if state == "noted":
        (kept / f"{name}.part").replace(kept / f"{name}.json")
    if again == "what was before":
        edit(CHANGE[0], CHANGE[2], CHANGE[1])

    assert_plain(generate(*(["30.0"] if again == "another version" else [])), 0)

    assert _notes(out) == notes
    found = {path: content for path, content in files_of(out).items() if path.startswith(name)}
    finished = state in ("in place", "noted")
    wanted = new if again == "the change" or (again == "another version" and finished) else old
    assert found == {path: content for path, content in wanted.items() if path.startswith(name)}


@pytest.mark.usefixtures("generated")
def test_a_first_run_killed_before_its_note_is_taken_over(generate: Generate, out: Path) -> None:
    before, kept = times_of(out / "sf-connect-v33"), out / ".connectgen"
    (kept / "inputs").unlink()
    (kept / "sf-connect-v33.json").rename(kept / "sf-connect-v33.part")

    assert_plain(generate(), 0)

    assert times_of(out / "sf-connect-v33") == before
    assert "sf-connect-v33.json" in _notes(out)


@pytest.mark.parametrize(
    ("note", "content"),
    [
        ("inputs", b"\xff\xfe"),
        ("sf-connect-v33.part", b""),
        *(
            ("sf-connect-v33.json", content)
            for content in (b"\xff\xfe", b"[]", b'{"inputs": "x", "files": {"README.md": [1]}}', b"[" * 9999)
        ),
    ],
)
@pytest.mark.usefixtures("generated")
def test_damaged_notes_are_none(generate: Generate, out: Path, note: str, content: bytes) -> None:
    before = times_of(out / "sf-connect-v33")
    (out / ".connectgen" / note).write_bytes(content)

    assert_plain(generate("--check"), 0)
    assert_plain(generate(), 0)

    assert times_of(out / "sf-connect-v33") == before
    assert "sf-connect-v33.part" not in _notes(out)


@pytest.mark.usefixtures("generated")
def test_without_notes_nothing_of_a_persons_is_lost(generate: Generate, out: Path) -> None:
    """The folder of notes is gone, and one package holds what a person wrote."""
    shutil.rmtree(out / ".connectgen")
    mine = out / "sf-connect-v33" / "mine.py"
    mine.write_text("mine", encoding="utf-8")

    assert "mine.py" in assert_plain(generate("--check"), 1)
    text = assert_plain(generate(), 1)

    assert "sf-connect-v33: exists, and nothing shows that it was generated; move it away" in text
    assert mine.read_text(encoding="utf-8") == "mine"
    assert_plain(generate("--force"), 0)
    assert not mine.exists()


@pytest.mark.parametrize("kind", ["file", "folder", "link", "link to nowhere"])
def test_what_stands_where_a_package_belongs_is_left_alone(
    generate: Generate, out: Path, tmp_path: Path, kind: str
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine", encoding="utf-8")
    out.mkdir()
    place = out / "sf-connect-v33"
    if kind == "file":
        place.write_text("mine", encoding="utf-8")
    elif kind == "folder":
        shutil.copytree(mine, place)
    else:
        place.symlink_to(mine if kind == "link" else "nowhere")

    text = assert_plain(generate(), 1)

    assert "sf-connect-v33: exists" in text
    assert [path.name for path in out.iterdir() if path.name.startswith("sf-")] == ["sf-connect-v33"]
    assert_plain(generate("--force"), 0)
    assert (place / "pyproject.toml").is_file()
    assert (mine / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert_plain(generate("--check"), 0)


def test_a_run_waits_for_another_over_the_same_folder(catalogue: Path, out: Path) -> None:
    (out / ".connectgen").mkdir(parents=True)
    with (out / ".connectgen" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = begun(catalogue, out, stderr=subprocess.PIPE)
        assert process.stderr is not None
        assert process.stderr.readline() == f"{out}: another run writes there; waiting for its end\n"
        assert process.poll() is None
        assert not list(out.glob("sf-*"))
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "4 packages written" in said


def test_runs_at_once_give_whole_packages(catalogue: Path, generate: Generate, out: Path) -> None:
    runs = [begun(catalogue, out, stderr=subprocess.STDOUT) for _ in range(3)]
    said = [run.communicate(timeout=100)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], said
    assert_plain(generate("--check"), 0)


@pytest.mark.usefixtures("generated")
def test_a_full_disk_leaves_the_old_output_whole(generate: Generate, edit: Edit, out: Path) -> None:
    """A limit of the size of files stands for the disk: writing fails halfway, as there."""
    before, notes = files_of(out), _notes(out)
    edit(*CHANGE)

    done = generate("--no-cache", command=[sys.executable, "-c", _ON_A_FULL_DISK])

    assert "nothing half-written is left" in assert_plain(done, 3)
    assert files_of(out) == before
    assert _notes(out) == notes
    assert_plain(generate(), 0)


_ON_A_FULL_DISK = """
import resource, runpy, sys
sys.dont_write_bytecode = True  # Python would leave half of a file, and call it whole
resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
runpy.run_module("connectgen", run_name="__main__")
"""
