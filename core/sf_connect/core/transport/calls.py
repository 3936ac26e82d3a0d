"""One call: what each attempt sends, and what its outcome means.

Shared by sync and async, which differ only in how they send and wait.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import aclosing, contextmanager
from math import inf
from typing import Any, Generic, TypeVar, cast
from urllib.parse import urlsplit

import httpx2
import msgspec

from sf_connect.core.exceptions import (
    APITimeoutError,
    AuthenticationError,
    RequestSummary,
    ResponseDecodeError,
    SFConnectError,
    api_error,
    beginning,
)
from sf_connect.core.request.building import Request, template_of
from sf_connect.core.request.finalizing import idempotency_key
from sf_connect.core.request.operations import Operation
from sf_connect.core.request.options import MAX_RESPONSE_BYTES, RequestOptions
from sf_connect.core.request.retry_policy import RetryPolicy
from sf_connect.core.transport import error_messages
from sf_connect.core.transport.deadlines import shorten
from sf_connect.core.transport.decompression import ENCODINGS
from sf_connect.core.transport.error_hints import hint_for
from sf_connect.core.transport.frames import forget_request
from sf_connect.core.transport.hooks import (
    BatchedCall,
    CallEvent,
    RequestEvent,
    ResponseEvent,
    RetryEvent,
    UnknownEvent,
)
from sf_connect.core.transport.reading import TooLargeError, first_bytes
from sf_connect.core.transport.retries import RetryBudget, backoff, delay_before_retry
from sf_connect.core.transport.secrets import Token
from sf_connect.core.wire.decoding import decode, strip_bom, with_whole_characters
from sf_connect.core.wire.reported_failures import ReportedFailureError, check
from sf_connect.core.wire.unknown_properties import Path, shapes, unknown_in
from sf_connect.core.wire.uploads import Multipart

T = TypeVar("T")
E = TypeVar("E", bound=SFConnectError)
FAILURES = (httpx2.RequestError, httpx2.InvalidURL, httpx2.StreamError)
_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_BROKEN = (httpx2.NetworkError, httpx2.RemoteProtocolError, httpx2.TimeoutException)
_TICK = 0.01
"""Seconds by which a timer may be early."""
_USUAL_KEY = ("property", "idempotencyKey")
_PARTIAL = 206
_EMPTY = (202, 204, 205)
_EXPIRED = ("INVALID_SESSION_ID", "INVALID_AUTH_HEADER")
_log = logging.getLogger("sf_connect")


class Response:
    """A response. Where it is streamed, `content` is empty and `stream` is still to be read and closed.

    It shows no content, which may repeat the token; nor is it a tuple, which tools look into.
    """

    __slots__ = ("content", "headers", "status", "stream")

    def __init__(
        self, status: int, headers: httpx2.Headers, content: bytes, stream: httpx2.Response | None = None
    ) -> None:
        self.status = status
        self.headers = headers
        self.content = content
        self.stream = stream

    def __repr__(self) -> str:
        return f"<Response {self.status}, {len(self.content)} bytes>"

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300


class Call(Generic[T]):
    """The state of one call over its attempts.

    Args:
        operation: what is called.
        request: the request, without the token.
        method: the operation's own method; with `method_override`, POST is sent instead.
        url: the whole URL.
        base: the instance's URL, where the whole one is made of it and the request; None where a server sent it.
        options: the settings of the call, completed by those of the client.
        policy: how the call is retried.
        budget: the retry budget of the client.
        api_version: the client's version.
        retired_in: the release since which that version is retired, or None.
        site_id: the Experience Cloud site that is called, or None.
    """

    def __init__(
        self,
        operation: Operation[T],
        request: Request,
        method: str,
        url: str,
        base: str | None,
        options: RequestOptions,
        policy: RetryPolicy,
        budget: RetryBudget,
        api_version: str,
        retired_in: str | None,
        site_id: str | None = None,
    ) -> None:
        self.operation = operation
        self.request = request
        self.attempts = 0
        self.is_responding = False  # whether a response has begun to arrive
        self.pieces: list[bytes] = []  # of its body, as far as they have arrived
        self.most_bytes = MAX_RESPONSE_BYTES if options.max_response_bytes is None else options.max_response_bytes
        self.extra_headers: dict[str, str] = {}  # of the next attempt alone
        self.hint: str | None = None
        self.batched: tuple[BatchedCall, ...] = ()  # what it sends together, where it is of a batch
        self.proxy_of: Callable[[str], str | None] = _no_proxy
        self._method = method
        self.url = url
        self.base = base
        self._timeout = options.timeout
        self._total_timeout = inf if options.total_timeout is None else options.total_timeout
        self._raise_on_failure = options.raise_on_failure
        self._keep_raw = options.keep_raw is True
        self._policy = policy
        self._budget = budget
        self.api_version = api_version
        self.retired_in = retired_in
        self._site_id = site_id
        self.is_observed = False  # whether it runs within what the hook for calls returned
        self._event: RequestEvent | None = None  # of the attempt that is in progress
        self._left = policy.max_retries if options.max_retries is None else options.max_retries
        self._not_ready_left = policy.not_ready_retries if options.max_retries is None else options.max_retries
        self._retry_count = 0
        self._refreshed = False
        self._token = Token("")
        self._from_caller: Exception | None = None
        self.deadline = inf
        self._has_begun = False
        self._started = 0.0

    def begin(self) -> None:
        """Let the total timeout begin, with the first attempt."""
        if not self._has_begun:
            self._has_begun = True
            self.extend()

    def extend(self) -> None:
        """Let the total timeout begin anew, for a download of which a part has come."""
        self.deadline = time.monotonic() + self._total_timeout

    def check_time(self) -> None:
        """Refuse to go on after the total timeout.

        Raises:
            APITimeoutError: it has passed.
        """
        if time.monotonic() >= self.deadline:
            raise self.overdue()

    def overdue(self) -> APITimeoutError:
        """The exception for a call that has taken longer than its total timeout."""
        what = f"{self._what()} got {'only a part of the response' if self.is_responding else 'no response'}"
        message = f"{what} within its total timeout of {self._total_timeout:g} seconds"
        return self.with_context(APITimeoutError(message))

    def arguments(self, token: Token, *, asynchronous: bool) -> dict[str, Any]:
        """The arguments of httpx2's `build_request` for the next attempt, but for the token."""
        content: bytes | Generator[bytes, None, None] | AsyncGenerator[bytes, None] | None
        if isinstance(self.request.content, Multipart):
            content = self._awaited(self.request.content) if asynchronous else self._read(self.request.content)
        else:
            content = self.request.content
        self._token = token
        self.attempts += 1
        self.is_responding, self.pieces, self._event = False, [], None
        self._started = time.monotonic()
        return {
            "method": self.request.method,
            "url": self.url,
            "headers": {**self._encodings(), **self.request.headers, **self.extra_headers},
            "content": content,
            "timeout": shorten(self._timeout, self.deadline - self._started),
        }

    def _encodings(self) -> Mapping[str, str]:
        """How content may be compressed; of JSON, one sees that it was cut off."""
        is_said = any(name.lower() == "accept-encoding" for name in (*self.request.headers, *self.extra_headers))
        return {} if self.operation.returns is not bytes or is_said else {"Accept-Encoding": ENCODINGS}

    @contextmanager
    def in_caller_code(self) -> Generator[None, None, None]:
        """Mark what the caller's own function raises: it may look like a failure of the connection, but is not."""
        try:
            yield
        except Exception as error:
            self._from_caller = error
            raise

    def is_from_caller(self, error: Exception) -> bool:
        """Whether the caller's own function raised it."""
        return error is self._from_caller

    def whole(self) -> bytes:
        """The body that has arrived; it is not kept here any longer."""
        content, self.pieces = b"".join(self.pieces), []
        return content

    def call_event(self) -> CallEvent:
        """The event for the whole call."""
        path, whole = self.request.path, self.url.partition("?")[0]
        template = template_of(self.operation, self.api_version, self._site_id)
        if template is not None and self.base is not None:
            template = urlsplit(self.base).path + template
        return CallEvent(self.operation.name, self._method, path, self.api_version, whole, template, self.batched)

    def request_event(self) -> RequestEvent:
        """The event for the attempt that begins or is in progress: one object for all hooks of an attempt."""
        if self._event is None:
            called = self.call_event()
            self._event = RequestEvent(*called[:4], self.attempts, called.url, called.url_template, {})
        return self._event

    def response_event(self, response: httpx2.Response) -> ResponseEvent:
        """The event for an attempt that got a response."""
        from sf_connect.core.transport.shown_headers import shown_headers  # late: only a hook needs it

        return self._ended(response.status_code, None, shown_headers(response.headers, self._token))

    def failure_event(self, failure: str) -> ResponseEvent:
        """The event for an attempt that got no response, or not a whole one."""
        return self._ended(None, failure, httpx2.Headers())

    def _ended(self, status: int | None, failure: str | None, headers: httpx2.Headers) -> ResponseEvent:
        return ResponseEvent(self.request_event(), status, failure, time.monotonic() - self._started, headers)

    def retry_event(self, wait: float, reason: str) -> RetryEvent:
        """The event for a retry."""
        _log.info("%s %s is retried in %.2f s after %s", self._method, self.request.path, wait, reason)
        return RetryEvent(self.request_event(), reason, wait)

    def delay_after_failure(self, error: Exception) -> float:
        """Seconds until the call is retried after it got no response.

        Raises:
            SFConnectError: it may not be retried.
        """
        _log.debug("%s %s: %s", self._method, self.request.path, type(error).__name__)
        safe = isinstance(error, _NEVER_SENT) or (isinstance(error, _BROKEN) and self._is_safe())
        wait = backoff(self._policy, self._retry_count)
        if safe and self._left > 0 and self._may_retry(wait):
            self._left -= 1
            return wait
        raise self.with_context(self._failure(error)) from None

    def delay_after_response(self, response: Response) -> float | None:
        """Seconds until the call is retried after a response; None where the response is final."""
        status = response.status
        _log.debug("%s %s: %d", self._method, self.request.path, status)
        named = status in self.operation.retry_statuses
        usual = status in self._policy.statuses and self._is_safe()
        if not named and not usual:
            if response.is_success:
                self._budget.give_back()
            return None
        left = self._not_ready_left if named else self._left
        wait = delay_before_retry(self._policy, response.headers.get("Retry-After"), self._retry_count)
        if wait is None or left <= 0 or not self._may_retry(wait):
            return None
        if named:
            self._not_ready_left -= 1
        else:
            self._left -= 1
        return wait

    def wants_token_refresh(self, response: Response) -> bool:
        """Whether the response says that the token has expired; true at most once a call.

        Also where this call cannot be sent again: the next one needs a new token.
        """
        if response.status != 401 or self._refreshed:
            return False
        self._refreshed = True
        error = self.error(response)
        return isinstance(error, AuthenticationError) and error.error_code in _EXPIRED

    def result(self, response: Response) -> T:
        """What the operation returns.

        Raises:
            SFConnectError: it is an error response, or not what the operation returns.
        """
        outcome = self._outcome(response)
        if type(outcome) is _Failed:  # raised here, where no frame holds the content, which may repeat the token
            raise outcome.error.with_traceback(None)
        return cast("T", outcome)

    def _outcome(self, response: Response) -> object:
        """What the operation returns, or why there is no such thing."""
        if not response.is_success:
            return _Failed(self.error(response))
        if response.status == _PARTIAL:
            self.check_is_whole(response)
        returns, is_empty = self.operation.returns, not response.content
        if returns is bytes:
            if is_empty:
                self.check_has_content(response)
            return response.content
        if returns is None:
            return None
        if is_empty or not response.content.strip():
            if response.status in _EMPTY or returns is object:
                return None
            what = f"the response to {self._what()} is empty (status {response.status})"
            return _Failed(self.with_context(ResponseDecodeError(what)))
        xml = self._is_xml(response)
        try:
            decoded = decode(response.content, returns, self._what(), xml=xml, keep_raw=self._keep_raw)
        except ResponseDecodeError as error:
            return _Failed(self._describe_unreadable(response, error))
        return self._without_failure(decoded) if self._raise_on_failure else decoded

    def unknown_properties(self, response: Response) -> Mapping[Path, object]:
        """What a successful response in JSON or XML has that its types do not know."""
        returns = self.operation.returns
        if not response.is_success or returns in (None, bytes) or not response.content.strip():
            return {}
        try:
            if not self._is_xml(response):
                return unknown_in(with_whole_characters(strip_bom(response.content)), returns)
            from sf_connect.core.wire.xml_bodies import xml_values  # late: few responses are XML

            return unknown_in(msgspec.json.encode(xml_values(response.content, returns)), returns)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return {}  # the call reports it

    def unknown_event(self, response: Response) -> UnknownEvent | None:
        """What the hook for unknown properties receives; None where there is none."""
        found = shapes(self.unknown_properties(response))
        return UnknownEvent(self.request_event(), found) if found else None

    def _is_xml(self, response: Response) -> bool:
        return self.request.wants_xml and "xml" in response.headers.get("Content-Type", "")

    def _without_failure(self, decoded: object) -> object:
        """The decoded response, unless it reports a failure."""
        try:
            check(decoded, self._what())
        except ReportedFailureError as error:
            return _Failed(self.with_context(error))
        return decoded

    def error(self, response: Response) -> SFConnectError:
        """The exception for an error response."""
        content, path = self.without_token(response.content), self.request.path
        error = api_error(response.status, content, self._method, path, response.headers, self.hint)
        scrubbed = {name: self.without_token(value.encode()).decode() for name, value in error.headers.items()}
        error.headers = scrubbed
        if error.hint is None and (hint := hint_for(error.status, error.error_code)) is not None:
            error.add_hint(hint)
        return self.with_context(error)

    def check_has_content(self, response: Response) -> None:
        """Refuse a successful response to a download whose status says that there is no content.

        Raises:
            ResponseDecodeError: there is none.
        """
        if response.status in _EMPTY:
            what = f"the response to {self._what()} is {response.status} without content: there is nothing to get yet"
            raise self.with_context(ResponseDecodeError(what))

    def check_is_whole(self, response: Response) -> None:
        """Refuse a part of the content where the whole was asked for.

        Raises:
            ResponseDecodeError: it is a part.
        """
        if response.status == _PARTIAL and not any(name.lower() == "range" for name in self.request.headers):
            raise self.partial()

    def partial(self) -> ResponseDecodeError:
        """The exception for a part of the content that was not asked for."""
        what = f"the response to {self._what()} is {_PARTIAL}, a part of the content that was not asked for"
        return self.with_context(ResponseDecodeError(what))

    def failed(self, error: Exception) -> SFConnectError:
        """The exception for a failure of httpx2 that is not retried."""
        return self.with_context(self._failure(error))

    def too_large(self) -> SFConnectError:
        """The exception for a response that has more bytes than it may have."""
        return ResponseDecodeError(
            f"the response to {self._what()} has more than {self.most_bytes:,} bytes, the most that max_response_bytes "
            "allows; the rest was not read"
        )

    def _describe_unreadable(self, response: Response, error: ResponseDecodeError) -> SFConnectError:
        kind = response.headers.get("Content-Type", "")
        content = self.without_token(response.content)
        wanted = "XML" if "xml" in self.request.headers.get("Accept", "") else "JSON"
        if kind and wanted.lower() not in kind.lower():
            reason = f"is {beginning(kind.encode())}, not {wanted}"
        elif content is not response.content:
            reason = "cannot be read"
        else:
            return self.with_context(error)
        return self.with_context(
            ResponseDecodeError(f"the response to {self._what()} {reason}; it begins: {beginning(content)}")
        )

    def _read(self, content: Multipart) -> Generator[bytes, None, None]:
        with self.in_caller_code():
            yield from content.chunks()

    async def _awaited(self, content: Multipart) -> AsyncGenerator[bytes, None]:
        with self.in_caller_code():
            async with aclosing(content.achunks()) as chunks:
                async for chunk in chunks:
                    yield chunk

    def _failure(self, error: Exception) -> SFConnectError:
        if isinstance(error, httpx2.TimeoutException) and time.monotonic() >= self.deadline - _TICK:
            forget_request(error)
            return self.overdue()
        if isinstance(error, TooLargeError):
            forget_request(error)
            return self.too_large()
        what = f"{self._what()} got {'only a part of the response' if self.is_responding else 'no response'}"
        began = beginning(self.without_token(first_bytes(self.pieces)))
        failure = error_messages.describe_failure(what, self.url, error, self._timeout, began, self.proxy_of(self.url))
        forget_request(error)
        return failure

    def with_context(self, error: E) -> E:
        """Add the call to an exception."""
        error.request = RequestSummary(self.operation.name, self._method, self.request.path)
        error.attempts = self.attempts
        return error

    def _what(self) -> str:
        return f"{self._method} {self.request.path}"

    def without_token(self, content: bytes) -> bytes:
        """A body may echo what was sent: it without the token, in whatever encoding, and a prefix of it at its end."""
        return self._token.scrub(content)

    def _is_safe(self) -> bool:
        match self.operation.retry:
            case "safe":
                return True
            case "key":
                return self._has_key()
            case _:
                return False

    def _has_key(self) -> bool:
        if any("idempotency-key" in name.lower() for name in self.request.headers):
            return True
        places = {self.operation.idempotency or _USUAL_KEY, _USUAL_KEY}
        return any(idempotency_key(place, self.request) is not None for place in places)

    @property
    def can_be_resent(self) -> bool:
        """Whether its body can be read again."""
        return not isinstance(self.request.content, Multipart) or self.request.content.repeatable

    def _may_retry(self, wait: float) -> bool:
        if not self.can_be_resent or time.monotonic() + wait > self.deadline or not self._budget.take():
            return False
        self._retry_count += 1
        return True


class _Failed:
    """Why a response is not what the operation returns."""

    __slots__ = ("error",)

    def __init__(self, error: SFConnectError) -> None:
        self.error = error


def _no_proxy(_: str) -> str | None:
    return None
