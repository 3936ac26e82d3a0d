"""Raw responses: status, headers and content, with the typed result on demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from sf_connect.core.transport.calls import Call, Response

T = TypeVar("T")


class RawResponse(Generic[T]):
    """The final response to a call, whatever its status: after retries, and with a fresh token where one was needed.

    Attributes:
        status: the HTTP status.
        headers: the headers; names are case-insensitive.
        content: the decompressed body.
        attempts: how often the call was sent.
    """

    def __init__(self, call: Call[T], response: Response) -> None:
        self._call = call
        self._response = response
        self.status = response.status
        self.headers: Mapping[str, str] = response.headers
        self.content = response.content
        self.attempts = call.attempts

    def __repr__(self) -> str:
        return f"<RawResponse {self.status} of {self._call.operation.name}, {len(self.content)} bytes>"

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return self._response.is_success

    def parse(self) -> T:
        """Decode the content to what the operation returns.

        Raises:
            SFConnectError: it is an error response, or cannot be decoded.
        """
        return self._call.result(self._response)

    def unknown_properties(self) -> Mapping[tuple[str | int, ...], object]:
        """What `sf_connect.core.unknown_properties` shows of this response, by paths in parts."""
        return self._call.unknown_properties(self._response)
