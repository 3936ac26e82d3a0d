"""One call: what is sent at each attempt, and what its outcome means.

The same for sync and async, which only send and wait.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any, Generic, TypeVar, cast

import httpx2

from sf_connect.core.decoding import decode
from sf_connect.core.exceptions import (
    ConnectError,
    ConnectionFailedError,
    DecodeError,
    TimedOutError,
    TransportError,
    UnauthorizedError,
    api_error,
)
from sf_connect.core.failures import check
from sf_connect.core.operations import Operation, RequestOptions
from sf_connect.core.requests import Request
from sf_connect.core.retries import RetryPolicy
from sf_connect.core.uploads import Multipart

T = TypeVar("T")
FAILURES = (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError)
_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_BROKEN = (httpx2.NetworkError, httpx2.RemoteProtocolError, httpx2.TimeoutException)
_log = logging.getLogger("sf_connect")


class Call(Generic[T]):
    """The state of one call over its attempts.

    Args:
        operation: what is called.
        request: what is sent but for the token.
        address: the whole address.
        options: the settings of the call, the client's among them.
        policy: how the client repeats.
        gone_hint: what to say beside an answer 410.
    """

    def __init__(
        self,
        operation: Operation[T],
        request: Request,
        address: str,
        options: RequestOptions,
        policy: RetryPolicy,
        gone_hint: str,
    ) -> None:
        self.operation = operation
        self.request = request
        self._address = address
        self._timeout = options.timeout
        self._raise_on_failure = options.raise_on_failure
        self._policy = policy
        self._left = policy.retries if options.retries is None else options.retries
        self._repetition = 0
        self._renewed = False
        self._gone_hint = gone_hint

    def arguments(self, token: str, *, asynchronous: bool) -> dict[str, Any]:
        """What httpx2 is asked to send."""
        content: bytes | Iterator[bytes] | AsyncIterator[bytes] | None
        if isinstance(self.request.content, Multipart):
            content = self.request.content.achunks() if asynchronous else self.request.content.chunks()
        else:
            content = self.request.content
        return {
            "method": self.request.method,
            "url": self._address,
            "headers": {**self.request.headers, "Authorization": f"Bearer {token}"},
            "content": content,
            "timeout": self._timeout,
            "follow_redirects": False,
        }

    def wait_after_failure(self, error: Exception) -> float:
        """Seconds until the call is repeated after it got no answer.

        Raises:
            ConnectError: it is not to be repeated.
        """
        safe = self._is_safe() and isinstance(error, _BROKEN)
        if (safe or isinstance(error, _NEVER_SENT)) and self._may_repeat():
            return self._next(self._policy.wait(self._repetition), type(error).__name__)
        raise self._failure(error) from None

    def wait_after_answer(self, response: httpx2.Response) -> float | None:
        """Seconds until the call is repeated after an answer, None where the answer stands."""
        _log.debug("%s %s: %d", self.request.method, self.request.path, response.status_code)
        if not self._is_safe() or not self._may_repeat():
            return None
        retry_after = response.headers.get("Retry-After")
        wait = self._policy.wait_after_status(response.status_code, retry_after, self._repetition)
        return None if wait is None else self._next(wait, str(response.status_code))

    def wants_new_token(self, response: httpx2.Response) -> bool:
        """Whether the answer says that the token has expired; asked once a call."""
        if response.status_code != 401 or self._renewed or not self._can_send_again():
            return False
        self._renewed = True
        error = self._error(response)
        return isinstance(error, UnauthorizedError) and error.error_code in (
            "INVALID_SESSION_ID",
            "INVALID_AUTH_HEADER",
        )

    def result(self, response: httpx2.Response) -> T:
        """What the operation returns.

        Raises:
            ConnectError: the answer is an error, or not what the operation returns.
        """
        content = response.content
        returns = self.operation.returns
        if not response.is_success:
            raise self._error(response)
        if returns is None or returns is bytes:
            return cast("T", None if returns is None else content)
        if not content.strip() and response.status_code in (202, 204, 205):
            return cast("T", None)
        xml = "xml" in response.headers.get("Content-Type", "") and self.request.wants_xml
        what = f"{self.request.method} {self.request.path}"
        answer = decode(content, returns, what, xml=xml)
        if self._raise_on_failure:
            check(answer, what)
        return cast("T", answer)

    def _error(self, response: httpx2.Response) -> ConnectError:
        hint = self._gone_hint if response.status_code == 410 else None
        request = self.request
        return api_error(response.status_code, response.content, request.method, request.path, response.headers, hint)

    def _failure(self, error: Exception) -> ConnectError:
        what = f"{self.request.method} {self.request.path}"
        kind = type(error).__name__
        match error:
            case httpx2.TimeoutException():
                return TimedOutError(f"{what} got no answer in {self._timeout:g} seconds ({kind})")
            case httpx2.NetworkError() | httpx2.RemoteProtocolError():
                return ConnectionFailedError(f"{what} got no answer: {kind}")
            case httpx2.DecodingError():
                return DecodeError(f"the answer to {what} is compressed in a way that cannot be read")
            case _:
                return TransportError(f"{what} could not be sent: {kind}")

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
        return isinstance(self.request.content, bytes) and b'"idempotencyKey":"' in self.request.content

    def _can_send_again(self) -> bool:
        return not isinstance(self.request.content, Multipart) or self.request.content.repeatable

    def _may_repeat(self) -> bool:
        return self._left > 0 and self._can_send_again()

    def _next(self, wait: float, why: str) -> float:
        self._left -= 1
        self._repetition += 1
        _log.info("%s %s is repeated in %.2f s after %s", self.request.method, self.request.path, wait, why)
        return wait
