"""Plain text, with colours where the terminal shows them: the figures, then notes, folded where they would be long."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator, Sequence

import click

from connectgen.diff.change import Change
from connectgen.diff.folding import Foldable, fit
from connectgen.diff.formats.words import (
    Advice,
    Shown,
    arranged,
    fold_line,
    group_line,
    in_reading_order,
    reached_line,
    uses_line,
)
from connectgen.diff.notes import Fold, GroupNotes, Section
from connectgen.diff.report import Layout, Report, Tally, describe_change, reach_words
from connectgen.diff.rules import Verdict

MOST_LINES = 200
"""How many lines of notes a report has before parts of it are only counted."""
_COLOURS: dict[Verdict, str] = {"breaking": "red", "warning": "yellow", "info": "cyan"}
_LABELS: dict[Verdict, str] = {"breaking": "BREAKING", "warning": "WARNING", "info": "", "none": ""}
_MOST_NAMES = 6
_ANY = sys.maxsize
_CODE = re.compile(r"`([^`]+)`")
_GLUE = "\x00"
"""Instead of a space where no line may break: inside a name."""


def terminal(report: Report, layout: Layout | None = None, *, colour: bool, width: int = 80) -> str:
    """The whole report.

    Args:
        report: the comparison.
        layout: how it is laid out.
        colour: whether escape sequences for colours are written.
        width: how many columns a line may take.
    """
    return "".join(f"{line}\n" for line in _Writer(colour, width).report(report, layout or Layout()))


class _Writer:
    """Writes lines for a terminal."""

    def __init__(self, colour: bool, width: int) -> None:
        self._colour = colour
        self._width = width

    def report(self, report: Report, layout: Layout) -> Iterator[str]:
        """The figures, the notes, and the figures again, since a terminal shows the end."""
        yield self._styled(printable(report.title), bold=True)
        summary = self._styled(report.summary, bold=True)
        if not report.changes:
            yield "nothing differs that the code is seen to use" if report.looked_at else "nothing differs"
        yield summary
        yield from self._tables(report, whole=layout.is_summary)
        if report.changes and not layout.is_summary:
            yield from self._notes(report, layout)
            yield from ("", summary)
        if report.looked_at:
            yield f"looked at {printable(report.looked_at.sentence)}"

    def _tables(self, report: Report, *, whole: bool) -> Iterator[str]:
        tables = [
            self._table(title, rows)
            for title, rows in (("by family", report.by_family), ("by version", report.by_version))
            if len(rows) > 1 or (rows and whole)
        ]
        if len(tables) == 2 and sum(len(table[0]) for table in tables) + 4 <= self._width:
            left, right = tables
            left += [" " * len(left[0])] * (len(right) - len(left))
            right += [""] * (len(left) - len(right))
            tables = [[f"{one}    {other}".rstrip() for one, other in zip(left, right, strict=True)]]
        for table in tables:
            yield from ("", *table)

    def _table(self, title: str, rows: Sequence[Tally]) -> list[str]:
        """Figures in columns; a column of zeros is left out."""
        columns = [
            (name, values)
            for name, values in (
                ("breaking", [row.breaking for row in rows]),
                ("warnings", [row.warnings for row in rows]),
                ("others", [row.others for row in rows]),
            )
            if any(values)
        ]
        wide = max(len(title), *(len(row.name) for row in rows))
        lines = [title.ljust(wide) + "".join(name.rjust(10) for name, _ in columns)]
        for index, row in enumerate(rows):
            shown = (f"{values[index]:,}" if values[index] else "·" for _, values in columns)
            lines.append(row.name.ljust(wide) + "".join(one.rjust(10) for one in shown))
        return lines

    def _notes(self, report: Report, layout: Layout) -> Iterator[str]:
        sections = report.sections(layout.grouping)
        units = [
            (index, groups, self._levels(section, groups, layout))
            for index, section in enumerate(sections)
            for groups in section.families.values()
        ]
        most = None if layout.is_full or report.narrowed_to else MOST_LINES
        parts = [Foldable(sections[index].rank, [len(lines) for lines in levels]) for index, _, levels in units]
        chosen = fit(parts, most)
        begun = -1
        for (index, _, levels), level in zip(units, chosen, strict=True):
            if index != begun:
                begun = index
                yield from ("", *self._heading(sections[index], layout))
            yield from levels[level]
        counted = sum(
            len(notes.changes) for (_, groups, _), level in zip(units, chosen, strict=True) if level for notes in groups
        )
        if counted:
            hint = f"{counted:,} of {len(report.changes):,} entries are only counted here: --full lists every one,"
            yield from ("", *self._wrapped(f"{hint} --family, --only and --path choose some.", ""))

    def _heading(self, section: Section, layout: Layout) -> list[str]:
        title = section.title.upper() if layout.grouping == "severity" else section.title
        head = self._styled(
            f"{printable(title)}: {section.count:,}", fg=_COLOURS.get(section.severity or "none"), bold=True
        )
        return [head, *self._wrapped(section.about, "  ")]

    def _levels(self, section: Section, groups: Sequence[GroupNotes], layout: Layout) -> list[list[str]]:
        """A family of a section: whole, a line for each group, one line."""
        if layout.is_full:
            return [[line for notes in groups for line in self._full(notes)]]
        mixed = section.severity is None
        whole = [line for notes in groups for line in self._group(notes, mixed=mixed)]
        by_group = [line for notes in groups for line in self._wrapped(group_line(notes.title, notes.changes), "  ")]
        changes = [change for notes in groups for change in notes.changes]
        words = f"{groups[0].family}, {len(groups)} groups" if len(groups) > 1 else groups[0].title
        return [whole, by_group, self._wrapped(group_line(words, changes), "  ")]

    def _group(self, notes: GroupNotes, *, mixed: bool) -> Iterator[str]:
        yield self._styled(f"  {printable(notes.title or 'the release')}", bold=True)
        for item in arranged(notes):
            match item:
                case Shown():
                    yield from self._entry(item, mixed=mixed)
                case Fold():
                    label = self._label(item.severity, mixed=mixed)
                    text = label + fold_line(item, _MOST_NAMES)
                    yield from self._wrapped(text, "    ", severity=item.severity if label else None)
                case Advice():
                    yield from self._wrapped(item.text, "    ")

    def _entry(self, shown: Shown, *, mixed: bool) -> Iterator[str]:
        entry, texts = shown.entry, shown.texts
        indent, owners = "    ", ", ".join(entry.owners)
        if shown.is_named and len(texts) > 1:
            yield from self._wrapped(owners, indent)
            indent = "      "
        for said, text in texts:
            label = self._label(said.severity, mixed=mixed)
            head = f"{label}{owners}: " if shown.is_named and len(texts) == 1 else label
            yield from self._wrapped(head + text, indent, severity=said.severity if label else None)
            if said.uses:
                yield from self._wrapped(uses_line(said.uses), f"{indent}  ")
        if entry.reached and entry.severity in ("breaking", "warning"):
            yield from self._wrapped(reached_line(entry), "      ", dim=True)

    def _label(self, severity: Verdict, *, mixed: bool) -> str:
        """How severe something is, where its section does not say so."""
        return f"{_LABELS[severity]} " if mixed and _LABELS[severity] else ""

    def _full(self, notes: GroupNotes) -> Iterator[str]:
        """A line for each change, however long, with the rule that an ignore file names."""
        yield self._styled(f"  {printable(notes.title or 'the release')}", bold=True)
        for change in in_reading_order(notes):
            yield from self._change(change)

    def _change(self, change: Change) -> Iterator[str]:
        label = _LABELS[change.severity] or change.severity
        text = f"{label} {change.subject}: {describe_change(change)} [{change.rule.id}]"
        yield from self._wrapped(text, "    ", severity=change.severity, width=_ANY)
        if reached := reach_words(change):
            yield from self._wrapped(reached, "      ", dim=True, width=_ANY)
        if change.uses:
            yield from self._wrapped(uses_line(change.uses), "      ", width=_ANY)

    def _wrapped(
        self, text: str, indent: str, *, severity: Verdict | None = None, dim: bool = False, width: int | None = None
    ) -> list[str]:
        """Lines of at most the width, where names are not broken; of several, all but the first are indented more."""
        glued = _CODE.sub(lambda found: found[0].replace(" ", _GLUE), printable(text))
        lines = textwrap.wrap(
            glued, width or self._width, initial_indent=indent, subsequent_indent=f"{indent}  ",
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip
        lines = [line.replace(_GLUE, " ") for line in lines]
        if not self._colour:
            return lines
        lines = [_CODE.sub(lambda found: click.style(found[1], bold=True), line) for line in lines]
        if dim:
            return [click.style(line, dim=True) for line in lines]
        if severity and (label := _LABELS[severity]):
            lines[0] = lines[0].replace(label, click.style(label, fg=_COLOURS[severity]), 1)
        return lines

    def _styled(self, text: str, *, fg: str | None = None, bold: bool = False) -> str:
        return click.style(text, fg=fg, bold=bold or None) if self._colour else text


def printable(text: str) -> str:
    """Text whose control characters are spelled out, so that a terminal shows and obeys nothing."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
