"""What groups and features ask of the object that sends a client's calls: not the client, whose names are the users'.

The dispatchers do it. They need the whole of the transport; who only has to talk to them needs no more than this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sf_connect.core.request.operations import Operation, Values
    from sf_connect.core.request.options import RequestOptions
    from sf_connect.core.transport.calls import Call, Response

T = TypeVar("T")


class Sender(Protocol):
    """What both have in common: the calls of operations, ready to be sent."""

    @property
    def api_version(self) -> str:
        """The API version that is called."""
        ...

    @property
    def site_id(self) -> str | None:
        """The Experience Cloud site that is called; None outside of sites."""
        ...

    @property
    def instance_url(self) -> str:
        """The URL of the org."""
        ...

    @property
    def options(self) -> RequestOptions:
        """The default settings of all calls."""
        ...

    def prepare(
        self,
        operation: Operation[T],
        path: tuple[object, ...] = (),
        query: Values | None = None,
        form: Values | None = None,
        headers: Values | None = None,
        body: object = None,
        parts: Values | None = None,
        options: RequestOptions | None = None,
    ) -> Call[T]:
        """The call of an operation with its arguments."""
        ...

    def prepare_url(self, operation: Operation[T], url: str, options: RequestOptions | None = None) -> Call[T]:
        """The call that gets a URL from a response, unchanged."""
        ...

    def shares_session_with(self, other: Sender) -> bool:
        """Whether both call the same org with the same token."""
        ...

    def check_rate_limit(self, call: Call[Any]) -> None:
        """Refuse a call that counts as more than the rate limiter ever allows at once."""
        ...

    def observe(self, call: Call[Any]) -> AbstractContextManager[None]:
        """What a call runs within that is received several times, as a download is: what the hook for calls returns."""
        ...


class SyncSender(Sender, Protocol):
    """Sends calls and waits for their responses."""

    def send(
        self,
        operation: Operation[T],
        path: tuple[object, ...] = (),
        query: Values | None = None,
        form: Values | None = None,
        headers: Values | None = None,
        body: object = None,
        parts: Values | None = None,
        options: RequestOptions | None = None,
    ) -> T:
        """The result of one call."""
        ...

    def receive(self, call: Call[Any], *, stream: bool = False) -> Response:
        """The final response to a call, an error response too; with `stream`, a successful one is still open."""
        ...

    def after_failure(self, call: Call[Any], error: Exception) -> None:
        """Wait before the retry of a call that got no whole response; raises where it may not be retried."""
        ...


class AsyncSender(Sender, Protocol):
    """Sends calls whose responses are awaited; the methods are those of `SyncSender`."""

    async def send(
        self,
        operation: Operation[T],
        path: tuple[object, ...] = (),
        query: Values | None = None,
        form: Values | None = None,
        headers: Values | None = None,
        body: object = None,
        parts: Values | None = None,
        options: RequestOptions | None = None,
    ) -> T:
        """The result of one call."""
        ...

    async def receive(self, call: Call[Any], *, stream: bool = False) -> Response:
        """The final response to a call."""
        ...

    async def after_failure(self, call: Call[Any], error: Exception) -> None:
        """Wait before the retry of a call."""
        ...
