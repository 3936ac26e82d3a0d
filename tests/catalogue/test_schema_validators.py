"""The short ways of the schemas' validators: whatever a file holds, they find what plain jsonschema finds."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import yaml
from referencing import Registry, Resource

from catalogue.test_mutations import mutations
from connectgen.catalogue.schema_validators import validator_of
from connectgen.catalogue.yaml_reader import RefusedError, read_text
from support.command import ROOT

SCHEMAS = ROOT / "spec" / "schema"
FILES = {
    "releases": "releases.yaml",
    "status_codes": "status_codes.yaml",
    "notes": "notes.yaml",
    "resources": "resources/feeds/elements.yaml",
    "types": "types/feeds/elements.yaml",
    "enumerations": "enumerations/feeds.yaml",
}
MUTATIONS = 150


def plain_validator(schema_name: str) -> Any:
    """What jsonschema makes of the schemas as they are."""
    documents = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.schema.json")}
    registry = Registry[Any]().with_resources(
        [(name, Resource[Any].from_contents(document)) for name, document in documents.items()]
    )
    return jsonschema.Draft202012Validator(documents[f"{schema_name}.schema.json"], registry=registry)


def findings(validator: Any, value: Any) -> Iterator[tuple[object, ...]]:
    """Each error of a value: where, which keyword, the text, and the errors of the options behind it."""
    for error in sorted(
        validator.iter_errors(value), key=lambda error: (list(map(str, error.absolute_path)), error.message)
    ):
        behind = [(list(inner.absolute_path), inner.validator, inner.message) for inner in error.context]
        yield list(error.absolute_path), error.validator, error.message, behind


def beginning(text: str, plain: Any) -> str:
    """As many of the first lines as are valid for themselves."""
    lines = text.splitlines(keepends=True)[:70]
    while lines:
        try:
            if plain.is_valid(read_text("".join(lines))):
                return "".join(lines)
        except (RefusedError, yaml.YAMLError):
            pass
        lines.pop()
    raise AssertionError("no beginning is valid")


@pytest.mark.parametrize("kind", FILES)
def test_the_same_errors_as_plain_jsonschema(kind: str) -> None:
    text = (ROOT / "spec" / FILES[kind]).read_text(encoding="utf-8")
    plain, ours = plain_validator(kind), validator_of(SCHEMAS, kind)
    assert not list(ours.iter_errors(read_text(text)))
    source = mutations(beginning(text, plain), random.Random(14))
    broken = 0
    for _ in range(MUTATIONS):
        try:
            value = read_text(next(source))
        except (RefusedError, yaml.YAMLError):
            continue
        expected = list(findings(plain, value))
        broken += bool(expected)
        assert list(findings(ours, value)) == expected
    assert broken > MUTATIONS // 20
