"""When a failed call is repeated, and how long to wait before."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from time import time

_GIVEN_BACK = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How a client repeats calls: only those that are safe to repeat, or that never reached the server.

    Args:
        max_retries: how often at most; 0 never.
        initial_backoff: seconds before the first repetition, doubled with each further one; a part of it is chance, so that
            many clients do not come back at the same moment.
        max_backoff: seconds; a server that asks for more (`Retry-After`) is not asked again.
        statuses: the statuses after which a call that is safe to repeat is repeated.
        not_ready_retries: how often at most after a status that the operation itself names, such as the 409 of a checkout,
            which says "not yet".
        budget: how many repetitions all calls of a client together may make while nothing succeeds; every call that
            succeeds gives a tenth of one back. It keeps clients from multiplying the load of a server in trouble.
        generate_idempotency_keys: give a call that can carry an idempotency key, and has none, a new one, so that it may be repeated.

    Raises:
        ValueError: a number is negative.
        TypeError: a number is none, or `statuses` is a single one.
    """

    max_retries: int = 2
    initial_backoff: float = 0.5
    max_backoff: float = 30.0
    statuses: tuple[int, ...] = (429, 503)
    not_ready_retries: int = 10
    budget: int = 100
    generate_idempotency_keys: bool = False

    def __post_init__(self) -> None:
        for name in ("max_retries", "initial_backoff", "max_backoff", "not_ready_retries", "budget"):
            given: object = getattr(self, name)
            if not isinstance(given, int | float):
                raise TypeError(f"{name} of a retry policy takes a number, not {type(given).__name__}")
            if given < 0:
                raise ValueError(f"{name} of a retry policy is at least 0, not {given}")
        if isinstance(self.statuses, int):
            raise TypeError(f"statuses of a retry policy takes several: write statuses=({self.statuses},)")

    def wait(self, repetition: int) -> float:
        """Seconds before a repetition, counted from 0."""
        longest = min(self.max_backoff, self.initial_backoff * 2.0 ** min(repetition, 64))
        return longest * (0.5 + random.random() / 2)  # noqa: S311  no secret depends on it

    def wait_as_asked(self, retry_after: str | None, repetition: int) -> float | None:
        """Seconds before a repetition after an answer, None where the server asks for more than the longest wait."""
        asked = seconds(retry_after)
        if asked is None:
            return self.wait(repetition)
        return asked if asked <= self.max_backoff else None


class RetryBudget:
    """What all calls of a client may still repeat."""

    def __init__(self, most: int) -> None:
        self._most = float(most)
        self._left = float(most)
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take one repetition; False where none is left."""
        with self._lock:
            if self._left < 1.0:
                return False
            self._left -= 1.0
            return True

    def give_back(self) -> None:
        """A call succeeded."""
        if self._left < self._most:
            with self._lock:
                self._left = min(self._most, self._left + _GIVEN_BACK)


def seconds(retry_after: str | None) -> float | None:
    """The header `Retry-After`, which holds seconds or a date; None where absent or unreadable."""
    if retry_after is None:
        return None
    stripped = retry_after.strip()
    if stripped.isascii() and stripped.isdigit():
        return float(stripped)
    try:
        date = parsedate_to_datetime(retry_after)
        if date.tzinfo is None:  # `-0000`, or no zone: GMT, whatever the zone of this machine
            date = date.replace(tzinfo=UTC)
        return max(0.0, date.timestamp() - time())
    except (ValueError, OverflowError, OSError):  # no date, or one that the machine cannot reckon with
        return None
