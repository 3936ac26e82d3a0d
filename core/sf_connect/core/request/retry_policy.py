"""The retry policy: how a client retries failed calls."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How a client retries calls. It retries only calls that are safe to retry, or that never reached the server.

    Args:
        max_retries: how many retries a call has; 0 for none.
        initial_backoff: seconds before the first retry, doubled with each further one, with jitter, so that many
            clients do not retry at the same moment.
        max_backoff: the most seconds between two attempts; where a server asks for more (`Retry-After`), the call is
            not retried.
        statuses: the statuses after which a call that is safe to retry is retried.
        not_ready_retries: how many retries a call has after a status that the operation itself declares, such as the
            409 of a checkout, which means "not ready yet".
        budget: how many retries all calls of a client together may make; every call that succeeds gives a tenth of one
            back. It keeps clients from multiplying the load of a failing server.
        generate_idempotency_keys: add an idempotency key to each call that can have one and has none, so that it may
            be retried.

    Raises:
        ValueError: a number is negative.
        TypeError: a value is not a number, or `statuses` is a single number.
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
            value: object = getattr(self, name)
            if not isinstance(value, int | float):
                raise TypeError(f"{name} of a retry policy must be a number, not {type(value).__name__}")
            if value < 0:
                raise ValueError(f"{name} of a retry policy must be at least 0, not {value}")
        if isinstance(self.statuses, int):
            raise TypeError(f"statuses of a retry policy must be a tuple: write statuses=({self.statuses},)")
