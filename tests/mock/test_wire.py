"""What comes over the wire and is no proper request, or comes oddly: each is answered, and the server goes on."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from mock.conftest import Mock
from mock.test_command import started

PLANTS = "/services/data/v32.0/garden/plants"
KNOWN = "Host: localhost\r\nAuthorization: Bearer mock-token\r\n"
GET = f"GET {PLANTS}?pageSize=1 HTTP/1.1\r\n{KNOWN}\r\n".encode()
OAK = b'{"name": "Oak", "kind": "Tree"}'
POST = f"POST {PLANTS} HTTP/1.1\r\n{KNOWN}Content-Type: application/json\r\n"


@contextmanager
def connected(url: str, *data: bytes) -> Iterator[socket.socket]:
    """A connection on which something was sent."""
    address = urlsplit(url)
    with closing(socket.create_connection((address.hostname or "", address.port or 0), timeout=30)) as connection:
        for piece in data:
            connection.sendall(piece)
        yield connection


def answers(connection: socket.socket, count: int) -> list[tuple[int, bytes]]:
    """The next answers on a connection."""
    found: list[tuple[int, bytes]] = []
    reader = connection.makefile("rb")
    for _ in range(count):
        answer = HTTPResponse(_Reader(reader))  # type: ignore[arg-type]
        answer.begin()
        found.append((answer.status, answer.read()))
    return found


class _Reader:
    """Lets several answers be read from one connection."""

    def __init__(self, file: object) -> None:
        self._file = file

    def makefile(self, _mode: str) -> object:
        return _Kept(self._file)


class _Kept:
    """A file that is not closed with the answer that is read from it."""

    def __init__(self, file: object) -> None:
        self._file = file

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def close(self) -> None:
        pass


def is_well(mock: Mock) -> bool:
    return mock.ask("/garden/plants").status_code == 200


def test_requests_that_do_not_wait_for_the_answers_before_them(small: Mock) -> None:
    post = f"{POST}Content-Length: {len(OAK)}\r\n\r\n".encode() + OAK
    with connected(small.url, GET + post + GET) as connection:
        statuses = [status for status, _ in answers(connection, 3)]
    assert statuses == [200, 201, 200]
    assert [call["method"] for call in small.server.calls()] == ["GET", "POST", "GET"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (f"{POST}Content-Length: 3\r\n\r\n".encode() + OAK, "longer than its Content-Length"),
        (f"{POST}Content-Length: -5\r\n\r\n".encode() + OAK, "Invalid character in Content-Length"),
        (f"{POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}".encode(), "Content-Length"),
        (f"{POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{{}}".encode(), "Transfer-Encoding"),
        (f"{POST}Transfer-Encoding: chunked\r\n\r\nxyz\r\n".encode(), "chunk size"),
        (f"GET {PLANTS}?q={'a' * 100_000} HTTP/1.1\r\n{KNOWN}\r\n".encode(), "too long"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100), "begins with no method"),
    ],
    ids=["too short", "negative", "two lengths", "length and chunks", "no chunk", "long address", "https"],
)
def test_what_is_no_request_is_told_why_and_the_connection_ends(small: Mock, data: bytes, reason: str) -> None:
    with connected(small.url, data) as connection:
        ((status, body),) = answers(connection, 1)
        assert connection.recv(1) == b""
    (error,) = json.loads(body)
    assert (status, error["errorCode"]) == (400, "BAD_REQUEST")
    assert reason in error["message"]
    assert is_well(small)


def test_a_client_that_promises_more_than_it_sends(small: Mock) -> None:
    with connected(small.url, f"{POST}Content-Length: 500\r\n\r\n".encode() + OAK) as connection:
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert is_well(small)


def test_clients_that_hang_up(small: Mock) -> None:
    for data in (b"", b"GET /serv", GET, f"{POST}Content-Length: 500\r\n\r\n".encode() + OAK):
        with connected(small.url, data):
            pass
    assert is_well(small)


def test_a_body_of_50_megabytes_is_taken_to_its_end_and_refused(small: Mock) -> None:
    size = 50 * 1024 * 1024
    pieces = (b'{"name": "', *[b"a" * (1024 * 1024)] * 49, b"a" * (1024 * 1024 - 12), b'"}')
    with connected(small.url, f"{POST}Content-Length: {size}\r\n\r\n".encode(), *pieces, GET) as connection:
        (refused, body), (well, _) = answers(connection, 2)
    assert (refused, well) == (413, 200)
    assert json.loads(body)[0]["errorCode"] == "REQUEST_ENTITY_TOO_LARGE"


def test_half_a_character_in_a_text(small: Mock) -> None:
    body = b'{"name": "Oak \\ud83c", "kind": "Tree"}'
    answer = small.ask("/garden/plants", "POST", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 201
    assert small.server.calls()[-1]["body"]["name"] == "Oak ?"


@pytest.mark.parametrize("address", ["/__mock__/calls?after=abc", f"/__mock__/calls?after={'9' * 5000}"])
def test_calls_after_no_number(small: Mock, address: str) -> None:
    answer = small.ask(address)
    assert (answer.status_code, answer.json()["error"]) == (400, "after is the number of a call, like 12")


def test_numbers_of_thousands_of_digits(small: Mock) -> None:
    many = "9" * 5000
    assert small.ask("/__mock__/faults", "POST", json={"fault": f"latency={many}"}).status_code == 400
    assert small.ask(f"/__mock__/coverage?version={many}.0").status_code == 400
    assert small.ask(f"/garden/plants?pageSize={many}").status_code == 400
    picture = small.ask("/archive/pictures/001000000000001AAA", headers={"Range": f"bytes=0-{many}"})
    assert picture.status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_during_a_request_ends_the_server_in_peace(tmp_path: Path, number: int) -> None:
    with started("--coverage", "run.json", cwd=tmp_path) as (process, url):
        httpx2.get(url + PLANTS, headers={"Authorization": "Bearer mock-token"})
        slow = GET.replace(b"\r\n\r\n", b"\r\nX-Mock-Fault: latency=60000\r\n\r\n")
        with connected(url, slow):
            while httpx2.get(f"{url}/__mock__/calls").json()["count"] < 2:
                pass
            process.send_signal(number)
            _, errors = process.communicate(timeout=30)
        assert process.returncode == 0
    assert "Traceback" not in errors
    assert (tmp_path / "run.json").exists()
