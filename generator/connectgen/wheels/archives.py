"""Compares two wheels or two source distributions by what they hold, not by how they are packed."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from connectgen.wheels.code import code_hash, is_text

MOST_BYTES = 200_000_000
"""How much an archive may hold, decompressed; the largest of ours holds a tenth of that."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How two archives of the same name differ in what they hold.

    Attributes:
        text: in a few words; empty where they hold the same.
        words_only: whether only docstrings, comments, README and CHANGELOG differ.
    """

    text: str
    words_only: bool = False


def difference(one: Path, other: Path) -> Difference:
    """How two archives of the same name differ.

    The name of the build tool in a wheel, and the list of hashes that covers it, do not count.
    """
    try:
        first, second = _members(one), _members(other)
    except _TooLargeError:
        return Difference(f"the file there holds more than {MOST_BYTES:,} bytes, decompressed")
    except (OSError, zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, ValueError, RuntimeError):
        return Difference("the file there cannot be read")
    names = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    if not names:
        return Difference("")
    words_only = all(_code(name, first.get(name)) == _code(name, second.get(name)) for name in names)
    if words_only:
        return Difference("only words in it differ", words_only=True)
    shown = f"{len(names)} file{'s' if len(names) != 1 else ''} in it differ{'s' if len(names) == 1 else ''}"
    return Difference(f"{shown}, as {names[0]}")


def _code(name: str, data: bytes | None) -> bytes | None:
    """What of a file counts; None where words alone are in it, or where it does not exist."""
    path = PurePosixPath(name)
    if data is None or (len(path.parts) == 2 and is_text(path.name)):
        return None
    if path.name in ("METADATA", "PKG-INFO") and len(path.parts) == 2:
        return data.partition(b"\n\n")[0]  # behind the headers is the README
    return code_hash(path.name, data)


class _TooLargeError(Exception):
    """An archive becomes too large when it is decompressed."""


def _decompressed(path: Path) -> io.BytesIO:
    """A tar archive without its compression."""
    with gzip.open(path) as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _TooLargeError
    return io.BytesIO(data)


def _members(path: Path) -> dict[str, bytes]:
    if path.name.endswith(".whl"):
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > MOST_BYTES:
                raise _TooLargeError
            members = {name: archive.read(name) for name in archive.namelist()}
    else:
        with tarfile.open(fileobj=_decompressed(path)) as archive:
            files = [member for member in archive if member.isfile()]
            members = {member.name: archive.extractfile(member).read() for member in files}  # type: ignore[union-attr]
    return {
        name: re.sub(rb"(?m)^Generator: .*$", b"", data) if name.endswith(".dist-info/WHEEL") else data
        for name, data in members.items()
        if not name.endswith(".dist-info/RECORD")
    }
