"""Takes frames out of tracebacks that hold what was sent: those of httpx2 and below it, whatever exception passes."""

from __future__ import annotations

from types import TracebackType

import httpx2

_HOLDING = frozenset(("anyio", "h11", "h2", "hpack", "httpcore2", "httpx2", "socket", "ssl"))
_OURS = frozenset(f"sf_connect.core.transport.{name}" for name in ("deadlines", "decompression", "reading"))
"""Modules of ours whose frames have pieces of requests and responses."""


def drop_frames(error: BaseException) -> None:
    """Take the frames that hold a token out of an exception, which is raised again, and out of its causes.

    Tools that record local variables show the headers in such frames. An exception of a caller passes through them
    where a signal's handler raises it, or what reads an upload; the frames of callers stay.

    Args:
        error: the exception, caught just now.
    """
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and one not in seen:
            seen.append(one)
            waiting += [one.__cause__, one.__context__]
            one.__traceback__ = _without_holding(one.__traceback__)


def forget_request(error: Exception) -> None:
    """Remove the request and its frames, which have token or secrets, from an httpx2 exception that ours refers to."""
    drop_frames(error)
    if isinstance(error, httpx2.RequestError):
        error.request = httpx2.Request("GET", "https://forgotten.invalid")


def _without_holding(trace: TracebackType | None) -> TracebackType | None:
    kept: list[TracebackType] = []
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] not in _HOLDING and module not in _OURS:
            kept.append(trace)
        trace = trace.tb_next
    shown: TracebackType | None = None
    for one in reversed(kept):
        shown = TracebackType(shown, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return shown
