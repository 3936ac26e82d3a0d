"""Encodes request bodies as JSON, and single values as the API takes them."""

from __future__ import annotations

import datetime
import functools
import math
from collections.abc import Iterator
from typing import Annotated, Any, cast, get_args, get_origin

import msgspec

from sf_connect.core.wire.argument_names import format_name
from sf_connect.core.wire.fields import fields_of
from sf_connect.core.wire.unions import Untagged, union_of

_LARGEST_PLAIN = 2**31 - 1
_LARGEST = 10**18
_ENCODED_BY_MSGSPEC = (str, bool, type(None), msgspec.UnsetType, msgspec.Raw, datetime.date)


def instant(value: datetime.datetime) -> str:
    """A time as the API takes it: GMT, with milliseconds and `Z`.

    Raises:
        ValueError: the time has no zone.
    """
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone; use datetime.now(timezone.utc) or add tzinfo")
    return value.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def integer(value: int) -> int | str:
    """An integer as the API takes it: above 2^31-1 as a string.

    Raises:
        ValueError: the integer is 10^18 or more, which the API does not support.
    """
    if abs(value) >= _LARGEST:
        raise ValueError(f"{value} is too large: the API takes integers below 10^18")
    return str(value) if abs(value) > _LARGEST_PLAIN else value


def number(value: float) -> float:
    """A floating-point number.

    Raises:
        ValueError: it is infinite or NaN.
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be sent: the API takes finite numbers")
    return value


def encode(value: object) -> bytes:
    """A request body as JSON; properties that are `UNSET` are omitted.

    Raises:
        ValueError: a time without zone, an integer of 10^18 or more, a number that is not finite.
        TypeError: an object that JSON cannot represent.
    """
    return msgspec.json.encode(value if _is_plain(value) else to_builtins(value), enc_hook=_as_base)


def to_builtins(value: object) -> Any:
    """A request body as lists, dicts and scalars, each scalar as the API takes it.

    Raises:
        ValueError: as `encode`.
    """
    return _prepared(msgspec.to_builtins(value, builtin_types=(datetime.datetime, datetime.date), enc_hook=_as_base))


def _as_base(value: object) -> object:
    """The base value of what msgspec does not encode: subclasses of strings, numbers and times, which libraries define.

    Raises:
        TypeError: it is something else.
    """
    match value:
        case str():
            return str.__str__(value)
        case int():
            return integer(int(value))
        case float():
            return number(float(value))
        case datetime.datetime():
            return instant(value)
        case datetime.date():
            return value.isoformat()
        case _:
            raise TypeError(f"an object of {type(value).__name__} cannot be sent")


def _prepared(value: Any) -> Any:
    match value:
        case dict():
            return {key: _property(key, inner) for key, inner in cast("dict[str, Any]", value).items()}
        case list() | tuple():
            return [_prepared(inner) for inner in cast("list[Any]", value)]
        case bool():
            return value
        case int():
            return integer(value)
        case float():
            return number(value)
        case datetime.datetime():
            return instant(value)
        case datetime.date():
            return value.isoformat()
        case _:
            return value


def _property(name: str, value: Any) -> Any:
    """A property's value; an error names the property."""
    if isinstance(value, dict | list):
        return _prepared(value)
    try:
        return _prepared(value)
    except ValueError as error:
        raise ValueError(f"{format_name(name)}: {error}") from None


def _is_plain(value: object) -> bool:
    """Whether msgspec encodes a value as the API takes it: there is no large integer and no time in it."""
    match value:
        case msgspec.Struct():
            return all(_is_plain(getattr(value, name)) for name in _doubtful_properties(type(value)))
        case list() | tuple():
            return all(map(_is_plain, cast("list[object]", value)))
        case dict():
            return all(map(_is_plain, cast("dict[str, object]", value).values()))
        case bool():
            return True
        case int():
            return abs(value) <= _LARGEST_PLAIN
        case float():
            return math.isfinite(value)
        case _:
            return type(value) in _ENCODED_BY_MSGSPEC


@functools.cache
def _doubtful_properties(model: type[msgspec.Struct]) -> tuple[str, ...]:
    """The properties of a class that may hold, at any depth, a value that msgspec encodes in another way."""
    return tuple(item.name for item in fields_of(model) if _is_doubtful(item.type))


def _is_doubtful(annotation: Any) -> bool:
    reached: set[Any] = set()
    waiting = [annotation]
    while waiting:
        found = waiting.pop()
        for part in _parts(found):
            if isinstance(part, type) and issubclass(part, msgspec.Struct):
                if part not in reached:
                    reached.add(part)
                    waiting += [item.type for item in fields_of(part)]
            elif part not in _ENCODED_BY_MSGSPEC and not isinstance(part, str):
                return True
    return False


def _parts(annotation: Any) -> Iterator[Any]:
    """The classes, scalars and literals of an annotation."""
    union = union_of(annotation)
    if union is not None:
        yield from union.classes.values()
        if union.fallback is not None:
            yield union.fallback
    elif isinstance(annotation, type) and issubclass(annotation, Untagged):
        yield object
    elif get_origin(annotation) is Annotated:
        yield from _parts(get_args(annotation)[0])
    elif arguments := get_args(annotation):
        for argument in arguments:
            yield from _parts(argument)
    else:
        yield annotation
