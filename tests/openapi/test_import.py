"""What an import brings into the catalogue, what a second one adds, asks and leaves alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from connectgen.catalogue.loader import load_catalogue
from connectgen.importer.openapi.known import Known
from connectgen.importer.openapi.type_names import TypeNames
from connectgen.importer.releases import name_of_release
from connectgen.resolver import surface_at
from openapi.importing import SHED, changed, contents, read, run, tools, types
from support.command import ROOT, connectgen, environment, generate_arguments


def test_operations(catalogue: Path) -> None:
    run(catalogue)
    listed = tools(catalogue)["/shed/tools"]
    assert listed["since"] == 31.0
    assert listed["operations"]["GET"] == {
        "name": "list",
        "summary": "Read: Get tools.",
        "xml": False,
        "parameters": {
            "limit": {"type": "Integer", "default": 20, "minimum": 1, "maximum": 250},
            "offset": "Long",
            "kind": {"type": "String", "required": True, "since": 32.0, "values": ["Rake", "Saw", "No"]},
            "sort": {"type": "String", "default": "Name"},
            "X-Shed": {"type": "String", "in": "header"},
        },
        "returns": "ToolCollection",
        "pagination": {"style": "next-url", "items": "tools", "next": "nextPageUrl", "size": "limit", "total": "total"},
    }
    assert listed["operations"]["POST"]["body"] == "ToolInput"  # it has a required property, so it is required
    assert listed["operations"]["POST"]["status"] == [201]
    assert "xml" not in listed["operations"]["POST"]


def test_head_without_content_is_answered_200_as_everywhere(catalogue: Path, tmp_path: Path) -> None:
    written = '    head: {description: "Available in: 31.0", responses: {"200": {description: There}}}\n'
    run(
        catalogue,
        changed(
            tmp_path, ("    post:\n      summary: Create tool\n", f"{written}    post:\n      summary: Create tool\n")
        ),
    )
    head = tools(catalogue)["/shed/tools"]["operations"]["HEAD"]
    assert "status" not in head
    assert "returns" not in head


def test_one_address_with_two_names_is_one_resource(catalogue: Path) -> None:
    run(catalogue)
    assert [*tools(catalogue)["/shed/tools/{toolId}"]["operations"]] == ["GET", "DELETE"]


def test_multipart_and_binary(catalogue: Path) -> None:
    run(catalogue)
    (photo,) = read(catalogue, "resources/shed/photos.yaml")["resources"]
    assert photo["operations"]["PUT"] == {
        "name": "replace",
        "summary": "Replace: Replace photo.",
        "xml": False,
        "body": {"type": "ToolInput", "required": False},
        "parts": {"photo": {"required": True}},
        "json_part": "about",
        "returns": "Binary",
        "batch": False,
    }


def test_types(catalogue: Path) -> None:
    run(catalogue)
    found = types(catalogue)
    assert found["ToolBase"] == {
        "summary": "Tool Base Output.",
        "schema": "ToolBase",
        "discriminator": {"property": "kind", "values": {"Saw": "Saw", "Rake": "ShedRake"}, "fallback": "ToolBase"},
        "properties": {
            "kind": {"type": "String", "since": 31.0, "group": "Small", "values": ["Rake", "Saw"]},
            "bought": {"type": "Date", "since": 32.0, "until": 32.0},
            "owner": {"type": "String", "until": 32.0},
            "beside": "ToolBase",
        },
    }
    assert found["Saw"]["extends"] == "ToolBase"
    assert found["Saw"]["properties"] == {"teeth": "Long", "blades": "map<Double>"}
    assert found["ShedRake"]["properties"]["size"] == "RakeSize"  # Rake is a type of another family already
    assert "width" not in found["ShedRake"]["properties"]  # of a version that is still to come
    assert found["ShedRake"]["properties"]["free"]["type"] == "Any"
    assert found["ToolInput"]["properties"] == {
        "name": {"type": "String", "required": True, "max_length": 80},
        "kind": {
            "type": "String", "required": {"POST": True, "PATCH": True}, "values": ["Rake", "Saw"], "default": "Rake"
        },
        "parts": {"type": "list<PartInput>", "max_items": 5},
        "note": "String | PartInput",
    }  # fmt: skip


def test_a_type_that_tells_its_base_anew_stands_on_its_own(catalogue: Path, tmp_path: Path) -> None:
    width = "            width: {type: number"
    run(catalogue, changed(tmp_path, (width, f"            kind: {{type: string, enum: [Rake]}}\n{width}")))
    rake = types(catalogue)["ShedRake"]
    assert "extends" not in rake
    assert [*rake["properties"]] == ["kind", "bought", "owner", "beside", "size", "free"]
    assert rake["properties"]["kind"] == {"type": "String", "values": ["Rake"]}
    for name in ("resources", "types"):
        for path in (catalogue / name / "shed").glob("*"):
            path.unlink()
    run(catalogue, changed(tmp_path, (width, f"            kind: {{type: string, enum: [Rake, Saw]}}\n{width}")))
    rake = types(catalogue)["ShedRake"]
    assert rake["extends"] == "ToolBase"
    assert [*rake["properties"]] == ["size", "free"]


def test_json_reads_the_same(catalogue: Path, tmp_path: Path) -> None:
    run(catalogue)
    by_yaml = contents(catalogue)
    value = yaml.safe_load(SHED.read_text(encoding="utf-8").replace("Rake, Saw, No", 'Rake, Saw, "No"'))
    value["info"]["title"] = "Shed \U0001f6d6 with a\ttab"
    file = tmp_path / "shed.json"
    file.write_text(json.dumps(value, indent="\t"), encoding="utf-8")
    for name in [name for name in by_yaml if "/shed/" in name]:
        (catalogue / name).unlink()
    run(catalogue, file)
    assert contents(catalogue) == by_yaml


def test_31_says_null_as_a_type(catalogue: Path, tmp_path: Path) -> None:
    run(catalogue)
    as_30 = types(catalogue)
    file = changed(
        tmp_path,
        ("openapi: 3.0.3", "openapi: 3.1.0"),
        ("total: {type: integer}", "total: {type: [integer, 'null']}"),
        ("teeth: {type: integer, format: int64}", "teeth: {anyOf: [{type: integer, format: int64}, {type: 'null'}]}"),
    )
    lines = run(catalogue, file)
    assert "0 files written" in lines
    assert types(catalogue) == as_30


def test_a_second_import_changes_and_asks_nothing(catalogue: Path) -> None:
    run(catalogue)
    before = contents(catalogue)
    lines = run(catalogue)
    assert lines[-1] == "0 files written"
    assert contents(catalogue) == before


def test_a_dry_run_writes_nothing(catalogue: Path) -> None:
    before = contents(catalogue)
    assert "4 files would be written" in run(catalogue, dry_run=True)
    assert contents(catalogue) == before


def test_persons_names_words_order_and_comments_stay(catalogue: Path, tmp_path: Path) -> None:
    run(catalogue)
    folder = catalogue / "types" / "shed"
    for path in [*folder.glob("*.yaml"), *(catalogue / "resources" / "shed").glob("*.yaml")]:
        text = (
            path.read_text(encoding="utf-8")
            .replace("ToolBase", "AnyTool")
            .replace("schema: AnyTool", "schema: ToolBase")
        )
        path.write_text(text, encoding="utf-8")
    file = catalogue / "resources" / "shed" / "garden_tools.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("name: list\n", "name: browse  # a person's name\n").replace(
        "offset: Long", "offset: Long  # odd"
    )
    file.write_text(text.replace('"Read: Get tools."', "List the shed's tools."), encoding="utf-8")
    before = contents(catalogue)
    assert run(catalogue)[-1] == "0 files written"
    assert contents(catalogue) == before
    more = changed(
        tmp_path,
        (
            "schema: {type: integer, format: int64}}",
            "schema: {type: integer, format: int64}}\n        - {name: colour, in: query, schema: {type: string}}",
        ),
    )
    assert "1 file written" in run(catalogue, more, accept=["additions"])
    after = file.read_text(encoding="utf-8")
    assert "name: browse  # a person's name\n" in after
    assert "offset: Long  # odd\n" in after
    assert 'colour: {type: String, since: 33.0, unsure: "importer: the file names no version"}' in after


def test_moved_groups_stay_where_they_are(catalogue: Path, tmp_path: Path) -> None:
    run(catalogue)
    folder = catalogue / "resources" / "shed"
    (folder / "garden_tools.yaml").rename(folder / "tools.yaml")
    more = changed(
        tmp_path, ('**Available Version:** 34.0"\n      parameters', '**Available Version:** 33.0"\n      parameters')
    )
    run(catalogue, more)
    assert not (folder / "garden_tools.yaml").exists()
    paths = [entry["path"] for entry in read(catalogue, "resources/shed/tools.yaml")["resources"]]
    assert paths == ["/shed/tools", "/shed/tools/{toolId}", "/shed/tools/{toolId}/actions/lend"]


def test_differences_are_asked(catalogue: Path, tmp_path: Path) -> None:
    run(catalogue)
    before = contents(catalogue)
    file = changed(
        tmp_path, ("total: {type: integer}", "total: {type: string}"), ("enum: [Rake, Saw, No]", "enum: [Rake]")
    )
    lines = run(catalogue, file)
    assert "2 questions:" in lines
    assert "  ToolCollection total: type is Integer here, the source says String" in lines
    assert "  /shed/tools GET kind: the source does not list the values Saw, No" in lines
    assert contents(catalogue) == before


def test_a_correction_stays(catalogue: Path, tmp_path: Path) -> None:
    run(catalogue)
    file = catalogue / "types" / "shed" / "garden_tools.yaml"
    corrected = "total: {type: Long, was: {type: Integer}, because: there are many}"
    file.write_text(file.read_text(encoding="utf-8").replace("total: Integer", corrected), encoding="utf-8")
    lines = run(catalogue)
    assert "1 correction kept" in lines
    assert not any("question" in line for line in lines)
    lines = run(catalogue, changed(tmp_path, ("total: {type: integer}", "total: {type: string}")))
    assert any("was corrected from Integer to Long, but the source now says String" in line for line in lines)


def test_what_is_new_without_a_version_is_asked_about(catalogue: Path, tmp_path: Path) -> None:
    run(catalogue)
    more = changed(
        tmp_path, ("nextPageUrl: {type: string", "colour: {type: string}\n        nextPageUrl: {type: string")
    )
    before = contents(catalogue)
    assert "  ToolCollection colour: is new here, and the source gives no version" in run(catalogue, more)
    assert contents(catalogue) == before
    run(catalogue, more, accept=["additions"])
    assert types(catalogue)["ToolCollection"]["properties"]["colour"] == {
        "type": "String",
        "since": 33.0,
        "unsure": "importer: the file names no version",
    }
    assert run(catalogue, more)[-1] == "0 files written"


NEXT = (('version: "33.0"', 'version: "34.0"'),)


def test_a_release_brings_what_was_announced(catalogue: Path, tmp_path: Path) -> None:
    run(catalogue)
    comment = (catalogue / "releases.yaml").read_text(encoding="utf-8").splitlines()[1]
    file = changed(tmp_path, *NEXT, ("enum: [Rake, Saw]\n        bought", "enum: [Rake, Saw, Hoe]\n        bought"))
    lines = run(catalogue, file, release=34, accept=["additions"])
    assert "3 files written" in lines
    releases = (catalogue / "releases.yaml").read_text(encoding="utf-8")
    assert releases.splitlines()[1] == comment
    assert releases.splitlines()[-1] == '  - {version: 34.0, name: "Summer \'15", status: supported}'
    assert tools(catalogue)["/shed/tools/{toolId}/actions/lend"]["since"] == 34.0
    assert types(catalogue)["ShedRake"]["properties"]["width"] == {"type": "Double", "since": 34.0}
    assert types(catalogue)["ToolBase"]["properties"]["kind"]["values"] == [
        "Rake",
        "Saw",
        {"value": "Hoe", "since": 34.0},
    ]
    surface = surface_at(load_catalogue(catalogue), 34)
    assert "lend" in {one.name for group in surface.groups if group.family == "shed" for one in group.operations}
    before = contents(catalogue)
    assert run(catalogue, file, release=34)[-1] == "0 files written"
    assert contents(catalogue) == before


def test_what_is_gone_ends_only_where_the_file_is_complete(catalogue: Path, tmp_path: Path) -> None:
    run(catalogue)
    file = changed(
        tmp_path,
        *NEXT,
        ("        total: {type: integer}\n", ""),
        ("        - {name: offset, in: query, schema: {type: integer, format: int64}}\n", ""),
        ("  /shed/tools/{toolIdOrName}:\n    delete:", "  /shed/tools/{toolIdOrName}:\n    x-delete:"),
        ("  /shed/tools/{toolId}/photo:\n", "  x-photo:\n"),
        ("enum: [Rake, Saw]\n        bought", "enum: [Rake]\n        bought"),
    )
    before = contents(catalogue)
    lines = run(catalogue, file, release=34, dry_run=True)
    assert not any("ended" in line for line in lines)
    assert contents(catalogue) == before
    lines = run(catalogue, file, release=34, complete=True)
    assert "5 entries and facts ended:" in lines
    assert tools(catalogue)["/shed/tools"]["operations"]["GET"]["parameters"]["offset"] == {
        "type": "Long",
        "until": 33.0,
    }
    assert tools(catalogue)["/shed/tools/{toolId}"]["operations"]["DELETE"]["until"] == 33.0
    assert read(catalogue, "resources/shed/photos.yaml")["resources"][0]["until"] == 33.0
    assert types(catalogue)["ToolCollection"]["properties"]["total"] == {"type": "Integer", "until": 33.0}
    assert types(catalogue)["ToolBase"]["properties"]["kind"]["values"] == ["Rake", {"value": "Saw", "until": 33.0}]
    load_catalogue(catalogue)
    before = contents(catalogue)
    assert run(catalogue, file, release=34, complete=True)[-1] == "0 files written"
    assert contents(catalogue) == before


def test_a_persons_entry_is_not_ended_without_asking(catalogue: Path, tmp_path: Path) -> None:
    run(catalogue)
    path = catalogue / "types" / "shed" / "garden_tools.yaml"
    text = path.read_text(encoding="utf-8").replace("total: Integer", "total: {type: Integer, because: it is there}")
    path.write_text(text, encoding="utf-8")
    file = changed(tmp_path, *NEXT, ("        total: {type: integer}\n", ""))
    run(catalogue, file, release=34, complete=True)
    assert "until" not in types(catalogue)["ToolCollection"]["properties"]["total"]


def test_what_a_person_left_out_stays_out(catalogue: Path) -> None:
    run(catalogue)
    path = catalogue / "types" / "shed" / "garden_tools.yaml"
    text = path.read_text(encoding="utf-8").replace("      total: Integer\n", "")
    path.write_text(
        text.replace("types:\n", "omitted: {ToolCollection.total: never sent}\ntypes:\n", 1), encoding="utf-8"
    )
    before = contents(catalogue)
    run(catalogue)
    assert contents(catalogue) == before


def test_other_families_are_left_alone(catalogue: Path, tmp_path: Path) -> None:
    before = contents(catalogue)
    run(catalogue)
    run(catalogue, changed(tmp_path, *NEXT), release=34, complete=True)
    after = contents(catalogue)
    assert {name: after[name] for name in before if name != "releases.yaml"} == {
        name: text for name, text in before.items() if name != "releases.yaml"
    }


@pytest.mark.parametrize(
    ("version", "name"),
    [(30, "Spring '14"), (32, "Winter '15"), (67, "Summer '26"), (68, "Winter '27"), (69, "Spring '27")],
)
def test_names_of_releases(version: int, name: str) -> None:
    assert name_of_release(version) == name


def test_a_variant_that_only_a_person_told_apart(catalogue: Path, tmp_path: Path) -> None:
    """Nothing in the file tells the variants of a union apart; what a variant refers to is reached all the same."""
    rack = """\
    Rack:
      allOf:
        - oneOf: [{$ref: "#/components/schemas/Wide"}, {$ref: "#/components/schemas/Deep"}]
          properties: {built: {type: string}}
    Wide: {allOf: [{$ref: "#/components/schemas/Rack"}]}
    Deep:
      allOf:
        - {$ref: "#/components/schemas/Rack"}
"""
    board = """\
        - {properties: {board: {type: object, title: Board, properties: {length: {type: integer}}}}}
"""
    used = ("total: {type: integer}", "total: {type: integer}\n        rack: {$ref: '#/components/schemas/Rack'}")
    before = changed(tmp_path, ("    ToolCollection:\n", f"{rack}    ToolCollection:\n"), used)
    run(catalogue, before)
    assert types(catalogue)["ToolCollection"]["properties"]["rack"] == "Wide | Deep | Rack"
    path = catalogue / "types" / "shed" / "garden_tools.yaml"
    text = path.read_text(encoding="utf-8").replace("rack: Wide | Deep | Rack", "rack: Rack")
    told = 'discriminator: {property: built, values: {"w": Wide, "d": Deep}}'
    path.write_text(text.replace("    schema: Rack\n", f"    schema: Rack\n    {told}\n"), encoding="utf-8")
    state = contents(catalogue)
    assert run(catalogue, before)[-1] == "0 files written"
    assert contents(catalogue) == state
    wider = changed(tmp_path, ("    ToolCollection:\n", f"{rack}{board}    ToolCollection:\n"), used)
    # Without properties it was in every version; with its first one it begins there: that is a change of the past.
    run(catalogue, wider, accept=["additions"], allow_changes=["Deep", "Rack"])
    assert types(catalogue)["Deep"]["properties"]["board"] == {
        "type": "Board",
        "since": 33.0,
        "unsure": "importer: the file names no version",
    }
    assert "  Board:\n" in path.read_text(encoding="utf-8")
    load_catalogue(catalogue)


def test_a_release_becomes_a_client(catalogue: Path, tmp_path: Path) -> None:
    """From a file to a package that imports, by the commands that a maintainer gives."""
    file = changed(tmp_path, *NEXT)
    arguments = ("--family", "shed", "--new-family", "--release", "34.0", "--catalogue", str(catalogue))
    done = connectgen("import", "openapi", str(file), *arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = connectgen(*generate_arguments(catalogue, tmp_path / "generated", "34.0"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    script = (
        "import inspect\n"
        "from sf_connect.v34 import API_VERSION, Connect, models\n"
        "client = Connect('https://acme.my.salesforce.com', token='t')\n"
        "print(API_VERSION, models.ShedRake.__name__, *inspect.signature(client.shed.garden_tools.list).parameters)\n"
    )
    paths = [ROOT / "core", tmp_path / "generated" / "sf-connect-v34"]
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(PYTHONPATH=os.pathsep.join(map(str, paths))),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "34.0 ShedRake kind limit offset sort x_shed options\n"


def test_names_of_types() -> None:
    """A title, else the schema's key; where that is taken, the key, then the family's name in front."""
    names = TypeNames(Known(taken={"Rake", "Saw"}), "shed")
    given = {
        ("HoeRepresentation", "Hoe Output", False): "Hoe",
        ("HoeRepresentation", "Hoe Output", True): "HoeInput",
        ("OldSaw", "Saw Output", False): "OldSaw",
        ("Rake", "", False): "ShedRake",
        ("rake", "", False): "ShedRake2",
        ("Rake/properties/size", "Rake Size", False): "RakeSize",
        ("AxeInput", "Axe Input", False): "Axe",
        ("NeilsTool", "Neil's Tool: Big", True): "NeilsToolBigInput",
    }
    for _ in range(2):  # asked again, the names are the same
        for (key, title, is_input), name in given.items():
            assert names.name(key, title, is_input=is_input) == name
