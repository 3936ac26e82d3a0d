"""Programs in many styles: every use that a person marked is found, as certain or possible, and no other."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectgen.catalogue.loader import load_catalogue
from connectgen.diff.change import Change
from connectgen.diff.compare import compare
from connectgen.diff.usage.checkers import Checker, find_checker
from connectgen.diff.usage.looked_at import LookedAt
from connectgen.diff.usage.looking import narrow
from connectgen.locations import default_templates
from connectgen.python.formatting import Unformatted
from connectgen.python.packages import PackageMaker
from connectgen.resolver import surface_at
from connectgen.surface import Surface
from diff.used_by_catalogue import write

PROGRAMS = sorted(path for path in Path(__file__).with_name("programs").glob("p*") if path.name != "__pycache__")
"""A file, or a folder of several."""
ONLY_BY_TYPES = {("p29_containers.py", line) for line in (78, 80, 84, 85)}
"""Iterators, descriptors and generics of the application: a checker follows them, the syntax alone does not."""
MARK = re.compile(r"#: (?P<uses>.*)$")
Uses = set[tuple[str, int, str, str]]
"""File, line, level and change."""
needs_checker = pytest.mark.skipif(
    importlib.util.find_spec("pyrefly") is None, reason="the extra used-by is not installed"
)


@dataclass(frozen=True)
class Sides:
    """Both versions, what differs, and the older client's package."""

    before: Surface
    after: Surface
    every: list[Surface]
    changes: list[Change]
    package: Mapping[str, str]

    def look(self, folder: Path, checker: Checker | None) -> tuple[list[Change], LookedAt]:
        """What concerns the code of a folder."""
        return narrow(
            self.changes, folder, (self.before, self.after), self.every, checker=checker, package=lambda: self.package
        )


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Sides:
    catalogue = load_catalogue(write(tmp_path_factory.mktemp("programs") / "spec"))
    every = [surface_at(catalogue, version) for version in catalogue.versions]
    before, after = surface_at(catalogue, 66), surface_at(catalogue, 67)
    package = dict(next(iter(PackageMaker(every, default_templates(), None, Unformatted()).make([66])))[1])
    return Sides(before, after, every, compare(before, after), package)


def files_of(program: Path) -> list[Path]:
    """The files of a program."""
    return sorted(program.rglob("*.py")) if program.is_dir() else [program]


def place(program: Path, folder: Path) -> Path:
    """Copy a program into a folder of its own."""
    for path in files_of(program):
        target = folder / path.relative_to(program if program.is_dir() else program.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def expected(program: Path) -> Uses:
    """What a person marked."""
    return {
        (path.name, number, *use.split(" ", 1))
        for path in files_of(program)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (mark := MARK.search(line))
        for use in mark["uses"].split("; ")
    }


def uses_of(changes: list[Change]) -> Uses:
    """What was reported."""
    return {
        (Path(use.file).name, use.line, "certain" if use.is_certain else "possible", change.id)
        for change in changes
        for use in change.uses
    }


@needs_checker
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_every_marked_use_is_found_and_no_other(program: Path, sides: Sides, tmp_path: Path) -> None:
    changes, looked = sides.look(place(program, tmp_path / "app"), find_checker())
    assert uses_of(changes) == expected(program)
    assert looked.files == len(files_of(program))
    assert looked.checker


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_without_a_checker_the_same_uses_are_possible(program: Path, sides: Sides, tmp_path: Path) -> None:
    changes, looked = sides.look(place(program, tmp_path / "app"), None)
    assert uses_of(changes) == {
        (file, line, "possible", change)
        for file, line, _, change in expected(program)
        if (file, line) not in ONLY_BY_TYPES
    }
    assert looked.checker is None
    assert "every use is possible only: install the extra used-by" in looked.sentence


def test_there_are_enough_programs_with_enough_uses() -> None:
    marked = [use for program in PROGRAMS for use in expected(program)]
    assert len(PROGRAMS) == 34
    assert len([one for one in marked if one[2] == "certain"]) > 220
    assert len([one for one in marked if one[2] == "possible"]) > 25
