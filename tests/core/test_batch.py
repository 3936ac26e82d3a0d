"""Batches over HTTP: what is sent, and what each call gets, sync and async."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Sequence
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, cast

import pytest

from core.conftest import QUICK, TOKEN, AsyncConnect, Connect
from core.server import Answer, Received, Server
from sf_connect.core.batch import Item
from sf_connect.core.exceptions import (
    BadRequestError,
    ConnectionFailedError,
    DecodeError,
    LimitReachedError,
    NotFoundError,
    PreconditionFailedError,
    TransportError,
)
from sf_connect.core.limits import HourlyLimiter
from sf_connect.core.models import UNSET, Input, Model, UnsetType, field
from sf_connect.core.operations import AsyncGroup, Operation, Paging, RequestOptions, SyncGroup
from sf_connect.core.uploads import Upload


class Thing(Model):
    id: str | None = None
    next_page_url: str | None = field(name="nextPageUrl", default=None)


class ThingInput(Input):
    name: str | UnsetType = UNSET
    size: int | UnsetType = UNSET


GET: Operation[Thing] = Operation("things.get", "GET", "/chatter/things/{id}", Thing, site=True, requires_chatter=True)
CREATE: Operation[Thing] = Operation(
    "things.create", "POST", "/chatter/things", Thing, retry="unsafe", json_part="thing", part_limits={"file": 10}
)
DELETE: Operation[None] = Operation("things.delete", "DELETE", "/chatter/things/{id}", None)
ALONE: Operation[None] = Operation("things.alone", "GET", "/chatter/alone", None, batch=False)
CONTENT: Operation[bytes] = Operation("things.content", "GET", "/chatter/content", bytes)
LIST: Operation[Thing] = Operation(
    "things.list", "GET", "/chatter/things", Thing, paging=Paging("next-url", "items", "nextPageUrl")
)


class Things(SyncGroup):
    def get(self, id: str, *, q: object = None, options: RequestOptions | None = None) -> Thing:  # noqa: A002
        return self._send(GET, (id,), query={"q": q}, options=options)

    def create(
        self,
        body: ThingInput | None = None,
        *,
        name: str | None = None,
        key: str | None = None,
        file: Upload | None = None,
        other: Upload | None = None,
        options: RequestOptions | None = None,
    ) -> Thing:
        form, headers = {"name": name}, {"X-Key": key}
        return self._send(CREATE, (), form=form, headers=headers, body=body, parts={"file": file, "other": other})

    def delete(self, id: str) -> None:  # noqa: A002
        return self._send(DELETE, (id,))

    def alone(self) -> None:
        return self._send(ALONE)

    def content(self) -> bytes:
        return self._send(CONTENT)

    def iter(self) -> Any:
        return self._pages(LIST)


class AsyncThings(AsyncGroup):
    async def get(self, id: str, *, q: object = None, options: RequestOptions | None = None) -> Thing:  # noqa: A002
        return await self._send(GET, (id,), query={"q": q}, options=options)

    async def create(
        self,
        body: ThingInput | None = None,
        *,
        name: str | None = None,
        key: str | None = None,
        file: Upload | None = None,
        other: Upload | None = None,
        options: RequestOptions | None = None,
    ) -> Thing:
        form, headers = {"name": name}, {"X-Key": key}
        return await self._send(CREATE, (), form=form, headers=headers, body=body, parts={"file": file, "other": other})

    async def delete(self, id: str) -> None:  # noqa: A002
        return await self._send(DELETE, (id,))

    async def alone(self) -> None:
        return await self._send(ALONE)

    async def content(self) -> bytes:
        return await self._send(CONTENT)

    def iter(self) -> Any:
        return self._pages(LIST)


Add = Callable[[Any, Any], object]
Run = Callable[..., Sequence[Item[Any]]]


@pytest.fixture(params=["sync", "async"])
def run(request: pytest.FixtureRequest, server: Server) -> Run:
    """Make a client and a batch, let `add(batch, things)` fill it, send it; errors of sending in `caught`."""

    def sync(add: Add, *, send: Any = None, caught: list[Exception] | None = None, **settings: Any) -> Any:
        given = {"token": TOKEN, "retry": QUICK, **settings.pop("client", {})}
        with Connect(server.url, **given) as client:
            batch = client.batch(**settings)
            add(batch, Things(client))
            try:
                return batch.send(send)
            except Exception as error:
                if caught is None:
                    raise
                caught.append(error)
                return batch.items

    async def asynchronous(
        add: Add, *, send: Any = None, caught: list[Exception] | None = None, **settings: Any
    ) -> Any:
        given = {"token": TOKEN, "retry": QUICK, **settings.pop("client", {})}
        async with AsyncConnect(server.url, **given) as client:
            batch = client.batch(**settings)
            add(batch, AsyncThings(client))
            try:
                return await batch.send(send)
            except Exception as error:
                if caught is None:
                    raise
                caught.append(error)
                return batch.items

    return sync if request.param == "sync" else lambda *args, **rest: asyncio.run(asynchronous(*args, **rest))


def answer(*results: tuple[int, Any]) -> Answer:
    return Answer(
        body=json.dumps(
            {
                "hasErrors": any(status >= 400 for status, _ in results),
                "results": [{"statusCode": status, "result": result} for status, result in results],
            }
        ).encode()
    )


def succeed(received: Received) -> Answer:
    """A result with the address as its id for each call."""
    return answer(*((200, {"id": call["url"]}) for call in calls(received)))


def calls(received: Received) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", json.loads(received.body)["batchRequests"])


def test_calls_are_sent_together_and_answered_in_order(run: Run, server: Server) -> None:
    server.answer(answer((200, {"id": "1"}), (201, {"id": "2"}), (204, None)))

    def add(batch: Any, things: Any) -> None:
        items = [
            batch.add(things.get, "a/b", q=["x", "y"]),
            batch.add(things.create, ThingInput(name="n", size=2**40)),
            batch.add(things.delete, id="3"),
        ]
        assert [repr(item) for item in items][:1] == ["<Item things.get: not sent>"]
        with pytest.raises(RuntimeError, match="send the batch first"):
            _ = items[0].result

    items = run(add)
    assert [item.result for item in items] == [Thing(id="1"), Thing(id="2"), None]
    assert [item.error for item in items] == [None] * 3
    assert [item.status for item in items] == [200, 201, 204]
    assert repr(items[0]) == "<Item things.get: succeeded>"
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


def test_each_call_has_its_own_error(run: Run, server: Server) -> None:
    error = [{"errorCode": "NOT_FOUND", "message": "gone"}]
    server.answer(answer((404, error), (200, {"id": "2"}), (200, "odd")))
    first, second, third = run(lambda batch, things: [batch.add(things.get, str(number)) for number in range(3)])
    assert isinstance(first.error, NotFoundError)
    assert (first.error.error_code, first.error.path) == ("NOT_FOUND", "/services/data/v67.0/chatter/things/0")
    with pytest.raises(NotFoundError, match="gone"):
        _ = first.result
    assert second.result == Thing(id="2")
    assert isinstance(third.error, DecodeError)
    assert [item.status for item in (first, second, third)] == [404, 200, 200]


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
        batch, things = client.batch(), Things(client)
        first = batch.add(things.get, "1")
        batch.send()
        second = batch.add(things.get, "2")
        assert len(batch) == 2
        batch.send()
        assert first.result.id != second.result.id
    assert [len(calls(received)) for received in server.received] == [1, 1]


@pytest.mark.parametrize("failing", [0, 24, 25, 59])
def test_halting_leaves_later_calls_unsent(run: Run, server: Server, failing: int) -> None:
    halted = [{"errorCode": "BATCH_PROCESSING_HALTED", "message": "halted"}]

    def respond(received: Received) -> Answer:
        first = 25 * (len(server.received) - 1)
        places = range(first, first + len(calls(received)))
        assert json.loads(received.body)["haltOnError"] is True
        states = [(404, []) if place == failing else (200, {"id": str(place)}) for place in places]
        return answer(
            *((412, halted) if place > failing else state for place, state in zip(places, states, strict=True))
        )

    server.respond = respond
    items = run(lambda batch, things: [batch.add(things.get, str(number)) for number in range(60)], halt_on_error=True)
    assert [item.result.id for item in items[:failing]] == [str(number) for number in range(failing)]
    assert isinstance(items[failing].error, NotFoundError)
    for item in items[failing + 1 :]:
        assert isinstance(item.error, PreconditionFailedError)
        assert (item.error.error_code, item.status) == ("BATCH_PROCESSING_HALTED", 412)
    assert len(server.received) == failing // 25 + 1


def test_without_halting_all_are_sent(run: Run, server: Server) -> None:
    server.respond = lambda received: answer(*((500, []) for _ in calls(received)))
    items = run(lambda batch, things: [batch.add(things.get, str(number)) for number in range(26)])
    assert all(item.error for item in items)
    assert len(server.received) == 2


@pytest.mark.parametrize("kind", ["refused", "broken", "unreadable"])
def test_a_request_that_fails_as_a_whole(run: Run, server: Server, kind: str) -> None:
    faults = {
        "refused": (Answer(400, b'[{"errorCode":"INVALID_BATCH"}]'), BadRequestError),
        "broken": (Answer(drop=True), ConnectionFailedError),
        "unreadable": (Answer(body=b"<html>"), DecodeError),
    }
    fault, error = faults[kind]
    server.respond = lambda received: fault if len(server.received) >= 2 else succeed(received)
    caught: list[Exception] = []
    items = run(
        lambda batch, things: [batch.add(things.create, ThingInput(name=str(number))) for number in range(60)],
        caught=caught,
    )
    assert isinstance(caught[0], error)
    assert all(item.error is None for item in items[:25])
    assert all(item.error is caught[0] and item.status is None for item in items[25:50])
    with pytest.raises(RuntimeError):
        _ = items[50].error
    assert len(server.received) == 2


def test_a_result_that_is_missing_halts_too(run: Run, server: Server) -> None:
    server.respond = lambda received: answer(*((200, {"id": "1"}) for _ in calls(received)[1:]))
    items = run(lambda batch, things: [batch.add(things.get, str(number)) for number in range(30)], halt_on_error=True)
    assert len(server.received) == 1
    assert isinstance(items[24].error, DecodeError)
    assert isinstance(items[25].error, PreconditionFailedError)


def test_what_cannot_be_sent_stays_unsent(server: Server) -> None:
    server.respond = succeed
    with Connect(server.url, token=TOKEN) as client:
        batch = client.batch()
        item = batch.add(Things(client).get, "1")
        with pytest.raises(ValueError, match="Authorization"):
            batch.send(RequestOptions(headers={"Authorization": "mine"}))
        assert server.received == []
        batch.send()
        assert item.result.id == "/services/data/v67.0/chatter/things/1"

    async def main() -> None:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            batch = client.batch()
            item = batch.add(AsyncThings(client).get, "1")
            with pytest.raises(ValueError, match="Authorization"):
                await batch.send(RequestOptions(headers={"Authorization": "mine"}))
            await batch.send()
            assert item.error is None

    asyncio.run(main())


def test_a_cancelled_batch_is_not_sent_twice(server: Server) -> None:
    """It may have arrived, so its calls have an error; calls that were not sent go with the next `send`."""
    arrived, release = threading.Event(), threading.Event()

    def respond(received: Received) -> Answer:
        arrived.set()
        release.wait(20)
        return succeed(received)

    server.respond = respond

    async def main() -> None:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            batch, things = client.batch(), AsyncThings(client)
            items = [batch.add(things.get, str(number)) for number in range(26)]
            task = asyncio.ensure_future(batch.send())
            await asyncio.to_thread(arrived.wait, 20)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert all("not known whether" in str(item.error) for item in items[:25])
            release.set()
            await batch.send()
            assert items[25].error is None
            assert isinstance(items[0].error, TransportError)

    try:
        asyncio.run(main())
    finally:
        release.set()
    assert [len(calls(received)) for received in server.received] == [25, 1]


def test_a_part_that_turns_out_too_large_is_broken_off(run: Run, server: Server) -> None:
    upload = Upload(iter([bytes(6), bytes(6)]), "a.bin")
    with pytest.raises(ValueError, match="more than the 10 bytes allowed"):
        run(lambda batch, things: batch.add(things.create, ThingInput(name="a"), file=upload))
    assert server.received == []


def test_calls_without_an_answer_say_so(run: Run, server: Server) -> None:
    server.answer(answer((200, {"id": "1"})))
    first, second = run(lambda batch, things: [batch.add(things.get, "1"), batch.add(things.get, "2")])
    assert first.result == Thing(id="1")
    assert isinstance(second.error, DecodeError)


def test_a_request_is_repeated_where_all_its_calls_may_be(run: Run, server: Server) -> None:
    server.answer(Answer(503), answer((200, {"id": "1"})))
    assert run(lambda batch, things: batch.add(things.get, "1"))[0].result == Thing(id="1")
    server.answer(Answer(503), answer((200, {"id": "1"}), (200, {"id": "2"})))
    caught: list[Exception] = []
    run(lambda batch, things: [batch.add(things.get, "1"), batch.add(things.create, ThingInput())], caught=caught)
    assert len(caught) == 1


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


def test_settings_of_the_requests_are_given_to_send(run: Run, server: Server) -> None:
    server.respond = succeed
    run(lambda batch, things: batch.add(things.get, "1"), send=RequestOptions(headers={"X-Mine": "1"}, locale="fr"))
    assert (server.last.headers["X-Mine"], server.last.headers["Accept-Language"]) == ("1", "fr")


def test_form_arguments_go_into_the_address(run: Run, server: Server) -> None:
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
        (lambda batch, things: batch.add(things.get, ""), "cannot stand in a path"),
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


def test_the_other_kind_of_operation_is_refused(server: Server) -> None:
    with Connect(server.url, token=TOKEN) as client:
        other = AsyncConnect(server.url, token=TOKEN)
        with pytest.raises(TypeError, match="give an operation of a client"):
            client.batch().add(AsyncThings(other).get, "1")
        with pytest.raises(TypeError, match="give an asynchronous operation of a client"):
            other.batch().add(cast("Any", Things(client).get), "1")
        asyncio.run(other.aclose())


def test_calls_of_sites_go_along_and_others_do_not(server: Server) -> None:
    server.respond = succeed
    with Connect(server.url, token=TOKEN) as client, Connect(server.url, token=TOKEN) as other:
        batch = client.batch()
        batch.add(Things(client.site("internal")).get, "1")
        with pytest.raises(ValueError, match="another session"):
            batch.add(Things(other).get, "1")
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
        item = batch.add(Things(old).get, "1")
        batch.send()
        assert item.result.id == "/services/data/v38.0/chatter/things/1"
        assert server.last.target == "/services/data/v67.0/connect/batch"
        with pytest.raises(ValueError, match=r"things\.get is of version 67\.0: a batch of 38\.0 takes that version"):
            old.batch().add(Things(client).get, "1")


def test_each_call_that_requires_chatter_counts_for_the_limiter(server: Server) -> None:
    server.respond = succeed
    limiter = HourlyLimiter(5, wait=False)
    with Connect(server.url, token=TOKEN, limiter=limiter) as client:
        batch = client.batch()
        for _ in range(3):
            batch.add(Things(client).get, "1")
        batch.add(Things(client).create, ThingInput())  # needs no Chatter
        batch.send()
        assert limiter.left == 2
        for _ in range(3):
            batch.add(Things(client).get, "1")
        with pytest.raises(LimitReachedError):
            batch.send()
        assert isinstance(batch.items[-1].error, LimitReachedError)
    assert len(server.received) == 1


def test_more_calls_than_the_limiter_ever_lets_through_are_refused_unsent(run: Run, server: Server) -> None:
    """Waiting would never end, and nobody has to guess whether they were made."""
    limiter = HourlyLimiter(30)
    caught: list[Exception] = []
    items = run(
        lambda batch, things: [batch.add(things.get, str(number)) for number in range(40)],
        client={"limiter": HourlyLimiter(10)},
        caught=caught,
    )
    assert "25 calls at once can never pass a limiter of 10 calls in 3600 s" in str(caught)
    assert isinstance(caught[0], ValueError)
    with pytest.raises(RuntimeError, match="send the batch first"):
        _ = items[0].error
    assert server.received == []
    server.respond = succeed
    run(lambda batch, things: [batch.add(things.get, str(n)) for n in range(25)], client={"limiter": limiter})
    assert limiter.left == 5


def test_a_batch_is_json_whatever_the_client_has(run: Run, server: Server) -> None:
    server.respond = succeed
    xml = RequestOptions(format="xml")
    run(lambda batch, things: batch.add(things.create, ThingInput(name="n")), client={"options": xml})
    assert server.last.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert server.last.headers["Accept"] == "application/json"
    assert calls(server.last)[0]["richInput"] == {"name": "n"}
    with pytest.raises(ValueError, match="JSON only"):
        run(lambda batch, things: batch.add(things.get, "1", options=xml))


def test_errors_name_their_call(run: Run, server: Server) -> None:
    server.answer(answer((404, [{"errorCode": "NOT_FOUND", "message": "gone"}])))
    (item,) = run(lambda batch, things: [batch.add(things.get, "1")])
    assert item.error is not None
    assert item.error.request == ("things.get", "GET", "/services/data/v67.0/chatter/things/1")


def test_the_token_is_in_no_repr(server: Server) -> None:
    with Connect(server.url, token=TOKEN) as client:
        batch = client.batch()
        item = batch.add(Things(client).create, ThingInput(name="private"))
        assert all("secret" not in repr(one) and "private" not in repr(one) for one in (batch, item, batch.items))
