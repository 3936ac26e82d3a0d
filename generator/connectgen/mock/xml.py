"""XML: bodies to JSON values by their types, and responses to XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import cast
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, TypeExpression
from connectgen.mock.refusal import refuse
from connectgen.mock.shapes import Shapes
from connectgen.surface import SurfaceProperty
from connectgen.texts import FORBIDDEN_IN_XML

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_DEEPEST = 100
_QUOTES = {'"': "&quot;", "'": "&#39;"}


def read_xml(text: str, expression: TypeExpression, shapes: Shapes) -> object:
    """A body in XML as the JSON values that it stands for; scalars stay text.

    Args:
        text: the document.
        expression: the body's type.
        shapes: the types of the version.

    Raises:
        RefusalError: it is no XML, or has a document type.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise refuse(400, "POST_BODY_PARSE_ERROR", "XML with a document type is not taken", "malformed")
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  no document type, so no entities
    except ElementTree.ParseError as error:
        raise refuse(400, "POST_BODY_PARSE_ERROR", f"the body is no XML: {error}", "malformed") from None
    return _value(root, expression, shapes, 0)


def _value(element: ElementTree.Element, expression: TypeExpression, shapes: Shapes, depth: int) -> object:
    if depth > _DEEPEST:
        raise refuse(400, "POST_BODY_PARSE_ERROR", "the XML is nested too deep", "malformed")
    match expression:
        case Scalar():
            return element.text or ""
        case ListOf(item):
            return [_value(child, item, shapes, depth + 1) for child in element]
        case MapOf(inner):
            return {_local(child): _value(child, inner, shapes, depth + 1) for child in element}
        case OneOf(options):
            named = next((option for option in options if isinstance(option, Named)), options[0])
            return _value(element, named if len(element) else options[0], shapes, depth)
        case Named(name):
            return _object(element, name, shapes, depth)


def _object(element: ElementTree.Element, name: str, shapes: Shapes, depth: int) -> dict[str, object]:
    found = shapes.types[name]
    properties = shapes.properties(name)
    if found.discriminator:
        tag = next((child.text for child in element if _local(child) == found.discriminator.property), None)
        member = found.discriminator.values.get(tag or "")
        properties = {**properties, **(shapes.properties(member) if member else {})}
    read: dict[str, object] = {}
    for child in element:
        key = _local(child)
        fact = properties.get(key)
        read[key] = _value(child, fact.type, shapes, depth + 1) if fact else (child.text or "")
    return read


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def write_xml(value: object, root: str, expression: TypeExpression | None, shapes: Shapes) -> bytes:
    """A response in XML.

    Args:
        value: the JSON values.
        root: the root element's name.
        expression: the response's type, which names the items of lists.
        shapes: the types of the version.
    """
    written: list[str] = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _write(written, value, root, expression, shapes)
    return "".join(written).encode()


def write_errors(errors: list[dict[str, str]]) -> bytes:
    """The error array in XML."""
    inner = "".join(
        f"<Error><errorCode>{_text(error['errorCode'])}</errorCode><message>{_text(error['message'])}</message></Error>"
        for error in errors
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Errors>{inner}</Errors>'.encode()


def _write(written: list[str], value: object, name: str, expression: TypeExpression | None, shapes: Shapes) -> None:
    tag = name if _NAME.fullmatch(name) else "entry"
    written.append(f"<{tag}>")
    if isinstance(value, dict):
        _members(written, cast("Mapping[str, object]", value), expression, shapes)
    elif isinstance(value, list):
        item = expression.item if isinstance(expression, ListOf) else None
        for one in cast("list[object]", value):
            _write(written, one, shapes.element(item) if item else "item", item, shapes)
    elif value is not None:
        written.append(_text(value))
    written.append(f"</{tag}>")


def _members(
    written: list[str], value: Mapping[str, object], expression: TypeExpression | None, shapes: Shapes
) -> None:
    if isinstance(expression, MapOf):
        for key, one in value.items():
            _write(written, one, key, expression.value, shapes)
        return
    types = {fact.name: fact.type for fact in _properties(value, expression, shapes)}
    for key, one in value.items():
        if one is not None:
            _write(written, one, key, types.get(key), shapes)


def _properties(
    value: Mapping[str, object], expression: TypeExpression | None, shapes: Shapes
) -> Iterator[SurfaceProperty]:
    match expression:
        case Named(name):
            found = shapes.types[name].discriminator
            member = found.values.get(str(value.get(found.property)), found.fallback) if found else None
            yield from shapes.properties(name).values()
            if member and member != name:
                yield from shapes.properties(member).values()
        case OneOf(options):
            for option in options:
                yield from _properties(value, option, shapes)
        case _:
            return


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(FORBIDDEN_IN_XML.sub("", str(value)), _QUOTES)
