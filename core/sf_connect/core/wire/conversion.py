"""Models as plain values and JSON, and made of them again: `to_dict`, `to_json`, `from_dict`, `from_json`."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import Any, TypeVar, cast

import msgspec

from sf_connect.core.wire.input_reading import read_input
from sf_connect.core.wire.properties import attribute_names, is_response, is_set
from sf_connect.core.wire.reading import read
from sf_connect.core.wire.renaming import with_api_names, with_python_names
from sf_connect.core.wire.variants import base_of, can_keep_raw, keep_raw

M = TypeVar("M", bound=msgspec.Struct)


def to_dict(value: msgspec.Struct, *, use_api_names: bool) -> dict[str, Any]:
    """What is set of an object, as plain values.

    Args:
        value: the object.
        use_api_names: whether the properties have the API's names; False for Python's.

    Raises:
        TypeError: a value is none that JSON can hold.
        ValueError: a number is infinite or NaN.
    """
    plain = cast("dict[str, Any]", _plain(value, type(value).__name__))
    return plain if use_api_names else with_python_names(plain, type(value))


def to_json(value: msgspec.Struct, *, use_api_names: bool, indent: int | None) -> str:
    """What is set of an object, as JSON; as `to_dict`.

    Args:
        value: the object.
        use_api_names: whether the properties have the API's names; False for Python's.
        indent: spaces for each level; None for one line.
    """
    text = msgspec.json.encode(to_dict(value, use_api_names=use_api_names))
    return (text if indent is None else msgspec.json.format(text, indent=indent)).decode()


def from_dict(model: type[M], values: Mapping[str, Any], *, use_api_names: bool) -> M:
    """An object of plain values.

    Args:
        model: its class.
        values: the properties.
        use_api_names: whether they have the API's names; False for Python's.

    Raises:
        TypeError: it is no dict, or holds what JSON cannot hold.
        ValueError: the values do not fit the class.
    """
    given = cast("object", values)  # callers may be untyped
    if not isinstance(given, Mapping):
        raise TypeError(f"{model.__name__}.from_dict takes a dict, not {type(given).__name__}")
    base = base_of(model)
    plain: dict[str, Any] = {
        name: _plain(one, name, use_api_names=use_api_names)
        for name, one in cast("Mapping[str, object]", given).items()
    }
    if not use_api_names:
        plain = with_api_names(plain, base)
    if not is_response(base):
        return cast("M", read_input(plain, base, use_api_names=use_api_names))
    body = msgspec.json.encode(plain)
    made = read(body, base)
    return cast("M", made if model is base else _as_variant(made, model, body))


def from_json(model: type[M], text: str | bytes, *, use_api_names: bool) -> M:
    """An object of JSON, as `from_dict`.

    Args:
        model: its class.
        text: a JSON object.
        use_api_names: whether the properties have the API's names; False for Python's.

    Raises:
        ValueError: it is not JSON, or does not fit the class.
    """
    try:
        values = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{model.__name__}.from_json takes a JSON object: {error}") from None
    if not isinstance(values, dict):
        raise ValueError(f"{model.__name__}.from_json takes a JSON object, not {type(values).__name__} in JSON")
    return from_dict(model, cast("dict[str, Any]", values), use_api_names=use_api_names)


def _as_variant(made: Any, model: type[msgspec.Struct], body: bytes) -> Any:
    """An object as one of a class that was made at run time, which has a tag or what was sent."""
    variant = model(**{name: getattr(made, name) for name in made.__struct_fields__})
    return keep_raw(variant, body) if can_keep_raw(variant) else variant


def _plain(value: object, place: str, *, use_api_names: bool = True) -> object:
    """A value as JSON can hold it, of which nothing is shared with the original."""
    match value:
        case None | bool():
            return value
        case msgspec.Struct():
            return _properties(value) if use_api_names else with_python_names(_properties(value), type(value))
        case Mapping():
            items = cast("Mapping[object, object]", value).items()
            return {str(name): _plain(one, str(name), use_api_names=use_api_names) for name, one in items}
        case list() | tuple():
            sequence = cast("list[object]", value)
            return [_plain(one, place, use_api_names=use_api_names) for one in sequence]
        case _:
            return _scalar(value, place)


def _properties(value: msgspec.Struct) -> dict[str, object]:
    model = type(value)
    raw: object = getattr(value, "raw_properties", None) if getattr(model, "__raw_counts__", False) else None
    if isinstance(raw, Mapping):  # all that the server sent of a variant that is not known
        return cast("dict[str, object]", _plain(cast("object", raw), model.__name__))
    found: dict[str, object] = {}
    for name, attribute in attribute_names(model).items():
        one: object = getattr(value, attribute)
        if is_set(value, attribute, one):
            found[name] = _plain(one, f"{model.__name__}.{attribute}")
    return found


def _scalar(value: object, place: str) -> object:
    match value:
        case str():
            return str.__str__(value)
        case int():
            return int(value)
        case float():
            if not math.isfinite(value):
                raise ValueError(f"{place} is {value}, which JSON cannot hold")
            return float(value)
        case datetime.datetime():
            return _time(value)
        case datetime.date():
            return value.isoformat()
        case _:
            raise TypeError(f"{place} is an object of {type(value).__name__}, which JSON cannot hold")


def _time(value: datetime.datetime) -> str:
    """A time as the API writes it, in GMT; what is finer than milliseconds is kept, unlike in requests."""
    timespec = "microseconds" if value.microsecond % 1000 else "milliseconds"
    if value.tzinfo is None:
        return value.isoformat(timespec=timespec)
    return value.astimezone(datetime.UTC).isoformat(timespec=timespec).replace("+00:00", "Z")
