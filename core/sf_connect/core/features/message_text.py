"""Texts of messages: what turns strings and parts into the segments that the API wants.

The functions that make parts (`models.mention`, `models.bold` and so on) are generated, each where its version has it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias, TypeVar, cast, get_args, get_origin

import msgspec
from msgspec import UnsetType

from sf_connect.core.wire.models import Input, attribute_names
from sf_connect.core.wire.unions import bare, union_of

Body = TypeVar("Body", bound="MessageBody")
Part: TypeAlias = "str | Input | Sequence[Part]"
"""A part of a text: a string, a segment, or several of them."""


class MessageBody(Input):
    """Base of the request type that holds a text in segments."""

    @classmethod
    def text(cls: type[Body], *parts: Part) -> Body:
        """A text of parts: `MessageBodyInput.text("Hello ", mention(user_id), "!")`.

        Args:
            parts: strings, and what `mention`, `link`, `bold` and the like give.
        """
        holder, text = _segments_of(cls)
        return cast("Body", cast("Any", cls)(**{holder: segments(parts, text)}))


def segments(parts: Iterable[Part], text: Callable[..., Input]) -> list[Any]:
    """Parts as segments.

    Args:
        parts: strings, segments, or several of them.
        text: the class of a segment of plain text.

    Raises:
        TypeError: a part is none.
    """
    made: list[Any] = []
    for part in parts:
        if isinstance(part, str):
            if part:
                made.append(text(text=part))
        elif isinstance(part, Input):
            made.append(part)
        elif isinstance(part, list | tuple):
            made += segments(part, text)
        else:
            raise TypeError(f"a part of a text is a string or a segment, not {type(part).__name__}")
    return made


def content(parts: Iterable[Part], text: Callable[..., Input]) -> list[Any]:
    """The segments inside of what marks a text up.

    Args:
        parts: strings, segments, or several of them.
        text: the class of a segment of plain text.

    Raises:
        TypeError: a part is none.
        ValueError: there is nothing inside.
    """
    made = segments(parts, text)
    if not made:
        raise ValueError("give a text: there is nothing to mark up")
    return made


def needed(name: str, value: object) -> str:
    """An argument that a part cannot do without.

    Args:
        name: the argument's name.
        value: what was given.

    Raises:
        TypeError: it is no text, such as the id of a response that has none, or a whole response instead of its id.
        ValueError: it is empty.
    """
    if not isinstance(value, str):
        raise TypeError(f"{name} is a text, not {type(value).__name__}")
    if not value.strip():
        raise ValueError(f"{name} is empty")
    return value


def optional(name: str, value: object) -> str | UnsetType:
    """An argument that a part can do without.

    Args:
        name: the argument's name.
        value: what was given.

    Raises:
        TypeError: it is given and no text.
    """
    if isinstance(value, str | UnsetType):
        return value
    raise TypeError(f"{name} is a text, not {type(value).__name__}; leave it out for none")


@functools.cache
def _segments_of(body: type[MessageBody]) -> tuple[str, Callable[..., Input]]:
    """The field that holds the segments, and the class of a segment of plain text."""
    for item in msgspec.structs.fields(body):
        inner = bare(item.type)
        union = union_of(bare(get_args(inner)[0])) if get_origin(inner) is list else None
        if union is not None:
            found = next(one for one in union.classes.values() if "text" in attribute_names(one))
            return item.name, cast("Callable[..., Input]", found)
    raise TypeError(f"{body.__name__} holds no segments")
