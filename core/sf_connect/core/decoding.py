"""Bodies: models to JSON and JSON to models."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from sf_connect.core.exceptions import DecodeError, beginning
from sf_connect.core.models import convert, decode_hook

_LARGEST_PLAIN = 2**31 - 1
_LARGEST = 10**18


def instant(value: datetime.datetime) -> str:
    """A time as the API writes it: GMT, with milliseconds and `Z`.

    Raises:
        ValueError: the time has no zone.
    """
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone; use datetime.now(timezone.utc) or add tzinfo")
    return value.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def integer(value: int) -> int | str:
    """An integer as the API takes it: above 2^31-1 as text.

    Raises:
        ValueError: the integer is 10^18 or more, which the API does not support.
    """
    if abs(value) >= _LARGEST:
        raise ValueError(f"{value} is too large: the API takes integers below 10^18")
    return str(value) if abs(value) > _LARGEST_PLAIN else value


def encode(value: object) -> bytes:
    """A request body as JSON; what is `UNSET` is left out.

    Raises:
        ValueError: a time without zone, or an integer of 10^18 or more.
    """
    plain = msgspec.to_builtins(value, builtin_types=(datetime.datetime, datetime.date))
    return msgspec.json.encode(_prepared(plain))


def _prepared(value: Any) -> Any:
    match value:
        case dict():
            return {key: _prepared(inner) for key, inner in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case list() | tuple():
            return [_prepared(inner) for inner in value]  # pyright: ignore[reportUnknownVariableType]
        case bool():
            return value
        case int():
            return integer(value)
        case datetime.datetime():
            return instant(value)
        case datetime.date():
            return value.isoformat()
        case _:
            return value  # pyright: ignore[reportUnknownVariableType]


def decode(body: bytes, returns: Any, what: str) -> Any:
    """Decode an answer.

    Args:
        body: the answer's body.
        returns: the type to decode.
        what: the call, for the message.

    Raises:
        DecodeError: the body is no JSON, or of another shape than the type.
    """
    try:
        try:
            return msgspec.json.decode(body, type=returns, strict=False, dec_hook=decode_hook)
        except msgspec.ValidationError:
            return convert(msgspec.json.decode(body), returns)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DecodeError(f"the answer to {what} cannot be read ({error}); it begins: {beginning(body)}") from None
