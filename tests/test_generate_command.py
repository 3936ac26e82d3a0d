"""`connectgen generate` as a person meets it: nothing to do, old output, changed files, interruption, bad input."""

from __future__ import annotations

import fcntl
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from support.command import COMMAND, ROOT, SMALL_VERSIONS, connectgen, environment, files_of, generate_arguments

Edit = Callable[[str, str, str], None]
_PLAINEST_LOCALE = "C" if str(ROOT).isascii() else "C.UTF-8"
"""Python 3.11 itself does not start in the locale C where an editable package stands in a folder that is not ASCII."""
CHANGE = ("types/archive/pictures.yaml", "What is said about a picture.", "What a person says of a picture.")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where packages go; nothing is there yet."""
    return tmp_path / "generated"


@pytest.fixture
def generate(catalogue: Path, out: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Generate from the copied catalogue; further arguments are those of the command."""

    def run(*arguments: str, command: Sequence[str] = COMMAND, **env: str) -> subprocess.CompletedProcess[str]:
        return connectgen(
            *generate_arguments(catalogue, out, *arguments), cwd=tmp_path, env=environment(**env), command=command
        )

    return run


Generate = Callable[..., subprocess.CompletedProcess[str]]


def times_of(folder: Path) -> dict[str, int]:
    """When each file was last written, in nanoseconds."""
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def assert_plain(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The command ended with this code and without a traceback; all it printed."""
    text = done.stdout + done.stderr
    assert done.returncode == code, text
    assert "Traceback" not in text
    return text


def test_a_second_run_writes_nothing(generate: Generate, out: Path) -> None:
    assert_plain(generate(), 0)
    before = times_of(out)
    assert before

    assert_plain(generate(), 0)

    assert times_of(out) == before


def test_without_cache_the_output_is_the_same(generate: Generate, out: Path, tmp_path: Path) -> None:
    assert_plain(generate(), 0)
    before = files_of(out)
    shutil.rmtree(tmp_path / ".cache", ignore_errors=True)

    assert_plain(generate("--no-cache"), 0)

    assert files_of(out) == before


def test_a_change_reaches_the_packages_that_have_it_and_no_other(generate: Generate, edit: Edit, out: Path) -> None:
    assert_plain(generate(), 0)
    before = files_of(out)
    of_32_only = ("summary: Water a site's garden.", "summary: Sprinkle a site's garden.")
    edit("resources/garden/plants.yaml", *of_32_only)

    assert_plain(generate(), 0)

    after = files_of(out)
    changed = {path.split("/")[0] for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed == {"sf-connect-v32"}


def test_only_the_versions_that_were_asked_for(generate: Generate, out: Path) -> None:
    assert_plain(generate("31.0", "33.0"), 0)
    assert sorted(path.name for path in out.glob("sf-*")) == ["sf-connect-v31", "sf-connect-v33"]


def test_asking_for_one_version_leaves_the_others_alone(generate: Generate, edit: Edit, out: Path) -> None:
    assert_plain(generate(), 0)
    before = files_of(out)
    edit(*CHANGE)

    assert_plain(generate("31.0"), 0)

    changed = {path.split("/")[0] for path, content in files_of(out).items() if before.get(path) != content}
    assert changed == {"sf-connect-v31"}


def test_check_passes_on_fresh_output(generate: Generate) -> None:
    assert_plain(generate(), 0)
    assert_plain(generate("--check"), 0)


def test_check_reports_what_is_old_and_writes_nothing(generate: Generate, edit: Edit, out: Path) -> None:
    assert_plain(generate(), 0)
    edit(*CHANGE)
    before = times_of(out)

    text = assert_plain(generate("--check"), 1)

    assert "33.0" in text or "sf-connect-v33" in text
    assert times_of(out) == before


def test_check_without_output_makes_none(generate: Generate, out: Path) -> None:
    assert_plain(generate("--check"), 1)
    assert not out.exists()


def test_what_no_longer_exists_is_removed(generate: Generate, catalogue: Path, out: Path) -> None:
    assert_plain(generate(), 0)
    assert any("pictures" in path for path in files_of(out))
    shutil.rmtree(catalogue / "resources" / "archive")
    shutil.rmtree(catalogue / "types" / "archive")

    assert_plain(generate(), 0)

    assert not any("pictures" in path or "archive" in path for path in files_of(out))
    assert not list(out.rglob("archive*"))


def test_a_file_changed_by_hand_is_reported(generate: Generate, out: Path) -> None:
    assert_plain(generate(), 0)
    path = out / "sf-connect-v33" / "sf_connect" / "v33" / "__init__.py"
    mine = path.read_text(encoding="utf-8") + "# mine\n"
    path.write_text(mine, encoding="utf-8")

    checked = assert_plain(generate("--check"), 1)
    written = generate()

    for text in (checked, assert_plain(written, written.returncode)):
        assert "v33/__init__.py" in text
    kept = [file for file in out.parent.rglob("*") if file.is_file() and ".cache" not in file.parts]
    assert any(file.read_bytes() == mine.encode() for file in kept), "what a person wrote is lost"


def test_a_file_of_a_persons_own_survives(generate: Generate, edit: Edit, out: Path) -> None:
    assert_plain(generate(), 0)
    notes = out / "notes.txt"
    notes.write_text("mine", encoding="utf-8")
    edit(*CHANGE)

    assert_plain(generate(), 0)

    assert notes.read_text(encoding="utf-8") == "mine"


def test_every_hash_seed_gives_the_same_bytes(generate: Generate, out: Path) -> None:
    seen: list[dict[str, bytes]] = []
    for seed in ("0", "1", "4242"):
        shutil.rmtree(out, ignore_errors=True)
        assert_plain(generate("--no-cache", PYTHONHASHSEED=seed, LC_ALL=_PLAINEST_LOCALE, TZ=f"UTC-{seed[0]}"), 0)
        seen.append(files_of(out))
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("delay", [0.15, 0.3, 0.45, 0.6, 0.8, 1.0])
def test_an_interrupted_run_leaves_every_package_whole(
    generate: Generate, catalogue: Path, edit: Edit, out: Path, tmp_path: Path, delay: float
) -> None:
    assert_plain(generate(), 0)
    old = files_of(out)
    edit(*CHANGE)
    fresh = tmp_path / "fresh"
    assert_plain(connectgen(*generate_arguments(catalogue, fresh), cwd=tmp_path), 0)
    new = files_of(fresh)
    assert new != old

    process = subprocess.Popen(
        [*COMMAND, *generate_arguments(catalogue, out, "--no-cache")],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
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
def test_the_next_run_mends_what_a_killed_one_left(
    generate: Generate, catalogue: Path, edit: Edit, out: Path, tmp_path: Path, state: str, again: str
) -> None:
    """Every state of the disk that a killed run can leave of a package, made by hand."""
    assert_plain(generate(), 0)
    old, notes = files_of(out), _notes(out)
    shutil.copytree(out, tmp_path / "old")
    edit(*CHANGE)
    assert_plain(generate(), 0)
    new = files_of(out)
    shutil.move(out, tmp_path / "new")
    shutil.copytree(tmp_path / "old", out)
    name, kept = "sf-connect-v33", out / ".connectgen"
    shutil.copytree(tmp_path / "new" / name, kept / f"{name}.new")
    if state == "making":
        (kept / f"{name}.new" / "README.md").unlink()
    else:
        shutil.copy2(tmp_path / "new" / ".connectgen" / f"{name}.json", kept / f"{name}.part")
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


def test_a_first_run_killed_before_its_note_is_taken_over(generate: Generate, out: Path) -> None:
    assert_plain(generate(), 0)
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
def test_damaged_notes_are_none(generate: Generate, out: Path, note: str, content: bytes) -> None:
    assert_plain(generate(), 0)
    before = times_of(out / "sf-connect-v33")
    (out / ".connectgen" / note).write_bytes(content)

    assert_plain(generate("--check"), 0)
    assert_plain(generate(), 0)

    assert times_of(out / "sf-connect-v33") == before
    assert "sf-connect-v33.part" not in _notes(out)


def test_without_notes_nothing_of_a_persons_is_lost(generate: Generate, out: Path) -> None:
    """The folder of notes is gone, and one package holds what a person wrote."""
    assert_plain(generate(), 0)
    shutil.rmtree(out / ".connectgen")
    mine = out / "sf-connect-v33" / "mine.py"
    mine.write_text("mine", encoding="utf-8")

    assert "mine.py" in assert_plain(generate("--check"), 1)
    text = assert_plain(generate(), 1)

    assert "sf-connect-v33: stands there, and nothing tells that it was generated; move it away" in text
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

    assert "sf-connect-v33: stands there" in text
    assert [path.name for path in out.iterdir() if path.name.startswith("sf-")] == ["sf-connect-v33"]
    assert_plain(generate("--force"), 0)
    assert (place / "pyproject.toml").is_file()
    assert (mine / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert_plain(generate("--check"), 0)


def test_a_run_waits_for_another_over_the_same_folder(catalogue: Path, out: Path, tmp_path: Path) -> None:
    (out / ".connectgen").mkdir(parents=True)
    with (out / ".connectgen" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = subprocess.Popen(
            [*COMMAND, *generate_arguments(catalogue, out)],
            cwd=tmp_path,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        assert process.stderr.readline() == f"{out}: another run writes there; waiting for its end\n"
        assert process.poll() is None
        assert not list(out.glob("sf-*"))
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "4 packages written" in said


def test_runs_at_once_give_whole_packages(catalogue: Path, generate: Generate, out: Path, tmp_path: Path) -> None:
    arguments = [*COMMAND, *generate_arguments(catalogue, out)]
    runs = [
        subprocess.Popen(
            arguments,
            cwd=tmp_path,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for _ in range(3)
    ]
    said = [run.communicate(timeout=100)[0].decode() for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], said
    assert_plain(generate("--check"), 0)


def test_a_full_disk_leaves_the_old_output_whole(generate: Generate, edit: Edit, out: Path) -> None:
    """A limit of the size of files stands for the disk: writing fails halfway, as there."""
    assert_plain(generate(), 0)
    before, notes = files_of(out), _notes(out)
    edit(*CHANGE)

    done = generate("--no-cache", command=[sys.executable, "-c", _ON_A_FULL_DISK])

    assert "nothing half-written is left" in assert_plain(done, 3)
    assert files_of(out) == before
    assert _notes(out) == notes
    assert_plain(generate(), 0)


_ON_A_FULL_DISK = """
import resource, runpy
resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
runpy.run_module("connectgen", run_name="__main__")
"""


@pytest.mark.parametrize("kind", ["file", "folders", "rubbish"])
def test_a_cache_that_cannot_be_used_hinders_nothing(generate: Generate, out: Path, tmp_path: Path, kind: str) -> None:
    cache = tmp_path / ".cache"
    assert_plain(generate(), 0)
    remembered = [path.relative_to(cache) for path in cache.rglob("*") if path.is_file()]
    assert remembered
    before = files_of(out)
    shutil.rmtree(out)
    if kind == "file":
        shutil.rmtree(cache)
        cache.write_text("mine", encoding="utf-8")
    for path in remembered if kind != "file" else ():
        (cache / path).unlink()
        (cache / path).mkdir() if kind == "folders" else (cache / path).write_bytes(random.randbytes(99))

    assert_plain(generate(), 0)

    assert files_of(out) == before


def test_a_cache_from_elsewhere_runs_nothing(generate: Generate, out: Path, tmp_path: Path) -> None:
    assert_plain(generate(), 0)
    before = files_of(out)
    shutil.rmtree(out)
    owned = tmp_path / "owned"
    hostile = pickle.dumps(_Hostile(str(owned)))
    for path in (tmp_path / ".cache").rglob("*"):
        if path.is_file():
            path.write_bytes(hostile)

    assert_plain(generate(), 0)

    assert files_of(out) == before
    assert not owned.exists()
    pickle.loads(hostile)
    assert owned.exists(), "what is held off would have done nothing"


class _Hostile:
    """A value that makes a folder when it is unpickled without care."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (self._path,)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text + "{% if x %}", "method.jinja:4: Unexpected end of template"),
        (lambda text: text + "{{ nosuch }}", "method.jinja: 'nosuch' is undefined; correct the template"),
        (lambda text: "(((" + text, "what was rendered is no Python; correct the template of '((("),
        (None, "method.jinja: is missing; put the template back"),
    ],
)
def test_a_broken_template_is_one_clear_line_and_leaves_the_output_whole(
    catalogue: Path, out: Path, tmp_path: Path, change: Callable[[str], str] | None, words: str
) -> None:
    for name in ("generator", "templates", "spec/schema"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    env = environment(PYTHONPATH=os.pathsep.join([str(tmp_path / "generator"), str(ROOT / "core")]))
    arguments = generate_arguments(catalogue, out)
    assert_plain(connectgen(*arguments, cwd=tmp_path, env=env), 0)
    before = files_of(out)
    template = tmp_path / "templates/python/sf_connect/version/groups/method.jinja"
    text = template.read_text(encoding="utf-8")
    template.unlink() if change is None else template.write_text(change(text), encoding="utf-8")

    done = connectgen(*arguments, cwd=tmp_path, env=env)

    assert_plain(done, 1)
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert files_of(out) == before
    template.write_text(text + " ", encoding="utf-8")
    assert_plain(connectgen(*arguments, cwd=tmp_path, env=env), 0)


def test_check_writes_nothing_at_all(generate: Generate, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert_plain(generate("--check"), 1)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_run_over_one_version_forgets_nothing_of_the_others(generate: Generate, tmp_path: Path) -> None:
    assert_plain(generate(), 0)
    memory = tmp_path / ".cache" / "pieces.pickle"
    before = memory.read_bytes()
    assert_plain(generate("30.0"), 0)
    assert memory.read_bytes() == before


@pytest.mark.skipif(_PLAINEST_LOCALE != "C", reason="the checkout's folder is not ASCII, so Python does not start in C")
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_folder_and_any_terminal(catalogue: Path, tmp_path: Path, encoding: str) -> None:
    """Names of folders that the terminal cannot show, and one that is no text at all."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + "/ein Öfchen ☃".encode() + b"\xff"))
    folder.mkdir()
    spec, out = shutil.copytree(catalogue, folder / "Kätalog"), folder / "Päckchen"
    env = environment(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING=f"{encoding}:strict")
    assert_plain(connectgen(*generate_arguments(spec, out), cwd=folder, env=env), 0)
    (out / "sf-connect-v33" / "README.md").write_text("mine", encoding="utf-8")
    text = assert_plain(connectgen(*generate_arguments(spec, out), cwd=folder, env=env), 1)
    assert "sf-connect-v33/README.md: changed since it was generated" in text


@pytest.mark.parametrize("version", ["12.0", "99.0", "33", "33.5", "abc", "33.0;ls", "../33.0", "-1.0", "٣٣.0"])
def test_an_unknown_version_is_wrong_usage(generate: Generate, out: Path, version: str) -> None:
    text = assert_plain(generate("--", version), 2)
    assert "version" in text.lower()
    assert not out.exists()


def test_a_broken_catalogue_leaves_the_output_alone(generate: Generate, edit: Edit, out: Path) -> None:
    assert_plain(generate(), 0)
    before = times_of(out)
    edit("types/archive/pictures.yaml", "      of: Plant", "      of: Plnat")

    text = assert_plain(generate(), 1)

    assert "types/archive/pictures.yaml:" in text
    assert "Plnat" in text
    assert times_of(out) == before


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("types/archive/pictures.yaml", "types: [\n"),
        ("types/archive/pictures.yaml", ""),
        ("types/archive/pictures.yaml", "types:\n\tPicture: {}\n"),
        ("types/archive/pictures.yaml", "types: !!python/object/apply:os.system ['touch owned']\n"),
        ("types/archive/pictures.yaml", "types: &a {Picture: *a}\n"),
        ("releases.yaml", "releases: []\n"),
        ("resources/garden/plants.yaml", "- 1\n- 2\n"),
    ],
)
def test_unreadable_yaml_is_one_clear_line(
    generate: Generate, catalogue: Path, tmp_path: Path, file: str, content: str
) -> None:
    (catalogue / file).write_text(content, encoding="utf-8")
    text = assert_plain(generate(), 1)
    assert f"{file}:" in text
    assert not (tmp_path / "owned").exists()


def test_bytes_that_are_no_text_are_one_clear_line(generate: Generate, catalogue: Path) -> None:
    (catalogue / "types/archive/pictures.yaml").write_bytes(b"types:\n  Picture: {summary: \xff\xfe}\n")
    assert "types/archive/pictures.yaml" in assert_plain(generate(), 1)


def test_no_catalogue_is_wrong_usage_or_a_finding(catalogue: Path, tmp_path: Path) -> None:
    done = connectgen(*generate_arguments(tmp_path / "nowhere", tmp_path / "out"), cwd=tmp_path)
    text = done.stdout + done.stderr
    assert done.returncode in (1, 2), text
    assert "Traceback" not in text
    assert "nowhere" in text
    assert not (tmp_path / "out").exists()


def test_an_output_that_is_a_file_is_left_alone(generate: Generate, out: Path) -> None:
    out.write_text("mine", encoding="utf-8")
    text = assert_plain(generate(), 2)
    assert "generated" in text
    assert out.read_text(encoding="utf-8") == "mine"
