"""Batches that fail: one call, a whole request, halting, what is interrupted and what stays unsent, sync and async."""

from __future__ import annotations

import asyncio
import json
import threading
import traceback

import pytest

from core.batching import (
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
from core.server import Answer, Received, Server
from sf_connect.core import (
    APIConnectionError,
    BadRequestError,
    LocalRateLimitError,
    NotFoundError,
    PreconditionFailedError,
    RateLimiter,
    RequestOptions,
    ResponseDecodeError,
    Upload,
)


@pytest.fixture(params=["sync", "async"])
def run(request: pytest.FixtureRequest, server: Server) -> Run:
    return runner(request.param, server)


def test_each_call_has_its_own_error(run: Run, server: Server) -> None:
    error = [{"errorCode": "NOT_FOUND", "message": "gone"}]
    server.answer(answer((404, error), (200, {"id": "2"}), (200, "odd")))
    first, second, third = run(lambda batch, things: [batch.add(things.get, str(number)) for number in range(3)])
    assert isinstance(first.error, NotFoundError)
    assert (first.error.error_code, first.error.path) == ("NOT_FOUND", "/services/data/v67.0/chatter/things/0")
    with pytest.raises(NotFoundError, match="gone"):
        _ = first.result
    assert second.result == Thing(id="2")
    assert isinstance(third.error, ResponseDecodeError)
    assert [item.status for item in (first, second, third)] == [404, 200, 200]


def test_no_error_of_a_call_shows_the_token(run: Run, server: Server) -> None:
    server.answer(answer((403, [{"errorCode": "X", "message": f"not {TOKEN}"}]), (200, f"odd {TOKEN}"), (500, TOKEN)))
    items = run(lambda batch, things: [batch.add(things.get, str(number)) for number in range(3)])
    for item in items:
        assert "[token]" in str(item.error)
        shown = "".join(traceback.TracebackException.from_exception(item.error, capture_locals=True).format())
        assert TOKEN not in shown
        assert TOKEN not in repr(vars(item.error))


@pytest.mark.parametrize(
    ("results", "have"), [(None, 0), ([{"statusCode": 200, "result": {"id": "0"}}, None], 1), ([{"result": {}}], 0)]
)
def test_a_call_without_a_result_has_an_error_of_its_own(run: Run, server: Server, results: object, have: int) -> None:
    server.answer(Answer(body=json.dumps({"results": results}).encode()))
    items = run(lambda batch, things: [batch.add(things.get, str(number)) for number in range(2)])
    assert [item.error is None for item in items] == [number < have for number in range(2)]
    for item in items[have:]:
        assert isinstance(item.error, ResponseDecodeError)
        assert "no result for" in str(item.error)


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
        "broken": (Answer(drop=True), APIConnectionError),
        "unreadable": (Answer(body=b"<html>"), ResponseDecodeError),
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
    assert isinstance(items[24].error, ResponseDecodeError)
    assert isinstance(items[25].error, PreconditionFailedError)


def test_what_cannot_be_sent_stays_unsent(server: Server) -> None:
    server.respond = succeed
    with Connect(server.url, token=TOKEN) as client:
        batch = client.batch()
        item = batch.add(Things(dispatcher(client)).get, "1")
        with pytest.raises(ValueError, match="Authorization"):
            batch.send(RequestOptions(headers={"Authorization": "mine"}))
        assert server.received == []
        batch.send()
        assert item.result.id == "/services/data/v67.0/chatter/things/1"

    async def main() -> None:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            batch = client.batch()
            item = batch.add(AsyncThings(dispatcher(client)).get, "1")
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
            batch, things = client.batch(), AsyncThings(dispatcher(client))
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
            assert isinstance(items[0].error, APIConnectionError)

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


def test_calls_without_a_response_say_so(run: Run, server: Server) -> None:
    server.answer(answer((200, {"id": "1"})))
    first, second = run(lambda batch, things: [batch.add(things.get, "1"), batch.add(things.get, "2")])
    assert first.result == Thing(id="1")
    assert isinstance(second.error, ResponseDecodeError)


def test_a_request_is_retried_where_all_its_calls_may_be(run: Run, server: Server) -> None:
    server.answer(Answer(503), answer((200, {"id": "1"})))
    assert run(lambda batch, things: batch.add(things.get, "1"))[0].result == Thing(id="1")
    server.answer(Answer(503), answer((200, {"id": "1"}), (200, {"id": "2"})))
    caught: list[Exception] = []
    run(lambda batch, things: [batch.add(things.get, "1"), batch.add(things.create, ThingInput())], caught=caught)
    assert len(caught) == 1


def test_each_call_that_requires_chatter_counts_for_the_rate_limiter(server: Server) -> None:
    server.respond = succeed
    limiter = RateLimiter(5, wait=False)
    with Connect(server.url, token=TOKEN, rate_limiter=limiter) as client:
        batch = client.batch()
        for _ in range(3):
            batch.add(Things(dispatcher(client)).get, "1")
        batch.add(Things(dispatcher(client)).create, ThingInput())  # needs no Chatter
        batch.send()
        assert limiter.left == 2
        for _ in range(3):
            batch.add(Things(dispatcher(client)).get, "1")
        with pytest.raises(LocalRateLimitError):
            batch.send()
        assert isinstance(batch.items[-1].error, LocalRateLimitError)
    assert len(server.received) == 1


def test_more_calls_than_the_rate_limiter_ever_allows_are_refused_unsent(run: Run, server: Server) -> None:
    """Waiting would never end, and nobody has to guess whether they were made."""
    limiter = RateLimiter(30)
    caught: list[Exception] = []
    items = run(
        lambda batch, things: [batch.add(things.get, str(number)) for number in range(40)],
        client={"rate_limiter": RateLimiter(10)},
        caught=caught,
    )
    assert "25 calls at once exceed a rate limiter of 10 calls in 3600 s" in str(caught)
    assert isinstance(caught[0], ValueError)
    with pytest.raises(RuntimeError, match="send the batch first"):
        _ = items[0].error
    assert server.received == []
    server.respond = succeed
    run(lambda batch, things: [batch.add(things.get, str(n)) for n in range(25)], client={"rate_limiter": limiter})
    assert limiter.left == 5


def test_errors_name_their_call(run: Run, server: Server) -> None:
    server.answer(answer((404, [{"errorCode": "NOT_FOUND", "message": "gone"}])))
    (item,) = run(lambda batch, things: [batch.add(things.get, "1")])
    assert item.error is not None
    assert item.error.request == ("things.get", "GET", "/services/data/v67.0/chatter/things/1")
