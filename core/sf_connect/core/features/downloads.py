"""Binary responses, streamed: into memory, into a file, or piece by piece to the caller."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import httpx2

from sf_connect.core.exceptions import ResponseDecodeError, SFConnectError
from sf_connect.core.features.filenames import filename_of
from sf_connect.core.features.ranges import Resumption
from sf_connect.core.request.operations import Operation
from sf_connect.core.transport.calls import FAILURES, Call, Response
from sf_connect.core.transport.decompression import pieces_of, pieces_of_async
from sf_connect.core.transport.senders import AsyncSender, SyncSender

BINARY: Operation[bytes] = Operation("download", "GET", "", bytes, is_template=False)
Progress = Callable[[int, int | None], object]
_NOT_SATISFIABLE = 416
_WRITTEN_AT_ONCE = 2 * 1024 * 1024
"""Bytes that are collected before a thread writes them."""
_LONGEST_NAME = 40
"""How much of the file's name the temporary one repeats: a name of the longest length would leave no room for more."""


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
            yield from pieces_of(self._response)
        except FAILURES as error:
            raise self._call.failed(error) from None


class AsyncOpenedDownload(_Opened):
    """A download whose headers have arrived; iterate over it with `async for`. Attributes as in `OpenedDownload`."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in pieces_of_async(self._response):
                yield piece
        except FAILURES as error:
            raise self._call.failed(error) from None


class Download:
    """A binary response that is fetched by `read`, `to` or `open`."""

    def __init__(self, dispatcher: SyncSender, prepare: Callable[[], Call[Any]]) -> None:
        self._dispatcher = dispatcher
        self._prepare = prepare

    def read(self, *, progress: Progress | None = None, max_bytes: int | None = None) -> bytes:
        """The whole content in memory.

        Args:
            progress: called after each piece with the number of bytes so far and the total, None where unknown.
            max_bytes: the most bytes that the content may have; None for no limit.

        Raises:
            SFConnectError: the call failed.
        """
        sink = _Memory()
        self._collect(sink, progress, max_bytes)
        return sink.content()

    def to(
        self, path: str | os.PathLike[str], *, progress: Progress | None = None, max_bytes: int | None = None
    ) -> Path:
        """Write the content to a file, which appears once it is complete: until then it has a temporary name beside it.

        Args:
            path: the file; an existing one is replaced, and who may read it stays.
            progress: called after each piece with the number of bytes so far and the total, None where unknown.
            max_bytes: the most bytes that the content may have; None for no limit.

        Raises:
            SFConnectError: the call failed; there is no new file, and an existing one is unchanged.
            OSError: the file cannot be written.
        """
        with _file(path) as sink:
            self._collect(sink, progress, max_bytes)
            return sink.finished()

    @contextmanager
    def open(self) -> Generator[OpenedDownload, None, None]:
        """The content in pieces, as they arrive; a connection that breaks midway is not retried.

        Raises:
            SFConnectError: the call failed.
        """
        call = self._prepare()
        received = self._dispatcher.receive(call, stream=True)
        if (response := received.stream) is None:
            raise call.error(received)
        try:
            call.check_has_content(received)
            call.check_is_whole(received)
            yield OpenedDownload(call, response)
        finally:
            response.close()

    def _collect(self, sink: _Sink, progress: Progress | None, max_bytes: int | None) -> None:
        call = self._prepare()
        with self._dispatcher.observe(call):
            self._receive(call, sink, _Arriving(call, sink, progress, max_bytes))

    def _receive(self, call: Call[Any], sink: _Sink, arriving: _Arriving) -> None:
        while True:
            try:
                response = arriving.begin(self._dispatcher.receive(call, stream=True))
            finally:
                if arriving.refused is not None:
                    arriving.refused.close()
            if response is None:
                continue
            try:
                for piece in pieces_of(response):
                    size = len(piece)
                    sink.write(piece)
                    del piece  # what an error shows of this frame is not the content
                    arriving.count(size)
            except FAILURES as error:
                if call.is_from_caller(error):
                    raise
                response.close()
                arriving.broke()
                self._dispatcher.after_failure(call, error)
            else:
                return
            finally:
                response.close()


class AsyncDownload:
    """A binary response that is fetched by `read`, `to` or `open`."""

    def __init__(self, dispatcher: AsyncSender, prepare: Callable[[], Call[Any]]) -> None:
        self._dispatcher = dispatcher
        self._prepare = prepare

    async def read(self, *, progress: Progress | None = None, max_bytes: int | None = None) -> bytes:
        """The whole content in memory.

        Args:
            progress: called after each piece with the number of bytes so far and the total, None where unknown.
            max_bytes: the most bytes that the content may have; None for no limit.

        Raises:
            SFConnectError: the call failed.
        """
        sink = _Memory()
        await self._collect(sink, progress, max_bytes, in_thread=False)
        return sink.content()

    async def to(
        self, path: str | os.PathLike[str], *, progress: Progress | None = None, max_bytes: int | None = None
    ) -> Path:
        """Write the content to a file, which appears once it is complete: until then it has a temporary name beside it.

        It is written in a thread, so that the event loop is not blocked.

        Args:
            path: the file; an existing one is replaced, and who may read it stays.
            progress: called after each piece with the number of bytes so far and the total, None where unknown.
            max_bytes: the most bytes that the content may have; None for no limit.

        Raises:
            SFConnectError: the call failed; there is no new file, and an existing one is unchanged.
            OSError: the file cannot be written.
        """
        _keep_freed_memory()
        with _file(path) as sink:
            await self._collect(sink, progress, max_bytes, in_thread=True)
            return sink.finished()

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[AsyncOpenedDownload, None]:
        """The content in pieces, as they arrive; a connection that breaks midway is not retried.

        Raises:
            SFConnectError: the call failed.
        """
        call = self._prepare()
        received = await self._dispatcher.receive(call, stream=True)
        if (response := received.stream) is None:
            raise call.error(received)
        try:
            call.check_has_content(received)
            call.check_is_whole(received)
            yield AsyncOpenedDownload(call, response)
        finally:
            await response.aclose()

    async def _collect(self, sink: _Sink, progress: Progress | None, max_bytes: int | None, *, in_thread: bool) -> None:
        call = self._prepare()
        with self._dispatcher.observe(call):
            await self._receive(call, sink, _Arriving(call, sink, progress, max_bytes), in_thread=in_thread)

    async def _receive(self, call: Call[Any], sink: _Sink, arriving: _Arriving, *, in_thread: bool) -> None:
        while True:
            try:
                response = arriving.begin(await self._dispatcher.receive(call, stream=True))
            finally:
                if arriving.refused is not None:
                    await arriving.refused.aclose()
            if response is None:
                continue
            pending: list[bytes] = []
            try:
                async for piece in pieces_of_async(response):
                    size = len(piece)
                    pending.append(piece)
                    del piece
                    if not in_thread or len(pending) * size >= _WRITTEN_AT_ONCE:
                        await _write(sink, pending, in_thread=in_thread)
                    arriving.count(size)
                await _write(sink, pending, in_thread=in_thread)
            except FAILURES as error:
                if call.is_from_caller(error):
                    raise
                await response.aclose()
                await _write(sink, pending, in_thread=in_thread)
                arriving.broke()
                await self._dispatcher.after_failure(call, error)
            else:
                return
            finally:
                await response.aclose()


def _keep_freed_memory() -> None:
    """Have what is written and freed used again.

    The GNU allocator gives memory back to the system, to ask for it again at once, where more of it is free than
    twice the largest block that was freed so far.
    """
    bytes(_WRITTEN_AT_ONCE)


async def _write(sink: _Sink, pending: list[bytes], *, in_thread: bool) -> None:
    """Write what has been collected, outside the event loop where it may take long."""
    pieces, pending[:] = pending[:], []
    if in_thread and pieces:
        import asyncio  # late: groups import this module, and asyncio is slow to import

        await asyncio.to_thread(sink.write_all, pieces)
    else:
        sink.write_all(pieces)


class _Arriving:
    """The state of a download over its attempts: what has arrived, and whether the rest can be requested alone."""

    def __init__(self, call: Call[Any], sink: _Sink, progress: Progress | None, max_bytes: int | None) -> None:
        self._call = call
        self._sink = sink
        self._progress = progress
        self._most = max_bytes
        self._resumption = Resumption(asked="range" in {name.lower() for name in call.request.headers})
        self._size: int | None = None
        self._begun_at = 0
        self.refused: httpx2.Response | None = None  # to be closed: it is not what was asked for

    def begin(self, received: Response) -> httpx2.Response | None:
        """The response to read; None where the call is to be sent once more, without a range.

        Raises:
            SFConnectError: it is an error, or a part of the content that was not asked for.
        """
        call, response = self._call, received.stream
        if response is None:
            if received.status == _NOT_SATISFIABLE and self._resumption.done:
                self._resumption.done, call.extra_headers = 0, {}
                return None
            raise call.error(received)
        try:
            call.check_has_content(received)
            if self._resumption.is_of_other_content(response):
                self.refused = response
                self._resumption.done, call.extra_headers = 0, {}
                return None
            begin = self._resumption.begins_at(response)
            if begin is None:
                raise call.partial()
        except SFConnectError:
            self.refused = response
            raise
        if begin == 0:
            self._sink.restart()
        size = _Opened(call, response).size
        self._size = None if size is None else size + begin
        self._begun_at = self._resumption.done
        return response

    def count(self, size: int) -> None:
        """Count the bytes of a piece that has been written.

        Raises:
            ResponseDecodeError: the content has more bytes than it may have.
        """
        resumption = self._resumption
        resumption.done += size
        if self._most is not None and resumption.done > self._most:
            raise self._call.with_context(
                ResponseDecodeError(f"the download has more than {self._most:,} bytes, the most that max_bytes allows")
            )
        if self._progress is not None:
            with self._call.in_caller_code():
                self._progress(resumption.done, self._size)

    def broke(self) -> None:
        """Have the next attempt request the rest; the time of the call begins anew where some of it arrived."""
        if self._resumption.done > self._begun_at:
            self._call.extend()
        self._call.extra_headers = self._resumption.headers()


class _Sink(Protocol):
    """What the pieces are written to."""

    def restart(self) -> None:
        """Discard what was written."""

    def write_all(self, pieces: list[bytes]) -> object:
        """Take several pieces."""

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

    def write_all(self, pieces: list[bytes]) -> None:
        self._pieces.extend(pieces)

    def content(self) -> bytes:
        """The whole content."""
        return b"".join(self._pieces)


class _File:
    """Writes the pieces to a file under a temporary name."""

    def __init__(self, file: BinaryIO, temporary: Path, place: Path, path: Path) -> None:
        self._file = file
        self._temporary = temporary
        self._place = place
        self._path = path

    def restart(self) -> None:
        self._file.seek(0)
        self._file.truncate()

    def write(self, piece: bytes) -> None:
        self._file.write(piece)

    def write_all(self, pieces: list[bytes]) -> None:
        self._file.writelines(pieces)

    def finished(self) -> Path:
        """Give the file its final name."""
        self._file.close()
        self._temporary.replace(self._place)
        return self._path


def _mode_of(target: Path) -> int | None:
    """Who may read and write a file that is to be replaced; None where there is none.

    Raises:
        OSError: something else has its name.
    """
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(f"{target} is a folder; pass the path of a file")
    if not stat.S_ISREG(mode):
        raise OSError(f"{target} is no regular file, and is not replaced by one; take the pieces, by open()")
    return stat.S_IMODE(mode)


@contextmanager
def _file(path: str | os.PathLike[str]) -> Generator[_File, None, None]:
    """A file that has its final name only once it is complete."""
    target = Path(path)
    mode = _mode_of(target)
    place = target.resolve() if target.is_symlink() else target  # the link stays
    temporary = place.with_name(f".{place.name[:_LONGEST_NAME]}.{secrets.token_hex(4)}.part")
    with temporary.open("xb") as file:
        try:
            if mode is not None:
                temporary.chmod(mode)
            yield _File(file, temporary, place, target)
        finally:
            file.close()
            with suppress(FileNotFoundError):
                temporary.unlink()
