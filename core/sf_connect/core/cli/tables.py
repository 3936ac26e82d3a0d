"""Responses as people read them on a terminal: rows of a list, or the properties of an object."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, cast

_FIRST = ("id", "name", "label", "title", "type", "url")
_NARROWEST, _WIDEST = 4, 48
_GAP = "  "
_MOST_BESIDE_A_LIST = 8
"""An object with more properties is one that happens to have a list, rather than a list."""


def as_table(value: object, items: str | None, width: int) -> str:
    """A response as a table.

    Args:
        value: the response, as plain values.
        items: the property with the items, dotted where it is nested; None where there is none.
        width: the columns of the terminal.
    """
    rows = _rows(value, items)
    if rows is not None:
        return _table_of_rows(rows, width)
    if isinstance(value, dict):
        pairs = [(str(name), _format_cell(one)) for name, one in cast("Mapping[str, object]", value).items()]
        if not pairs:
            return "(nothing)"
        first = min(max(_width(name) for name, _ in pairs), _WIDEST)
        return "\n".join(_line([name, one], [first, max(width - first - 2, _NARROWEST)]) for name, one in pairs)
    return _format_cell(value)


def _rows(value: object, items: str | None) -> Sequence[Mapping[str, object]] | None:
    """The objects of a list: the response itself, what its pages hold, or its only list of objects."""
    found: object = value
    for name in items.split(".") if items else ():
        found = cast("Mapping[str, object]", found).get(name) if isinstance(found, dict) else None
    if not _is_list(found) and isinstance(value, dict):
        properties = cast("dict[str, object]", value)
        lists = [one for one in properties.values() if _is_rows(one) and one]
        is_list = len(lists) == 1 and len(properties) <= _MOST_BESIDE_A_LIST and "id" not in properties
        found = lists[0] if is_list else None
    return cast("Sequence[Mapping[str, object]]", found) if _is_rows(found) else None


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in cast("list[object]", value))


def _table_of_rows(rows: Sequence[Mapping[str, object]], width: int) -> str:
    if not rows:
        return "(no items)"
    names = dict.fromkeys(name for row in rows for name, one in row.items() if not isinstance(one, dict | list))
    ordered = sorted(names, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST)) or list(rows[0])
    columns: list[str] = []
    widths: list[int] = []
    left = width
    for name in ordered:
        wanted = min(max(_width(name), *(_width(_format_cell(row.get(name))) for row in rows)), _WIDEST)
        if columns and wanted + len(_GAP) > left:
            continue
        columns.append(name)
        widths.append(min(wanted, max(left, _NARROWEST)))
        left -= widths[-1] + len(_GAP)
    lines = [_line(columns, widths), _line(["-" * one for one in widths], widths)]
    lines += [_line([_format_cell(row.get(name)) for name in columns], widths) for row in rows]
    hidden = len(ordered) - len(columns)
    told = f"{len(rows)} item{'s' if len(rows) != 1 else ''}" + (f", {hidden} more columns" if hidden else "")
    return "\n".join([*lines, f"({told}; --format json shows all)"])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return _GAP.join(_fitted(cell, width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _format_cell(value: Any) -> str:
    """A value in one line, without characters that would control the terminal."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "".join(" " if unicodedata.category(one).startswith("C") else one for one in text)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _fitted(text: str, width: int) -> str:
    if _width(text) > width:
        while text and _width(text) > width - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (width - _width(text))
