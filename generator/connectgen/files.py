"""Writes files whole or not at all: a reader finds the old content or the new one, whatever interrupts the run."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path


class FileError(OSError):
    """A file cannot be written; the message is one line that names it."""


def describe_failure(error: OSError, place: Path) -> str:
    """What the disk refused, in a line.

    Args:
        error: what was raised.
        place: what to name where the error names no file.
    """
    return f"{error.filename or place}: {error.strerror}" if error.strerror else str(error)


def replace_file(path: Path, content: str | bytes) -> None:
    """Put a file in place in one step, with the folders it needs.

    Args:
        path: the file.
        content: all that it is to hold; a text is written in UTF-8 with its line ends as they are.

    Raises:
        FileError: it cannot be written. A file that existed is unchanged.
    """
    data = content.encode() if isinstance(content, str) else content
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(0o644)
        os.replace(temporary, path)  # noqa: PTH105 (the one step that tests interrupt)
    except OSError as error:
        raise FileError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        if temporary:
            with contextlib.suppress(OSError):  # what keeps a file from being written may keep it from being removed
                temporary.unlink(missing_ok=True)


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Put several existing files in place: all of them, or none where the disk refuses one; each in one step.

    Args:
        contents: all that each is to hold. Its permissions stay.

    Raises:
        FileError: one cannot be written. The message says that nothing changed, or which files the disk kept from
            being put back.
    """
    temporaries: dict[Path, Path] = {}
    replaced: dict[Path, bytes] = {}
    path = Path()
    try:
        for path, data in contents.items():
            temporaries[path] = _beside(path, data)
        for path, temporary in temporaries.items():
            before = path.read_bytes()
            os.replace(temporary, path)  # noqa: PTH105 (the one step that tests interrupt)
            replaced[path] = before
    except BaseException as error:
        kept = [str(one) for one, before in replaced.items() if not _restored(one, before)]
        if not isinstance(error, OSError):
            raise
        ending = f"{', '.join(kept)} changed and could not be put back" if kept else "nothing was changed"
        raise FileError(f"{path}: cannot be written: {error.strerror or error}; {ending}") from error
    finally:
        for temporary in temporaries.values():
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _beside(path: Path, data: bytes) -> Path:
    """A file with the content, beside the one that it will replace."""
    mode = stat.S_IMODE(path.stat().st_mode)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(mode)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _restored(path: Path, data: bytes) -> bool:
    temporary: Path | None = None
    try:
        temporary = _beside(path, data)
        os.replace(temporary, path)  # noqa: PTH105
    except OSError:
        return False
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
    return True
