"""Iterations that have a limit, go on where another one stopped, and read a page ahead, sync and async, over HTTP."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core.conftest import QUICK, TOKEN, AsyncConnect, Connect, dispatcher
from core.server import Answer, Received, Server
from core.test_pagination import BY_NUMBER, BY_OFFSET, BY_TOKEN, BY_URL, Page, answer
from sf_connect.core import (
    AsyncGroup,
    CrossOriginError,
    Operation,
    Pagination,
    PaginationLoopError,
    RetryPolicy,
    ServiceUnavailableError,
    SyncGroup,
)

IN_PATH: Operation[Page] = Operation(
    "f.g.next", "GET", "/rows/{batchId}", Page,
    pagination=Pagination("next-token", "inner.entries", "inner.following", "batchId", place="path"),
)  # fmt: skip
BEGUN: Operation[Page] = Operation(
    "f.g.begin", "POST", "/rows", Page, retry="unsafe",
    pagination=Pagination("next-token", "inner.entries", "inner.following", "batchId", place="path"),
)  # fmt: skip
COUNT = 7
SIZE = 3


class Walk:
    """The first items of an iteration, and its token then."""

    def __init__(self, items: list[Any], token: str) -> None:
        self.items = items
        self.token = token


Walks = Callable[..., Walk]


@pytest.fixture(params=["sync", "async"])
def walk(request: pytest.FixtureRequest, server: Server) -> Walks:
    """Iterate in a client of its own, over `first` items or pages at most."""

    def sync(called: Operation[Any], *, first: int = 99, pages: bool = False, **rest: Any) -> Walk:
        with Connect(server.url, token=TOKEN, retry_policy=QUICK) as client:
            pager = SyncGroup(dispatcher(client))._pages(called, **rest)
            iterator = pager.pages() if pages else pager
            items = [item for _, item in zip(range(first), iterator, strict=False)]
            return Walk(items, pager.resume_token)

    async def asynchronous(called: Operation[Any], *, first: int = 99, pages: bool = False, **rest: Any) -> Walk:
        items: list[Any] = []
        async with AsyncConnect(server.url, token=TOKEN, retry_policy=QUICK) as client:
            pager = AsyncGroup(dispatcher(client))._pages(called, **rest)
            if first:
                async for item in pager.pages() if pages else pager:
                    items.append(item)
                    if len(items) == first:
                        break
            await pager.aclose()
            return Walk(items, pager.resume_token)

    return sync if request.param == "sync" else lambda *args, **rest: asyncio.run(asynchronous(*args, **rest))


def numbers(server: Server) -> None:
    """Let the server have the items 0 to 6, three on a page, by whichever convention is asked for."""

    def respond(received: Received) -> Answer:
        parts = urlsplit(received.target)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if "/rows/" in parts.path or "/rows" in parts.path:
            begin = int(parts.path.rpartition("b")[2] or 0) if "/rows/" in parts.path else 0
        elif "page" in asked:
            begin = (int(asked["page"]) - 1) * SIZE
        else:
            begin = int(asked.get("offset") or asked.get("pageToken") or 0)
        items = list(range(begin, min(begin + SIZE, COUNT)))
        following = begin + SIZE if begin + SIZE < COUNT else None
        address = f"/services/data/v67.0/chatter/pages?offset={following}" if following else None
        token = (f"b{following}" if "/rows" in parts.path else str(following)) if following else None
        inner = {"entries": items, "following": token}
        return answer(items=items, nextPageUrl=address, inner=inner, more=following is not None, total=COUNT)

    server.respond = respond


FOLLOWING = (IN_PATH, (None,), {})
EVERY = {
    "url": (BY_URL, {}),
    "token": (BY_TOKEN, {}),
    "number": (BY_NUMBER, {}),
    "offset": (BY_OFFSET, {}),
    "path": (IN_PATH, {"path": ("b0",)}),
    "another operation": (BEGUN, {"following": FOLLOWING}),
}
every_convention = pytest.mark.parametrize(("called", "rest"), EVERY.values(), ids=EVERY)


@every_convention
@pytest.mark.parametrize("read_ahead", [False, True])
def test_any_position_can_be_gone_on_from(
    walk: Walks, server: Server, called: Operation[Any], rest: dict[str, Any], read_ahead: bool
) -> None:
    numbers(server)
    for first in range(COUNT + 1):
        begun = walk(called, first=first, read_ahead=read_ahead, **rest)
        assert begun.items == list(range(first))
        rested = walk(called, start=begun.token, read_ahead=read_ahead, **rest)
        assert rested.items == list(range(first, COUNT))
    assert walk(called, start=rested.token, **rest).items == []


def test_a_position_between_pages_costs_no_page_twice(walk: Walks, server: Server) -> None:
    numbers(server)
    begun = walk(BY_URL, first=SIZE)
    before = len(server.received)
    walk(BY_URL, start=begun.token)
    assert before == 1
    assert len(server.received) == 3


def test_the_operation_that_goes_on_gets_the_token_in_its_path(walk: Walks, server: Server) -> None:
    numbers(server)
    assert walk(BEGUN, body={"sql": "x"}, following=(IN_PATH, (None,), {"dataspace": "d"})).items == list(range(COUNT))
    assert [(one.method, one.target) for one in server.received] == [
        ("POST", "/services/data/v67.0/rows"),
        ("GET", "/services/data/v67.0/rows/b3?dataspace=d"),
        ("GET", "/services/data/v67.0/rows/b6?dataspace=d"),
    ]
    assert server.received[0].body == b'{"sql":"x"}'
    assert server.received[1].body == b""


def test_whole_pages_can_be_resumed_too(walk: Walks, server: Server) -> None:
    numbers(server)
    begun = walk(BY_TOKEN, pages=True, first=1)
    assert [page.inner.entries for page in walk(BY_TOKEN, pages=True, start=begun.token).items] == [[3, 4, 5], [6]]


@every_convention
@pytest.mark.parametrize(("limit", "requests"), [(0, 0), (1, 1), (3, 1), (4, 2), (7, 3), (50, 3)])
@pytest.mark.parametrize("read_ahead", [False, True])
def test_a_limit_ends_it_and_fetches_nothing_more(
    walk: Walks,
    server: Server,
    called: Operation[Any],
    rest: dict[str, Any],
    limit: int,
    requests: int,
    read_ahead: bool,
) -> None:
    numbers(server)
    found = walk(called, limit=limit, read_ahead=read_ahead, **rest)
    assert found.items == list(range(min(limit, COUNT)))
    extra = limit == 50 and called is BY_NUMBER  # a page without items is the end
    assert len(server.received) == requests + extra
    server.received.clear()
    assert walk(called, start=found.token, **rest).items == list(range(min(limit, COUNT), COUNT))


def test_a_limit_counts_the_items_of_whole_pages(walk: Walks, server: Server) -> None:
    numbers(server)
    assert [page.items for page in walk(BY_URL, pages=True, limit=4).items] == [[0, 1, 2], [3, 4, 5]]
    assert len(server.received) == 2


@pytest.mark.parametrize("limit", [-1, 1.5, "3", True])
def test_a_limit_that_is_none_is_refused_at_once(walk: Walks, server: Server, limit: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"f\.g\.list: limit is"):
        walk(BY_URL, limit=limit)
    assert not server.received


def forged(*position: Any, operation: str = "f.g.list") -> str:
    return base64.urlsafe_b64encode(json.dumps([1, operation, *position]).encode()).decode()


@pytest.mark.parametrize(
    ("called", "token"),
    [
        (BY_URL, "…"),
        (BY_URL, ""),
        (BY_URL, "x" * 200_000),
        (BY_URL, forged({"page": 2}, 0, 0)),
        (BY_URL, forged("/a", -1, 0)),
        (BY_URL, forged("/a", True, 0)),
        (BY_URL, forged("/a", 0)),
        (BY_URL, forged("/a", 0, 0, operation="f.g.other")),
        (BY_URL, forged(["/a"], 0, 0)),
        (BY_TOKEN, forged("/a", 0, 0)),
        (BY_TOKEN, forged({"q": "secret"}, 0, 0)),
        (BY_NUMBER, forged({"page": "2&x=1"}, 0, 0)),
    ],
)
def test_what_is_no_token_of_the_operation_is_refused_at_once(
    walk: Walks, server: Server, called: Operation[Any], token: str
) -> None:
    with pytest.raises(ValueError, match=r"f\.g\.list: start is (no resume_token|a resume_token of another operation)"):
        walk(called, start=token)
    with pytest.raises(TypeError, match="start is int"):
        walk(called, start=7)
    assert not server.received


def test_a_token_leads_to_no_other_origin(walk: Walks, server: Server) -> None:
    with pytest.raises(CrossOriginError):
        walk(BY_URL, start=forged("https://evil.example/x", 0, 0))
    assert not server.received


def test_a_token_holds_no_credential(walk: Walks, server: Server) -> None:
    numbers(server)
    token = walk(BY_URL, first=1).token
    assert TOKEN not in base64.urlsafe_b64decode(token + "==").decode()


def test_the_next_page_is_read_while_the_items_of_a_page_are_used(server: Server) -> None:
    numbers(server)
    plain, arrived = server.respond, threading.Event()
    assert plain is not None

    def respond(received: Received) -> Answer:
        if len(server.received) == 2:
            arrived.set()
        return plain(received)

    server.respond = respond
    with Connect(server.url, token=TOKEN) as client:
        pager = SyncGroup(dispatcher(client))._pages(BY_URL, read_ahead=True)
        assert next(pager) == 0
        assert arrived.wait(20)  # without another item having been asked for
        assert list(pager) == [1, 2, 3, 4, 5, 6]
    assert len(server.received) == 3


def test_the_next_page_is_read_while_another_task_runs(server: Server) -> None:
    numbers(server)

    async def use() -> None:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            pager = AsyncGroup(dispatcher(client))._pages(BY_URL, read_ahead=True)
            assert await anext(pager) == 0
            for _ in range(1000):
                if len(server.received) == 2:
                    break
                await asyncio.sleep(0.01)
            assert len(server.received) == 2
            assert [item async for item in pager] == [1, 2, 3, 4, 5, 6]

    asyncio.run(use())
    assert len(server.received) == 3


def test_without_it_no_page_is_read_ahead(walk: Walks, server: Server) -> None:
    numbers(server)
    assert walk(BY_URL, first=SIZE).items == [0, 1, 2]
    assert len(server.received) == 1


def test_a_page_that_could_not_be_read_ahead_is_tried_again_when_it_is_asked_for(server: Server) -> None:
    page = answer(items=[0, 1], nextPageUrl="/services/data/v67.0/2")
    once = RetryPolicy(max_retries=0)
    with Connect(server.url, token=TOKEN, retry_policy=once) as client:
        server.answer(page, Answer(503), answer(items=[2]))
        pager = SyncGroup(dispatcher(client))._pages(BY_URL, read_ahead=True)
        assert [next(pager), next(pager)] == [0, 1]
        with pytest.raises(ServiceUnavailableError):
            next(pager)
        assert list(pager) == [2]

    async def use() -> None:
        async with AsyncConnect(server.url, token=TOKEN, retry_policy=once) as later:
            server.answer(page, Answer(503), answer(items=[2]))
            pager = AsyncGroup(dispatcher(later))._pages(BY_URL, read_ahead=True)
            assert [await anext(pager), await anext(pager)] == [0, 1]
            with pytest.raises(ServiceUnavailableError):
                await anext(pager)
            assert [item async for item in pager] == [2]

    asyncio.run(use())


def test_a_loop_is_seen_also_when_it_is_read_ahead(walk: Walks, server: Server) -> None:
    server.respond = lambda _: answer(items=[1], nextPageUrl="/services/data/v67.0/chatter/pages")
    with pytest.raises(PaginationLoopError):
        walk(BY_URL, read_ahead=True)


def test_a_cancelled_task_loses_no_item_of_a_page_that_is_read_ahead(server: Server) -> None:
    numbers(server)
    plain, arrived, leave = server.respond, threading.Event(), threading.Event()
    assert plain is not None

    def respond(received: Received) -> Answer:
        if len(server.received) == 2:
            arrived.set()
            leave.wait(20)
        return plain(received)

    server.respond = respond

    async def use() -> None:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            pager = AsyncGroup(dispatcher(client))._pages(BY_URL, read_ahead=True)
            assert [await anext(pager) for _ in range(SIZE)] == [0, 1, 2]
            await asyncio.to_thread(arrived.wait, 20)
            task = asyncio.ensure_future(anext(pager))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            leave.set()
            assert [item async for item in pager] == [3, 4, 5, 6]

    asyncio.run(use())
    assert len(server.received) == 3


def test_an_iteration_that_stops_early_can_cancel_what_it_reads_ahead(server: Server) -> None:
    numbers(server)
    plain, arrived, leave = server.respond, threading.Event(), threading.Event()
    assert plain is not None

    def respond(received: Received) -> Answer:
        if len(server.received) == 2:
            arrived.set()
            leave.wait(20)
        return plain(received)

    server.respond = respond

    async def use() -> None:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            pager = AsyncGroup(dispatcher(client))._pages(BY_URL, read_ahead=True)
            assert await anext(pager) == 0
            await asyncio.to_thread(arrived.wait, 20)
            await pager.aclose()
            assert len(asyncio.all_tasks()) == 1
            leave.set()
            assert [item async for item in pager] == [1, 2, 3, 4, 5, 6]

    asyncio.run(use())
