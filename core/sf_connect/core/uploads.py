"""Binary content to send, and the multipart body that carries it, in pieces and never whole in memory."""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

_PIECE = 256 * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send.

    Args:
        content: the bytes, a path, a file object opened for reading bytes, or an iterator of pieces (plain or, with an
            asynchronous client, async). A call with an iterator is not repeated when it fails.
        filename: its name on the server; a path's own name by default.
        content_type: its media type.
    """

    content: bytes | Path | BinaryIO | Iterable[bytes] | AsyncIterable[bytes] = field(repr=False)
    filename: str = ""
    content_type: str = "application/octet-stream"

    @property
    def name(self) -> str:
        """The file name to send."""
        if self.filename:
            return self.filename
        return self.content.name if isinstance(self.content, Path) else "file"

    @property
    def size(self) -> int | None:
        """The number of bytes, None where only reading would tell."""
        if isinstance(self.content, bytes):
            return len(self.content)
        if isinstance(self.content, Path):
            return self.content.stat().st_size
        if (file := _seekable(self.content)) is not None:
            here = file.tell()
            end = file.seek(0, io.SEEK_END)
            file.seek(here)
            return end - here
        return None

    @property
    def repeatable(self) -> bool:
        """Whether the content can be read once more."""
        return isinstance(self.content, bytes | Path) or _seekable(self.content) is not None

    def pieces(self) -> Iterator[bytes]:
        """The content in pieces.

        Raises:
            TypeError: the content is an async iterator, which needs an asynchronous client.
        """
        content = self.content
        if isinstance(content, bytes):
            yield content
        elif isinstance(content, Path):
            with content.open("rb") as file:
                yield from _read(file)
        elif hasattr(content, "read"):
            yield from _read(cast("BinaryIO", content))
        elif isinstance(content, Iterable):
            yield from content
        else:
            raise TypeError("an async iterator can only be uploaded by an asynchronous client")

    async def apieces(self) -> AsyncIterator[bytes]:
        """The content in pieces, read in a thread so that the event loop goes on."""
        if isinstance(self.content, AsyncIterable):
            async for piece in self.content:
                yield piece
            return
        import asyncio  # late: groups import this module, and asyncio is slow to import

        pieces = self.pieces()
        while True:
            read: bytes | None = await asyncio.to_thread(_next, pieces)
            if read is None:
                return
            yield read


def _next(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)


def _seekable(content: object) -> BinaryIO | None:
    file = cast("BinaryIO", content)
    return file if hasattr(content, "read") and hasattr(content, "seekable") and file.seekable() else None


def _read(file: BinaryIO) -> Iterator[bytes]:
    start = file.tell() if _seekable(file) is not None else None
    try:
        while piece := file.read(_PIECE):
            yield piece
    finally:
        if start is not None and not file.closed:
            file.seek(start)  # so that a repeated call sends the same


@dataclass(frozen=True, slots=True)
class Multipart:
    """A body of parts: text (`(name, bytes, content type)`) first, then files (`(name, Upload)`)."""

    texts: Sequence[tuple[str, bytes, str]]
    files: Sequence[tuple[str, Upload]]
    boundary: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def content_type(self) -> str:
        """The header of the whole."""
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def repeatable(self) -> bool:
        """Whether the body can be sent once more."""
        return all(upload.repeatable for _, upload in self.files)

    @property
    def length(self) -> int | None:
        """The number of bytes of the whole body, None where a file's is not known."""
        total = len(self._end())
        for name, content, content_type in self.texts:
            total += len(self._head(name, None, content_type)) + len(content) + 2
        for name, upload in self.files:
            if (size := upload.size) is None:
                return None
            total += len(self._head(name, upload.name, upload.content_type)) + size + 2
        return total

    def chunks(self) -> Iterator[bytes]:
        """The body in pieces."""
        yield self._opening()
        for name, upload in self.files:
            yield self._head(name, upload.name, upload.content_type)
            yield from upload.pieces()
            yield b"\r\n"
        yield self._end()

    async def achunks(self) -> AsyncIterator[bytes]:
        """The body in pieces, for an asynchronous client."""
        yield self._opening()
        for name, upload in self.files:
            yield self._head(name, upload.name, upload.content_type)
            async for piece in upload.apieces():
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
