"""A version as people write it on the command line."""

from __future__ import annotations

import re

import click


def version_number(version: str) -> int:
    """A version from the command line, 67.0, as a whole number.

    Raises:
        click.UsageError: it is not written so.
    """
    if not re.fullmatch(r"[1-9][0-9]{1,2}\.0", version):
        raise click.UsageError(f"{version!r} is no API version; write it like 67.0")
    return int(version[:-2])
