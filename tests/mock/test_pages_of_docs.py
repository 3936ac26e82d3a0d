"""docs/mock.md and docs/testing.md list all options, statuses, faults and URLs that there are, and no others."""

from __future__ import annotations

import inspect
import re
import socket
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.routing import Route

from connectgen.cli.mock import mock_command
from connectgen.mock.backend import Backend
from connectgen.mock.bounds import Bounds
from connectgen.mock.control import Control
from connectgen.mock.fault_injection import Fault
from connectgen.mock.settings import Settings
from connectgen.mock.stub_control import StubControl
from mock.conftest import Mock
from sf_connect.testing import MockServer
from support.command import ROOT

PAGE = (ROOT / "docs" / "mock.md").read_text(encoding="utf-8")
TESTING = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")


def rows(page: str, section: str, heading: str) -> list[list[str]]:
    """The rows of a table, by the first cell of its head and the section that it is in."""
    (text,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    (table,) = re.findall(rf"^\| {heading} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|\n ").split(" | ")] for line in table.splitlines()]


OPTIONS = {row[0]: row[1] for row in rows(PAGE, "Options", "option")}


def test_every_option_is_listed() -> None:
    listed = {name for row in OPTIONS.items() for name in re.findall(r"`(--[a-z-]+)`", " ".join(row))}
    there = {name for parameter in mock_command.params for name in parameter.opts if name.startswith("--")}
    assert listed == there - {"--help"}


def test_defaults_are_those_of_the_page() -> None:
    bounds, settings = Bounds(), Settings()
    shown = {
        name: [int(one.replace(",", "")) for one in re.findall(r"\(([\d,]+)[,) ]", effect)]
        for name, effect in OPTIONS.items()
    }
    assert shown["`--max-body`"] == [bounds.body // 2**20]
    assert shown["`--max-fields`, `--max-parts`"] == [bounds.fields, bounds.parts]
    assert shown["`--max-values`"] == [bounds.values]
    assert shown["`--max-connections`"] == [bounds.connections]
    assert shown["`--header-seconds`, `--idle-seconds`"] == [bounds.header_seconds, bounds.idle_seconds]
    assert shown["`--token-seconds`"] == [settings.token_seconds]
    assert shown["`--pending-calls`, `--pending-seconds`"] == [settings.pending_calls]
    assert f"`{settings.tokens[0]}`" in OPTIONS["`--token`"]
    app = re.findall(r"`([\w-]+)`", OPTIONS["`--client-id`, `--client-secret`"])
    assert app == [settings.client_id, settings.client_secret]


def test_every_fault_is_listed() -> None:
    text = " ".join(row[0] + (row[1] if "with `code" in row[1] else "") for row in rows(PAGE, "Faults", "fault"))
    assert {name.replace("-", "_") for name in re.findall(r"`([a-z-]+)(?:=[^`]*)?`", text)} == {
        one.name for one in fields(Fault)
    }


def test_every_url_of_the_control_api_is_listed(keeping: Mock) -> None:
    listed = " ".join(row[0] for row in rows(PAGE, "Control", "endpoint"))
    backend = Backend(Settings(), lambda: pytest.fail("nothing is loaded"))
    routes: list[Route] = [*Control(backend).routes(), *StubControl(backend).routes()]
    paths = {route.path.partition("/{")[0] for route in routes if route.path.startswith("/__mock__/")}
    for path in paths - {"/__mock__/links"}:
        assert f"{path}`" in listed or f"…/{path.rpartition('/')[2]}`" in listed, path
    for path in re.findall(r"/__mock__/[a-z/]+[a-z]", listed):
        assert keeping.ask(path, "OPTIONS").status_code != 404, path


def test_the_refusal_of_the_page(real: Mock) -> None:
    target, shown = re.search(
        r'mock-token" \\\n\s+"\$mock(\S+)"\n(.*?)\n\n', PAGE, re.DOTALL  # the command, and what it prints
    ).groups()  # type: ignore[union-attr]
    body = re.findall(r"^    (\[\{.*)$", PAGE, re.MULTILINE)[0]
    answer = real.ask(target)
    status, *headers = (line.strip() for line in shown.splitlines())
    assert status == f"HTTP/1.1 {answer.status_code} Bad Request"
    assert dict(line.split(": ", 1) for line in headers) == {
        name: answer.headers[name] for name in ("x-mock-reason", "x-mock-entry")
    }
    assert answer.text == body


def raw(mock: MockServer, data: bytes) -> tuple[int, str]:
    """Status and error code of the response to bytes that no client would send."""
    address = urlsplit(mock.url)
    with closing(socket.create_connection((address.hostname or "", address.port or 0), timeout=30)) as connection:
        connection.sendall(data)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
            if b'"errorCode"' in answer and answer.endswith(b"]"):
                break
    return int(answer.split()[1]), re.findall(rb'"errorCode":"(\w+)"', answer)[0].decode()


ME = "/chatter/users/me"
GROUPS = "/chatter/groups"
ITEMS = "/chatter/feed-elements/0D5000000000001AAA/capabilities/comments/items"
Asked = Callable[[Mock], httpx2.Response]
XML_TYPE = {"Content-Type": "application/xml"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def post(path: str, **more: Any) -> Asked:
    return lambda mock: mock.ask(path, "POST", **more)


def get(path: str, **more: Any) -> Asked:
    return lambda mock: mock.ask(path, **more)


def batch(*requests: dict[str, Any]) -> Asked:
    return post("/connect/batch", json={"batchRequests": list(requests)})


ASKED: dict[tuple[str, str], Asked] = {
    ("400", "INVALID_FIELD"): get(f"{ME}?colour=red"),
    ("400", "ILLEGAL_QUERY_PARAMETER_VALUE"): get(f"{GROUPS}?pageSize=many"),
    ("400", "MISSING_ARGUMENT"): post("/einstein/data-libraries/1JD000000000001AAA/files", json={}),
    ("400", "NUMBER_OUTSIDE_VALID_RANGE"): get("/chatter/groups/0F9000000000001AAA/members?pageSize=5000"),
    ("400", "STRING_TOO_LONG"): post(
        "/chatter/group-membership-requests/0I5000000000001AAA?_HttpMethod=PATCH",
        json={"status": "Declined", "responseMessage": "x" * 757},
    ),
    ("400", "LIMIT_EXCEEDED"): get(f"{ME}?" + "&".join(["q=x"] * 1001)),
    ("400", "INVALID_ID_FIELD"): get("/chatter/users/nobody"),
    ("400", "INVALID_FILTER_VALUE"): get(f"{ME}?filterGroup=Tiny"),
    ("400", "JSON_PARSER_ERROR"): post(GROUPS, content=b"{", headers={"Content-Type": "application/json"}),
    ("400", "POST_BODY_PARSE_ERROR"): post(GROUPS, content=b"<group>", headers=XML_TYPE),
    ("400", "INVALID_BATCH_REQUEST"): batch(),
    ("413", "REQUEST_ENTITY_TOO_LARGE"): post(GROUPS, content="&".join(["a=b"] * 1001).encode(), headers=FORM),
    ("421", "MISDIRECTED_REQUEST"): get(ME, headers={"Host": "example.com"}),
    ("401", "INVALID_SESSION_ID"): get(ME, headers={"Authorization": "Bearer other"}),
    ("401", "INVALID_AUTH_HEADER"): get(ME, headers={"Authorization": "Basic eA=="}),
    ("404", "NOT_FOUND"): get("/chatter/weeds"),
    ("405", "METHOD_NOT_ALLOWED"): lambda mock: mock.ask(ME, "PUT"),
    ("406", "NOT_ACCEPTABLE"): get("/ssot/activations", headers={"Accept": "application/xml"}),
    ("415", "UNSUPPORTED_MEDIA_TYPE"): post(GROUPS, content=b"x", headers={"Content-Type": "text/css"}),
}
START = b"GET /services/data/v67.0/chatter/users/me HTTP/1.1\r\nHost: localhost\r\n"
RAW: dict[tuple[str, str], tuple[tuple[str, ...], bytes]] = {
    ("400", "BAD_REQUEST"): ((), b"\x16\x03\x01 nothing of HTTP\r\n\r\n"),
    ("408", "REQUEST_TIMEOUT"): (("--header-seconds", "0.3"), START),
    ("431", "REQUEST_HEADERS_TOO_LARGE"): ((), START + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n"),
}
ELSEWHERE = {
    ("400", "FILE_SIZE_LIMIT_EXCEEDED"): "test_uploads.py: a file that is too large",
    ("503", "SERVER_UNAVAILABLE"): "test_wire.py: connections that pile up",
    ("410", "UNSUPPORTED_API_VERSION"): "test_command.py: retired versions",
}


def listed_refusals() -> set[tuple[str, str]]:
    """Every status with each of its codes: of several in one row, the first code goes with the first status."""
    found: set[tuple[str, str]] = set()
    for statuses, _, codes in rows(PAGE, "What it refuses", "status"):
        all_statuses, all_codes = statuses.split(", "), re.findall(r"`(\w+)`", codes)
        found |= set(zip(all_statuses, all_codes, strict=True) if len(all_statuses) > 1 else
                     ((all_statuses[0], code) for code in all_codes))  # fmt: skip
    return found


def test_every_refusal_of_the_page_is_tried() -> None:
    assert listed_refusals() == set(ASKED) | set(RAW) | set(ELSEWHERE)


@pytest.mark.parametrize("expected", ASKED, ids=" ".join)
def test_a_refusal_has_status_and_code_of_the_page(real: Mock, expected: tuple[str, str]) -> None:
    answer = ASKED[expected](real)
    code, *_ = re.findall(r"errorCode\W+(\w+)", answer.text)  # in JSON or XML
    assert (str(answer.status_code), code) == expected
    assert answer.headers["x-mock-reason"]


@pytest.mark.parametrize("expected", RAW, ids=" ".join)
def test_what_is_hardly_http_is_refused_as_the_page_says(expected: tuple[str, str]) -> None:
    options, data = RAW[expected]
    with MockServer(options) as mock:
        status, code = raw(mock, data)
    assert (str(status), code) == expected


def test_every_argument_of_respond_is_listed() -> None:
    text = " ".join(row[0] for row in rows(TESTING, "Order a response", "argument of `respond`"))
    listed = set(re.findall(r"`(\w+)(?:=\w+)?`", text)) | {"operation", "responses"}
    assert listed == set(inspect.signature(MockServer.respond).parameters) - {"self"}
