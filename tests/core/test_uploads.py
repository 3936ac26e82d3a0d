"""Uploads: every source, sync and async, in pieces; progress, limits, and content that is not what it should be."""

from __future__ import annotations

import asyncio
import io
import os
import socket
import threading
from array import array
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from core.conftest import TOKEN, AsyncConnect, dispatcher
from core.server import Answer, Server
from sf_connect.core import APIConnectionError, Operation, Upload

Send = Callable[..., Any]
LIMIT = 2_000_000
POST: Operation[dict[str, Any]] = Operation("files.files.create", "POST", "/connect/files", dict, retry="unsafe")
PUT: Operation[dict[str, Any]] = Operation("files.files.replace", "PUT", "/connect/files/1", dict)
LIMITED: Operation[dict[str, Any]] = Operation(
    "files.files.create", "POST", "/connect/files", dict, json_part="file", part_limits={"fileData": LIMIT}
)
CONTENT = os.urandom(700_000)


class Unseekable(io.RawIOBase):
    """A pipe, say."""

    def __init__(self, content: bytes) -> None:
        self._left = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._left.readinto(buffer)


@pytest.fixture(params=["bytes", "path", "name", "file", "seeked", "pipe", "list", "iterator", "announced"])
def content(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Callable[[], Upload], bool]]:
    """Something to upload, and whether its length is known."""
    path = tmp_path / "report.bin"
    path.write_bytes(CONTENT)
    pieces = [CONTENT[:1000], b"", CONTENT[1000:]]
    opened = path.open("rb")
    seeked = io.BytesIO(b"before" + CONTENT)
    seeked.seek(6)
    makers: dict[str, tuple[Callable[[], Upload], bool]] = {
        "bytes": (lambda: Upload(CONTENT), True),
        "path": (lambda: Upload(path), True),
        "name": (lambda: Upload(str(path)), True),
        "file": (lambda: Upload(opened), True),
        "seeked": (lambda: Upload(seeked), True),
        "pipe": (lambda: Upload(Unseekable(CONTENT)), False),  # type: ignore[arg-type]
        "list": (lambda: Upload(pieces), False),
        "iterator": (lambda: Upload(iter(pieces)), False),
        "announced": (lambda: Upload(iter(pieces), length=len(CONTENT)), True),
    }
    with opened:
        yield makers[request.param]


def test_every_source(send: Send, server: Server, content: tuple[Callable[[], Upload], bool]) -> None:
    make, is_known = content
    send(POST, parts={"fileData": make()})
    assert server.last.body.count(CONTENT) == 1
    assert ("Content-Length" in server.last.headers) == is_known
    assert ("Transfer-Encoding" in server.last.headers) != is_known


@pytest.mark.parametrize("whole", [bytearray(CONTENT), memoryview(CONTENT), memoryview(bytearray(CONTENT)).cast("B")])
def test_other_types_of_bytes(send: Send, server: Server, whole: Any) -> None:
    server.answer(Answer(503), Answer())
    send(PUT, parts={"fileData": Upload(whole)})
    assert server.last.body.count(CONTENT) == 1
    assert "Content-Length" in server.last.headers
    assert len(server.received) == 2


def test_byte_buffers_of_wider_items(send: Send, server: Server) -> None:
    numbers = array("I", [1, 2, 3])
    send(POST, parts={"fileData": Upload(memoryview(numbers))})
    assert server.last.body.count(numbers.tobytes()) == 1


@pytest.mark.parametrize("odd", [None, "text", 5])
def test_a_piece_that_is_none_does_not_end_the_upload(send: Send, server: Server, odd: Any) -> None:
    pieces = iter([b"first", odd, b"last"])
    with pytest.raises(TypeError, match=f"yields {type(odd).__name__}, not bytes"):
        send(POST, parts={"fileData": Upload(pieces)})
    assert server.received == []


class AsyncFile:
    """A file as asynchronous libraries have it: reading must be awaited, iterating gives lines."""

    def __init__(self, content: bytes) -> None:
        self._lines = iter(content.splitlines(keepends=True))

    async def read(self, size: int = -1) -> bytes:
        raise AssertionError(size)

    async def seekable(self) -> bool:
        return True

    def __aiter__(self) -> AsyncFile:
        return self

    async def __anext__(self) -> bytes:
        for line in self._lines:
            return line
        raise StopAsyncIteration


def test_an_asynchronous_file(use: Any, server: Server) -> None:
    def call(client: Any) -> Any:
        upload = Upload(AsyncFile(b"one\ntwo\n"))
        if isinstance(client, AsyncConnect):
            return dispatcher(client).send(POST, parts={"f": upload})
        with pytest.raises(TypeError, match="asynchronous client"):
            dispatcher(client).send(POST, parts={"f": upload})
        return None

    use(call)
    assert all(b"one\ntwo\n" in received.body for received in server.received)


def test_a_path_gives_its_name(send: Send, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "Grüße.txt"
    path.write_bytes(b"")
    for given in (path, str(path)):
        send(POST, parts={"fileData": Upload(given)})
        assert 'filename="Grüße.txt"'.encode() in server.last.body


def test_an_asynchronous_iterator(server: Server) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield CONTENT[:10]
        await asyncio.sleep(0)
        yield CONTENT[10:]

    async def main() -> None:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            await dispatcher(client).send(POST, parts={"fileData": Upload(pieces(), length=len(CONTENT))})

    asyncio.run(main())
    assert server.last.body.count(CONTENT) == 1


def test_a_synchronous_client_takes_no_asynchronous_iterator(use: Any) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"

    def check(client: Any) -> Any:
        if isinstance(client, AsyncConnect):
            return dispatcher(client).send(POST, parts={"f": Upload(pieces())})
        with pytest.raises(TypeError, match="asynchronous client"):
            dispatcher(client).send(POST, parts={"f": Upload(pieces())})
        return None

    use(check)


def test_an_iterator_is_not_sent_a_second_time(send: Send, server: Server) -> None:
    """Only what it has left would be sent: an empty file, or the end of one whose first upload failed."""
    upload = Upload(iter([CONTENT]), filename="a.bin")
    send(POST, parts={"f": upload})
    with pytest.raises(ValueError, match=r"'a\.bin' was read before and cannot be read again: create a new Upload"):
        send(POST, parts={"f": upload})
    assert len(server.received) == 1


def test_what_can_be_read_again_is_sent_a_second_time(send: Send, server: Server) -> None:
    for content in (CONTENT, io.BytesIO(CONTENT), [CONTENT]):
        upload = Upload(content)
        for _ in range(2):
            send(POST, parts={"f": upload})
            assert server.last.body.count(CONTENT) == 1


@pytest.mark.parametrize("content", [5, None])
def test_what_cannot_be_read_raises_before_anything_is_sent(send: Send, server: Server, content: Any) -> None:
    with pytest.raises(TypeError, match=rf"an iterator of bytes, not {type(content).__name__}"):
        send(POST, parts={"f": Upload(content)})
    assert server.received == []


def test_reading_does_not_block_the_loop(server: Server) -> None:
    """A reader that waits for the loop would wait for ever if it kept the loop from going on."""
    asked, go_on = threading.Event(), threading.Event()

    class Waiting(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            asked.set()
            assert go_on.wait(20)
            return super().read(size)

    async def let_go() -> None:
        while not asked.is_set():
            await asyncio.sleep(0)
        go_on.set()

    async def main() -> None:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            await asyncio.gather(dispatcher(client).send(POST, parts={"f": Upload(Waiting(CONTENT))}), let_go())

    asyncio.run(main())
    assert server.last.body.count(CONTENT) == 1


@pytest.mark.parametrize("kind", ["bytes", "iterator"])
def test_progress(send: Send, server: Server, kind: str) -> None:
    told: list[tuple[int, int | None]] = []
    given: Any = CONTENT if kind == "bytes" else iter([CONTENT[:1], CONTENT[1:]])
    send(POST, parts={"fileData": Upload(given, progress=lambda *now: told.append(now))})
    sent, totals = [now for now, _ in told], {total for _, total in told}
    assert sent == sorted(sent)
    assert sent[-1] == len(CONTENT)
    assert len(sent) > 1
    assert totals == ({len(CONTENT)} if kind == "bytes" else {None})


class TestLimits:
    @pytest.mark.parametrize("kind", ["bytes", "path", "announced"])
    def test_what_is_known_to_be_too_large_is_not_sent(
        self, send: Send, server: Server, tmp_path: Path, kind: str
    ) -> None:
        path = tmp_path / "big.bin"
        path.write_bytes(bytes(LIMIT + 1))
        given = {"bytes": Upload(bytes(LIMIT + 1), "big.bin"), "path": Upload(path)}
        upload = given.get(kind) or Upload(iter([b""]), "big.bin", length=LIMIT + 1)
        told = r"files\.files\.create: 'big\.bin' has 2,000,001 bytes; file_data \(fileData\) takes"
        with pytest.raises(ValueError, match=told):
            send(LIMITED, parts={"fileData": upload})
        assert server.received == []

    def test_the_limit_itself_is_fine(self, send: Send, server: Server) -> None:
        send(LIMITED, body={}, parts={"fileData": Upload(bytes(LIMIT))})
        send(LIMITED, parts={"other": Upload(bytes(LIMIT + 1))})
        assert len(server.received) == 2

    def test_what_turns_out_too_large_is_broken_off(self, send: Send, server: Server) -> None:
        sent: list[int] = []
        pieces = (bytes(100_000) for _ in range(1000))
        with pytest.raises(ValueError, match="more than the 2000000 bytes allowed"):
            send(LIMITED, parts={"fileData": Upload(pieces, progress=lambda now, _: sent.append(now))})
        assert sent[-1] == LIMIT
        assert server.received == []


class TestWrongContent:
    @pytest.mark.parametrize(("length", "message"), [(5, "ended after 3 of 5 bytes"), (2, "more bytes than the 2")])
    def test_an_announced_length_must_be_right(self, send: Send, server: Server, length: int, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            send(POST, parts={"f": Upload(iter([b"abc"]), length=length)})
        assert server.received == []

    def test_text_is_refused(self, send: Send) -> None:
        with pytest.raises(TypeError, match="yields str, not bytes"):
            send(POST, parts={"f": Upload(iter(["text"]))})  # type: ignore[list-item]
        with pytest.raises(TypeError, match="open it in mode 'rb'"):
            send(POST, parts={"f": Upload(io.StringIO("text"))})  # type: ignore[arg-type]

    def test_views_are_bytes_too(self, send: Send, server: Server) -> None:
        send(POST, parts={"f": Upload(iter([memoryview(b"abc"), bytearray(b"def")]))})  # type: ignore[list-item]
        assert b"abcdef" in server.last.body

    def test_a_file_that_is_not_there(self, send: Send, server: Server, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            send(POST, parts={"f": Upload(tmp_path / "none")})
        assert server.received == []

    def test_an_iterator_that_raises_ends_the_call_with_its_exception(self, send: Send, server: Server) -> None:
        def pieces() -> Iterator[bytes]:
            yield b"a"
            raise LookupError("mine")

        with pytest.raises(LookupError, match="mine"):
            send(POST, parts={"f": Upload(pieces())})
        assert server.received == []


def test_a_server_that_goes_away_in_the_middle(send: Send, server: Server) -> None:
    server.answer(Answer(reset=True, body=b""))
    with pytest.raises(APIConnectionError):
        send(POST, parts={"f": Upload(CONTENT)})


def test_a_retry_sends_the_same(send: Send, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(CONTENT)
    with path.open("rb") as file:
        for upload in (Upload(CONTENT), Upload(path), Upload(file)):
            server.answer(Answer(503), Answer())
            send(LIMITED, parts={"fileData": upload})
            assert server.received[-1].body == server.received[-2].body
        assert file.tell() == 0


@contextmanager
def impatient(times: int = 2) -> Iterator[tuple[str, list[bytes]]]:
    """A server that goes away in the middle of the first request, and takes a second; its URL, and the bodies."""
    bodies: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        first, _ = listener.accept()
        first.recv(1000)
        first.close()
        if times == 1:
            return
        second, _ = listener.accept()
        with second, second.makefile("rb") as received:
            length = 0
            while (line := received.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            bodies.append(received.read(length))
            second.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", bodies
        thread.join(20)


@pytest.mark.parametrize("before", [b"", b"before"])
def test_what_broke_off_in_the_middle_is_sent_from_the_beginning(send: Send, before: bytes) -> None:
    content = os.urandom(20_000_000)
    file = io.BytesIO(before + content)
    file.seek(len(before))
    with impatient() as (url, bodies):
        send(LIMITED, parts={"other": Upload(file)}, client={"instance_url": url})
    assert bodies[0].count(content) == 1
    assert file.tell() == len(before)


def test_files_are_closed_or_set_back_when_a_call_has_failed(use: Any, tmp_path: Path) -> None:
    """At once, not some time later: who catches the error may send the same file object again."""
    path = tmp_path / "a.bin"
    path.write_bytes(os.urandom(20_000_000))

    def opened() -> int:
        return sum(link.exists() and link.samefile(path) for link in Path("/proc/self/fd").iterdir())

    async def later(client: Any, upload: Upload, check: Callable[[], None]) -> None:
        with pytest.raises(APIConnectionError):
            await dispatcher(client).send(POST, parts={"f": upload})
        check()

    def at_once(client: Any, upload: Upload, check: Callable[[], None]) -> Any:
        if isinstance(client, AsyncConnect):
            return later(client, upload, check)
        with pytest.raises(APIConnectionError):
            dispatcher(client).send(POST, parts={"f": upload})
        check()
        return None

    def closed() -> None:
        assert opened() == 0

    with path.open("rb") as file:

        def set_back() -> None:
            assert file.tell() == 0

        with impatient(times=1) as (url, _):
            use(lambda client: at_once(client, Upload(file), set_back), instance_url=url)
    with impatient(times=1) as (url, _):
        use(lambda client: at_once(client, Upload(path), closed), instance_url=url)


def test_a_cancelled_upload_closes_its_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(os.urandom(20_000_000))

    async def main(url: str) -> None:
        begun = asyncio.Event()
        async with AsyncConnect(url, token=TOKEN) as client:
            upload = Upload(path, progress=lambda sent, of: begun.set())
            task = asyncio.ensure_future(dispatcher(client).send(POST, parts={"f": upload}))
            await begun.wait()
            while not task.done():  # until the server's buffer is full, or a thread reads: either way it is under way
                task.cancel()
                await asyncio.wait([task], timeout=0.1)
            assert task.cancelled()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        asyncio.run(main(f"http://127.0.0.1:{listener.getsockname()[1]}"))
    assert not [link for link in Path("/proc/self/fd").iterdir() if link.exists() and link.samefile(path)]


def test_a_read_that_outlasts_its_cancelled_call_closes_the_file(tmp_path: Path) -> None:
    """A slow disk, a named pipe: the thread ends later than the call, and nothing else is left to close the file."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR)

    def opened() -> int:
        return sum(link.exists() and link.samefile(path) for link in Path("/proc/self/fd").iterdir())

    async def main() -> asyncio.Future[bytes]:
        task = asyncio.ensure_future(anext(Upload(path).apieces()))
        while opened() < 2:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)  # the thread waits in its read
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert opened() == 2  # the call did not wait for the thread
        await asyncio.to_thread(os.write, writer, bytes(256 * 1024))  # one piece, and more could follow
        return task

    try:
        kept = asyncio.run(main())  # its traceback holds what it used: nothing is closed by chance
        assert opened() == 1
        assert kept.done()
    finally:
        os.close(writer)
