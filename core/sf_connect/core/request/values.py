"""Values of arguments as URLs, forms and headers have them; what is no value is refused by the argument's name."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, cast
from uuid import UUID

from msgspec import UNSET

from sf_connect.core.wire.argument_names import format_name
from sf_connect.core.wire.encoding import instant, integer, number
from sf_connect.core.wire.models import Input, Model

_UNORDERED = (set, frozenset)
_SEVERAL = (list, tuple, *_UNORDERED)


def texts(values: Mapping[str, object] | None) -> dict[str, str]:
    """The values that are set, as the API takes them.

    Args:
        values: arguments by the API's names; None is left out.

    Raises:
        ValueError: one cannot be sent, such as an item of a list that has a comma.
        TypeError: one is no value, such as an object or a dict.
    """
    return {name: ",".join(parts_of(name, value)) for name, value in (values or {}).items() if value is not None}


def parts_of(name: str, value: object) -> list[str]:
    """The text of a value, or of each item of a list; errors name the argument and never show the value.

    Args:
        name: what the API calls the argument.
        value: its value; a set is sorted, so that the same call is the same request.

    Raises:
        ValueError: it cannot be sent.
        TypeError: it is no value.
    """
    try:
        if not isinstance(value, _SEVERAL):
            return [_text(value)]
        items = [_item(item) for item in cast("Iterable[object]", value)]
        return sorted(items) if isinstance(value, _UNORDERED) else items
    except TypeError as error:
        raise TypeError(f"{format_name(name)}: {error}") from None
    except ValueError as error:
        raise ValueError(f"{format_name(name)}: {error}") from None


def _item(value: object) -> str:
    if value is None:
        raise TypeError("None is no item of a list")
    text = _text(value)
    if "," in text:
        raise ValueError("an item has a comma, which separates items: write items one by one, or all as one text")
    return text


def _text(value: object) -> str:
    """A single value as the API takes it.

    Raises:
        ValueError: it cannot be sent.
        TypeError: it is no value.
    """
    match value:
        case Enum():
            return _text(value.value)
        case bool():
            return "true" if value else "false"
        case datetime.datetime():
            return instant(value)
        case datetime.date():
            return value.isoformat()
        case Decimal():
            if not value.is_finite():
                raise ValueError(f"{value} cannot be sent: the API takes finite numbers")
            return format(value, "f")
        case str():
            return str.__str__(value)
        case int():
            return str(integer(value))
        case float():
            return str(number(value))
        case UUID():
            return str(value)
        case _:
            return str(integer(_whole(value)))


def _whole(value: Any) -> int:
    """The number that an integer of another library is, such as one of numpy."""
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(_refusal(value)) from None


def _refusal(value: object) -> str:
    what = "UNSET" if value is UNSET else type(value).__name__
    hint = "pass a text, a number, a date or a list of these"
    if isinstance(value, Model | Input):
        hint = "pass an id or a name"
    elif value is UNSET:
        hint = "pass None to omit it"
    elif isinstance(value, bytes | bytearray | memoryview):
        hint = "decode it to a str first"
    elif isinstance(value, Iterable) and not isinstance(value, (Mapping, *_SEVERAL)):
        hint = "make it a list"
    return f"{what} is no value: {hint}"
