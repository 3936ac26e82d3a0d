"""Waiting: asks an operation again until what it shows has ended, with growing intervals, and reports each response."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, NoReturn, TypeVar, cast

from sf_connect.core.exceptions import APITimeoutError, SFConnectError
from sf_connect.core.request.operations import Operation, Values, Wait
from sf_connect.core.request.options import RequestOptions, completed_options
from sf_connect.core.transport.retries import parse_retry_after
from sf_connect.core.wire.properties import read_property

if TYPE_CHECKING:
    from sf_connect.core.transport.calls import Call, Response
    from sf_connect.core.transport.senders import AsyncSender, Sender, SyncSender

T = TypeVar("T")
_INTERVAL = 1.0
"""Seconds between the first two calls, where neither the caller nor the API says it."""
_LONGEST_INTERVAL = 30.0
"""Seconds to which the intervals grow at most."""
_SHOWN = 100
"""Characters of a state that a message shows."""
_State = Literal["pending", "done", "failed"]
_Arguments = tuple[tuple[object, ...], Values | None, Values | None, Values | None, object]


class WaitEvent(NamedTuple, Generic[T]):
    """What is waited for goes on.

    Args:
        response: the last response.
        state: the property that has the state, as the server sent it; a list of them where several things are waited
            for, None where the HTTP status has it.
        calls: how many calls were made.
        seconds: how long it has taken so far.
        delay: seconds until the next call.
    """

    response: T
    state: object
    calls: int
    seconds: float
    delay: float


class WaitError(SFConnectError):
    """Waiting did not end well.

    Attributes:
        response: the last response; None where there was none.
        state: the property that has the state, as the server sent it.
        calls: how many calls were made.
    """

    def __init__(self, message: str, response: object = None, state: object = None, calls: int = 0) -> None:
        super().__init__(message)
        self.response = response
        self.state = state
        self.calls = calls

    def response_as(self, response_type: type[T]) -> T:
        """The last response, typed: `error.response_as(m.QuerySQLStatus)`.

        Args:
            response_type: the class that the method returns, which raised the error.

        Raises:
            LookupError: there was no response.
            TypeError: it is of another class.
        """
        if self.response is None:
            raise LookupError("there was no response before the time was over")
        if not isinstance(self.response, response_type):
            raise TypeError(f"the response is {type(self.response).__name__}, not {response_type.__name__}")
        return self.response

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the arguments, so that the exception can cross processes."""
        arguments = (*self.args, self.response, self.state, self.calls)
        return type(self), arguments, {"request": self.request, "attempts": self.attempts}


class WaitFailedError(WaitError):
    """What was waited for has failed; the last response says why, where the API says it."""


class WaitTimeoutError(WaitError):
    """What was waited for has not ended within `total_timeout`; it may go on."""


class Waiting(Generic[T]):
    """One wait: which call is made next, what its response means, and how long to pause.

    Args:
        operation: the operation that is asked.
        wait: how to see the end.
        arguments: the arguments of the call.
        options: settings of each call.
        interval: seconds between the first two calls.
        backoff: by what each interval is longer than the one before.
        total_timeout: seconds within which it must have ended.

    Raises:
        ValueError: a number is out of its bounds.
    """

    def __init__(
        self,
        operation: Operation[T],
        wait: Wait,
        arguments: _Arguments,
        options: RequestOptions | None,
        interval: float | None,
        backoff: float,
        total_timeout: float,
    ) -> None:
        chosen = (wait.interval or _INTERVAL) if interval is None else interval
        if not (isfinite(chosen) and chosen >= 0):
            raise ValueError(f"{operation.name}: interval is {interval} seconds, but must be 0 or more")
        if not (isfinite(backoff) and backoff >= 1):
            raise ValueError(f"{operation.name}: backoff is {backoff}, but must be 1 or more")
        if not total_timeout > 0:
            raise ValueError(f"{operation.name}: total_timeout is {total_timeout} seconds, but must be more than 0")
        self._operation = operation
        self._wait = wait
        self._arguments = arguments
        self._options = options
        self._interval = chosen
        self._longest = max(chosen, _LONGEST_INTERVAL)
        self._backoff = backoff
        self._total = total_timeout
        self._began = time.monotonic()
        self._calls = 0
        self._response: T | None = None
        self._state: object = None
        self._shown_state = ""  # as exceptions show it

    def next_call(self, dispatcher: Sender) -> Call[T]:
        """The next call, which ends with the time that is left."""
        options = completed_options(self._options, dispatcher.options)
        left = self._began + self._total - time.monotonic()
        if left != inf:
            own = options.total_timeout
            options = options._replace(total_timeout=max(0.001, left if own is None else min(own, left)))
        self._calls += 1
        return dispatcher.prepare(self._operation, *self._arguments, None, options)

    def outcome(self, call: Call[T], response: Response) -> WaitEvent[T] | None:
        """What a response means: an event where it goes on, None at a good end.

        Raises:
            WaitFailedError: it has failed.
            WaitTimeoutError: the next call would come after the time.
            SFConnectError: it is an error response.
        """
        result = call.result(response)
        self._response = result
        self._state, means = self._read(result, response.status)
        if means == "done":
            return None
        self._shown_state = _abridged(call.without_token(repr(self._state).encode()).decode(errors="replace"))
        if means == "failed":
            shown = f"{self._wait.property} is {self._shown_state}"
            message = f"{self._operation.name}: what was waited for has failed: {shown}; see response"
            raise call.with_context(WaitFailedError(message, result, self._state, self._calls))
        delay = self._next_delay(response)
        seconds = time.monotonic() - self._began
        if seconds + delay >= self._total:
            raise call.with_context(self._timed_out())
        return WaitEvent(result, self._state, self._calls, seconds, delay)

    def timed_out(self, call: Call[T], error: APITimeoutError) -> NoReturn:
        """Raise what a call that took too long means.

        Raises:
            WaitTimeoutError: the time of the whole wait is over.
            APITimeoutError: it is not: the call's own time was shorter.
        """
        if time.monotonic() - self._began < self._total:
            raise error
        raise call.with_context(self._timed_out()) from error

    @property
    def response(self) -> T:
        """The last response."""
        return cast("T", self._response)

    def _timed_out(self) -> WaitTimeoutError:
        state = f"; {self._wait.property} is {self._shown_state}" if self._wait.property and self._shown_state else ""
        message = f"{self._operation.name}: not ended within {self._total:g} seconds{state}"
        return WaitTimeoutError(message, self._response, self._state, self._calls)

    def _next_delay(self, response: Response) -> float:
        delay = self._interval
        self._interval = min(self._longest, self._interval * self._backoff)
        asked = parse_retry_after(response.headers.get("retry-after"))
        return delay if asked is None else max(delay, asked)

    def _read(self, result: T, status: int) -> tuple[object, _State]:
        """The state that a response has, and what it means."""
        wait = self._wait
        states = list(_values_at(result, wait.property)) if wait.property else []
        state = states[0] if len(states) == 1 else states or None
        if status in wait.pending_status:
            return state, "pending"
        if any(one in wait.failed for one in states):
            return state, "failed"
        is_done = bool(states) and all(one in wait.done for one in states)
        if wait.pending_status:
            goes_on = bool(states) and not is_done and any(one is not None for one in states)
            return state, "pending" if goes_on else "done"
        if wait.ended and any(_values_at(result, wait.ended)):
            return state, "done" if is_done or not wait.property else "failed"
        return state, "done" if is_done else "pending"


def _values_at(value: object, path: str) -> Iterator[object]:
    """The properties at a dotted path; those of all items where a list is on the way."""
    first, _, rest = path.partition(".")
    found: object = read_property(value, first)
    for one in cast("list[object]", found) if isinstance(found, list) else [found]:
        if rest:
            yield from _values_at(one, rest)
        else:
            yield one


def _abridged(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def wait_sync(dispatcher: SyncSender, waiting: Waiting[T], progress: Callable[[WaitEvent[T]], object] | None) -> T:
    """Call until the end; the last response.

    Raises:
        WaitError: it failed, or took too long.
        SFConnectError: a call failed.
        TypeError: `progress` is asynchronous.
    """
    while True:
        call = waiting.next_call(dispatcher)
        try:
            event = waiting.outcome(call, dispatcher.receive(call))
        except APITimeoutError as error:
            waiting.timed_out(call, error)
        if event is None:
            return waiting.response
        if progress is not None and isinstance(returned := progress(event), Awaitable):
            if isinstance(returned, Coroutine):
                returned.close()
            raise TypeError("an asynchronous progress needs an asynchronous client")
        time.sleep(event.delay)


async def wait_async(
    dispatcher: AsyncSender, waiting: Waiting[T], progress: Callable[[WaitEvent[T]], object] | None
) -> T:
    """Call until the end; the last response. Cancelling the task ends it.

    Raises:
        WaitError: it failed, or took too long.
        SFConnectError: a call failed.
    """
    import asyncio  # late: groups import this module, and asyncio is slow to import

    while True:
        call = waiting.next_call(dispatcher)
        try:
            event = waiting.outcome(call, await dispatcher.receive(call))
        except APITimeoutError as error:
            waiting.timed_out(call, error)
        if event is None:
            return waiting.response
        if progress is not None and isinstance(returned := progress(event), Awaitable):
            await returned
        await asyncio.sleep(event.delay)
