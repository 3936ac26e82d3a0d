"""The exceptions that calls raise.

SFConnectError                          has `request` (operation, method, path; no secrets) and `attempts`
├── APIError                            a call that reached, or tried to reach, the server
│   ├── APIConnectionError              no response: no connection, or it broke
│   │   └── APITimeoutError             the server took too long
│   ├── APIStatusError                  an error response: `status`, `error_code`, `message`, `errors`
│   │   ├── RedirectError 3xx           never followed
│   │   ├── BadRequestError 400, AuthenticationError 401, PermissionDeniedError 403, NotFoundError 404
│   │   ├── ConflictError 409, GoneError 410, PreconditionFailedError 412, UnprocessableEntityError 422
│   │   ├── RateLimitError 429
│   │   └── InternalServerError 5xx     of which ServiceUnavailableError is 503
│   └── ResponseDecodeError             a response that is not what the operation returns
├── ReportedFailureError                a successful response that reports a failure; only with `raise_on_failure`
├── CrossOriginError                    a URL of another origin, to which the token must not go
├── PaginationLoopError                 a page that names an earlier one as the next
├── WaitError                           waiting did not end well: has the last `response`
│   ├── WaitFailedError                 what was waited for has failed
│   └── WaitTimeoutError                it has not ended within the time
├── LoginError                          no token could be obtained
└── LocalRateLimitError                 the client's own rate limiter refused the call

Arguments that cannot be sent raise ValueError before anything is sent.
"""

from __future__ import annotations

import json
import re
import sys
import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

_SHOWN = 200
_LISTED = 3
"""Errors of a response that its message shows; `errors` has all."""
_LONGEST_MESSAGE = 2000
_KEPT_HEADERS = (
    "content-type",
    "date",
    "retry-after",
    "server",
    "sforce-limit-info",
    "x-request-id",
    "x-sfdc-request-id",
)
_XML_ERROR = re.compile(r"<(errorCode|message)>([^<]*)</\1>")


class RequestSummary(NamedTuple):
    """What was called, without query, headers, body or token."""

    operation: str
    method: str
    path: str


class SFConnectError(Exception):
    """Any failure of a call.

    Attributes:
        request: what was called; None where no call was involved.
        attempts: how many times it was sent; 0 if never.
    """

    request: RequestSummary | None = None
    attempts: int = 0

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message} [after {self.attempts} attempts]" if self.attempts > 1 else message


class APIError(SFConnectError):
    """A call failed: it got no response, an error response, or one that cannot be read."""


class APIConnectionError(APIError):
    """No connection could be made, or it broke before the response was complete."""


class APITimeoutError(APIConnectionError):
    """The server took longer than the timeout."""


class ResponseDecodeError(APIError):
    """The response is not what the operation returns; the message shows its beginning."""


class CrossOriginError(SFConnectError):
    """A URL lies outside the instance, so that the token must not be sent there."""


class PaginationLoopError(SFConnectError):
    """A page names an earlier one as the next, so that the iteration would never end."""


class LoginError(SFConnectError):
    """No token could be obtained: the login was refused, or its response cannot be used.

    Attributes:
        error_code: the server's `error`, such as `invalid_grant`; None where it named none.
        description: the server's `error_description`; empty where it sent none.
        hint: a hint at the remedy, or None.
    """

    def __init__(
        self, message: str, error_code: str | None = None, description: str = "", hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.error_code = error_code
        self.description = description
        self.hint = hint


class LocalRateLimitError(SFConnectError):
    """The client's own rate limiter refused the call, so that nothing was sent.

    Attributes:
        wait: seconds until the rate limiter would let the call pass.
    """

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


class RetiredVersionWarning(FutureWarning):
    """A client of an API version that servers no longer serve."""


def warn_if_retired(api_version: str, retired_in: str | None) -> None:
    """Warn of a client of a retired version, at the line outside this package that creates it."""
    if retired_in is None:
        return
    frame, level = sys._getframe(1), 2  # pyright: ignore[reportPrivateUsage]
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).startswith("sf_connect.core"):
        frame, level = frame.f_back, level + 1
    message = f"API version {api_version} is retired since {retired_in}; servers respond with 410"
    warnings.warn(message, RetiredVersionWarning, stacklevel=level)


class APIStatusError(APIError):
    """The server responded with an error.

    Attributes:
        status: the HTTP status.
        error_code: the first `errorCode`, or None.
        message: the first `message`, or the beginning of the body.
        errors: all errors of the body.
        method: the method of the call.
        path: the path of the call, without its query.
        headers: those response headers that help to find the cause, with lower-case names.
        hint: a hint at the remedy, or None.
    """

    def __init__(
        self, status: int, body: bytes, method: str, path: str, headers: Mapping[str, str], hint: str | None = None
    ) -> None:
        kept = {name.lower(): value for name, value in headers.items()}
        self.status = status
        self.method = method
        self.path = path
        self.headers = {name: kept[name] for name in _KEPT_HEADERS if name in kept}
        self.hint = hint
        self._body = body
        self.errors = _errors(body)
        first = self.errors[0] if self.errors else {}
        self.error_code = _text(first.get("errorCode"))
        self.message = _text(first.get("message")) or beginning(body)
        code = f" {_one_line(self.error_code)[:_SHOWN]}" if self.error_code else ""
        shown = _one_line(self.message)[:_LONGEST_MESSAGE] or "no message"
        super().__init__(f"{status}{code} from {method} {path}: {shown}{self._further()}")
        if hint:
            self.add_hint(hint)

    def add_hint(self, hint: str) -> None:
        """Add a hint at the remedy, which the message shows.

        Args:
            hint: the hint.
        """
        self.hint = hint
        self.args = (f"{self.args[0]} ({hint})",)

    def _further(self) -> str:
        """The second error and the third of several, and how many more there are."""
        further = [_one_line(_text(one.get("message")) or _text(one.get("errorCode")) or "") for one in self.errors[1:]]
        if not further:
            return ""
        listed = "".join(f"; {one[:_SHOWN]}" for one in further[: _LISTED - 1] if one)
        more = len(self.errors) - _LISTED
        return f"{listed}; and {more} more" if more > 0 else listed

    def __reduce__(self) -> tuple[type[APIStatusError], tuple[object, ...], dict[str, object]]:
        """Pickle the arguments, so that the exception can cross processes."""
        arguments = (self.status, self._body, self.method, self.path, self.headers, self.hint)
        return type(self), arguments, {"request": self.request, "attempts": self.attempts}


class RedirectError(APIStatusError):
    """3xx: the server points elsewhere; a token does not follow."""


class BadRequestError(APIStatusError):
    """400: the request could not be understood."""


class AuthenticationError(APIStatusError):
    """401: the session or token has expired or is not valid."""


class PermissionDeniedError(APIStatusError):
    """403: not permitted, or a feature is off."""


class NotFoundError(APIStatusError):
    """404: no such resource, or it was deleted."""


class ConflictError(APIStatusError):
    """409: the request conflicts with the state of the resource."""


class GoneError(APIStatusError):
    """410: the API version is retired, or the resource is gone for good."""


class PreconditionFailedError(APIStatusError):
    """412: a precondition does not hold; in a batch, an earlier request halted it."""


class UnprocessableEntityError(APIStatusError):
    """422: the request is well formed, its content is not acceptable."""


class RateLimitError(APIStatusError):
    """429: the allocation of 24 hours is used up."""


class InternalServerError(APIStatusError):
    """5xx: the server failed."""


class ServiceUnavailableError(InternalServerError):
    """503: too many requests in an hour, or maintenance."""


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    410: GoneError,
    412: PreconditionFailedError,
    422: UnprocessableEntityError,
    429: RateLimitError,
    503: ServiceUnavailableError,
}


def api_error(
    status: int, body: bytes, method: str, path: str, headers: Mapping[str, str], hint: str | None = None
) -> APIStatusError:
    """The exception for a response, by its status."""
    by_class = {3: RedirectError, 5: InternalServerError}
    error_type = _BY_STATUS.get(status) or by_class.get(status // 100, APIStatusError)
    return error_type(status, body, method, path, headers, hint)


def beginning(body: bytes) -> str:
    """The beginning of a body, in one line."""
    text = _one_line(body[: _SHOWN * 4].decode("utf-8", "replace"))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _one_line(text: str) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _errors(body: bytes) -> list[dict[str, Any]]:
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        found = dict(_XML_ERROR.findall(body.decode("utf-8", "replace")))
        return [found] if found else []
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    return [cast("dict[str, Any]", item) for item in items if isinstance(item, dict)]


def _text(value: object) -> str | None:
    return None if value is None else str(value)
