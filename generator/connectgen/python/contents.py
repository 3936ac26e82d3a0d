"""What is said of operations and types, as bytes that are equal in all runs in which the same is said."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, cast

_ATOMS = frozenset([str, int, float, bool, type(None), bytes])
_NOTHING = ()
_VERSION = 2
"""Of the format of marshal: in later ones, equal values may be written in different ways."""
_UNSEEN = ("location", "notes")
"""Fields that no client shows: what is moved within its file stays as it is."""


class Contents:
    """Writes values as bytes; what several of them have in common is written once."""

    def __init__(self) -> None:
        self._written: dict[int, tuple[object, object]] = {}

    def of(self, value: object) -> bytes:
        """The bytes of a value: a plain one, or a dataclass with what it holds."""
        return marshal.dumps(self._plain(value), _VERSION)

    def _plain(self, value: Any) -> Any:
        """A value as plain ones."""
        kind = value.__class__
        if kind in _ATOMS:
            return value
        if kind is tuple:
            return (
                tuple([item if item.__class__ in _ATOMS else self._plain(item) for item in value]) if value else value
            )
        known = self._written.get(id(value))
        if known is None:  # what is written is kept, so that no other value gets its id
            known = self._written[id(value)] = (value, self._written_out(value))
        return known[1]

    def _written_out(self, value: Any) -> object:
        if isinstance(value, Enum):
            return (value.__class__.__name__, value.name)
        if isinstance(value, Mapping):
            items = cast("Mapping[object, object]", value).items()
            return ("map", *((self._plain(key), self._plain(item)) for key, item in items))
        kind = value.__class__
        plain = self._plain  # most values are plain already, and not worth a call
        values = [
            item if item.__class__ in _ATOMS or item is _NOTHING else plain(item) for item in _values_of(kind)(value)
        ]
        return marshal.dumps((kind.__name__, values), _VERSION)


@cache
def _values_of(kind: type[Any]) -> Callable[[object], tuple[object, ...]]:
    """What gets the values of a dataclass's fields."""
    names = [item.name for item in fields(kind) if item.name not in _UNSEEN]
    if len(names) == 1:
        get = attrgetter(names[0])
        return lambda value: (get(value),)
    return attrgetter(*names)
