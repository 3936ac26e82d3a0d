"""`connectgen diff`: what changed between two versions, and whom it breaks."""

from __future__ import annotations

import datetime
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import click

from connectgen.catalogue.model import Catalogue
from connectgen.cli.options import catalogue_option, overlay_option
from connectgen.cli.short_run import one_short_run
from connectgen.diff.change import Change
from connectgen.diff.collector import in_order
from connectgen.diff.compare import compare
from connectgen.diff.ignore import IgnoreFileError, apply, read_ignore_file
from connectgen.diff.jump import compare_over
from connectgen.diff.report import Layout, Report
from connectgen.diff.rules import VERDICTS, Verdict, rules
from connectgen.diff.sections import GROUPINGS, Grouping
from connectgen.diff.sides import Side, SideError, SideLoadError, check_version, load_side, parse_side
from connectgen.diff.usage.looked_at import LookedAt
from connectgen.files import FileError, replace_file
from connectgen.locations import default_cache, relative
from connectgen.resolver import surface_at
from connectgen.surface import Surface
from connectgen.texts import sentence

_FORMATS = ("terminal", "markdown", "json", "html", "junit", "github")
_FOR_READING = ("terminal", "markdown", "html")
_NARROWEST, _WIDEST = 40, 100
"""How many columns a terminal is taken to have at least and at most."""
_LEVELS: Mapping[str, Verdict] = {verdict: verdict for verdict in VERDICTS}
_THRESHOLDS: Mapping[str, tuple[Verdict, ...]] = {
    "breaking": ("breaking",),
    "warning": ("breaking", "warning"),
    "any": VERDICTS,
}


@click.command("diff")
@click.argument("before", metavar="FROM")
@click.argument("after", metavar="TO")
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="terminal", show_default=True, help="The format."
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--summary", is_flag=True, help="Only how many changes there are, by family and version.")
@click.option(
    "--group-by", "grouping", type=click.Choice(GROUPINGS), help="What the sections are.  [default: severity]"
)
@click.option("--full", is_flag=True, help="A line for each change, with its rule; nothing folded or only counted.")
@click.option("--fail-on", type=click.Choice(list(_THRESHOLDS)), help="Exit code 1 where there is such a change.")
@click.option("--path", "paths", multiple=True, help="Only operations whose path fits this pattern (`/chatter/*`).")
@click.option("--family", "families", multiple=True, help="Only changes that reach this family; may be repeated.")
@click.option("--only", type=click.Choice(VERDICTS), multiple=True, help="Only this severity; may be repeated.")
@click.option("--severity", "weights", multiple=True, metavar="RULE=LEVEL", help="Weigh a rule otherwise; repeatable.")
@click.option("--ignore", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="An ignore file (YAML).")
@click.option(
    "--used-by",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Only what the Python code in this folder calls, passes and reads.",
)
@catalogue_option
@overlay_option
@one_short_run()
def diff_command(
    before: str,
    after: str,
    form: str,
    output: Path | None,
    summary: bool,
    grouping: Grouping | None,
    full: bool,
    fail_on: str | None,
    paths: tuple[str, ...],
    families: tuple[str, ...],
    only: tuple[Verdict, ...],
    weights: tuple[str, ...],
    ignore: Path | None,
    used_by: Path | None,
    catalogue: Path,
    overlay: Path | None,
) -> None:
    """List what changed between two versions, and whom it breaks.

    FROM and TO are versions (66.0), each of the catalogue as it is or as it was at a git ref (66.0@v1.2.0).

    Exit code 0: compared; 1: --fail-on found such a change; 2: wrong usage; 3: a catalogue at fault, or the disk
    refused; 4: --fail-on found none, but the code of --used-by could not be read or understood in part.
    """
    layout = _layout(form, summary=summary, grouping=grouping, full=full)
    levels = _levels(weights)
    sides = _sides(before, after)
    catalogues = _load_both(sides, catalogue, overlay)
    changes = _compared(sides, catalogues)
    changes = [replace(change, severity=levels.get(change.rule.id, change.severity)) for change in changes]
    looked_at = None
    if used_by:
        changes, looked_at = _narrowed(changes, used_by, catalogues, sides, levels)
    changes = _chosen(in_order(changes), paths, families, only, catalogues)
    ignored = 0
    if ignore:
        try:
            filtered = apply(changes, read_ignore_file(ignore), ignore, datetime.datetime.now(datetime.UTC).date())
        except IgnoreFileError as error:
            raise click.UsageError(str(error)) from None
        for line in filtered.warnings:
            click.echo(f"warning: {line}", err=True)
        changes, ignored = filtered.changes, filtered.ignored
    prefix = f"{relative(catalogue).as_posix()}/"
    narrowed_to = str(used_by) if used_by else None
    report = Report(
        str(sides[0]), str(sides[1]), changes, ignored, prefix, narrowed_to, looked_at,
        families=frozenset(group.family for one in catalogues for group in one.groups),
        summaries=_summaries(surface_at(catalogues[1], sides[1].version)),
    )  # fmt: skip
    _write(report, layout, form, output)
    if fail_on and any(change.severity in _THRESHOLDS[fail_on] for change in changes):
        sys.exit(1)
    if fail_on and looked_at and not looked_at.is_whole:
        sys.exit(4)


def _layout(form: str, *, summary: bool, grouping: Grouping | None, full: bool) -> Layout:
    """How the report is laid out; options for that are refused for formats that programs read."""
    options = (("--summary", summary), ("--group-by", grouping), ("--full", full))
    given = [name for name, is_given in options if is_given]
    if given and form not in _FOR_READING:
        raise click.UsageError(f"{given[0]} is for --format {', '.join(_FOR_READING)}; {form} always has every change")
    if summary and len(given) > 1:
        raise click.UsageError(f"--summary shows no changes, so that {given[1]} has nothing to lay out; leave one out")
    return Layout(grouping or "severity", is_full=full, is_summary=summary)


def _summaries(surface: Surface) -> Mapping[str, str]:
    """What each operation and type of a version is, in a sentence."""
    operations = {
        f"{group.family}.{group.name}.{one.name}": sentence(one.summary)
        for group in surface.groups
        for one in group.operations
    }
    return {**operations, **{name: sentence(one.summary or "") for name, one in surface.types.items()}}


def _narrowed(
    changes: list[Change],
    folder: Path,
    catalogues: list[Catalogue],
    sides: tuple[Side, Side],
    levels: Mapping[str, Verdict],
) -> tuple[list[Change], LookedAt]:
    """What concerns the code of a folder; a type checker is asked where there is one."""
    from connectgen.diff.usage.checkers import find_checker
    from connectgen.diff.usage.looking import NoCodeError, narrow

    surfaces = [surface_at(catalogues[0], one) for one in catalogues[0].versions]
    before, after = (surface_at(one, side.version) for one, side in zip(catalogues, sides, strict=True))
    try:
        kept, looked = narrow(
            changes, folder, (before, after), surfaces,
            checker=find_checker(), package=lambda: _package(surfaces, before.version), weighed=levels,
        )  # fmt: skip
    except NoCodeError as error:
        raise click.BadParameter(str(error), param_hint="--used-by") from None
    for line in looked.unreadable:
        click.echo(f"warning: {line}", err=True)
    return kept, looked


def _package(surfaces: list[Surface], version: int) -> Mapping[str, str]:
    """The client's package of a version, as it would be generated."""
    from connectgen.locations import default_templates
    from connectgen.python.formatting import Unformatted
    from connectgen.python.packages import PackageMaker

    maker = PackageMaker(surfaces, default_templates(), None, Unformatted())
    return next(iter(maker.make([version])))[1]


def _levels(weights: tuple[str, ...]) -> dict[str, Verdict]:
    levels: dict[str, Verdict] = {}
    for weight in weights:
        rule, _, level = weight.partition("=")
        if rule not in rules():
            raise click.BadParameter(f"there is no rule {rule}; connectgen rules lists them", param_hint="--severity")
        if level not in _LEVELS:
            message = f"{level!r} is no level; write {rule}= and one of {', '.join(VERDICTS)}"
            raise click.BadParameter(message, param_hint="--severity")
        levels[rule] = _LEVELS[level]
    return levels


def _sides(before: str, after: str) -> tuple[Side, Side]:
    try:
        sides = parse_side(before), parse_side(after)
    except SideError as error:
        raise click.UsageError(str(error)) from None
    if sides[0] == sides[1]:
        raise click.UsageError(
            f"{before} is compared with itself; name two versions, or one with a git ref (66.0@v1.2.0)"
        )
    return sides


def _load_both(sides: tuple[Side, Side], catalogue: Path, overlay: Path | None) -> list[Catalogue]:
    """The catalogue of each side; one of the same ref is read once."""
    try:
        first = load_side(sides[0], catalogue, default_cache(), overlay)
        if sides[0].ref != sides[1].ref:
            return [first, load_side(sides[1], catalogue, default_cache(), overlay)]
        check_version(sides[1], first)
        return [first, first]
    except SideError as error:
        raise click.UsageError(str(error)) from None
    except SideLoadError as error:
        click.echo(str(error), err=True)
        sys.exit(3)


def _compared(sides: tuple[Side, Side], catalogues: list[Catalogue]) -> list[Change]:
    if sides[0].ref == sides[1].ref:
        return compare_over(sides[0].version, sides[1].version, _surfaces(catalogues[0]))
    return compare(*(surface_at(one, side.version) for one, side in zip(catalogues, sides, strict=True)))


def _surfaces(catalogue: Catalogue) -> Callable[[int], Surface]:
    return lambda version: surface_at(catalogue, version)


def _chosen(
    changes: list[Change],
    paths: tuple[str, ...],
    families: tuple[str, ...],
    only: tuple[Verdict, ...],
    catalogues: list[Catalogue],
) -> list[Change]:
    known = sorted({group.family for catalogue in catalogues for group in catalogue.groups})
    for family in families:
        if family not in known:
            raise click.BadParameter(f"there is no family {family}: {', '.join(known)}", param_hint="--family")
    if paths:
        addresses = {
            f"{group.family}.{group.name}.{operation.name}": [ranged.value for ranged in resource.paths]
            for catalogue in catalogues
            for group in catalogue.groups
            for resource in group.resources
            for operation in resource.operations
        }
        every = {address for listed in addresses.values() for address in listed}
        for pattern in paths:
            if not any(fnmatchcase(address, pattern) for address in every):
                text = f"no path fits {pattern!r}; a pattern is for whole paths, such as '/chatter/*'"
                raise click.BadParameter(text, param_hint="--path")
        changes = [
            change
            for change in changes
            if any(
                fnmatchcase(address, pattern)
                for reach in change.reaches
                for address in addresses.get(reach.operation, ())
                for pattern in paths
            )
        ]
    return [
        change
        for change in changes
        if (not families or set(families) & set(change.families)) and (not only or change.severity in only)
    ]


def _write(report: Report, layout: Layout, form: str, output: Path | None) -> None:
    if output is None:
        width = min(max(shutil.get_terminal_size().columns, _NARROWEST), _WIDEST)
        click.echo(_text(report, layout, form, colour=sys.stdout.isatty(), width=width), nl=False)
        return
    try:
        replace_file(output, _text(report, layout, form, colour=False, width=_WIDEST))
    except FileError as error:
        click.echo(str(error), err=True)
        sys.exit(3)
    click.echo(f"{output}: {report.summary}", err=True)


def _text(report: Report, layout: Layout, form: str, *, colour: bool, width: int) -> str:
    match form:  # each imports what it is written with
        case "markdown":
            from connectgen.diff.formats.markdown import markdown

            return markdown(report, layout)
        case "json":
            from connectgen.diff.formats.json_ import json_text

            return json_text(report)
        case "html":
            from connectgen.diff.formats.html import html

            return html(report, layout)
        case "junit":
            from connectgen.diff.formats.junit import junit

            return junit(report)
        case "github":
            from connectgen.diff.formats.github import github

            return github(report)
        case _:
            from connectgen.diff.formats.terminal import terminal

            return terminal(report, layout, colour=colour, width=width)
