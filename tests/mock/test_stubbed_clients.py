"""Stubs and verification from Python: objects of a generated package go in and come out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from mock.conftest import Mock
from sf_connect.core import BadRequestError, ConflictError, InternalServerError
from sf_connect.testing import Call, MockServerError, Response

PLANT = "0Pt000000000001AAA"


@pytest.fixture
def client(small: Mock, small_client: ModuleType) -> Iterator[Any]:
    with small_client.Connect(small.url, token="mock-token") as client:
        yield client


@pytest.fixture
def m(small_client: ModuleType) -> Any:
    return small_client.models


def test_an_object_of_the_package_is_the_response(small: Mock, client: Any, m: Any) -> None:
    small.server.respond("garden.plants.list", m.PlantPage(plants=[m.Tree(name="Oak", rings=3), m.Bush(name="Box")]))
    oak, box = client.garden.plants.list().plants
    assert (type(oak).__name__, oak.name, oak.rings) == ("Tree", "Oak", 3)
    assert (isinstance(oak, m.Tree), isinstance(box, m.Bush)) == (True, True)


def test_what_a_client_received_can_be_a_response(small: Mock, client: Any) -> None:
    page = client.garden.plants.list(page_size=3)
    small.server.respond(client.garden.plants.list, page)
    assert client.garden.plants.list(page_size=3) == page


def test_a_sequence_of_objects_and_errors(small: Mock, client: Any, m: Any) -> None:
    small.server.respond(
        "garden.plants.get_label", m.Label(text="a"), Response(error="BUSY", status=409), m.Label(text="b")
    )
    assert client.garden.plants.get_label(PLANT).text == "a"
    with pytest.raises(ConflictError, match="BUSY"):
        client.garden.plants.get_label(PLANT)
    assert [client.garden.plants.get_label(PLANT).text for _ in range(2)] == ["b", "b"]


def test_a_function_makes_the_response_from_the_typed_request(small: Mock, client: Any, m: Any) -> None:
    def grow(call: Call) -> Any:
        assert isinstance(call.body, m.PlantInput)
        return Response(m.Tree(name=call.body.name.upper(), rings=len(call.headers)), headers={"X-Garden": call.method})

    small.server.respond("garden.plants.create", grow)
    made = client.garden.plants.create(m.PlantInput(name="oak", kind="Tree"))
    assert (made.name, isinstance(made, m.Tree)) == ("OAK", True)

    async def several() -> list[str]:
        package = __import__("sf_connect.v32", fromlist=["AsyncConnect"])
        async with package.AsyncConnect(small.url, token="mock-token") as other:
            made = [other.garden.plants.create(m.PlantInput(name=name, kind="Tree")) for name in ("a", "b")]
            return [one.name for one in await asyncio.gather(*made)]

    assert asyncio.run(several()) == ["A", "B"]


def test_an_error_of_a_function_is_the_error_of_the_call(small: Mock, client: Any) -> None:
    small.server.respond("garden.plants.list", lambda call: call["nothing"])
    with pytest.raises(InternalServerError, match="the function of a stub raised KeyError: 'nothing'"):
        client.garden.plants.list()
    small.server.respond("garden.plants.list", lambda call: {"plnts": []})
    with pytest.raises(InternalServerError, match=re.escape("Unrecognized field response.plnts")):
        client.garden.plants.list()


def test_a_stub_is_for_the_version_of_its_object(small: Mock, m: Any) -> None:
    small.server.respond("garden.plants.list", m.PlantPage(plants=[]))
    assert small.json("/garden/plants", version="32.0") == {"plants": []}
    assert small.json("/garden/plants", version="33.0") != {"plants": []}


def test_an_object_of_another_type_is_refused_where_it_is_ordered(small: Mock, m: Any) -> None:
    with pytest.raises(MockServerError, match=r"^garden\.plants\.list responds with PlantPage, not Label"):
        small.server.respond("garden.plants.list", m.Label(text="a"))
    small.server.respond("garden.plants.list", m.Label(text="a"), strict=False)
    assert small.json("/garden/plants") == {"text": "a"}


def test_calls_have_typed_bodies(small: Mock, client: Any, m: Any) -> None:
    client.garden.plants.create(m.PlantInput(name="oak", kind="Tree"))
    small.ask("/garden/plants", "POST", version="33.0", json={"name": "elm", "kind": "Tree"})
    typed, raw = small.server.calls("garden.plants.create")
    assert typed.body == m.PlantInput(name="oak", kind="Tree")
    assert (typed.method, typed.version, typed.status) == ("POST", "32.0", 201)
    assert raw.body == raw.json == {"name": "elm", "kind": "Tree"}, "no package of 33.0 is installed"
    client.garden.plants.get_label(PLANT)
    (call,) = small.server.calls(client.garden.plants.get_label)
    assert (dict(call.path), dict(call.query)) == ({"plantId": PLANT}, {})


def test_a_large_body_is_kept_whole(small: Mock, client: Any, m: Any) -> None:
    with pytest.raises(BadRequestError):
        client.garden.plants.create(m.PlantInput(name="o" * 200_000, kind="Tree"))
    assert len(small.server.calls()[0].body.name) == 200_000


def test_what_was_called_is_asserted(small: Mock, client: Any, m: Any) -> None:
    server = small.server
    client.garden.plants.create(m.PlantInput(name="oak", kind="Tree"))
    (call,) = server.assert_called_with("garden.plants.create", m.PlantInput(name="oak", kind="Tree"))
    assert call.body.kind == "Tree"
    server.assert_called_with(client.garden.plants.create, {"kind": "Tree"}, times=1)
    server.assert_not_called("garden.plants.list")
    with pytest.raises(AssertionError) as wrong:
        server.assert_called_with("garden.plants.create", {"name": "ash"})
    assert str(wrong.value).splitlines() == [
        "garden.plants.create, body {'name': 'ash'} was called 0 times, not at least once",
        "  nearest: POST /services/data/v32.0/garden/plants: body.name is 'oak', not 'ash'",
    ]
    with pytest.raises(AssertionError, match=re.escape("garden.plants.create was called once, not 0 times")):
        server.assert_not_called("garden.plants.create")
    with pytest.raises(AssertionError, match="no other call was to that operation"):
        server.assert_called_with("garden.plants.list")
    with pytest.raises(MockServerError, match="there is no operation"):
        server.assert_called_with("garden.plants.destroy")


def test_unused_stubs_are_told_with_the_nearest_call(small: Mock, client: Any, m: Any) -> None:
    server = small.server
    server.respond("garden.plants.list", match={"query": {"pageSize": 3}})
    server.respond("garden.plants.get_label", optional=True)
    client.garden.plants.list(page_size=4)
    with pytest.raises(AssertionError) as wrong:
        server.assert_all_used()
    first, second = str(wrong.value).splitlines()
    assert first == "1 of 2 stubs not used:"
    assert second.endswith(
        "(garden.plants.list, pageSize=3): nearest call GET /services/data/v32.0/garden/plants?pageSize=4: "
        "the parameter pageSize is '4', not '3'"
    )
    client.garden.plants.list(page_size=3)
    server.assert_all_used()


def test_bytes_are_sent_as_they_are(small: Mock, client: Any) -> None:
    number = small.server.respond("garden.plants.list", b"<html>", media_type="text/html")
    assert small.ask("/garden/plants").text == "<html>"
    small.server.remove_stub(number)
    assert client.garden.plants.list().plants


def test_a_stopped_server_leaves_no_thread(small_client: ModuleType) -> None:
    import threading

    from sf_connect.testing import MockServer
    from support.command import SMALL_CATALOGUE

    before = threading.active_count()
    with MockServer(["--catalogue", str(SMALL_CATALOGUE)]) as server:
        server.respond("garden.plants.list", lambda call: {})
        assert threading.active_count() > before
    assert threading.active_count() == before
