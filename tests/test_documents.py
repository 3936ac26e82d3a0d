"""What docs/ shows of the commands is what they print: each `--help`, and the line for a catalogue without faults."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connectgen.releasing.figures import PLACES, Figures, documents, figures_of, followed, outdated
from show_help import SHOWN_HELP, current_help
from support.command import ROOT
from support.real import real_catalogue

DOCS = sorted((ROOT / "docs").glob("*.md"))
SHOWN = [(path, *found) for path in DOCS for found in SHOWN_HELP.findall(path.read_text(encoding="utf-8"))]
COMMANDS = {
    "",
    "generate",
    "validate",
    "lint",
    "report",
    "rules",
    "wheels",
    "release",
    "openapi",
    "import guide",
    "import openapi",
}


@pytest.mark.parametrize(
    ("path", "command", "shown"), SHOWN, ids=[f"{path.stem}-{one.strip()}" for path, one, _ in SHOWN]
)
def test_help_in_docs_is_what_the_command_prints(path: Path, command: str, shown: str) -> None:
    text = re.sub(r"^    ", "", shown, flags=re.MULTILINE).strip()
    assert text == current_help(command), f"{path.name} shows an old help; run python tests/show_help.py"


def test_every_command_is_shown() -> None:
    assert {command.strip() for _, command, _ in SHOWN} >= COMMANDS


@pytest.fixture(scope="module")
def figures() -> Figures:
    return figures_of(real_catalogue())


def test_figures_of_the_catalogue_are_current(figures: Figures) -> None:
    old = [path.relative_to(ROOT).as_posix() for path, _ in outdated(ROOT, figures)]
    assert old == [], f"run connectgen release begin {figures.newest.partition(' ')[0]}"


def test_every_figure_stands_in_a_document_and_follows_the_catalogue(figures: Figures) -> None:
    texts = [path.read_text(encoding="utf-8") for path in documents(ROOT)]
    unused = [place.pattern.pattern for place in PLACES if not any(map(place.pattern.search, texts))]
    assert unused == []
    other = Figures(figures.oldest, "99.0 (Spring '37)", 70, 72, "70 versions")
    for place in PLACES:
        changed = [followed(text, other) != text for text in texts if place.pattern.search(text)]
        assert all(changed), place.pattern.pattern


def test_index_lists_every_page() -> None:
    linked = set(re.findall(r"\]\(([a-z-]+\.md)\)", (ROOT / "docs" / "index.md").read_text(encoding="utf-8")))
    assert linked == {page.name for page in DOCS} - {"index.md"}


def test_the_cookbook_is_counted_as_it_is() -> None:
    numbers = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen")
    cookbook = (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
    count = numbers[len(re.findall(r"^## ", cookbook, re.MULTILINE)) - 10]
    assert f"{count.capitalize()} recipes" in cookbook
    assert f"{count} recipes" in (ROOT / "docs" / "index.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("title", "folder"),
    [("The generator's modules", "generator/connectgen"), ("The runtime's packages", "core/sf_connect/core")],
)
def test_the_architecture_has_a_row_for_each_package_and_module(title: str, folder: str) -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (section,) = re.findall(rf"^## {title}.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    cells = re.findall(r"^\| ([^|]*) \|", section, re.MULTILINE)
    named = {name.split("/")[0] for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    real = {
        path.name
        for path in (ROOT / folder).iterdir()
        if (path / "__init__.py").is_file() or (path.suffix == ".py" and not path.name.startswith("__"))
    }
    assert named == real


def test_walks_through_the_architecture_name_modules_that_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for title, folder in (
        ("## Walk 1:", "core/sf_connect/core"),
        ("## Walk 2:", "generator/connectgen"),
    ):
        (walk,) = re.findall(rf"^{title}.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        named = {
            name
            for names in re.findall(r"\(((?:`[a-z_/]+\.py`,?\s*)+)\)", walk)
            for name in re.findall(r"`(.*?)`", names)
        }
        assert len(named) > 10
        assert sorted(name for name in named if not (ROOT / folder / name).exists()) == []
