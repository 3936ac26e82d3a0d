"""Stretches of versions in which nothing of an entry begins or ends: what it resolves to is made once for each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from connectgen.catalogue.model import Span

T = TypeVar("T")


class Stretches(Generic[T]):
    """What an entry resolves to, made once for each stretch of versions in which nothing of it begins or ends."""

    __slots__ = ("_breaks", "_known", "_made")

    def __init__(self, spans: Iterable[Span]) -> None:
        self._breaks = sorted({edge for span in spans for edge in (span.since, span.until + 1)})
        self._made: dict[int, T] = {}
        self._known: list[T] = []

    @classmethod
    def of_all(cls, parts: Iterable[Stretches[Any]]) -> Stretches[T]:
        """The stretches in which none of several entries changes."""
        made = cls(())
        made._breaks = sorted({edge for part in parts for edge in part._breaks})
        return made

    def at(self, version: int, make: Callable[..., T], *arguments: object) -> T:
        """What it is at a version; the same object as in another stretch where it equals that one.

        Args:
            version: the version.
            make: resolves it, where that was not done yet.
            arguments: what `make` is called with.
        """
        stretch = bisect_right(self._breaks, version)
        made = self._made.get(stretch)
        if made is None:
            made = self._made[stretch] = _same(self._known, make(*arguments))
        return made


def _same(known: list[T], resolved: T) -> T:
    """The object that is known and equal, or this one, known from now on."""
    for other in known:
        if other == resolved:
            return other
    known.append(resolved)
    return resolved
