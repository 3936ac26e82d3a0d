"""Stubs over the control API: which requests they are for, what they respond with, what is refused."""

from __future__ import annotations

import base64
from typing import Any

import httpx2
import pytest

from connectgen.identifiers import full
from mock.conftest import Mock
from support.versions import NEWEST

LABEL = f"/garden/plants/{full('0Pt000000000001')}/label"


def order(mock: Mock, operation: str | None = "garden.plants.list", **more: Any) -> dict[str, Any]:
    """Order a stub; the response of the control API."""
    answer = mock.ask("/__mock__/stubs", "POST", json={"operation": operation, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(mock: Mock, **given: Any) -> str:
    """Why an order is refused."""
    answer = mock.ask("/__mock__/stubs", "POST", json=given)
    assert answer.status_code == 400, answer.text
    reason: str = answer.json()["error"]
    assert "\n" not in reason
    return reason


def test_a_stub_responds_with_value_status_and_headers(small: Mock) -> None:
    response = {"json": {"plants": [{"name": "Oak & Ash"}]}, "headers": {"X-Garden": "north"}}
    order(small, response=response)
    answer = small.ask("/garden/plants")
    assert (answer.status_code, answer.headers["x-garden"]) == (200, "north")
    assert answer.json() == {"plants": [{"name": "Oak & Ash"}]}, "a stub is sent as it is written"
    as_xml = small.ask("/garden/plants", headers={"Accept": "application/xml"})
    assert as_xml.headers["content-type"].startswith("application/xml")
    assert "<name>Oak &amp; Ash</name>" in as_xml.text


def test_a_stub_without_a_body_keeps_the_generated_one(small: Mock) -> None:
    before = small.json("/garden/plants?pageSize=3")
    order(small, response={"headers": {"X-Garden": "south"}, "delay": 1})
    answer = small.ask("/garden/plants?pageSize=3")
    assert (answer.json(), answer.headers["x-garden"]) == (before, "south")


def test_what_a_stub_does_not_say_is_generated_when_asked(small: Mock) -> None:
    before: Any = small.json("/garden/plants?pageSize=3")
    order(small, response={"json": {"nextPageUrl": None}, "fill": True})
    assert small.json("/garden/plants?pageSize=3") == {**before, "nextPageUrl": None}


def test_errors_and_bytes(small: Mock) -> None:
    order(small, response={"error": "OUT_OF_SEASON"}, times=1)
    order(small, response={"error": {"errorCode": "A", "message": "b"}, "status": 409}, times=1)
    order(small, response={"status": 503}, times=1)
    order(small, response={"base64": base64.b64encode(b"\0\1").decode(), "media_type": "image/png"}, times=1)
    order(small, response={"text": "{broken"}, times=1)
    answers = [small.ask("/garden/plants") for _ in range(5)]
    assert answers[0].content == b"{broken"
    assert (answers[1].content, answers[1].headers["content-type"]) == (b"\0\1", "image/png")
    assert (answers[2].status_code, answers[2].json()[0]["errorCode"]) == (503, "UNKNOWN_EXCEPTION")
    assert (answers[3].status_code, answers[3].json()) == (409, [{"errorCode": "A", "message": "b"}])
    assert (answers[4].status_code, answers[4].json()[0]["errorCode"]) == (400, "OUT_OF_SEASON")
    assert small.ask("/garden/plants").is_success


def test_a_sequence_ends_with_its_last_response(small: Mock) -> None:
    names = ["Seed", "Sapling", "Tree"]
    order(small, responses=[{"json": {"plants": [{"name": name}]}} for name in names])
    seen = [small.ask("/garden/plants").json()["plants"][0]["name"] for _ in range(5)]
    assert seen == [*names, "Tree", "Tree"]


def test_a_stub_goes_after_as_many_requests_as_asked(small: Mock) -> None:
    before = small.json("/garden/plants")
    order(small, response={"json": {}}, times=2)
    assert [small.json("/garden/plants") for _ in range(3)] == [{}, {}, before]


@pytest.mark.parametrize(
    ("match", "asked", "other"),
    [
        ({"query": {"pageSize": 3}}, {"params": {"pageSize": 3}}, {"params": {"pageSize": 4}}),
        ({"query": {"pageSize": None}}, {}, {"params": {"pageSize": 4}}),
        ({"query": {"kinds": ["a", "b*"]}}, {"params": {"kinds": "a,bc"}}, {"params": {"kinds": "a"}}),
        ({"headers": {"X-Colour": "gr*"}}, {"headers": {"x-colour": "green"}}, {"headers": {"x-colour": "red"}}),
        ({"headers": {"X-Colour": None}}, {}, {"headers": {"x-colour": "red"}}),
    ],
)
def test_query_and_headers_choose(small: Mock, match: Any, asked: Any, other: Any) -> None:
    order(small, match=match, response={"json": {"plants": []}})
    assert small.json("/garden/plants", **asked) == {"plants": []}
    assert small.json("/garden/plants", **other) != {"plants": []}


def test_the_path_chooses_also_with_ids_of_15_characters(small: Mock) -> None:
    order(
        small,
        "garden.plants.get_label",
        match={"path": {"plantId": "0Pt000000000001"}},
        response={"json": {"text": "x"}},
    )
    order(
        small, "garden.plants.get_label", match={"path": "/garden/plants/*99/label"}, response={"json": {"text": "y"}}
    )
    assert small.json(LABEL) == {"text": "x"}
    assert small.json("/garden/plants/0Pt000000000099/label") == {"text": "y"}
    assert small.json("/garden/plants/0Pt000000000002/label") not in ({"text": "x"}, {"text": "y"})


def test_a_part_of_the_body_chooses(small: Mock) -> None:
    order(small, "garden.plants.create", match={"body": {"label": {"text": "x"}}}, response={"json": {"name": "X"}})
    order(small, "garden.plants.create", match={"body": {"name": "Ash"}}, response={"json": {"name": "Y"}})

    def made(**body: Any) -> Any:
        return small.ask("/garden/plants", "POST", json={"kind": "Tree", **body}).json()["name"]

    assert made(name="Ash") == "Y"
    assert made(name="Oak") == "Oak"


def test_the_newest_stub_that_fits_responds(small: Mock) -> None:
    order(small, response={"json": {"plants": []}})
    order(small, response={"json": {"plants": [{"name": "New"}]}}, match={"query": {"pageSize": 3}})
    assert small.json("/garden/plants") == {"plants": []}
    assert small.json("/garden/plants?pageSize=3") == {"plants": [{"name": "New"}]}


def test_a_stub_does_not_make_a_wrong_request_right(small: Mock) -> None:
    order(small, response={"json": {}})
    answer = small.ask("/garden/plants?colour=red")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_FIELD")


def test_a_stub_by_path_takes_any_request(small: Mock) -> None:
    order(small, None, match={"path": "/query", "method": "GET", "query": {"q": "SELECT*"}}, response={"json": [1]})
    assert small.json("/query", params={"q": "SELECT Id FROM Account"}) == [1]
    assert small.ask("/query", params={"q": "FIND"}).status_code == 404
    order(small, None, match={"path": "/garden/plants"}, response={})
    assert small.ask("/garden/plants?colour=red").status_code == 204


def test_what_is_remembered_does_not_hide_a_stub(small: Mock) -> None:
    before = small.json("/garden/plants")
    order(small, response={"json": {}}, times=1)
    assert [small.json("/garden/plants") for _ in range(2)] == [{}, before]


def test_stubs_respond_inside_batches(real: Mock) -> None:
    order(real, "chatter.users.get", response={"json": {"username": "stubbed"}})
    body = {"batchRequests": [{"method": "Get", "url": f"/v{NEWEST}.0/chatter/users/me"}]}
    answer = real.ask("/connect/batch", "POST", json=body)
    assert answer.json()["results"][0]["result"] == {"username": "stubbed"}


def test_only_stubs_names_the_nearest(small: Mock) -> None:
    number = order(small, match={"query": {"pageSize": 3}}, response={"json": {}})["number"]
    assert small.ask("/__mock__/stubs/only", "POST", json={"only": True}).json() == {"only": True}
    answer = small.ask("/garden/plants?pageSize=4")
    assert answer.status_code == 501
    message = answer.json()[0]["message"]
    assert (
        f"the nearest is stub {number} (garden.plants.list, pageSize=3): the parameter pageSize is '4', not '3'"
        in message
    )
    assert small.ask(LABEL).json()[0]["message"].endswith("the nearest is for another operation")
    assert small.json("/garden/plants?pageSize=3") == {}
    small.server.reset()
    assert small.ask(LABEL).is_success


def test_stubs_are_listed_and_removed(small: Mock) -> None:
    first, second = order(small)["number"], order(small, match={"query": {"pageSize": 9}})["number"]
    small.ask("/garden/plants?pageSize=8")
    listed = small.ask("/__mock__/stubs").json()["stubs"]
    assert [(one["number"], one["uses"]) for one in listed] == [(first, 1), (second, 0)]
    assert listed[1]["nearest"].endswith("the parameter pageSize is '8', not '9'")
    assert small.ask(f"/__mock__/stubs/{first}", "DELETE").status_code == 204
    assert small.ask(f"/__mock__/stubs/{first}", "DELETE").status_code == 404
    assert small.ask("/__mock__/stubs", "DELETE").status_code == 204
    assert small.ask("/__mock__/stubs").json()["stubs"] == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"operation": "garden.plants.lst"}, "there is no operation 'garden.plants.lst' at 33.0; did you mean"),
        ({"operation": "garden.plants.get_scarecrow", "version": "32.0"}, "it is available until 30.0"),
        ({"operation": "garden.plants.list", "version": "99.0"}, "there is no version '99.0'; there are 30.0 to 33.0"),
        ({}, "name the operation, or match with a path"),
        ({"operation": "garden.plants.list", "colour": 1}, "a stub has no 'colour'"),
        ({"operation": "garden.plants.list", "match": {"query": {"pagSize": 1}}}, "did you mean pageSize?"),
        ({"operation": "garden.plants.list", "match": {"path": {"id": "x"}}}, "has no 'id'"),
        ({"operation": "garden.plants.list", "times": 0}, "times is a whole number from 1, not 0"),
        ({"operation": "garden.plants.list", "response": {"status": 201}}, "responds with 200 or an error, not 201"),
        ({"operation": "garden.plants.list", "response": {"json": {}, "text": ""}}, "not json and text"),
        ({"operation": "garden.plants.list", "responses": []}, "a list of one or more"),
        ({"operation": "garden.plants.list", "response": {"headers": {"Content-Length": "1"}}}, "is no header"),
        (
            {"operation": "garden.plants.list", "response": {"headers": {"X": "a\r\nSet-Cookie: b"}}},
            "no header can have",
        ),
        ({"operation": "garden.plants.list", "response": {"base64": "?"}}, "bytes in Base64"),
        ({"operation": "garden.plants.list", "response": {"delay": 1e9}}, "delay is a whole number from 0 to 600000"),
        ({"operation": "garden.plants.list", "response": {"json": {"plnts": []}}}, "Unrecognized field response.plnts"),
        (
            {
                "operation": "garden.plants.list",
                "response": {"json": {"plants": [{"type": "Rock"}]}},
                "version": "31.0",
            },
            "'Rock' is not one of",
        ),
        (
            {"operation": "garden.plants.list", "response": {"json": {"@type": "Rake"}}},
            "responds with PlantPage, not Rake",
        ),
    ],
)
def test_what_is_wrong_with_an_order_is_told_in_one_line(small: Mock, given: dict[str, Any], reason: str) -> None:
    assert reason in refused(small, **given)


def test_what_the_type_forbids_is_sent_when_asked(small: Mock) -> None:
    order(small, response={"json": {"plnts": [1]}, "status": 202}, strict=False)
    answer = small.ask("/garden/plants")
    assert (answer.status_code, answer.json()) == (202, {"plnts": [1]})


def test_a_response_is_checked_for_the_version_of_the_request(small: Mock) -> None:
    order(small, response={"json": {"plants": [{"wateredAt": "2020-01-02T12:00:00.000Z"}]}})
    assert small.ask("/garden/plants", version="31.0").is_success
    answer = small.ask("/garden/plants", version="30.0")
    assert answer.status_code == 501
    assert "does not fit 30.0: response.plants[0].wateredAt is available from 31.0" in answer.json()[0]["message"]


def test_calls_are_verified(small: Mock) -> None:
    small.ask("/garden/plants", "POST", json={"name": "Oak", "kind": "Tree"})
    wanted = {"operation": "garden.plants.create", "match": {"body": {"name": "Oak"}}}
    assert small.ask("/__mock__/calls/verify", "POST", json=wanted).json()["count"] == 1
    wanted["match"] = {"body": {"name": "Ash"}}
    found = small.ask("/__mock__/calls/verify", "POST", json=wanted).json()
    assert (found["count"], found["nearest"]) == (
        0,
        ["POST /services/data/v32.0/garden/plants: body.name is 'Oak', not 'Ash'"],
    )


def test_a_function_of_another_program_makes_the_response(small: Mock) -> None:
    """What the Python fixtures do, in plain HTTP: take the request, and post the response."""
    import threading

    order(small, response={"function": "me/1"})

    def serve() -> None:
        with httpx2.Client(base_url=small.url) as http:
            work = http.get("/__mock__/functions?owner=me&seconds=20").json()
            size = dict(work["request"]["query"])["pageSize"]
            http.post(f"/__mock__/functions/{work['id']}", json={"json": {"plants": [{"name": size}]}})

    thread = threading.Thread(target=serve)
    thread.start()
    assert small.json("/garden/plants?pageSize=17") == {"plants": [{"name": "17"}]}
    thread.join()
