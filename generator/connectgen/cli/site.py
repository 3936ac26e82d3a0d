"""`connectgen site`: the reference of every version as pages."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from connectgen.catalogue.faults import CatalogueError
from connectgen.catalogue.loader import load_catalogue
from connectgen.cli.options import catalogue_option
from connectgen.cli.short_run import one_short_run
from connectgen.files import FileError
from connectgen.locations import default_cache, default_templates, relative
from connectgen.site.build import build


@click.command("site")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("dist/site"),
    show_default=True,
    help="The site's folder.",
)
@catalogue_option
@one_short_run()
def site_command(output: Path, catalogue: Path) -> None:
    """Write the reference of every version as a static site: no server and no network is needed to read it.

    Exit code 0: written; 1: the catalogue is at fault; 2: wrong usage; 3: the disk refused.
    """
    try:
        loaded = load_catalogue(catalogue, default_cache())
        done = build(loaded, default_templates(), output, f"{relative(catalogue).as_posix()}/")
    except CatalogueError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except FileError as error:
        click.echo(str(error), err=True)
        sys.exit(3)
    click.echo(
        f"{output}: {done.files} files, {done.size / 1e6:.1f} MB; {done.written} written, {done.removed} removed"
    )
