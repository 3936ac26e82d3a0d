"""`connectgen validate`: every fault of the catalogue, each with file, line and remedy."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from connectgen.catalogue.loader import check_catalogue
from connectgen.catalogue.summary import summary
from connectgen.cli.options import catalogue_option, overlay_option
from connectgen.cli.short_run import one_short_run
from connectgen.counting import counted
from connectgen.locations import default_cache, relative


@click.command("validate")
@catalogue_option
@overlay_option
@click.option("--no-cache", is_flag=True, help="Read every file anew, whatever earlier runs remember.")
@one_short_run()
def validate_command(catalogue: Path, overlay: Path | None, no_cache: bool) -> None:
    """Check the whole catalogue and list every fault.

    Exit code 0: no fault; 1: faults, one a line with file, line and what to do.
    """
    loaded, faults = check_catalogue(catalogue, None if no_cache else default_cache(), overlay=overlay)
    for fault in faults:
        click.echo(str(fault))
    if faults or loaded is None:
        click.echo(f"{counted(len(faults), 'fault')} in {relative(catalogue)}", err=True)
        sys.exit(1)
    click.echo(f"{relative(catalogue)}: no faults in {summary(loaded)}")
