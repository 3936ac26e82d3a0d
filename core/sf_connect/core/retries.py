"""When a failed call is repeated, and how long to wait before."""

from __future__ import annotations

import random
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time

_REPEATED = (429, 503)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How a client repeats calls: only those that are safe to repeat, or that never reached the server.

    Args:
        retries: how often at most; 0 never.
        first_wait: seconds before the first repetition, doubled with each further one; a part of it is chance, so that
            many clients do not come back at the same moment.
        longest_wait: seconds; a server that asks for more (`Retry-After`) is not asked again.
    """

    retries: int = 2
    first_wait: float = 0.5
    longest_wait: float = 30.0

    def wait(self, repetition: int) -> float:
        """Seconds before a repetition, counted from 0."""
        longest = min(self.longest_wait, self.first_wait * 2.0**repetition)
        return longest * (0.5 + random.random() / 2)  # noqa: S311  no secret depends on it

    def wait_after_status(self, status: int, retry_after: str | None, repetition: int) -> float | None:
        """Seconds before repeating a call that was answered with a status, None where repeating is of no use."""
        if status not in _REPEATED:
            return None
        asked = seconds(retry_after)
        if asked is not None:
            return asked if asked <= self.longest_wait else None
        # 429 means the allocation of 24 hours: only a server that names a time makes waiting worth while.
        return self.wait(repetition) if status == 503 else None


def seconds(retry_after: str | None) -> float | None:
    """The header `Retry-After`, which holds seconds or a date; None where absent or unreadable."""
    if retry_after is None:
        return None
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time())
    except (ValueError, OverflowError):
        return None
