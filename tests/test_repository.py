"""The repository keeps its promises to a newcomer: listed targets, pinned requirements, links that resolve."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.metadata import metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from support.command import ROOT
from support.kept import LIST_DIFFERENCES, LISTING, SNAPSHOTS, VERDICTS

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").glob("*.md"),
    ROOT / "core" / "README.md",
    ROOT / "umbrella" / "README.md",
    ROOT / "generated" / "README.md",
]


def test_make_help_lists_every_target() -> None:
    printed = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    listed = {line.split()[0] for line in printed.splitlines()}
    (jobs,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert listed == set(jobs.split())


def test_every_requirement_is_pinned_with_hashes() -> None:
    text = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    entries = re.findall(r"^([a-z][a-z0-9.-]*)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})*)", text, re.MULTILINE)
    assert entries
    assert not [name for name, _, hashes in entries if not hashes]
    assert len(entries) == len(re.findall(r"^[^\s#]", text, re.MULTILINE))


def test_every_dependency_is_pinned() -> None:
    pinned = set(re.findall(r"^([a-z][a-z0-9.-]*)==", (ROOT / "requirements-dev.txt").read_text("utf-8"), re.MULTILINE))
    for file in ("pyproject.toml", "core/pyproject.toml"):
        project = tomllib.loads((ROOT / file).read_text(encoding="utf-8"))["project"]
        needed = [*project["dependencies"], *project.get("optional-dependencies", {}).get("dev", [])]
        names = {re.split(r"[^A-Za-z0-9._-]", item)[0].lower().replace("_", "-").replace(".", "-") for item in needed}
        assert names <= pinned, f"{file}: {sorted(names - pinned)}; run make lock"


def test_pins_can_be_installed_with_any_python_3_11() -> None:
    """The pins are made with one Python 3.11.x; who clones the repository may have an earlier one."""
    text = (ROOT / "requirements-dev.txt").read_text("utf-8")
    pinned = re.findall(r"^([a-z][a-z0-9.-]*)==", text, re.MULTILINE)
    asked = {name: metadata(name).get("Requires-Python") for name in pinned}
    assert {name: which for name, which in asked.items() if which and "3.11.0" not in SpecifierSet(which)} == {}


@pytest.mark.parametrize("path", DOCUMENTS, ids=[path.relative_to(ROOT).as_posix() for path in DOCUMENTS])
def test_links_between_documents_resolve(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", path.read_text(encoding="utf-8"))
    targets = [(path.parent / link if link else path, anchor) for link, anchor in links]
    assert [file for file, _ in targets if not file.exists()] == []
    assert [(file.name, anchor) for file, anchor in targets if anchor and anchor not in anchors(file)] == []


def anchors(file: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def test_contributing_lists_every_command_that_updates_what_tests_keep() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    folders = (ROOT / "tests").rglob("__snapshots__")
    files = {folder.parent / f"{path.stem}.py" for folder in folders for path in folder.iterdir()}
    commands = {SNAPSHOTS.format(tests=path.relative_to(ROOT).as_posix()) for path in files}
    assert len(commands) >= 2
    commands |= {LISTING.command, VERDICTS.command, LIST_DIFFERENCES}
    assert sorted(command for command in commands if command not in text) == []


def test_slow_tests_that_are_listed_exist() -> None:
    listed = (ROOT / "tests" / "slow.txt").read_text(encoding="utf-8").splitlines()
    paths = [line for line in listed if line and not line.startswith("#")]
    assert paths == sorted(set(paths))
    assert [path for path in paths if not (ROOT / path).exists()] == []
