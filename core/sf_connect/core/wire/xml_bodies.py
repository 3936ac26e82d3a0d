"""Encodes and decodes XML bodies: inputs to elements, elements to models, by the names of the catalogue.

In XML, the discriminator is an attribute of the element, a list is an element that holds one for each item, and null is
`xsi:nil`. A document with a DOCTYPE, which could define entities, is refused.
"""

from __future__ import annotations

import datetime
import functools
import re
import types
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Union, cast, get_args, get_origin
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

import msgspec

from sf_connect.core.wire.argument_names import format_name
from sf_connect.core.wire.encoding import instant, integer, number
from sf_connect.core.wire.fields import fields_of
from sf_connect.core.wire.reading import convert
from sf_connect.core.wire.unions import PageToken, UnionInfo, Untagged, bare, union_of
from sf_connect.core.wire.xml_names import item_name, root_name

_SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_NOT_ALLOWED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DEEPEST = 100


class XmlError(ValueError):
    """A document that cannot be parsed."""


def encode_xml(value: object) -> bytes:
    """A request body as XML in UTF-8; properties that are `UNSET` are omitted.

    Raises:
        ValueError: it is not an object of a request type, or holds a value that XML or the API does not accept.
    """
    if not isinstance(value, msgspec.Struct):
        raise ValueError("only an object of a request type can be sent as XML")
    name = root_name(type(value))
    nil = f' xmlns:xsi="{_SCHEMA}"'
    return f'<?xml version="1.0" encoding="UTF-8"?>{"".join(_element(name, value, None, nil))}'.encode()


def decode_xml(body: bytes, wanted: Any) -> Any:
    """A document as a type.

    Raises:
        XmlError: it is not XML, has a DOCTYPE, or is nested too deeply.
        msgspec.ValidationError: it does not fit the type.
    """
    return convert(xml_values(body, wanted), wanted)


def xml_values(body: bytes, wanted: Any) -> Any:
    """A document as plain values of the shape of a type.

    Raises:
        XmlError: as `decode_xml`.
    """
    return _typed(_parse(body), wanted, 0)


def _element(name: str, value: object, annotation: Any, attributes: str = "") -> Iterator[str]:
    """The pieces of an element; its annotation says which property is an attribute."""
    if value is None:
        yield f'<{name}{attributes} xsi:nil="true"/>'
        return
    if isinstance(value, msgspec.Struct):
        union = _union_in(annotation)
        discriminator = union.property if union else ""
        fields = [
            (item, inner)
            for item in fields_of(type(value))
            if (inner := getattr(value, item.name)) is not msgspec.UNSET
        ]
        attributes += "".join(
            f" {discriminator}={quoteattr(_text(one))}" for item, one in fields if item.encode_name == discriminator
        )
        yield f"<{name}{attributes}>"
        for item, inner in fields:
            if item.encode_name != discriminator:
                yield from _element(item.encode_name, inner, item.type)
    elif isinstance(value, list | tuple):
        yield f"<{name}{attributes}>"
        union = _union_in(annotation)
        for inner in cast("list[object]", value):
            yield from _element(_name_of_item(name, inner, union), inner, annotation)
    elif isinstance(value, dict):
        yield f"<{name}{attributes}>"
        for key, inner in cast("dict[str, object]", value).items():
            if not _NAME.fullmatch(key):
                raise ValueError(f"{key!r} cannot be the name of an element in XML; send it as JSON")
            yield from _element(key, inner, None)
    else:
        yield f"<{name}{attributes}>{escape(_named(name, value))}"
    yield f"</{name}>"


def _name_of_item(name: str, value: object, union: UnionInfo | None) -> str:
    model = type(value) if isinstance(value, msgspec.Struct) else None
    return item_name(name, (union.fallback if union else None) or model)


def _named(name: str, value: object) -> str:
    """A property's text; an error names the property."""
    try:
        return _text(value)
    except ValueError as error:
        raise ValueError(f"{format_name(name)}: {error}") from None


def _text(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(integer(value))
        case float():
            return str(number(value))
        case datetime.datetime():
            return instant(value)
        case datetime.date():
            return value.isoformat()
        case str() | Decimal():
            text = str(value)
            if _NOT_ALLOWED.search(text):
                raise ValueError("the text has a character that XML cannot represent; send it as JSON")
            return text
        case _:
            raise ValueError(f"a {type(value).__name__} cannot be sent as XML")


class _Node:
    """An element: its name without prefix, its attributes, elements inside it and its text."""

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self.name = _local(name)
        self.attributes = {_local(key): value for key, value in attributes.items() if not key.startswith("xmlns")}
        self.nodes: list[_Node] = []
        self.text = ""

    def is_null(self) -> bool:
        return self.attributes.get("nil") in ("true", "1")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parse(body: bytes) -> _Node:
    parser = expat.ParserCreate()
    top = _Node("", {})
    stack = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > _DEEPEST:
            raise XmlError(f"it is nested more than {_DEEPEST} deep")
        stack[-1].nodes.append(_Node(name, attributes))
        stack.append(stack[-1].nodes[-1])

    def end(_: str) -> None:
        stack.pop()

    def text(data: str) -> None:
        stack[-1].text += data

    def refuse(*_: object) -> None:
        raise XmlError("it has a DOCTYPE")

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an unknown encoding
        raise XmlError(f"it is not XML: {error}") from None
    return top.nodes[0]


def _typed(node: _Node, wanted: Any, depth: int) -> Any:
    """An element as plain values that fit a type."""
    if node.is_null():
        return None
    wanted = bare(wanted)
    union = union_of(wanted)
    if union is not None:
        return _object(node, union.class_of(_attribute(node, union.property)), depth)
    if get_origin(wanted) is list:
        return [_typed(inner, get_args(wanted)[0], depth + 1) for inner in node.nodes]
    if get_origin(wanted) is dict:
        return {inner.name: _typed(inner, get_args(wanted)[1], depth + 1) for inner in node.nodes}
    if isinstance(wanted, type) and issubclass(wanted, Untagged):
        return _typed(node, wanted.class_of(_object(node, None, depth)), depth) if node.nodes else node.text
    if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
        return _object(node, wanted, depth)
    if wanted is object:
        return _untyped(node)
    if wanted is str or wanted is PageToken or get_origin(wanted) in (Union, types.UnionType):
        return node.text
    return node.text.strip() or None


def _object(node: _Node, wanted: type[msgspec.Struct] | None, depth: int) -> dict[str, Any]:
    known: Mapping[str, Any] = _types(wanted) if wanted else {}
    found: dict[str, Any] = dict(node.attributes)
    for inner in node.nodes:
        found[inner.name] = _typed(inner, known[inner.name], depth + 1) if inner.name in known else _untyped(inner)
    return found


def _untyped(node: _Node) -> Any:
    """An element as plain values where its type is not known: several elements of one name are a list."""
    if node.is_null():
        return None
    if not node.nodes:
        return node.text
    names = {inner.name for inner in node.nodes}
    if len(names) == 1 and len(node.nodes) > 1:
        return [_untyped(inner) for inner in node.nodes]
    return {**node.attributes, **{inner.name: _untyped(inner) for inner in node.nodes}}


def _attribute(node: _Node, name: str) -> str | None:
    return node.attributes.get(name) or next((inner.text for inner in node.nodes if inner.name == name), None)


@functools.cache
def _types(model: type[msgspec.Struct]) -> Mapping[str, Any]:
    return {item.encode_name: item.type for item in fields_of(model)}


def _union_in(annotation: Any) -> UnionInfo | None:
    """The discriminated union of an annotation, or of the items of a list."""
    inner = bare(annotation)
    return union_of(bare(get_args(inner)[0]) if get_origin(inner) is list else inner)
