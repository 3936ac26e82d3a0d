"""Runs the application on a socket."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from types import FrameType

import uvicorn

from connectgen.mock.app import application
from connectgen.mock.backend import Backend
from connectgen.mock.bounds import Bounds
from connectgen.mock.protocol import bounded_by

_SPARE_FILES = 64
"""Files that the process needs besides its connections."""


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
    _tell_in_one_line("uvicorn.error", "asyncio")
    config = uvicorn.Config(
        application(backend),
        http=bounded_by(_within_files(backend.settings.limits)),
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


class _OneLine(logging.Handler):
    """Prints an error of a library in one line; what a request brought along is escaped."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        what = f" ({type(error).__name__})" if error else ""
        line = " ".join(record.getMessage().split())
        print(f"connectgen mock: {ascii(line[:300])[1:-1]}{what}", file=sys.stderr)


def _tell_in_one_line(*names: str) -> None:
    for name in names:
        logger = logging.getLogger(name)
        logger.setLevel(logging.ERROR)
        logger.handlers[:] = [_OneLine()]
        logger.propagate = False


def _within_files(limits: Bounds) -> Bounds:
    """Limits with no more connections than the process may have files."""
    try:
        import resource
    except ImportError:  # Windows
        return limits
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if files == resource.RLIM_INFINITY:
        return limits
    return replace(limits, connections=max(1, min(limits.connections, files - _SPARE_FILES)))
