"""`connectgen report`: the catalogue in figures, and everything in it that is open, unsure or corrected."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from connectgen.catalogue.faults import CatalogueError
from connectgen.catalogue.loader import load_catalogue
from connectgen.cli.options import catalogue_option
from connectgen.cli.short_run import one_short_run
from connectgen.files import FileError, replace_file
from connectgen.importer.guide.coverage import coverage
from connectgen.importer.guide.reader import GuideError, NoGuideError
from connectgen.locations import default_cache
from connectgen.report.markdown import report


@click.command("report")
@catalogue_option
@click.option(
    "--guide",
    type=click.Path(path_type=Path),
    metavar="DIRECTORY",
    help="The folder with the guide's pages, to list which of them the catalogue holds.",
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@one_short_run()
def report_command(catalogue: Path, guide: Path | None, output: Path | None) -> None:
    """Report what the catalogue holds, as Markdown: figures by family and version, and every note.

    Exit code 0: written; 1: the catalogue or the guide cannot be read; 2: wrong usage; 3: the disk refused.
    """
    try:
        loaded = load_catalogue(catalogue, default_cache())
        text = report(loaded, coverage(loaded, guide) if guide else None)
    except NoGuideError as error:
        raise click.BadParameter(str(error), param_hint="--guide") from None
    except (CatalogueError, GuideError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        replace_file(output, text)
    except FileError as error:
        click.echo(str(error), err=True)
        sys.exit(3)
    click.echo(f"{output}: written")
