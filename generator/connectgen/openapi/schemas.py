"""The types of a Surface as schemas: what a request must hold, and what a response may lack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectgen.catalogue.model import FOREVER, Discriminator, Span
from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, ScalarType, TypeExpression
from connectgen.surface import SurfaceProperty, SurfaceType, SurfaceValue
from connectgen.texts import sentence

Schema = dict[str, Any]

_SCALARS: dict[ScalarType, Schema] = {
    ScalarType.STRING: {"type": "string"},
    ScalarType.ID: {"type": "string"},
    ScalarType.URL: {"type": "string", "format": "uri-reference"},
    ScalarType.DECIMAL: {"type": "string", "format": "decimal"},
    ScalarType.BOOLEAN: {"type": "boolean"},
    ScalarType.INTEGER: {"type": "integer", "format": "int32"},
    ScalarType.LONG: {"type": "integer", "format": "int64"},
    ScalarType.DOUBLE: {"type": "number", "format": "double"},
    ScalarType.DATE: {"type": "string", "format": "date"},
    ScalarType.DATETIME: {"type": "string", "format": "date-time"},
    ScalarType.BINARY: {"type": "string", "format": "binary"},
    ScalarType.ANY: {},
}
_EXAMPLES: Mapping[ScalarType, str] = {
    ScalarType.ID: "001000000000001AAA",
    ScalarType.URL: "https://www.example.com/",
    ScalarType.DECIMAL: "12.50",
    ScalarType.DATE: "2026-06-30",
    ScalarType.DATETIME: "2026-06-30T09:00:00.000Z",
}
"""What values look like whose format is more than their type."""
_TEXTS = frozenset([ScalarType.STRING, ScalarType.ID])


def reference(name: str) -> Schema:
    """A reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def versions(span: Span, owner: Span) -> Schema:
    """`x-since` and `x-until` of something, as far as they do not follow from its owner's."""
    found: Schema = {}
    if span.since > owner.since:
        found["x-since"] = f"{span.since}.0"
    if span.until < owner.until and span.until < FOREVER:
        found["x-until"] = f"{span.until}.0"
    return found


class Schemas:
    """Writes schemas of one Surface.

    Args:
        types: the Surface's types.
    """

    def __init__(self, types: Mapping[str, SurfaceType]) -> None:
        self._types = types

    def components(self) -> dict[str, Schema]:
        """A schema for every type, and one for every discriminated union, by name."""
        schemas: dict[str, Schema] = {}
        for name, resolved in self._types.items():
            schemas[name] = self._type(resolved)
            if resolved.discriminator:
                schemas[f"Any{name}"] = _union(resolved, resolved.discriminator)
        return {name: schemas[name] for name in sorted(schemas)}

    def value(self, value: SurfaceValue, *, is_input: bool) -> Schema:
        """The schema of a parameter, property or body, with its limits."""
        schema = self.expression(value.type)
        target = schema["items"] if isinstance(value.type, ListOf) else schema
        if value.values and self._is_text(value.type):
            # A response may hold a value that a newer release added: what is known is a limit only where it says so.
            is_open = value.open in ("both", "requests" if is_input else "responses")
            target["x-extensible-enum" if is_open else "enum"] = list(value.values)
            if value.meanings:
                target["x-enumDescriptions"] = dict(value.meanings)
        elif isinstance(value.type, Scalar) and value.type.kind in _EXAMPLES and value.default is None:
            schema["examples"] = [_EXAMPLES[value.type.kind]]
        for key, limit in (("minimum", value.minimum), ("maximum", value.maximum), ("maxLength", value.max_length)):
            if limit is not None and is_input and isinstance(value.type, Scalar):
                schema[key] = limit
        if value.max_items is not None and is_input and isinstance(value.type, ListOf):
            schema["maxItems"] = value.max_items
        if value.default is not None and is_input and _is_allowed(value):
            schema["default"] = value.default
        return schema

    def expression(self, expression: TypeExpression) -> Schema:
        """The schema of a type expression."""
        match expression:
            case Scalar(kind):
                return dict(_SCALARS[kind])
            case Named(name):
                return reference(f"Any{name}" if self._types[name].discriminator else name)
            case ListOf(item):
                return {"type": "array", "items": self.expression(item)}
            case MapOf(value):
                return {"type": "object", "additionalProperties": self.expression(value)}
            case OneOf(options):
                return {"anyOf": [self.expression(option) for option in options]}

    def _is_text(self, expression: TypeExpression) -> bool:
        inner = expression.item if isinstance(expression, ListOf) else expression
        return isinstance(inner, Scalar) and inner.kind in _TEXTS

    def _type(self, resolved: SurfaceType) -> Schema:
        about: Schema = {"title": resolved.name}
        if resolved.summary:
            about["description"] = resolved.summary
        about |= versions(resolved.span, Span())
        if resolved.failure:
            about["x-failure"] = dict(resolved.failure)
        xml: Schema = {"xml": {"name": resolved.xml}} if resolved.xml else {}
        inherited = self._inherited(resolved)
        own = [item.name for item in resolved.properties]
        if resolved.extends is None or any(name in inherited for name in own):
            # A property that is redefined may allow more than the base's, which `allOf` cannot say: all are here.
            properties = {**inherited, **{item.name: (resolved, item) for item in resolved.properties}}
            more: Schema = {"x-extends": resolved.extends} if resolved.extends else {}
            return {**about, **self._object(resolved, properties), **more, **xml}
        # The object is written where it adds nothing too: `allOf` with one member is read as another name of that.
        added = self._object(resolved, {item.name: (resolved, item) for item in resolved.properties})
        return {**about, "allOf": [reference(resolved.extends), added], **xml}

    def _object(self, resolved: SurfaceType, properties: Mapping[str, tuple[SurfaceType, SurfaceProperty]]) -> Schema:
        schema: Schema = {"type": "object"}
        if properties:
            schema["properties"] = {name: self._property(owner, item) for name, (owner, item) in properties.items()}
        needed = [name for name, (_, item) in properties.items() if resolved.is_input and item.required is True]
        if needed:
            schema["required"] = needed
        return schema

    def _inherited(self, resolved: SurfaceType) -> dict[str, tuple[SurfaceType, SurfaceProperty]]:
        """The properties of the types that a type extends, each with the type that has it."""
        found: dict[str, tuple[SurfaceType, SurfaceProperty]] = {}
        base = self._types.get(resolved.extends or "")
        while base is not None:
            found = {**{item.name: (base, item) for item in base.properties}, **found}
            base = self._types.get(base.extends or "")
        return found

    def _property(self, owner: SurfaceType, item: SurfaceProperty) -> Schema:
        schema = self.value(item, is_input=owner.is_input)
        if isinstance(item.type, ListOf):
            name = self._xml_item(item.type.item)
            schema["xml"] = {"wrapped": True}
            if name:
                schema["items"] = {**schema["items"], "xml": {"name": name}}
        if not owner.is_input or item.required is not True:
            # A response may lack a property or have null in it; in a request null clears what is optional.
            schema = nullable(schema)
        sentences = [sentence(item.description)] if item.description else []
        if item.condition and item.required is not True:
            sentences.append(sentence(f"required {item.condition}"))
        elif item.required_for:
            sentences.append(f"Required for {' and '.join(item.required_for)}.")
        if item.replaced_by:
            sentences.append(f"Use {item.replaced_by} instead.")
        if sentences:
            schema["description"] = " ".join(sentences)
        schema |= versions(item.span, owner.span)
        if item.required_for and item.required is not True:
            schema["x-required-for"] = list(item.required_for)
        if item.group:
            schema["x-filter-group"] = item.group
        return schema

    def _xml_item(self, expression: TypeExpression) -> str | None:
        """The name of a list's item in XML."""
        if not isinstance(expression, Named):
            return None
        resolved = self._types[expression.name]
        return resolved.item or resolved.xml


def _union(resolved: SurfaceType, discriminator: Discriminator) -> Schema:
    names = dict.fromkeys([*discriminator.values.values(), discriminator.fallback or resolved.name])
    shown = resolved.summary or f"{resolved.name}."
    return {
        "title": f"Any{resolved.name}",
        "description": f"{shown} The property {discriminator.property} is the discriminator.",
        "anyOf": [reference(name) for name in names],
        "discriminator": {
            "propertyName": discriminator.property,
            "mapping": {value: f"#/components/schemas/{name}" for value, name in discriminator.values.items()},
        },
    }


def _is_allowed(value: SurfaceValue) -> bool:
    """Whether a default is one of the values that may be passed; sources give both, and do not always agree."""
    if value.values and str(value.default) not in value.values:
        return False
    if isinstance(value.default, int | float):
        return not (
            (value.minimum is not None and value.default < value.minimum)
            or (value.maximum is not None and value.default > value.maximum)
        )
    return True


def nullable(schema: Schema) -> Schema:
    """A schema that null fits too."""
    json_type = schema.get("type")
    if json_type == "object":
        # Spelled out: tools that read a list of types do not all expect an object in it.
        about: Schema = {key: value for key, value in schema.items() if key in ("xml", "description")}
        return {"anyOf": [{key: value for key, value in schema.items() if key not in about}, {"type": "null"}], **about}
    if isinstance(json_type, str):
        listed: Schema = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return {**schema, "type": [json_type, "null"], **listed}
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    if "$ref" in schema:
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        return {"anyOf": [{"$ref": schema["$ref"]}, {"type": "null"}], **rest}
    return schema
