"""`connectgen generate` as a person meets it: nothing to do, old output, changed files, caches, bad input."""

from __future__ import annotations

import os
import pickle
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from connectgen import cache, locations
from generation.runs import CHANGE, Edit, Generate, assert_plain, times_of
from support.command import COMMAND, ROOT, connectgen, environment, files_of, generate_arguments

_PLAINEST_LOCALE = "C" if str(ROOT).isascii() else "C.UTF-8"
"""Python 3.11 itself does not start in the locale C where an editable package stands in a folder that is not ASCII."""


@pytest.mark.usefixtures("generated")
def test_a_second_run_writes_nothing(generate: Generate, out: Path) -> None:
    before = times_of(out)
    assert before

    assert_plain(generate(), 0)

    assert times_of(out) == before


@pytest.mark.usefixtures("generated")
def test_without_cache_the_output_is_the_same(generate: Generate, out: Path, tmp_path: Path) -> None:
    before = files_of(out)
    shutil.rmtree(tmp_path / ".cache", ignore_errors=True)

    assert_plain(generate("--no-cache"), 0)

    assert files_of(out) == before


@pytest.mark.usefixtures("generated")
def test_a_change_reaches_the_packages_that_have_it_and_no_other(generate: Generate, edit: Edit, out: Path) -> None:
    before = files_of(out)
    of_32_only = ("summary: Water a site's garden.", "summary: Sprinkle a site's garden.")
    edit("resources/garden/plants.yaml", *of_32_only)

    done = generate()
    assert_plain(done, 0)

    assert said_in_docs() == f"{done.stderr}{done.stdout}".replace(str(out), "generated").replace("3 kept", "KEPT kept")
    after = files_of(out)
    changed = {path.split("/")[0] for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed == {"sf-connect-v32"}


def said_in_docs() -> str:
    """What docs/commands.md shows of such a run; there are more versions there."""
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    shown = re.search(r"^    \$ connectgen generate\n((?:    sf-connect.*\n)+    generated: .*\n)", text, re.MULTILINE)
    assert shown
    return re.sub(r"\d+ kept", "KEPT kept", re.sub(r"^    ", "", shown[1], flags=re.MULTILINE))


@pytest.mark.usefixtures("generated")
def test_why_a_package_is_written_names_what_is_new_changed_and_gone(generate: Generate, out: Path) -> None:
    (out / "sf-connect-v33" / "README.md").unlink()
    (out / "sf-connect-v31" / "mine.txt").write_text("mine", encoding="utf-8")
    shutil.rmtree(out / "sf-connect-v30")
    done = generate("--force")
    assert_plain(done, 0)
    lines = done.stderr.splitlines()
    assert re.fullmatch(r"sf-connect-v30: new, \d+ files", lines[0])
    assert lines[1:] == ["sf-connect-v31: 1 file gone (mine.txt)", "sf-connect-v33: 1 file new (README.md)"]


@pytest.mark.usefixtures("remembered")
def test_only_the_versions_that_were_asked_for(generate: Generate, out: Path) -> None:
    assert_plain(generate("31.0", "33.0"), 0)
    assert sorted(path.name for path in out.glob("sf-*")) == ["sf-connect-v31", "sf-connect-v33"]


@pytest.mark.usefixtures("generated")
def test_asking_for_one_version_leaves_the_others_alone(generate: Generate, edit: Edit, out: Path) -> None:
    before = files_of(out)
    edit(*CHANGE)

    assert_plain(generate("31.0"), 0)

    changed = {path.split("/")[0] for path, content in files_of(out).items() if before.get(path) != content}
    assert changed == {"sf-connect-v31"}


@pytest.mark.usefixtures("generated")
def test_check_passes_on_fresh_output(generate: Generate) -> None:
    assert_plain(generate("--check"), 0)


@pytest.mark.usefixtures("generated")
def test_check_reports_what_is_old_and_writes_nothing(generate: Generate, edit: Edit, out: Path) -> None:
    edit(*CHANGE)
    before = times_of(out)

    text = assert_plain(generate("--check"), 1)

    assert "33.0" in text or "sf-connect-v33" in text
    assert times_of(out) == before


@pytest.mark.usefixtures("remembered")
def test_check_without_output_makes_none(generate: Generate, out: Path) -> None:
    assert_plain(generate("--check"), 1)
    assert not out.exists()


@pytest.mark.usefixtures("generated")
def test_what_no_longer_exists_is_removed(generate: Generate, catalogue: Path, out: Path) -> None:
    assert any("pictures" in path for path in files_of(out))
    shutil.rmtree(catalogue / "resources" / "archive")
    shutil.rmtree(catalogue / "types" / "archive")
    enumerations = catalogue / "enumerations" / "garden.yaml"
    kept, _, removed = enumerations.read_text(encoding="utf-8").partition("  Rendition:")
    assert removed, "the enumeration that only the archive's operations name"
    enumerations.write_text(kept, encoding="utf-8")

    assert_plain(generate(), 0)

    assert not any("pictures" in path or "archive" in path for path in files_of(out))
    assert not list(out.rglob("archive*"))
    assert not any(b"Rendition" in content for content in files_of(out).values())


@pytest.mark.usefixtures("generated")
def test_a_file_changed_by_hand_is_reported(generate: Generate, out: Path) -> None:
    path = out / "sf-connect-v33" / "sf_connect" / "v33" / "__init__.py"
    mine = path.read_text(encoding="utf-8") + "# mine\n"
    path.write_text(mine, encoding="utf-8")

    checked = assert_plain(generate("--check"), 1)
    written = generate()

    for text in (checked, assert_plain(written, written.returncode)):
        assert "v33/__init__.py" in text
    kept = [file for file in out.parent.rglob("*") if file.is_file() and ".cache" not in file.parts]
    assert any(file.read_bytes() == mine.encode() for file in kept), "what a person wrote is lost"


@pytest.mark.usefixtures("generated")
def test_a_file_of_a_persons_own_survives(generate: Generate, edit: Edit, out: Path) -> None:
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


@pytest.mark.usefixtures("generated")
@pytest.mark.parametrize("kind", ["file", "folders", "rubbish"])
def test_a_cache_that_cannot_be_used_hinders_nothing(generate: Generate, out: Path, tmp_path: Path, kind: str) -> None:
    folder = tmp_path / ".cache"
    remembered = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    assert remembered
    before = files_of(out)
    shutil.rmtree(out)
    if kind == "file":
        shutil.rmtree(folder)
        folder.write_text("mine", encoding="utf-8")
    for path in remembered if kind != "file" else ():
        (folder / path).unlink()
        (folder / path).mkdir() if kind == "folders" else (folder / path).write_bytes(random.randbytes(99))

    assert_plain(generate(), 0)

    assert files_of(out) == before


@pytest.mark.usefixtures("generated")
def test_a_cache_of_the_right_class_with_wrong_content_changes_nothing(
    generate: Generate, out: Path, tmp_path: Path
) -> None:
    """Contents of each other, which are what the generator makes, only not of that file; and one written by hand."""
    before = files_of(out)
    folder = tmp_path / ".cache" / "catalogue"
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    contents = [path.read_bytes() for path in paths]
    assert len(set(contents)) > 3
    for path, other in zip(paths, [*contents[1:], contents[0]], strict=True):
        path.write_bytes(other)
    others: dict[str, object] = {"fragments": "import os\n", "texts": "0" * 32, "layouts": 7}
    for name, other in others.items():
        memory = tmp_path / ".cache" / f"{name}.pickle"
        known = pickle.loads(memory.read_bytes()[16:])
        memory.write_bytes(memory.read_bytes()[:16] + pickle.dumps(dict.fromkeys(known, other)))
    shutil.rmtree(out)
    assert_plain(generate(), 0)
    assert files_of(out) == before


@pytest.mark.usefixtures("generated")
def test_hashes_of_other_texts_are_found_out(generate: Generate, out: Path, tmp_path: Path) -> None:
    """Another generator's, say: what is written then is noted as it is, and as it is remembered."""
    before = files_of(out)
    memory = tmp_path / ".cache" / "texts.pickle"
    remembered = cache.load(memory)
    assert len(remembered) > 20
    cache.store(memory, dict.fromkeys(remembered, "0" * 32))
    shutil.rmtree(out)
    assert_plain(generate(), 0)
    assert files_of(out) == before
    assert cache.load(memory) == remembered
    (out / ".connectgen" / "inputs").unlink()
    assert " 0 packages written" in assert_plain(generate(), 0)


def test_several_runs_at_once_over_one_cache(generate: Generate, catalogue: Path, tmp_path: Path) -> None:
    """They remember in the same files, of which each is replaced in one step."""
    outs = [tmp_path / f"out{number}" for number in range(4)]
    commands = [[*COMMAND, *generate_arguments(catalogue, out)] for out in outs]
    running = [
        subprocess.Popen(one, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for one in commands
    ]
    said = [process.communicate(timeout=300)[0].decode() for process in running]
    assert [process.returncode for process in running] == [0] * 4, said
    trees = [files_of(out) for out in outs]
    assert trees[0]
    assert all(tree == trees[0] for tree in trees)
    assert_plain(generate(), 0)
    assert files_of(tmp_path / "generated") == trees[0]


def test_a_new_cache_is_kept_out_of_git(generate: Generate, out: Path, tmp_path: Path) -> None:
    """It may be in the repository of somebody who upgrades code; what else is in `.cache` stays theirs."""
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "theirs.txt").write_text("x", encoding="utf-8")
    assert_plain(generate("33.0"), 0)
    assert (tmp_path / ".cache" / "catalogue" / ".gitignore").is_file()
    command = ["git", "status", "--porcelain", "--untracked-files=all", ".cache/catalogue", ".cache/theirs.txt"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert shown == "?? .cache/theirs.txt\n"
    shutil.rmtree(tmp_path / ".cache")
    shutil.rmtree(out)
    assert_plain(generate("33.0"), 0)
    assert (tmp_path / ".cache" / ".gitignore").read_text(encoding="utf-8").splitlines()[-1] == "*"


@pytest.mark.usefixtures("generated")
def test_a_cache_from_elsewhere_runs_nothing(generate: Generate, out: Path, tmp_path: Path) -> None:
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


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text + "{% if x %}", "method.jinja:{last}: Unexpected end of template"),
        (lambda text: text + "{{ nosuch }}", "method.jinja: 'nosuch' is undefined; correct the template"),
        (lambda text: "(((" + text, "what was rendered is no Python; correct the template of '((("),
        (None, "method.jinja: is missing; put the template back"),
    ],
)
def test_a_broken_template_is_one_clear_line_and_leaves_the_output_whole(
    catalogue: Path,
    out: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[str], str] | None,
    words: str,
) -> None:
    for name in ("generator", "templates", "spec/schema"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.setattr(locations, "_PACKAGE", tmp_path / "generator" / "connectgen")  # it has these templates
    arguments = generate_arguments(catalogue, out)
    assert_plain(connectgen(*arguments, cwd=tmp_path), 0)
    before = files_of(out)
    template = tmp_path / "templates/python/sf_connect/version/groups/method.jinja"
    text = template.read_text(encoding="utf-8")
    template.unlink() if change is None else template.write_text(change(text), encoding="utf-8")

    done = connectgen(*arguments, cwd=tmp_path)

    assert_plain(done, 1)
    assert words.replace("{last}", str(len(text.splitlines()) + 1)) in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert files_of(out) == before
    template.write_text(text + " ", encoding="utf-8")
    assert_plain(connectgen(*arguments, cwd=tmp_path), 0)


@pytest.mark.usefixtures("remembered")
def test_check_writes_nothing_at_all(generate: Generate, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert_plain(generate("--check"), 1)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.usefixtures("generated")
def test_a_run_over_one_version_forgets_nothing_of_the_others(generate: Generate, tmp_path: Path) -> None:
    memories = [tmp_path / ".cache" / f"{name}.pickle" for name in ("fragments", "texts", "layouts")]
    before = [memory.read_bytes() for memory in memories]
    assert_plain(generate("30.0"), 0)
    assert [memory.read_bytes() for memory in memories] == before


@pytest.mark.skipif(_PLAINEST_LOCALE != "C", reason="the checkout's folder is not ASCII, so Python does not start in C")
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_folder_and_any_terminal(catalogue: Path, small_packages: Path, tmp_path: Path, encoding: str) -> None:
    """Names of folders that the terminal cannot show, and one that is no text at all."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + "/ein Öfchen ☃".encode() + b"\xff"))
    folder.mkdir()
    spec, out = shutil.copytree(catalogue, folder / "Kätalog"), folder / "Päckchen"
    shutil.copytree(small_packages.parent / ".cache", folder / ".cache")
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


@pytest.mark.usefixtures("generated")
def test_a_broken_catalogue_leaves_the_output_alone(generate: Generate, edit: Edit, out: Path) -> None:
    before = times_of(out)
    edit("types/archive/pictures.yaml", "      of: Plant", "      of: Plnat")

    text = assert_plain(generate(), 1)

    assert "types/archive/pictures.yaml:" in text
    assert "Plnat" in text
    assert times_of(out) == before


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("types/archive/pictures.yaml", "types: [\n"),
        ("types/archive/pictures.yaml", ""),
        ("types/archive/pictures.yaml", "types:\n\tPicture: {}\n"),
        ("types/archive/pictures.yaml", "types: !!python/object/apply:os.system ['touch owned']\n"),
        ("types/archive/pictures.yaml", "types: &a {Picture: *a}\n"),
        ("releases.yaml", "format: 2\nreleases: []\n"),
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


@pytest.mark.usefixtures("remembered")
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
