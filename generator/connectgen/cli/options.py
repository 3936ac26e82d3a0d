"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path

import click

from connectgen.locations import default_catalogue

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
