"""What the mock remembers: the calls of a run, and which operations it touched."""

from __future__ import annotations

from typing import Any

from mock.conftest import Mock


def test_calls_are_remembered_without_their_tokens(small: Mock) -> None:
    small.ask("/garden/plants?pageSize=2")
    small.ask("/garden/plants", "POST", json={"name": "Oak", "kind": "Tree"}, headers={"X-Garden-Key": "k1"})
    small.ask("/garden/weeds")
    listed: Any = small.json("/__mock__/calls")
    assert listed["count"] == 3
    first, second, third = listed["calls"]
    assert (first["method"], first["target"]) == ("GET", "/services/data/v32.0/garden/plants?pageSize=2")
    assert (first["operation"], first["version"], first["status"]) == ("garden.plants.list", "32.0", 200)
    assert second["body"] == {"name": "Oak", "kind": "Tree"}
    assert second["headers"]["x-garden-key"] == "k1"
    assert (third["status"], third["operation"]) == (404, None)
    assert third["reason"].startswith("unknown-path")
    assert "mock-token" not in small.ask("/__mock__/calls").text


def test_calls_can_be_chosen_and_forgotten(small: Mock) -> None:
    for _ in range(3):
        small.ask("/garden/plants")
    small.ask("/garden/weeds")
    assert len(small.server.calls(operation="garden.plants.list")) == 3
    assert len(small.server.calls(status=404)) == 1
    number = small.server.calls()[1]["number"]
    assert len(small.server.calls(after=number)) == 2
    assert small.ask("/__mock__/calls?colour=red").status_code == 400
    assert small.ask("/__mock__/calls", "DELETE").status_code == 204
    assert small.server.calls() == []


def test_coverage_names_what_was_called_and_what_was_not(small: Mock) -> None:
    small.ask("/garden/plants")
    small.ask("/garden/plants")
    small.ask("/garden/plants?pageSize=0")
    small.ask("/garden/scarecrow", version="30.0")
    found = small.server.coverage()
    assert set(found) == {"30.0", "32.0"}
    assert found["32.0"]["calls"] == {"garden.plants.list": 2}
    assert "garden.plants.create" in found["32.0"]["untouched"]
    assert found["32.0"]["touched"] == 1
    assert found["32.0"]["operations"] == 1 + len(found["32.0"]["untouched"])
    assert found["30.0"]["calls"] == {"garden.plants.get_scarecrow": 1}
    page = small.ask("/__mock__/coverage?format=markdown&version=32.0")
    assert page.headers["content-type"].startswith("text/markdown")
    assert "- `garden.plants.list` (2)" in page.text
    assert "30.0" not in page.text
    assert small.ask("/__mock__/coverage?version=99.0").status_code == 400


def test_the_server_says_what_it_is(small: Mock) -> None:
    about: Any = small.json("/__mock__")
    assert about["versions"] == ["30.0", "31.0", "32.0", "33.0"]
    assert about["seed"] == 1
    versions: Any = small.json("/services/data")
    assert versions[0] == {"label": "Spring '14", "url": "/services/data/v30.0", "version": "30.0"}
    assert small.json("/services/data/v32.0") == {
        "archive": "/services/data/v32.0/archive",
        "connect": "/services/data/v32.0/connect",
        "garden": "/services/data/v32.0/garden",
    }
    elsewhere = small.ask("/__mock__/nothing")
    assert elsewhere.status_code == 404
    assert elsewhere.json()[0]["errorCode"] == "NOT_FOUND"


def test_requests_are_counted_against_limits(small: Mock) -> None:
    first = small.ask("/garden/plants").headers["sforce-limit-info"]
    second = small.ask("/garden/plants").headers["sforce-limit-info"]
    assert first.startswith("api-usage=")
    assert first != second
