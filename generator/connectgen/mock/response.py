"""A response, before it goes over the wire."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from connectgen.mock.refusal import REASON_HEADER, RefusalError
from connectgen.mock.responding.rendering import JSON, XML, write_json
from connectgen.mock.xml import write_errors
from connectgen.surface import SurfaceOperation


@dataclass(frozen=True, slots=True)
class MockResponse:
    """Status, headers and body.

    Attributes:
        status: the HTTP status.
        body: the bytes.
        media_type: the header `Content-Type`; empty for a response without content.
        headers: further headers.
        operation: what was called, as far as it was understood.
        value: the JSON value that the body is written from, for a batch.
        stub: the number of the stub that it comes from.
        parts: the bytes once more, in parts that other responses share; empty where none does.
    """

    status: int
    body: bytes = b""
    media_type: str = ""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    operation: SurfaceOperation | None = None
    value: object = None
    stub: int | None = None
    parts: tuple[bytes, ...] = ()

    def packed(self) -> MockResponse:
        """The response as it is kept: without the value, and with shared parts in place of its own bytes."""
        return replace(self, value=None, body=b"" if self.parts else self.body)

    def unpacked(self) -> MockResponse:
        """The response as it was before it was kept, without the value."""
        return replace(self, body=b"".join(self.parts)) if self.parts else self

    @property
    def reason(self) -> str | None:
        """Why the request was refused."""
        return self.headers.get(REASON_HEADER)


def refusal_response(refusal: RefusalError, *, as_xml: bool, operation: SurfaceOperation | None = None) -> MockResponse:
    """The response that says why a request is refused."""
    errors = refusal.errors
    body, media_type = (write_errors(errors), XML) if as_xml else (write_json(errors), JSON)
    return MockResponse(
        refusal.status, body, media_type, {**refusal.explanation, **refusal.headers}, operation, value=errors
    )
