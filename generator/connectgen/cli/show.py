"""`connectgen show`: an entry of the catalogue with everything filled in, and where each inherited fact is written."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from connectgen.catalogue.faults import CatalogueError
from connectgen.catalogue.loader import load_catalogue
from connectgen.catalogue.model import FOREVER
from connectgen.cli.options import catalogue_option
from connectgen.cli.short_run import one_short_run
from connectgen.cli.versions import version_number
from connectgen.locations import default_cache
from connectgen.show.entries import UnknownEntryError, find
from connectgen.show.text import lines_of


@click.command("show")
@click.argument("name")
@click.option("--at", "at", metavar="VERSION", help="Only what holds at this version (67.0).")
@catalogue_option
@one_short_run()
def show_command(name: str, at: str | None, catalogue: Path) -> None:
    """Show an entry of the catalogue with everything filled in.

    NAME is a Type, a Type.property, an Enumeration or a family.group.operation. What the entry itself does not say, but
    its file's defaults or parameters, its type, GET or an enumeration, has its file and line behind it.

    Exit code 0: shown; 1: there is no such entry, or the catalogue is at fault; 2: wrong usage.
    """
    try:
        loaded = load_catalogue(catalogue, default_cache())
        version = version_number(at) if at else None
        if version is not None and version not in loaded.versions:
            raise click.BadParameter(f"there is no version {at}", param_hint="--at")
        entry = find(loaded, catalogue, name)
    except CatalogueError as error:
        click.echo(f"{error}\nthe catalogue has faults: fix them first", err=True)
        sys.exit(1)
    except UnknownEntryError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    if version is not None and version not in entry.span:
        until = f" until {entry.span.until}.0" if entry.span.until < FOREVER else ""
        since = f" since {entry.span.since}.0" if entry.span.since else ""
        click.echo(f"{entry.title} is not in {version}.0: it exists{since}{until}", err=True)
        sys.exit(1)
    for line in lines_of(entry, loaded, version):
        click.echo(line)
