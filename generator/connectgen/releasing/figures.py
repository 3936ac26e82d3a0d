"""Documents follow the list of releases: their counts and "the newest" are written from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from connectgen.catalogue.model import Catalogue
from connectgen.catalogue.summary import summary
from connectgen.wheels.distributions import names_of

_NOT_OURS = {"catalogue.md", "import-report.md", "new-release.md"}
"""Written by a command, or a walk that was made at a certain version."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What documents say of a catalogue.

    Attributes:
        oldest: the first release, `30.0 (Spring '14)`.
        newest: the last one.
        versions: how many there are.
        distributions: how many distributions are published.
        summary: the line of `connectgen validate` behind "no faults in ".
    """

    oldest: str
    newest: str
    versions: int
    distributions: int
    summary: str


@dataclass(frozen=True, slots=True)
class Place:
    """A phrase of documents that holds such a figure.

    Attributes:
        pattern: finds it, wherever it is.
        text: what it reads, from the figures and what was found.
    """

    pattern: re.Pattern[str]
    text: Callable[[Figures], str]


def _number(release: str) -> str:
    return release.partition(" ")[0]


PLACES = (
    Place(
        re.compile(r"from \d+\.0 \(\w+ '\d\d\) to \d+\.0 \(\w+ '\d\d\)"),
        lambda figures: f"from {figures.oldest} to {figures.newest}",
    ),
    Place(
        re.compile(r"\b30\.0 to \d+\.0\b"), lambda figures: f"{_number(figures.oldest)} to {_number(figures.newest)}"
    ),
    Place(
        re.compile(r"`sf-connect-v\d+/` to `sf-connect-v\d+/`"),
        lambda figures: " to ".join(
            f"`sf-connect-v{_number(release)[:-2]}/`" for release in (figures.oldest, figures.newest)
        ),
    ),
    Place(re.compile(r"no faults in \d+ versions, .*"), lambda figures: f"no faults in {figures.summary}"),
    Place(re.compile(r"\ball \d+ packages\b"), lambda figures: f"all {figures.versions} packages"),
    Place(re.compile(r"\(0 files\), \d+ kept"), lambda figures: f"(0 files), {figures.versions} kept"),
    Place(re.compile(r"\(2 files\), \d+ kept"), lambda figures: f"(2 files), {figures.versions - 1} kept"),
    Place(re.compile(r"\b\d+ documents written"), lambda figures: f"{figures.versions} documents written"),
    Place(re.compile(r"\b\d+ distributions:"), lambda figures: f"{figures.distributions} distributions:"),
    Place(re.compile(r"\bthe \d+ projects\b"), lambda figures: f"the {figures.distributions} projects"),
    Place(
        re.compile(r"\b2 distributions built, \d+ kept"),
        lambda figures: f"2 distributions built, {figures.distributions - 2} kept",
    ),
)


def figures_of(catalogue: Catalogue) -> Figures:
    """What documents say of a catalogue."""
    first, last = catalogue.releases[0], catalogue.releases[-1]
    return Figures(
        f"{first.version}.0 ({first.name})",
        f"{last.version}.0 ({last.name})",
        len(catalogue.releases),
        len(names_of(catalogue.versions)),
        summary(catalogue),
    )


def followed(text: str, figures: Figures) -> str:
    """A document's text with the figures of today."""
    for place in PLACES:
        said = place.text(figures).replace("\\", r"\\")  # as re.sub takes it
        text = place.pattern.sub(said, text)
    return text


def documents(root: Path) -> Iterator[Path]:
    """The documents of a repository that have such figures, or may have."""
    yield root / "README.md"
    yield root / "generated" / "README.md"
    yield from (path for path in sorted((root / "docs").glob("*.md")) if path.name not in _NOT_OURS)


def outdated(root: Path, figures: Figures) -> Iterator[tuple[Path, str]]:
    """The documents whose figures are not those of today, each with the text that it should have."""
    for path in documents(root):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            if (now := followed(text, figures)) != text:
                yield path, now
