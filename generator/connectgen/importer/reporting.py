"""Reports on the terminal what a merge did, or would do."""

from __future__ import annotations

from collections.abc import Iterator

from connectgen.counting import counted, counted_entries, counted_kind
from connectgen.importer.merger import MergeReport

SHOWN = 20
"""How many items of a list the terminal shows; the report's file has all."""


def outcome(report: MergeReport, *, dry_run: bool) -> Iterator[str]:
    """Lines for a person: what was added, what is left to decide.

    Args:
        report: of the merge.
        dry_run: whether it only would have happened.
    """
    would = "would be " if dry_run else ""
    for kind, names in report.added.items():
        yield f"{counted_kind(len(names), kind)} {would}added"
    if report.updated:
        yield f"{counted(len(report.updated), 'fact')} {would}updated"
    if report.ended:
        yield f"{counted_entries(len(report.ended))} {would}ended:"
        yield from _first(report.ended)
    if report.corrections_kept:
        yield f"{counted(report.corrections_kept, 'correction')} kept"
    if report.only_in_catalogue:
        yield f"Only in the catalogue, and kept: {counted_entries(len(report.only_in_catalogue))}"
    yield f"{counted(len(report.written), 'file')} {would}written"
    if report.questions:
        yield f"{counted(len(report.questions), 'question')}:"
        yield from _first([f"{question.where}: {question.text}" for question in report.questions])


def _first(items: list[str]) -> Iterator[str]:
    yield from (f"  {item}" for item in items[:SHOWN])
    if len(items) > SHOWN:
        yield f"  … and {len(items) - SHOWN} more (--report FILE lists all)"
