"""`connectgen import openapi`: reads a vendor's OpenAPI file into the catalogue."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from connectgen.cli.options import catalogue_option
from connectgen.files import FileError
from connectgen.importer.openapi.document import SourceError
from connectgen.importer.openapi.importing import ImportFaultError, ImportRequest, import_openapi
from connectgen.importer.yaml_files import YamlFileError


def _release(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]{1,2}\.0", value):
        raise click.BadParameter(f"{value!r} is no API version; write it like 68.0")
    return int(value[:-2])


@click.command("openapi")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--family", required=True, help="The family to which the file's operations belong, for example data360.")
@click.option(
    "--release", callback=_release, help="The version that the file describes; a new one enters releases.yaml."
)
@click.option("--complete", is_flag=True, help="The file has all of the family: what it lacks has ended.")
@click.option("--new-family", is_flag=True, help="The family is new.")
@catalogue_option
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--report", "report_file", type=click.Path(path_type=Path), help="Write the full report to this file.")
def openapi_command(
    file: Path,
    family: str,
    release: int | None,
    complete: bool,
    new_family: bool,
    catalogue: Path,
    dry_run: bool,
    report_file: Path | None,
) -> None:
    """Read an OpenAPI FILE (3.0 or 3.1, YAML or JSON) into the catalogue.

    What is new is added, with the versions that the descriptions name. What a person decided is never overwritten; a
    difference is asked. Nothing is fetched and no other file is opened.

    Exit code 0: done; 1: the file or the catalogue is at fault, nothing was written; 2: wrong usage.
    """
    if not catalogue.is_dir():
        raise click.UsageError(f"{catalogue}: is no folder; name the catalogue's folder with --catalogue")
    request = ImportRequest(
        file=file,
        family=family,
        spec_dir=catalogue,
        release=release,
        complete=complete,
        new_family=new_family,
        dry_run=dry_run,
        report_file=report_file,
    )
    try:
        for line in import_openapi(request):
            click.echo(line)
    except (SourceError, YamlFileError, FileError, ImportFaultError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
