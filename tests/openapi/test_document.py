"""What stands in a document: addresses, parameters, bodies, answers, types, and when each is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectgen.surface import Surface
from support.versions import NEWEST, SAMPLE, VERSIONS

Documents = Callable[[int], dict[str, Any]]


def operation(document: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][path][method]
    return found


def schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][name]
    return found


def test_root(small: Documents) -> None:
    document = small(33)
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == "33.0"
    assert document["servers"][0]["url"] == "https://{instance}/services/data/v33.0"
    assert document["servers"][0]["variables"]["instance"]["default"]
    assert [*document["components"]["securitySchemes"]] == ["oauth", "accessToken"]
    assert {"name": "garden.plants", "description": "Plants, their labels and what happens to them."} in document[
        "tags"
    ]
    assert {"name": "garden", "tags": ["garden.plants"]} in document["x-tagGroups"]
    assert small(30)["info"]["summary"] == "Version 30.0, Spring '14: retired in Summer '25."


def test_operation(small: Documents) -> None:
    listed = operation(small(33), "/garden/plants", "get")
    assert listed["operationId"] == "garden.plants.list"
    assert listed["tags"] == ["garden.plants"]
    assert listed["summary"] == "List plants, newest first"
    assert listed["x-since"] == "23.0"
    assert listed["x-requires-chatter"] is True
    assert listed["x-pagination"] == {"style": "next-url", "items": "plants", "next": "nextPageUrl"}
    assert "requestBody" not in listed


def test_the_end_of_something_is_an_extension(small: Documents) -> None:
    shown = operation(small(33), "/garden/plants/{plantId}/label", "get")
    assert shown["x-wait"] == [{"property": "text", "done": ["Tied"], "failed": ["Lost"]}]
    assert "x-wait" not in operation(small(31), "/garden/labels/{plantId}", "get")


def test_parameters(small: Documents) -> None:
    found = {item["name"]: item for item in operation(small(33), "/garden/plants", "get")["parameters"]}
    assert found["pageSize"]["schema"] == {
        "type": "integer", "format": "int32", "minimum": 1, "maximum": 100, "default": 25
    }  # fmt: skip
    assert found["from"] == {
        "name": "from",
        "in": "query",
        "description": "Planted at this instant or later.",
        "schema": {"type": "string", "format": "date-time", "examples": ["2026-06-30T09:00:00.000Z"]},
        "x-since": "31.0",
    }
    assert found["sort"]["schema"]["enum"] == ["Name", "Planted", "Height"]
    assert (found["kinds"]["style"], found["kinds"]["explode"], found["kinds"]["schema"]["maxItems"]) == (
        "form",
        False,
        10,
    )
    assert found["q"]["schema"]["type"] == "array"
    earlier = {item["name"]: item for item in operation(small(30), "/garden/plants", "get")["parameters"]}
    assert "from" not in earlier
    assert earlier["sort"]["schema"]["enum"] == ["Name", "Planted", "Smell"]
    assert earlier["q"]["schema"] == {"type": "string", "maxLength": 80}
    assert earlier["q"]["x-until"] == "31.0"


def test_bodies(small: Documents) -> None:
    create = operation(small(33), "/garden/plants", "post")
    content = create["requestBody"]["content"]
    assert [*content] == ["application/json", "application/xml", "application/x-www-form-urlencoded"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/PlantInput"}
    form = content["application/x-www-form-urlencoded"]["schema"]
    assert form == {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    assert create["requestBody"]["required"] is True  # the body or the form, but one of them
    assert [(item["name"], item["in"]) for item in create["parameters"]] == [("X-Garden-Key", "header")]
    assert operation(small(33), "/garden/plants/{plantId}/label", "patch")["requestBody"].get("required") is None
    assert operation(small(32), "/garden/plants/{plantId}/label", "patch")["requestBody"]["required"] is True


def test_multipart(small: Documents) -> None:
    upload = operation(small(33), "/archive/pictures/{pictureId}", "post")
    assert [*upload["requestBody"]["content"]] == ["multipart/form-data"]
    multipart = upload["requestBody"]["content"]["multipart/form-data"]
    assert multipart["schema"] == {
        "type": "object",
        "properties": {
            "picture": {"$ref": "#/components/schemas/PictureInput"},
            "fileUpload": {
                "type": "string", "format": "binary", "description": "The picture.", "x-max-bytes": 2147483648
            },
            "preview": {"type": "string", "format": "binary", "description": "A smaller picture."},
        },
        "required": ["picture", "fileUpload"],
    }  # fmt: skip
    assert multipart["encoding"]["picture"] == {"contentType": "application/json"}
    assert multipart["encoding"]["fileUpload"] == {"contentType": "application/octet-stream"}
    assert upload["requestBody"]["required"] is True
    assert "preview" not in str(operation(small(31), "/archive/pictures/{pictureId}", "post"))


def test_a_type_that_adds_nothing_to_another_is_a_type_of_its_own(whole: Documents) -> None:
    found = schema(whole(NEWEST), "DocumentAIConfiguration")
    assert found["allOf"] == [{"$ref": "#/components/schemas/DocumentAIConfigurationBase"}, {"type": "object"}]


def test_parts_that_the_caller_names_are_one_at_least(whole: Documents) -> None:
    upload = operation(whole(NEWEST), "/connect/conversations/upload", "post")["requestBody"]
    schema = upload["content"]["multipart/form-data"]["schema"]
    assert schema["additionalProperties"]["format"] == "binary"
    assert schema["minProperties"] == 1
    assert upload["required"] is True


def test_lists_in_forms_have_commas(whole: Documents) -> None:
    send = operation(whole(31), "/chatter/users/{userId}/messages", "post")["requestBody"]["content"]
    form = send["application/x-www-form-urlencoded"]
    assert form["schema"]["properties"]["recipients"]["type"] == "array"
    assert form["encoding"] == {"recipients": {"style": "form", "explode": False}}


def test_answers(small: Documents) -> None:
    document = small(33)
    assert operation(document, "/garden/plants", "post")["responses"] == {
        "201": {
            "description": "Something new has been planted.",
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/AnyPlant"},
                    "examples": {"Plant": {"$ref": "#/components/examples/Plant"}},
                },
                "application/xml": {"schema": {"$ref": "#/components/schemas/AnyPlant"}},
            },
        },
        "404": {"$ref": "#/components/responses/Error404"},
    }
    error = document["components"]["responses"]["Error404"]
    assert error["description"] == "Nothing grows there."
    assert error["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ConnectApiErrors"}
    assert schema(document, "ConnectApiErrors")["items"] == {"$ref": "#/components/schemas/ConnectApiError"}
    assert [*schema(document, "ConnectApiError")["properties"]] == ["errorCode", "message"]
    picture = operation(document, "/archive/pictures/{pictureId}", "get")["responses"]["200"]
    assert picture["content"] == {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    head = operation(document, "/garden/plants", "head")["responses"]
    assert "204" not in head
    assert "content" not in head["200"]


def test_site_addresses(small: Documents) -> None:
    inside = "/connect/communities/{communityId}/garden/plants"
    assert inside not in small(30)["paths"]
    listed = operation(small(31), inside, "get")
    assert listed["operationId"] == "garden.plants.list.in_site"
    assert listed["parameters"][0]["name"] == "communityId"
    assert operation(small(32), "/connect/communities/{communityId}/garden", "get")["x-stage"] == "pilot"


def test_former_address(small: Documents) -> None:
    assert "/garden/labels/{plantId}" in small(31)["paths"]
    assert "/garden/labels/{plantId}" not in small(32)["paths"]
    assert "/garden/plants/{plantId}/label" in small(32)["paths"]


def test_response_types_lack_and_requests_need(small: Documents) -> None:
    plant, sent = schema(small(33), "Plant"), schema(small(33), "PlantInput")
    assert "required" not in plant
    assert plant["properties"]["id"] == {"type": ["string", "null"], "examples": ["001000000000001AAA"]}
    assert plant["properties"]["label"]["anyOf"] == [{"$ref": "#/components/schemas/Label"}, {"type": "null"}]
    assert sent["required"] == ["kind"]
    assert sent["properties"]["kind"] == {"type": "string", "enum": ["Tree", "Bush", "Hedge"], "x-since": "31.0"}
    assert sent["properties"]["count"]["type"] == ["integer", "null"]
    assert sent["properties"]["name"]["x-required-for"] == ["POST"]
    assert "Required when the plant has a label." in sent["properties"]["name"]["description"]


def test_values_are_open_in_answers_and_closed_in_requests(small: Documents) -> None:
    kind = schema(small(33), "Plant")["properties"]["type"]
    assert "enum" not in kind
    assert kind["x-extensible-enum"] == ["Tree", "Bush", "Hedge"]
    assert schema(small(31), "PlantInput")["properties"]["kind"]["enum"] == ["Tree", "Bush"]


def test_kinds(small: Documents) -> None:
    document = small(33)
    kinds = schema(document, "AnyPlant")
    assert kinds["anyOf"] == [{"$ref": f"#/components/schemas/{name}"} for name in ("Tree", "Bush", "Plant")]
    assert kinds["discriminator"] == {
        "propertyName": "type",
        "mapping": {
            "Tree": "#/components/schemas/Tree",
            "Bush": "#/components/schemas/Bush",
            "Hedge": "#/components/schemas/Bush",
        },
    }
    assert schema(document, "Tree")["allOf"][0] == {"$ref": "#/components/schemas/Plant"}
    assert schema(document, "PlantPage")["properties"]["plants"]["items"]["$ref"] == "#/components/schemas/AnyPlant"
    assert "Tree" not in schema(small(30), "AnyPlant")["discriminator"]["mapping"]


def test_xml_names_and_filter_groups(small: Documents) -> None:
    page = schema(small(33), "PlantPage")
    assert page["xml"] == {"name": "plant-page"}
    assert page["properties"]["plants"]["xml"] == {"wrapped": True}
    assert page["properties"]["plants"]["items"]["xml"] == {"name": "shrub"}
    assert page["properties"]["nextPageUrl"]["x-filter-group"] == "Small"
    assert schema(small(31), "PlantPage")["properties"]["nextPageUrl"]["x-filter-group"] == "Medium"


def test_versions_are_those_that_do_not_follow(small: Documents) -> None:
    plant = schema(small(31), "Plant")["properties"]
    assert plant["wateredAt"]["x-since"] == "31.0"
    assert plant["label"]["x-until"] == "31.0"
    assert "x-since" not in plant["id"]


def test_what_openapi_has_no_words_for(small: Documents) -> None:
    move = operation(small(33), "/garden/plants/{plantId}/move/{pageSize}", "put")
    assert (move["x-stage"], move["x-batch"]) == ("beta", False)
    assert operation(small(33), "/garden/plants", "post")["x-retry"] == "key"
    assert operation(small(32), "/garden/plants/{plantId}/label", "patch")["x-retry"] == "safe"


def test_a_property_that_is_told_anew_is_not_narrowed_by_its_base(
    whole: Documents, surfaces: Callable[[int], Surface]
) -> None:
    types = surfaces(NEWEST).types
    own = schema(whole(NEWEST), "PersonalizationExperimentInput")
    base = types[str(types["PersonalizationExperimentInput"].extends)]
    assert own["x-extends"] == base.name
    assert "allOf" not in own
    assert {item.name for item in base.properties} <= set(own["properties"])


@pytest.mark.parametrize("version", SAMPLE)
def test_every_operation_and_type_is_there(whole: Documents, surfaces: Callable[[int], Surface], version: int) -> None:
    document, surface = whole(version), surfaces(version)
    written = [(path, method, found) for path, item in document["paths"].items() for method, found in item.items()]
    ids = [found["operationId"] for _, _, found in written]
    wanted = {f"{one.family}.{one.group}.{one.name}" for group in surface.groups for one in group.operations}
    assert len(ids) == len(set(ids))
    assert {name.removesuffix(".in_site") for name in ids} == wanted
    assert set(surface.types) <= set(document["components"]["schemas"])
    for path, _, found in written:
        names = [item["name"] for item in found.get("parameters", ()) if item["in"] == "path"]
        assert sorted(names) == sorted(part[1:-1] for part in path.split("/") if part.startswith("{")), path


def test_ids_stay_the_same_over_all_versions(surfaces: Callable[[int], Surface]) -> None:
    from connectgen.openapi.operations import operation_id

    by_definition: dict[tuple[str, int], str] = {}
    for version in VERSIONS:
        for group in surfaces(version).groups:
            for one in group.operations:
                place = (one.location.file, one.location.line)
                assert by_definition.setdefault(place, operation_id(one)) == operation_id(one)
