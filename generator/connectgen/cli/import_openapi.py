"""`connectgen import openapi`: reads a vendor's OpenAPI file into the catalogue, and asks what is left to decide."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from connectgen.cli.options import allow_change_option, catalogue_option, check_own_catalogue
from connectgen.cli.short_run import one_short_run
from connectgen.files import FileError
from connectgen.importer.answers import ACCEPTABLE
from connectgen.importer.checking import ImportFaultError
from connectgen.importer.openapi.document import SourceError
from connectgen.importer.openapi.importing import ImportRefusedError, ImportRequest, import_openapi
from connectgen.importer.past import UnknownNameError
from connectgen.importer.questions import CATALOGUE, Answer, Question, describe_choices, is_choice
from connectgen.importer.yaml_files import YamlFileError


def _release(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]{1,2}\.0", value):
        raise click.BadParameter(f"{value!r} is no API version; write it like 68.0")
    return int(value[:-2])


def ask_on_terminal(question: Question) -> Answer | None:
    """Ask a person one question; an empty line leaves it open."""
    click.echo(f"{question.where}: {question.text}")
    choices = ", ".join(question.choices)
    choice: str = click.prompt(f"  {choices} (Enter leaves it open)", default="", show_default=False).strip()
    while choice and not is_choice(question.kind, choice):
        click.echo(f"  {choice!r} is no answer; write {describe_choices(question.kind)}")
        choice = click.prompt("  again (Enter leaves it open)", default="", show_default=False).strip()
    if not choice:
        return None
    because = click.prompt("  because", default="", show_default=False) if choice == CATALOGUE else ""
    return Answer(choice, because or None)


@click.command("openapi")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--family", required=True, help="The family to which the file's operations belong, for example data360.")
@click.option(
    "--release", callback=_release, help="The version that the file describes; a new one enters releases.yaml."
)
@click.option("--complete", is_flag=True, help="All of the family is in the file: what it lacks has ended.")
@click.option("--new-family", is_flag=True, help="The family is new.")
@catalogue_option
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--diff", "show_diff", is_flag=True, help="Show the lines of the YAML files that change.")
@click.option("--report", "report_file", type=click.Path(path_type=Path), help="Write the full report to this file.")
@click.option(
    "--answers",
    "answers_file",
    type=click.Path(path_type=Path),
    help="Read answers from this file, and write all questions to it; --dry-run leaves one that exists as it is.",
)
@click.option(
    "--accept",
    multiple=True,
    type=click.Choice([*ACCEPTABLE]),
    help="Take all additions, ends or matches without a question each.",
)
@allow_change_option
@click.option("--ask/--no-ask", default=None, help="Ask on the terminal (default: where there is one).")
@one_short_run()
def openapi_command(
    file: Path,
    family: str,
    release: int | None,
    complete: bool,
    new_family: bool,
    catalogue: Path,
    dry_run: bool,
    show_diff: bool,
    report_file: Path | None,
    answers_file: Path | None,
    accept: tuple[str, ...],
    allow_changes: tuple[str, ...],
    ask: bool | None,
) -> None:
    """Read an OpenAPI FILE (3.0 or 3.1, YAML or JSON) into the catalogue.

    What is new is added, with the versions that the descriptions state. What a person decided is never overwritten; a
    difference is asked, and what older versions have does not change unless that is allowed by name. Nothing is
    fetched and no other file is opened.

    Exit code 0: done; 1: the file or the catalogue is at fault or the import was refused, nothing was written but the
    report and the questions; 2: wrong usage.
    """
    check_own_catalogue(catalogue)
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty() and not dry_run
    request = ImportRequest(
        file=file,
        family=family,
        spec_dir=catalogue,
        release=release,
        complete=complete,
        new_family=new_family,
        dry_run=dry_run,
        show_diff=show_diff,
        report_file=report_file,
        answers_file=answers_file,
        accept=accept,
        allow_changes=allow_changes,
        ask=ask_on_terminal if (on_terminal if ask is None else ask) else None,
    )
    try:
        for line in import_openapi(request):
            click.echo(line)
    except ImportRefusedError as error:
        for line in error.lines:
            click.echo(line)
        click.echo(str(error), err=True)
        sys.exit(1)
    except (SourceError, YamlFileError, FileError, ImportFaultError, UnknownNameError) as error:
        click.echo(str(error), err=True)
        sys.exit(2 if isinstance(error, UnknownNameError) else 1)
