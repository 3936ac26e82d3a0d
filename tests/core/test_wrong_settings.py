"""What a wrong setting, environment or use of a client leads to: an error of our own that names it."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from core.certificates import Authority
from core.conftest import AsyncConnect, Connect, things
from core.server import Answer, Server
from sf_connect.core import APIStatusError, RequestOptions
from sf_connect.core.transport import error_hints
from sf_connect.core.transport.error_hints import hint_for

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SSL_CERT_FILE", "/nowhere/ca.pem", "variable SSL_CERT_FILE=/nowhere/ca.pem cannot be read as certificates"),
        ("SSL_CERT_FILE", os.devnull, f"^the environment variable SSL_CERT_FILE={os.devnull} cannot be read as cert"),
        (
            "HTTPS_PROXY",
            "ftp://ada:secret@proxy.example",
            "variable HTTPS_PROXY=ftp://proxy.example is no URL of a proxy",
        ),
        ("ALL_PROXY", "socks5://proxy.example:1080", "proxy.example:1080 needs pip install"),
    ],
)
def test_a_wrong_variable_of_the_environment_is_named(
    use: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=message) as caught:
        use(lambda client: things(client).get("1"))
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_file_for_keys_that_cannot_be_written_is_named(
    use: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(Authority(tmp_path).file))
    monkeypatch.setenv("SSLKEYLOGFILE", "/nowhere/keys")
    with pytest.raises(ValueError, match=r"^the environment variable SSLKEYLOGFILE=/nowhere/keys names no file that"):
        use(lambda client: things(client).get("1"))


def test_a_wrong_http_client_is_refused_when_the_client_is_made() -> None:
    with httpx2.Client() as sync, pytest.raises(TypeError, match=r"an httpx2\.AsyncClient here, not httpx2\.Client"):
        AsyncConnect("https://a.example", token="t", http_client=sync)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"http_client takes an httpx2\.Client here, not httpx2\.AsyncClient"):
        Connect("https://a.example", token="t", http_client=httpx2.AsyncClient())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"not builtins\.object"):
        Connect("https://a.example", token="t", http_client=object())  # type: ignore[arg-type]


def test_a_closed_client_says_so(server: Server) -> None:
    with Connect(server.url, token="t") as client:
        things(client).get("1")
    with pytest.raises(RuntimeError, match=r"^the client is closed: make another$"):
        things(client).get("1")
    http = httpx2.Client()
    mine = Connect(server.url, token="t", http_client=http)
    http.close()
    with pytest.raises(RuntimeError, match="the http_client that you passed is closed"):
        things(mine).get("1")


def test_an_asynchronous_closed_client_says_so(server: Server) -> None:
    async def close_first() -> None:
        async with AsyncConnect(server.url, token="t") as client:
            await things(client).get("1")
        await things(client).get("1")

    with pytest.raises(RuntimeError, match=r"^the client is closed: make another$"):
        asyncio.run(close_first())


def test_a_second_event_loop_is_refused(server: Server) -> None:
    client = AsyncConnect(server.url, token="t")

    async def call() -> None:
        await things(client).get("1")

    with asyncio.Runner() as first, asyncio.Runner() as second:
        first.run(call())
        with pytest.raises(RuntimeError, match="belongs to the event loop of its first call: open it inside"):
            second.run(call())
        first.run(client.aclose())


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://acme.lightning.force.com", "user interface; the org's API is at https://acme.my.salesforce.com"),
        ("https://acme--dev.sandbox.lightning.force.com", "is at https://acme--dev.sandbox.my.salesforce.com"),
        ("https://login.salesforce.com", "users log in at login.salesforce.com, but it serves no org"),
        ("https://test.salesforce.com/", "users log in at test.salesforce.com"),
    ],
)
def test_urls_that_serve_no_api_are_refused(url: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Connect(url, token="t")


def errors(*messages: str) -> bytes:
    return json.dumps([{"errorCode": "JSON_PARSER_ERROR", "message": message} for message in messages]).encode()


@pytest.mark.parametrize(
    ("messages", "shown"),
    [
        (("a",), ": a ("),
        (("a", "b"), ": a; b ("),
        (("a", "b", "c", "d", "e"), ": a; b; c; and 2 more ("),
    ],
)
def test_several_errors_are_shown(
    use: Callable[..., Any], server: Server, messages: tuple[str, ...], shown: str
) -> None:
    server.answer(Answer(400, errors(*messages)))
    with pytest.raises(APIStatusError) as caught:
        use(lambda client: things(client).get("1"))
    assert shown in str(caught.value)
    assert len(caught.value.errors) == len(messages)
    assert caught.value.hint == hint_for(400, "JSON_PARSER_ERROR")


STATUSES = (300, 302, 400, 401, 403, 404, 405, 406, 407, 409, 410, 412, 413, 414, 415, 420, 422, 429, 431)
SERVER_STATUSES = (500, 501, 502, 503, 504, 599)


@pytest.mark.parametrize("status", STATUSES + SERVER_STATUSES)
def test_statuses_say_where_to_go(use: Callable[..., Any], server: Server, status: int) -> None:
    server.answer(Answer(status, b"no JSON"))
    with pytest.raises(APIStatusError) as caught:
        use(lambda client: things(client).get("1"), options=RequestOptions(max_retries=0))
    assert caught.value.hint is not None
    assert caught.value.hint in str(caught.value)
    assert "\n" not in caught.value.hint
    assert len(caught.value.hint) < 120


CODES = (
    "API_CURRENTLY_DISABLED", "API_DISABLED_FOR_ORG", "FUNCTIONALITY_NOT_ENABLED", "ILLEGAL_QUERY_PARAMETER_VALUE",
    "INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS_OR_READONLY", "INSUFFICIENT_PRIVILEGES", "INVALID_API_VERSION",
    "INVALID_AUTH_HEADER", "INVALID_CROSS_REFERENCE_KEY", "INVALID_FIELD", "INVALID_ID_FIELD", "INVALID_SESSION_ID",
    "INVALID_TYPE", "ITEM_NOT_FOUND", "JSON_PARSER_ERROR", "LIMIT_EXCEEDED", "MALFORMED_ID", "MALFORMED_QUERY",
    "METHOD_NOT_ALLOWED", "MISSING_ARGUMENT", "NOT_FOUND", "OPERATION_TOO_LARGE", "POST_BODY_PARSE_ERROR",
    "REQUEST_LIMIT_EXCEEDED", "REQUEST_RUNNING_TOO_LONG", "REQUIRED_FIELD_MISSING", "SERVER_UNAVAILABLE",
    "UNABLE_TO_LOCK_ROW", "UNKNOWN_EXCEPTION", "UNSUPPORTED_API_VERSION", "UNSUPPORTED_MEDIA_TYPE",
)  # fmt: skip
"""Codes that people ask about in public."""


@pytest.mark.parametrize("code", CODES)
def test_codes_that_people_search_for_say_where_to_go(code: str) -> None:
    hint = hint_for(418, code)
    assert hint is not None
    assert hint_for(418, None) is None
    assert hint == hint_for(500, code) != hint_for(500, None)


def test_hints_are_short_sentences_in_order() -> None:
    assert list(error_hints._BY_CODE) == sorted(error_hints._BY_CODE)
    assert list(error_hints._BY_STATUS) == sorted(error_hints._BY_STATUS)
    for hint in (*error_hints._BY_CODE.values(), *error_hints._BY_STATUS.values()):
        assert len(hint) < 120
        assert not hint.endswith(".")
        assert hint[0].islower() or hint.startswith("Salesforce")
