"""Methods that wait for an end: what ends them, how often they ask, what they report and raise, over HTTP."""

from __future__ import annotations

import asyncio
import itertools
import json
import pickle
import threading
from collections.abc import Callable
from typing import Any

import pytest

from core.conftest import QUICK, TOKEN, AsyncConnect, Connect, dispatcher
from core.server import Answer, Received, Server
from sf_connect.core import (
    APITimeoutError,
    AsyncGroup,
    Model,
    NotFoundError,
    Operation,
    RequestOptions,
    SyncGroup,
    Wait,
    WaitError,
    WaitEvent,
    WaitFailedError,
    WaitTimeoutError,
    field,
)


class Part(Model):
    state: str | None = None


class Job(Model):
    state: str | None = None
    ready: bool | None = None
    end_time: str | int | None = field(name="endTime", default=None)
    part: Part | None = None
    parts: list[Part] | None = None


GET_JOB: Operation[Job] = Operation("f.jobs.get", "GET", "/jobs/{jobId}", Job, status=(200, 202))
BY_STATE = Wait("state", done=("Done",), failed=("Failed", "Lost"))
BY_STATUS = Wait(pending_status=(202,))
BY_BOTH = Wait("part.state", done=("Done",), failed=("Failed",), pending_status=(202,))
BY_END = Wait(ended="endTime")
BY_END_AND_STATE = Wait("state", done=("Done",), ended="endTime")
OF_ALL = Wait("parts.state", done=("Done",), failed=("Failed",))


class Jobs(SyncGroup):
    """A group as the generator writes it."""

    def wait_for_end(self, job_id: str, wait: Wait = BY_STATE, **settings: Any) -> Job:
        return self._wait(GET_JOB, wait, (job_id,), **settings)


class AsyncJobs(AsyncGroup):
    """Its asynchronous twin."""

    async def wait_for_end(self, job_id: str, wait: Wait = BY_STATE, **settings: Any) -> Job:
        return await self._wait(GET_JOB, wait, (job_id,), **settings)


Waits = Callable[..., Job]


@pytest.fixture(params=["sync", "async"])
def wait(request: pytest.FixtureRequest, server: Server) -> Waits:
    """Wait in a client of its own; without `interval` it asks again at once."""

    def sync(by: Wait = BY_STATE, **settings: Any) -> Job:
        with Connect(server.url, token=TOKEN, retry_policy=QUICK) as client:
            return Jobs(dispatcher(client)).wait_for_end("j1", by, **{"interval": 0.0, **settings})

    async def asynchronous(by: Wait = BY_STATE, **settings: Any) -> Job:
        async with AsyncConnect(server.url, token=TOKEN, retry_policy=QUICK) as client:
            return await AsyncJobs(dispatcher(client)).wait_for_end("j1", by, **{"interval": 0.0, **settings})

    return sync if request.param == "sync" else lambda *args, **rest: asyncio.run(asynchronous(*args, **rest))


def job(status: int = 200, headers: dict[str, str] | None = None, **body: Any) -> Answer:
    return Answer(status, json.dumps(body).encode(), headers or {})


def test_it_asks_until_the_state_is_done(wait: Waits, server: Server) -> None:
    server.answer(job(state="New"), job(state="SomethingNewer"), job(), job(state="Done", ready=True))
    assert wait(query={"deep": True}) == Job(state="Done", ready=True)
    assert [one.target for one in server.received] == ["/services/data/v67.0/jobs/j1?deep=true"] * 4


@pytest.mark.parametrize(
    ("by", "answers"),
    [
        (BY_STATUS, [job(202), Answer(202, b""), job()]),
        (BY_BOTH, [job(202, part={"state": "Done"}), job(part={"state": "Running"}), job(part={"state": "Done"})]),
        (BY_BOTH, [job(202), job(part=None)]),
        (BY_END, [job(endTime=0), job(endTime=None), job(endTime=1700000000)]),
        (BY_END_AND_STATE, [job(state="Begun"), job(state="Done", endTime=1)]),
        (OF_ALL, [job(parts=[]), job(parts=[{"state": "Done"}, {"state": "New"}]), job(parts=[{"state": "Done"}] * 2)]),
        (Wait("ready", done=(True,)), [job(ready=False), job(ready=True)]),
    ],
    ids=["status", "status and state", "status without state", "end", "end and state", "all of a list", "boolean"],
)
def test_every_kind_of_end(wait: Waits, server: Server, by: Wait, answers: list[Answer]) -> None:
    server.answer(*answers)
    wait(by)
    assert len(server.received) == len(answers)


@pytest.mark.parametrize(
    ("by", "body", "state"),
    [
        (BY_STATE, {"state": "Failed"}, "Failed"),
        (BY_BOTH, {"part": {"state": "Failed"}}, "Failed"),
        (BY_END_AND_STATE, {"state": "Cancelled", "endTime": 5}, "Cancelled"),
        (OF_ALL, {"parts": [{"state": "New"}, {"state": "Failed"}]}, ["New", "Failed"]),
    ],
)
def test_a_failure_raises_with_the_last_response(
    wait: Waits, server: Server, by: Wait, body: dict[str, Any], state: object
) -> None:
    server.answer(job(state="New"), job(**body)) if by is BY_STATE else server.answer(job(**body))
    with pytest.raises(WaitFailedError, match=r"f\.jobs\.get: what was waited for has failed") as raised:
        wait(by)
    error = raised.value
    assert error.response_as(Job) == error.response
    assert error.state == state
    assert error.calls == len(server.received)
    assert error.request is not None
    assert error.request.path == "/services/data/v67.0/jobs/j1"
    copied = pickle.loads(pickle.dumps(error))
    assert (type(copied), copied.response, copied.state, copied.calls) == (
        WaitFailedError,
        error.response,
        state,
        error.calls,
    )
    with pytest.raises(TypeError, match="the response is Job, not Part"):
        error.response_as(Part)


def test_it_ends_when_the_next_call_would_come_after_the_time(wait: Waits, server: Server) -> None:
    server.answer(job(state="New"))
    with pytest.raises(WaitTimeoutError, match=r"not ended within 0\.5 seconds; state is 'New'") as raised:
        wait(interval=1.0, total_timeout=0.5)
    assert raised.value.response_as(Job).state == "New"
    assert len(server.received) == 1


def test_no_message_shows_the_token(wait: Waits, server: Server) -> None:
    server.answer(job(state=f"x{TOKEN}"))
    with pytest.raises(WaitTimeoutError, match=r"state is 'x\[token\]'") as raised:
        wait(interval=1.0, total_timeout=0.5)
    assert TOKEN not in str(raised.value)


def test_a_call_that_is_under_way_ends_with_the_time(wait: Waits, server: Server) -> None:
    server.answer(Answer(delay=20))
    with pytest.raises(WaitTimeoutError) as raised:
        wait(total_timeout=0.3, options=RequestOptions(max_retries=0))
    assert isinstance(raised.value.__cause__, APITimeoutError)
    with pytest.raises(LookupError, match="no response"):
        raised.value.response_as(Job)


def test_a_call_that_is_slower_than_its_own_timeout_is_no_end_of_the_time(wait: Waits, server: Server) -> None:
    server.answer(Answer(delay=20))
    with pytest.raises(APITimeoutError):
        wait(options=RequestOptions(timeout=0.2, max_retries=0))


def test_an_error_response_ends_it(wait: Waits, server: Server) -> None:
    server.answer(job(state="New"), job(404))
    with pytest.raises(NotFoundError):
        wait()


def test_intervals_grow_and_every_event_has_its_response(wait: Waits, server: Server) -> None:
    server.answer(*[job(state="New")] * 4, job(state="Done"))
    events: list[WaitEvent[Job]] = []
    wait(interval=0.004, backoff=2.0, progress=events.append)
    assert [event.delay for event in events] == [0.004, 0.008, 0.016, 0.032]
    assert [event.calls for event in events] == [1, 2, 3, 4]
    assert {event.state for event in events} == {"New"}
    assert [event.response for event in events] == [Job(state="New")] * 4
    assert all(0 < before.seconds < after.seconds for before, after in itertools.pairwise(events))


def test_the_server_and_the_catalogue_may_ask_for_longer_intervals(wait: Waits, server: Server) -> None:
    events: list[WaitEvent[Job]] = []
    server.answer(job(state="New", headers={"Retry-After": "0"}), job(state="Done"))
    wait(Wait("state", done=("Done",), interval=0.01), interval=None, progress=events.append)
    server.answer(job(state="New", headers={"Retry-After": "7"}))
    with pytest.raises(WaitTimeoutError):
        wait(total_timeout=6.5, progress=events.append)
    assert [event.delay for event in events] == [0.01]


def test_what_progress_raises_ends_it(wait: Waits, server: Server) -> None:
    server.answer(job(state="New"))

    def stop(_: WaitEvent[Job]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wait(progress=stop)
    assert len(server.received) == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"interval": -1.0}, "interval is -1.0 seconds"),
        ({"interval": float("nan")}, "interval is nan seconds"),
        ({"backoff": 0.5}, "backoff is 0.5"),
        ({"total_timeout": 0.0}, "total_timeout is 0.0 seconds"),
    ],
)
def test_numbers_out_of_bounds_are_refused(wait: Waits, server: Server, settings: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"f.jobs.get: {message}"):
        wait(**settings)
    assert not server.received


def test_an_asynchronous_progress_is_awaited_and_needs_an_asynchronous_client(server: Server) -> None:
    server.answer(job(state="New"), job(state="Done"))
    seen: list[str | None] = []

    async def see(event: WaitEvent[Job]) -> None:
        await asyncio.sleep(0)
        seen.append(event.response.state)

    async def use() -> None:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            await AsyncJobs(dispatcher(client)).wait_for_end("j1", interval=0.0, progress=see)

    asyncio.run(use())
    assert seen == ["New"]
    server.answer(job(state="New"))
    with Connect(server.url, token=TOKEN) as client, pytest.raises(TypeError, match="asynchronous client"):
        Jobs(dispatcher(client)).wait_for_end("j1", progress=see)


def test_a_cancelled_task_asks_no_more_and_leaves_the_client_usable(server: Server) -> None:
    server.respond = lambda _: job(state="New" if len(server.received) < 4 else "Done")

    async def use() -> None:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            jobs = AsyncJobs(dispatcher(client))
            asked = asyncio.Event()
            task = asyncio.create_task(jobs.wait_for_end("j1", interval=300.0, progress=lambda _: asked.set()))
            await asked.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert len(server.received) == 1
            assert (await jobs.wait_for_end("j1", interval=0.0)).state == "Done"

    asyncio.run(use())


def test_a_task_that_is_cancelled_within_a_call_ends_at_once(server: Server) -> None:
    arrived, leave = threading.Event(), threading.Event()

    def respond(_: Received) -> Answer:
        arrived.set()
        leave.wait(20)
        return job(state="Done")

    server.respond = respond

    async def use() -> None:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            task = asyncio.create_task(AsyncJobs(dispatcher(client)).wait_for_end("j1"))
            await asyncio.to_thread(arrived.wait, 20)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        leave.set()

    asyncio.run(use())
    assert len(server.received) == 1


def test_batches_and_raw_responses_refuse_it_by_name(server: Server) -> None:
    refused = r"waits makes several calls of f\.jobs\.get: pass that operation"
    with Connect(server.url, token=TOKEN) as client:
        method = Jobs(dispatcher(client)).wait_for_end
        for called in (client.batch().add, client.raw):
            with pytest.raises(TypeError, match=refused):
                called(method, "j1")

    async def use() -> None:
        async with AsyncConnect(server.url, token=TOKEN) as later:
            method = AsyncJobs(dispatcher(later)).wait_for_end
            with pytest.raises(TypeError, match=refused):
                later.batch().add(method, "j1")
            with pytest.raises(TypeError, match=refused):
                await later.raw(method, "j1")

    asyncio.run(use())
    assert not server.received


def test_both_errors_have_one_base() -> None:
    assert issubclass(WaitFailedError, WaitError)
    assert issubclass(WaitTimeoutError, WaitError)
