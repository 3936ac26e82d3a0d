"""`connectgen import guide`: pages in, catalogue out, and a report of what was done and what is left to decide."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from connectgen.counting import counted, counted_kind
from connectgen.importer.checking import ImportFaultError, check_result
from connectgen.importer.guide.facts import GuideFacts
from connectgen.importer.guide.merger import merge_guide
from connectgen.importer.guide.reader import GuideError, NoGuideError, read_guide
from connectgen.importer.merger import MergeReport
from connectgen.importer.reporting import outcome
from connectgen.importer.yaml_files import YamlFileError, replace_file
from connectgen.options import catalogue_option


def import_guide(
    directory: Path,
    spec_dir: Path,
    dry_run: bool,
    report_file: Path | None,
    *,
    accept_changes: bool = False,
) -> int:
    """Read the guide's pages into the catalogue and print what was done.

    Args:
        directory: the folder with the pages (`*.md`).
        spec_dir: the catalogue's folder.
        dry_run: show only, write nothing but the report.
        report_file: where the full report goes (Markdown), or None.
        accept_changes: take the source's side where a fact differs and no person's note stands at it.

    Returns:
        0; 1 where a page or a file of the catalogue cannot be used; 2 where the folder holds no guide.
    """
    if not spec_dir.is_dir():
        click.echo(
            f"{spec_dir}: is no folder; name the catalogue's folder with --catalogue",
            err=True,
        )
        return 2
    try:
        facts = read_guide(directory)

        def tell(report: MergeReport, texts: dict[str, str]) -> None:
            check_result(spec_dir, texts)
            if report_file:
                replace_file(report_file, "\n".join(_full_report(facts, report)) + "\n")

        report = merge_guide(facts, spec_dir, dry_run, accept_changes=accept_changes, before_writing=tell)
    except (GuideError, YamlFileError, ImportFaultError) as error:
        click.echo(str(error), err=True)
        return 2 if isinstance(error, NoGuideError) else 1
    for line in (*_figures(facts, report), *outcome(report, dry_run=dry_run)):
        click.echo(line)
    if report_file:
        click.echo(f"The full report is in {report_file}")
    return 0


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
    yield "Written by `connectgen import guide DIR --report FILE`: what was read, what is unsure and why, page by page."
    yield ""
    yield from (f"- {line}" for line in _figures(facts, report))
    reasons = Counter(_kind_of_reason(doubt.reason) for doubt in facts.doubts)
    yield from _section(
        "Doubts by kind",
        (f"{count} × {reason}" for reason, count in reasons.most_common()),
    )
    yield from _section(
        "Questions",
        (f"`{question.where}`: {question.text}" for question in report.questions),
    )
    yield from _section("Paths without a row in the table of families", report.unlisted)
    for reason, names in sorted(report.dropped.items()):
        by_name = Counter(names)
        yield from _section(
            f"Left out, {reason}: {len(names)}",
            (f"`{name}`" + (f" × {count}" if count > 1 else "") for name, count in sorted(by_name.items())),
        )
    yield from _section("Only in the catalogue", (f"`{name}`" for name in report.only_in_catalogue))
    yield from _by_page("Doubts, page by page", ((doubt.page, doubt.reason) for doubt in facts.doubts))
    yield from _by_page(
        "Decided on the way, page by page",
        ((remark.page, remark.text) for remark in report.remarks),
    )


def _section(title: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"- {item}" for item in items]
    if lines:
        yield from ("", f"## {title}", "", *lines)


def _by_page(title: str, items: Iterable[tuple[str, str]]) -> Iterator[str]:
    pages: dict[str, list[str]] = defaultdict(list)
    for page, text in items:
        if text not in pages[page]:
            pages[page].append(text)
    yield from _section(
        title,
        (f"`{page}`: {'; '.join(texts)}" for page, texts in sorted(pages.items())),
    )


def _kind_of_reason(reason: str) -> str:
    head, colon, tail = reason.partition(": ")
    return tail if colon and " " not in head else reason


@click.command("guide")
@click.argument("directory", type=click.Path(path_type=Path))
@catalogue_option
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path),
    help="Write the full report to this file.",
)
@click.option(
    "--accept-changes",
    is_flag=True,
    help="Where a fact differs from the source and nobody noted why, take the source's.",
)
@click.pass_context
def guide_command(
    context: click.Context,
    directory: Path,
    catalogue: Path,
    dry_run: bool,
    report_file: Path | None,
    accept_changes: bool,
) -> None:
    """Read the guide's pages in DIRECTORY into the catalogue.

    New resources, operations, parameters, types and properties are added. What a person decided is never overwritten:
    a difference is asked, and a correction stays while the source still says what was corrected.

    Exit code 0: done; 1: a page or the catalogue is at fault, nothing was written; 2: wrong usage.
    """
    context.exit(import_guide(directory, catalogue, dry_run, report_file, accept_changes=accept_changes))
