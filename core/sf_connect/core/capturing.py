"""Takes the call that an operation would make, instead of making it: for batches, raw answers, downloads, following."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from sf_connect.core.operations import AsyncGroup, Operation, RequestOptions, SyncGroup, Values

if TYPE_CHECKING:
    from sf_connect.core.calls import Call
    from sf_connect.core.client import AsyncClient, SyncClient

C = TypeVar("C", bound="SyncClient | AsyncClient")
Kind = type[SyncGroup] | type[AsyncGroup]


class Recorded(NamedTuple):
    """A call that was not made, as the operation gave it to its client: what `send` takes, and the client."""

    client: SyncClient | AsyncClient
    operation: Operation[Any]
    path: tuple[object, ...] = ()
    query: Values | None = None
    form: Values | None = None
    headers: Values | None = None
    body: object = None
    parts: Values | None = None
    options: RequestOptions | None = None


def client_of(operation: Callable[..., Any], kind: Kind | None = None) -> SyncClient | AsyncClient:
    """The client that an operation belongs to.

    Args:
        operation: the operation, a method of a group.
        kind: which kind it must be of; any by default.

    Raises:
        TypeError: it is no operation of a client, or of the other kind.
    """
    group: Any = getattr(operation, "__self__", None)
    if not isinstance(group, kind or (SyncGroup, AsyncGroup)):
        which = "an asynchronous operation" if kind is AsyncGroup else "an operation"
        # Its type only: where the operation was called by mistake, its whole answer would stand here.
        what = f"not {type(operation).__name__}: name it without calling it"
        raise TypeError(f"give {which} of a client, such as client.chatter.users.get, {what}")
    return group._client  # pyright: ignore[reportPrivateUsage]


def record(kind: Kind, operation: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Recorded:
    """The call that an operation would make, with its arguments as the operation gave them.

    Args:
        kind: which kind of operation is wanted.
        operation: the operation, a method of a group.
        args: its arguments.
        kwargs: its arguments by name.

    Raises:
        TypeError: it is no such operation, the arguments do not fit, or it makes no single call.
    """
    client = client_of(operation, kind)
    recorder = (_Recorder if kind is SyncGroup else _AsyncRecorder)(client)
    bound = cast("Any", operation)
    made = bound.__func__(type(bound.__self__)(recorder), *args, **kwargs)
    if hasattr(made, "send") and hasattr(made, "close"):
        _run(made)
    if len(recorder.recorded) != 1:
        raise TypeError(f"{bound.__name__} makes no single call: give an operation that makes a single call")
    return recorder.recorded[0]


def described(client: C, kind: Kind, operation: Operation[Any] | Callable[..., Any]) -> tuple[C, Operation[Any]]:
    """An operation's description, and the client to send it: for a method its own, else the one that is given.

    Args:
        client: the client.
        kind: which kind of operation is wanted.
        operation: the description, or the method of a group.

    Raises:
        TypeError: it is no such operation, or makes no single call.
    """
    if isinstance(operation, Operation):
        return client, operation  # pyright: ignore[reportUnknownVariableType]  of what, only the caller knows
    own = client_of(operation, kind)
    # None of the arguments matters, as they are only passed on; parts that the caller names are taken apart before.
    needed = [one for one in signature(operation).parameters.values() if one.default is one.empty]
    arguments: tuple[Any, ...] = tuple({} for one in needed if one.kind is one.POSITIONAL_OR_KEYWORD)
    named: dict[str, Any] = {one.name: {} for one in needed if one.kind is one.KEYWORD_ONLY}
    return cast("C", own), record(kind, operation, arguments, named).operation


def captured(operation: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> Call[Any]:
    """The call of a synchronous operation, ready to be sent.

    Raises:
        TypeError: it is no operation of a client, or makes no single call.
        ValueError: an argument cannot be sent.
    """
    recorded = record(SyncGroup, operation, arguments, named)
    return recorded.client.prepare(*recorded[1:])


async def captured_async(operation: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> Call[Any]:
    """The call of an asynchronous operation, as `captured`."""
    recorded = record(AsyncGroup, operation, arguments, named)
    return recorded.client.prepare(*recorded[1:])


def _run(coroutine: Any) -> None:
    """Run a coroutine that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise TypeError("the operation waits for something else than its call")


class _Recorder:
    """Stands in for the client of a group."""

    def __init__(self, client: SyncClient | AsyncClient) -> None:
        self.options = client.options
        self.recorded: list[Recorded] = []
        self._client = client

    def send(self, *arguments: Any, **named: Any) -> None:
        self.recorded.append(Recorded(self._client, *arguments, **named))


class _AsyncRecorder(_Recorder):
    """Stands in for the client of an asynchronous group."""

    async def send(self, *arguments: Any, **named: Any) -> None:  # type: ignore[override]
        super().send(*arguments, **named)
