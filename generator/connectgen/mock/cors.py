"""CORS headers: only origins of the list may read responses, as with an org's allowlist."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectgen.mock.fault_injection import FAULT_HEADER
from connectgen.mock.refusal import ENTRY_HEADER, REASON_HEADER

_METHODS = "GET, POST, PUT, PATCH, DELETE, HEAD"
_DEFAULT_HEADERS = (
    "Authorization, Content-Type, Accept, Accept-Language, X-Chatter-Entity-Encoding, X-Connect-Bearer-Urls, "
    f"X-Connect-Theme, {FAULT_HEADER}"
)
_EXPOSED = f"Sforce-Limit-Info, Retry-After, {REASON_HEADER}, {ENTRY_HEADER}"
_NAMES = re.compile(r"[A-Za-z0-9-]+(?:\s*,\s*[A-Za-z0-9-]+)*")
_CONTROL = "/__mock__"


class Cors:
    """Adds Access-Control headers to the responses that a listed origin gets; others get none.

    Args:
        app: the application that responds.
        origins: the list; `https://*.example.com` stands for every host below.
    """

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self._app = app
        patterns = (re.escape(origin.rstrip("/")).replace(r"\*", r"[A-Za-z0-9.-]+") for origin in origins)
        self._listed = re.compile("|".join(patterns), re.IGNORECASE) if origins else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a preflight, or pass the request on."""
        headers = dict(scope["headers"]) if scope["type"] == "http" else {}
        origin = headers.get(b"origin", b"").decode("latin-1")
        if not origin or scope["path"].startswith(_CONTROL):
            await self._app(scope, receive, send)
            return
        is_listed = self._listed is not None and self._listed.fullmatch(origin) is not None
        if scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
            asked = headers.get(b"access-control-request-headers", b"").decode("latin-1")
            await _preflight(origin if is_listed else None, asked, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                more = [(b"vary", b"Origin")]
                if is_listed:
                    more += _allowed(origin)
                    more.append((b"access-control-expose-headers", _EXPOSED.encode()))
                message["headers"] = [*message["headers"], *more]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _allowed(origin: str) -> list[tuple[bytes, bytes]]:
    return [(b"access-control-allow-origin", origin.encode("latin-1")), (b"access-control-allow-credentials", b"true")]


async def _preflight(origin: str | None, asked: str, send: Send) -> None:
    headers = [(b"vary", b"Origin"), (b"content-length", b"0")]
    if origin is not None:
        names = asked if _NAMES.fullmatch(asked) else _DEFAULT_HEADERS
        headers += _allowed(origin)
        headers += [
            (b"access-control-allow-methods", _METHODS.encode()),
            (b"access-control-allow-headers", names.encode("latin-1")),
            (b"access-control-max-age", b"86400"),
        ]
    await send({"type": "http.response.start", "status": 200 if origin else 403, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
