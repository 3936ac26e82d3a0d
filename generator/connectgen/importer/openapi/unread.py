"""Lists what an OpenAPI file says and the catalogue does not take: field by field, each with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectgen.catalogue.yaml_reader import LineDict
from connectgen.importer.openapi.document import Document, is_array, is_object
from connectgen.importer.openapi.leftovers import places
from connectgen.importer.openapi.reach import SENT_BY_CLIENTS, successes

_PROSE = "prose: the catalogue has descriptions of its own"
_OF_SERVER = "the client knows its own server and login"
_OF_TOOLS = "for tools and documentation"
_LIMIT = "the catalogue has no such limit"
_EXAMPLE = "an example"
TAKEN = ""

# What becomes of each field of each object of OpenAPI 3.0 and 3.1; docs/import-openapi.md shows the same table.
FIELDS: Mapping[str, Mapping[str, str]] = {
    "document": {
        "openapi": TAKEN, "info": TAKEN, "paths": TAKEN, "components": TAKEN, "servers": _OF_SERVER,
        "security": _OF_SERVER, "tags": _PROSE, "externalDocs": _PROSE, "jsonSchemaDialect": _OF_TOOLS,
        "webhooks": "calls to others are no operations of this API",
    },
    "info": {
        "version": TAKEN, "title": _PROSE, "summary": _PROSE, "description": _PROSE, "termsOfService": _PROSE,
        "contact": _PROSE, "license": _PROSE,
    },
    "components": {
        "schemas": TAKEN, "responses": TAKEN, "parameters": TAKEN, "requestBodies": TAKEN, "pathItems": TAKEN,
        "examples": _EXAMPLE, "headers": "headers of a response are not typed", "securitySchemes": _OF_SERVER,
        "links": "links between operations are not followed",
        "callbacks": "calls to others are no operations of this API",
    },
    "path item": {
        "$ref": TAKEN, "parameters": TAKEN, "get": TAKEN, "head": TAKEN, "post": TAKEN, "patch": TAKEN, "put": TAKEN,
        "delete": TAKEN, "summary": _PROSE, "description": _PROSE, "servers": _OF_SERVER,
        "options": "no operation of this API", "trace": "no operation of this API",
    },
    "operation": {
        "tags": TAKEN, "summary": TAKEN, "description": TAKEN, "parameters": TAKEN, "requestBody": TAKEN,
        "responses": TAKEN, "x-stage": TAKEN, "x-since": TAKEN, "x-until": TAKEN, "externalDocs": _PROSE,
        "operationId": "names follow the catalogue's rules", "security": _OF_SERVER, "servers": _OF_SERVER,
        "callbacks": "calls to others are no operations of this API",
        "deprecated": "it still exists; what has ended has `until`",
    },
    "parameter": {
        "name": TAKEN, "in": TAKEN, "description": TAKEN, "required": TAKEN, "schema": TAKEN, "content": TAKEN,
        "style": TAKEN, "explode": TAKEN, "x-since": TAKEN, "x-until": TAKEN, "example": _EXAMPLE,
        "examples": _EXAMPLE, "deprecated": "it still exists; what has ended has `until`",
        "allowReserved": "values are always escaped", "allowEmptyValue": "an empty text may always be sent",
    },
    "body": {"content": TAKEN, "required": TAKEN, "description": _PROSE},
    "response": {
        "content": TAKEN, "description": _PROSE, "headers": "headers of a response are not typed",
        "links": "links between operations are not followed",
    },
    "media type": {
        "schema": TAKEN, "example": _EXAMPLE, "examples": _EXAMPLE,
        "encoding": "parts go as JSON, as text or as they are",
        "itemSchema": "a stream of items is not read item by item",
    },
    "discriminator": {"propertyName": TAKEN, "mapping": TAKEN},
    "schema": {
        "$ref": TAKEN, "type": TAKEN, "title": TAKEN, "description": TAKEN, "properties": TAKEN, "required": TAKEN,
        "items": TAKEN, "allOf": TAKEN, "oneOf": TAKEN, "anyOf": TAKEN, "additionalProperties": TAKEN, "enum": TAKEN,
        "const": TAKEN, "x-extensible-enum": TAKEN, "x-enumDescriptions": _PROSE, "format": TAKEN, "default": TAKEN,
        "minimum": TAKEN, "maximum": TAKEN, "maxLength": TAKEN, "maxItems": TAKEN, "discriminator": TAKEN,
        "contentMediaType": TAKEN, "contentEncoding": TAKEN, "x-since": TAKEN, "x-until": TAKEN,
        "x-filter-group": TAKEN, "example": _EXAMPLE, "examples": _EXAMPLE, "externalDocs": _PROSE, "$comment": _PROSE,
        "xml": "element names are those that the API's guide has",
        "deprecated": "it still exists; what has ended has `until`",
        "readOnly": "what is sent and what is received are types of their own",
        "writeOnly": "what is sent and what is received are types of their own",
        "nullable": "null is read wherever it comes",
        "pattern": _LIMIT, "minLength": _LIMIT, "minItems": _LIMIT, "uniqueItems": _LIMIT, "multipleOf": _LIMIT,
        "exclusiveMinimum": _LIMIT, "exclusiveMaximum": _LIMIT, "minProperties": _LIMIT, "maxProperties": _LIMIT,
        "contains": _LIMIT, "minContains": _LIMIT, "maxContains": _LIMIT, "dependentRequired": _LIMIT,
        "patternProperties": "keys are free in a map", "propertyNames": "keys are free in a map",
        "unevaluatedProperties": "newer servers send more: all is read", "not": "an exclusion describes no value",
        "unevaluatedItems": "newer servers send more: all is read",
        "prefixItems": "a list has items of one type", "if": _LIMIT, "then": _LIMIT, "else": _LIMIT,
        "dependentSchemas": _LIMIT, "contentSchema": "a text is read as a text", "$schema": _OF_TOOLS, "$id": _OF_TOOLS,
        "$anchor": _OF_TOOLS, "$defs": "refer to #/components/schemas", "$dynamicRef": "refer to #/components/schemas",
        "$dynamicAnchor": _OF_TOOLS, "$vocabulary": _OF_TOOLS,
    },
}  # fmt: skip
_WITHOUT_WORDS = frozenset([_PROSE, _EXAMPLE, _OF_SERVER, _OF_TOOLS])
"""Reasons for which nobody needs to look: their fields are counted only."""


def is_reported(reason: str) -> bool:
    """Whether a field that is left out for a reason is in the report."""
    return reason not in _WITHOUT_WORDS


_PLACES = {
    "parameters": "a client sends no cookies of its own",
    "header": "the client sends it itself",
    "response": "an error is an exception by its status, and keeps its body",
}
"""Why something is left out for where it is or what it stands for."""
_PARTS = ("allOf", "oneOf", "anyOf")


def unread_fields(document: Document) -> Iterator[tuple[str, str]]:
    """What of a file is not taken: a place and a remark for each field of each kind of object."""
    walk = _Walk(document)
    walk.document()
    for (kind, field), lines in walk.found.items():
        reason = FIELDS[kind].get(field)
        if reason is None:
            reason = (
                "an extension of which nothing is known here" if field.startswith("x-") else "not of OpenAPI 3.0 or 3.1"
            )
        elif not is_reported(reason):
            continue
        where = f"line {lines[0]}" if len(lines) == 1 else f"{len(lines)} times, first in line {lines[0]}"
        yield f"{kind} {field}", f"left out ({where}): {reason}"
    for place, lines in walk.places.items():
        yield place, f"left out ({places(lines)}): {_PLACES[place.split()[0]]}"


class _Walk:
    def __init__(self, document: Document) -> None:
        self.found: dict[tuple[str, str], list[int]] = {}
        self.places: dict[str, list[int]] = {}
        self._document = document

    def document(self) -> None:
        root = self._document.root
        self._note("document", root)
        self._note("info", self._document.object_at(root, "info"))
        self._note("components", self._document.object_at(root, "components"))
        for path, item in self._document.object_at(root, "paths").items():
            if is_object(item) and not path.startswith("x-"):
                self._path(item)
        components = self._document.object_at(root, "components")
        readers = {"schemas": self._schema, "parameters": self._parameter, "responses": self._response,
                   "requestBodies": self._body, "pathItems": self._path}  # fmt: skip
        for name, read in readers.items():
            for inner in self._document.object_at(components, name).values():
                if is_object(inner):
                    read(inner)

    def _note(self, kind: str, owner: LineDict) -> None:
        for field in owner:
            if FIELDS[kind].get(field, None) != TAKEN:
                self.found.setdefault((kind, field), []).append(owner.line_of(field))

    def _each(self, value: Any, read: Any) -> None:
        items = value.values() if is_object(value) else value if is_array(value) else ()
        for item in items:
            if is_object(item):
                read(item)

    def _path(self, item: LineDict) -> None:
        self._note("path item", item)
        self._each(item.get("parameters"), self._parameter)
        for method in ("get", "head", "post", "patch", "put", "delete"):
            operation = item.get(method)
            if is_object(operation):
                self._note("operation", operation)
                self._each(operation.get("parameters"), self._parameter)
                body = operation.get("requestBody")
                if is_object(body):
                    self._body(body)
                self._responses(operation)

    def _responses(self, operation: LineDict) -> None:
        responses = operation.get("responses")
        if not is_object(responses):
            return
        self._each(responses, self._response)
        told = successes(responses)
        for code in responses:
            if code not in told and not code.startswith("x-"):
                self.places.setdefault(f"response {code}", []).append(responses.line_of(code))

    def _parameter(self, parameter: LineDict) -> None:
        if "$ref" in parameter:
            return
        self._note("parameter", parameter)
        if parameter.get("in") == "cookie":
            self.places.setdefault("parameters in cookie", []).append(parameter.line)
        if parameter.get("in") == "header" and str(parameter.get("name")).lower() in SENT_BY_CLIENTS:
            self.places.setdefault(f"header {parameter['name']}", []).append(parameter.line)
        if is_object(parameter.get("schema")):
            self._schema(parameter["schema"])
        self._each(parameter.get("content"), self._media)

    def _body(self, body: LineDict) -> None:
        if "$ref" not in body:
            self._note("body", body)
            self._each(body.get("content"), self._media)

    def _response(self, response: LineDict) -> None:
        if "$ref" not in response:
            self._note("response", response)
            self._each(response.get("content"), self._media)

    def _media(self, media: LineDict) -> None:
        self._note("media type", media)
        if is_object(media.get("schema")):
            self._schema(media["schema"])

    def _schema(self, schema: LineDict) -> None:
        self._note("schema", schema)
        if is_object(schema.get("discriminator")):
            self._note("discriminator", schema["discriminator"])
        self._each(schema.get("properties"), self._schema)
        for part in _PARTS:
            self._each(schema.get(part), self._schema)
        for inner in ("items", "additionalProperties", "not"):
            if is_object(schema.get(inner)):
                self._schema(schema[inner])
