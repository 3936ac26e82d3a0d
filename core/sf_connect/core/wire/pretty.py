"""Objects as IPython and Jupyter show them: in lines, and no more than can be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import msgspec

from sf_connect.core.wire.properties import shown_values

_MOST_VALUES = 60
_MOST_ITEMS = (5, 3, 1)
_DEEPEST = 6
_LONGEST = 200
_INDENT = 4


def print_bounded(value: msgspec.Struct, printer: Any) -> None:
    """Print an object with as many of its levels and list items as the bounds allow.

    Args:
        value: the object.
        printer: IPython's `RepresentationPrinter`.
    """
    depth, items = _extent(value)
    _print(value, printer, depth, items)


def _extent(value: msgspec.Struct) -> tuple[int, int]:
    """How deep, and how many items of a list, can be shown."""
    for items in _MOST_ITEMS:
        for depth in range(_DEEPEST, 1, -1):
            if _size(value, depth, items) <= _MOST_VALUES:
                return depth, items
    return 1, _MOST_ITEMS[-1]


def _size(value: object, depth: int, items: int) -> int:
    """The number of values that would be shown."""
    if depth <= 0:
        return 1
    return 1 + sum(_size(one, depth - 1, items) for _, one in _children(value, items))


def _children(value: object, items: int) -> Iterator[tuple[str, object]]:
    match value:
        case msgspec.Struct():
            yield from shown_values(value)
        case list():
            yield from (("", one) for one in cast("list[object]", value)[:items])
        case Mapping():
            named = list(cast("Mapping[object, object]", value).items())
            yield from ((repr(name), one) for name, one in named[:items])
        case _:
            pass


def _print(value: object, printer: Any, depth: int, items: int) -> None:
    match value:
        case msgspec.Struct():
            opening, sign, closing, left = f"{type(value).__name__}(", "=", ")", 0
        case list():
            opening, sign, closing, left = "[", "", "]", len(cast("list[object]", value)) - items
        case Mapping():
            opening, sign, closing, left = "{", ": ", "}", len(cast("Mapping[object, object]", value)) - items
        case _:
            printer.text(_short(value))
            return
    children = list(_children(cast("object", value), items))
    if depth <= 0 and children:
        printer.text(f"{opening}…{closing}")
        return
    with printer.group(_INDENT, opening, closing):
        for number, (name, one) in enumerate(children):
            printer.text("," if number else "")
            printer.breakable(" " if number else "")
            printer.text(f"{name}{sign}" if name else "")
            _print(one, printer, depth - 1, items)
        if left > 0:
            printer.text(",")
            printer.breakable()
            printer.text(f"… {left} more")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… {len(text) - _LONGEST:,} more characters"
