"""Writes the report as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from connectgen.catalogue.descriptions import Place
from connectgen.catalogue.model import Catalogue
from connectgen.counting import counted
from connectgen.report.beyond import Beyond, beyond_the_guide
from connectgen.report.figures import by_family, by_version, described_by_family, pagination_styles
from connectgen.report.notes import Note, Section, notes

_PURPOSE = (
    "What the catalogue holds, by family and version, and what in it is open, unsure or corrected."
    " Written by `connectgen report`; do not edit."
)
_SECTIONS: tuple[tuple[Section, str, str], ...] = (
    ("any", "Open types", "Any value is allowed, for the reason in the note."),
    ("unsure", "Unsure", "What no source says with certainty."),
    ("corrected", "Corrections", "Where the guide says something else than the catalogue."),
    ("omitted", "Left out", "What the guide says and the catalogue does not."),
    ("added", "From other places", "Facts that are not on the entry's own page, or whose reason is worth a note."),
    ("unreferenced", "Types that nothing refers to", "They are part of every version, so that nothing is lost."),
)


class Coverage(Protocol):
    """How much of a source the catalogue holds; the importer that reads the source counts it."""

    @property
    def pages(self) -> Mapping[str, int]:
        """The number of pages by type."""
        ...

    @property
    def resource_pages(self) -> int:
        """How many pages describe resources."""
        ...

    @property
    def resource_pages_held(self) -> int:
        """How many of them the catalogue holds."""
        ...

    @property
    def type_pages(self) -> int:
        """How many pages describe request and response bodies."""
        ...

    @property
    def type_pages_held(self) -> int:
        """How many of them the catalogue holds."""
        ...

    @property
    def missing(self) -> Sequence[tuple[str, str]]:
        """The pages that it does not hold, each with the reason."""
        ...


def report(catalogue: Catalogue, found: Coverage | None) -> str:
    """The whole report.

    Args:
        catalogue: the whole catalogue.
        found: the coverage of the guide, where its pages are at hand.
    """
    beyond = beyond_the_guide(catalogue)
    parts = (
        _head(catalogue),
        _described(catalogue),
        _coverage(found),
        _beyond(beyond),
        _versions(catalogue),
        _noted(catalogue, beyond),
    )
    return "\n".join(line for part in parts for line in part) + "\n"


def _head(catalogue: Catalogue) -> Iterator[str]:
    yield from ("# The catalogue in figures", "", _PURPOSE, "", "## Families", "")
    rows = by_family(catalogue)
    columns = ("groups", "resources", "operations", "parameters", "types", "properties")
    yield from _table(
        ("family", *columns),
        [
            *((row.family, *(str(getattr(row, column)) for column in columns)) for row in rows),
            ("**all**", *(str(sum(getattr(row, column) for row in rows)) for column in columns)),
        ],
    )
    yield ""
    styles = ", ".join(f"{count} {style}" for style, count in sorted(pagination_styles(catalogue).items()))
    yield f"Operations that return collections, by the way they page: {styles or 'none'}."


_PLACES: tuple[tuple[Place, str], ...] = (
    ("summary", "operations, types, groups, enumerations"),
    ("argument", "parameters, bodies"),
    ("property", "properties"),
    ("value", "values"),
)


def _described(catalogue: Catalogue) -> Iterator[str]:
    yield from ("", "## Descriptions", "", "How many places have a description, and of how many.", "")
    rows = described_by_family(catalogue)
    yield from _table(
        ("family", *(title for _, title in _PLACES)),
        [
            (family, *(_share(row.described[place], row.all_of_them[place]) for place, _ in _PLACES))
            for family, row in rows.items()
        ],
    )


def _share(part: int, whole: int) -> str:
    """`97 % of 120`; never 100 where one is missing."""
    return f"{100 * part // whole} % of {whole}" if whole else ""


def _coverage(found: Coverage | None) -> Iterator[str]:
    if found is None:
        return
    yield from ("", "## Coverage of the guide", "")
    pages = ", ".join(f"{count} {kind}" for kind, count in found.pages.items())
    yield f"- {sum(found.pages.values())} pages: {pages}"
    yield f"- {found.resource_pages_held} of {found.resource_pages} pages of resources are held"
    yield f"- {found.type_pages_held} of {found.type_pages} pages of request and response bodies are held"
    yield from (f"- not held: `{page}`: {reason}" for page, reason in sorted(found.missing))


_CONFIDENCE = ("high", "medium", "low")


def _beyond(found: Beyond) -> Iterator[str]:
    """What no reference has, and who says what the guide does not."""
    if found.operations:
        yield from (
            "",
            "## Undocumented",
            "",
            "Operations that Salesforce's own programs call and no reference has.",
            "",
        )
        rows = [(family, str(count)) for family, count in sorted(found.operations.items())]
        yield from _table(("family", "operations"), [*rows, ("**all**", str(found.operations.total()))])
        yield from ("", f"Used by these alone: {counted(len(found.types), 'type')}.")
    if found.witnesses:
        yield from (
            "",
            "## Witnesses",
            "",
            "Who says what the guide does not: how many facts, with how much confidence.",
            "",
        )
        names = sorted({name for name, _ in found.witnesses})
        yield from _table(
            ("witness", *_CONFIDENCE),
            [(name, *(str(found.witnesses[name, level]) for level in _CONFIDENCE)) for name in names],
        )


def _versions(catalogue: Catalogue) -> Iterator[str]:
    yield from ("", "## Versions", "")
    yield from _table(
        ("version", "release", "status", "operations", "came", "went", "types", "came", "went", "properties"),
        [
            (
                f"{row.version}.0",
                row.release,
                row.status,
                str(row.operations),
                str(row.operations_came),
                str(row.operations_went),
                str(row.types),
                str(row.types_came),
                str(row.types_went),
                str(row.properties),
            )
            for row in by_version(catalogue)
        ],
    )


def _noted(catalogue: Catalogue, beyond: Beyond) -> Iterator[str]:
    everything = notes(catalogue)
    for section, title, explanation in _SECTIONS:
        chosen = [note for note in everything if note.section == section]
        apart = sum(beyond.has(note.entry) for note in chosen)
        more = f", and {apart} on what is undocumented" if apart else ""
        yield from ("", f"## {title}: {len(chosen) - apart}{more}", "", explanation)
        for family in sorted({note.family for note in chosen}):
            yield from ("", f"### {family}", "")
            yield from (_line(note) for note in chosen if note.family == family)


def _line(note: Note) -> str:
    page = f" ({note.page})" if note.page else ""
    return f"- `{note.entry}`{page}: {_escaped(note.text)}"


def _escaped(text: str) -> str:
    for character in "\\`*_<>[]|":
        text = text.replace(character, f"\\{character}")
    return text


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
