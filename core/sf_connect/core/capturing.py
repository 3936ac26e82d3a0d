"""Takes the call that an operation would make, instead of making it: for raw answers and downloads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

from sf_connect.core.operations import AsyncGroup, Operation, RequestOptions, SyncGroup, Values

if TYPE_CHECKING:
    from sf_connect.core.calls import Call
    from sf_connect.core.client import AsyncClient, SyncClient


def client_of(operation: Callable[..., Any]) -> SyncClient | AsyncClient:
    """The client that an operation belongs to.

    Raises:
        TypeError: it is no operation of a client.
    """
    group: object = getattr(operation, "__self__", None)
    if not isinstance(group, SyncGroup | AsyncGroup):
        raise TypeError(f"give an operation of a client, such as client.chatter.users.get, not {operation!r}")
    return group._client  # pyright: ignore[reportPrivateUsage]


def captured(operation: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> Call[Any]:
    """The call of a synchronous operation, not sent.

    Raises:
        TypeError: it is no operation of a client, or makes no single call.
        ValueError: an argument cannot be sent.
    """
    return _checked(_rerouted(operation, _Route(client_of(operation)))(*arguments, **named))


async def captured_async(operation: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> Call[Any]:
    """The call of an asynchronous operation, as `captured`."""
    made: object = _rerouted(operation, _AsyncRoute(client_of(operation)))(*arguments, **named)
    return _checked(await cast("Awaitable[object]", made) if isinstance(made, Awaitable) else made)


def _rerouted(operation: Callable[..., Any], route: object) -> Callable[..., Any]:
    """The same operation of a group whose client is the route."""
    bound = cast("Any", operation)
    return cast("Callable[..., Any]", bound.__func__.__get__(type(bound.__self__)(route)))


def _checked(made: object) -> Call[Any]:
    from sf_connect.core.calls import Call

    if not isinstance(made, Call):
        raise TypeError("give an operation that makes a single call")
    return made  # pyright: ignore[reportUnknownVariableType]


class _Route:
    """Stands in for the client of a group."""

    def __init__(self, client: SyncClient | AsyncClient) -> None:
        self._client = client
        self.options = client.options

    def send(
        self,
        operation: Operation[Any],
        path: tuple[object, ...] = (),
        query: Values | None = None,
        form: Values | None = None,
        headers: Values | None = None,
        body: object = None,
        parts: Values | None = None,
        options: RequestOptions | None = None,
    ) -> Call[Any]:
        """What the client would send."""
        return self._client.prepare(operation, path, query, form, headers, body, parts, options)


class _AsyncRoute(_Route):
    """Stands in for the client of an asynchronous group."""

    async def send(self, *arguments: Any, **named: Any) -> Call[Any]:  # type: ignore[override]
        """What the client would send."""
        return super().send(*arguments, **named)
