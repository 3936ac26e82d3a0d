"""Checks a file of the catalogue against its JSON Schema and says where it fails."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from connectgen.catalogue.faults import LONGEST_QUOTE, Fault, quoted, shorten
from connectgen.catalogue.model import Location
from connectgen.catalogue.suggestions import did_you_mean, nearest
from connectgen.catalogue.yaml_reader import LineDict, LineList

_TYPES = {
    "number": "a number, without quotes",
    "integer": "a whole number, without quotes",
    "boolean": "true or false, without quotes",
    "string": "a text",
    "object": "keys with values",
    "array": "a list",
}
_COLON_WITHOUT_SPACE = re.compile(r"[\w.$@-]+:\S")
_VALUE_KEYS = frozenset({
    "type", "python_name", "required", "condition", "since", "until", "values", "default", "minimum", "maximum",
    "max_items", "max_length", "description", "described_by_name", "replaced_by", "was", "because", "unsure", "source",
})  # fmt: skip
_VERSION = re.compile(r"v?([1-9][0-9]?)(?:\.0)?", re.IGNORECASE)
_OTHER_TYPE = re.compile(r"([A-Za-z]\w*)(?:\[(\w*)\]|\?)")
_FEW_KEYS = 6
_KEYS_ARE_IN_DOCS = "docs/catalogue-format.md lists the keys that may be here"
_LIMITS = {
    "minLength": ("is empty", "fill it, or remove the key"),
    "minItems": ("is empty", "fill it, or remove the key"),
    "minProperties": ("is empty", "fill it, or remove the key"),
    "maxLength": ("is too long", "keep to {} characters"),
    "maxItems": ("has too many items", "keep to {}"),
    "maxProperties": ("has too many keys", "keep to {}"),
    "minimum": ("is too small", "write at least {}"),
    "maximum": ("is too large", "write at most {}"),
    "multipleOf": ("is no version", "write it like 66.0, with nothing but 0 behind the point"),
    "uniqueItems": ("has an item twice", "keep one"),
}
SCHEMAS = ("releases", "status_codes", "notes", "families", "resources", "types", "enumerations")


def schema_faults(schema_directory: Path, schema_name: str, value: Any, name: str) -> list[Fault]:
    """All places where a file's value breaks its schema.

    Args:
        schema_directory: the folder with `*.schema.json`.
        schema_name: the schema, one of `SCHEMAS`.
        value: what `read_yaml` gave.
        name: how faults call the file.
    """
    from connectgen.catalogue.schema_validators import validator_of  # where all files are remembered, nobody needs it

    validator = validator_of(schema_directory, schema_name)
    found = [error for error in validator.iter_errors(value) if not _follows(error)]
    return [fault for error in found for fault in _faults(error, value, name)]


def unusable_schemas(schema_directory: Path, root: Path) -> list[Fault]:
    """Schemas that are missing or no JSON.

    Args:
        schema_directory: the folder with `*.schema.json`.
        root: the catalogue's folder.
    """
    faults: list[Fault] = []
    for schema_name in (*SCHEMAS, "common"):
        path = schema_directory / f"{schema_name}.schema.json"
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            faults.append(Fault(Location(name, error.lineno), f"is no JSON: {error.msg}", "correct it"))
        except UnicodeDecodeError:
            faults.append(Fault(Location(name, 1), "is not UTF-8", "save the file as UTF-8"))
        except OSError as error:
            remedy = "put the schema back, or remove the folder to check by the generator's own"
            faults.append(Fault(Location(name, 1), f"cannot be read ({error.strerror})", remedy))
    return faults


def _faults(error: Any, value: Any, name: str) -> Iterator[Fault]:
    error = _most_specific(error)
    where = shorten(".".join(str(step) for step in error.absolute_path))
    if error.validator in ("additionalProperties", "unevaluatedProperties") and isinstance(error.instance, LineDict):
        for key in _unknown_keys(error):
            message = f"{where}: unknown key {quoted(key)}" if where else f"unknown key {quoted(key)}"
            free = sorted(_free_keys(error))
            otherwise = f"what may be here is {', '.join(free)}" if 0 < len(free) <= _FEW_KEYS else _KEYS_ARE_IN_DOCS
            remedy = did_you_mean(key, free, otherwise)
            yield Fault(Location(name, error.instance.line_of(key)), message, remedy)
        return
    line = _line(value, list(error.absolute_path))
    if "propertyNames" in error.absolute_schema_path:
        line = _key_line(value, list(error.absolute_path), str(error.instance)) or line
    message, remedy = _explain(error)
    yield Fault(Location(name, line), f"{where}: {message}" if where else message, remedy)


def _free_keys(error: Any) -> set[str]:
    """The keys that a mapping may still get."""
    return {key for key in _known_keys(error) if key not in error.instance}


def _follows(error: Any) -> bool:
    """Whether a key is only missing because it is misspelt, which is a fault of its own."""
    if error.validator != "required" or not isinstance(error.instance, LineDict):
        return False
    known = error.schema.get("properties", {})
    unknown = [key for key in error.instance if key not in known]
    missing = [key for key in error.validator_value if key not in error.instance]
    return bool(unknown) and all(nearest(key, unknown) or _is_near(key, unknown) for key in missing)


def _is_near(key: str, others: Iterable[str]) -> bool:
    return any(key in nearest(other, [key]) for other in others)


def _most_specific(error: Any) -> Any:
    """Of an alternative's reasons, those of the alternative that the author meant: the one of the same JSON type."""
    while error.validator == "oneOf" and error.context:
        own = len(error.absolute_path)
        fitting = [one for one in error.context if one.validator != "type" or len(one.absolute_path) > own]
        if not fitting:
            return error
        fitting = [one for one in fitting if not _follows(one)] or fitting
        error = max(fitting, key=lambda inner: len(inner.absolute_path))
    return error


def _explain(error: Any) -> tuple[str, str]:
    shown = _show(error.instance)
    match error.validator:
        case "required":
            missing = [key for key in error.validator_value if key not in error.instance]
            return f"{', '.join(map(repr, missing))} is missing", "add it"
        case "enum":
            choices = ", ".join(json.dumps(choice) for choice in error.validator_value)
            texts = [choice for choice in error.validator_value if isinstance(choice, str)]
            return f"{shown} is not allowed", did_you_mean(str(error.instance), texts, f"use one of: {choices}")
        case "const":
            return f"{shown} is not allowed", f"write {json.dumps(error.validator_value)}"
        case "type" | "oneOf":
            return _explain_type(error, shown)
        case "pattern":
            described = error.schema.get("description", "")
            if "list<T>" in described and (meant := _meant(error.instance)):
                return f"{shown} is not how a type is written", f"did you mean {meant}?"
            remedy = f"expected: {described}" if described else f"write it so that it matches {error.validator_value}"
            return f"{shown} is not well formed", remedy
        case rule if rule in _LIMITS:
            what, remedy = _LIMITS[rule]
            return f"{shown if error.instance else 'it'} {what}", remedy.format(error.validator_value)
        case _:
            return (
                f"{shown} breaks the rule {error.validator} {error.validator_value}",
                "see docs/catalogue-format.md",
            )


def _explain_type(error: Any, shown: str) -> tuple[str, str]:
    """What is said of a value of a JSON type that the schema does not allow."""
    wanted, value = error.validator_value, error.instance
    if wanted == "object" and _COLON_WITHOUT_SPACE.match(str(value)):
        return f"{shown} is one text", "put a space after the colon"
    if wanted == "number" and (version := _VERSION.fullmatch(str(value))):
        return f"{shown} has the wrong type", f"write {int(version[1])}.0, a number without quotes"
    if wanted == "array" and not isinstance(value, dict):
        return f"{shown} has the wrong type", f"write a list: [{shorten(str(value))}]"
    if error.validator == "oneOf" and isinstance(value, int | float) and _takes_text(error):
        return f"{shown} is no text", "put it in quotes"
    if error.validator == "type" and isinstance(wanted, str) and wanted in _TYPES:
        return f"{shown} has the wrong type", f"write {_TYPES[wanted]}"
    return f"{shown} has the wrong form", "see docs/catalogue-format.md for what may be here"


def _takes_text(error: Any) -> bool:
    return any(one.validator == "type" and one.validator_value == "string" for one in error.context)


def _meant(text: str) -> str | None:
    """The type that other languages write so: `Poll[]`, `List[Poll]`, `Poll?`."""
    found = _OTHER_TYPE.fullmatch(text)
    if found is None:
        return None
    return f"list<{found[2] or found[1]}>" if "[" in text else found[1]


def _show(instance: Any) -> str:
    if isinstance(instance, LineDict):
        return f"a mapping with {', '.join(map(repr, list(instance)[:3]))}" if instance else "an empty mapping"
    if isinstance(instance, LineList):
        return f"a list of {len(instance)} items" if instance else "an empty list"
    if isinstance(instance, str):
        instance = instance[:LONGEST_QUOTE]
    return shorten(json.dumps(instance, ensure_ascii=True))


def _known_keys(error: Any) -> set[str]:
    known = set(error.schema.get("properties", ()))
    if error.validator == "unevaluatedProperties":
        known |= _VALUE_KEYS
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
