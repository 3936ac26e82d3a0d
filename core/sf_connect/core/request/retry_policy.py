"""How failed calls are retried: what a client and a call may say about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How a client retries calls: only those that are safe to retry, or that never reached the server.

    Args:
        max_retries: how many retries a call has; 0 for none.
        initial_backoff: seconds before the first retry, doubled with each further one; a part of it is random, so that
            many clients do not come back at the same moment.
        max_backoff: the most seconds between two attempts; where a server asks for more (`Retry-After`), the call is
            not retried.
        statuses: the statuses after which a call that is safe to retry is retried.
        not_ready_retries: how many retries a call has after a status that the operation itself declares, such as the
            409 of a checkout, which means "not yet".
        budget: how many retries all calls of a client together may make while nothing succeeds; every call that
            succeeds gives a tenth of one back. It keeps clients from multiplying the load of a server in trouble.
        generate_idempotency_keys: give a call that can carry an idempotency key, and has none, a new one, so that it
            may be retried.

    Raises:
        ValueError: a number is negative.
        TypeError: a number is something else, or `statuses` is a single one.
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
