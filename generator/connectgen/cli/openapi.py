"""`connectgen openapi`: versions of the API as OpenAPI documents."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from connectgen.cli.short_run import one_short_run
from connectgen.cli.versions import version_number
from connectgen.counting import counted
from connectgen.files import FileError, replace_file
from connectgen.locations import default_cache, default_catalogue


@click.command("openapi")
@click.argument("versions", nargs=-1, metavar="VERSION...")
@click.option("--all", "every", is_flag=True, help="All versions; --output is then a folder.")
@click.option(
    "--format", "form", type=click.Choice(["json", "yaml"]), help="json by default; what --output ends in otherwise."
)
@click.option("--output", type=click.Path(path_type=Path), help="The file; a folder for several versions. [default: -]")
@click.option(
    "--catalogue",
    type=click.Path(path_type=Path, file_okay=False),
    default=default_catalogue,
    help="The catalogue's folder (default: spec/ beside the generator).",
)
@click.option("--no-cache", is_flag=True, help="Read every file of the catalogue anew.")
@one_short_run()
def openapi_command(
    versions: tuple[str, ...], every: bool, form: str | None, output: Path | None, catalogue: Path, no_cache: bool
) -> None:
    """Write a VERSION (67.0) of the API as an OpenAPI 3.1 document.

    Exit code 0: written; 1: the catalogue is at fault; 2: wrong usage; 3: the disk refused.
    """
    from connectgen.catalogue.faults import CatalogueError
    from connectgen.catalogue.loader import load_catalogue
    from connectgen.openapi.document import openapi_document
    from connectgen.openapi.text import document_text
    from connectgen.resolver import UnknownVersionError, surface_at

    if bool(versions) == every:
        raise click.UsageError("name the versions, like 67.0, or give --all")
    numbers = [version_number(version) for version in dict.fromkeys(versions)]
    try:
        loaded = load_catalogue(catalogue, None if no_cache else default_cache())
    except CatalogueError as error:
        click.echo(f"{error}\n{counted(len(error.faults), 'fault')} in {catalogue}; nothing was written", err=True)
        sys.exit(1)
    numbers = list(loaded.versions) if every else numbers
    several = every or len(numbers) > 1
    if several and (output is None or output.is_file()):
        raise click.UsageError("several versions need a folder: give it with --output")
    if form is None:
        form = "yaml" if output is not None and output.suffix in (".yaml", ".yml") else "json"
    try:
        surfaces = [surface_at(loaded, number) for number in numbers]
    except UnknownVersionError as error:
        raise click.UsageError(str(error)) from None
    for surface in surfaces:
        text = document_text(openapi_document(surface), "yaml" if form == "yaml" else "json")
        if output is None:
            click.echo(text, nl=False)
            continue
        try:
            replace_file(output / f"connect-{surface.version}.0.{form}" if several else output, text)
        except FileError as error:
            click.echo(f"{error}; nothing half-written is left", err=True)
            sys.exit(3)
    if output is not None:
        click.echo(f"{output}: {counted(len(surfaces), 'document')} written")
