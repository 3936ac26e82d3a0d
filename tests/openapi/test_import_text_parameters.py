"""What is sent as text brings no type: an object in the query, in a form field or in the path is a `String`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectgen.importer.openapi.importing import ImportRequest, import_openapi
from openapi.importing import contents, read, types

FILE = """\
openapi: 3.0.3
info: {title: x, version: "33.0"}
paths:
  /garden/tools:
    OPERATION
components:
  schemas:
    Filter: {type: object, properties: {a: {type: string}, inner: {$ref: "#/components/schemas/Inner"}}}
    Inner: {type: object, properties: {b: {type: string}}}
"""
SAID = 'tags: [Tools], description: "**Available Version:** 33.0"'
REF = '{$ref: "#/components/schemas/Filter"}'
DONE = 'responses: {"204": {description: Done}}'
QUERY = f"get: {{{SAID}, parameters: [{{name: filter, in: query, %s}}], {DONE}}}"
POST = f"post: {{{SAID}, requestBody: {{content: {{%s: {{schema: %s}}}}}}, {DONE}}}"
FORM = "application/x-www-form-urlencoded"
OPERATIONS = {
    "content": QUERY % f"content: {{application/json: {{schema: {REF}}}}}",
    "schema": QUERY % f"schema: {REF}",
    "list": QUERY % f"schema: {{type: array, items: {REF}}}",
    "in place": QUERY % f"schema: {{type: object, properties: {{inner: {REF}}}}}",
    "form": POST % (FORM, f"{{type: object, properties: {{filter: {REF}}}}}"),
}


def _imported(catalogue: Path, operation: str, **more: Any) -> str:
    """Imports the file with an operation; gives the report."""
    file, report = catalogue.parent / "file.yaml", catalogue.parent / "report.md"
    file.write_text(FILE.replace("OPERATION", operation), encoding="utf-8")
    request = {"file": file, "family": "shed", "spec_dir": catalogue, "new_family": True, "report_file": report, **more}
    list(import_openapi(ImportRequest(**request)))
    return report.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", OPERATIONS)
def test_an_object_that_is_sent_as_text_brings_no_type(catalogue: Path, kind: str) -> None:
    report = _imported(catalogue, OPERATIONS[kind])
    (entry,) = read(catalogue, "resources/shed/tools.yaml")["resources"]
    (operation,) = entry["operations"].values()
    assert operation["parameters"]["filter"]["type"] in ("String", "list<String>")
    assert types(catalogue) == {}
    for name in ("Filter", "Inner"):
        assert f"- `{name}`: left out (line " in report


def test_in_a_family_with_older_versions_nothing_is_refused(catalogue: Path) -> None:
    before = contents(catalogue / "types")
    _imported(catalogue, OPERATIONS["content"], family="garden", new_family=False)
    assert contents(catalogue / "types") == before
    taken = contents(catalogue)
    _imported(catalogue, OPERATIONS["content"], family="garden", new_family=False)
    assert contents(catalogue) == taken


def test_what_a_body_needs_too_is_taken(catalogue: Path) -> None:
    get = OPERATIONS["content"]
    report = _imported(catalogue, f"{get}\n    {POST % ('application/json', REF)}")
    assert types(catalogue).keys() == {"FilterInput", "InnerInput"}
    assert "nothing that was taken refers to it" not in report
