"""Checks a file of the catalogue against its JSON Schema and says where it fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from jsonschema import validators
from referencing import Registry, Resource

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import Location
from connectgen.catalogue.yaml_reader import LineDict, LineList

_TYPES = {
    "number": "a number, without quotes",
    "integer": "a whole number, without quotes",
    "boolean": "true or false, without quotes",
    "string": "a text",
    "object": "keys with values",
    "array": "a list",
}
KINDS = ("releases", "status_codes", "resources", "types")


def schema_faults(schema_directory: Path, kind: str, value: Any, name: str) -> list[Fault]:
    """All places where a file's value breaks its schema.

    Args:
        schema_directory: the folder with `*.schema.json`.
        kind: which schema, one of `KINDS`.
        value: what `read_yaml` gave.
        name: how faults call the file.
    """
    validator = _validator(schema_directory, kind)
    return [_fault(error, value, name) for error in validator.iter_errors(value)]


def unusable_schemas(schema_directory: Path, root: Path) -> list[Fault]:
    """Schemas that are missing or no JSON.

    Args:
        schema_directory: the folder with `*.schema.json`.
        root: the catalogue's folder.
    """
    faults: list[Fault] = []
    for kind in (*KINDS, "common"):
        path = schema_directory / f"{kind}.schema.json"
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            faults.append(
                Fault(
                    Location(name, error.lineno),
                    f"is no JSON: {error.msg}",
                    "correct it",
                )
            )
        except UnicodeDecodeError:
            faults.append(Fault(Location(name, 1), "is not UTF-8", "save the file as UTF-8"))
        except OSError as error:
            remedy = "put the schema back, or remove the folder to check by the generator's own"
            faults.append(Fault(Location(name, 1), f"cannot be read ({error.strerror})", remedy))
    return faults


@cache
def _validator(schema_directory: Path, kind: str) -> Any:
    documents = {
        path.name: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(schema_directory.glob("*.schema.json"))
    }
    resources = [(name, Resource[Any].from_contents(document)) for name, document in documents.items()]
    registry = Registry[Any]().with_resources(resources)
    extend: Any = validators.extend  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    remembering: Any = extend(jsonschema.Draft202012Validator, {"$ref": _remembering_reference()})
    validator: Any = remembering(documents[f"{kind}.schema.json"], registry=registry)
    return validator


def _remembering_reference() -> Any:
    """`$ref` that skips a value it has already found valid: thousands of properties have the same few shapes."""
    known: set[tuple[str, str]] = set()
    original = jsonschema.Draft202012Validator.VALIDATORS["$ref"]

    def check(validator: Any, reference: str, instance: Any, schema: Any) -> Iterator[Any]:
        key = (reference, repr(instance))
        if key in known:
            return
        failed = False
        for error in original(validator, reference, instance, schema):
            failed = True
            yield error
        if not failed:
            known.add(key)

    return check


def _fault(error: Any, value: Any, name: str) -> Fault:
    error = _most_telling(error)
    line = _line(value, list(error.absolute_path))
    where = ".".join(str(step) for step in error.absolute_path)
    message, remedy = _explain(error)
    if error.validator in (
        "additionalProperties",
        "unevaluatedProperties",
    ) and isinstance(error.instance, LineDict):
        unknown = _unknown_keys(error)
        line = error.instance.line_of(unknown[0]) if unknown else line
    elif "propertyNames" in error.absolute_schema_path:
        line = _key_line(value, list(error.absolute_path), str(error.instance)) or line
    return Fault(Location(name, line), f"{where}: {message}" if where else message, remedy)


def _most_telling(error: Any) -> Any:
    """Of an alternative's reasons, those of the alternative that the author meant: the one of the same JSON type."""
    while error.validator == "oneOf" and error.context:
        own = len(error.absolute_path)
        fitting = [one for one in error.context if one.validator != "type" or len(one.absolute_path) > own]
        if not fitting:
            return error
        error = max(fitting, key=lambda inner: len(inner.absolute_path))
    return error


def _explain(error: Any) -> tuple[str, str]:
    shown = json.dumps(error.instance, ensure_ascii=True, default=str)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    match error.validator:
        case "additionalProperties" | "unevaluatedProperties":
            keys = _unknown_keys(error)
            known = ", ".join(sorted(_known_keys(error))) or "those of the schema"
            return f"unknown key {', '.join(map(repr, keys))}", f"use one of: {known}"
        case "required":
            missing = [key for key in error.validator_value if key not in error.instance]
            return f"{', '.join(map(repr, missing))} is missing", "add it"
        case "enum":
            choices = ", ".join(json.dumps(choice) for choice in error.validator_value)
            return f"{shown} is not allowed", f"use one of: {choices}"
        case "const":
            return (
                f"{shown} is not allowed",
                f"write {json.dumps(error.validator_value)}",
            )
        case "type" if error.validator_value in _TYPES:
            return (
                f"{shown} is of the wrong kind",
                f"write {_TYPES[error.validator_value]}",
            )
        case "type" | "oneOf":
            return (
                f"{shown} is of the wrong kind",
                "see docs/catalogue-format.md for what may stand here",
            )
        case "pattern":
            described = error.schema.get("description")
            remedy = f"expected: {described}" if described else f"write it so that it matches {error.validator_value}"
            return f"{shown} is not well formed", remedy
        case "multipleOf":
            return (
                f"{shown} is no version",
                "write it like 66.0, with nothing but 0 behind the point",
            )
        case _:
            return (
                f"{shown} breaks the rule {error.validator} {error.validator_value}",
                "see docs/catalogue-format.md",
            )


def _known_keys(error: Any) -> set[str]:
    known = set(error.schema.get("properties", ()))
    if error.validator == "unevaluatedProperties":
        known |= {
            "type",
            "required",
            "condition",
            "since",
            "until",
            "values",
            "default",
            "minimum",
            "maximum",
            "max_items",
        }
        known |= {"max_length", "description", "was", "because", "unsure", "source"}
    return known


def _unknown_keys(error: Any) -> list[str]:
    known = _known_keys(error)
    return [key for key in error.instance if key not in known]


def _key_line(value: Any, path: list[str | int], key: str) -> int | None:
    for step in path:
        value = value[step]
    return value.lines.get(key) if isinstance(value, LineDict) else None


def _line(value: Any, path: list[str | int]) -> int:
    line: int = getattr(value, "line", 1)
    for step in path:
        if isinstance(value, LineDict):
            line = value.line_of(str(step))
            value = value.get(str(step))
        elif isinstance(value, LineList) and isinstance(step, int):
            line = value.lines[step]
            value = value[step]
    return line
