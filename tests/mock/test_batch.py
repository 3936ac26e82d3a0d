"""Batches really run: `/connect/batch`, several ids in a path, several inputs in a body."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mock.conftest import Mock

ME = {"method": "Get", "url": "/v67.0/chatter/users/me?filterGroup=Small"}
ITEMS = "/v67.0/chatter/feed-elements/0D5000000000001AAA/capabilities/comments/items"


def batch(mock: Mock, *requests: dict[str, Any], version: str = "67.0", **more: Any) -> Any:
    return mock.ask("/connect/batch", "POST", version=version, json={"batchRequests": list(requests), **more})


def test_subrequests_answer_as_requests_do(real: Mock) -> None:
    answer: Any = batch(real, ME, {"method": "Get", "url": "/services/data/v45.0/chatter/groups?pageSize=2"}).json()
    assert answer["hasErrors"] is False
    assert [one["statusCode"] for one in answer["results"]] == [200, 200]
    assert answer["results"][0]["result"] == real.json("/chatter/users/me?filterGroup=Small")
    assert answer["results"][1]["result"] == real.json("/chatter/groups?pageSize=2", version="45.0")
    calls = real.server.calls()
    assert [call["is_sub_request"] for call in calls[:3]] == [True, True, False]


def test_what_fails_is_told_in_its_place(real: Mock) -> None:
    wrong = {"method": "Get", "url": "/v67.0/chatter/users/men"}
    unknown = {"method": "Get", "url": "/v67.0/chatter/weeds"}
    answer: Any = batch(real, wrong, ME, unknown).json()
    assert answer["hasErrors"] is True
    assert [one["statusCode"] for one in answer["results"]] == [400, 200, 404]
    assert answer["results"][0]["result"][0]["errorCode"] == "INVALID_ID_FIELD"


@pytest.mark.parametrize("halt", [True, "true"])
def test_halting_at_the_first_failure(real: Mock, halt: object) -> None:
    wrong = {"method": "Get", "url": "/v67.0/chatter/users/men"}
    answer: Any = batch(real, ME, wrong, ME, ME, haltOnError=halt).json()
    assert [one["statusCode"] for one in answer["results"]] == [200, 400, 412, 412]
    assert answer["results"][3]["result"][0]["errorCode"] == "BATCH_PROCESSING_HALTED"


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        ({"method": "Get", "url": "https://other.example/v67.0/chatter/users/me"}, "must look like"),
        ({"method": "Get", "url": "/chatter/users/me"}, "must look like"),
        ({"method": "Delete", "url": "/v67.0/chatter/users/me"}, "not allowed"),
        ({"method": "Get", "url": "/v67.0/chatter/users/me", "binaryPartName": "bin1"}, "both, or neither"),
        (
            {"method": "Get", "url": ITEMS, "binaryPartName": "bin1", "binaryPartNameAlias": "x"},
            "no binary part 'bin1'",
        ),
        ({"method": "Post", "url": "/v67.0/connect/batch"}, "cannot hold another"),
    ],
)
def test_a_malformed_batch_runs_nothing(real: Mock, request_: dict[str, Any], says: str) -> None:
    answer = batch(real, ME, request_)
    assert answer.status_code == 400
    assert says in answer.json()[0]["message"]
    assert len(real.server.calls()) == 1


def test_a_batch_has_bounds(real: Mock) -> None:
    assert batch(real, *[ME] * 25).status_code == 200
    assert batch(real, *[ME] * 26).status_code == 400
    assert batch(real).status_code == 400
    assert "above the batch's 45.0" in batch(real, ME, version="45.0").json()[0]["message"]


def test_binary_parts_go_to_their_subrequests(real: Mock) -> None:
    def comment(name: str) -> dict[str, Any]:
        body = {
            "body": {"messageSegments": [{"type": "Text", "text": name}]},
            "capabilities": {"content": {"title": name}},
        }
        return {
            "method": "Post", "url": ITEMS, "richInput": body,
            "binaryPartName": name, "binaryPartNameAlias": "feedElementFileUpload",
        }  # fmt: skip

    body = json.dumps({"batchRequests": [comment("bin1"), comment("bin2")]})
    files = [("json", (None, body, "application/json; charset=UTF-8"))]
    files += [(name, (f"{name}.txt", b"abc", "application/octet-stream")) for name in ("bin1", "bin2")]  # type: ignore[list-item]
    answer = real.ask("/connect/batch", "POST", files=files)
    assert answer.status_code == 200, answer.text
    assert [one["statusCode"] for one in answer.json()["results"]] == [200, 200], answer.text
    lost = real.ask("/connect/batch", "POST", files=[*files, ("bin3", ("c.txt", b"c", "application/octet-stream"))])  # type: ignore[list-item]
    assert "'bin3' belongs to no subrequest" in lost.json()[0]["message"]
    assert [call["parts"][0]["name"] for call in real.server.calls()[:2]] == ["feedElementFileUpload"] * 2


def test_created_in_a_batch_read_in_the_same(keeping: Mock) -> None:
    items = ITEMS.replace("0001AAA", "0009AAA")
    body = {"body": {"messageSegments": [{"type": "Text", "text": "First!"}]}}
    answer: Any = batch(
        keeping, {"method": "Post", "url": items, "richInput": body}, {"method": "Get", "url": items}
    ).json()
    assert answer["results"][1]["result"]["items"][0]["body"]["text"] == "First!"


def test_several_ids_in_a_path(real: Mock) -> None:
    answer: Any = real.json("/chatter/users/batch/005000000000001AAA,me,0D5000000000001AAA")
    assert [one["statusCode"] for one in answer["results"]] == [200, 200, 400]
    assert answer["hasErrors"] is True
    assert answer["results"][0]["result"]["id"] == "005000000000001AAA"
    assert answer["results"][1]["result"] == real.json("/chatter/users/me")


def test_several_posts_in_a_body(real: Mock) -> None:
    def post(text: str) -> dict[str, Any]:
        body = {"messageSegments": [{"type": "Text", "text": text}]}
        return {"richInput": {"subjectId": "me", "feedElementType": "FeedItem", "body": body}}

    inputs = [post("one"), {"richInput": {"subject": "me"}}, post("three")]
    answer: Any = real.json("/chatter/feed-elements/batch", "POST", json={"inputs": inputs})
    assert [one["statusCode"] for one in answer["results"]] == [200, 400, 200]
    assert answer["results"][2]["result"]["body"]["text"] == "three"
