"""How messages count things."""

from __future__ import annotations


def counted(number: int, thing: str) -> str:
    """`1 package`, `2 packages`; for things whose plural ends in s."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
