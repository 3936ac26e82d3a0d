"""Records the call that an operation would make, instead of making it: for batches, raw responses, downloads, URLs."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any, Generic, NamedTuple, NoReturn, TypeVar, cast

from sf_connect.core.request.operations import Operation, Values
from sf_connect.core.request.options import RequestOptions
from sf_connect.core.transport.calls import Call
from sf_connect.core.transport.dispatchers import AsyncDispatcher
from sf_connect.core.transport.senders import AsyncSender, SyncSender

D = TypeVar("D", SyncSender, AsyncSender)


class RecordedCall(NamedTuple, Generic[D]):
    """A call that was recorded instead of sent: the dispatcher, and the arguments of its `send`."""

    dispatcher: D
    operation: Operation[Any]
    path: tuple[object, ...] = ()
    query: Values | None = None
    form: Values | None = None
    headers: Values | None = None
    body: object = None
    parts: Values | None = None
    options: RequestOptions | None = None


def dispatcher_of(dispatcher_type: type[D], operation: Callable[..., Any]) -> D:
    """The dispatcher that sends the calls of an operation.

    Args:
        dispatcher_type: the type that it must have, synchronous or asynchronous.
        operation: the operation, a method of a group.

    Raises:
        TypeError: it is no operation of a client, or synchronous where it must be asynchronous or vice versa.
    """
    group = getattr(operation, "__self__", None)
    found = getattr(group, "_dispatcher", None)
    # Clients have a dispatcher too, but of their methods only `request` sends a call.
    sends = hasattr(group, "_send") or (_is_client(group) and getattr(operation, "__name__", "") == "request")
    if not isinstance(found, dispatcher_type) or not sends or not hasattr(operation, "__func__"):
        which = "an asynchronous operation" if dispatcher_type is AsyncDispatcher else "an operation"
        # Its type only: where the operation was called by mistake, its whole response would be in the message.
        what = f"not {type(operation).__name__}: name it without calling it"
        raise TypeError(f"pass {which} of a client, such as client.chatter.users.get, {what}")
    return found


def _is_client(owner: object) -> bool:
    return hasattr(owner, "_sharing")


def record_call(
    dispatcher_type: type[D], operation: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> RecordedCall[D]:
    """The call that an operation would make, with the arguments that it would send.

    Args:
        dispatcher_type: the type of dispatcher that the operation must have.
        operation: the operation, a method of a group.
        args: its arguments.
        kwargs: its arguments by name.

    Raises:
        TypeError: it is no such operation, the arguments do not fit, or it does not make exactly one call.
    """
    dispatcher = dispatcher_of(dispatcher_type, operation)
    recorder = (_AsyncRecorder if dispatcher_type is AsyncDispatcher else _Recorder)(dispatcher)
    bound = cast("Any", operation)
    own = bound.__self__
    twin = own._sharing(recorder) if _is_client(own) else type(own)(recorder)
    result = bound.__func__(twin, *args, **kwargs)
    if hasattr(result, "send") and hasattr(result, "close"):
        _run(result)
    if len(recorder.recorded) != 1:
        raise TypeError(f"{bound.__name__} does not make exactly one call: pass an operation that does")
    return RecordedCall(dispatcher, *recorder.recorded[0][0], **recorder.recorded[0][1])


def operation_of(dispatcher: D, operation: Operation[Any] | Callable[..., Any]) -> tuple[D, Operation[Any]]:
    """An operation's description, and the dispatcher that sends it: a method's own, else the one provided.

    Args:
        dispatcher: the dispatcher for an operation that is passed as a description; that of a method is of its type.
        operation: the description, or the method of a group.

    Raises:
        TypeError: it is no such operation, or does not make exactly one call.
    """
    if isinstance(operation, Operation):
        return dispatcher, operation  # pyright: ignore[reportUnknownVariableType]  of what, only the caller knows
    own = dispatcher_of(type(dispatcher), operation)
    # The arguments do not matter, as nothing is sent; a dict also suits parameters that are unpacked.
    needed = [one for one in signature(operation).parameters.values() if one.default is one.empty]
    arguments: tuple[Any, ...] = tuple({} for one in needed if one.kind is one.POSITIONAL_OR_KEYWORD)
    named: dict[str, Any] = {one.name: {} for one in needed if one.kind is one.KEYWORD_ONLY}
    return own, record_call(type(dispatcher), operation, arguments, named).operation


def prepare_call(
    dispatcher_type: type[D], operation: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]
) -> tuple[D, Call[Any]]:
    """The call of an operation, ready to be sent, and its dispatcher.

    Raises:
        TypeError: it is no operation of a client, or does not make exactly one call.
        ValueError: an argument cannot be sent.
    """
    recorded = record_call(dispatcher_type, operation, arguments, named)
    return recorded.dispatcher, recorded.dispatcher.prepare(*recorded[1:])


def _run(coroutine: Any) -> None:
    """Run a coroutine that never suspends."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise TypeError("the operation awaits something other than its call")


class _Recorder:
    """Takes the place of a group's dispatcher."""

    def __init__(self, dispatcher: SyncSender | AsyncSender) -> None:
        self.options = dispatcher.options
        self.instance_url = dispatcher.instance_url
        self.recorded: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def send(self, *arguments: Any, **named: Any) -> Any:
        self.recorded.append((arguments, named))

    def prepare(self, operation: Operation[Any], *_: object) -> NoReturn:
        """Refuse what makes its calls itself: it waits, and would make several."""
        raise TypeError(f"a method that waits makes several calls of {operation.name}: pass that operation")


class _AsyncRecorder(_Recorder):
    """Takes the place of an asynchronous group's dispatcher."""

    async def send(self, *arguments: Any, **named: Any) -> None:
        super().send(*arguments, **named)
