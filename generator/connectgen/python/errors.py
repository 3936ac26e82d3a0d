"""What the runtime raises for a status, as docstrings name it."""

from __future__ import annotations

BY_STATUS = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    409: "ConflictError",
    410: "GoneError",
    412: "PreconditionFailedError",
    422: "UnprocessableEntityError",
    429: "RateLimitError",
    503: "ServiceUnavailableError",
}
_BY_CLASS = {3: "RedirectError", 5: "InternalServerError"}


def exception_of(status: int) -> str:
    """The name of the exception for an error status."""
    return BY_STATUS.get(status) or _BY_CLASS.get(status // 100, "APIStatusError")
