"""Downloads of servers that mix contents up or cut them off, and to places that are no regular files."""

from __future__ import annotations

import asyncio
import gzip
import os
import socket
import stat
import sys
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import sf_connect.core as e
from core.conftest import QUICK, TOKEN, AsyncConnect, Connect, things
from core.raw_server import Handler, raw_server, response

Fetch = Callable[[Handler, Path | None], bytes]
_DATA = os.urandom(100_000)


@pytest.fixture(params=["sync", "async"])
def fetch(request: pytest.FixtureRequest) -> Fetch:
    """Download from a server, into memory or a file."""

    def sync(handle: Handler, path: Path | None) -> bytes:
        with raw_server(handle) as server, Connect(server.url, token=TOKEN, retry_policy=QUICK) as client:
            download = client.download(things(client).content, "1")
            return download.read() if path is None else download.to(path).read_bytes()

    def asynchronous(handle: Handler, path: Path | None) -> bytes:
        async def run(url: str) -> bytes:
            async with AsyncConnect(url, token=TOKEN, retry_policy=QUICK) as client:
                download = client.download(things(client).content, "1")
                return await download.read() if path is None else (await download.to(path)).read_bytes()

        with raw_server(handle) as server:
            return asyncio.run(run(server.url))

    return sync if request.param == "sync" else asynchronous


@pytest.mark.parametrize(
    ("etag", "total"), [('ETag: "2"', 2000), ('ETag: "2"', 1000), ('ETag: "1"', 2000), ("X-None: 1", 2000)]
)
def test_parts_of_two_contents_are_not_joined(fetch: Fetch, tmp_path: Path, etag: str, total: int) -> None:
    def handle(connection: socket.socket, request: bytes) -> None:
        asked.append(b"Range:" in request)
        if len(asked) == 1:
            connection.sendall(response(b"A" * 1000, 'ETag: "1"', "Accept-Ranges: bytes")[:-500])
            connection.close()
        elif asked[-1]:  # as from a server that ignores If-Range
            rest = f"Content-Range: bytes 500-{total - 1}/{total}"
            connection.sendall(response(b"B" * (total - 500), etag, rest, status="206 Partial Content"))
        else:
            connection.sendall(response(b"B" * total, etag, "Accept-Ranges: bytes"))

    for path in (None, tmp_path / "file"):
        asked: list[bool] = []
        assert fetch(handle, path) == b"B" * total
        assert asked == [False, True, False]


def _say(what: bytes, connection: socket.socket, _: bytes) -> None:
    connection.sendall(what)


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("X-GZip", gzip.compress), ("deflate", zlib.compress), ("deflate", _raw_deflate)],
)
def test_a_compressed_content_that_is_cut_off_is_incomplete(
    fetch: Fetch, tmp_path: Path, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(_DATA)
    header = f"Content-Encoding: {encoding}"
    bodies = iter([packed[:30_000], packed[:-1], packed])
    assert fetch(lambda connection, _: connection.sendall(response(next(bodies), header)), None) == _DATA
    with pytest.raises(e.APIConnectionError, match="only a part of the response"):
        fetch(lambda connection, _: connection.sendall(response(packed[:-4], header)), tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_gzip_may_have_several_members_and_something_behind_them(fetch: Fetch) -> None:
    packed = gzip.compress(_DATA[:5]) + gzip.compress(b"") + gzip.compress(_DATA[5:])
    for tail in (b"", b"\0" * 100, b"what is no member"):
        whole = response(packed + tail, "Content-Encoding: gzip")
        assert fetch(partial(_say, whole), None) == _DATA


def test_one_byte_after_the_other_is_decompressed(fetch: Fetch) -> None:
    for encoding, pack in (("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", _raw_deflate)):
        body = pack(b"content") if pack is not gzip.compress else pack(b"con") + pack(b"tent")

        def handle(connection: socket.socket, _: bytes, body: bytes = body, encoding: str = encoding) -> None:
            head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nTransfer-Encoding: chunked\r\n\r\n"
            connection.sendall(head.encode() + b"".join(b"1\r\n%c\r\n" % one for one in body) + b"0\r\n\r\n")

        assert fetch(handle, None) == b"content"


def test_a_download_asks_for_what_it_can_check(fetch: Fetch) -> None:
    def handle(connection: socket.socket, request: bytes) -> None:
        heads.append(request.lower())
        connection.sendall(response(b"content"))

    heads: list[bytes] = []
    fetch(handle, None)
    assert b"\r\naccept-encoding: gzip, deflate\r\n" in heads[0]


posix = pytest.mark.skipif(sys.platform == "win32", reason="files of POSIX")


@posix
def test_what_is_no_regular_file_is_not_replaced(fetch: Fetch, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="is no regular file"):
        fetch(lambda connection, _: connection.sendall(response(b"new")), pipe)
    assert stat.S_ISFIFO(pipe.lstat().st_mode)


@posix
@pytest.mark.parametrize("exists", [True, False])
def test_a_link_stays_and_so_does_who_may_read_the_file(fetch: Fetch, tmp_path: Path, exists: bool) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    file, link = folder / "file", tmp_path / "link"
    if exists:
        file.write_bytes(b"old")
        file.chmod(0o600)
    link.symlink_to(file)
    assert fetch(lambda connection, _: connection.sendall(response(b"new")), link) == b"new"
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert not exists or stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in folder.iterdir()] == ["file"]


def test_a_response_that_is_cut_off_is_asked_for_again() -> None:
    packed = gzip.compress(b'{"name": "Ada"}')
    bodies = iter([packed[:-3], packed])

    def handle(connection: socket.socket, _: bytes) -> None:
        connection.sendall(response(next(bodies), "Content-Encoding: gzip"))

    with raw_server(handle) as server, Connect(server.url, token=TOKEN, retry_policy=QUICK) as client:
        found: Any = things(client).get("1")
    assert found.name == "Ada"
