"""Lists of values that were the same as one that has new values now, and did not grow: perhaps they should have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from connectgen.surface import Surface

_LEAST = 2
"""Lists with fewer values are alike by chance."""


def may_have_grown(before: Surface, now: Surface) -> list[str]:
    """A line for each list that is as another one was before that one grew.

    Args:
        before: the version before.
        now: the version whose new values are looked at.
    """
    then, today = dict(_lists(before)), dict(_lists(now))
    unchanged: dict[frozenset[str], list[str]] = defaultdict(list)
    for name, values in today.items():
        if then.get(name) == values:
            unchanged[values].append(name)
    lines: list[str] = []
    for name, values in today.items():
        old = then.get(name, frozenset())
        new = values - old
        if new and len(old) >= _LEAST:
            lines += [
                f"{other}: has the values that {name} had before {', '.join(sorted(new))}" for other in unchanged[old]
            ]
    return lines


def _lists(surface: Surface) -> Iterator[tuple[str, frozenset[str]]]:
    """Every list of values with the name of its owner."""
    for group in surface.groups:
        for operation in group.operations:
            for item in (*operation.path_parameters, *operation.parameters):
                if item.values:
                    yield f"{group.family}.{group.name}.{operation.name}({item.name})", frozenset(item.values)
    for kind in surface.types.values():
        for one in kind.properties:
            if one.values:
                yield f"{kind.name}.{one.name}", frozenset(one.values)
