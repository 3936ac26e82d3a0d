"""A new API version is begun by `connectgen` alone: nothing is edited by hand, and the tests cover it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest

from connectgen import locations
from support.command import ROOT, in_this_process
from support.versions import NEWEST

NEXT = NEWEST + 1
# Of the fast part: what reads the documents and the list of releases. The surfaces of every version, beside it.
TESTS = (
    "tests/test_documents.py::test_figures_of_the_catalogue_are_current",
    "tests/test_documents.py::test_every_figure_stands_in_a_document_and_follows_the_catalogue",
    "tests/test_repository.py",
    "tests/test_workflows.py",
    "tests/test_umbrella.py",
    "tests/catalogue/test_reserved_names.py",
    "tests/whole/test_surfaces.py",
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository, as it is, under git of its own."""
    return copy_of_repository(tmp_path_factory.mktemp("release") / "repository")


def copy_of_repository(folder: Path) -> Path:
    """Make a copy of this repository, as it is, under git of its own; what Python compiled of it is copied, too."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for compiled in {(ROOT / name).parent / "__pycache__" for name in names if name.endswith(".py")}:
        if compiled.is_dir():
            shutil.copytree(compiled, folder / compiled.relative_to(ROOT))
    (folder / ".cache").mkdir()
    if (ROOT / ".cache" / "catalogue").is_dir():
        shutil.copytree(ROOT / ".cache" / "catalogue", folder / ".cache" / "catalogue")
    if (ROOT / ".cache" / "fragments.pickle").is_file():
        shutil.copy2(ROOT / ".cache" / "fragments.pickle", folder / ".cache")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "The beginning")
    return folder


@pytest.fixture(scope="module")
def begun(copy: Path) -> tuple[Path, str]:
    """The repository after the command, and what the command said."""
    done = connectgen(copy, "release", "begin", f"{NEXT}.0")
    assert done.returncode == 0, done.stdout + done.stderr
    return copy, done.stdout


@pytest.fixture(scope="module")
def status(begun: tuple[Path, str]) -> subprocess.CompletedProcess[str]:
    """What is open then."""
    return connectgen(begun[0], "release", "status", f"{NEXT}.0")


def git(folder: Path, *arguments: str) -> str:
    """Run git as nobody in particular."""
    someone = ("-c", "user.name=A Person", "-c", "user.email=person@example.org", "-c", "core.hooksPath=/dev/null")
    command = ["git", *someone, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def environment(folder: Path) -> dict[str, str]:
    """One in which the copy's code is imported, not this repository's."""
    path = os.pathsep.join(str(folder / part) for part in ("generator", "core", "umbrella"))
    return {**os.environ, "PYTHONPATH": path}


def connectgen(folder: Path, *arguments: str, timeout: int = 300) -> subprocess.CompletedProcess[str]:
    """Run the command over the copy, in this process: the copy's code is this repository's."""
    with patch.object(locations, "_PACKAGE", folder / "generator" / "connectgen"):
        return in_this_process(arguments, folder, environment(folder), timeout)


def test_the_command_says_what_it_wrote(begun: tuple[Path, str]) -> None:
    folder, said = begun
    written = re.findall(r"^(.*): written$", said, re.MULTILINE)
    changed = git(folder, "diff", "--name-only").split()
    assert sorted(written) == sorted(changed)
    assert {"spec/releases.yaml", "CHANGELOG.md", "README.md", "docs/publishing.md"} <= set(changed)
    assert {"pyproject.toml", "README.md", "sf_connect/clients/releases.py"} == {
        path.removeprefix("umbrella/") for path in changed if path.startswith("umbrella/")
    }
    assert f"release status {NEXT}.0" in said


def test_a_second_run_finds_nothing_to_do_and_a_gap_is_refused(begun: tuple[Path, str]) -> None:
    folder, _ = begun
    before = git(folder, "diff")
    again = connectgen(folder, "release", "begin", f"{NEXT}.0")
    assert (again.returncode, f"{NEXT}.0: nothing was missing" in again.stdout) == (0, True)
    assert f"\nnext: connectgen release status {NEXT}.0 (" in again.stdout
    for version in (NEXT + 2, NEXT - 1):
        refused = connectgen(folder, "release", "begin", f"{version}.0")
        assert refused.returncode == 1
        assert refused.stderr.startswith(f"{version}.0: the newest version is {NEXT}.0, so only {NEXT + 1}.0 can begin")
    assert git(folder, "diff") == before


def shown_in_docs(command: str) -> list[str]:
    """What docs/new-release.md shows of a command, for the version that is next here; commits and counts left out."""
    text = (ROOT / "docs" / "new-release.md").read_text(encoding="utf-8")
    found = re.search(rf"^    \$ .venv/bin/connectgen {command} (\d+)\.0\n((?:    (?!\$ ).*\n)+)", text, re.MULTILINE)
    assert found, command
    printed = re.sub(r"^    ", "", found[2], flags=re.MULTILINE)
    return bare(re.sub(rf"\b(v?){found[1]}\b", rf"\g<1>{NEXT}", printed)).splitlines()


def bare(text: str) -> str:
    """An output without what differs from day to day."""
    text = re.sub(r"since [0-9a-f]{12}", "since COMMIT", text)
    return re.sub(r"\d+(?= packages not)", "", text)


def test_docs_show_what_the_commands_print(begun: tuple[Path, str], status: subprocess.CompletedProcess[str]) -> None:
    assert bare(begun[1]).splitlines() == shown_in_docs("release begin")
    assert bare(status.stdout).splitlines() == shown_in_docs("release status")


def test_the_suite_covers_the_new_version(begun: tuple[Path, str]) -> None:
    folder, _ = begun
    options = ("-v", "-p", "no:cacheprovider", "--no-header")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *TESTS],
        cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]
    assert len(re.findall(rf"\[{NEXT}\] PASSED", done.stdout)) >= 3


def test_status_says_what_is_open(begun: tuple[Path, str], status: subprocess.CompletedProcess[str]) -> None:
    folder, _ = begun
    listing = folder / "tests" / "whole" / "listing" / f"v{NEXT}.txt"
    assert status.returncode == 1, status.stdout + status.stderr
    lines = status.stdout.splitlines()
    assert f"look  release: spec/releases.yaml: {NEXT}.0 has no docs and no first_date; add what is known" in lines
    assert any(re.fullmatch(r"done  older versions: unchanged since [0-9a-f]{12}", line) for line in lines)
    assert "done  lint: no finding" in lines
    assert "done  names: none is new" in lines
    assert f"      docs/catalogue.md: has no figures of {NEXT}.0; run make report" in lines
    assert any(line.startswith(f"open  tests: {listing.relative_to(folder)} is missing; run ") for line in lines)
    assert lines[-1].startswith("open  wheels: cannot be planned: ")
    assert lines[-1].endswith(f"not generated, {NEXT}.0 among them; run make generate")


def test_status_finds_a_changed_past_lint_and_what_may_have_grown(begun: tuple[Path, str]) -> None:
    folder, _ = begun
    file = folder / "spec" / "types" / "chatter" / "gardens.yaml"
    grown = f'["New", "Old", {{value: "Odd", since: {NEXT}.0}}]'
    lines = [
        f"  Garden{name}: {{summary: A garden., unreferenced: A test., source: A test., "
        f"properties: {{state: {{type: String, values: {values}}}}}}}\n"
        for name, values in (("One", grown), ("Two", '["New", "Old"]'))
    ]
    file.write_text("# Types of this test.\ntypes:\n" + "".join(lines), encoding="utf-8")
    try:
        done = connectgen(folder, "release", "status", f"{NEXT}.0")
    finally:
        file.unlink()
    assert "open  older versions: 2 things changed since " in done.stdout, done.stdout + done.stderr
    assert "      GardenOne: the type would be added" in done.stdout
    assert "      GardenTwo.state: has the values that GardenOne.state had before Odd" in done.stdout


@dataclass(frozen=True)
class Later:
    """What `release status` says once the version's beginning is committed, with a page that lacks the row of a group.

    Attributes:
        base: the commit before.
        row: the row.
        lines: what is said.
    """

    base: str
    row: str
    lines: list[str]


@pytest.fixture(scope="module")
def later(begun: tuple[Path, str]) -> Later:
    """Made at once; afterwards the repository is as before."""
    folder, _ = begun
    base = git(folder, "rev-parse", "HEAD").strip()
    page = folder / "docs" / "families.md"
    before = page.read_text(encoding="utf-8")
    head, _, feeds = before.partition("\n## feeds\n")
    (row,) = [line for line in feeds.splitlines() if line.startswith("| `groups` |")]
    assert "| `groups` |" in head
    page.write_text(before.replace(f"{row}\n", ""), encoding="utf-8")
    git(folder, "commit", "--quiet", "--all", "--message", "Begin the version")
    try:
        return Later(base, row, connectgen(folder, "release", "status", f"{NEXT}.0").stdout.splitlines())
    finally:
        git(folder, "reset", "--quiet", "--soft", base)
        page.write_text(before, encoding="utf-8")


def test_status_prints_the_row_that_the_page_of_families_lacks(later: Later) -> None:
    """Also where another family has a group of that name."""
    wanted = f"docs/families.md: lacks the group feeds.groups; add it to the table of feeds: {later.row}"
    assert f"      {wanted}" in later.lines


def test_the_past_is_compared_with_the_commit_before_the_version_began(later: Later) -> None:
    assert f"done  older versions: unchanged since {later.base[:12]}" in later.lines
