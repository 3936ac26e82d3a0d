"""The API versions that a server supports, for the error message when it refuses one or knows none such.

A 410 asks for them, and the first 404 of a client below `/services/data/vNN.0`, without a token. What goes wrong with
that question is not said: the error that it was about is raised without its outcome.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from contextlib import aclosing, closing
from typing import TYPE_CHECKING, Any, cast

import httpx2
import msgspec

from sf_connect.core.transport.calls import Call
from sf_connect.core.transport.connections import Connection
from sf_connect.core.transport.deadlines import current, seconds_left
from sf_connect.core.transport.forks import renew_in_children
from sf_connect.core.transport.httpx_requests import build_httpx_request
from sf_connect.core.transport.reading import ERROR_BYTES, read_pieces, read_pieces_async
from sf_connect.core.wire.decoding import strip_bom

if TYPE_CHECKING:
    import asyncio

LIST = "/services/data"
SECONDS = 10.0
STATUSES = (404, 410)
_NOT_FOUND, _GONE = STATUSES
_MARGIN = 0.1
"""Seconds before the end of a call by which the question ends, so that the call has an outcome of its own."""
_VERSION = re.compile(r"/services/data/v(\d+\.\d+)(?:/|$)")
_NUMBER = re.compile(r"\d{1,4}\.\d{1,2}")
_log = logging.getLogger("sf_connect")


class _Versions:
    """The versions of one server, asked for at most once for all 404s, and for 410s until they are known."""

    def __init__(self, instance_url: str) -> None:
        self._instance_url = instance_url
        self._known: tuple[str, ...] = ()
        self._is_asked = False

    def _is_open(self, call: Call[Any], status: int) -> bool:
        """Whether a response makes it worth asking."""
        if self._known:
            return False
        return status == _GONE or (not self._is_asked and _VERSION.search(call.request.path) is not None)

    def _take(self, pieces: list[bytes]) -> None:
        self._known = parse_versions(b"".join(pieces))

    def _hint(self, call: Call[Any], status: int) -> str | None:
        if status == _GONE:
            return hint(call.api_version, call.retired_in, self._instance_url, self._known)
        found = _VERSION.search(call.request.path)
        if found is None or not self._known or found[1] in self._known:
            return None
        return lacking(found[1], call.api_version, self._known)

    def _question(self) -> dict[str, Any]:
        """The arguments of a request for the versions, without a token."""
        return {"method": "GET", "url": self._instance_url + LIST, "timeout": SECONDS}


class SyncVersions(_Versions):
    """The versions of the server of a synchronous session."""

    def __init__(self, instance_url: str, connection: Connection[httpx2.Client]) -> None:
        super().__init__(instance_url)
        self._connection = connection
        self._lock = threading.Lock()
        renew_in_children(self)

    def renew_after_fork(self) -> None:
        """Leave a lock that another thread may hold to the parent."""
        self._lock = threading.Lock()

    def explain(self, call: Call[Any], status: int) -> None:
        """Give a call that got a 404 or 410 the hint at the versions; others wait while one asks."""
        if self._is_open(call, status) and self._lock.acquire(timeout=max(0.0, min(SECONDS, seconds_left()))):
            try:
                if self._is_open(call, status):
                    self._ask()
            finally:
                self._lock.release()
        call.hint = self._hint(call, status)

    def _ask(self) -> None:
        before = current.deadline
        current.deadline = min(before - _MARGIN, time.monotonic() + SECONDS)
        try:
            pieces: list[bytes] = []
            request = build_httpx_request(self._connection.http, self._question())
            response = self._connection.http.send(request, stream=True, auth=None, follow_redirects=False)
            with closing(response):
                read_pieces(response, pieces, ERROR_BYTES, current.deadline)
            self._take(pieces)
        except Exception as error:  # whatever a transport of the caller's own raises
            _log.debug("the versions of the server are not known: %s", type(error).__name__)
        finally:
            self._is_asked = True
            current.deadline = before


class AsyncVersions(_Versions):
    """The versions of the server of an asynchronous session."""

    def __init__(self, instance_url: str, connection: Connection[httpx2.AsyncClient]) -> None:
        super().__init__(instance_url)
        self._connection = connection
        self._lock: asyncio.Lock | None = None
        renew_in_children(self)

    def renew_after_fork(self) -> None:
        """Leave the lock to the event loop of the parent."""
        self._lock = None

    async def explain(self, call: Call[Any], status: int) -> None:
        """Give a call that got a 404 or 410 the hint at the versions; others wait while one asks."""
        if self._is_open(call, status):
            import asyncio  # late: synchronous clients do without it, and it is slow to import

            self._lock = self._lock or asyncio.Lock()
            try:
                async with asyncio.timeout(min(SECONDS, call.deadline - time.monotonic() - _MARGIN)), self._lock:
                    if self._is_open(call, status):
                        await self._ask()
                        self._is_asked = True
            except Exception as error:  # whatever a transport of the caller's own raises
                self._is_asked = True
                _log.debug("the versions of the server are not known: %s", type(error).__name__)
        call.hint = self._hint(call, status)

    async def _ask(self) -> None:
        pieces: list[bytes] = []
        request = build_httpx_request(self._connection.http, self._question())
        response = await self._connection.http.send(request, stream=True, auth=None, follow_redirects=False)
        async with aclosing(response):
            await read_pieces_async(response, pieces, ERROR_BYTES)
        self._take(pieces)


def parse_versions(content: bytes) -> tuple[str, ...]:
    """The versions that a server lists, oldest first; none where the list cannot be read."""
    try:
        value: Any = msgspec.json.decode(strip_bom(content))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return ()
    rows = cast("list[object]", value) if isinstance(value, list) else []
    named = [str(cast("dict[str, object]", row).get("version")) for row in rows if isinstance(row, dict)]
    return tuple(sorted((version for version in named if _NUMBER.fullmatch(version)), key=float))


def hint(api_version: str, retired_in: str | None, instance_url: str, versions: tuple[str, ...]) -> str:
    """The hint for a 410.

    Args:
        api_version: the client's version.
        retired_in: the release since which it is retired, or None.
        instance_url: the server.
        versions: the versions that the server lists; empty where there was no list.
    """
    since = f" since {retired_in}" if retired_in else ""
    if not versions:
        gone = f"API version {api_version} is retired{since}" if since else "the resource is gone for good"
        return f"{gone}; {instance_url}{LIST} lists the versions that this server supports"
    supported = _range(versions)
    if api_version in versions:
        return f"the resource is gone for good: this server supports API versions {supported}, {api_version} among them"
    return f"API version {api_version} is retired{since}; this server supports {supported}"


def lacking(version: str, api_version: str, versions: tuple[str, ...]) -> str:
    """The hint for a 404 below a version that the server lacks.

    Args:
        version: the version in the path.
        api_version: the client's version, which is another one where the caller wrote the path.
        versions: the versions that the server lists, oldest first.
    """
    is_older = float(version) < float(versions[0])
    nearest = versions[0] if is_older else [one for one in versions if float(one) < float(version)][-1]
    why = "which is retired" if is_older else "which comes with a later release"
    remedy = f"import sf_connect.v{nearest.partition('.')[0]} instead"
    if version != api_version:
        remedy = f"begin the path with /services/data/v{nearest} instead"
    return f"this org has API versions {_range(versions)}, not {version}, {why}: {remedy}"


def _range(versions: tuple[str, ...]) -> str:
    return versions[0] if len(versions) == 1 else f"{versions[0]} to {versions[-1]}"
