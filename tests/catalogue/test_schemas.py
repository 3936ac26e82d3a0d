"""The schemas are what an editor shows: each key has a description, and the page of the format names the same keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from support.command import ROOT

SCHEMAS = {path.name: json.loads(path.read_text("utf-8")) for path in (ROOT / "spec" / "schema").glob("*.json")}
PAGE = (ROOT / "docs" / "catalogue-format.md").read_text(encoding="utf-8")


def target(reference: str, file: str) -> Any:
    """The schema that a reference means."""
    name, _, pointer = reference.partition("#/")
    found = SCHEMAS[name or file]
    for step in pointer.split("/"):
        found = found[step]
    return found


def described(schema: Any, file: str) -> bool:
    """Whether an editor has something to show of a key: a description of its own, or that of what it refers to."""
    if "description" in schema:
        return True
    return "$ref" in schema and described(target(schema["$ref"], file), schema["$ref"].partition("#")[0] or file)


def keys(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every key that a schema defines, with where it is."""
    if isinstance(schema, dict):
        for name, inner in schema.get("properties", {}).items():
            if isinstance(inner, dict):  # else it is a key called properties that a schema describes
                yield f"{path}.{name}", inner
        for name, inner in schema.items():
            yield from keys(inner, f"{path}.{name}")
    elif isinstance(schema, list):
        for inner in schema:
            yield from keys(inner, path)


def test_every_key_has_a_description() -> None:
    found = [(file, path, key) for file, schema in SCHEMAS.items() for path, key in keys(schema)]
    assert len(found) > 120
    assert [f"{file}{path}" for file, path, key in found if not described(key, file)] == []


def table(heading: str) -> set[str]:
    """The keys in the first column of the first table after a text of the page."""
    after = PAGE.partition(heading)[2]
    rows = re.findall(r"(?:^\|.*\n)+", after, re.MULTILINE)[0].splitlines()[2:]
    return {key for row in rows for key in re.findall(r"`([A-Za-z_]+)`", row.split("|")[1])}


NOTES = {"was", "because", "unsure", "source"}


@pytest.mark.parametrize(
    ("heading", "reference"),
    [
        ("A resource:\n", "resources.schema.json#/$defs/resource"),
        ("An operation:\n", "resources.schema.json#/$defs/operationKeys"),
        ("`pagination` has these keys", "resources.schema.json#/$defs/operationKeys/properties/pagination"),
        ("## `spec/types/", "types.schema.json#/$defs/type"),
        ("## A value (property or parameter)", "common.schema.json#/$defs/valueKeys"),
        ("## `spec/enumerations/", "enumerations.schema.json#/$defs/enumeration"),
        ("## Notes that any fact may have", ""),
    ],
)
def test_the_page_names_the_keys_of_the_schema(heading: str, reference: str) -> None:
    shown = table(heading)
    if not reference:
        assert shown == NOTES
        return
    defined = set(target(reference, "")["properties"])
    if heading.startswith("## A value"):
        defined |= {"group", "secret"}
    assert shown == defined - NOTES
