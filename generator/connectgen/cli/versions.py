"""How commands read an API version from the command line."""

from __future__ import annotations

import re

import click


def version_number(version: str) -> int:
    """67 for `67.0`.

    Raises:
        UsageError: it is no API version.
    """
    if not re.fullmatch(r"[1-9][0-9]{1,2}\.0", version):
        raise click.UsageError(f"{version!r} is no API version; write it like 67.0")
    return int(version[:-2])
