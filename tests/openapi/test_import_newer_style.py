"""A file in the newest style of all: OpenAPI 3.1 as JSON, constants, null among the types, everything shared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectgen.importer.openapi.importing import ImportRequest, import_openapi
from connectgen.importer.short_files import ShortFiles


def at(name: str, kind: str = "schemas") -> dict[str, Any]:
    return {"$ref": f"#/components/{kind}/{name}"}


def json_of(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


SEED = {
    "kind": {**at("Kind"), "description": "Which kind."},
    "parent": {"anyOf": [at("Seed"), {"type": "null"}]},
    "weights": {"type": "object", "additionalProperties": {"type": "number"}},
    "tags": {"type": ["array", "null"], "items": {"type": "string"}},
    "flag": {"type": ["boolean", "string"]},
    "level": {"oneOf": [{"const": 1}, {"const": 2}, {"type": "null"}]},
    "mixed": {"oneOf": [{"const": 1}, {"const": "one"}]},
    "anything": True,
    "old": {"type": "string", "description": "Removed in version 34.0."},
    "fresh": {"type": "string", "description": "(Beta) Available in version 34.0 and later."},
}
FILE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Nursery", "version": "34.0.0"},
    "servers": [{"url": "https://{domain}/services/data/v34.0"}],
    "webhooks": {"grown": {"post": {"responses": {"200": {"description": "Heard."}}}}},
    "paths": {
        "/data/v34.0/nursery/{bed_id}/seeds": {
            "parameters": [at("bed", "parameters"), at("after", "parameters")],
            "get": {
                "tags": ["Global"],
                "summary": "Seeds (Beta)",
                "description": "Available in version 34.0 and later.",
                "parameters": [
                    {"name": "kinds", "in": "query", "schema": {"type": "array", "maxItems": 5, "items": at("Kind")}},
                    {"name": "filter", "in": "query", "content": json_of(at("Model"))},
                    {"name": "depth", "in": "query", "schema": {"type": "integer", "default": 0, "minimum": 1}},
                ],
                "responses": {"200": at("Seeds", "responses"), "default": {"description": "Failed."}},
            },
            "post": {
                "tags": ["Global"],
                "summary": "Plant",
                "description": "New in Summer '15.",
                "requestBody": at("Seed", "requestBodies"),
                "responses": {"201": {"description": "Planted.", "content": json_of(at("Seed"))}, "202": {}},
            },
        }
    },
    "components": {
        "parameters": {
            "bed": {"name": "bed_id", "in": "path", "required": True, "schema": {"type": "string"}},
            "after": {"name": "after", "in": "query", "schema": {"type": ["string", "null"], "format": "date-time"}},
        },
        "requestBodies": {"Seed": {"required": True, "content": json_of(at("Seed"))}},
        "responses": {"Seeds": {"description": "Seeds.", "content": json_of(at("SeedPage"))}},
        "schemas": {
            "Kind": {"oneOf": [{"const": "Tree", "title": "A tree"}, {"const": "Herb"}]},
            "Model": {"type": "object", "properties": {"text": {"type": "string"}}},
            "Root": {"type": "object", "properties": {"id": {"type": "string", "format": "Id"}}},
            "Middle": {"allOf": [at("Root")], "properties": {"name": {"type": ["string", "null"]}}},
            "Seed": {"allOf": [at("Middle"), {"type": "object", "properties": SEED}]},
            "SeedPage": {
                "type": "object",
                "properties": {"seeds": {"type": "array", "items": at("Seed")}, "model": at("Model")},
            },
        },
    },
}


@pytest.fixture
def imported(catalogue: Path, tmp_path: Path) -> Path:
    file = tmp_path / "nursery.json"
    file.write_text(json.dumps(FILE, indent=1), encoding="utf-8")
    given: dict[str, Any] = {"new_family": True, "release": 34, "report_file": tmp_path / "report.md"}
    list(import_openapi(ImportRequest(file=file, family="nursery", spec_dir=catalogue, **given)))
    return catalogue


def operations(catalogue: Path) -> dict[str, Any]:
    document = ShortFiles(catalogue).read("resources/nursery/group_global.yaml")
    (entry,) = document["resources"]
    assert entry["path"] == "/nursery/{bedId}/seeds"
    assert entry["parameters"] == {"bedId": "String"}
    return entry["operations"]


def types(catalogue: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in sorted((catalogue / "types" / "nursery").glob("*.yaml")):
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))["types"]
    return found


def test_what_is_shared_by_a_path_and_by_the_file_is_taken(imported: Path) -> None:
    """Under a group whose tag Python reserves."""
    get, post = (operations(imported)[method] for method in ("GET", "POST"))
    assert get["stage"] == "beta"
    assert "stage" not in post
    assert get["parameters"] == {
        "after": "DateTime",
        "kinds": {"type": "list<String>", "values": ["Tree", "Herb"], "max_items": 5},
        "filter": {
            "type": "String",
            "was": {"type": "ModelInput"},
            "unsure": "importer: the source has a type that only a body can hold",
        },
        "depth": {
            "type": "Integer",
            "default": 0,
            "minimum": 1,
            "unsure": "importer: the default is outside the limits",
        },
    }
    assert (post["body"], post["returns"], post["status"]) == ("SeedInput", "Seed", [201, 202])
    assert post["parameters"] == {"after": "DateTime"}


def test_constants_null_and_chains_of_bases_are_understood(imported: Path) -> None:
    found = types(imported)
    assert found["Seed"]["extends"] == "Middle"
    assert found["Middle"] == {
        "summary": "Middle.",
        "schema": "Middle",
        "extends": "Root",
        "properties": {"name": "String"},
    }
    assert found["NurseryModel"]["schema"] == "Model"  # a name that the generated code needs itself
    untold = {"type": "Any", "because": "importer: the page leaves the type open"}
    assert found["Seed"]["properties"] == {
        "kind": {"type": "String", "values": ["Tree", "Herb"]},
        "parent": "Seed",
        "weights": "map<Double>",
        "tags": "list<String>",
        "flag": "Boolean | String",
        "level": "Integer",
        "mixed": untold,
        "anything": untold,
        "old": {"type": "String", "until": 33.0},
        "fresh": {"type": "String", "since": 34.0},
    }


def test_calls_to_others_are_in_the_report(imported: Path, tmp_path: Path) -> None:
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "- `document webhooks`: left out (line 12): calls to others are no operations of this API" in text
