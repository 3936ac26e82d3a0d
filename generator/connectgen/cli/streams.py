"""The standard streams of a command: they take any text, and an error of theirs names the stream as a file's does."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Any, NoReturn

import click

_NAMES = {"stdout": "standard output", "stderr": "standard error"}


class _Descriptor(io.FileIO):
    def __init__(self, descriptor: int, called: str) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self._called = called

    def write(self, data: Any) -> int | None:  # type: ignore[override]  # as typeshed has it for each Python
        try:
            return super().write(data)
        except OSError as error:
            error.filename = self._called
            raise


def prepare_streams() -> None:
    """Let both streams escape what their encoding lacks, or a path has that is no text, and name themselves."""
    for attribute, called in _NAMES.items():
        stream: Any = getattr(sys, attribute)
        if not isinstance(stream, io.TextIOWrapper):
            continue
        stream.reconfigure(errors="backslashreplace")
        if stream is not getattr(sys, f"__{attribute}__") or stream.isatty():
            continue  # nothing that a disk could refuse
        named: Any = _Descriptor(stream.fileno(), called)
        text = io.TextIOWrapper(
            named if stream.write_through else io.BufferedWriter(named),  # PYTHONUNBUFFERED leaves the buffer out
            encoding=stream.encoding,
            errors=stream.errors,
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )
        setattr(sys, attribute, text)


def is_of_stream(error: OSError) -> bool:
    """Whether it was a standard stream that could not be written."""
    return error.filename in _NAMES.values()


def end_for(error: OSError) -> NoReturn:
    """Report in a line that a standard stream cannot be written, and end."""
    with contextlib.suppress(OSError):  # standard error may be as full
        click.echo(f"{error.filename}: {error.strerror}", err=True)
    sys.exit(3)


def drop_what_is_left() -> None:
    """Drop what a stream still holds and cannot write: the interpreter would complain of it at its end."""
    for attribute in _NAMES:
        stream: Any = getattr(sys, attribute)
        if stream is None:  # it was closed before Python began
            continue
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
