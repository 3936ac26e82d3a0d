"""A `$ref` is a URI reference: its fragment is decoded before it is read as a JSON pointer (RFC 6901, section 6)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectgen.importer.openapi.document import SourceError
from connectgen.importer.openapi.importing import ImportRequest, import_openapi
from openapi.importing import read, types

FILE = """\
openapi: 3.0.3
info: {title: x, version: "33.0"}
paths:
  /garden/tools/{toolId}:
    parameters: [{name: toolId, in: path, required: true, schema: {type: string, format: Id}}]
    get:
      tags: [Tools]
      x-since: "33.0"
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "%s"}}}}}
  /garden/tools/{toolId}/copies:
    parameters: [{$ref: "%s"}]
    get: {tags: [Tools], x-since: "33.0", responses: {"204": {description: ok}}}
components:
  schemas:
    "%s": {type: object, title: Tool, properties: {id: {type: string}}}
"""
PARAMETER = "#/paths/~1garden~1tools~1%7BtoolId%7D/parameters/0"


def _imported(catalogue: Path, reference: str, name: str, parameter: str = PARAMETER) -> str:
    """Imports a file whose only schema has a name; gives the report."""
    file, report = catalogue.parent / "file.yaml", catalogue.parent / "report.md"
    file.write_text(FILE % (reference, parameter, name), encoding="utf-8")
    request: dict[str, Any] = {"file": file, "family": "shed", "spec_dir": catalogue, "report_file": report}
    list(import_openapi(ImportRequest(**request, new_family=True)))
    return report.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["%7BtoolId%7D", "%7btoolId%7d", "{toolId}", "%7BtoolI%64}"])
def test_a_placeholder_may_be_written_with_percent_signs(catalogue: Path, name: str) -> None:
    _imported(catalogue, "#/components/schemas/Tool", "Tool", f"#/paths/~1garden~1tools~1{name}/parameters/0")
    found = {entry["path"]: entry for entry in read(catalogue, "resources/shed/tools.yaml")["resources"]}
    assert found["/garden/tools/{toolId}/copies"]["parameters"] == {"toolId": "Id"}


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("%54ool", "Tool"),
        ("Our%20Tool", "Our Tool"),
        ("Our%C3%9CTool", "OurÜTool"),
        ("Our~1Tool", "Our/Tool"),
        ("Our%7E1Tool", "Our/Tool"),
        ("Our~0Tool", "Our~Tool"),
        ("Our%2520Tool", "Our%20Tool"),
        ("Our%20Tool", "Our%20Tool"),  # some tools write what is in a name as it is
        ("100%Tool", "100%Tool"),
        ("100%25Tool", "100%Tool"),
        ("%zzTool%", "%zzTool%"),
        ("%FFTool", "%FFTool"),
    ],
)
def test_a_schema_of_any_name_is_referred_to(catalogue: Path, reference: str, name: str) -> None:
    report = _imported(catalogue, f"#/components/schemas/{reference}", name)
    assert [[*one["properties"]] for one in types(catalogue).values()] == [["id"]]
    assert "1 of 1 schemas" in report
    assert "nothing that was taken refers to it" not in report


def test_the_slashes_of_a_pointer_may_be_written_so_too(catalogue: Path) -> None:
    _imported(catalogue, "#%2Fcomponents%2Fschemas/Tool", "Tool")
    assert len(types(catalogue)) == 1


@pytest.mark.parametrize("reference", ["%54oo", "%zz", "%", "Tool%2", "Tool%00", "%FF", "Tool%2Fid"])
def test_what_leads_nowhere_is_named_as_the_file_has_it(catalogue: Path, reference: str) -> None:
    with pytest.raises(SourceError) as refused:
        _imported(catalogue, f"#/components/schemas/{reference}", "Tool")
    assert f":9: the reference '#/components/schemas/{reference}' leads nowhere; " in str(refused.value)


@pytest.mark.parametrize("index", ["1", "9" * 5_000, "-1", "²"])
def test_an_index_that_no_list_has_leads_nowhere(catalogue: Path, index: str) -> None:
    with pytest.raises(SourceError, match="leads nowhere"):
        _imported(catalogue, "#/components/schemas/Tool", "Tool", f"{PARAMETER[:-1]}{index}")


def test_a_discriminators_mapping_holds_references_and_names(catalogue: Path) -> None:
    file = catalogue.parent / "file.yaml"
    variant = "{allOf: [{$ref: '#/components/schemas/Tool'}, {type: object, properties: {%s: {type: string}}}]}"
    kinds = "{propertyName: kind, mapping: {Saw: '#/components/schemas/Big%20Saw', Axe: 'Big%20Axe'}}"
    text = FILE % ("#/components/schemas/Tool", PARAMETER, "Unused")
    schemas = (
        f"    Tool: {{type: object, title: Tool, discriminator: {kinds}, properties: {{kind: {{type: string}}}}}}\n"
        f"    'Big Saw': {variant % 'teeth'}\n    'Big%20Axe': {variant % 'edge'}\n"
    )
    file.write_text(text + schemas, encoding="utf-8")
    list(import_openapi(ImportRequest(file=file, family="shed", spec_dir=catalogue, new_family=True)))
    tool = next(one for one in types(catalogue).values() if "discriminator" in one)
    properties = {
        value: [*types(catalogue)[name]["properties"]] for value, name in tool["discriminator"]["values"].items()
    }
    assert properties == {"Saw": ["teeth"], "Axe": ["edge"]}
