"""The import of the guide: pages in, catalogue out, and a report of what was done and what is left to decide."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectgen.catalogue.loader import check_catalogue
from connectgen.catalogue.model import Catalogue
from connectgen.counting import counted, counted_kind
from connectgen.files import replace_file
from connectgen.importer.checking import ImportFaultError, check_result
from connectgen.importer.guide.facts import GuideFacts
from connectgen.importer.guide.merger import merge_guide
from connectgen.importer.guide.reader import read_guide
from connectgen.importer.merger import MergeReport
from connectgen.importer.past import PastChange, changes_of_the_past, check_allowed, not_allowed, refusal
from connectgen.importer.reporting import outcome
from connectgen.locations import default_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideImport:
    """What a person asked for.

    Attributes:
        directory: the folder with the pages (`*.md`).
        spec_dir: the catalogue's folder.
        dry_run: show only, write nothing but the report.
        report_file: where the full report goes (Markdown).
        accept_changes: take the source's side where a fact differs and it has no note of a person.
        allow_changes: names of what may change in older versions.
        accept_additions: whether all that is only added to older versions may be.
    """

    directory: Path
    spec_dir: Path
    dry_run: bool = False
    report_file: Path | None = None
    accept_changes: bool = False
    allow_changes: Collection[str] = ()
    accept_additions: bool = False


def import_guide(request: GuideImport) -> Iterator[str]:
    """Read the guide's pages into the catalogue; gives the lines that describe what was done.

    Raises:
        GuideError: the folder holds no guide, or a page cannot be used.
        YamlFileError: a file of the catalogue cannot be used.
        UnknownNameError: nothing has a name that was to be allowed.
        ImportFaultError: the catalogue would be at fault, or older versions would change and nobody allowed it.
            Nothing was written but the report.
        FileError: a file cannot be written.
    """
    facts = read_guide(request.directory)

    def check_and_report(report: MergeReport, texts: dict[str, str]) -> None:
        after = check_result(request.spec_dir, texts) if texts else None
        past = _changes_of_the_past(request, after)
        if request.report_file:
            replace_file(request.report_file, "\n".join([*_full_report(facts, report), *_past_section(past)]) + "\n")
        if past:
            raise ImportFaultError(refusal(past, file=False))

    report = merge_guide(
        facts, request.spec_dir, request.dry_run, accept_changes=request.accept_changes, before_writing=check_and_report
    )
    yield from _figures(facts, report)
    yield from outcome(report, dry_run=request.dry_run)
    if request.report_file:
        yield f"The full report is in {request.report_file}"


def _changes_of_the_past(request: GuideImport, after: Catalogue | None) -> list[PastChange]:
    """What would change in the versions before the newest, and nobody allowed; an empty catalogue has no past."""
    if after is None and not request.allow_changes:
        return []
    before, _ = check_catalogue(request.spec_dir, default_cache(), again=False)
    check_allowed(request.allow_changes, (one for one in (before, after) if one))
    if before is None or after is None or not before.groups:
        return []
    known = {group.family for group in before.groups}
    new = {group.family for group in after.groups} - known
    changes = changes_of_the_past(before, after, before.versions[-1], new)
    return not_allowed(changes, request.allow_changes, additions=request.accept_additions)


def _past_section(past: Sequence[PastChange]) -> list[str]:
    return ["", "## Would change in older versions", "", *(f"- `{one.name}`: {one}" for one in past)] if past else []


def _figures(facts: GuideFacts, report: MergeReport) -> Iterator[str]:
    pages = ", ".join(f"{count} {kind}" for kind, count in facts.pages.items())
    yield f"Pages read: {sum(facts.pages.values())} ({pages})"
    yield "Facts taken: " + ", ".join(counted_kind(count, kind) for kind, count in report.totals.items())
    yield f"Facts unsure: {len(facts.doubts)} on {counted(len({doubt.page for doubt in facts.doubts}), 'page')}"
    if report.remarks:
        yield f"Decided on the way: {len(report.remarks)}"
    for reason, names in sorted(report.dropped.items()):
        yield f"Left out, {reason}: {len(names)}"


def _full_report(facts: GuideFacts, report: MergeReport) -> Iterator[str]:
    yield "# Report of the import"
    yield ""
    yield "Written by `connectgen import guide DIR --report FILE`: what was read, what is unsure and why, by page."
    yield ""
    yield from (f"- {line}" for line in _figures(facts, report))
    reasons = Counter(_kind_of_reason(doubt.reason) for doubt in facts.doubts)
    yield from _section("Doubts by reason", (f"{count} × {reason}" for reason, count in reasons.most_common()))
    yield from _section("Questions", (f"`{question.where}`: {question.text}" for question in report.questions))
    yield from _section("Paths without a row in the table of families", report.unlisted)
    for reason, names in sorted(report.dropped.items()):
        by_name = Counter(names)
        yield from _section(
            f"Left out, {reason}: {len(names)}",
            (f"`{name}`" + (f" × {count}" if count > 1 else "") for name, count in sorted(by_name.items())),
        )
    yield from _section("Only in the catalogue", (f"`{name}`" for name in report.only_in_catalogue))
    yield from _by_page("Doubts, by page", ((doubt.page, doubt.reason) for doubt in facts.doubts))
    yield from _by_page("Decided on the way, by page", ((remark.page, remark.text) for remark in report.remarks))


def _section(title: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"- {item}" for item in items]
    if lines:
        yield from ("", f"## {title}", "", *lines)


def _by_page(title: str, items: Iterable[tuple[str, str]]) -> Iterator[str]:
    pages: dict[str, list[str]] = defaultdict(list)
    for page, text in items:
        if text not in pages[page]:
            pages[page].append(text)
    yield from _section(title, (f"`{page}`: {'; '.join(texts)}" for page, texts in sorted(pages.items())))


def _kind_of_reason(reason: str) -> str:
    head, colon, tail = reason.partition(": ")
    return tail if colon and " " not in head else reason
