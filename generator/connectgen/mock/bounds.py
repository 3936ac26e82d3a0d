"""How much one request may ask of the mock, so that no request can stop it for the others."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024
MOST_QUERY_PARAMETERS = 1000
"""Parameters in a URL, which is bounded too."""
MOST_PROBLEMS = 20
"""Problems of a request that a response lists."""
MOST_SINGLES = 500
"""Requests that one request for several records stands for, those of its batch together."""
LONGEST_CONTROL = MIB
"""Bytes of a body that the control API and the login take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Bounds of a request and of connections.

    Attributes:
        body: bytes of JSON, XML or form fields; files may have any size, since only their pieces are held.
        fields: form fields of a request, text parts included.
        parts: binary parts of a request.
        values: values in a JSON or XML body.
        header_seconds: time for a request's headers to arrive.
        idle_seconds: time for the next piece of a request's body.
        connections: connections that are open at once.
        headers: bytes of a request's first line and headers.
        pipelined: requests that one connection may have waiting.
    """

    body: int = 16 * MIB
    fields: int = 1000
    parts: int = 100
    values: int = 50_000
    header_seconds: float = 10
    idle_seconds: float = 30
    connections: int = 500
    headers: int = 128 * 1024
    pipelined: int = 100
