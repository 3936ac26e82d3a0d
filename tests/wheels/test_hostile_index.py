"""An index that lies, sends without end or never responds: one clear line, in bounded time, with no traceback."""

from __future__ import annotations

import gzip
import io
import json
import socket
import tarfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from wheels.checkout import Checkout
from wheels.test_publishing import published

WHEEL, SOURCE = "sf_connect_v33-33.0.0-py3-none-any.whl", "sf_connect_v33-33.0.0.tar.gz"
SHORT = {"connectgen.wheels.bounded.MOST_SECONDS": 2, "connectgen.wheels.publish.MOST_SECONDS_OF_SILENCE": 3}
"""The bounds of these tests, by module and name: the real ones are minutes."""

Handle = Callable[[BaseHTTPRequestHandler], None]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: whoever gives up hangs up."""


@contextmanager
def serving(get: Handle, post: Handle | None = None) -> Iterator[str]:
    """A server that does as it is told."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            get(self)

        def do_POST(self) -> None:
            assert post is not None
            post(self)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name of the base class
            pass

    with _Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def answer(handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str = "text/html") -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def link(name: str, content: bytes, more: str = "") -> bytes:
    digest = sha256(content).hexdigest()
    return f'<html><body><a href="/files/{name}#sha256={digest}"{more}>{name}</a></body></html>'.encode()


def having(files: dict[str, bytes], more: str = "") -> Handle:
    """An index that has some files of the client for 33.0 and nothing else."""

    def get(handler: BaseHTTPRequestHandler) -> None:
        name = handler.path.strip("/").rpartition("/")[2]
        if name in files:
            answer(handler, 200, files[name], "application/octet-stream")
        elif name == "sf-connect-v33":
            answer(handler, 200, b"".join(link(file, content, more) for file, content in files.items()))
        else:
            answer(handler, 404, b"")

    return get


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"meta": {"api-version": "1.0"}, "files": 3}',
        b'{"meta": {"api-version": "1.0"}, "name": "x", "files": [{"filename": 1, "url": [], "hashes": 2}]}',
        b'{"meta": 1, "files": [null]}',
        b'{"meta": {"api-version": "one"}}',
        b"\xff\xfe",
    ],
    ids=range(6),
)
def test_a_page_that_is_none_is_one_line(released: Checkout, body: bytes) -> None:
    with serving(lambda handler: answer(handler, 200, body, "application/vnd.pypi.simple.v1+json")) as url:
        said = released.run("release", "plan", "--index", url, code=4)
    (line,) = said.splitlines()
    assert line.startswith(f"{url}simple/: the response is not that of a Simple API: ")


def test_a_page_with_other_files_has_none_of_ours(released: Checkout) -> None:
    page = json.dumps(
        {
            "meta": {"api-version": "1.0"},
            "name": "sf-connect-v33",
            "files": [{"filename": "../../x-1.0.tar.gz", "url": "file:///etc/passwd", "hashes": {}}],
        }
    ).encode()
    with serving(lambda handler: answer(handler, 200, page, "application/vnd.pypi.simple.v1+json")) as url:
        assert "sf-connect-v33 33.0.0: the index lacks 2 of its files" in released.run(
            "release", "plan", "--index", url
        )


def test_status_line_and_headers_byte_by_byte_are_given_up(released: Checkout) -> None:
    def dribble(handler: BaseHTTPRequestHandler) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX-Y: " + b"z" * 1000:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(0.2)

    with serving(dribble) as url:
        said = released.run("release", "plan", "--index", url, code=4, bounds=SHORT)
    (line,) = said.splitlines()
    assert line.startswith(f"{url}simple/: takes longer to respond than is allowed (2 s for one response, ")


def test_a_slow_body_is_given_up(released: Checkout) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        for _ in range(200):
            handler.wfile.write(b"<p>")
            time.sleep(0.1)

    with serving(slow) as url:
        said = released.run("release", "plan", "--index", url, code=4, bounds=SHORT)
    assert "takes longer to respond than is allowed" in said


def test_all_responses_together_are_bounded(released: Checkout) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.9)
        answer(handler, 404, b"")

    bounds = {**SHORT, "connectgen.wheels.bounded.MOST_SECONDS_TOGETHER": 2.5}
    with serving(slow) as url:
        said = released.run("release", "plan", "--index", url, code=4, bounds=bounds)
    assert "takes longer to respond than is allowed (2 s for one response, 2 s for all)" in said


def test_redirects_in_a_circle_end(released: Checkout) -> None:
    def away(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", handler.path)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    with serving(away) as url:
        said = released.run("release", "plan", "--index", url, code=4)
    assert said.splitlines() == [f"{url}simple/: the response is not that of a Simple API: TooManyRedirects"]


def bomb_wheel() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(3):
            archive.writestr(f"sf_connect/v33/{number}.py", b" " * 100_000_000)
    return data.getvalue()


def bomb_source() -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz", compresslevel=9) as archive:
        member = tarfile.TarInfo("sf_connect_v33-33.0.0/x.py")
        member.size = 300_000_000
        archive.addfile(member, io.BytesIO(b" " * member.size))
    return data.getvalue()


def broken_wheel(released: Checkout) -> bytes:
    """Its members' data are no deflate stream any more; its directory is whole."""
    data = bytearray(published(released)[WHEEL])
    data[2_000:2_400] = b"\xff" * 400
    return bytes(data)


@pytest.mark.parametrize(("name", "bomb"), [(WHEEL, bomb_wheel), (SOURCE, bomb_source)])
def test_an_archive_that_grows_when_it_is_read_is_given_up(
    released: Checkout, name: str, bomb: Callable[[], bytes]
) -> None:
    with serving(having({name: bomb()})) as url:
        said = released.run("release", "publish", url, code=1)
    assert (
        f"{name}: the index has other bytes under this name; the file there holds more than 200,000,000 bytes" in said
    )
    assert "nothing was uploaded" in said


def test_an_archive_that_is_damaged_is_said_to_be(released: Checkout) -> None:
    for content in (broken_wheel(released), b"", b"PK\x03\x04", gzip.compress(b"x")):
        with serving(having({WHEEL: content})) as url:
            said = released.run("release", "publish", url, code=1)
        assert f"{WHEEL}: the index has other bytes under this name; " in said


def test_an_index_that_never_responds_to_an_upload_is_given_up(released: Checkout) -> None:
    def swallow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(60)

    with serving(lambda handler: answer(handler, 404, b""), swallow) as url:
        said = released.run("release", "publish", url, code=4, bounds=SHORT)
    assert f"{url}: the index did not respond to an upload within 3 s" in said
    assert "0 of 14 files are on the index, whole; the next run uploads the rest" in said


def test_an_index_that_says_yes_and_keeps_nothing_is_found_out(released: Checkout) -> None:
    def swallow(handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(int(handler.headers["Content-Length"]))
        answer(handler, 200, b"")

    with serving(lambda handler: answer(handler, 404, b""), swallow) as url:
        said = released.run("release", "publish", url, code=4)
    assert f"{url}: the index took the files and does not show them all" in said


def test_an_index_that_limits_new_projects_says_so_and_the_rest_goes_up_later(released: Checkout) -> None:
    def refuse(handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(int(handler.headers["Content-Length"]))
        handler.send_response(429, "Too many new projects created \x1b[31m")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    with serving(lambda handler: answer(handler, 404, b""), refuse) as url:
        said = released.run("release", "publish", url, code=4)
    assert "the index responded with 429 " in said
    assert "wait as long as it asks, then run it again (docs/publishing.md)" in said
    assert "\x1b" not in said


def test_what_is_yanked_there_and_not_here_is_said(released: Checkout) -> None:
    files = {name: content for name, content in published(released).items() if name == WHEEL}

    def refuse(handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(int(handler.headers["Content-Length"]))
        answer(handler, 400, b"")

    with serving(having(files, ' data-yanked="It loses captions."'), refuse) as url:
        said = released.run("release", "publish", url, code=4)
    assert f"{WHEEL}: is yanked there (It loses captions.); say so in the record: connectgen release yank" in said


def _cut(listener: socket.socket) -> None:
    """Close every connection at once, until the listener is closed, which may be between two of them."""
    with suppress(OSError):
        while True:
            listener.accept()[0].close()


def test_a_connection_that_is_cut_at_once_is_one_line(released: Checkout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_cut, args=(listener,), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        (line,) = released.run("release", "plan", "--index", url, code=4).splitlines()
    assert line.startswith(f"{url}simple/: cannot be reached (")
