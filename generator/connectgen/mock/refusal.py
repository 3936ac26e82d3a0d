"""Why a request is refused: Salesforce's error array and status, and a header that explains the cause to a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connectgen.catalogue.model import Location

REASON_HEADER = "X-Mock-Reason"
ENTRY_HEADER = "X-Mock-Entry"
_LONGEST_HEADER = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a request.

    Attributes:
        code: Salesforce's `errorCode`.
        message: what is wrong, and what would be right.
        reason: which rule of the mock says so, such as `unknown-query-parameter`.
        entry: where the catalogue says so.
    """

    code: str
    message: str
    reason: str
    entry: Location | None = None


class RefusalError(Exception):
    """A request whose response is an error.

    Args:
        status: the HTTP status.
        problems: what is wrong, the first of them first.
        headers: further headers of the response.
    """

    def __init__(self, status: int, problems: tuple[Problem, ...], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.problems = problems
        self.headers = dict(headers or {})

    @property
    def errors(self) -> list[dict[str, str]]:
        """The error array of the response."""
        return [{"errorCode": problem.code, "message": problem.message} for problem in self.problems]

    @property
    def explanation(self) -> dict[str, str]:
        """The headers that name the reason and the catalogue's entry."""
        found = {REASON_HEADER: _header(f"{problem.reason}: {problem.message}" for problem in self.problems)}
        entries = dict.fromkeys(str(problem.entry) for problem in self.problems if problem.entry)
        if entries:
            found[ENTRY_HEADER] = _header(f"spec/{entry}" for entry in entries)
        return found


def refuse(
    status: int,
    code: str,
    message: str,
    reason: str,
    entry: Location | None = None,
    headers: Mapping[str, str] | None = None,
) -> RefusalError:
    """A refusal for one problem."""
    return RefusalError(status, (Problem(code, message, reason, entry),), headers)


def _header(parts: Iterable[str]) -> str:
    """Text that can be in a header: what a request brought along may hold anything."""
    text = "; ".join(parts)
    plain = "".join(character if " " <= character <= "~" else "?" for character in text)
    return plain if len(plain) <= _LONGEST_HEADER else f"{plain[:_LONGEST_HEADER]}..."
