"""Hooks: your functions that are called when an attempt begins, when it has ended, and when it is retried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple


class RequestEvent(NamedTuple):
    """An attempt is about to begin. No event holds a token, header, query or body.

    Args:
        operation: `family.group.operation`.
        method: the HTTP method.
        path: the path, without its query.
        api_version: the client's version.
        attempt: the number of the attempt, counted from 1.
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
        status: the status of the response; None where there was none.
        failure: the failure, such as `ReadTimeout`; None where there was a response.
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
        reason: a status (`503`), a failure (`ConnectError` of httpx2), or `a new token`.
        delay: seconds until the next attempt.
    """

    request: RequestEvent
    reason: str
    delay: float


class UnknownEvent(NamedTuple):
    """A response has properties that its types do not know, such as those of a newer server. It holds no value.

    Args:
        request: the attempt that got the response.
        properties: the shape of each in JSON (`string`, `number`, `boolean`, `object`, `array`, `null`) by its path,
            with `*` for the items of a list and the keys of a map: `{"/elements/*/sentiment": "string"}`.
    """

    request: RequestEvent
    properties: Mapping[str, str]


class Hooks(NamedTuple):
    """Functions to call. With an asynchronous client, they may be async.

    An exception that a hook raises ends the call.

    Args:
        request: called before each attempt.
        response: called after each attempt, with or without a response.
        retry: called before waiting for a retry.
        on_unknown: called after a response with properties that its types do not know; each response is read once more
            to find them.
    """

    request: Callable[[RequestEvent], object] | None = None
    response: Callable[[ResponseEvent], object] | None = None
    retry: Callable[[RetryEvent], object] | None = None
    on_unknown: Callable[[UnknownEvent], object] | None = None
