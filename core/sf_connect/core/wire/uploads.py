"""Files to send, and the multipart body that streams them, never whole in memory."""

from __future__ import annotations

import io
import os
import re
import secrets
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    Callable,
    Collection,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, cast

import msgspec

_PIECE = 256 * 1024
_WHOLE = (bytes, bytearray, memoryview)
_READABLE = (*_WHOLE, str, os.PathLike, Iterable, AsyncIterable)
_END = object()
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send.

    Args:
        content: the bytes, a path, a file object opened for reading bytes, or an iterator of pieces (plain or, with an
            asynchronous client, async). An iterator can be sent only once, so its call is not retried.
        filename: its name on the server; by default, the name of the path, or `file`.
        content_type: its media type.
        length: the number of bytes, for an iterator whose length you know; without it, the body is sent in chunks
            without a length, which not every server accepts.
        progress: called after each piece with the number of bytes sent and the total, None where unknown. A retry
            starts again at zero.
    """

    content: (
        bytes | bytearray | memoryview | str | os.PathLike[str] | BinaryIO | Iterable[bytes] | AsyncIterable[bytes]
    ) = field(repr=False)
    filename: str = ""
    content_type: str = "application/octet-stream"
    length: int | None = None
    progress: Callable[[int, int | None], object] | None = field(default=None, repr=False)
    _begun: list[bool] = field(default_factory=list[bool], init=False, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The file name to send."""
        return self.filename or (Path(self.content).name if isinstance(self.content, str | os.PathLike) else "file")

    @property
    def size(self) -> int | None:
        """The number of bytes; None where it is only known after reading.

        Raises:
            OSError: there is no such file.
            TypeError: the content cannot be read.
            ValueError: it is an iterator that was read before, so that only the rest would be sent.
        """
        self._check()
        if isinstance(self.content, _WHOLE):
            return memoryview(self.content).nbytes
        if isinstance(self.content, str | os.PathLike):
            return Path(self.content).stat().st_size
        if (file := _seekable(self.content)) is not None:
            here = file.tell()
            end = file.seek(0, io.SEEK_END)
            file.seek(here)
            return end - here
        return self.length

    @property
    def repeatable(self) -> bool:
        """Whether the content can be read again."""
        return isinstance(self.content, (*_WHOLE, str, os.PathLike)) or _seekable(self.content) is not None

    def pieces(self, size: int | None = None, limit: int | None = None) -> Iterator[bytes]:
        """The content in pieces.

        Args:
            size: the number of bytes that was announced.
            limit: the most bytes that may be sent.

        Raises:
            TypeError: a piece is not bytes, or the content is an async iterator, which needs an asynchronous client.
            ValueError: there are more or fewer bytes than announced, or more than allowed.
        """
        meter = _Meter(self, size, limit)
        for piece in self._read():
            yield meter.count(piece)
            meter.report()
        meter.end()

    async def apieces(self, size: int | None = None, limit: int | None = None) -> AsyncGenerator[bytes, None]:
        """The content in pieces, as `pieces`, read in a thread so that the event loop is not blocked."""
        meter = _Meter(self, size, limit)
        async with aclosing(self._aread()) as read:  # closes it now rather than at some later time
            async for piece in read:
                yield meter.count(piece)
                meter.report()
        meter.end()

    def _check(self) -> None:
        content = cast("object", self.content)  # callers may be untyped
        if not isinstance(content, _READABLE) and not hasattr(content, "read"):
            raise TypeError(
                "an upload takes bytes, a path, a file opened for reading bytes, or an iterator of bytes, "
                f"not {type(content).__name__}"
            )
        if self._begun and not self.repeatable and not isinstance(content, Collection):
            raise ValueError(
                f"the content of {self.name!r} was read before and cannot be read again: create a new Upload"
            )

    def _read(self) -> Generator[bytes, None, None]:
        self._begun[:] = [True]
        content = self.content
        if isinstance(content, _WHOLE):
            whole = memoryview(content).cast("B")
            for start in range(0, len(whole), _PIECE):
                yield bytes(whole[start : start + _PIECE])
        elif isinstance(content, AsyncIterable):
            raise TypeError("an async iterator can only be uploaded by an asynchronous client")
        elif isinstance(content, str | os.PathLike):
            with Path(content).open("rb") as file:
                yield from _read(file)
        elif hasattr(content, "read"):
            yield from _read(cast("BinaryIO", content))
        else:
            yield from content

    async def _aread(self) -> AsyncGenerator[bytes, None]:
        if isinstance(self.content, AsyncIterable):
            self._begun[:] = [True]
            async for piece in self.content:
                yield piece
            return
        pieces = self._read()
        if isinstance(self.content, _WHOLE):
            for piece in pieces:
                yield piece
            return
        import asyncio  # late: groups import this module, and asyncio is slow to import

        reader = _Reader(pieces)
        try:
            while (read := await asyncio.to_thread(reader.next)) is not _END:
                yield cast("bytes", read)
        finally:
            reader.close()


class _Reader:
    """Reads pieces in a thread; can be closed meanwhile, as when the call is cancelled: the thread then closes them."""

    def __init__(self, pieces: Generator[bytes, None, None]) -> None:
        self._pieces = pieces
        self._reading = Lock()
        self._closed = False

    def next(self) -> object:
        """The next piece, `_END` after the last."""
        try:
            with self._reading:
                return next(self._pieces, _END)
        finally:
            if self._closed:
                self.close()

    def close(self) -> None:
        """Close the pieces, now or when the thread has read the one that it is reading; never waits for it."""
        self._closed = True  # before the lock is tried: a thread that ends in between sees it
        if self._reading.acquire(blocking=False):
            try:
                self._pieces.close()
            finally:
                self._reading.release()


class _Meter:
    """Counts the bytes that are sent, checks them against the announced size and the limit, and reports progress."""

    def __init__(self, upload: Upload, size: int | None, limit: int | None) -> None:
        self._name = upload.name
        self._progress = upload.progress
        self._size = size
        self._limit = limit
        self._sent = 0

    def count(self, piece: object) -> bytes:
        """Count a piece; it as bytes."""
        if isinstance(piece, bytearray | memoryview):
            piece = bytes(cast("Any", piece))
        if not isinstance(piece, bytes):
            raise TypeError(
                f"the content of {self._name!r} yields {type(piece).__name__}, not bytes: open it in mode 'rb'"
            )
        self._sent += len(piece)
        if self._size is not None and self._sent > self._size:
            raise ValueError(f"the content of {self._name!r} has more bytes than the {self._size} announced")
        if self._limit is not None and self._sent > self._limit:
            raise ValueError(f"the content of {self._name!r} has more than the {self._limit} bytes allowed")
        return piece

    def report(self) -> None:
        """Report the progress."""
        if self._progress is not None:
            self._progress(self._sent, self._size)

    def end(self) -> None:
        """Check that the content was as long as announced."""
        if self._size is not None and self._sent < self._size:
            raise ValueError(f"the content of {self._name!r} ended after {self._sent} of {self._size} bytes")


def _seekable(content: object) -> BinaryIO | None:
    file = cast("BinaryIO", content)
    is_file = hasattr(content, "read") and hasattr(content, "seekable") and not isinstance(content, AsyncIterable)
    return file if is_file and file.seekable() else None


def _read(file: BinaryIO) -> Iterator[bytes]:
    start = file.tell() if _seekable(file) is not None else None
    try:
        while piece := file.read(_PIECE):
            yield piece
    finally:
        if start is not None and not file.closed:
            file.seek(start)  # so that a retry sends the same bytes


def limit_of(limits: Mapping[str, int], name: str) -> int | None:
    """The most bytes that a part may have; `*` stands for parts whose names the caller chooses."""
    return limits.get(name, limits.get("*"))


class Multipart(msgspec.Struct, frozen=True):
    """A body of parts: text (`(name, bytes, content type)`) first, then files (`(name, Upload)`)."""

    texts: Sequence[tuple[str, bytes, str]]
    files: Sequence[tuple[str, Upload]]
    boundary: str = msgspec.field(default_factory=lambda: secrets.token_hex(16))
    limits: Mapping[str, int] = msgspec.field(default_factory=dict[str, int])

    @property
    def content_type(self) -> str:
        """The body's Content-Type."""
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def repeatable(self) -> bool:
        """Whether the body can be sent again."""
        return all(upload.repeatable for _, upload in self.files)

    @property
    def length(self) -> int | None:
        """The number of bytes of the whole body; None where the size of a file is not known."""
        total = len(self._end())
        for name, content, content_type in self.texts:
            total += len(self._head(name, None, content_type)) + len(content) + 2
        for name, upload in self.files:
            if (size := upload.size) is None:
                return None
            total += len(self._head(name, upload.name, upload.content_type)) + size + 2
        return total

    def chunks(self) -> Generator[bytes, None, None]:
        """The body in pieces."""
        yield self._opening()
        for name, upload in self.files:
            yield self._head(name, upload.name, upload.content_type)
            yield from upload.pieces(upload.size, limit_of(self.limits, name))
            yield b"\r\n"
        yield self._end()

    async def achunks(self) -> AsyncGenerator[bytes, None]:
        """The body in pieces, for an asynchronous client."""
        yield self._opening()
        for name, upload in self.files:
            yield self._head(name, upload.name, upload.content_type)
            async with aclosing(upload.apieces(upload.size, limit_of(self.limits, name))) as pieces:
                async for piece in pieces:
                    yield piece
            yield b"\r\n"
        yield self._end()

    def _opening(self) -> bytes:
        return b"".join(
            self._head(name, None, content_type) + content + b"\r\n" for name, content, content_type in self.texts
        )

    def _head(self, name: str, filename: str | None, content_type: str) -> bytes:
        disposition = f'form-data; name="{_quoted(name)}"'
        if filename is not None:
            disposition += f'; filename="{_quoted(filename)}"'
        lines = (
            f"--{self.boundary}",
            f"Content-Disposition: {disposition}",
            f"Content-Type: {_CONTROL.sub('', content_type)}",
        )
        return "\r\n".join((*lines, "", "")).encode()

    def _end(self) -> bytes:
        return f"--{self.boundary}--\r\n".encode()


def _quoted(name: str) -> str:
    """A name as browsers write it into a part's header."""
    return _CONTROL.sub(lambda found: f"%{ord(found[0]):02X}", name).replace('"', "%22")
