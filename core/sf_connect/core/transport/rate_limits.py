"""A rate limiter, so that a client waits before the server refuses its calls."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from sf_connect.core.exceptions import LocalRateLimitError
from sf_connect.core.transport.forks import renew_in_children


class RateLimiter:
    """Limits the calls in any hour; only operations that require Chatter count.

    The server counts by user and app, so give one rate limiter to all clients of the same user and app in your process.
    It may be shared by threads, tasks, and synchronous and asynchronous clients. Every attempt counts, retries too.

    Args:
        calls: how many calls the hour allows.
        wait: True to wait as long as necessary, False to raise at once, or the most seconds that a call may wait.
        period: the period in seconds, for servers that do not count by the hour.
        clock: returns the time in seconds.

    Raises:
        ValueError: fewer than one call, or a period or wait below zero.
    """

    def __init__(
        self,
        calls: int,
        *,
        wait: bool | float = True,
        period: float = 3600.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if calls < 1 or period <= 0 or wait < 0:
            raise ValueError(
                "a rate limiter needs at least one call, a period above zero and a wait that is not negative"
            )
        self.calls = calls
        self.period = period
        self._longest = float("inf") if wait is True else float(wait)
        self._clock = clock
        self.renew_after_fork()
        renew_in_children(self)
        self._taken: deque[float] = deque()  # when each call of the last period was, or will be, made

    def renew_after_fork(self) -> None:
        """Make the lock anew: a thread of the parent may have held it. Each process counts on its own from here."""
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<RateLimiter {self.calls} calls in {self.period:g} s, {self.left} left>"

    @property
    def left(self) -> int:
        """How many calls could be made now without waiting."""
        with self._lock:
            now = self._clock()
            return max(0, self.calls - sum(1 for taken in self._taken if taken > now - self.period))

    def reserve(self, count: int = 1) -> float:
        """Reserve calls; the seconds to wait before they may be sent.

        Args:
            count: how many calls; each call of a batch counts.

        Raises:
            LocalRateLimitError: they would have to wait longer than the rate limiter allows; nothing is reserved.
            ValueError: more calls than the rate limiter ever allows at once.
        """
        return self._reserve(count)[0]

    def _reserve(self, count: int) -> tuple[float, float]:
        """Seconds to wait, and the time until then."""
        self.check(count)
        with self._lock:
            now = self._clock()
            taken = self._taken
            while taken and taken[0] <= now - self.period:
                taken.popleft()
            # The last of these calls may be made once the one `calls` positions before it is a period old.
            position = len(taken) + count - self.calls
            start = max(now, taken[position - 1] + self.period) if position > 0 else now
            wait = start - now
            if wait > self._longest:
                allowed = f"{self.calls} calls in {self.period:g} s"
                raise LocalRateLimitError(
                    f"the rate limiter allows {allowed}; the next is allowed in {wait:.0f} s", wait
                )
            taken.extend([start] * count)
            return wait, start

    def _give_back(self, count: int, start: float) -> None:
        """Give up the reservation of calls that were cancelled while they waited, so that others can have it."""
        with self._lock, suppress(ValueError):  # nothing to free where the clock has jumped beyond it
            for _ in range(count):
                self._taken.remove(start)

    def check(self, count: int) -> None:
        """Refuse more calls at once than could ever be made, however long they wait.

        Raises:
            ValueError: there are more, or fewer than one.
        """
        if not 0 < count <= self.calls:
            raise ValueError(
                f"{count} calls at once exceed a rate limiter of {self.calls} calls in {self.period:g} s: "
                "send fewer at once, or set the rate limiter to what the org allows"
            )

    def acquire(self, count: int = 1) -> None:
        """Block until calls may be made.

        Raises:
            LocalRateLimitError: they would have to wait longer than the rate limiter allows.
            ValueError: more calls than the rate limiter ever allows at once.
        """
        wait, start = self._reserve(count)
        try:
            if wait:
                time.sleep(wait)
        except BaseException:
            self._give_back(count, start)
            raise

    async def acquire_async(self, count: int = 1) -> None:
        """Wait until calls may be made; a task that is cancelled while it waits gives up its reservation.

        Raises:
            LocalRateLimitError: they would have to wait longer than the rate limiter allows.
            ValueError: more calls than the rate limiter ever allows at once.
        """
        wait, start = self._reserve(count)
        try:
            if wait:
                import asyncio  # late: synchronous clients do without it, and it is slow to import

                await asyncio.sleep(wait)
        except BaseException:
            self._give_back(count, start)
            raise
