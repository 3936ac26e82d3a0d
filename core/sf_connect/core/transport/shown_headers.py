"""The headers of a response as hooks get them: without those that hold secrets, and without the token."""

from __future__ import annotations

import re

import httpx2

from sf_connect.core.transport.secrets import Token

_SECRET = re.compile(
    "auth|cookie|credential|csrf|jwt|passw|secret|session|signature|token|api-?key|(^|-)sid$", re.IGNORECASE
)
_QUERY = re.compile(r"""[?#][^\s;,>"']*""")


def shown_headers(headers: httpx2.Headers, token: Token) -> httpx2.Headers:
    """The headers that may be shown.

    Args:
        headers: those of a response.
        token: the token that was sent, which a server may repeat.
    """
    kept = [(name, _without_query(value)) for name, value in headers.multi_items() if not _SECRET.search(name)]
    values = "\n".join(value for _, value in kept)  # no value has a line end; one search is faster than one for each
    scrubbed = token.scrub(values.encode()).decode().split("\n")
    return httpx2.Headers([(name, value) for (name, _), value in zip(kept, scrubbed, strict=True)])


def _without_query(value: str) -> str:
    """A value without the queries of its URLs, which may hold a session."""
    return _QUERY.sub("", value) if "://" in value or value.startswith("/") else value
