"""Takes frames out of tracebacks that hold what was sent: those of httpx2 and below it, whatever exception passes."""

from __future__ import annotations

from types import TracebackType

_HOLDING = frozenset(("anyio", "h11", "h2", "hpack", "httpcore2", "httpx2", "socket", "ssl"))
_READING = "sf_connect.core.transport.reading"


def drop_frames(error: BaseException) -> None:
    """Take the frames of libraries that hold a token out of an exception, which is raised again; those of callers stay.

    Tools that record local variables show the headers in such frames. An exception of a caller passes through them
    where a signal's handler raises it, or what reads an upload.

    Args:
        error: the exception, caught just now.
    """
    trace = error.__traceback__
    kept: list[TracebackType] = []
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] not in _HOLDING and module != _READING:
            kept.append(trace)
        trace = trace.tb_next
    shown: TracebackType | None = None
    for one in reversed(kept):
        shown = TracebackType(shown, one.tb_frame, one.tb_lasti, one.tb_lineno)
    error.__traceback__ = shown
