"""What public files have that is odd is taken as far as it can be, and what is left of it is in the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from connectgen.importer.openapi.importing import ImportRequest, import_openapi
from connectgen.importer.short_files import ShortFiles

DEEP = "{type: array, items: " * 12 + "{type: string}" + "}" * 12
FAR = "a" * 60
NESTED = "{type: string}"
for name in ("end", FAR, FAR, FAR):
    NESTED = f"{{type: object, properties: {{{name}: {NESTED}}}}}"
ODD = f"""\
openapi: 3.1.0
info: {{title: Odd, version: "33.0"}}
paths:
  /{{key}}:
    get:
      parameters: [{{name: key, in: path, required: true, schema: {{type: string}}}}]
      responses: {{"200": {{content: {{application/json: {{schema: {{$ref: "#/components/schemas/Whole"}}}}}}}}}}
  /odd/{{id}}/{{action}}/{{id}}:
    put:
      parameters:
        - {{name: id, in: path, required: true, schema: {{type: string}}}}
        - {{name: action, in: path, required: true, schema: {{type: string}}}}
        - {{name: id, in: query, schema: {{type: string}}}}
        - {{name: sort, in: query, schema: {{type: object, properties: {{by: {{type: string}}}}}}}}
      requestBody:
        required: false
        content: {{application/json: {{schema: {{$ref: "#/components/schemas/Needing"}}}}}}
      responses:
        "202": {{content: {{application/json: {{}}}}}}
        "204": {{content: {{application/json: {{}}}}}}
  /odd/forms:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {{allOf: [{{type: object, properties: {{one: {{type: string}}}}}}, {{required: [one]}}]}}
      responses: {{"204": {{description: Done}}}}
components:
  schemas:
    Needing: {{type: object, required: [name], properties: {{name: {{type: string}}}}}}
    Whole:
      type: object
      properties:
        deep: {DEEP}
        far: {NESTED}
        when: {{oneOf: [{{type: string, format: date}}, {{type: string, format: date-time}}, {{type: integer}}]}}
        state: {{type: string, enum: [open, shut], default: none}}
"""


@pytest.fixture
def reported(catalogue: Path) -> list[str]:
    """The lines of the report of the import."""
    file, report = catalogue.parent / "odd.yaml", catalogue.parent / "report.md"
    file.write_text(ODD, encoding="utf-8")
    list(
        import_openapi(
            ImportRequest(
                file=file,
                family="odd",
                spec_dir=catalogue,
                new_family=True,
                report_file=report,
                accept=["additions"],
            )
        )
    )
    return report.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def resources(reported: list[str], catalogue: Path) -> dict[str, Any]:
    """The resources that were read, by path."""
    assert reported
    files = ShortFiles(catalogue)
    names = [f"resources/odd/{path.name}" for path in sorted((catalogue / "resources" / "odd").glob("*.yaml"))]
    return {entry["path"]: entry for name in names for entry in files.read(name)["resources"]}


def line_of(text: str) -> int:
    """The first line of the file that has a text."""
    return next(number for number, line in enumerate(ODD.splitlines(), 1) if text in line)


def test_a_path_may_be_a_placeholder_alone(resources: dict[str, Any]) -> None:
    assert resources["/{key}"]["operations"]["GET"]["returns"] == "Whole"


def test_what_one_part_of_a_form_needs_may_be_a_property_of_another(resources: dict[str, Any]) -> None:
    fields = resources["/odd/forms"]["operations"]["POST"]["parameters"]
    assert fields == {"one": {"type": "String", "in": "form", "required": True}}


def test_a_placeholder_that_occurs_twice_is_named_after_the_one_before_it(resources: dict[str, Any]) -> None:
    assert set(resources) == {"/{key}", "/odd/{id}/{action}/{actionId}", "/odd/forms"}


def test_a_parameter_with_the_name_of_a_placeholder_is_left_out(resources: dict[str, Any], reported: list[str]) -> None:
    assert set(resources["/odd/{id}/{action}/{actionId}"]["operations"]["PUT"]["parameters"]) == {"sort"}
    line = line_of("name: id, in: query")
    assert f"- `parameter name`: left out (line {line}): a placeholder of the path has the name" in reported


def test_a_parameter_that_is_an_object_is_a_text_and_reported(resources: dict[str, Any], reported: list[str]) -> None:
    assert resources["/odd/{id}/{action}/{actionId}"]["operations"]["PUT"]["parameters"]["sort"]["type"] == "String"
    line = line_of("name: sort")
    assert (
        f"- `parameter schema`: left out (line {line}): a parameter or a field is sent as a text, which says no more"
        in reported
    )


def test_a_body_that_is_said_to_be_optional_is_optional(resources: dict[str, Any]) -> None:
    body = resources["/odd/{id}/{action}/{actionId}"]["operations"]["PUT"]["body"]
    assert body == {"type": "NeedingInput", "required": False}


def test_content_without_a_schema_is_reported(reported: list[str]) -> None:
    line = line_of('"202"')
    assert f"- `response content`: left out (line {line}): JSON without a schema: what it holds is not said" in reported
    assert any("responds with 204, which has no content, with content" in one for one in reported)


def test_a_name_that_would_be_too_long_is_cut(reported: list[str], catalogue: Path) -> None:
    assert reported
    text = "".join(path.read_text(encoding="utf-8") for path in (catalogue / "types" / "odd").glob("*.yaml"))
    types = yaml.safe_load(text)["types"]
    named, steps = "Whole", ["far", FAR, FAR, FAR]
    for step in steps:
        named = types[named]["properties"][step]
        assert len(named) <= 160
    assert types[named]["properties"] == {"end": "String"}


def test_values_that_the_catalogue_cannot_say_are_taken_as_far_as_it_can(reported: list[str], catalogue: Path) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (catalogue / "types" / "odd").glob("*.yaml"))
    whole = yaml.safe_load(text)["types"]["Whole"]["properties"]
    assert whole["deep"]["type"] == "list<" * 4 + "Any" + ">" * 4
    assert whole["when"] == "String | Integer"
    assert whole["state"] == {"type": "String", "values": ["open", "shut"]}
    assert any("nested deeper than 8 levels: what is inside of them is Any" in one for one in reported)
    assert any("is Date or DateTime or Integer, of which some are texts: a String" in one for one in reported)
    line = line_of("default: none")
    assert f"- `schema default`: left out (line {line}): it is none of the values that are listed" in reported
