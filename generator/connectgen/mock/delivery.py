"""Sends responses over the wire, whole or as a fault asks: late, slow, cut off, broken."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from collections.abc import Mapping
from typing import Any

from starlette.types import Receive, Scope, Send

from connectgen.mock.fault_injection import Fault
from connectgen.mock.refusal import refuse
from connectgen.mock.response import MockResponse, refusal_response
from connectgen.mock.tokens import expired

TRANSPORT = "connectgen.transport"
"""Where a connection's transport is in the state of a request, for faults that break it."""

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_PIECES = 8
_HTML = b"<html><head><title>Down for maintenance</title></head><body><h1>Service Unavailable</h1></body></html>"
_RESET = struct.pack("ii", 1, 0)


def faulty(fault: Fault, response: MockResponse) -> MockResponse:
    """The response in place of the right one.

    Args:
        fault: what goes wrong.
        response: the right response.
    """
    operation = response.operation
    if fault.expired:
        return refusal_response(expired(), as_xml=False, operation=operation)
    if fault.hourly_limit:
        return _error(503, "REQUEST_LIMIT_EXCEEDED", "Total requests limit exceeded for the hour", fault, response)
    if fault.daily_limit:
        return _error(429, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", fault, response)
    if fault.maintenance:
        return MockResponse(503, _HTML, "text/html;charset=UTF-8", _retry_after(fault), operation)
    if fault.status is not None:
        code, message = fault.code or "UNKNOWN_EXCEPTION", fault.message or "An error that the mock was asked for"
        response = _error(fault.status, code, message, fault, response)
    if fault.empty:
        return MockResponse(response.status, b"", "", response.headers, operation)
    if fault.malformed:
        return MockResponse(
            response.status,
            response.body[: max(1, len(response.body) - 1)],
            response.media_type,
            response.headers,
            operation,
        )
    return response


def _error(status: int, code: str, message: str, fault: Fault, response: MockResponse) -> MockResponse:
    refusal = refuse(status, code, message, "fault", None, _retry_after(fault))
    return refusal_response(refusal, as_xml="xml" in response.media_type, operation=response.operation)


def _retry_after(fault: Fault) -> dict[str, str]:
    return {"Retry-After": fault.retry_after} if fault.retry_after else {}


async def send_response(
    response: MockResponse, fault: Fault, scope: Scope, receive: Receive, send: Send, range_header: str | None
) -> None:
    """Send a response.

    Args:
        response: the response to send.
        fault: how.
        scope: the request's.
        receive: the request's.
        send: the request's.
        range_header: the header `Range`, which counts for files.
    """
    if fault.latency:
        await asyncio.sleep(fault.latency / 1000)
    if fault.reset:
        await _reset(scope, receive)
        return
    status, body, headers = _ranged(response, range_header)
    if response.media_type:
        headers["Content-Type"] = response.media_type
    if status != 204 and scope["method"] != "HEAD":
        headers["Content-Length"] = str(len(body))
    await send({"type": "http.response.start", "status": status, "headers": _encoded(headers)})
    if fault.truncate is not None and body:
        cut = len(body) // 2 if fault.truncate < 0 else min(fault.truncate, len(body) - 1)
        await send({"type": "http.response.body", "body": body[:cut], "more_body": True})
        await _close(scope, receive)
        return
    if fault.slow is not None and body:
        size = max(1, -(-len(body) // _PIECES))
        for start in range(0, len(body), size):
            await asyncio.sleep(fault.slow / 1000)
            piece = {"body": body[start : start + size], "more_body": start + size < len(body)}
            await send({"type": "http.response.body", **piece})
        return
    await send({"type": "http.response.body", "body": b"" if status == 204 else body})


def _ranged(response: MockResponse, range_header: str | None) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers, after the range that was asked for."""
    headers = dict(response.headers)
    size = len(response.body)
    found = _RANGE.fullmatch(range_header or "") if headers.get("Accept-Ranges") and response.status == 200 else None
    if not found or found[0] == "bytes=-":
        return response.status, response.body, headers
    if found[1]:
        start, end = int(found[1]), min(int(found[2] or size - 1), size - 1)
    else:
        start, end = max(0, size - int(found[2])), size - 1
    if start > end:
        headers["Content-Range"] = f"bytes */{size}"
        return 416, b"", headers
    headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return 206, response.body[start : end + 1], headers


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers.items()]


def _transport(scope: Scope) -> Any:
    return scope.get("state", {}).get(TRANSPORT)


async def _reset(scope: Scope, receive: Receive) -> None:
    """Break the connection so that the client sees a reset, not an end."""
    transport = _transport(scope)
    raw: Any = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()
    await _until_gone(receive)


async def _close(scope: Scope, receive: Receive) -> None:
    _transport(scope).close()
    await _until_gone(receive)


async def _until_gone(receive: Receive) -> None:
    """Wait until the server knows that the connection is gone; it would complain about a response without an end."""
    while (await receive())["type"] != "http.disconnect":
        pass
