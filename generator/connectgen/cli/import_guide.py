"""`connectgen import guide`: reads the guide's pages into the catalogue."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from connectgen.cli.options import allow_change_option, catalogue_option, check_own_catalogue
from connectgen.cli.short_run import one_short_run
from connectgen.files import FileError
from connectgen.importer.checking import ImportFaultError
from connectgen.importer.guide.importing import GuideImport, import_guide
from connectgen.importer.guide.reader import GuideError, NoGuideError
from connectgen.importer.past import UnknownNameError
from connectgen.importer.yaml_files import YamlFileError


@click.command("guide")
@click.argument("directory", type=click.Path(path_type=Path))
@catalogue_option
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--report", "report_file", type=click.Path(path_type=Path), help="Write the full report to this file.")
@click.option(
    "--accept-changes",
    is_flag=True,
    help="Where a fact differs from the source and nobody noted why, take the source's.",
)
@allow_change_option
@click.option(
    "--accept", multiple=True, type=click.Choice(["additions"]), help="Older versions may have all that is only added."
)
@one_short_run()
def guide_command(
    directory: Path,
    catalogue: Path,
    dry_run: bool,
    report_file: Path | None,
    accept_changes: bool,
    allow_changes: tuple[str, ...],
    accept: tuple[str, ...],
) -> None:
    """Read the guide's pages in DIRECTORY into the catalogue.

    New resources, operations, parameters, types and properties are added. What a person decided is never overwritten:
    a difference is asked, and a correction stays while the source still says what was corrected. What older versions
    have does not change unless that is allowed.

    Exit code 0: done; 1: a page or the catalogue is at fault or the import was refused, nothing was written but the
    report; 2: wrong usage.
    """
    check_own_catalogue(catalogue)
    request = GuideImport(
        directory=directory,
        spec_dir=catalogue,
        dry_run=dry_run,
        report_file=report_file,
        accept_changes=accept_changes,
        allow_changes=allow_changes,
        accept_additions="additions" in accept,
    )
    try:
        for line in import_guide(request):
            click.echo(line)
    except (GuideError, YamlFileError, FileError, ImportFaultError, UnknownNameError) as error:
        click.echo(str(error), err=True)
        sys.exit(2 if isinstance(error, NoGuideError | UnknownNameError) else 1)
