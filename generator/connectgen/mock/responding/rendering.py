"""Writes responses: JSON or XML, with the entity encoding that the request asks for."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any, cast

from connectgen.catalogue.types import TypeExpression
from connectgen.mock.responding.scalars import URLText
from connectgen.mock.shapes import Shapes
from connectgen.mock.xml import write_xml

JSON = "application/json;charset=UTF-8"
XML = "application/xml;charset=UTF-8"
_ENCODED = re.compile(r"[<>\"'\\&]")
_ENTITIES = {"<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "\\": "&#92;", "&": "&amp;"}
_MARK = secrets.token_hex(16)
"""Stands for what is written already; no text of a response has it."""


class Fragment:
    """A part of a response that is JSON already.

    Args:
        body: the JSON.
    """

    __slots__ = ("body",)

    def __init__(self, body: bytes) -> None:
        self.body = body


def encoded(value: Any) -> Any:
    """A value whose texts have HTML entities; URLs stay as they are."""
    match value:
        case URLText():
            return value
        case str():
            return _ENCODED.sub(lambda found: _ENTITIES[found[0]], value) if _ENCODED.search(value) else value
        case dict():
            return {key: encoded(one) for key, one in cast("dict[str, Any]", value).items()}
        case list():
            return [encoded(one) for one in value]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value


def write_json(value: Any) -> bytes:
    """A value as JSON; each `Fragment` in it as it is."""
    return b"".join(json_parts(value))


def json_parts(value: Any) -> tuple[bytes, ...]:
    """A value as JSON, in parts: each `Fragment` in it is one, the same bytes as there."""
    fragments: list[bytes] = []

    def mark(part: object) -> str:
        if not isinstance(part, Fragment):
            raise TypeError(f"{type(part).__name__} is nothing that JSON has")
        fragments.append(part.body)
        return _MARK

    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=mark).encode("utf-8", "replace")
    if not fragments:
        return (written,)
    first, *others = written.split(f'"{_MARK}"'.encode())
    return first, *(part for pair in zip(fragments, others, strict=True) for part in pair)


def write(
    value: Any, expression: TypeExpression | None, shapes: Shapes, *, as_xml: bool, with_entities: bool
) -> tuple[str, tuple[bytes, ...]]:
    """A response's media type and bytes, in parts.

    Args:
        value: the response.
        expression: its type.
        shapes: the types of the version.
        as_xml: XML rather than JSON.
        with_entities: whether texts have HTML entities, as they do unless a request asks for raw text.
    """
    if as_xml:
        return XML, (write_xml(value, shapes.root(expression), expression, shapes),)
    return JSON, json_parts(encoded(value) if with_entities else value)
