"""Resume tokens: the position of an iteration as a text that another process can go on from."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, NamedTuple, cast

from sf_connect.core.features.page_cursor import BEGINNING, Step

_FORMAT = 1
_LONGEST = 100_000
"""Characters of a token; no position is as long."""


class Position(NamedTuple):
    """Where an iteration is.

    Args:
        step: how to get the page with the next item; None at the end.
        skip: how many items of that page were taken.
        before: how many items the pages before it had.
    """

    step: Step | None = BEGINNING
    skip: int = 0
    before: int = 0


def write_token(operation: str, position: Position) -> str:
    """A position as a token.

    Args:
        operation: the operation that is iterated over.
        position: the position.
    """
    text = json.dumps([_FORMAT, operation, *position], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_token(token: str, operation: str) -> Position:
    """The position in a token.

    Args:
        token: the token.
        operation: the operation that it must be of.

    Raises:
        TypeError: it is not a str.
        ValueError: it is no token, or one of another operation.
    """
    value = cast("object", token)  # callers may be untyped
    if not isinstance(value, str):
        raise TypeError(f"{operation}: start is {type(value).__name__}, but must be a resume_token")
    try:
        if len(token) > _LONGEST:
            raise ValueError("too long")
        read: Any = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        form, name, step, skip, before = read
        fits = form == _FORMAT and _is_step(step) and _is_count(skip) and _is_count(before)
    except (ValueError, TypeError, RecursionError, binascii.Error):
        fits, name, step, skip, before = False, operation, None, 0, 0
    if not fits:
        raise ValueError(f"{operation}: start is no resume_token") from None
    if name != operation:
        raise ValueError(f"{operation}: start is a resume_token of another operation")
    return Position(step, skip, before)


def _is_step(value: object) -> bool:
    """Whether it is a URL, or one parameter with a text or a number; None at the end, nothing at the beginning."""
    if isinstance(value, dict):
        table = cast("dict[str, object]", value)
        return len(table) <= 1 and all(isinstance(one, str) or _is_count(one) for one in table.values())
    return value is None or (isinstance(value, str) and bool(value))


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
