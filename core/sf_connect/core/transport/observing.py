"""Runs hooks: plain ones, asynchronous ones, and the one that a whole call runs within."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, cast

from sf_connect.core.transport.calls import Call
from sf_connect.core.transport.hooks import CallEvent

UNOBSERVED: AbstractContextManager[None] = nullcontext()
"""What a call runs within where no hook asks for it."""


@contextmanager
def observed(
    call: Call[Any], hook: Callable[[CallEvent], AbstractContextManager[object]]
) -> Generator[None, None, None]:
    """Run a call within what a hook returns, which cannot make a failed call look like one that returned None.

    Raises:
        TypeError: it is no context manager.
    """
    manager = cast("Any", hook(call.call_event()))  # callers may be untyped
    if not isinstance(manager, AbstractContextManager):
        name = type(cast("object", manager)).__name__
        if isinstance(manager, Coroutine):
            manager.close()
        raise TypeError(f"Hooks.call returns a context manager, not {name}")
    failure: BaseException | None = None
    call.is_observed = True
    try:
        with manager:
            try:
                yield
            except BaseException as error:
                failure = error
                raise
        if failure is not None:
            raise failure
    finally:
        call.is_observed, failure = False, None


def refuse_awaitable(returned: object) -> None:
    """Refuse an asynchronous hook, which nothing would await."""
    if isinstance(returned, Awaitable):
        if isinstance(returned, Coroutine):
            returned.close()
        raise TypeError("an asynchronous hook needs an asynchronous client")


async def await_hook(returned: object) -> None:
    """Await an asynchronous hook; a plain one has run already."""
    if isinstance(returned, Awaitable):
        await returned
