"""What a file in another vendor's manner says stands in the catalogue, or in the report with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from connectgen.importer.openapi.document import SourceError
from connectgen.importer.openapi.importing import ImportRequest, import_openapi
from connectgen.importer.short_files import ShortFiles
from support.command import ROOT

ORDERS = ROOT / "tests" / "fixtures" / "openapi" / "orders.yaml"


def bring(catalogue: Path, file: Path = ORDERS, **more: Any) -> list[str]:
    given = {"family": "orders", "new_family": True, "accept": ["additions"], **more}
    return list(import_openapi(ImportRequest(file=file, spec_dir=catalogue, **given)))


@pytest.fixture
def imported(catalogue: Path) -> Path:
    bring(catalogue, report_file=catalogue.parent / "report.md")
    return catalogue


@pytest.fixture
def operations(imported: Path) -> dict[str, Any]:
    """Every operation by method and path."""
    document = ShortFiles(imported).read("resources/orders/orders.yaml")
    return {
        f"{method} {entry['path']}": operation
        for entry in document["resources"]
        for method, operation in entry["operations"].items()
    }


@pytest.fixture
def types(imported: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in sorted((imported / "types" / "orders").glob("*.yaml")):
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))["types"]
    return found


@pytest.fixture
def reported(imported: Path) -> list[str]:
    """What the report says was decided on the way."""
    report = (imported.parent / "report.md").read_text(encoding="utf-8")
    return report.split("## Decided on the way")[1].split("\n## ")[0].strip().splitlines()


LINES = ORDERS.read_text(encoding="utf-8").splitlines()


def line(text: str) -> int:
    """The first line of the file that has a text."""
    return next(number for number, one in enumerate(LINES, 1) if text in one)


def reasons_of(reported: list[str], place: str) -> list[str]:
    return [line.removeprefix(f"- `{place}`: ") for line in reported if line.startswith(f"- `{place}`: ")]


def test_parameters(operations: dict[str, Any], reported: list[str]) -> None:
    assert operations["GET /orders"]["parameters"] == {
        "ids": {"type": "list<String>", "style": "repeated"},
        "states": {"type": "list<String>", "style": "commas", "values": ["open", "shut"]},
        "piped": "list<String>",
        "filter[name]": "String",
        "accept": "String",
        "trace": "String",
    }
    assert reasons_of(reported, "parameter style") == [
        f"left out (line {line('piped')}): a list is sent with commas, or once for each item"
    ]
    assert reasons_of(reported, "header Accept") == [
        f"left out (line {line('Accept, in: header')}): the client sends it itself"
    ]
    assert reasons_of(reported, "parameter name") == [
        f"left out (line {line('trace, in: header')}): another parameter of the operation has the name"
    ]
    assert reasons_of(reported, "parameter in path") == [
        f"left out (line {line('nowhere')}): the path has no placeholder of that name"
    ]
    assert reasons_of(reported, "GET /orders") == ["'a b' cannot be the name of a parameter; left out"]
    assert reasons_of(reported, "parameter in") == [
        f"left out (line {line('matrix')}): 'matrix' is no place of OpenAPI"
    ]
    assert reasons_of(reported, "schema default")[0].endswith("in a path: a placeholder is always filled")
    assert reasons_of(reported, "/orders/{orderId}") == [
        f"the placeholder orderId is Integer in line {line('schema: {type: integer}}]')}, but String was taken"
    ]


def test_results(operations: dict[str, Any], types: dict[str, Any], reported: list[str]) -> None:
    assert operations["GET /orders"]["returns"] == operations["GET /orders/{orderId}"]["returns"] == "Order"
    post = operations["POST /orders"]
    first, second = post["returns"].split(" | ")
    assert [set(types[name]["properties"]) for name in (first, second)] == [{"old"}, {"made"}]
    assert post["status"] == [200, 201]
    assert (operations["PATCH /orders/{orderId}"]["returns"], operations["GET /orders/all"]["returns"]) == (
        "Binary", "String",
    )  # fmt: skip
    assert "returns" not in operations["POST /orders/{orderId}/notes"]
    assert reasons_of(reported, "response 404") == [
        f"left out (line {line('404')}): an error is an exception by its status, and keeps its body"
    ]
    assert reasons_of(reported, "response default")[0].startswith(f"left out (line {line('default')})")
    assert reasons_of(reported, "response values") == [
        f"left out (line {line('enum: [a, b]')}): of a whole response the catalogue has the type alone"
    ]
    get, patch = reasons_of(reported, "GET /orders/{order-id}"), reasons_of(reported, "PATCH /orders/{order-id}")
    assert "its response 2XX is taken for 200, the only success that is listed" in get
    assert "responds with text/plain too; JSON is what the client asks for" in get
    assert "responds with text/csv: the client gives it as bytes" in patch
    assert (
        reasons_of(reported, "POST /orders/{order-id}")[-1]
        == "lists no success; it is taken to respond without content"
    )
    assert "responds with application/xml alone, which the client does not ask for; left out" in reasons_of(
        reported, "POST /orders/{order-id}/notes"
    )


def test_bodies(operations: dict[str, Any], reported: list[str]) -> None:
    patch = operations["PATCH /orders/{orderId}"]
    assert (patch["body"], patch["json_part"], patch["parts"]) == (
        {"type": "OrdersNoteInput", "required": False}, "note", {"scans": {"required": True}},
    )  # fmt: skip
    said_of_patch = reasons_of(reported, "PATCH /orders/{order-id}")
    assert "its part scans may be several files; one was taken" in said_of_patch
    assert "its fields title go beside a body, which the catalogue cannot say; left out" in said_of_patch
    form = operations["POST /orders/{orderId}"]["parameters"]
    assert {name: (fact["type"], fact["in"]) for name, fact in form.items()} == {
        "properties": ("String", "form"), "words": ("list<String>", "form"),
    }  # fmt: skip
    assert f"'b c' (line {line('b c')}) cannot be the name of a field; left out" in reasons_of(
        reported, "POST /orders/{order-id}"
    )
    notes = operations["POST /orders/{orderId}/notes"]
    assert "json_part" not in notes
    assert any("without a file" in one for one in reasons_of(reported, "POST /orders/{order-id}/notes"))
    assert reasons_of(reported, "POST /orders") == ["takes text/csv too, which the client does not send; left out"]
    assert operations["PUT /orders"]["body"] == {"type": "list<String>", "required": False}
    assert reasons_of(reported, "body max_items") == [
        f"left out (line {line('maxItems: 9')}): of a whole body the catalogue has the type alone"
    ]
    assert reasons_of(reported, "DELETE /orders/all/") == ["a DELETE has no body; left out"]


def test_properties(types: dict[str, Any], reported: list[str]) -> None:
    order = types["Order"]["properties"]
    assert set(types[order.pop("size")]["properties"]) == {"height"}  # the later of the two that the file has
    assert types[order.pop("further")]["properties"] == {"a": "String"}
    assert order.pop("odd")["type"] == "Any"
    assert order == {
        "state": {"type": "String", "default": "open", "values": ["open", "shut", "3", "true"]},
        "perhaps": {"type": "String", "values": ["x", "y"], "max_length": 7},
        "either": {"type": "String", "values": ["p", "q"]},
        "level": "Integer",
        "sex": {"type": "String", "values": ["male", "female"]},
        "big": {"type": "Long", "maximum": 9000000000},
        "huge": "Long",
        "bytes": "String",
        "list": "list<String>",
        "table": "map<String>",
        "long": {"type": "String", "values": ["a value that is long"]},
    }
    for place, reason in {
        "schema enum": "only texts can be known values",
        "schema format": "binary inside of JSON: JSON has no bytes, so it is a String",
        "schema maximum": "a limit of numbers that are of the value's size",
        "schema maxLength": "a limit of a String that its known values keep",
        "schema default": "the catalogue keeps a text, a number or a boolean of the value's own type",
        "schema additionalProperties": "beside properties: a class has those that are named",
        "schema type": "'file' is no type of OpenAPI: the value is Any",
        "schema required": "of a response: filters and versions may leave any property out",
    }.items():
        assert any(one.endswith(f": {reason}") for one in reasons_of(reported, place)), place
    assert {one.split("): ", 1)[1] for one in reasons_of(reported, "schema enum")} == {
        "only texts can be known values", "an empty text is no known value",
        "values are kept of a String and of a list of them",
    }  # fmt: skip
    assert "inside of items: only whole values have it" in " ".join(reasons_of(reported, "schema maxLength"))
    assert any("is before prose" in one for one in reported)
    assert reasons_of(reported, "Unused") == [f"left out (line {line('Unused:')}): nothing that was taken refers to it"]


def test_unions(types: dict[str, Any], reported: list[str]) -> None:
    """A discriminator without a mapping: by the constants of the variants, also of nested ones, else by name."""
    log = types["Log"]["properties"]
    assert (log["told"], log["plain"], log["by_name"]) == ("Event", "Sent | Resent", "Shape")
    assert types["Event"]["discriminator"] == {
        "property": "kind", "values": {"sent": "Sent", "paid": "Paid", "free": "Paid", "lost": "Lost"},
        "fallback": "Event",
    }  # fmt: skip
    assert types["Shape"]["discriminator"]["values"] == {"Circle": "Circle", "Square": "Square"}
    assert "Plain" not in types
    assert reasons_of(reported, "Plain") == [
        "is one of 2 alternatives without a clear discriminator: it is their union"
    ]
    assert reasons_of(reported, "Log/properties/any") == ["is Note, or anything else: taken as Any"]


def test_what_is_required(types: dict[str, Any], reported: list[str]) -> None:
    order = types["NewOrderInput"]
    assert "extends" not in order  # it needs what its base does not
    properties = order["properties"]
    assert types[properties.pop("base")]["properties"]["free"] == {"type": "String", "required": True}
    assert properties == {
        "kept": {"type": "String", "required": True},
        "needed": {"type": "String", "required": True},
        "free": "String",
        "one": {"type": "String", "required": "conditional"},
        "two": {"type": "String", "required": "conditional"},
        "three": "String",
    }
    lines = f"{line('[state, gone]')}, {line('[needed, unknown]')}"
    assert f"left out (2 times: lines {lines}): names something that is no property" in reasons_of(
        reported, "schema required"
    )
    assert any("alternatives beside its properties" in one for one in reasons_of(reported, "NewOrderInput"))


def test_paths_that_the_catalogue_cannot_have_are_left_out_and_counted(catalogue: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    lines = bring(catalogue, dry_run=True, report_file=report)
    assert "Left out: 1 operation with a path that the catalogue cannot have (--report FILE lists them)" in lines
    text = report.read_text(encoding="utf-8")
    assert f"- `/orders/{{id}}:cancel`: line {line(':cancel')}: cannot be a path of the catalogue" in text
    assert "- `GET /orders?beta=true`: is GET /orders with a query; left out" in text


def test_an_operation_in_another_file_is_refused(catalogue: Path, tmp_path: Path) -> None:
    file = tmp_path / "orders.yaml"
    file.write_text(ORDERS.read_text(encoding="utf-8").replace('"#/x-shared/put"', "other.yaml"), encoding="utf-8")
    with pytest.raises(SourceError, match=r"'other\.yaml' leads out of the file; bundle everything"):
        bring(catalogue, file)


def test_a_second_import_changes_nothing(imported: Path) -> None:
    assert "0 files written" in bring(imported)
