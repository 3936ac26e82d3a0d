"""Binary responses, streamed: into memory, into a file, or piece by piece to the caller."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from email.message import Message
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import httpx2

from sf_connect.core.request.operations import Operation
from sf_connect.core.transport.calls import FAILURES, Call
from sf_connect.core.transport.sessions import AsyncSession, SyncSession

BINARY: Operation[bytes] = Operation("download", "GET", "", bytes)
Progress = Callable[[int, int | None], object]
_PIECE = 256 * 1024
_LONGEST_NAME = 40
"""How much of the file's name the temporary one repeats: a name of the longest length would leave no room for more."""
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:]")


class _Opened:
    """A download whose headers have arrived.

    Attributes:
        status: the HTTP status.
        headers: the response's headers; names are case-insensitive.
        size: the number of bytes to come; None where the server does not say, or compresses them.
        content_type: the media type; empty where the server sends none.
        filename: the file's name according to the server, without folders; None where it names none.
    """

    def __init__(self, call: Call[Any], response: httpx2.Response) -> None:
        self._call = call
        self._response = response
        self.status: int = response.status_code
        self.headers = response.headers
        length = response.headers.get("Content-Length", "")
        plain = "Content-Encoding" not in response.headers and length.isascii() and length.isdigit()
        self.size = int(length) if plain else None
        self.content_type: str = response.headers.get("Content-Type", "")
        self.filename = filename_of(response.headers.get("Content-Disposition"))


class OpenedDownload(_Opened):
    """A download whose headers have arrived; iterate over it for its pieces.

    Attributes:
        status: the HTTP status.
        headers: the response's headers; names are case-insensitive.
        size: the number of bytes to come; None where the server does not say, or compresses them.
        content_type: the media type; empty where the server sends none.
        filename: the file's name according to the server, without folders; None where it names none.
    """

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._response.iter_bytes(_PIECE)
        except FAILURES as error:
            raise self._call.failed(error) from None


class AsyncOpenedDownload(_Opened):
    """A download whose headers have arrived; iterate over it with `async for`. Attributes as in `OpenedDownload`."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._response.aiter_bytes(_PIECE):
                yield piece
        except FAILURES as error:
            raise self._call.failed(error) from None


class Download:
    """A binary response that is fetched by `read`, `to` or `open`."""

    def __init__(self, session: SyncSession, prepare: Callable[[], Call[Any]]) -> None:
        self._session = session
        self._prepare = prepare

    def read(self, *, progress: Progress | None = None) -> bytes:
        """The whole content in memory.

        Args:
            progress: called after each piece with the number of bytes so far and the total, None where unknown.

        Raises:
            SFConnectError: the call failed.
        """
        sink = _Memory()
        self._collect(sink, progress)
        return sink.content()

    def to(self, path: str | os.PathLike[str], *, progress: Progress | None = None) -> Path:
        """Write the content to a file, which appears once it is complete: until then it has a temporary name beside it.

        Args:
            path: the file; an existing one is replaced.
            progress: called after each piece with the number of bytes so far and the total, None where unknown.

        Raises:
            SFConnectError: the call failed; there is no new file, and an existing one is unchanged.
            OSError: the file cannot be written.
        """
        with _file(path) as sink:
            self._collect(sink, progress)
            return sink.finished()

    @contextmanager
    def open(self) -> Generator[OpenedDownload, None, None]:
        """The content in pieces, as they arrive; a connection that breaks midway is not retried.

        Raises:
            SFConnectError: the call failed.
        """
        call = self._prepare()
        received = self._session.receive(call, stream=True)
        if (response := received.stream) is None:
            raise call.error(received)
        try:
            call.check_has_content(received)
            yield OpenedDownload(call, response)
        finally:
            response.close()

    def _collect(self, sink: _Sink, progress: Progress | None) -> None:
        call = self._prepare()
        while True:
            received = self._session.receive(call, stream=True)
            if (response := received.stream) is None:
                raise call.error(received)
            try:
                call.check_has_content(received)
                sink.restart()
                size, done = _Opened(call, response).size, 0
                for piece in response.iter_bytes(_PIECE):
                    sink.write(piece)
                    done += len(piece)
                    if progress is not None:
                        with call.in_caller_code():
                            progress(done, size)
            except FAILURES as error:
                if call.is_from_caller(error):
                    raise
                response.close()
                self._session.after_failure(call, error)
            else:
                return
            finally:
                response.close()


class AsyncDownload:
    """A binary response that is fetched by `read`, `to` or `open`."""

    def __init__(self, session: AsyncSession, prepare: Callable[[], Call[Any]]) -> None:
        self._session = session
        self._prepare = prepare

    async def read(self, *, progress: Progress | None = None) -> bytes:
        """The whole content in memory.

        Args:
            progress: called after each piece with the number of bytes so far and the total, None where unknown.

        Raises:
            SFConnectError: the call failed.
        """
        sink = _Memory()
        await self._collect(sink, progress, in_thread=False)
        return sink.content()

    async def to(self, path: str | os.PathLike[str], *, progress: Progress | None = None) -> Path:
        """Write the content to a file, which appears once it is complete: until then it has a temporary name beside it.

        It is written in a thread, so that the event loop is not blocked.

        Args:
            path: the file; an existing one is replaced.
            progress: called after each piece with the number of bytes so far and the total, None where unknown.

        Raises:
            SFConnectError: the call failed; there is no new file, and an existing one is unchanged.
            OSError: the file cannot be written.
        """
        with _file(path) as sink:
            await self._collect(sink, progress, in_thread=True)
            return sink.finished()

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[AsyncOpenedDownload, None]:
        """The content in pieces, as they arrive; a connection that breaks midway is not retried.

        Raises:
            SFConnectError: the call failed.
        """
        call = self._prepare()
        received = await self._session.receive(call, stream=True)
        if (response := received.stream) is None:
            raise call.error(received)
        try:
            call.check_has_content(received)
            yield AsyncOpenedDownload(call, response)
        finally:
            await response.aclose()

    async def _collect(self, sink: _Sink, progress: Progress | None, *, in_thread: bool) -> None:
        call = self._prepare()
        while True:
            received = await self._session.receive(call, stream=True)
            if (response := received.stream) is None:
                raise call.error(received)
            try:
                call.check_has_content(received)
                sink.restart()
                size, done = _Opened(call, response).size, 0
                async for piece in response.aiter_bytes(_PIECE):
                    if in_thread:
                        await asyncio.to_thread(sink.write, piece)
                    else:
                        sink.write(piece)
                    done += len(piece)
                    if progress is not None:
                        with call.in_caller_code():
                            progress(done, size)
            except FAILURES as error:
                if call.is_from_caller(error):
                    raise
                await response.aclose()
                await self._session.after_failure(call, error)
            else:
                return
            finally:
                await response.aclose()


class _Sink(Protocol):
    """What the pieces are written to."""

    def restart(self) -> None:
        """Discard what was written."""

    def write(self, piece: bytes) -> object:
        """Write a piece."""


class _Memory:
    """Keeps the pieces in memory."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def restart(self) -> None:
        self._pieces.clear()

    def write(self, piece: bytes) -> None:
        self._pieces.append(piece)

    def content(self) -> bytes:
        """The whole content."""
        return b"".join(self._pieces)


class _File:
    """Writes the pieces to a file under a temporary name."""

    def __init__(self, file: BinaryIO, temporary: Path, path: Path) -> None:
        self._file = file
        self._temporary = temporary
        self._path = path

    def restart(self) -> None:
        self._file.seek(0)
        self._file.truncate()

    def write(self, piece: bytes) -> None:
        self._file.write(piece)

    def finished(self) -> Path:
        """Give the file its final name."""
        self._file.close()
        self._temporary.replace(self._path)
        return self._path


@contextmanager
def _file(path: str | os.PathLike[str]) -> Generator[_File, None, None]:
    """A file that has its final name only once it is complete."""
    target = Path(path)
    if target.is_dir():
        raise IsADirectoryError(f"{target} is a folder; pass the path of a file")
    temporary = target.with_name(f".{target.name[:_LONGEST_NAME]}.{secrets.token_hex(4)}.part")
    with temporary.open("xb") as file:
        try:
            yield _File(file, temporary, target)
        finally:
            file.close()
            with suppress(FileNotFoundError):
                temporary.unlink()


def filename_of(disposition: str | None) -> str | None:
    """The name that the header `Content-Disposition` gives a file, without folders; None where it gives none."""
    if not disposition:
        return None
    message = Message()
    message["Content-Disposition"] = _UNSAFE.sub(" ", disposition) if "\n" in disposition else disposition
    named = message.get_filename()
    name = _UNSAFE.sub("_", named).strip(". ") if named else ""
    return name or None
