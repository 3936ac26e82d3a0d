"""What a hostile page, or a program gone wrong, may send the mock: it is refused, and others are served meanwhile."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import httpx2
import pytest

from connectgen.mock.guard import _line
from mock.conftest import Mock
from mock.test_command import started
from mock.test_wire import GET, OAK, PLANTS, POST, answers, connected, is_well

LONGEST_WAIT = 2.0
"""Seconds that another request may wait while a hostile one is handled, on a machine with much else to do."""


class Watch:
    """Asks the mock again and again, and keeps the longest time that a response took."""

    def __init__(self, mock: Mock, path: str = PLANTS) -> None:
        self._path = path
        self._mock = mock
        self._is_over = threading.Event()
        self.longest = 0.0
        self.taken = 0.0
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        with httpx2.Client(headers={"Authorization": "Bearer mock-token"}, timeout=60) as http:
            while not self._is_over.is_set():
                began = time.monotonic()
                http.get(self._mock.url + self._path)
                self.longest = max(self.longest, time.monotonic() - began)

    def __enter__(self) -> Self:
        self.taken = -time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.taken += time.monotonic()
        self._is_over.set()
        self._thread.join()


def form(count: int) -> tuple[str, bytes]:
    return "application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(count))


def parts(count: int, *, files: bool) -> tuple[str, bytes]:
    filename = b'; filename="a"' if files else b""
    piece = b'--b\r\nContent-Disposition: form-data; name="a"%s\r\n\r\nx\r\n' % filename
    return "multipart/form-data; boundary=b", piece * count + b"--b--\r\n"


BODIES: dict[str, Callable[[], tuple[str, bytes]]] = {
    "fields": lambda: form(1_000_000),
    "text parts": lambda: parts(100_000, files=False),
    "files": lambda: parts(100_000, files=True),
    "lists": lambda: ("application/json", b"[" + b"[]," * 4_000_000 + b"[]]"),
    "properties": lambda: ("application/json", json.dumps({f"a{number}": 1 for number in range(500_000)}).encode()),
    "elements": lambda: ("application/xml", b"<Plant>" + b"<a/>" * 2_000_000 + b"</Plant>"),
    "attributes": lambda: ("application/xml", b"<Plant %s/>" % b" ".join(b"a%d=''" % n for n in range(500_000))),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_of_too_many_pieces_is_refused_and_others_are_served(small: Mock, name: str) -> None:
    content_type, body = BODIES[name]()
    with Watch(small) as watch:
        response = small.ask("/garden/plants", "POST", content=body, headers={"Content-Type": content_type})
    assert response.status_code in (400, 413), response.text
    assert watch.longest < LONGEST_WAIT


@pytest.mark.parametrize("charset", ["undefined", "idna", "unicode_escape", "u\0tf-8", "utf-7", "zip", "x" * 200])
def test_a_charset_that_no_body_has_is_refused(small: Mock, charset: str) -> None:
    """Fuzzing found it: some of Python's codecs raise what nothing expects."""
    part = 'Content-Disposition: form-data; name="json"\r\nContent-Type: application/json; charset='
    body = f"--b\r\n{part}{charset}\r\n\r\n{OAK.decode()}\r\n--b--\r\n"
    for content_type, content in (
        (f"application/json; charset={charset}", OAK),
        ("multipart/form-data; boundary=b", body.encode()),
    ):
        if "\0" in content_type:
            continue  # no HTTP header has that, but that of a part may
        response = small.ask("/garden/plants", "POST", content=content, headers={"Content-Type": content_type})
        assert (response.status_code, response.json()[0]["errorCode"]) == (400, "POST_BODY_PARSE_ERROR")


def test_deep_json_is_refused(small: Mock) -> None:
    body = b"[" * 40_000 + b"]" * 40_000
    response = small.ask("/garden/plants", "POST", content=body, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")


def test_commas_in_a_text_are_no_values(small: Mock) -> None:
    body = {"name": "Oak" + "," * 60_000, "kind": "Tree"}
    response = small.ask("/garden/plants", "POST", json=body)
    assert response.status_code != 413, response.text


def test_many_wrong_parameters_are_listed_up_to_twenty(small: Mock) -> None:
    query = "&".join(f"a{number}=1" for number in range(900))
    assert len(small.ask(f"/garden/plants?{query}").json()) == 20
    more = "&".join(f"a{number}" for number in range(5000))
    (error,) = small.ask(f"/garden/plants?{more}").json()
    assert error["errorCode"] == "LIMIT_EXCEEDED"


def test_a_request_for_thousands_of_records_is_refused(real: Mock) -> None:
    ids = ",".join(["005000000000001AAA"] * 501)
    response = real.ask(f"/chatter/users/batch/{ids}")
    assert (response.status_code, response.json()[0]["errorCode"]) == (400, "LIMIT_EXCEEDED")
    ids = ",".join(["005000000000001AAA"] * 100)
    batch = {"batchRequests": [{"method": "Get", "url": f"/v67.0/chatter/users/batch/{ids}"}] * 7}
    with Watch(real, "/services/data/v67.0/chatter/users/me") as watch:
        results = real.json("/connect/batch", "POST", json=batch)["results"]  # type: ignore[index]
    assert [one["statusCode"] for one in results] == [200] * 5 + [400] * 2
    assert watch.longest < max(LONGEST_WAIT, watch.taken / 2)  # the turns that they take show by the share alone


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 421), ("evil.example:8080", 421), ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1@evil.example", 421), ("0.0.0.0", 421), ("[::2]", 421), ("localhost:1:2", 421),
        ("localhost", 200), ("LOCALHOST:9", 200), ("localhost.", 200), ("app.localhost:1", 200), ("127.8.8.8:80", 200),
        ("[::1]:80", 200),
    ],
)  # fmt: skip
def test_only_names_of_this_machine_reach_the_mock(small: Mock, host: str, status: int) -> None:
    for path in (PLANTS, "/__mock__/calls", "/services/oauth2/userinfo"):
        response = small.ask(path, headers={"Host": host})
        assert (response.status_code == 421) == (status == 421), f"{path} {response.text}"


def test_a_name_that_was_allowed_reaches_the_mock(tmp_path: Path) -> None:
    with started("--allow-host", "mock.test", cwd=tmp_path) as (_, url):
        assert httpx2.get(f"{url}/__mock__", headers={"Host": "MOCK.test:80"}).status_code == 200
        assert httpx2.get(f"{url}/__mock__", headers={"Host": "other.test"}).status_code == 421


@pytest.mark.parametrize("path", ["/__mock__/reset", "/__mock__/faults", "/__mock__/tokens", "/__mock__/tokens/revoke"])
def test_pages_of_other_origins_do_not_control_the_mock(small: Mock, path: str) -> None:
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1", f"{small.url}.evil.example"):
        response = small.ask(path, "POST", json={}, headers={"Origin": origin})
        assert (response.status_code, response.json()[0]["errorCode"]) == (403, "FORBIDDEN")
    assert small.ask("/__mock__/reset", "POST", headers={"Origin": small.url}).status_code == 204
    assert small.ask("/__mock__/faults", "DELETE", headers={"Origin": "https://evil.example"}).status_code == 403


def test_headers_without_an_end_are_refused(small: Mock) -> None:
    for piece in (b"X-A: " + b"a" * 200_000, b"".join(b"X-%d: a\r\n" % n for n in range(30_000))):
        with connected(small.url, GET[:-2]) as connection:
            try:
                connection.sendall(piece)
            except ConnectionError:
                continue
            ((status, _),) = answers(connection, 1)
            assert status == 431
    assert is_well(small)


def send_until_refused(connection: socket.socket) -> None:
    for _ in range(200):
        connection.sendall(b"X-A: " + b"a" * 10_000 + b"\r\n")
        time.sleep(0.001)
    assert b" 431 " in connection.recv(100_000)
    assert connection.recv(1) == b""
    raise ConnectionError


def test_trailers_without_an_end_are_refused(small: Mock) -> None:
    head = f"{POST}Transfer-Encoding: chunked\r\n\r\n".encode() + b"%x\r\n%s\r\n0\r\n" % (len(OAK), OAK)
    with connected(small.url, head) as connection, pytest.raises(ConnectionError):
        send_until_refused(connection)
    assert is_well(small)


def test_requests_that_pile_up_on_one_connection_are_bounded(small: Mock) -> None:
    slow = GET.replace(b"\r\n\r\n", b"\r\nX-Mock-Fault: latency=300\r\n\r\n")
    with connected(small.url, slow + GET * 200) as connection:
        while connection.recv(65536):
            pass
    assert is_well(small)


def test_slow_headers_and_bodies_are_not_waited_for(tmp_path: Path) -> None:
    options = ("--header-seconds", "0.5", "--idle-seconds", "0.5", "--max-connections", "20")
    with started(*options, cwd=tmp_path) as (process, url):
        began = time.monotonic()
        unfinished = f"{POST}Content-Length: 500\r\n\r\n".encode() + OAK
        with connected(url, b"") as silent, connected(url, GET[:20]) as half, connected(url, unfinished) as body:
            statuses = [answers(one, 1)[0][0] for one in (silent, half, body)]
        assert statuses == [408, 408, 408]
        assert time.monotonic() - began < 8
        with connected(url, GET, b"") as kept:
            assert answers(kept, 1)[0][0] == 200
            for _ in range(30):
                try:
                    kept.sendall(b"\r\n")  # it keeps no connection open
                except ConnectionError:
                    break
                time.sleep(0.1)
            else:
                pytest.fail("line ends keep a connection open")
        opened = [socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=5) for _ in range(20)]
        with connected(url) as refused:
            assert answers(refused, 1)[0][0] == 503
        for one in opened:
            one.close()
        process.terminate()
        _, errors = process.communicate(timeout=20)
    assert len(errors.splitlines()) == 1, errors


def test_nothing_of_a_request_reaches_standard_error_as_it_is(tmp_path: Path) -> None:
    with started(cwd=tmp_path) as (process, url):
        for data in (
            b"\x1b[31m\x00\r\n\r\n",
            b"GET /%1b%5b31m HTTP/1.1\r\nHost: localhost\r\nUpgrade: \x1b[31m\r\n\r\n",
        ):
            with connected(url, data) as connection:
                connection.recv(1000)
        httpx2.post(f"{url}/services/oauth2/token", content=b"\xff\xfe\x1b", headers={"Content-Type": "text/plain"})
        process.terminate()
        _, errors = process.communicate(timeout=20)
    assert "\x1b" not in errors
    assert len(errors.splitlines()) == 1, errors


def test_codes_and_calls_are_forgotten_when_they_are_many(small: Mock) -> None:
    for _ in range(3):
        small.ask(f"/garden/plants?q={'a' * 50_000}", headers={"X-A": "a" * 50_000})
    call = small.server.calls()[-1]
    assert len(call["target"]) < 5000
    assert len(call["headers"]["x-a"]) < 5000


def test_the_line_about_an_error_of_the_mock_escapes_the_path() -> None:
    line = _line({"method": "GET", "path": "/\x1b[31m\n\u202e"}, ValueError("\x1b"))
    assert line.isprintable()
    assert line.isascii()
