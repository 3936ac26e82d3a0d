"""Hooks: your functions that are called around a call, when an attempt begins or has ended, and when it is retried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from contextvars import Context
from typing import NamedTuple


class BatchedCall(NamedTuple):
    """One of the calls that a batch sends together.

    Args:
        operation: `family.group.operation`.
        context: a copy of the context in which it was added to the batch, with what was current there, such as a span.
    """

    operation: str
    context: Context


class CallEvent(NamedTuple):
    """A call is about to begin. No event holds a token, a query, a body, or a header that holds a secret.

    Args:
        operation: `family.group.operation`; `request`, `batch` and `download` for what is none.
        method: the HTTP method.
        path: the path, without its query.
        api_version: the client's version.
        url: the whole URL, without its query.
        url_template: the path with `{placeholders}` in place of arguments; None where no operation describes it, as
            with `client.request`.
        calls: what a batch sends; empty for what is none.
    """

    operation: str
    method: str
    path: str
    api_version: str
    url: str
    url_template: str | None
    calls: tuple[BatchedCall, ...] = ()


class RequestEvent(NamedTuple):
    """An attempt is about to begin.

    Args:
        operation: `family.group.operation`; `request`, `batch` and `download` for what is none.
        method: the HTTP method.
        path: the path, without its query.
        api_version: the client's version.
        attempt: the number of the attempt, counted from 1.
        url: the whole URL, without its query.
        url_template: the path with `{placeholders}` in place of arguments; None where no operation describes it.
        extra_headers: empty; what a hook adds is sent with this attempt, in place of a header of the same name.
    """

    operation: str
    method: str
    path: str
    api_version: str
    attempt: int
    url: str
    url_template: str | None
    extra_headers: dict[str, str]


class ResponseEvent(NamedTuple):
    """An attempt ended.

    Args:
        request: the attempt.
        status: the status of the response; None where there was none.
        failure: the failure, such as `ReadTimeout`; None where there was a response.
        seconds: how long it took.
        headers: the headers of the response, whatever the case of their names; empty where there was none. Those that
            hold secrets, such as cookies, are left out, queries of URLs too, and the token is masked.
    """

    request: RequestEvent
    status: int | None
    failure: str | None
    seconds: float
    headers: Mapping[str, str]


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
        call: called before each call; the call runs within the context manager that it returns, with its retries and
            the delays between them, and with the new tokens that it needs. A download into a file or into memory runs
            to its end. The context manager is a plain one in asynchronous clients too, and an exception that it
            suppresses is raised nevertheless.
    """

    request: Callable[[RequestEvent], object] | None = None
    response: Callable[[ResponseEvent], object] | None = None
    retry: Callable[[RetryEvent], object] | None = None
    on_unknown: Callable[[UnknownEvent], object] | None = None
    call: Callable[[CallEvent], AbstractContextManager[object]] | None = None
