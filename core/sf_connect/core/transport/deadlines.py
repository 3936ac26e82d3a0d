"""Until when a synchronous call may go on: each wait for the network ends then, however often something arrives.

A timeout of httpx2 begins anew with every byte. The backend below is between httpcore2 and the sockets, and lets no
wait last beyond the deadline of the call that its thread is making.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable
from math import inf
from typing import Any

import httpcore2
import httpx2


class _Current(threading.local):
    deadline = inf


current = _Current()
"""The deadline of the call that this thread makes, by `time.monotonic()`."""


def seconds_left() -> float:
    """Seconds until the deadline of this thread's call."""
    return current.deadline - time.monotonic() if current.deadline != inf else inf


def _shortened(timeout: float | None, expired: type[httpcore2.TimeoutException]) -> float | None:
    """A timeout that ends with the call.

    Raises:
        httpcore2.TimeoutException: the call has ended.
    """
    if current.deadline == inf:
        return timeout
    left = current.deadline - time.monotonic()
    if left <= 0:
        raise expired("the total timeout has passed")
    return left if timeout is None else min(timeout, left)


class DeadlineStream(httpcore2.NetworkStream):
    """A connection whose waits end with the call."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has arrived, or wait for it."""
        return self._stream.read(max_bytes, _shortened(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        self._stream.write(buffer, _shortened(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """Go on with TLS."""
        shortened = _shortened(timeout, httpcore2.ConnectTimeout)
        return DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, shortened))

    def get_extra_info(self, info: str) -> Any:
        """What is known of the connection."""
        return self._stream.get_extra_info(info)


class DeadlineBackend(httpcore2.NetworkBackend):
    """Makes connections whose waits end with the call."""

    def __init__(self, backend: httpcore2.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to a host; the time that its name takes to be resolved is not bounded."""
        shortened = _shortened(timeout, httpcore2.ConnectTimeout)
        return DeadlineStream(self._backend.connect_tcp(host, port, shortened, local_address, socket_options))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        """Connect to a socket of this machine."""
        shortened = _shortened(timeout, httpcore2.ConnectTimeout)
        return DeadlineStream(self._backend.connect_unix_socket(path, shortened, socket_options))

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._backend.sleep(min(seconds, max(0.0, seconds_left())))


def bound_by_deadlines(http: httpx2.Client) -> None:
    """Let the connections of a client of our own end with the call.

    httpx2 takes no network backend, and its proxies from the environment make pools of their own, so the backend is put
    into each pool. Where another release of httpx2 has no such place, a call ends between two pieces instead.
    """
    mounted: dict[object, Any] = getattr(http, "_mounts", {})
    for transport in (getattr(http, "_transport", None), *mounted.values()):
        pool = getattr(transport, "_pool", None)
        backend = getattr(pool, "_network_backend", None)
        if isinstance(backend, httpcore2.NetworkBackend):
            setattr(pool, "_network_backend", DeadlineBackend(backend))  # noqa: B010  it is no public name


def shorten(timeout: float | httpx2.Timeout | None, left: float) -> float | httpx2.Timeout | None:
    """The timeout of an attempt, no part of it longer than the time that is left."""
    if left == inf:
        return timeout
    if isinstance(timeout, httpx2.Timeout):
        connect, read, write, pool = (
            left if part is None else min(part, left)
            for part in (timeout.connect, timeout.read, timeout.write, timeout.pool)
        )
        return httpx2.Timeout(connect=connect, read=read, write=write, pool=pool)
    return left if timeout is None else min(timeout, left)
