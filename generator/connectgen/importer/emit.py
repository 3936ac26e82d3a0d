"""Turns plain values into the catalogue's YAML: one line a fact where it fits, keys in the format's order."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeGuard

LINE_LENGTH = 140
_MOST_LINES = 3
"""Over how many lines a fact in braces may go."""

_SCHEMA_LINE = "# yaml-language-server: $schema={up}schema/{schema_name}.schema.json\n"
_AMBIGUOUS = frozenset(["yes", "no", "on", "off", "y", "n", "true", "false", "null", "~"])
_PLAIN = re.compile(r"[A-Za-z/][^\x00-\x1f\x7f\"'`\\#:,\[\]{}&*!%@]*")
_PLAIN_IN_BLOCK = re.compile(r"(?:[A-Za-z]|/)(?:[^\x00-\x1f\x7f\"`\\#:&*!%@]|:(?! |$))*")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")

# Their children are written one a line; a mapping that has one of them is never put on one line.
_TABLES = frozenset({"resources", "types", "enumerations", "operations", "parameters", "properties", "parts"})
_OF_KNOWN_VALUE = frozenset({"value", "since", "until", "description", "replaced_by", "because"})
_QUOTED_STRINGS = frozenset({"values", "value", "default"})

# One order for every type of entry: the tables of docs/catalogue-format.md do not contradict each other.
_KEY_ORDER = [
    "defaults",
    "path",
    "formerly",
    "aliases",
    "site",
    "site_since",
    "name",
    "summary",
    "type",
    "secret",
    "in",
    "required",
    "condition",
    "since",
    "until",
    "group",
    "requires",
    "guide",
    "schema",
    "xml",
    "item",
    "extends",
    "discriminator",
    "failure",
    "unreferenced",
    "parameters",
    "operations",
    "properties",
    "body",
    "parts",
    "json_part",
    "returns",
    "status",
    "special_status",
    "pagination",
    "wait",
    "stage",
    "replaced_by",
    "retry",
    "idempotency",
    "retry_statuses",
    "batch",
    "values",
    "default",
    "minimum",
    "maximum",
    "max_items",
    "max_length",
    "max_bytes",
    "named_by_caller",
    "description",
    "GET",
    "HEAD",
    "POST",
    "PATCH",
    "PUT",
    "DELETE",
    "was",
    "because",
    "unsure",
    "source",
]
_RANKS = {key: rank for rank, key in enumerate(_KEY_ORDER)}
_LAST = len(_RANKS)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether a plain value is a list."""
    return isinstance(value, list)


def is_mapping(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a plain value is a mapping."""
    return isinstance(value, dict)


def rank(key: str) -> int:
    """The place of a key in the order of the format's tables."""
    return _RANKS.get(key, _LAST)


def ordered(fact: Mapping[str, Any]) -> dict[str, Any]:
    """The same mapping with its keys in the order of the format's tables."""
    if len(fact) < 2:
        return dict(fact)
    return {key: fact[key] for key in sorted(fact, key=rank)}


def emit_document(schema_name: str, document: Mapping[str, Any]) -> str:
    """A whole file.

    Args:
        schema_name: `resources`, `types` or `enumerations`; it names the schema in the first line.
        document: the file's content.
    """
    up = "../" if schema_name == "enumerations" else "../../"
    return _SCHEMA_LINE.format(schema_name=schema_name, up=up) + emit_mapping(document, indent=0)


def emit_mapping(mapping: Mapping[str, Any], indent: int) -> str:
    """A block mapping; `indent` is the number of columns before each key."""
    return "".join(_entry(key, value, indent) for key, value in mapping.items())


def emit_item(item: Any, indent: int, key: str = "resources") -> str:
    """One item of a block list that is under `key`; `indent` is the number of columns before its dash."""
    start = " " * indent + "- "
    if _is_scalar(item):
        return f"{start}{_scalar(item, key, in_flow=False)}\n"
    if not _is_table(key, item):
        flow = _flow(item, key)
        if len(start) + len(flow) <= LINE_LENGTH:
            return f"{start}{flow}\n"
    block = emit_mapping(item, indent + 2)
    return start + block[indent + 2 :]


def quoted(text: str) -> str:
    """A text in double quotes, as YAML and JSON read it."""
    return json.dumps(text, ensure_ascii=False)


def _entry(key: str, value: Any, indent: int) -> str:
    start = " " * indent + _key(key) + ":"
    if _is_scalar(value):
        return _folded(f"{start} {_scalar(value, _of_scalar(key), in_flow=False)}", start, indent + 2)
    if not _is_table(key, value) and not _has_table(value):
        flow = _flow(value, key)
        if len(start) + 1 + len(flow) <= LINE_LENGTH:
            return f"{start} {flow}\n"
    if is_mapping(value) and not value:
        return f"{start} {{}}\n"  # whatever its key: a parameter may be called `properties`
    if is_mapping(value) and "type" in value and (wrapped := _wrapped(start, value, key, indent)):
        return wrapped
    if is_mapping(value):
        # A child of `types` or of a list is an entry of its own: a block, whatever its length.
        return f"{start}\n" + emit_mapping(value, indent + 2)
    if key == "values" or all(_is_scalar(item) for item in value):
        parts = [_flow(item, key) for item in value]
        return "\n".join(_filled(f"{start} [", parts, "]", " " * (indent + 2))) + "\n"
    return f"{start}\n" + "".join(emit_item(item, indent + 2, key) for item in value)


def _folded(line: str, start: str, indent: int) -> str:
    """A long text over several lines: YAML reads each line break as one space, in quotes and without."""
    text = line[len(start) + 1 :]
    if len(line) <= LINE_LENGTH or "  " in text or "\\" in text:
        return f"{line}\n"
    units: list[str] = []
    for word in text.split(" "):
        # A line that begins with a sign could be read as something else than text.
        if units and not (word[:1].isalnum() or text.startswith('"')):
            units[-1] += f" {word}"
        else:
            units.append(word)
    lines = [start]
    for unit in units:
        if len(lines[-1]) + 1 + len(unit) > LINE_LENGTH:
            lines.append(" " * indent + unit)
        else:
            lines[-1] += f" {unit}"
    return "\n".join(lines) + "\n"


def _wrapped(start: str, fact: Mapping[str, Any], key: str, indent: int) -> str | None:
    """A fact in braces over a few lines, broken between its keys; None where it would be longer."""
    lines = _filled(f"{start} {{", _pairs(fact, key), "}", " " * (indent + 2))
    fits = len(lines) <= _MOST_LINES and all(len(line) <= LINE_LENGTH for line in lines)
    return "\n".join(lines) + "\n" if fits else None


def _filled(start: str, parts: list[str], end: str, continued: str) -> list[str]:
    """Parts with commas between them, as many on a line as fit."""
    lines = [start]
    for position, part in enumerate(parts):
        text = part + (end if position == len(parts) - 1 else ",")
        room = " " if position and lines[-1] != continued else ""
        if position and len(lines[-1]) + len(room) + len(text) > LINE_LENGTH:
            lines.append(continued)
            room = ""
        lines[-1] += room + text
    return lines


def _has_table(value: Any) -> bool:
    return is_mapping(value) and any(_is_table(key, item) for key, item in value.items())


def _is_table(key: str, value: Any) -> bool:
    """Whether the children are one a line: in every table but one of parameters of which all is said elsewhere."""
    if key == "parameters" and is_mapping(value):
        return any(item != {} for item in value.values())
    return key in _TABLES


def _flow(value: Any, key: str) -> str:
    if is_mapping(value):
        return "{" + ", ".join(_pairs(value, key)) + "}"
    if is_list(value):
        return "[" + ", ".join(_flow(item, key) for item in value) + "]"
    return _scalar(value, key, in_flow=True)


def _pairs(value: Mapping[str, Any], key: str) -> list[str]:
    return [
        f"{_flow_key(name, key)}: {_flow(item, _of_scalar(str(name)) if _is_scalar(item) else str(name))}"
        for name, item in value.items()
    ]


def _of_scalar(key: str) -> str:
    """Values are quoted, but not the name of an enumeration that replaces them."""
    return "enumeration" if key == "values" else key


def _flow_key(name: str | int, owner: str) -> str:
    return json.dumps(name, ensure_ascii=False) if owner == "values" and name not in _OF_KNOWN_VALUE else _key(name)


def _key(name: str | int) -> str:
    if isinstance(name, int):  # a status code
        return str(name)
    return name if _KEY.fullmatch(name) and name.lower() not in _AMBIGUOUS else json.dumps(name, ensure_ascii=False)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _scalar(value: Any, key: str, *, in_flow: bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if not isinstance(value, str):
        raise TypeError(f"the catalogue holds no value of type {type(value).__name__}")
    pattern = _PLAIN if in_flow else _PLAIN_IN_BLOCK
    plain = (
        pattern.fullmatch(value)
        and value.lower() not in _AMBIGUOUS
        and value == value.strip()
        and not value.endswith(":")
    )
    return value if plain and key not in _QUOTED_STRINGS else json.dumps(value, ensure_ascii=False)
