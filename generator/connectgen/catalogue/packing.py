"""Makes the catalogue's objects quick to pack: a dataclass looks its fields up anew for every object."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any, cast


def pack_quickly(*classes: type[Any]) -> None:
    """Let frozen dataclasses with slots be packed and unpacked by what is looked up here, once for each class."""
    one: Any
    for one in classes:
        one.__getstate__, one.__setstate__ = _ways(one)


def _ways(one: type[Any]) -> tuple[Callable[[Any], tuple[Any, ...]], Callable[[Any, Iterable[Any]], None]]:
    names = [item.name for item in fields(one)]
    values_of = cast("Callable[[Any], Any]", attrgetter(*names))
    setters = [getattr(one, name).__set__ for name in names]

    def state_of(value: Any) -> tuple[Any, ...]:
        return values_of(value) if len(names) > 1 else (values_of(value),)

    def restore(value: Any, state: Iterable[Any]) -> None:
        for put, item in zip(setters, state, strict=True):
            put(value, item)

    return state_of, restore
