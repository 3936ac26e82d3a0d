"""Texts of messages: turns strings and parts into the segments that the API takes.

The functions that return parts (`models.mention`, `models.bold` and so on) are generated for versions that have them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar, cast, get_args, get_origin

from msgspec import UnsetType
from msgspec.structs import replace

from sf_connect.core.wire.fields import fields_of
from sf_connect.core.wire.models import Input, Model
from sf_connect.core.wire.properties import attribute_names
from sf_connect.core.wire.unions import bare, union_of

Body = TypeVar("Body", bound="MessageBody")
Part: TypeAlias = "str | Input | Sequence[Part]"
"""A part of a text: a string, a segment, or several of them."""


class Identified(Protocol):
    """What has an ID, such as a user or a group of a response."""

    @property
    def id(self) -> str | None:
        """Its ID; None where a filter omitted it."""
        ...


class MessageBody(Input):
    """Base of the request type that holds a text in segments."""

    @classmethod
    def text(cls: type[Body], *parts: Part) -> Body:
        """A message body from parts: `MessageBodyInput.text("Hello ", mention(user_id), "!")`.

        Args:
            parts: strings, and the parts that `mention`, `link`, `bold` and similar functions return.
        """
        body, holder, plain, known = _segments_of(cls)
        result: list[Any] = []
        for part in parts:
            kind = type(part)
            if kind in known:
                result.append(part)
            elif kind is str and part:
                result.append(replace(plain, text=part))
            else:
                result += segments((part,), type(plain))
        return cast("Body", replace(body, **{holder: result}))


def segments(parts: Iterable[Part], text: Callable[..., Input]) -> list[Any]:
    """Parts as the segments of a body.

    Args:
        parts: strings, segments, or several of them.
        text: the class of a segment of plain text.

    Raises:
        TypeError: a part is neither a string nor a segment.
    """
    result: list[Any] = []
    for part in parts:
        if isinstance(part, str):
            if part:
                result.append(text(text=part))
        elif isinstance(part, Input):
            result.append(part)
        elif isinstance(part, list | tuple):
            result += segments(part, text)
        else:
            raise TypeError(f"a part of a text is a string or a segment, not {type(part).__name__}")
    return result


def content(parts: Iterable[Part], text: Callable[..., Input]) -> list[Any]:
    """The segments inside of markup, such as bold text.

    Args:
        parts: strings, segments, or several of them.
        text: the class of a segment of plain text.

    Raises:
        TypeError: a part is neither a string nor a segment.
        ValueError: there are none.
    """
    inside = segments(parts, text)
    if not inside:
        raise ValueError("the text to mark up is empty")
    return inside


def needed(name: str, value: object) -> str:
    """A required argument of a part.

    Args:
        name: the argument's name.
        value: its value.

    Raises:
        TypeError: it is not a str, such as the id of a response that has none, or a whole response instead of its id.
        ValueError: it is empty.
    """
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    if not value.strip():
        raise ValueError(f"{name} is empty")
    return value


def identified(name: str, value: object) -> str:
    """A required argument of a part that is an ID, or an object that has one.

    Args:
        name: the argument's name.
        value: its value.

    Raises:
        TypeError: it is neither a str nor an object of the models with an ID.
        ValueError: it is empty, or the object has no ID.
    """
    if type(value) is str and value and not value.isspace():
        return value  # nearly always, and a text may have very many
    if not isinstance(value, Model) or "id" not in value.__struct_fields__:
        return needed(name, value)
    found = cast("Identified", value).id
    if found is None:
        what = f"the {type(value).__name__} has no id"
        raise ValueError(f"{name}: {what}: a filter, a permission or this API version may have omitted it")
    return needed(name, found)


def optional(name: str, value: object) -> str | UnsetType:
    """An optional argument of a part.

    Args:
        name: the argument's name.
        value: its value.

    Raises:
        TypeError: it is neither a str nor unset.
    """
    if isinstance(value, str | UnsetType):
        return value
    raise TypeError(f"{name} must be a str, not {type(value).__name__}; omit it for none")


@functools.cache
def _segments_of(body: type[MessageBody]) -> tuple[MessageBody, str, Input, frozenset[type]]:
    """An empty body, the field for its segments, an empty segment of plain text, and the classes of all segments.

    To copy an object with other values is five times as fast as to call its class.
    """
    for item in fields_of(body):
        inner = bare(item.type)
        union = union_of(bare(get_args(inner)[0])) if get_origin(inner) is list else None
        if union is not None:
            found = next(one for one in union.classes.values() if "text" in attribute_names(one))
            empty, plain = cast("Any", body)(**{item.name: []}), cast("Any", found)(text="")
            return empty, item.name, plain, frozenset(union.classes.values())
    raise TypeError(f"{body.__name__} holds no segments")
