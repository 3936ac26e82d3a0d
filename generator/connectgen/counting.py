"""How messages count things."""

from __future__ import annotations


def counted(number: int, thing: str) -> str:
    """`1 package`, `2 packages`; for things whose plural ends in s."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def counted_kind(number: int, kind: str) -> str:
    """`1 property`, `2 properties`; for nouns that are named in the plural."""
    if number != 1:
        return f"{number} {kind}"
    return f"1 {kind.removesuffix('ies')}y" if kind.endswith("ies") else f"1 {kind.removesuffix('s')}"


def counted_entries(number: int) -> str:
    """How many entries and facts of the catalogue, which are counted together."""
    return "1 entry or fact" if number == 1 else f"{number} entries and facts"
