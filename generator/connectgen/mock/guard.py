"""Who may ask: no page of another site, by whatever name it reaches the mock. No request ends in a traceback."""

from __future__ import annotations

import ipaddress
import re
import sys
from collections.abc import Callable
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectgen.mock.delivery import TRANSPORT
from connectgen.mock.refusal import refuse
from connectgen.mock.responding.rendering import JSON, write_json
from connectgen.mock.response import MockResponse, refusal_response

_CONTROL = "/__mock__"
_READS = ("GET", "HEAD", "OPTIONS")
_NAME = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)(?::\d{1,5})?")


class Guard:
    """Refuses requests by an unknown name, and cross-origin writes to the control API.

    Args:
        app: what responds.
        hosts: names by which the mock may be reached besides loopback's; any name where it is None.
        is_listed: whether an origin is one whose browsers may read responses.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None, is_listed: Callable[[str], bool]) -> None:
        self._app = app
        self._hosts = hosts
        self._is_listed = is_listed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refusal(scope)
        if refused is not None:
            await _send(refused, send)
            return
        has_begun = False

        async def sending(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            print(_line(scope, error), file=sys.stderr)
            if has_begun:
                scope["state"][TRANSPORT].abort()
            else:
                message = "the mock itself is at fault; its standard error says where"
                await _send(
                    MockResponse(500, write_json([{"errorCode": "UNKNOWN_EXCEPTION", "message": message}]), JSON), send
                )

    def _refusal(self, scope: Scope) -> MockResponse | None:
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if self._hosts is not None and host and not self._knows(host):
            message = f"this mock does not go by the name {host[:80]!r}; --allow-host takes further names"
            return refusal_response(refuse(421, "MISDIRECTED_REQUEST", message, "host"), as_xml=False)
        origin = headers.get(b"origin", b"").decode("latin-1")
        if not origin or scope["method"] in _READS or not scope["path"].startswith(_CONTROL):
            return None
        if origin.lower() == f"{scope['scheme']}://{host}" or self._is_listed(origin):
            return None
        message = f"pages of {origin[:80]!r} may not control this mock; --cors-origin takes their origin"
        return refusal_response(refuse(403, "FORBIDDEN", message, "origin"), as_xml=False)

    def _knows(self, host: str) -> bool:
        found = _NAME.fullmatch(host)
        if found is None:
            return False
        name = found[1].strip("[]").removesuffix(".")
        return name in (self._hosts or ()) or is_loopback_name(name)


def is_loopback_name(name: str) -> bool:
    """Whether only this machine is meant by a name or an IP address."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _line(scope: Scope, error: BaseException) -> str:
    """One line about an error of the mock; what the request brought along is escaped."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" in {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    path = ascii(scope["path"][:200])
    return f"connectgen mock: {scope['method']} {path} failed: {type(error).__name__}{place}; please report this"


async def _send(answer: MockResponse, send: Send) -> None:
    headers = {**answer.headers, "Content-Type": answer.media_type, "Content-Length": str(len(answer.body))}
    written = [(name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": written})
    await send({"type": "http.response.body", "body": answer.body})
