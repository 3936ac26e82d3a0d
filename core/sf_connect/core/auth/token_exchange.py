"""Sends requests to a token endpoint, sync and async, and reads the responses."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from contextlib import aclosing, closing
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

import httpx2
from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error

from sf_connect.core.auth.login import TokenRequest, TokenResponse, login_error
from sf_connect.core.exceptions import APITimeoutError, LoginError, beginning
from sf_connect.core.request.retry_policy import RetryPolicy
from sf_connect.core.request.urls import check_instance_url
from sf_connect.core.transport import error_messages
from sf_connect.core.transport.deadlines import current, seconds_left
from sf_connect.core.transport.frames import drop_frames, forget_request
from sf_connect.core.transport.httpx_requests import build_httpx_request
from sf_connect.core.transport.proxies import proxy_of
from sf_connect.core.transport.reading import ERROR_BYTES, read_pieces, read_pieces_async
from sf_connect.core.transport.retries import backoff, delay_before_retry
from sf_connect.core.transport.secrets import Secret, Token

_FAILURES = (httpx2.RequestError, httpx2.InvalidURL)
_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_POLICY = RetryPolicy()
_OVERDUE = "logging in did not end within the total timeout of the call"
_log = logging.getLogger("sf_connect")

Timeout = float | httpx2.Timeout | None


def exchange(http: httpx2.Client, request: TokenRequest, timeout: Timeout) -> TokenResponse:
    """Send a request to the token endpoint; its response.

    Raises:
        LoginError: it refused, or its response cannot be used.
        APIConnectionError: it did not respond.
    """
    for retry in range(_POLICY.max_retries + 1):
        try:
            answer = _send(http, request, timeout)
        except _FAILURES as error:
            wait = _delay_after_failure(request, error, retry, timeout, proxy_of(http, request.url))
        else:
            delay = _delay_after_response(request, answer, retry)
            if delay is None:
                return read(request, answer.status, answer.content, is_whole=answer.is_whole)
            wait = delay
        if wait >= seconds_left():
            raise APITimeoutError(_OVERDUE)
        time.sleep(wait)
    raise AssertionError("the last attempt returns or raises")


async def exchange_async(http: httpx2.AsyncClient, request: TokenRequest, timeout: Timeout) -> TokenResponse:
    """Send a request to the token endpoint, as `exchange`, without blocking the event loop."""
    for retry in range(_POLICY.max_retries + 1):
        try:
            answer = await _send_async(http, request, timeout)
        except _FAILURES as error:
            wait = _delay_after_failure(request, error, retry, timeout, proxy_of(http, request.url))
        else:
            delay = _delay_after_response(request, answer, retry)
            if delay is None:
                return read(request, answer.status, answer.content, is_whole=answer.is_whole)
            wait = delay
        await asyncio.sleep(wait)
    raise AssertionError("the last attempt returns or raises")


class _Answer(NamedTuple):
    """A response of the endpoint, whose content may hold tokens."""

    status: int
    retry_after: str | None
    content: Secret
    is_whole: bool


def _send(http: httpx2.Client, request: TokenRequest, timeout: Timeout) -> _Answer:
    """Send the request once; no exception takes along the frames that hold the form or the response."""
    pieces: list[bytes] = []
    try:
        sent = build_httpx_request(http, _arguments(request, timeout))
        with closing(http.send(sent, stream=True, auth=None, follow_redirects=False)) as response:
            is_whole = read_pieces(response, pieces, ERROR_BYTES, current.deadline)
        return _Answer(response.status_code, response.headers.get("Retry-After"), Secret(b"".join(pieces)), is_whole)
    except BaseException as error:
        del pieces
        drop_frames(error)
        raise


async def _send_async(http: httpx2.AsyncClient, request: TokenRequest, timeout: Timeout) -> _Answer:
    """As `_send`."""
    pieces: list[bytes] = []
    try:
        sent = build_httpx_request(http, _arguments(request, timeout))
        response = await http.send(sent, stream=True, auth=None, follow_redirects=False)
        async with aclosing(response):
            is_whole = await read_pieces_async(response, pieces, ERROR_BYTES)
        return _Answer(response.status_code, response.headers.get("Retry-After"), Secret(b"".join(pieces)), is_whole)
    except BaseException as error:
        del pieces
        drop_frames(error)
        raise


def read(request: TokenRequest, status: int, content: Secret, *, is_whole: bool = True) -> TokenResponse:
    """The tokens in a response of the endpoint.

    Raises:
        LoginError: it refused, or its response cannot be used.
    """
    host = urlsplit(request.url).netloc
    if not is_whole:
        raise LoginError(f"the response of {host} to the login has more than {ERROR_BYTES:,} bytes, which no login has")
    found = _read(request, host, status, content)
    if isinstance(found, LoginError):
        raise found
    _log.info("logged in at %s", host)
    return found


def _read(request: TokenRequest, host: str, status: int, content: Secret) -> TokenResponse | LoginError:
    """The tokens, or what is wrong with the response: no exception leaves these frames, which hold tokens."""
    values = _object(content.reveal_bytes())
    if values is None:
        if status // 100 == 2:  # not shown: it may hold a token
            return LoginError(f"the response of {host} to the login is no JSON object")
        text = content.reveal_bytes().decode("utf-8", "replace")
        shown = beginning(request.hiding_secrets(text).encode()) or "no message"
        return LoginError(f"logging in at {host} got {status}: {shown}")
    parsed = _parsed(request, host, values)
    if isinstance(parsed, LoginError):
        return parsed
    if status // 100 != 2:
        return LoginError(f"logging in at {host} got {status}")
    return _token_response(host, parsed)


def _parsed(request: TokenRequest, host: str, values: dict[str, object]) -> dict[str, Any] | LoginError:
    """The values as oauthlib parses them, or what is wrong. Its exceptions may show secrets, so they end here."""
    parser: Any = BackendApplicationClient("")
    try:
        return cast("dict[str, Any]", parser.parse_request_body_response(json.dumps(values)))
    except OAuth2Error as error:
        code = _text(values.get("error"))
        description = _text(values.get("error_description")) or ("" if code else str(getattr(error, "description", "")))
        shown = beginning(request.hiding_secrets(description).encode())
        return login_error(request.url, code and beginning(request.hiding_secrets(code).encode()), shown)
    except (ValueError, TypeError, AttributeError):  # values of other types than OAuth names
        return LoginError(f"the response of {host} to the login cannot be read")


def _token_response(host: str, token: dict[str, Any]) -> TokenResponse | LoginError:
    try:
        url = check_instance_url(_text(token.get("instance_url")) or "")
        access_token = Token(token.get("access_token")).checked().reveal()
    except ValueError as error:
        return LoginError(f"the response of {host} to the login cannot be used: {error}")
    scope: object = token.get("scope")
    return TokenResponse(
        access_token=access_token,
        instance_url=url,
        refresh_token=_text(token.get("refresh_token")),
        site_url=_text(token.get("sfdc_community_url")),
        identity_url=_text(token.get("id")),
        scope=" ".join(map(str, cast("list[object]", scope))) if isinstance(scope, list) else _text(scope),
    )


def _arguments(request: TokenRequest, timeout: Timeout) -> dict[str, Any]:
    return {
        "method": "POST",
        "url": request.url,
        "content": Secret.of(request.body).reveal(),
        "headers": {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        "timeout": timeout,
    }


def _delay_after_failure(
    request: TokenRequest, error: Exception, retry: int, timeout: Timeout, proxy: str | None
) -> float:
    if isinstance(error, _NEVER_SENT) and retry < _POLICY.max_retries:
        return backoff(_POLICY, retry)
    if isinstance(error, httpx2.DecodingError):
        forget_request(error)
        host = urlsplit(request.url).netloc
        raise LoginError(f"the response of {host} to the login is compressed in a way that cannot be read") from None
    what = "logging in got no response"
    failure = error_messages.describe_failure(what, request.url, error, timeout, proxy=proxy)
    failure.attempts = retry + 1
    forget_request(error)
    raise failure from None


def _delay_after_response(request: TokenRequest, answer: _Answer, retry: int) -> float | None:
    if answer.status != 503 or not request.is_repeatable or retry >= _POLICY.max_retries:
        return None
    return delay_before_retry(_POLICY, answer.retry_after, retry)


def _object(content: bytes) -> dict[str, object] | None:
    try:
        value: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
