"""How long to wait before a retry, and how many retries all calls of a client have left."""

from __future__ import annotations

import random
import threading
from datetime import UTC
from email.utils import parsedate_to_datetime
from time import time

from sf_connect.core.request.retry_policy import RetryPolicy

_GIVEN_BACK = 0.1


def backoff(policy: RetryPolicy, retry: int) -> float:
    """Seconds before a retry, counted from 0."""
    longest = min(policy.max_backoff, policy.initial_backoff * 2.0 ** min(retry, 64))
    return longest * (0.5 + random.random() / 2)  # noqa: S311  no secret depends on it


def delay_before_retry(policy: RetryPolicy, retry_after: str | None, retry: int) -> float | None:
    """Seconds before a retry after a response, None where the server asks for more than the longest backoff."""
    asked = parse_retry_after(retry_after)
    if asked is None:
        return backoff(policy, retry)
    return asked if asked <= policy.max_backoff else None


class RetryBudget:
    """How many retries all calls of a client together have left."""

    def __init__(self, most: int) -> None:
        self._most = float(most)
        self._left = float(most)
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take one retry; False where none is left."""
        with self._lock:
            if self._left < 1.0:
                return False
            self._left -= 1.0
            return True

    def give_back(self) -> None:
        """Count a call that succeeded."""
        if self._left < self._most:
            with self._lock:
                self._left = min(self._most, self._left + _GIVEN_BACK)


def parse_retry_after(retry_after: str | None) -> float | None:
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
    except (ValueError, OverflowError, OSError):  # no date, or one beyond the range of this machine
        return None
