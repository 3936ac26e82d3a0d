"""Records the call that an operation would make, instead of making it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

from sf_connect.core.operations import AsyncGroup, Operation, RequestOptions, SyncGroup, Values


class Recorded(NamedTuple):
    """A call that was not made, as the operation gave it to its client."""

    client: Any
    operation: Operation[Any]
    path: tuple[object, ...]
    query: Values | None
    form: Values | None
    headers: Values | None
    body: object
    parts: Values | None
    options: RequestOptions | None


class _Recorder:
    """Stands in for the client of a group."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.options: RequestOptions = client.options
        self.recorded: list[Recorded] = []

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
    ) -> None:
        self.recorded.append(Recorded(self.client, operation, path, query, form, headers, body, parts, options))


class _AsyncRecorder(_Recorder):
    async def send(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]  # as the async client's
        super().send(*args, **kwargs)


def record(
    kind: type[SyncGroup | AsyncGroup], operation: Callable[..., Any], args: tuple[Any, ...], kwargs: Any
) -> Recorded:
    """The call that an operation would make.

    Args:
        kind: which kind of operation is wanted.
        operation: the operation, a method of a group.
        args: its arguments.
        kwargs: its arguments by name.

    Raises:
        TypeError: it is no such operation, or makes no single call.
    """
    bound = cast("Any", operation)
    group: Any = getattr(operation, "__self__", None)
    if not isinstance(group, kind):
        which = "an operation" if kind is SyncGroup else "an asynchronous operation"
        raise TypeError(f"give {which} of a client, such as client.chatter.users.get, without calling it")
    recorder = (_Recorder if kind is SyncGroup else _AsyncRecorder)(cast("Any", group)._client)
    made = bound.__func__(type(group)(cast("Any", recorder)), *args, **kwargs)
    if hasattr(made, "send") and hasattr(made, "close"):
        _run(made)
    if len(recorder.recorded) != 1:
        raise TypeError(f"{bound.__name__} makes no single call: give the operation that it stands for")
    return recorder.recorded[0]


def _run(coroutine: Any) -> None:
    """Run a coroutine that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise TypeError("the operation waits for something else than its call")
