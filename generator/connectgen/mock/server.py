"""Runs the application on a socket."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import uvicorn
from httptools import HttpParserInvalidMethodError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from connectgen.mock.app import application
from connectgen.mock.backend import Backend
from connectgen.mock.refusal import REASON_HEADER
from connectgen.mock.responding.rendering import JSON, write_json
from connectgen.mock.sending import TRANSPORT

_LOOPBACK = ("127.", "::1", "localhost")


class _Protocol(HttpToolsProtocol):
    """Lets faults get at the connection that they break."""

    def connection_made(self, transport: Any) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        self.app_state = {**self.app_state, TRANSPORT: transport}
        super().connection_made(transport)

    def send_400_response(self, msg: str) -> None:
        """Respond to what is no HTTP request, or to too long a URL, as the API does; the connection ends."""
        message = f"this is no HTTP request that can be read: {_why_unreadable() or msg}"
        body = write_json([{"errorCode": "BAD_REQUEST", "message": message}])
        head = (
            "HTTP/1.1 400 Bad Request",
            f"{REASON_HEADER}: malformed: {message}",
            f"Content-Type: {JSON}",
            f"Content-Length: {len(body)}",
            "Connection: close",
        )
        self.transport.write("\r\n".join((*head, "", "")).encode() + body)
        self.transport.close()


def _why_unreadable() -> str:
    """What the parser says of the request that it has just given up."""
    error = sys.exception()
    if isinstance(error, HttpParserInvalidMethodError):
        return "it begins with no method; a request before it may have been longer than its Content-Length"
    cause = error and (error.__context__ or error)
    return " ".join(str(cause or "").split())


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an IP address."""
    return host.startswith(_LOOPBACK)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Args:
        host: a name or IP address of this machine.
        port: 0 for any that is free.

    Raises:
        OSError: the host and port cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, because asyncio sends without delay only where it is.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
    except BaseException:
        listener.close()
        raise
    return listener


def url_of(listener: socket.socket, host: str) -> str:
    """The URL of a listening socket, for a person to use."""
    port: int = listener.getsockname()[1]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def serve(backend: Backend, listener: socket.socket, on_ready: Callable[[], None]) -> BaseException | None:
    """Serve until a signal comes, or the catalogue cannot be loaded.

    Args:
        backend: what is behind the URLs.
        listener: the socket.
        on_ready: called when requests are taken.

    Returns:
        Why the catalogue could not be loaded, None where it could.
    """
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    config = uvicorn.Config(
        application(backend),
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=30,
    )
    server = _Server(config, on_ready)
    failures: list[BaseException] = []

    def fail(error: BaseException) -> None:
        failures.append(error)
        server.should_exit = True

    backend.on_failure = fail
    backend.start_loading()
    with suppress(KeyboardInterrupt):
        asyncio.run(server.serve([listener]))
    return failures[0] if failures else None


class _Server(uvicorn.Server):
    """Reports when it is ready, and ends in peace: there is something to do after the last request."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end. Requests that are broken off then are not reported as errors."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        super().handle_exit(sig, frame)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Let signals end the server, but not the process."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
