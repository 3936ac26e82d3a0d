"""HTTP on one connection: what cannot be read, takes too long or is too much ends it, with a reason."""

from __future__ import annotations

import asyncio
import sys
from typing import Any, ClassVar

from httptools import HttpParserInvalidMethodError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from connectgen.mock.bounds import Bounds
from connectgen.mock.delivery import TRANSPORT
from connectgen.mock.refusal import REASON_HEADER
from connectgen.mock.responding.rendering import JSON, write_json

_OVERHEAD = 16
"""Bytes that may arrive for each byte of a body: chunks of one byte need six."""
_TITLES = {
    400: ("Bad Request", "BAD_REQUEST"),
    408: ("Request Timeout", "REQUEST_TIMEOUT"),
    431: ("Request Header Fields Too Large", "REQUEST_HEADERS_TOO_LARGE"),
    503: ("Service Unavailable", "SERVER_UNAVAILABLE"),
}


class _HeadersTooLargeError(ValueError):
    """The headers of a request are whole, and too large."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection with limits; it also lets faults get at the connection that they break."""

    limits: ClassVar[Bounds] = Bounds()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arrived = 0  # bytes since a request began, those of its body taken off
        self._allowed = self.limits.headers
        self._awaits_headers = True
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Take a connection, unless there are too many."""
        self.app_state = {**self.app_state, TRANSPORT: transport}
        if len(self.connections) >= self.limits.connections:
            self.transport = transport
            self._refuse(503, f"this server has {self.limits.connections} connections already, --max-connections")
            return
        super().connection_made(transport)
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what has arrived, and count what it was for."""
        self._arrived += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._arrived > self._allowed:
            self._refuse_headers()
        elif self._awaits_headers and self._timer is None:
            self._start_timer()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._awaits_headers = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The headers are whole: a request is handled, or queued behind others."""
        if len(self.pipeline) >= self.limits.pipelined:
            raise ValueError(f"more than {self.limits.pipelined} requests wait on this connection")
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > self.limits.headers:
            raise _HeadersTooLargeError  # they arrived at once, before they could be counted
        self._stop_timer()
        self._awaits_headers = False
        self._arrived, self._allowed = 0, self.limits.headers
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body."""
        self._arrived -= len(body)
        self._allowed += _OVERHEAD * len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A request is whole; the next may follow."""
        self._awaits_headers = True
        self._arrived, self._allowed = 0, self.limits.headers
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Respond to what is no HTTP request, or too long a URL, as the API responds; the connection ends."""
        error = sys.exception()
        if error is not None and isinstance(error.__context__, _HeadersTooLargeError):
            self._refuse_headers()
        else:
            self._refuse(400, f"this is no HTTP request that can be read: {_why_unreadable() or msg}")

    def _start_timer(self) -> None:
        self._timer = self.loop.call_later(self.limits.header_seconds, self._end_slow)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end_slow(self) -> None:
        """End a connection whose headers have not come, unless a response is still being sent on it."""
        self._timer = None
        if self.transport.is_closing():
            return
        if self.pipeline or self._is_responding():
            self._start_timer()
        else:
            self._refuse(408, f"no whole headers came within {self.limits.header_seconds:g} seconds")

    def _is_responding(self) -> bool:
        # There is no cycle before the first request, whatever its type says.
        return bool(self.cycle) and not self.cycle.response_complete

    def _refuse_headers(self) -> None:
        self._refuse(431, f"headers or what surrounds a body have more than {self.limits.headers} bytes")

    def _refuse(self, status: int, message: str) -> None:
        title, code = _TITLES[status]
        body = write_json([{"errorCode": code, "message": message}])
        head = (
            f"HTTP/1.1 {status} {title}",
            f"{REASON_HEADER}: malformed: {message}",
            f"Content-Type: {JSON}",
            f"Content-Length: {len(body)}",
            "Connection: close",
        )
        self.transport.write("\r\n".join((*head, "", "")).encode("ascii", "replace") + body)
        self.transport.close()


def bounded_by(limits: Bounds) -> type[BoundedProtocol]:
    """The protocol with these limits."""
    return type("BoundedProtocol", (BoundedProtocol,), {"limits": limits})


def _why_unreadable() -> str:
    """What the parser says of the request that it has just given up."""
    error = sys.exception()
    if isinstance(error, HttpParserInvalidMethodError):
        return "it begins with no method; a request before it may have been longer than its Content-Length"
    told = error and (error.__context__ or error)
    return " ".join(str(told or "").split())
