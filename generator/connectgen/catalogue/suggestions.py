"""What somebody meant by a name that does not exist: the nearest names that do, three at most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

MOST = 3
"""How many names are suggested at most."""
_LONGEST = 80
"""Longer names than this are not compared."""


def limit_of(name: str) -> int:
    """The distance up to which a name is suggested for this one: a third of its length, from 1 to 3.

    The distance is how many characters must be added, removed, changed or swapped with the next one to turn one
    name into the other; a change of case alone counts nothing.
    """
    return max(1, min(3, len(name) // 3))


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The known names nearest to one, nearest first, three at most; none that is further away than `limit_of`."""
    if not name or len(name) > _LONGEST:
        return []
    wanted, limit = name.casefold(), limit_of(name)
    letters = Counter(wanted)
    found: list[tuple[int, int, str]] = []
    for other in set(known):
        if abs(len(other) - len(name)) > limit:
            continue
        folded = other.casefold()
        # Each change accounts for at most one letter that the other name has too few of.
        if sum((letters - Counter(folded)).values()) > limit:
            continue
        distance = _distance(wanted, folded)
        if distance <= limit:
            found.append((distance, _distance(name, other), other))
    return [other for _, _, other in sorted(found)[:MOST]]


def did_you_mean(name: str, known: Iterable[str], otherwise: str, *, whole: str = "{}") -> str:
    """A remedy: `did you mean A, B or C?`, or another remedy where nothing is near.

    Args:
        name: what was written.
        known: the names that there are.
        otherwise (str): the remedy where none of them is near.
        whole: how each is shown, where it is a part of something: `{}` stands for it.
    """
    near = [whole.replace("{}", one) for one in nearest(name, known)]
    if not near:
        return otherwise
    shown = near[0] if len(near) == 1 else f"{', '.join(near[:-1])} or {near[-1]}"
    return f"did you mean {shown}?"


def _distance(one: str, other: str) -> int:
    """How many characters must be added, removed, changed or swapped with the next one."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, character in enumerate(one, 1):
        current = [row]
        for column, against in enumerate(other, 1):
            cost = min(
                last[column] + 1,
                current[column - 1] + 1,
                last[column - 1] + (character != against),
            )
            swapped = row > 1 and column > 1 and character == other[column - 2] and one[row - 2] == against
            current.append(min(cost, before[column - 2] + 1) if swapped else cost)
        before, last = last, current
    return last[-1]
