"""`connectgen import`: reads a source into the catalogue."""

from __future__ import annotations

import click

from connectgen.cli.import_guide import guide_command
from connectgen.cli.import_openapi import openapi_command


@click.group("import")
def import_command() -> None:
    """Read a source into the catalogue: it adds what is new and never overwrites what a person decided."""


import_command.add_command(guide_command, "guide")
import_command.add_command(openapi_command, "openapi")
