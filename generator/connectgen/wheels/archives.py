"""Compares two wheels or two source distributions by what they hold, not by how they are packed."""

from __future__ import annotations

import re
import tarfile
import zipfile
from pathlib import Path


def difference(one: Path, other: Path) -> str:
    """How two archives of the same name differ in what they hold, in a few words; empty where they hold the same.

    The name of the build tool in a wheel, and the list of hashes that covers it, do not count.
    """
    try:
        first, second = _members(one), _members(other)
    except (OSError, zipfile.BadZipFile, tarfile.TarError, EOFError):
        return "the file there cannot be read"
    names = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    if not names:
        return ""
    return (
        f"{len(names)} file{'s' if len(names) != 1 else ''} in it differ{'s' if len(names) == 1 else ''}, as {names[0]}"
    )


def _members(path: Path) -> dict[str, bytes]:
    if path.name.endswith(".whl"):
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    else:
        with tarfile.open(path) as archive:
            files = [member for member in archive if member.isfile()]
            members = {member.name: archive.extractfile(member).read() for member in files}  # type: ignore[union-attr]
    return {
        name: re.sub(rb"(?m)^Generator: .*$", b"", data) if name.endswith(".dist-info/WHEEL") else data
        for name, data in members.items()
        if not name.endswith(".dist-info/RECORD")
    }
