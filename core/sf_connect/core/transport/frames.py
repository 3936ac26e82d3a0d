"""Takes frames out of tracebacks that hold what was sent: those of httpx2 and below it, whatever exception passes."""

from __future__ import annotations

from types import TracebackType
from typing import TypeVar

E = TypeVar("E", bound=BaseException)
_HOLDING = frozenset(("anyio", "h11", "h2", "hpack", "httpcore2", "httpx2", "socket", "ssl"))
_READING = "sf_connect.core.transport.reading"


def without_frames(error: E) -> E:
    """An exception, caught just now, without the frames of libraries that hold a token; those of callers stay.

    Tools that record local variables show the headers in such frames. An exception of a caller passes through them
    where a signal's handler raises it, or what reads an upload.

    Args:
        error: the exception; it is changed.
    """
    trace = error.__traceback__
    kept: list[TracebackType] = []
    trace = None if trace is None else trace.tb_next  # the first is the frame that raises it again
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] not in _HOLDING and module != _READING:
            kept.append(trace)
        trace = trace.tb_next
    shown: TracebackType | None = None
    for one in reversed(kept):
        shown = TracebackType(shown, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return error.with_traceback(shown)
