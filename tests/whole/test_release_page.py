"""What docs/new-release.md shows of an import, from the first look to the diff, is what a run prints."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from difflib import unified_diff
from itertools import pairwise
from pathlib import Path

import pytest

from connectgen.importer.releases import FILE as RELEASES
from connectgen.importer.releases import with_release
from openapi.importing import contents
from support.command import ROOT, connectgen

PAGE = (ROOT / "docs" / "new-release.md").read_text(encoding="utf-8")
FILE = ROOT / "tests" / "fixtures" / "openapi" / "badges-68.0.yaml"
_PROMPT = "$ .venv/bin/connectgen "
EDITS = (
    ("resources/badges/badges.yaml", '"Badges: badges."', "Badges that people award one another."),
    ("resources/badges/badges.yaml", '"Read: Badges."', "List badges, all or by a part of their label."),
    ("resources/badges/badges.yaml", "q: String", "q: {type: String, description: part of the label}"),
    ("resources/badges/badges.yaml", '"Create: Badges."', "Create a badge."),
    ("resources/cms/spaces.yaml", '"Delete: CMS Space."', "Delete a workspace."),
    ("types/cms/spaces.yaml", "badge: {type: Badge,", "badge: {type: Badge, description: badge of the workspace,"),
    ("types/cms/spaces.yaml", '{value: "Paused",', '{value: "Paused", description: sharing is interrupted,'),
    ("types/badges/badges.yaml", "Badge Collection Output.", "The badges that were found."),
    ("types/badges/badges.yaml", "Badge Input.", "A badge to create."),
    ("types/badges/shared.yaml", "Badge Output.", "A badge and its label."),
)
"""The edits of section 4 by hand, each of one line."""


def section(number: int) -> str:
    """A section of the page."""
    return re.split(r"^## ", PAGE, flags=re.MULTILINE)[number].partition("\n")[2]


def blocks(number: int) -> Iterator[list[str]]:
    """The indented blocks of a section, without their indentation and the empty lines in them."""
    for block in re.findall(r"(?:^    .*\n(?:\n+(?=    (?!\$ )))?)+", section(number), flags=re.MULTILINE):
        yield [line[4:] for line in block.splitlines() if line]


def visible_text(number: int) -> Iterator[tuple[str, list[str]]]:
    """The commands that a section shows, each with its output."""
    for block in blocks(number):
        starts = [index for index, line in enumerate(block) if line.startswith(_PROMPT)]
        for start, end in pairwise([*starts, len(block)]):
            yield block[start].removeprefix(_PROMPT), block[start + 1 : end]


def agrees(expected: list[str], printed: str) -> bool:
    """Whether lines were printed in this order, with any number of others where the page has an ellipsis."""
    # How many warnings there are changes with the catalogue.
    lines = [re.escape(line).replace(r"…\ warnings", r"\d+\ warnings") for line in expected]
    pattern = "".join("(?:.*\n)*?" if line == "…" else f"{line}\n" for line in lines)
    return re.fullmatch(pattern, printed) is not None


class Walk:
    """The walk through the page, in a folder with a copy of the catalogue.

    Args:
        folder: where it is made.
    """

    # What `release begin` writes besides, documents and the like, tests/test_new_release.py compares.

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spec = folder / "spec"
        shutil.copytree(ROOT / "spec", self.spec)
        shutil.copy(FILE, folder)
        (folder / ".cache").symlink_to(ROOT / ".cache")  # nothing in it goes by a file's place
        self.before = contents(self.spec)

    def begin(self) -> None:
        """Enter the version in the list of releases, as `release begin` does."""
        (self.spec / RELEASES).write_text(with_release(self.spec, 68), encoding="utf-8")

    def run(self, command: str) -> str:
        """What a command prints."""
        done = connectgen(*command.split(), "--catalogue", "spec", cwd=self.folder, timeout=300)
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def compare(self, number: int, *, only: slice = slice(None)) -> None:
        """Run the commands of a section, and compare."""
        commands = list(visible_text(number))[only]
        assert commands
        for command, expected in commands:
            printed = re.sub(r"\n{2,}", "\n", self.run(command))
            assert agrees([line for line in expected if not line.startswith("+") and line], printed), printed

    def new_lines(self) -> set[str]:
        """The lines that the catalogue has more than it had."""
        found: set[str] = set()
        for name, text in contents(self.spec).items():
            old = self.before.get(name, b"").decode().splitlines()
            found.update(line for line in unified_diff(old, text.decode().splitlines()) if line.startswith("+"))
        return found

    def compare_lines(self, number: int) -> None:
        """Whether the lines that a section shows as new are in the catalogue."""
        lines = [line for block in blocks(number) for line in block if line.startswith("+")]
        assert lines
        assert set(lines) <= self.new_lines()


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} lacks {old}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_page_that_differs_is_noticed() -> None:
    assert agrees(["a", "…", "c"], "a\nb\nb\nc\n")
    assert agrees(["a", "…", "c"], "a\nc\n")
    assert not agrees(["a", "c"], "a\nb\nc\n")
    assert not agrees(["a", "…"], "b\n")
    assert sum(1 for number in range(1, 6) for _ in visible_text(number)) == 7


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    return Walk(tmp_path)


def test_sections_1_to_5_show_what_is_printed(walk: Walk) -> None:
    walk.begin()
    walk.compare_lines(0)
    begun = contents(walk.spec)
    walk.compare(1)
    assert contents(walk.spec) == begun
    walk.compare(2)
    walk.compare_lines(1)
    walk.compare_lines(2)
    answers = walk.folder / "answers.yaml"
    yaml = re.search(r"```yaml\n(.*?)```", section(3), re.DOTALL)
    assert yaml
    assert yaml[1] in answers.read_text(encoding="utf-8")
    for answer in re.findall(r"`([\w.]+)` for the (?:first|second)", section(3)):
        replace(answers, "answer: null", f"answer: {answer}")
    walk.compare(3)
    walk.compare_lines(3)
    walk.compare(4, only=slice(0, 1))
    assert len(EDITS) <= 10
    for name, old, new in EDITS:
        replace(walk.spec / name, old, new)
    walk.compare(4, only=slice(1, None))
    walk.compare(5)


def test_an_import_before_the_version_began_is_refused_as_shown(walk: Walk) -> None:
    (shown,) = [one for one in visible_text(0) if one[0].startswith("import")]
    assert walk.run(shown[0]).splitlines() == [line for line in shown[1] if line]
    assert contents(walk.spec) == walk.before


def test_what_would_change_the_past_is_refused_as_shown(walk: Walk) -> None:
    said = '      description: "**Available Version:** {}"\n      responses: {{"204"'
    replace(walk.folder / FILE.name, said.format("68.0"), said.format("66.0"))
    walk.begin()
    begun = contents(walk.spec)
    printed = walk.run(f"import openapi {FILE.name} --family badges --new-family")
    (refusal,) = [block for block in blocks(2) if block[0].startswith("1 thing would change")]
    assert printed.endswith("\n".join(refusal) + "\n")
    assert contents(walk.spec) == begun
