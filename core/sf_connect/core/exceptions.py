"""Everything that a call may raise.

ConnectError
├── TransportError            no answer: connection, timeout, a broken answer
├── DecodeError               an answer that is not what the operation returns
└── ApiError                  the server answered with an error
    ├── ClientError           4xx
    │   ├── BadRequestError 400, UnauthorizedError 401, ForbiddenError 403, NotFoundError 404
    │   ├── ConflictError 409, GoneError 410
    │   └── PreconditionFailedError 412, UnprocessableEntityError 422, TooManyRequestsError 429
    └── ServerError           5xx
        └── InternalServerError 500, ServiceUnavailableError 503
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

_SHOWN = 200


class ConnectError(Exception):
    """Any failure of a call."""


class TransportError(ConnectError):
    """No usable answer arrived."""


class DecodeError(ConnectError):
    """The answer is not what the operation returns; the message shows its beginning."""


class RetiredVersionWarning(FutureWarning):
    """A client of an API version that servers no longer answer."""


class ApiError(ConnectError):
    """The server answered with an error.

    Attributes:
        status: the HTTP status.
        error_code: the first `errorCode`, or None.
        message: the first `message`, or the beginning of the body.
        errors: all errors of the body.
        method: the method of the call.
        path: the path of the call, without its query.
        headers: the answer's headers.
    """

    def __init__(self, status: int, body: bytes, method: str, path: str, headers: Mapping[str, str]) -> None:
        self.status = status
        self.method = method
        self.path = path
        self.headers = dict(headers)
        self.errors = _errors(body)
        first = self.errors[0] if self.errors else {}
        self.error_code = _text(first.get("errorCode"))
        self.message = _text(first.get("message")) or beginning(body)
        code = f" {self.error_code}" if self.error_code else ""
        super().__init__(f"{status}{code} from {method} {path}: {self.message or 'no message'}")


class ClientError(ApiError):
    """4xx: the request was refused."""


class ServerError(ApiError):
    """5xx: the server failed."""


class BadRequestError(ClientError):
    """400: the request could not be understood."""


class UnauthorizedError(ClientError):
    """401: the session or token has expired or is not valid."""


class ForbiddenError(ClientError):
    """403: not permitted, or a feature is off."""


class NotFoundError(ClientError):
    """404: no such resource, or it was deleted."""


class ConflictError(ClientError):
    """409: the request conflicts with the state of the resource."""


class GoneError(ClientError):
    """410: the API version is retired, or the resource is gone for good."""


class PreconditionFailedError(ClientError):
    """412: a precondition does not hold; in a batch, an earlier request halted it."""


class UnprocessableEntityError(ClientError):
    """422: the request is well formed, its content is not acceptable."""


class TooManyRequestsError(ClientError):
    """429: the allocation of 24 hours is used up."""


class InternalServerError(ServerError):
    """500: a fault inside the server."""


class ServiceUnavailableError(ServerError):
    """503: too many requests in an hour, or maintenance."""


_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    410: GoneError,
    412: PreconditionFailedError,
    422: UnprocessableEntityError,
    429: TooManyRequestsError,
    500: InternalServerError,
    503: ServiceUnavailableError,
}


def api_error(status: int, body: bytes, method: str, path: str, headers: Mapping[str, str]) -> ApiError:
    """The exception for an answer, by its status."""
    kind = _BY_STATUS.get(status) or (ServerError if status >= 500 else ClientError)
    return kind(status, body, method, path, headers)


def beginning(body: bytes) -> str:
    """The beginning of a body, in one line."""
    text = body[: _SHOWN * 4].decode("utf-8", "replace")
    text = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _errors(body: bytes) -> list[dict[str, Any]]:
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return []
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    return [cast("dict[str, Any]", item) for item in items if isinstance(item, dict)]


def _text(value: object) -> str | None:
    return None if value is None else str(value)
