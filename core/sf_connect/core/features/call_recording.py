"""Records the call that an operation would make, instead of making it: for batches, raw responses, downloads, URLs."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any, Generic, NamedTuple, TypeVar, cast

from sf_connect.core.request.operations import Operation, Values
from sf_connect.core.request.options import RequestOptions
from sf_connect.core.transport.calls import Call
from sf_connect.core.transport.dispatchers import AsyncDispatcher, SyncDispatcher

D = TypeVar("D", SyncDispatcher, AsyncDispatcher)


class RecordedCall(NamedTuple, Generic[D]):
    """A call that was not made, as the operation passed it on: what `send` takes, and the dispatcher."""

    dispatcher: D
    operation: Operation[Any]
    path: tuple[object, ...] = ()
    query: Values | None = None
    form: Values | None = None
    headers: Values | None = None
    body: object = None
    parts: Values | None = None
    options: RequestOptions | None = None


def dispatcher_of(kind: type[D], operation: Callable[..., Any]) -> D:
    """The dispatcher that an operation sends its calls to.

    Args:
        kind: which kind it must be.
        operation: the operation, a method of a group.

    Raises:
        TypeError: it is no operation of a client, or one of the other kind.
    """
    found = getattr(getattr(operation, "__self__", None), "_dispatcher", None)
    if not isinstance(found, kind) or not hasattr(operation, "__func__"):
        which = "an asynchronous operation" if kind is AsyncDispatcher else "an operation"
        # Its type only: where the operation was called by mistake, its whole response would be shown here.
        what = f"not {type(operation).__name__}: name it without calling it"
        raise TypeError(f"give {which} of a client, such as client.chatter.users.get, {what}")
    return found


def record_call(
    kind: type[D], operation: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> RecordedCall[D]:
    """The call that an operation would make, with its arguments as the operation passed them on.

    Args:
        kind: which kind of dispatcher the operation must have.
        operation: the operation, a method of a group.
        args: its arguments.
        kwargs: its arguments by name.

    Raises:
        TypeError: it is no such operation, the arguments do not fit, or it makes no single call.
    """
    dispatcher = dispatcher_of(kind, operation)
    recorder = (_AsyncRecorder if kind is AsyncDispatcher else _Recorder)(dispatcher)
    bound = cast("Any", operation)
    result = bound.__func__(type(bound.__self__)(recorder), *args, **kwargs)
    if hasattr(result, "send") and hasattr(result, "close"):
        _run(result)
    if len(recorder.recorded) != 1:
        raise TypeError(f"{bound.__name__} makes no single call: give an operation that makes a single call")
    return RecordedCall(dispatcher, *recorder.recorded[0][0], **recorder.recorded[0][1])


def operation_of(
    dispatcher: D, kind: type[D], operation: Operation[Any] | Callable[..., Any]
) -> tuple[D, Operation[Any]]:
    """An operation's description, and the dispatcher to send it: for a method its own, else the one provided.

    Args:
        dispatcher: the dispatcher for a description.
        kind: which kind of dispatcher is wanted.
        operation: the description, or the method of a group.

    Raises:
        TypeError: it is no such operation, or makes no single call.
    """
    if isinstance(operation, Operation):
        return dispatcher, operation  # pyright: ignore[reportUnknownVariableType]  of what, only the caller knows
    own = dispatcher_of(kind, operation)
    # None of the arguments matters, as they are only passed on; parts that the caller names are taken apart before.
    needed = [one for one in signature(operation).parameters.values() if one.default is one.empty]
    arguments: tuple[Any, ...] = tuple({} for one in needed if one.kind is one.POSITIONAL_OR_KEYWORD)
    named: dict[str, Any] = {one.name: {} for one in needed if one.kind is one.KEYWORD_ONLY}
    return own, record_call(kind, operation, arguments, named).operation


def prepare_call(
    kind: type[D], operation: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]
) -> tuple[D, Call[Any]]:
    """The call of an operation, ready to be sent, and its dispatcher.

    Raises:
        TypeError: it is no operation of a client, or makes no single call.
        ValueError: an argument cannot be sent.
    """
    recorded = record_call(kind, operation, arguments, named)
    return recorded.dispatcher, recorded.dispatcher.prepare(*recorded[1:])


def _run(coroutine: Any) -> None:
    """Run a coroutine that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise TypeError("the operation waits for something else than its call")


class _Recorder:
    """Takes the place of a group's dispatcher."""

    def __init__(self, dispatcher: SyncDispatcher | AsyncDispatcher) -> None:
        self.options = dispatcher.options
        self.recorded: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def send(self, *arguments: Any, **named: Any) -> Any:
        self.recorded.append((arguments, named))


class _AsyncRecorder(_Recorder):
    """Takes the place of an asynchronous group's dispatcher."""

    async def send(self, *arguments: Any, **named: Any) -> None:
        super().send(*arguments, **named)
