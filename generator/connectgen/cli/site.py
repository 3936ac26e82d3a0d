"""`connectgen site`: the reference of every version as pages."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from connectgen.catalogue.faults import CatalogueError
from connectgen.cli.options import catalogue_option, overlay_option
from connectgen.cli.short_run import one_short_run
from connectgen.counting import counted
from connectgen.files import FileError
from connectgen.locations import checkout, default_cache, default_templates, relative
from connectgen.site.build import build
from connectgen.site.inputs import Inputs
from connectgen.site.output import UnmanagedFolderError


@click.command("site")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("dist/site"),
    show_default=True,
    help="The site's folder.",
)
@click.option(
    "--docs",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A folder of Markdown files, the guides (default: docs/ beside the generator).",
)
@click.option("--no-cache", is_flag=True, help="Forget what earlier runs read and compared.")
@catalogue_option
@overlay_option
@one_short_run()
def site_command(output: Path, docs: Path | None, no_cache: bool, catalogue: Path, overlay: Path | None) -> None:
    """Write the reference of every version as a static site: to read it, neither a server nor a network is needed.

    Exit code 0: up to date now; 1: the catalogue is at fault; 2: wrong usage; 3: the disk refused.
    """
    root = checkout()
    docs = docs or (root / "docs" if root and (root / "docs").is_dir() else None)
    name = f"{relative(catalogue).as_posix()}/"
    cache = None if no_cache else default_cache()
    try:
        built = build(Inputs(catalogue, overlay, default_templates(), docs, cache, output, name))
    except CatalogueError as error:
        click.echo(f"{error}\n{counted(len(error.faults), 'fault')} in {catalogue}; nothing was written", err=True)
        sys.exit(1)
    except UnmanagedFolderError as error:
        raise click.BadParameter(str(error), param_hint="--output") from None
    except FileError as error:
        click.echo(f"{error}; nothing half-written is left, and the next run goes on", err=True)
        sys.exit(3)
    click.echo(
        f"{output}: {counted(built.files, 'file')}, {built.size / 1e6:.1f} MB; "
        f"{built.written} written, {built.removed} removed"
    )
