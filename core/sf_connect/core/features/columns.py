"""Rows as named, typed columns: of models by their annotations, of Data 360 queries by the metadata of the result."""

from __future__ import annotations

import datetime
import re
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, NamedTuple, Union, cast, get_args, get_origin

import msgspec

from sf_connect.core.wire.fields import fields_of
from sf_connect.core.wire.models import Input, Model
from sf_connect.core.wire.properties import attribute_names, is_set, read_property
from sf_connect.core.wire.variants import base_of

ColumnType = Literal[
    "text", "int16", "int32", "int64", "float", "decimal", "boolean", "date", "clock", "local", "instant", "any"
]
"""What the values of a column are: `local` is a time without a zone, `instant` one in GMT."""

_ANNOTATED: Mapping[Any, ColumnType] = {
    str: "text",
    int: "int64",
    float: "float",
    bool: "boolean",
    datetime.datetime: "instant",
    datetime.date: "date",
}
_SQL: Mapping[str, ColumnType] = {
    "bigint": "int64",
    "bool": "boolean",
    "boolean": "boolean",
    "char": "text",
    "character": "text",
    "date": "date",
    "decimal": "decimal",
    "double": "float",
    "doubleprecision": "float",
    "float": "float",
    "int": "int32",
    "integer": "int32",
    "numeric": "decimal",
    "oid": "int64",
    "real": "float",
    "smallint": "int16",
    "text": "text",
    "time": "clock",
    "timestamp": "local",
    "timestamptz": "instant",
    "timestampwithtimezone": "instant",
    "timestampwithouttimezone": "local",
    "varchar": "text",
}
_NOT_IN_NAMES = re.compile(r"\([^)]*\)|[^a-z]")
_ROWS = ("row", "row_data")
_RAW_ROWS = ("row", "rowData")
"""What holds the values of a row, in models and in plain values."""
_BITS: Mapping[str, int] = {"int16": 16, "int32": 32, "int64": 64}


class Column(NamedTuple):
    """A column.

    Args:
        name: its name.
        type: what its values are; `any` where they differ.
        values: its values, None where a row has none.
        precision: the digits of a decimal column, or None.
        scale: those after the point, or None.
    """

    name: str
    type: ColumnType
    values: list[Any]
    precision: int | None = None
    scale: int | None = None


def columns_of(rows: Sequence[object], metadata: object, *, is_flat: bool) -> list[Column]:
    """The columns of rows.

    Args:
        rows: models, dicts, lists, or rows of Data 360.
        metadata: the description of the columns that a query's result has; None for models.
        is_flat: whether nested objects become columns of their own, named `body.text`.

    Raises:
        TypeError: a row is no object or list.
    """
    described = _described(metadata)
    if described:
        return [_converted(column, rows, number) for number, column in enumerate(described)]
    if not all(isinstance(row, Model | Input | Mapping) for row in rows):
        wrong = next(row for row in rows if not isinstance(row, Model | Input | Mapping))
        raise TypeError(
            f"a row is a {type(wrong).__name__}: a table is made of models or dicts, or of rows of a query whose "
            "metadata you pass (metadata=result.metadata)"
        )
    found: dict[str, list[Any]] = {}
    found_types: dict[str, set[ColumnType]] = {}
    for number, row in enumerate(rows):
        for name, sort, value in _cells(row, is_flat):
            values = found.setdefault(name, [])
            values += [None] * (number - len(values))
            values.append(value)
            found_types.setdefault(name, set()).add(sort)
    for values in found.values():
        values += [None] * (len(rows) - len(values))
    return [
        _checked(Column(name, _common(found_types[name]), values))
        for name, values in sorted(found.items(), key=lambda item: _place(item[0], rows))
    ]


def _place(name: str, rows: Sequence[object]) -> tuple[int, str]:
    """Columns are in the order of the first row's properties; those that it lacks follow."""
    first: object = rows[0] if rows else None
    names = list(first.__struct_fields__) if isinstance(first, msgspec.Struct) else []
    head = name.partition(".")[0]
    return (names.index(head) if head in names else len(names)), ""


def _cells(row: object, is_flat: bool, prefix: str = "") -> Iterable[tuple[str, ColumnType, object]]:
    if isinstance(row, Mapping):
        for name, value in cast("Mapping[str, object]", row).items():
            yield f"{prefix}{name}", "any", _plain(value)
    elif isinstance(row, Model | Input):
        annotations = {item.name: item.type for item in fields_of(base_of(type(row)))}
        for name in attribute_names(type(row)).values():
            one: object = getattr(row, name)
            if one is None or not is_set(row, name, one):
                continue
            if isinstance(one, Model | Input) and is_flat:
                yield from _cells(one, is_flat, f"{prefix}{name}.")
            else:
                yield f"{prefix}{name}", _type_of(annotations.get(name, str)), _plain(one)


def _type_of(annotation: Any) -> ColumnType:
    return _common({_type_of_one(one) for one in _alternatives(annotation)})


def _type_of_one(annotation: Any) -> ColumnType:
    if get_origin(annotation) is Literal:
        return "text"
    return _ANNOTATED.get(annotation, "any") if isinstance(annotation, type) else "any"


def _alternatives(annotation: Any) -> list[Any]:
    """The types that a value may have, beside None."""
    found = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
    return [one for one in found if one not in (type(None), msgspec.UnsetType)]


def _plain(value: object) -> object:
    """A cell of a model's: scalars as they are, everything else as plain values with Python's names."""
    if isinstance(value, Model | Input):
        return value.to_dict(use_api_names=False)
    if isinstance(value, list):
        return [_plain(one) for one in cast("list[object]", value)]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in cast("dict[str, object]", value).items()}
    return value


def _common(found_types: set[ColumnType]) -> ColumnType:
    return found_types.pop() if len(found_types) == 1 else "any"


def _described(metadata: object) -> list[Column]:
    """The columns that a query's metadata describes, in their order."""
    if isinstance(metadata, list):
        items = cast("list[object]", metadata)
        return [_from_metadata(str(_property(one, "name")), one) for one in items]
    if isinstance(metadata, Mapping):
        named = cast("Mapping[str, object]", metadata)
        places = {name: _property(one, "placeInOrder") for name, one in named.items()}
        order = sorted(named, key=lambda name: place if isinstance(place := places[name], int) else len(named))
        return [_from_metadata(name, named[name]) for name in order]
    return []


def _from_metadata(name: str, one: object) -> Column:
    sort = _SQL.get(_NOT_IN_NAMES.sub("", str(_property(one, "type") or "").lower()), "any")
    precision, scale = _property(one, "precision"), _property(one, "scale")
    return Column(
        name,
        sort,
        [],
        precision if isinstance(precision, int) else None,
        scale if isinstance(scale, int) else None,
    )


def _property(one: object, name: str) -> object:
    return cast("object", read_property(one, name))


def _converted(column: Column, rows: Sequence[object], number: int) -> Column:
    return _checked(column._replace(values=[_cell(row, column.name, number) for row in rows]))


def _cell(row: object, name: str, number: int) -> object:
    """The value of a column in a row: by the column's place in lists, by its name in objects."""
    if isinstance(row, msgspec.Struct):
        row = next((value for one in _ROWS if (value := getattr(row, one, None)) is not None), None)
    if isinstance(row, list):
        values = cast("list[object]", row)
        return values[number] if number < len(values) else None
    if not isinstance(row, Mapping):
        return None
    named = cast("Mapping[str, object]", row)
    inner = next((named[one] for one in _RAW_ROWS if [one] == [*named]), None)
    return named.get(name) if inner is None else _cell(inner, name, number)


def _checked(column: Column) -> Column:
    """A column whose values are of its type; one of any type, unchanged, where one of them is not."""
    convert = _CONVERSIONS.get(column.type)
    if convert is None:
        return column._replace(type="any")
    try:
        values = [None if value is None else convert(value) for value in column.values]
    except (ValueError, TypeError, InvalidOperation, OverflowError):
        return column._replace(type="any")
    if (bits := _BITS.get(column.type)) and any(
        value is not None and abs(value) >= 2 ** (bits - 1) for value in values
    ):
        return column._replace(type="int64" if all(abs(value or 0) < 2**63 for value in values) else "any")
    return column._replace(values=values)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    return int(value)


def _float(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    return float(value)


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    return Decimal(str(value))


def _boolean(value: object) -> bool:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise TypeError
    return value


def _date(value: object) -> datetime.date:
    return value if type(value) is datetime.date else datetime.date.fromisoformat(_text(value)[:10])


def _clock(value: object) -> datetime.time:
    return datetime.time.fromisoformat(_text(value))


def _local(value: object) -> datetime.datetime:
    found = _time(value)
    return found.astimezone(datetime.UTC).replace(tzinfo=None) if found.tzinfo else found


def _instant(value: object) -> datetime.datetime:
    found = _time(value)
    return found.astimezone(datetime.UTC) if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _time(value: object) -> datetime.datetime:
    if isinstance(value, datetime.datetime):
        return value
    text = _text(value).strip()
    return datetime.datetime.fromisoformat(f"{text[:-4]}+00:00" if text.endswith(" UTC") else text)


_CONVERSIONS: Mapping[ColumnType, Callable[[object], Any]] = {
    "text": _text,
    "int16": _integer,
    "int32": _integer,
    "int64": _integer,
    "float": _float,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "clock": _clock,
    "local": _local,
    "instant": _instant,
}
