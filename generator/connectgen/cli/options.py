"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path

import click

from connectgen.locations import default_catalogue

catalogue_option = click.option(
    "--catalogue",
    type=click.Path(path_type=Path, file_okay=False),
    default=default_catalogue,
    help="The catalogue's folder (default: spec/ beside the generator).",
)
