"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path

import click

from connectgen.locations import checkout, default_catalogue

overlay_option = click.option(
    "--overlay",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIRECTORY",
    help="A folder with corrections and additions in the same format, laid over the catalogue.",
)
catalogue_option = click.option(
    "--catalogue",
    type=click.Path(path_type=Path, file_okay=False),
    default=default_catalogue,
    help="The catalogue's folder (default: spec/ beside the generator).",
)
allow_change_option = click.option(
    "--allow-change",
    "allow_changes",
    multiple=True,
    metavar="NAME",
    help="What may change in older versions: family.group.operation, Type or Type.property.",
)


def check_own_catalogue(folder: Path) -> None:
    """Refuse a catalogue that an import must not change: none, or the one inside an installed package.

    Args:
        folder: the catalogue's folder.

    Raises:
        UsageError: it is no folder, or belongs to the installed package.
    """
    if not folder.is_dir():
        raise click.UsageError(f"{folder}: is no folder; name the catalogue's folder with --catalogue")
    if checkout() is None and folder.resolve() == default_catalogue().resolve():
        raise click.UsageError(
            "this connectgen was installed from a package, whose catalogue an import does not change; in a checkout,"
            " use .venv/bin/connectgen (make setup), or name the catalogue's folder with --catalogue"
        )
