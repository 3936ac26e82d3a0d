"""Answers that tell a failure though their status is a success, as an exception where that is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sf_connect.core.exceptions import SFConnectError
from sf_connect.core.wire.models import Model


class ReportedFailureError(SFConnectError):
    """An answer with a status of success tells a failure; raised only with `raise_on_failure`.

    Attributes:
        answer: the whole answer.
        failure: the properties that tell it, as `answer.failure`.
    """

    def __init__(self, what: str, answer: Model, failure: Mapping[str, Any]) -> None:
        self.answer = answer
        self.failure = failure
        super().__init__(f"{what} reports a failure: {', '.join(failure)}; see answer")

    def __reduce__(self) -> tuple[Any, ...]:
        """An exception that crosses processes is made again from what it was made of."""
        return (
            _made_again,
            (*self.args, self.answer, self.failure),
            {"request": self.request, "attempts": self.attempts},
        )


def _made_again(message: str, answer: Model, failure: Mapping[str, Any]) -> ReportedFailureError:
    error = ReportedFailureError("", answer, failure)
    error.args = (message,)
    return error


def check(answer: object, what: str) -> None:
    """Raise what an answer, or an item of the list that it is, reports.

    Raises:
        ReportedFailureError: it tells a failure.
    """
    for one in cast("list[object]", answer) if isinstance(answer, list) else [answer]:
        if isinstance(one, Model) and (failure := one.failure) is not None:
            raise ReportedFailureError(what, one, failure)
