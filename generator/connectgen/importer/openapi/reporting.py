"""What an import of a vendor's file reports: figures on the terminal, and the whole of it in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectgen.counting import counted, counted_kind
from connectgen.importer.merger import MergeReport
from connectgen.importer.openapi.translation import Translation
from connectgen.importer.past import PastChange
from connectgen.importer.questions import HEADINGS, grouped


def figures(translation: Translation, report: MergeReport) -> Iterator[str]:
    """Lines with what was read."""
    described, taken = translation.schemas
    resources = report.totals["resources"]
    yield f"Read: {resources} paths, {report.totals['operations']} operations, {taken} of {described} schemas"
    yield "Facts taken: " + ", ".join(counted_kind(count, kind) for kind, count in report.totals.items())
    if translation.still_to_come:
        count = translation.still_to_come
        comes, was = ("comes", "was") if count == 1 else ("come", "were")
        yield f"{counted(count, 'thing')} {comes} with a later version and {was} left out"
    if translation.without_path:
        operations = counted(len(translation.without_path), "operation")
        yield f"Left out: {operations} with a path that the catalogue cannot have (--report FILE lists them)"
    if report.remarks:
        yield f"Decided on the way: {len(report.remarks)} (--report FILE lists them)"


def full_report(
    file: str, family: str, lines: Sequence[str], report: MergeReport, past: Sequence[PastChange]
) -> Iterator[str]:
    """The lines of the report's file, in Markdown."""
    yield f"# Import of {file} as {family}"
    yield ""
    yield from (f"- {line.strip()}" for line in lines if not line.startswith((" ", "+", "-", "@")))
    for kind, questions in grouped(report.questions):
        yield from _section(
            f"Questions: {HEADINGS[kind]}", [f"`{question.where}`: {question.text}" for question in questions]
        )
    yield from _section("Would change in older versions", [f"`{change.name}`: {change}" for change in past])
    sections = {
        "Decided on the way": [f"`{remark.page}`: {remark.text}" for remark in report.remarks],
        "Updated": report.updated,
        "Ended": [f"`{name}`" for name in report.ended],
        "Only in the catalogue": [f"`{name}`" for name in report.only_in_catalogue],
        **{f"Added: {kind}": [f"`{name}`" for name in names] for kind, names in report.added.items()},
    }
    for title, items in sections.items():
        yield from _section(title, items)


def _section(title: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield from ("", f"## {title}", "", *(f"- {item}" for item in items))
