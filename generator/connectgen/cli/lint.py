"""`connectgen lint`: what could be better in a valid catalogue, each finding with its rule, file, line and remedy."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from connectgen.catalogue.faults import CatalogueError
from connectgen.catalogue.loader import load_catalogue
from connectgen.cli.options import catalogue_option
from connectgen.cli.short_run import one_short_run
from connectgen.counting import counted
from connectgen.lint.all_rules import RULES
from connectgen.lint.rules import lint
from connectgen.locations import default_cache, relative

_BY_ID = {rule.id: rule for rule in RULES}


@click.command("lint")
@catalogue_option
@click.option("--family", "families", multiple=True, help="Only findings in files of this family; may be repeated.")
@click.option(
    "--rule",
    "ids",
    multiple=True,
    type=click.Choice(sorted(_BY_ID)),
    metavar="RULE",
    help="Only this rule; may be repeated.",
)
@click.option("--warnings", "with_warnings", is_flag=True, help="List warnings too, which count as nothing found.")
@click.option("--rules", "list_rules", is_flag=True, help="List the rules and what they ask for.")
@one_short_run()
def lint_command(
    catalogue: Path, families: tuple[str, ...], ids: tuple[str, ...], with_warnings: bool, list_rules: bool
) -> None:
    """List what could be better in a valid catalogue.

    Rules about descriptions only warn in a family until spec/families.yaml calls it described.

    Exit code 0: nothing, or warnings alone; 1: findings, or the catalogue is at fault; 2: wrong usage.
    """
    if list_rules:
        for rule in RULES:
            click.echo(f"{rule.id}: {rule.explanation}")
        return
    try:
        loaded = load_catalogue(catalogue, default_cache())
    except CatalogueError as error:
        click.echo(f"{error}\nthe catalogue has faults: fix them first", err=True)
        sys.exit(1)
    known = sorted({group.family for group in loaded.groups})
    for family in families:
        if family not in known:
            raise click.BadParameter(f"there is no family {family}: {', '.join(known)}", param_hint="--family")
    chosen = [_BY_ID[name] for name in ids] or RULES
    found = [one for one in lint(loaded, chosen) if not families or one.family in families]
    findings = [one for one in found if not one.is_warning]
    warnings = [one for one in found if one.is_warning]
    for one in [*findings, *(warnings if with_warnings else [])]:
        click.echo(str(one))
    for name, count in sorted(Counter(one.rule.id for one in findings).items()):
        click.echo(f"{count} × {name}", err=True)
    for name, count in (sorted(Counter(one.rule.id for one in warnings).items()) if with_warnings else ()):
        click.echo(f"{count} × {name} (warning)", err=True)
    if findings:
        sys.exit(1)
    further = f"; {counted(len(warnings), 'warning')}" if warnings else ""
    click.echo(f"{relative(catalogue)}: nothing found by {counted(len(chosen), 'rule')}{further}")
