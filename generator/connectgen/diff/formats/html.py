"""One self-contained page in the look of the site, with search and filters; it asks nothing of the network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from connectgen.diff.change import Change
from connectgen.diff.formats.words import group_line, in_reading_order
from connectgen.diff.notes import Fold, GroupNotes
from connectgen.diff.report import Layout, Report
from connectgen.diff.sections import ADDED
from connectgen.diff.sentences import remarks_of, sentence_of, subject_of, when_of
from connectgen.locations import default_templates

_CODE = re.compile(r"`([^`]+)`")
_DARK = re.compile(r':root\[data-theme="dark"\] (\{[^}]*\})')


def html(report: Report, layout: Layout | None = None, templates: Path | None = None) -> str:
    """The whole report. Everything from the catalogue is escaped.

    Args:
        report: the comparison.
        layout: how it is laid out; each change has its own line in any case.
        templates: the folder of templates, that of the generator by default.
    """
    layout = layout or Layout()
    folder = templates or default_templates()
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["prose"] = _prose

    def own(*path: str) -> Markup:
        return Markup(folder.joinpath(*path).read_text(encoding="utf-8"))  # noqa: S704  a file of ours

    return environment.get_template("diff/report.html.jinja").render(
        report=report,
        is_summary=layout.is_summary,
        sections=[] if layout.is_summary else report.sections(layout.grouping),
        lines_of=partial(_lines, report),
        folded_of=partial(_folded, report),
        counted=group_line,
        operations_of=_operations,
        style=Markup(_style(folder)),  # noqa: S704  files of ours
        theme=own("site", "assets", "theme.js"),
        script=own("diff", "report.js"),
    )


def _style(folder: Path) -> str:
    """The site's look; its dark colours also where no script says which theme there is."""
    style = folder.joinpath("site", "assets", "site.css").read_text(encoding="utf-8")
    dark = _DARK.search(style)
    unscripted = f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme]) {dark[1]} }}\n" if dark else ""
    return style + unscripted + folder.joinpath("diff", "report.css").read_text(encoding="utf-8")


def _prose(text: str) -> Markup:
    """A sentence with names in backquotes as code."""
    parts: list[Markup] = []
    position = 0
    for found in _CODE.finditer(text):
        parts += [escape(text[position : found.start()]), Markup("<code>{}</code>").format(found[1])]
        position = found.end()
    return Markup("").join([*parts, escape(text[position:])])


def _lines(report: Report, notes: GroupNotes) -> Iterator[tuple[Change, Mapping[str, str]]]:
    """The changes of a group that are in no fold, with their sentences; of neighbours, the first says what to do."""
    folded = {change.id for fold in notes.folds for change in fold.changes}
    before = ""
    for change in in_reading_order(notes):
        if change.id not in folded:
            line = _line(report, change)
            yield change, {**line, "do": "" if line["do"] == before else line["do"]}
            before = line["do"]


def _folded(report: Report, fold: Fold) -> Iterator[tuple[Change, Mapping[str, str]]]:
    """The changes of a fold, which says itself what to do."""
    for change in fold.changes:
        line = _line(report, change)
        yield change, {**line, "do": line["do"] if change.rule.id in ADDED else ""}


def _line(report: Report, change: Change) -> Mapping[str, str]:
    """The sentences of a change: what it says, what to do or what it is if it is new, and when."""
    said = sentence_of(change)
    what = report.summaries.get(change.subject, "") if change.rule.id in ADDED else said.do
    when = when_of(change) if len(report.by_version) > 1 else ""
    return {"say": " ".join(filter(None, (said.say, remarks_of(change)))), "do": what, "when": when}


def _operations(change: Change) -> list[str]:
    """The operations that a change reaches, unless it is about one of them alone."""
    names = list(dict.fromkeys(reach.operation for reach in change.reaches))
    return [] if names == [subject_of(change).owner] else names
