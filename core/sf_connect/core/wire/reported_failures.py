"""Responses that tell a failure though their status is a success, as an exception where that is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sf_connect.core.exceptions import SFConnectError
from sf_connect.core.wire.models import Model


class ReportedFailureError(SFConnectError):
    """A response with a status of success tells a failure; raised only with `raise_on_failure`.

    Attributes:
        response: the whole response.
        failure: the properties that tell it, as `response.failure`.
    """

    def __init__(self, what: str, response: Model, failure: Mapping[str, Any]) -> None:
        self.response = response
        self.failure = failure
        super().__init__(f"{what} reports a failure: {', '.join(failure)}; see response")

    def __reduce__(self) -> tuple[Any, ...]:
        """An exception that crosses processes is made again from what it was made of."""
        return (
            _made_again,
            (*self.args, self.response, self.failure),
            {"request": self.request, "attempts": self.attempts},
        )


def _made_again(message: str, response: Model, failure: Mapping[str, Any]) -> ReportedFailureError:
    error = ReportedFailureError("", response, failure)
    error.args = (message,)
    return error


def check(response: object, what: str) -> None:
    """Raise what a response, or an item of the list that it is, reports.

    Raises:
        ReportedFailureError: it tells a failure.
    """
    for one in cast("list[object]", response) if isinstance(response, list) else [response]:
        if isinstance(one, Model) and (failure := one.failure) is not None:
            raise ReportedFailureError(what, one, failure)
