"""Responses that report a failure although their status is a success: raises an exception where that is set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sf_connect.core.exceptions import SFConnectError
from sf_connect.core.wire.models import Model


class ReportedFailureError(SFConnectError):
    """A response reports a failure although its status is a success; raised only with `raise_on_failure`.

    Attributes:
        response: the whole response.
        failure: the properties that report it, as `response.failure`.
    """

    def __init__(self, what: str, response: Model, failure: Mapping[str, Any]) -> None:
        self.response = response
        self.failure = failure
        super().__init__(f"{what} reports a failure: {', '.join(failure)}; see response")

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the arguments, so that the exception can cross processes."""
        return (
            _restore,
            (*self.args, self.response, self.failure),
            {"request": self.request, "attempts": self.attempts},
        )


def _restore(message: str, response: Model, failure: Mapping[str, Any]) -> ReportedFailureError:
    error = ReportedFailureError("", response, failure)
    error.args = (message,)
    return error


def check(response: object, what: str) -> None:
    """Raise the failure that a response, or an item of a response that is a list, reports.

    Raises:
        ReportedFailureError: there is one.
    """
    for one in cast("list[object]", response) if isinstance(response, list) else [response]:
        if isinstance(one, Model) and (failure := one.failure) is not None:
            raise ReportedFailureError(what, one, failure)
