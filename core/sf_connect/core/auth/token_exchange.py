"""Sends requests to a token endpoint, sync and async, and reads the responses."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2
from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error

from sf_connect.core.auth.login import TokenRequest, TokenResponse, login_error
from sf_connect.core.exceptions import LoginError, beginning
from sf_connect.core.request.retry_policy import RetryPolicy
from sf_connect.core.request.urls import check_instance_url
from sf_connect.core.transport import error_messages
from sf_connect.core.transport.calls import forget_request
from sf_connect.core.transport.httpx_requests import build_httpx_request
from sf_connect.core.transport.retries import backoff, delay_before_retry
from sf_connect.core.transport.tokens import check_token

_FAILURES = (httpx2.RequestError, httpx2.InvalidURL)
_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_POLICY = RetryPolicy()
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
            sent = build_httpx_request(http, _arguments(request, timeout))
            response = http.send(sent, auth=None, follow_redirects=False)
        except _FAILURES as error:
            wait = _delay_after_failure(request, error, retry, timeout)
        else:
            delay = _delay_after_response(request, response, retry)
            if delay is None:
                return read(request, response.status_code, response.content)
            wait = delay
        time.sleep(wait)
    raise AssertionError("the last attempt returns or raises")


async def exchange_async(http: httpx2.AsyncClient, request: TokenRequest, timeout: Timeout) -> TokenResponse:
    """Send a request to the token endpoint, as `exchange`, without blocking the event loop."""
    for retry in range(_POLICY.max_retries + 1):
        try:
            sent = build_httpx_request(http, _arguments(request, timeout))
            response = await http.send(sent, auth=None, follow_redirects=False)
        except _FAILURES as error:
            wait = _delay_after_failure(request, error, retry, timeout)
        else:
            delay = _delay_after_response(request, response, retry)
            if delay is None:
                return read(request, response.status_code, response.content)
            wait = delay
        await asyncio.sleep(wait)
    raise AssertionError("the last attempt returns or raises")


def read(request: TokenRequest, status: int, content: bytes) -> TokenResponse:
    """The tokens in a response of the endpoint.

    Raises:
        LoginError: it refused, or its response cannot be used.
    """
    host = urlsplit(request.url).netloc
    values = _object(content)
    if values is None:
        if status // 100 == 2:  # not shown: it may hold a token
            raise LoginError(f"the response of {host} to the login is no JSON object")
        shown = beginning(request.hiding_secrets(content.decode("utf-8", "replace")).encode()) or "no message"
        raise LoginError(f"logging in at {host} got {status}: {shown}")
    failure, token = _parsed(request, values)
    if failure is not None:
        raise failure
    if status // 100 != 2:
        raise LoginError(f"logging in at {host} got {status}")
    _log.info("logged in at %s", host)
    return _token_response(host, token)


def _parsed(request: TokenRequest, values: dict[str, object]) -> tuple[LoginError | None, dict[str, Any]]:
    """The error to raise, or the values as oauthlib parses them. Its exceptions may show secrets, so they end here."""
    parser: Any = BackendApplicationClient("")
    try:
        return None, parser.parse_request_body_response(json.dumps(values))
    except OAuth2Error as error:
        code = _text(values.get("error"))
        description = _text(values.get("error_description")) or ("" if code else str(getattr(error, "description", "")))
        shown = beginning(request.hiding_secrets(description).encode())
        return login_error(request.url, code and beginning(request.hiding_secrets(code).encode()), shown), {}
    except (ValueError, TypeError, AttributeError):  # values of other types than OAuth names
        host = urlsplit(request.url).netloc
        return LoginError(f"the response of {host} to the login cannot be read"), {}


def _token_response(host: str, token: dict[str, Any]) -> TokenResponse:
    try:
        access_token, url = check_token(token.get("access_token")), check_instance_url(
            _text(token.get("instance_url")) or ""
        )
    except ValueError as error:
        raise LoginError(f"the response of {host} to the login cannot be used: {error}") from None
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
        "content": request.body,
        "headers": {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        "timeout": timeout,
    }


def _delay_after_failure(request: TokenRequest, error: Exception, retry: int, timeout: Timeout) -> float:
    if isinstance(error, _NEVER_SENT) and retry < _POLICY.max_retries:
        return backoff(_POLICY, retry)
    if isinstance(error, httpx2.DecodingError):
        forget_request(error)
        host = urlsplit(request.url).netloc
        raise LoginError(f"the response of {host} to the login is compressed in a way that cannot be read") from None
    failure = error_messages.describe_failure("logging in got no response", request.url, error, timeout)
    failure.attempts = retry + 1
    forget_request(error)
    raise failure from None


def _delay_after_response(request: TokenRequest, response: httpx2.Response, retry: int) -> float | None:
    if response.status_code != 503 or not request.is_repeatable or retry >= _POLICY.max_retries:
        return None
    return delay_before_retry(_POLICY, response.headers.get("Retry-After"), retry)


def _object(content: bytes) -> dict[str, object] | None:
    try:
        value: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
