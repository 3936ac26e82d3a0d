"""Functions of yours that are called with every attempt: when it begins, how it ended, and why it is retried."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class RequestEvent(NamedTuple):
    """An attempt begins. No event holds a token, header, query or body.

    Args:
        operation: `family.group.operation`.
        method: the HTTP method.
        path: the path, without its query.
        api_version: the client's version.
        attempt: which attempt of the call, counted from 1.
    """

    operation: str
    method: str
    path: str
    api_version: str
    attempt: int


class ResponseEvent(NamedTuple):
    """An attempt ended.

    Args:
        request: the attempt.
        status: the status of the response; None where none came.
        failure: what happened instead of a response, such as `ReadTimeout`; None where one came.
        seconds: how long it took.
    """

    request: RequestEvent
    status: int | None
    failure: str | None
    seconds: float


class RetryEvent(NamedTuple):
    """An attempt is about to be retried.

    Args:
        request: the attempt that failed.
        reason: a status (`503`), a kind of failure (`ConnectError`), or `a new token`.
        delay: seconds until the next attempt.
    """

    request: RequestEvent
    reason: str
    delay: float


class Hooks(NamedTuple):
    """Functions to call. An asynchronous client awaits what they return, if it can be awaited.

    A hook that raises ends the call with its exception.

    Args:
        request: called before each attempt.
        response: called after each attempt, whether a response came or not.
        retry: called before waiting for a retry.
    """

    request: Callable[[RequestEvent], object] | None = None
    response: Callable[[ResponseEvent], object] | None = None
    retry: Callable[[RetryEvent], object] | None = None
