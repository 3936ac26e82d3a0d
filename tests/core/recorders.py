"""Tools that record local variables with an exception, as they are: what each of them would show or send."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, cast
from unittest.mock import patch

import pytest
import rich.traceback
import sentry_sdk
from sentry_sdk.scrubber import EventScrubber
from sentry_sdk.utils import event_from_exception

_OWN = "sf_connect."


def by_pytest(error: BaseException) -> str:
    """What `pytest --showlocals` prints, but for the lines of code, for which it would take each module apart."""
    shown = pytest.ExceptionInfo.from_exception(error)
    with patch.object(type(shown.traceback[0]), "getsource", return_value=None):
        return str(shown.getrepr(showlocals=True, style="long", truncate_locals=False, truncate_args=False))


RICH_OPTIONS: Mapping[str, Any] = {"show_locals": True, "locals_max_length": 1000, "locals_max_string": 10_000}


def by_rich(error: BaseException) -> str:
    """The texts that rich prints with `show_locals`: without its boxes and colours, which take most of its time."""
    trace = rich.traceback.Traceback.extract(type(error), error, error.__traceback__, **RICH_OPTIONS)
    return "\n".join(_texts_of(trace))


def _texts_of(trace: rich.traceback.Trace) -> Iterator[str]:
    for stack in trace.stacks:
        yield from (stack.exc_type, stack.exc_value, *stack.notes)
        for frame in stack.frames:
            yield from (f"{name} = {value}" for name, value in (frame.locals or {}).items())
        for inner in stack.exceptions:
            yield from _texts_of(inner)


def by_sentry(error: BaseException) -> str:
    """What Sentry's SDK sends, where it hides no name of its own list."""
    sent: list[Any] = []

    class Kept(sentry_sdk.transport.Transport):
        def capture_envelope(self, envelope: Any) -> None:
            sent.append(envelope.serialize())

    client = sentry_sdk.Client(
        "https://key@sentry.invalid/1",
        transport=Kept,
        default_integrations=False,
        release="1",  # else it asks git each time
        max_value_length=10_000,
        event_scrubber=EventScrubber(denylist=[], pii_denylist=[]),
    )
    event, hint = event_from_exception(error, client_options=client.options)
    client.capture_event(event, hint)
    assert sent, "nothing was sent: the test looks at nothing"
    return b"".join(sent).decode("utf-8", "replace")


def by_walking(error: BaseException) -> str:
    """Every local variable of all frames, also of exceptions before that are not shown, and what containers hold."""
    found: list[str] = []
    for one in _chain(error):
        found += [repr(one), repr(one.args)]
        for frame, _ in traceback.walk_tb(one.__traceback__):
            found += [f"{frame.f_code.co_name} {name}: {_deep(value)}" for name, value in frame.f_locals.items()]
    return "\n".join(found)


RECORDERS: Mapping[str, Callable[[BaseException], str]] = {
    "pytest": by_pytest, "rich": by_rich, "sentry": by_sentry, "walking": by_walking,
}  # fmt: skip


def without_callers(error: BaseException) -> BaseException:
    """An exception without the frames above ours, such as those of the test, which know the secret."""
    for one in _chain(error):
        one.__traceback__ = _from_own(one.__traceback__)
    return error


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and one not in seen:
            seen.append(one)
            yield one
            waiting += [one.__cause__, one.__context__]


def _from_own(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and not str(trace.tb_frame.f_globals.get("__name__", "")).startswith(_OWN):
        trace = trace.tb_next
    return trace


def _deep(value: object, depth: int = 0) -> str:
    if depth < 6:
        if isinstance(value, Mapping):
            pairs = cast("Mapping[object, object]", value).items()
            return str([(_deep(name, depth + 1), _deep(one, depth + 1)) for name, one in pairs])
        if isinstance(value, list | tuple | set | frozenset):
            return str([_deep(one, depth + 1) for one in cast("list[object]", value)])
    return repr(value)
