"""Markdown for a pull request or a file: sections of release notes, folded, and never longer than a comment may be."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectgen.diff.change import Change, UsePlace
from connectgen.diff.folding import Foldable, fit
from connectgen.diff.formats.terminal import printable
from connectgen.diff.formats.words import (
    Advice,
    Shown,
    arranged,
    fold_line,
    group_line,
    in_reading_order,
    names_line,
    reached_line,
)
from connectgen.diff.notes import Fold, GroupNotes, Section
from connectgen.diff.report import Layout, Report, Tally, describe_change, reach_words
from connectgen.diff.rules import Verdict

MOST_BYTES = 60_000
"""How long the report may be; GitHub takes comments of at most 65,536 characters."""
_ROOM = 600
"""Bytes that are kept for saying what was left out."""
_ICONS: dict[str, str] = {"breaking": "❌ ", "warnings": "⚠️ "}
_LABELS: dict[Verdict, str] = {"breaking": "**breaking** ", "warning": "**warning** ", "info": "", "none": ""}
_CODE = re.compile(r"`([^`]*)`")


@dataclass(frozen=True, slots=True)
class _Part:
    """A family of a section at its levels of detail, each a text; the first has the section's heading before it."""

    section: Section
    heading: str
    changes: int
    levels: Sequence[str]


def markdown(report: Report, layout: Layout | None = None) -> str:
    """The report, of at most 60,000 bytes unless each change is to have its own line.

    Args:
        report: the comparison.
        layout: how it is laid out.
    """
    layout = layout or Layout()
    head = "".join(f"{line}\n" for line in _head(report, whole=layout.is_summary))
    foot = f"\nLooked at {escaped(report.looked_at.sentence)}.\n" if report.looked_at else ""
    if layout.is_summary:
        return head + foot
    parts = list(_parts(report, layout))
    if layout.is_full:
        return head + "".join(part.heading + part.levels[0] for part in parts) + foot
    return head + _body(report, parts, MOST_BYTES - _size(head) - _size(foot)) + foot


def _body(report: Report, parts: Sequence[_Part], most: int) -> str:
    """The parts in as much detail as there is room for, and what is only counted or left out."""
    sizes = [Foldable(part.section.rank, [_size(part.heading + one) for one in part.levels]) for part in parts]
    levels = fit(sizes, most)
    if any(levels) or sum(part.sizes[0] for part in sizes) > most:
        levels = fit(sizes, most - _ROOM)
        most -= _ROOM
    text, counted, lost = "", 0, 0
    for part, level in zip(parts, levels, strict=True):
        shown = part.heading + part.levels[level]
        if _size(text) + _size(shown) > most:
            lost += part.changes
            continue
        text += shown
        counted += part.changes if level else 0
    if not counted and not lost:
        return text
    said = [f"{counted:,} of {len(report.changes):,} entries are only counted here"] if counted else []
    said += [f"{lost:,} are left out"] if lost else []
    command = f"connectgen diff {report.before} {report.after}"
    more = f"`{_code(command)} --format markdown --full` and `--format html` have every one"
    return f"{text}\n{' and '.join(said)}, since a comment may not be longer: {more}.\n"


def _size(text: str) -> int:
    return len(text.encode())


def _head(report: Report, *, whole: bool) -> Iterator[str]:
    yield from (f"# {escaped(report.title)}", "", f"**{report.summary}**")
    if not report.changes:
        yield from ("", "Nothing differs that the code is seen to use." if report.looked_at else "Nothing differs.")
    if len(report.by_family) > 1 or (report.by_family and whole):
        yield from ("", *_table("family", report.by_family))
    if len(report.by_version) > 1:
        yield from ("", "<details><summary>By version</summary>", "", *_table("version", report.by_version), "")
        yield "</details>"


def _table(title: str, rows: Sequence[Tally]) -> Iterator[str]:
    yield from (f"| {title} | breaking | warnings | others |", "|---|--:|--:|--:|")
    for row in rows:
        yield f"| {escaped(row.name)} | {row.breaking or '·'} | {row.warnings or '·'} | {row.others or '·'} |"


def _parts(report: Report, layout: Layout) -> Iterator[_Part]:
    for section in report.sections(layout.grouping):
        heading = f"\n## {_ICONS.get(section.id, '')}{escaped(section.title)}: {section.count:,}\n"
        heading += f"\n{escaped(section.about)}\n" if section.about else ""
        for groups in section.families.values():
            changes = [change for notes in groups for change in notes.changes]
            yield _Part(section, heading, len(changes), _levels(section, groups, changes, layout))
            heading = ""


def _levels(section: Section, groups: Sequence[GroupNotes], changes: Sequence[Change], layout: Layout) -> list[str]:
    """A family of a section: whole, a line for each group, one line."""
    mixed = section.severity is None
    family = escaped(groups[0].family or "the release")
    lines = [line for notes in groups for line in (_full(notes) if layout.is_full else _group(notes, mixed=mixed))]
    whole = "".join(f"{line}\n" for line in lines)
    if section.severity in ("breaking", "warning") or layout.is_full or (len(groups) == 1 and len(changes) <= 3):
        whole = f"\n{whole}"
    else:
        words = html.escape(printable(group_line("", changes)))
        whole = f"\n<details><summary><b>{family}</b>: {words}</summary>\n\n{whole}\n</details>\n"
    by_group = "".join(f"- {_counted(notes.title, notes.changes)}\n" for notes in groups)
    title = f"{groups[0].family}, {len(groups)} groups" if len(groups) > 1 else groups[0].title
    return [whole, f"\n{by_group}", f"\n- {_counted(title, changes)}\n"]


def _counted(title: str, changes: Sequence[Change]) -> str:
    return f"**{escaped(title or 'the release')}**: {escaped(group_line('', changes))}"


def _group(notes: GroupNotes, *, mixed: bool) -> Iterator[str]:
    yield from (f"**{escaped(notes.title or 'the release')}**", "")
    for item in arranged(notes):
        match item:
            case Shown():
                yield from _entry(item, mixed=mixed)
            case Fold():
                yield f"- {_LABELS[item.severity] if mixed else ''}{prose(fold_line(item))}"
            case Advice():
                yield f"- {prose(item.text)}"
    yield ""


def _entry(shown: Shown, *, mixed: bool) -> Iterator[str]:
    one, texts = shown.entry, shown.texts
    owners = prose(names_line(one.owners))
    dash = "- "
    if shown.is_named and len(texts) > 1:
        yield f"- {owners}"
        dash = "  - "
    for said, text in texts:
        head = f"{owners}: " if shown.is_named and len(texts) == 1 else ""
        yield f"{dash}{_LABELS[said.severity] if mixed else ''}{head}{prose(text)}"
        yield from (f"  {dash}{_use(use)}" for use in said.uses)
    if one.reached and one.severity in ("breaking", "warning"):
        yield f"  - {prose(reached_line(one))}"


def _full(notes: GroupNotes) -> Iterator[str]:
    yield from (f"**{escaped(notes.title or 'the release')}**", "")
    yield from (f"- **{change.severity}** {entry(change)}" for change in in_reading_order(notes))
    yield ""


def entry(change: Change) -> str:
    """One change: what, how, by which rule, what it reaches, where code uses it."""
    parts = [
        f"`{_code(change.subject)}`:",
        prose(describe_change(change)),
        f"({change.rule.id})",
        escaped(reach_words(change)),
    ]
    line = " ".join(part for part in parts if part)
    return line + "".join(f"\n  - {_use(use)}" for use in change.uses)


def prose(text: str) -> str:
    """A sentence in Markdown: names in backquotes as code, everything else as it is."""
    parts: list[str] = []
    position = 0
    for found in _CODE.finditer(text):
        parts += [escaped(text[position : found.start()]), f"`{_code(found[1])}`" if found[1] else ""]
        position = found.end()
    return "".join([*parts, escaped(text[position:])])


def _use(use: UsePlace) -> str:
    return f"used in `{_code(use.place)}`" if use.is_certain else f"possibly used in `{_code(use.place)}`"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    text = printable(text)
    for character in "\\`*_<>[]|#&":
        text = text.replace(character, f"\\{character}")
    return text


def _code(text: str) -> str:
    return printable(text).replace("`", "ˋ")
