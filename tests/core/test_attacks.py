"""Servers that mean harm: more bytes than memory, a byte now and then, a token sent back, parts nobody asked for."""

from __future__ import annotations

import asyncio
import gzip
import os
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-not-found, unused-ignore]
import httpx2
import pytest

import sf_connect.core as e
from core.conftest import GET_THING, QUICK, TOKEN, AsyncConnect, Connect, dispatcher, things
from core.raw_server import RawServer, raw_server, response
from core.server import Answer, Server
from sf_connect.core import Operation, RequestOptions
from sf_connect.core.features.filenames import filename_of, safe_name

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MIB = 1024 * 1024
ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
SMALL = RequestOptions(max_response_bytes=4 * MIB)

Get = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def get(request: pytest.FixtureRequest) -> Get:
    """Get a thing from a server in a client of its own."""

    def sync(url: str, operation: Operation[Any] = GET_THING, options: Any = None, **settings: Any) -> Any:
        with Connect(url, token=settings.pop("token", TOKEN), retry_policy=QUICK, **settings) as client:
            return dispatcher(client).send(operation, ("1",), options=options)

    async def asynchronous(url: str, operation: Operation[Any] = GET_THING, options: Any = None, **rest: Any) -> Any:
        async with AsyncConnect(url, token=rest.pop("token", TOKEN), retry_policy=QUICK, **rest) as client:
            return await dispatcher(client).send(operation, ("1",), options=options)

    return sync if request.param == "sync" else lambda *args, **rest: asyncio.run(asynchronous(*args, **rest))


def bomb(coding: str, size: int) -> bytes:
    """So many spaces, compressed."""
    if coding == "br":
        return brotli.compress(b" " * size, quality=5)
    if coding == "zstd":
        return zstd.compress(b" " * size)
    if coding == "deflate":
        return zlib.compress(b" " * size, 9)
    data = b" " * size
    for _ in coding.split(", "):
        data = gzip.compress(data, 9)
    return data


@pytest.mark.parametrize("coding", ["gzip", "gzip, gzip", "gzip, gzip, gzip", "deflate", "br", "zstd"])
def test_a_response_that_inflates_ends_in_an_error(get: Get, coding: str) -> None:
    body = response(bomb(coding, 64 * MIB), f"Content-Encoding: {coding}")
    with (
        raw_server(lambda connection, _: connection.sendall(body)) as server,
        pytest.raises(e.ResponseDecodeError, match="more than 4,194,304 bytes, the most that max_resp"),
    ):
        get(server.url, options=SMALL)


def test_a_bomb_takes_no_memory(server: Server) -> None:
    server.answer(Answer(body=bomb("gzip, gzip", 256 * MIB), headers={"Content-Encoding": "gzip, gzip"}))
    program = f"""
import resource
from sf_connect.core import Operation, RequestOptions, SyncClient
class Connect(SyncClient):
    api_version = "67.0"
client = Connect({server.url!r}, token="t", options=RequestOptions(max_response_bytes=20_000_000))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    client._dispatcher.send(Operation("f.g.get", "GET", "/a", bytes))
except Exception as error:
    print(type(error).__name__, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    name, grown = done.stdout.split()
    assert name == "ResponseDecodeError"
    assert int(grown) < 60


def endless(connection: socket.socket, status: str = "200 OK") -> None:
    connection.sendall(ENDLESS.replace(b"200 OK", status.encode()))
    piece = b"10000\r\n" + b" " * 65536 + b"\r\n"
    while True:
        connection.sendall(piece)


def test_chunks_without_an_end_end_in_an_error(get: Get) -> None:
    with raw_server(lambda connection, _: endless(connection)) as server, pytest.raises(e.ResponseDecodeError):
        get(server.url, options=SMALL)


def test_an_error_without_an_end_is_still_that_error(get: Get) -> None:
    with raw_server(lambda connection, _: endless(connection, "404 Not Found")) as server:
        with pytest.raises(e.NotFoundError) as caught:
            get(server.url)
        assert len(caught.value._body) == MIB


def test_a_login_without_an_end_is_refused() -> None:
    with (
        raw_server(lambda connection, _: endless(connection)) as server,
        pytest.raises(e.LoginError, match="more than 1,048,576 bytes"),
    ):
        Connect.with_client_credentials(server.url, client_id="a", client_secret="secret-of-the-app")


def test_a_list_of_versions_without_an_end_is_let_be(get: Get) -> None:
    def handle(connection: socket.socket, request: bytes) -> None:
        if b"/services/data HTTP" in request:
            endless(connection)
        connection.sendall(response(b"[]", status="410 Gone"))

    with raw_server(handle) as server, pytest.raises(e.GoneError):
        get(server.url)


def test_a_download_may_have_a_ceiling(use: Any, server: Server, tmp_path: Path) -> None:
    server.answer(Answer(body=bytes(300_000)))
    with pytest.raises(e.ResponseDecodeError, match="more than 100,000 bytes, the most that max_bytes allows"):
        use(lambda client: client.download(things(client).content, "1").to(tmp_path / "a", max_bytes=100_000))
    assert list(tmp_path.iterdir()) == []
    read = use(lambda client: client.download(things(client).content, "1").read(max_bytes=300_000))
    assert len(read) == 300_000


def drip(what: str) -> Callable[[socket.socket, bytes], None]:
    """Send something, one byte every tenth of a second, without an end."""
    before, piece = {
        "byte": (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b" "),
        "header": (b"HTTP/1.1 200 OK\r\nX-A: ", b"a"),
        "chunk": (ENDLESS, b"1\r\n \r\n"),
        "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        "status": (b"", b"H"),
    }[what]

    def handle(connection: socket.socket, _: bytes) -> None:
        connection.sendall(before)
        while True:
            connection.sendall(piece)
            time.sleep(0.1)

    return handle


@pytest.mark.parametrize("what", ["byte", "header", "chunk", "continue", "status"])
def test_a_response_that_drips_ends_with_the_total_timeout(get: Get, what: str) -> None:
    handle = drip(what)
    if what == "status":
        handle = lambda connection, _: time.sleep(20)  # noqa: E731
    with raw_server(handle) as server:
        began = time.monotonic()
        with pytest.raises(e.APITimeoutError, match=r"within its total timeout of 0.7 seconds"):
            get(server.url, timeout=5, total_timeout=0.7)
        assert 0.6 < time.monotonic() - began < 10  # what the server sends has no end


def test_the_total_timeout_of_a_call_counts_before_that_of_the_client(get: Get) -> None:
    with raw_server(drip("header")) as server, pytest.raises(e.APITimeoutError, match=r"total timeout of 0\.3 s"):
        get(server.url, options=RequestOptions(total_timeout=0.3), total_timeout=60)


def test_the_total_timeout_holds_between_the_chunks_of_a_client_of_ones_own() -> None:
    with raw_server(drip("chunk")) as server, httpx2.Client() as http:
        client = Connect(server.url, token=TOKEN, http_client=http, total_timeout=0.5)
        with pytest.raises(e.APITimeoutError, match="total timeout"):
            dispatcher(client).send(GET_THING, ("1",))


def test_a_login_that_drips_ends_with_the_total_timeout_of_the_call() -> None:
    """The first login responds at once; the one for a new token does not."""

    def handle(connection: socket.socket, request: bytes) -> None:
        if b"oauth2" not in request:
            body = b'[{"errorCode": "INVALID_SESSION_ID", "message": "expired"}]'
            connection.sendall(response(body, status="401 Unauthorized"))
        elif len(server.requests) == 1:
            token = f'{{"access_token": "{TOKEN}", "instance_url": "{server.url}"}}'
            connection.sendall(response(token.encode()))
        else:
            drip("header")(connection, request)

    with raw_server(handle) as server:
        secret = "secret-of-the-app"
        client = Connect.with_client_credentials(
            server.url, client_id="a", client_secret=secret, total_timeout=0.7, retry_policy=QUICK
        )
        began = time.monotonic()
        with pytest.raises(e.APITimeoutError):
            dispatcher(client).send(GET_THING, ("1",))
        assert time.monotonic() - began < 10


def test_a_thread_does_not_wait_for_the_token_of_another_beyond_its_total_timeout(server: Server) -> None:
    entered, leave = threading.Event(), threading.Event()

    def give() -> str:
        entered.set()
        leave.wait(20)
        return TOKEN

    with Connect(server.url, token=give, total_timeout=0.4) as client:
        patient = RequestOptions(total_timeout=60)
        slow = threading.Thread(target=lambda: dispatcher(client).send(GET_THING, ("1",), options=patient))
        slow.start()
        entered.wait(20)
        began = time.monotonic()
        with pytest.raises(e.APITimeoutError, match="total timeout"):
            dispatcher(client).send(GET_THING, ("1",))
        assert time.monotonic() - began < 10
        leave.set()
        slow.join()


def resumable(content: bytes, *, etag: str = '"v1"', cut: int = 300_000) -> Callable[[socket.socket, bytes], None]:
    """Serves a content, of which each connection gets so many bytes."""

    def handle(connection: socket.socket, request: bytes) -> None:
        lines = request.decode("latin-1").split("\r\n")
        headers = {line.partition(": ")[0].lower(): line.partition(": ")[2] for line in lines[1:]}
        start = 0
        status = "200 OK"
        extra = [f"ETag: {etag}", "Accept-Ranges: bytes"]
        if "range" in headers and headers.get("if-range") == etag:
            start = int(headers["range"].removeprefix("bytes=").removesuffix("-"))
            status = "206 Partial Content"
            extra.append(f"Content-Range: bytes {start}-{len(content) - 1}/{len(content)}")
        whole = response(content[start:], *extra, status=status)
        head, _, body = whole.partition(b"\r\n\r\n")
        connection.sendall(head + b"\r\n\r\n" + body[:cut])
        if len(body) > cut:
            connection.close()

    return handle


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_download_that_breaks_goes_on_where_it_stopped(kind: str, tmp_path: Path) -> None:
    content = os.urandom(800_000)
    seen: list[int] = []
    with raw_server(resumable(content)) as server:
        path = fetch(kind, server, tmp_path / "a", lambda done, size: seen.append(done))
        assert path.read_bytes() == content
        ranges = [request.partition(b"Range: bytes=")[2].partition(b"-")[0] for request in server.requests]
    assert ranges == [b"", b"300000", b"600000"]
    assert seen == sorted(seen)
    assert seen[-1] == len(content)


def fetch(kind: str, server: RawServer, path: Path, progress: Any = None) -> Path:
    if kind == "sync":
        with Connect(server.url, token=TOKEN, retry_policy=QUICK) as client:
            return client.download(things(client).content, "1").to(path, progress=progress)

    async def run() -> Path:
        async with AsyncConnect(server.url, token=TOKEN, retry_policy=QUICK) as client:
            return await client.download(things(client).content, "1").to(path, progress=progress)

    return asyncio.run(run())


@pytest.mark.parametrize("etag", ['W/"v1"', "v1", ""])
def test_a_download_without_a_strong_etag_begins_anew(etag: str, tmp_path: Path) -> None:
    content = os.urandom(500_000)
    cuts = iter([200_000, 200_000, 10**9])

    def handle(connection: socket.socket, request: bytes) -> None:
        assert b"Range:" not in request
        resumable(content, etag=etag, cut=next(cuts))(connection, request)

    with raw_server(handle) as server:
        assert fetch("sync", server, tmp_path / "a").read_bytes() == content


def test_a_content_that_changed_meanwhile_begins_anew(tmp_path: Path) -> None:
    contents = iter([(b"a" * 500_000, '"a"', 200_000), (b"b" * 400_000, '"b"', 10**9)])

    def handle(connection: socket.socket, request: bytes) -> None:
        content, etag, cut = next(contents)
        resumable(content, etag=etag, cut=cut)(connection, request)

    with raw_server(handle) as server:
        assert fetch("sync", server, tmp_path / "a").read_bytes() == b"b" * 400_000


@pytest.mark.parametrize("content_range", ["bytes 5-9/10", "bytes 0-3/10", "", "bytes */10", "lines 0-9/10"])
def test_a_part_that_nobody_asked_for_is_refused(use: Any, server: Server, content_range: str, tmp_path: Path) -> None:
    headers = {"Content-Range": content_range} if content_range else {}
    server.answer(Answer(status=206, body=b"0123456789", headers=headers))
    for action in (
        lambda client: client.download(things(client).content, "1").to(tmp_path / "a"),
        lambda client: client.download(things(client).content, "1").read(),
        lambda client: things(client).content("1"),
    ):
        with pytest.raises(e.ResponseDecodeError, match="206, a part of the content that was not asked for"):
            use(action)
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_was_asked_for_is_given(use: Any, server: Server) -> None:
    server.answer(Answer(status=206, body=b"56789", headers={"Content-Range": "bytes 5-9/10"}))
    options = RequestOptions(headers={"Range": "bytes=5-9"})
    assert use(lambda client: things(client).content("1", options=options)) == b"56789"
    assert use(lambda client: client.download(things(client).content, "1", options=options).read()) == b"56789"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"), ("../../etc/passwd", "_.._etc_passwd"), ("CON", "_CON"), ("nul.txt", "_nul.txt"),
        ("COM1.pdf", "_COM1.pdf"), ("console.log", "console.log"), ("a\u202efdp.exe", "afdp.exe"), ("a\u200bb", "ab"),
        ("a<b>|c?.txt", "a_b__c_.txt"), ("a:stream", "a_stream"), ("name. ", "name"), ("...", None), ("\u2066", None),
        ("a\ufeff.txt", "a.txt"), ("LPT¹", "_LPT¹"), ("\ud800a", "a"),
    ],
)  # fmt: skip
def test_names_of_files_are_safe_everywhere(name: str, safe: str | None) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    "disposition",
    [
        "attachment; filename*=a; filename*7=b", "attachment; filename*=x-unknown''a", "attachment; filename*",
        "attachment; filename*0*=a%ff; filename*=b", "; =; filename", "attachment; filename*=''''",
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_read_is_none_or_safe(use: Any, server: Server, disposition: str) -> None:
    """Fuzzing found one for which the standard library raises TypeError."""
    server.answer(Answer(body=b"x", headers={"Content-Disposition": disposition}))
    assert use(lambda client: client.download(things(client).content, "1").read()) == b"x"
    name = filename_of(disposition)
    assert name is None or safe_name(name) == name


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("ä" * 5000 + ".pdf")
    assert name is not None
    assert name.endswith("ä.pdf")
    assert len(name.encode()) <= 200
    assert len((filename_of(f'attachment; filename="{"a" * 5000}"') or "").encode()) <= 200
