"""Makes the validators of the catalogue's JSON Schemas: jsonschema's, taught not to do the same work again.

A catalogue has tens of thousands of small values with the same few shapes. What jsonschema does for each of them (look
a reference up, make a validator for a part of a schema, collect why an option of the wrong type fails) is done once,
or not at all; what a schema means, and what is said of a value that breaks it, stays jsonschema's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import jsonschema
from jsonschema import validators
from referencing import Registry, Resource

_OF_TYPE = {"string": str, "object": dict, "array": list}
_KEYWORDS: Mapping[str, Any] = jsonschema.Draft202012Validator.VALIDATORS


@cache
def validator_of(schema_directory: Path, schema_name: str) -> Any:
    """The validator of the files of one schema.

    Args:
        schema_directory: the folder with `*.schema.json`.
        schema_name: for example `types`.
    """
    documents = {
        path.name: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(schema_directory.glob("*.schema.json"))
    }
    for name, document in documents.items():
        _make_absolute(document, name)
    resources = [(name, Resource[Any].from_contents(document)) for name, document in documents.items()]
    registry = Registry[Any]().with_resources(resources)
    keywords = _Keywords(documents)
    overridden = {
        "$ref": keywords.reference,
        "properties": keywords.properties,
        "propertyNames": keywords.property_names,
        "additionalProperties": keywords.additional_properties,
        "oneOf": keywords.one_of,
        "unevaluatedProperties": keywords.unevaluated_properties,
    }
    extend: Any = validators.extend  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    remembering: Any = extend(jsonschema.Draft202012Validator, overridden)
    return remembering(documents[f"{schema_name}.schema.json"], registry=registry)


def _make_absolute(schema: Any, file: str) -> None:
    """Let each reference name its file too, so that it means the same wherever it is."""
    if isinstance(schema, dict):
        mapping = cast("dict[str, Any]", schema)
        reference = mapping.get("$ref")
        if isinstance(reference, str) and reference.startswith("#"):
            mapping["$ref"] = file + reference
    for inner in cast("Iterable[Any]", schema.values() if isinstance(schema, dict) else schema):
        if isinstance(inner, dict | list):
            _make_absolute(inner, file)


class _Keywords:
    """Keywords of JSON Schema, each with a short way to what jsonschema would find."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        self._documents = documents
        self._valid: set[tuple[str, str]] = set()
        self._targets: dict[str, Any] = {}
        self._parts: dict[int, Any] = {}

    def _target(self, reference: str) -> Any:
        """The schema that a reference means."""
        if reference not in self._targets:
            file, _, pointer = reference.partition("#/")
            schema = self._documents[file]
            for step in pointer.split("/"):
                schema = schema[step]
            self._targets[reference] = schema
        return self._targets[reference]

    def _part(self, validator: Any, schema: Any) -> Any:
        """The validator of a part of a schema, which lives as long as the documents."""
        part = self._parts.get(id(schema))
        if part is None:
            part = self._parts[id(schema)] = validator.evolve(schema=schema)
        return part

    def reference(self, validator: Any, reference: str, instance: Any, _schema: Any) -> Iterator[Any]:
        """`$ref`: a value that was found valid is not looked at again."""
        key = (reference, repr(instance))
        if key in self._valid:
            return
        failed = False
        for error in self._part(validator, self._target(reference)).iter_errors(instance):
            failed = True
            yield error
        if not failed:
            self._valid.add(key)

    def properties(self, validator: Any, properties: Mapping[str, Any], instance: Any, _schema: Any) -> Iterator[Any]:
        """`properties`: one validator for each, kept."""
        if not isinstance(instance, dict):
            return
        for name, schema in properties.items():
            if name in instance:
                for error in self._part(validator, schema).iter_errors(instance[name]):
                    error.path.appendleft(name)
                    error.schema_path.appendleft(name)
                    yield error

    def property_names(self, validator: Any, names: Any, instance: Any, schema: Any) -> Iterable[Any]:
        """`propertyNames`: nothing is to be said where each name is valid."""
        if isinstance(instance, dict):
            table = cast("dict[str, Any]", instance)
            if all(self._is_valid(validator, names, name) for name in table):
                return ()
        return cast("Iterable[Any]", _KEYWORDS["propertyNames"](validator, names, instance, schema))

    def additional_properties(self, validator: Any, rest: Any, instance: Any, schema: Any) -> Iterable[Any]:
        """`additionalProperties`: nothing is to be said where the value of each further key is valid."""
        if isinstance(instance, dict) and isinstance(rest, dict) and "patternProperties" not in schema:
            known = schema.get("properties", {})
            table = cast("dict[str, Any]", instance)
            if all(key in known or self._is_valid(validator, rest, value) for key, value in table.items()):
                return ()
        return cast("Iterable[Any]", _KEYWORDS["additionalProperties"](validator, rest, instance, schema))

    def _is_valid(self, validator: Any, schema: Any, instance: Any) -> bool:
        """Whether a part of a schema says nothing of a value; one that was found valid is not looked at again."""
        if isinstance(schema, dict) and set(cast("dict[str, Any]", schema)) == {"$ref"}:
            return (schema["$ref"], repr(instance)) in self._valid or self._part(validator, schema).is_valid(instance)
        return bool(self._part(validator, schema).is_valid(instance))

    def one_of(self, validator: Any, options: list[Any], instance: Any, schema: Any) -> Iterable[Any]:
        """`oneOf`: where the value's JSON type leaves one option, that one alone is asked."""
        fitting = [option for option in options if self._may_be(option, instance)]
        if len(fitting) == 1 and self._part(validator, fitting[0]).is_valid(instance):
            return ()
        return cast("Iterable[Any]", _KEYWORDS["oneOf"](validator, options, instance, schema))

    def _may_be(self, schema: Any, instance: Any) -> bool:
        """Whether a schema says of no type that the value is not of it."""
        while isinstance(schema, dict) and "type" not in schema and "$ref" in schema:
            schema = self._target(cast("dict[str, Any]", schema)["$ref"])
        named = cast("dict[str, Any]", schema).get("type") if isinstance(schema, dict) else None
        return not isinstance(named, str) or named not in _OF_TYPE or isinstance(instance, _OF_TYPE[named])

    def unevaluated_properties(self, validator: Any, rest: Any, instance: Any, schema: Any) -> Iterable[Any]:
        """`unevaluatedProperties`: not asked where `properties`, or those of what `$ref` means, know all keys."""
        if isinstance(instance, dict):
            known: Any = self._target(schema["$ref"]).get("properties", {}) if "$ref" in schema else {}
            own: Any = schema.get("properties", {})
            if all(key in known or key in own for key in cast("dict[str, Any]", instance)):
                return ()
        return cast("Iterable[Any]", _KEYWORDS["unevaluatedProperties"](validator, rest, instance, schema))
