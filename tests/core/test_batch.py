"""Batches over HTTP: what may be part of one, what is sent, and what each call gets, sync and async."""

from __future__ import annotations

import asyncio
import json
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, cast

import pytest

from core.batching import (
    Add,
    AsyncThings,
    Run,
    Thing,
    ThingInput,
    Things,
    answer,
    calls,
    runner,
    succeed,
)
from core.conftest import TOKEN, AsyncConnect, Connect, dispatcher
from core.server import Server
from sf_connect.core import RequestOptions, Upload


@pytest.fixture(params=["sync", "async"])
def run(request: pytest.FixtureRequest, server: Server) -> Run:
    return runner(request.param, server)


def test_calls_are_sent_together_and_have_their_results_in_order(run: Run, server: Server) -> None:
    server.answer(answer((200, {"id": "1"}), (201, {"id": "2"}), (204, None)))

    def add(batch: Any, things: Any) -> None:
        items = [
            batch.add(things.get, "a/b", q=["x", "y"]),
            batch.add(things.create, ThingInput(name="n", size=2**40)),
            batch.add(things.delete, id="3"),
        ]
        assert [repr(item) for item in items][:1] == ["<BatchItem things.get: not sent>"]
        with pytest.raises(RuntimeError, match="send the batch first"):
            _ = items[0].result

    items = run(add)
    assert [item.result for item in items] == [Thing(id="1"), Thing(id="2"), None]
    assert [item.error for item in items] == [None] * 3
    assert [item.status for item in items] == [200, 201, 204]
    assert repr(items[0]) == "<BatchItem things.get: succeeded>"
    (received,) = server.received
    assert (received.method, received.target) == ("POST", "/services/data/v67.0/connect/batch")
    assert received.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert json.loads(received.body) == {
        "batchRequests": [
            {"method": "Get", "url": "/services/data/v67.0/chatter/things/a%2Fb?q=x%2Cy"},
            {
                "method": "Post",
                "url": "/services/data/v67.0/chatter/things",
                "richInput": {"name": "n", "size": "1099511627776"},
            },
            {"method": "Delete", "url": "/services/data/v67.0/chatter/things/3"},
        ],
        "haltOnError": False,
    }


def test_more_than_25_calls_are_several_requests(run: Run, server: Server) -> None:
    server.respond = succeed
    items = run(lambda batch, things: [batch.add(things.get, str(number)) for number in range(60)])
    assert [len(calls(received)) for received in server.received] == [25, 25, 10]
    assert [item.result.id for item in items] == [
        f"/services/data/v67.0/chatter/things/{number}" for number in range(60)
    ]


def test_an_empty_batch_sends_nothing(run: Run, server: Server) -> None:
    assert run(lambda batch, things: None) == ()
    assert server.received == []


def test_calls_added_later_are_sent_by_the_next_send(server: Server) -> None:
    server.respond = succeed
    with Connect(server.url, token=TOKEN) as client:
        batch, things = client.batch(), Things(dispatcher(client))
        first = batch.add(things.get, "1")
        batch.send()
        second = batch.add(things.get, "2")
        assert len(batch) == 2
        batch.send()
        assert first.result.id != second.result.id
    assert [len(calls(received)) for received in server.received] == [1, 1]


def test_filters_and_query_go_with_their_call(run: Run, server: Server) -> None:
    server.respond = succeed
    client_options = RequestOptions(filter_group="Small", query={"further": "1"}, locale="de", theme="Classic")
    options = RequestOptions(include=("/id",), query={"own": "2"})
    run(
        lambda batch, things: [batch.add(things.get, "1", options=options), batch.add(things.delete, "2")],
        client={"options": client_options},
    )
    (received,) = server.received
    assert received.target == "/services/data/v67.0/connect/batch"
    assert (received.headers["Accept-Language"], received.headers["X-Connect-Theme"]) == ("de", "Classic")
    first, second = (call["url"].partition("?")[2] for call in calls(received))
    assert first == "include=%2Fid&filterGroup=Small&further=1&own=2"
    assert second == "further=1"  # a DELETE has no filter group


def test_settings_of_the_requests_are_passed_to_send(run: Run, server: Server) -> None:
    server.respond = succeed
    run(lambda batch, things: batch.add(things.get, "1"), send=RequestOptions(headers={"X-Mine": "1"}, locale="fr"))
    assert (server.last.headers["X-Mine"], server.last.headers["Accept-Language"]) == ("1", "fr")


def test_form_arguments_go_into_the_url(run: Run, server: Server) -> None:
    server.respond = succeed
    run(lambda batch, things: batch.add(things.create, name="a b"))
    assert calls(server.last) == [{"method": "Post", "url": "/services/data/v67.0/chatter/things?name=a+b"}]


def test_binary_parts_go_beside_the_calls(run: Run, server: Server) -> None:
    server.answer(answer(*[(201, {"id": str(number)}) for number in range(3)]))

    def add(batch: Any, things: Any) -> None:
        batch.add(things.create, ThingInput(name="n"), file=Upload(b"first", filename="a.txt"))
        batch.add(things.get, "1")
        batch.add(things.create, file=Upload(b"third", filename="c.txt"))

    run(add)
    received = server.last
    head = f"Content-Type: {received.headers['Content-Type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + received.body)
    parts: dict[Any, Any] = {
        part.get_param("name", header="content-disposition"): part for part in message.iter_parts()
    }
    assert list(parts) == ["json", "bin1", "bin3"]
    sent = json.loads(parts["json"].get_payload(decode=True))["batchRequests"]
    url = "/services/data/v67.0/chatter/things"
    named = {"binaryPartNameAlias": "file"}
    assert sent[0] == {"method": "Post", "url": url, "richInput": {"name": "n"}, "binaryPartName": "bin1", **named}
    assert sent[2] == {"method": "Post", "url": url, "binaryPartName": "bin3", **named}
    assert parts["json"].get_content_type() == "application/json"
    assert parts["bin1"].get_payload(decode=True) == b"first"
    assert parts["bin1"].get_filename() == "a.txt"
    assert parts["bin3"].get_payload(decode=True) == b"third"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda batch, things: batch.add(things.alone), "cannot be part of a batch"),
        (lambda batch, things: batch.add(things.content), "cannot be part of a batch"),
        (
            lambda batch, things: batch.add(things.create, ThingInput(), key="k"),
            r"no headers of its own; leave out x_key \(X-Key\)",
        ),
        (lambda batch, things: batch.add(things.create, ThingInput(), name="n"), "not both"),
        (
            lambda batch, things: batch.add(things.create, file=Upload(b"1"), other=Upload(b"2")),
            "one binary part, not file and other",
        ),
        (
            lambda batch, things: batch.add(things.create, file=Upload(b"12345678901")),
            "has 11 bytes; file takes at most",
        ),
        (lambda batch, things: batch.add(things.get, "1", options=RequestOptions(bearer_urls=True)), "bearer_urls"),
        (lambda batch, things: batch.add(things.get, ""), "cannot be part of a path"),
        (lambda batch, things: batch.add(things.create, ThingInput(size=10**18)), "too large"),
        (lambda batch, things: batch.add(things.get, "1", options=RequestOptions(locale="de")), r"send\(options=…\)"),
        (lambda batch, things: batch.add(things.get, "1", options=RequestOptions(timeout=1)), "timeout"),
        (lambda batch, things: batch.add(things.get, "1", options=RequestOptions(headers={"a": "b"})), "headers"),
    ],
)
def test_calls_that_cannot_be_part_of_a_batch_are_refused_at_once(
    run: Run, server: Server, call: Add, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        run(call)
    assert server.received == []


@pytest.mark.parametrize(
    "call",
    [
        lambda batch, things: batch.add(things.iter),
        lambda batch, things: batch.add(lambda: None),
        lambda batch, things: batch.add("text"),
        lambda batch, things: batch.add(things.get),
    ],
)
def test_what_is_no_call_is_refused(run: Run, server: Server, call: Add) -> None:
    with pytest.raises(TypeError):
        run(call)
    assert server.received == []


def test_the_other_type_of_operation_is_refused(server: Server) -> None:
    with Connect(server.url, token=TOKEN) as client:
        other = AsyncConnect(server.url, token=TOKEN)
        with pytest.raises(TypeError, match="pass an operation of a client"):
            client.batch().add(AsyncThings(dispatcher(other)).get, "1")
        with pytest.raises(TypeError, match="pass an asynchronous operation of a client"):
            other.batch().add(cast("Any", Things(dispatcher(client)).get), "1")
        asyncio.run(other.aclose())


def test_calls_of_sites_go_along_and_others_do_not(server: Server) -> None:
    server.respond = succeed
    with Connect(server.url, token=TOKEN) as client, Connect(server.url, token=TOKEN) as other:
        batch = client.batch()
        batch.add(Things(dispatcher(client.site("internal"))).get, "1")
        with pytest.raises(ValueError, match="another session"):
            batch.add(Things(dispatcher(other)).get, "1")
        batch.send()
    url = "/services/data/v67.0/connect/communities/internal/chatter/things/1"
    assert [call["url"] for call in calls(server.last)] == [url]


class Connect38(Connect):
    api_version = "38.0"


def test_older_versions_go_along_and_newer_ones_do_not(server: Server) -> None:
    server.respond = succeed
    with Connect(server.url, token=TOKEN) as client:
        old = Connect38.from_client(client)
        batch = client.batch()
        item = batch.add(Things(dispatcher(old)).get, "1")
        batch.send()
        assert item.result.id == "/services/data/v38.0/chatter/things/1"
        assert server.last.target == "/services/data/v67.0/connect/batch"
        with pytest.raises(ValueError, match=r"things\.get is of version 67\.0: a batch of 38\.0 takes that version"):
            old.batch().add(Things(dispatcher(client)).get, "1")


def test_a_batch_is_json_whatever_the_client_has(run: Run, server: Server) -> None:
    server.respond = succeed
    xml = RequestOptions(format="xml")
    run(lambda batch, things: batch.add(things.create, ThingInput(name="n")), client={"options": xml})
    assert server.last.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert server.last.headers["Accept"] == "application/json"
    assert calls(server.last)[0]["richInput"] == {"name": "n"}
    with pytest.raises(ValueError, match="JSON only"):
        run(lambda batch, things: batch.add(things.get, "1", options=xml))


def test_the_token_is_in_no_repr(server: Server) -> None:
    with Connect(server.url, token=TOKEN) as client:
        batch = client.batch()
        item = batch.add(Things(dispatcher(client)).create, ThingInput(name="private"))
        assert all("secret" not in repr(one) and "private" not in repr(one) for one in (batch, item, batch.items))
