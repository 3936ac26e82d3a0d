"""An exported document made as strict as the mock, for tools that make up requests from it.

OpenAPI has no word for record ids and none for what only one method demands; and it allows what it does not name. The
document leaves it at that. Here all of it is put in from the Surface, so that what still differs is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from connectgen.catalogue.types import ListOf, Scalar, ScalarType
from connectgen.identifiers import STRICT
from connectgen.mock.responding.pages import POSITIONS
from connectgen.openapi.operations import operation_id
from connectgen.surface import Surface, SurfaceOperation, SurfaceProperty, SurfaceValue

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_JSON, _XML = "application/json", "application/xml"
_LARGEST = 2**31 - 1
_REFERENCE = "#/components/schemas/"


def make_strict(document: dict[str, Any], surface: Surface) -> None:
    """Put into a document, in its place, what the mock demands besides.

    Args:
        document: the document of a version.
        surface: that version.
    """
    operations = {operation_id(one): one for group in surface.groups for one in group.operations}
    for item in document["paths"].values():
        for written in item.values():
            _tell_operation(written, operations[written["operationId"].removesuffix(".in_site")])
    schemas = document["components"]["schemas"]
    for name in surface.types:
        _tell_type(schemas[name], surface, name)
    for name, found in surface.types.items():
        if found.is_input:
            schemas[name] |= _whole(schemas, name) | {"additionalProperties": False}
            schemas[name].pop("allOf", None)


def _tell_operation(written: dict[str, Any], operation: SurfaceOperation) -> None:
    parameters = written.get("parameters", [])
    in_path = [one for one in parameters if one["in"] == "path"]
    own = in_path[len(in_path) - len(operation.path_parameters) :]
    for parameter, fact in zip(own, operation.path_parameters, strict=True):
        _tell_scalars(parameter["schema"], fact)
    _tell(parameters, (one for one in operation.parameters if one.place != "form"))
    for parameter in parameters:
        if parameter["name"] == "filterGroup":
            parameter["schema"].setdefault("enum", ["Big", "Medium", "Small"])  # what it takes everywhere
    if operation.pagination:
        # A place in a list is only what an earlier page named.
        places = {operation.pagination.parameter, *POSITIONS}
        written["parameters"] = [
            one for one in parameters if one["name"] not in places or one.get("required") or one["in"] == "path"
        ]
    contents = written.get("requestBody", {}).get("content", {})
    if _JSON in contents:
        contents.pop(_XML, None)  # null cannot be written in it
    for media, content in contents.items():
        if media in _FORMS:
            schema = content["schema"]
            if operation.body and operation.json_part in schema["properties"]:
                # Fields may be given instead of the body, but not both.
                needed = [one for one in schema.get("required", ()) if one != operation.json_part]
                schema["properties"] = {
                    name: one
                    for name, one in schema["properties"].items()
                    if name not in {field.name for field in operation.parameters if field.place == "form"}
                }
                schema["required"] = [operation.json_part, *needed]
            fields = ({"name": name, "schema": one} for name, one in schema.get("properties", {}).items())
            _tell(fields, (one for one in operation.parameters if one.place == "form"))
            schema.setdefault("additionalProperties", False)


def _tell(written: Iterable[dict[str, Any]], facts: Iterable[SurfaceValue]) -> None:
    known = {fact.name: fact for fact in facts}
    for one in written:
        if one["name"] in known:
            _tell_scalars(one["schema"], known[one["name"]])


def _tell_type(schema: dict[str, Any], surface: Surface, name: str) -> None:
    facts = {fact.name: fact for fact in _properties(surface, name)}
    for part in (schema, *schema.get("allOf", ())):
        for own, written in part.get("properties", {}).items():
            _tell_scalars(written, facts[own])
            if "x-required-for" in written:
                part["required"] = [*part.get("required", ()), own]
                _refuse_null(written)


def _refuse_null(schema: dict[str, Any]) -> None:
    if isinstance(schema.get("type"), list):
        schema["type"] = [one for one in schema["type"] if one != "null"]
    for name in ("anyOf", "enum"):
        if name in schema:
            schema[name] = [one for one in schema[name] if one not in (None, {"type": "null"})]


def _properties(surface: Surface, name: str | None) -> Iterator[SurfaceProperty]:
    """The properties of a type, those of what it extends first."""
    if name is not None:
        yield from _properties(surface, surface.types[name].extends)
        yield from surface.types[name].properties


def _tell_scalars(schema: dict[str, Any], fact: SurfaceValue) -> None:
    """Say what ids and numbers look like that are strings, and how large whole numbers may be."""
    is_list = isinstance(fact.type, ListOf)
    kind = fact.type.item if isinstance(fact.type, ListOf) else fact.type
    target = schema["items"] if is_list else schema
    if kind == Scalar(ScalarType.ID) and not fact.values:
        target["pattern"] = f"^{STRICT.get(fact.name, '[A-Za-z0-9]{3}')}[A-Za-z0-9]{{12}}([A-Za-z0-9]{{3}})?$"
        if is_list:
            schema["minItems"] = 1
    elif kind == Scalar(ScalarType.DECIMAL):
        target["pattern"] = "^-?[0-9]{1,9}([.][0-9]{1,4})?$"
    elif kind == Scalar(ScalarType.LONG):
        target |= {"minimum": -_LARGEST, "maximum": _LARGEST, **target}


def _whole(schemas: dict[str, Any], name: str) -> dict[str, Any]:
    """The properties of a schema with those of what it extends."""
    schema = schemas[name]
    found: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
    for part in (schema, *schema.get("allOf", ())):
        if "$ref" in part:
            part = _whole(schemas, part["$ref"].removeprefix(_REFERENCE))
        found["properties"] |= part.get("properties", {})
        found["required"] += [one for one in part.get("required", ()) if one not in found["required"]]
    return found
