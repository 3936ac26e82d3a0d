"""What can be reached from some names: the one closure over types that all parts of the generator use."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def reachable(roots: Iterable[str], references_of: Callable[[str], Iterable[str]]) -> set[str]:
    """The roots and whatever they refer to, directly or through others.

    Args:
        roots: where to begin.
        references_of: the names that a name refers to; called once for each.
    """
    waiting, reached = list(roots), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(references_of(name))
    return reached
