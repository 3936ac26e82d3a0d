"""Going through pages, by every convention, sync and async, over HTTP."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import Callable
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core.conftest import QUICK, TOKEN, AsyncConnect, Connect, dispatcher
from core.server import Answer, Received, Server
from sf_connect.core import (
    UNSET,
    AsyncGroup,
    CrossOriginError,
    Input,
    Model,
    Operation,
    Pagination,
    PaginationLoopError,
    RequestOptions,
    ResponseDecodeError,
    RetryPolicy,
    ServiceUnavailableError,
    SyncGroup,
    UnsetType,
    field,
)

Iterate = Callable[..., list[Any]]


class Inner(Model):
    following: str | None = None
    entries: list[int] | None = None


class Page(Model):
    items: list[Any] | None = None
    next_page_url: str | None = field(name="nextPageUrl", default=None)
    more: bool | None = None
    total: int | None = None
    inner: Inner | None = None


def operation(paging: Pagination | None, returns: Any = Page, method: str = "GET") -> Operation[Any]:
    return Operation("f.g.list", method, "/chatter/pages", returns, pagination=paging)


BY_URL = operation(Pagination("next-url", "items", "nextPageUrl"))
BY_TOKEN = operation(Pagination("next-token", "inner.entries", "inner.following", "pageToken", has_more="more"))
BY_NUMBER = operation(Pagination("page-number", "items", parameter="page", first_page=1))
BY_OFFSET = operation(Pagination("offset", "items", parameter="offset", total="total"))


@pytest.fixture(params=["sync", "async"])
def iterate(request: pytest.FixtureRequest, server: Server) -> Iterate:
    """All items (or pages) of an operation; `first` of them where that is told; settings of the client in `client`."""

    def sync(called: Operation[Any], *, pages: bool = False, first: int = 99, client: Any = None, **rest: Any) -> Any:
        with Connect(server.url, token=TOKEN, **{"retry_policy": QUICK, **(client or {})}) as made:
            found = SyncGroup(dispatcher(made))._pages(called, **rest)
            return list(islice(found.pages() if pages else found, first))

    async def asynchronous(
        called: Operation[Any], *, pages: bool = False, first: int = 99, client: Any = None, **rest: Any
    ) -> list[Any]:
        items: list[Any] = []
        async with AsyncConnect(server.url, token=TOKEN, **{"retry_policy": QUICK, **(client or {})}) as made:
            found = AsyncGroup(dispatcher(made))._pages(called, **rest)
            async for item in found.pages() if pages else found:
                items.append(item)
                if len(items) == first:
                    break
        return items

    return sync if request.param == "sync" else lambda *args, **rest: asyncio.run(asynchronous(*args, **rest))


def answer(**body: Any) -> Answer:
    return Answer(body=json.dumps(body).encode())


def queries(server: Server) -> list[dict[str, list[str]]]:
    return [parse_qs(urlsplit(received.target).query) for received in server.received]


@pytest.mark.parametrize("end", [{}, {"nextPageUrl": None}, {"nextPageUrl": ""}])
def test_urls_are_followed_unchanged_until_there_is_none(iterate: Iterate, server: Server, end: dict[str, Any]) -> None:
    addresses = ["/services/data/v67.0/chatter/pages?page=a%2Fb&z=1&a=2", f"{server.url}/services/data/v67.0/x"]
    server.answer(
        answer(items=[1, 2], nextPageUrl=addresses[0]),
        Answer(503),
        answer(items=[], nextPageUrl=addresses[1]),
        answer(items=[3], **end),
    )
    assert iterate(BY_URL, query={"pageSize": 2}) == [1, 2, 3]
    assert [received.target for received in server.received] == [
        "/services/data/v67.0/chatter/pages?pageSize=2",
        addresses[0],
        addresses[0],
        "/services/data/v67.0/x",
    ]


def test_pages_come_whole(iterate: Iterate, server: Server) -> None:
    server.answer(answer(items=[1, 2], nextPageUrl="/services/data/v67.0/2"), answer(items=[3]))
    assert iterate(BY_URL, pages=True) == [
        Page(items=[1, 2], next_page_url="/services/data/v67.0/2"),
        Page(items=[3]),
    ]


def test_a_page_is_fetched_when_its_first_item_is_asked_for(iterate: Iterate, server: Server) -> None:
    server.answer(answer(items=[1, 2], nextPageUrl="/services/data/v67.0/2"))
    assert iterate(BY_URL, first=2) == [1, 2]
    assert len(server.received) == 1


def test_items_and_pages_can_be_mixed(server: Server) -> None:
    addresses = [f"/services/data/v67.0/{number}" for number in (2, 3)]
    server.answer(
        answer(items=[1, 2], nextPageUrl=addresses[0]), answer(items=[3], nextPageUrl=addresses[1]), answer(items=[4])
    )
    with Connect(server.url, token=TOKEN) as client:
        found = SyncGroup(dispatcher(client))._pages(BY_URL)
        assert next(found) == 1
        assert next(found.pages()).items == [3]
        assert list(found) == [2, 4]


@pytest.mark.parametrize("circle", [1, 2])
def test_a_loop_of_pages_raises(iterate: Iterate, server: Server, circle: int) -> None:
    def respond(received: Received) -> Answer:
        number = len(server.received) % circle
        address = f"/services/data/v67.0/page/{number}?" + "&".join(
            ["a=1", "b=2"][:: -1 if len(server.received) % 2 else 1]
        )
        return answer(items=[number], nextPageUrl=address)

    server.respond = respond
    with pytest.raises(PaginationLoopError, match=r"f\.g\.list"):
        iterate(BY_URL)
    assert len(server.received) == circle + 1


@pytest.fixture(params=["sync", "async"])
def until_it_ends(request: pytest.FixtureRequest, server: Server) -> Callable[..., tuple[list[Any], str]]:
    """The items that come before a circle is noticed, and what is said of it."""

    def sync(called: Operation[Any], items: list[Any], **rest: Any) -> None:
        with Connect(server.url, token=TOKEN) as client:
            items.extend(SyncGroup(dispatcher(client))._pages(called, **rest))

    async def asynchronous(called: Operation[Any], items: list[Any], **rest: Any) -> None:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            async for item in AsyncGroup(dispatcher(client))._pages(called, **rest):
                items.append(item)  # noqa: PERF401 - what came before the error is kept

    def until(called: Operation[Any], **rest: Any) -> tuple[list[Any], str]:
        items: list[Any] = []
        go = sync if request.param == "sync" else lambda *args, **rest: asyncio.run(asynchronous(*args, **rest))
        with pytest.raises(PaginationLoopError, match=r"f\.g\.list") as raised:
            go(called, items, **rest)
        assert raised.value.request is not None
        return items, str(raised.value)

    return until


@pytest.mark.parametrize("absolute", [False, True])
def test_a_page_that_names_itself_is_noticed_at_once(
    until_it_ends: Callable[..., tuple[list[Any], str]], server: Server, absolute: bool
) -> None:
    address = "/services/data/v67.0/chatter/pages?b=x%20y&pageSize=2"
    server.answer(answer(items=[1, 2], nextPageUrl=(server.url if absolute else "") + address))
    items, told = until_it_ends(BY_URL, query={"pageSize": 2, "b": "x y"})
    assert items == [1, 2]
    assert "page 1 names itself" in told
    assert len(server.received) == 1


@pytest.mark.parametrize("called", [BY_URL, BY_TOKEN, BY_NUMBER, BY_OFFSET], ids=["url", "token", "number", "offset"])
def test_items_of_a_page_that_comes_again_and_again_come_once(
    until_it_ends: Callable[..., tuple[list[Any], str]], server: Server, called: Operation[Any]
) -> None:
    again = "/services/data/v67.0/chatter/pages?page=0"
    known = [{"id": "1"}, {"id": "2"}]
    inner = {"entries": [1, 2], "following": "a"}
    server.answer(answer(items=known, nextPageUrl=again, total=50, inner=inner))
    items, _ = until_it_ends(called)
    assert items == ([1, 2] if called is BY_TOKEN else known)
    assert len(server.received) == 2


@pytest.mark.parametrize("row", [["Active"], {"status": "Active"}, "Active", 1])
def test_rows_without_ids_may_fill_equal_pages(iterate: Iterate, server: Server, row: object) -> None:
    """The response of a query for one column, say."""
    full = answer(items=[row, row])
    server.answer(full, full, full, answer(items=[row]), answer(items=[]))
    assert iterate(BY_NUMBER) == [row] * 7


@pytest.mark.parametrize("called", [BY_URL, BY_TOKEN])
def test_pages_without_items_may_be_alike(iterate: Iterate, server: Server, called: Operation[Any]) -> None:
    names = iter(["x", "x?a=1", "x?a=2"])

    def respond(received: Received) -> Answer:
        following = f"/services/data/v67.0/{name}" if (name := next(names, None)) else None
        return answer(items=[], nextPageUrl=following, inner={"entries": [], "following": following})

    server.respond = respond
    assert iterate(called) == []
    assert len(server.received) == 4


def test_pages_with_equal_items_that_differ_elsewhere_are_pages(iterate: Iterate, server: Server) -> None:
    server.answer(answer(items=[1], page=1), answer(items=[1], page=2), answer(items=[]))
    assert iterate(BY_NUMBER) == [1, 1]


def test_a_cross_origin_page_is_not_fetched(iterate: Iterate, server: Server) -> None:
    server.answer(answer(items=[1], nextPageUrl="https://evil.example/services/data/v67.0/x"))
    with pytest.raises(CrossOriginError):
        iterate(BY_URL)
    assert len(server.received) == 1


def test_tokens_go_into_their_parameter(iterate: Iterate, server: Server) -> None:
    server.answer(
        answer(inner={"entries": [1], "following": "a/b"}),
        answer(inner={"entries": [2], "following": "c"}),
        answer(inner={"entries": [3], "following": "d"}, more=False),
    )
    assert iterate(BY_TOKEN, query={"pageSize": 1}) == [1, 2, 3]
    assert [query.get("pageToken") for query in queries(server)] == [None, ["a/b"], ["c"]]
    assert all(query["pageSize"] == ["1"] for query in queries(server))


@pytest.mark.parametrize("last", [{"inner": {"entries": [2]}}, {"inner": None}, {}, {"inner": "odd"}])
def test_tokens_end_with_null_or_absence(iterate: Iterate, server: Server, last: dict[str, Any]) -> None:
    server.answer(answer(inner={"entries": [1], "following": "a"}), answer(**last))
    assert iterate(BY_TOKEN)[0] == 1
    assert len(server.received) == 2


def test_the_same_token_again_is_a_loop(iterate: Iterate, server: Server) -> None:
    server.answer(answer(inner={"entries": [1], "following": "a"}))
    with pytest.raises(PaginationLoopError):
        iterate(BY_TOKEN)
    assert len(server.received) == 2


def test_a_token_of_a_form_stays_in_the_form(iterate: Iterate, server: Server) -> None:
    paging = Pagination("next-token", "items", "nextPageUrl", "cursor", place="form")
    server.answer(answer(items=[1], nextPageUrl="t"), answer(items=[2]))
    assert iterate(operation(paging, method="POST"), form={"q": "x"}) == [1, 2]
    assert [received.body for received in server.received] == [b"q=x", b"q=x&cursor=t"]


class Search(Input):
    q: str | UnsetType = UNSET
    page_number: int | UnsetType = field(default=UNSET, name="pageNumber")


@pytest.mark.parametrize("body", [Search(q="x"), Search(q="x", page_number=5), None, {"q": "x"}])
def test_numbers_of_a_body_count_from_where_it_begins(iterate: Iterate, server: Server, body: Any) -> None:
    paging = Pagination("page-number", "items", parameter="pageNumber", first_page=1, place="body")
    server.answer(answer(items=[1]), answer(items=[2]), answer(items=[]))
    assert iterate(operation(paging, method="POST"), body=body) == [1, 2]
    begun = 5 if isinstance(body, Search) and body.page_number == 5 else 1
    sent = [json.loads(received.body or b"{}") for received in server.received]
    assert [one.get("pageNumber") for one in sent[1:]] == [begun + 1, begun + 2]
    assert all(one.get("q") == "x" for one in sent) or body is None


def test_numbers_count_up_to_an_empty_page(iterate: Iterate, server: Server) -> None:
    server.answer(answer(items=[1, 2]), answer(items=[3]), answer(items=[]))
    assert iterate(BY_NUMBER) == [1, 2, 3]
    assert [query.get("page") for query in queries(server)] == [None, ["2"], ["3"]]


def test_numbers_stop_where_the_page_says_so(iterate: Iterate, server: Server) -> None:
    paging = Pagination("page-number", "items", parameter="page", has_more="more")
    server.answer(answer(items=[1], more=True), answer(items=[2], more=False))
    assert iterate(operation(paging)) == [1, 2]
    assert [query.get("page") for query in queries(server)] == [None, ["1"]]


def test_offsets_stop_at_the_total(iterate: Iterate, server: Server) -> None:
    server.answer(answer(items=[1, 2], total=3), answer(items=[3], total=3))
    assert iterate(BY_OFFSET) == [1, 2, 3]
    assert [query.get("offset") for query in queries(server)] == [None, ["2"]]


def test_offsets_stop_at_an_empty_page_whatever_the_total(iterate: Iterate, server: Server) -> None:
    server.answer(answer(items=[1, 2], total=9), answer(items=[], total=9))
    assert iterate(BY_OFFSET) == [1, 2]
    assert len(server.received) == 2


def test_the_response_itself_may_be_the_list(iterate: Iterate, server: Server) -> None:
    server.answer(Answer(body=b"[1, 2]"), Answer(body=b"[]"))
    assert iterate(operation(Pagination("offset", parameter="offset"), list[int])) == [1, 2]


def test_a_page_without_a_list_is_an_error(iterate: Iterate, server: Server) -> None:
    server.answer(answer(items="odd"))
    with pytest.raises(ResponseDecodeError, match="no list items"):
        iterate(BY_URL)


def test_after_a_failure_the_same_page_is_tried_again(server: Server) -> None:
    server.answer(
        answer(items=[1], nextPageUrl="/services/data/v67.0/2"), Answer(503), answer(items=[2], nextPageUrl=None)
    )
    with Connect(server.url, token=TOKEN, retry_policy=RetryPolicy(max_retries=0)) as client:
        found = SyncGroup(dispatcher(client))._pages(BY_URL)
        assert next(found) == 1
        with pytest.raises(ServiceUnavailableError):
            next(found)
        assert list(found) == [2]
    assert [received.target for received in server.received][1:] == ["/services/data/v67.0/2"] * 2


def test_a_page_without_a_list_is_tried_again_too(server: Server) -> None:
    for called, last in ((BY_URL, None), (BY_NUMBER, ["2"])):
        server.received.clear()
        server.answer(
            answer(items=[1], nextPageUrl="/services/data/v67.0/2"),
            answer(items="odd", nextPageUrl="/services/data/v67.0/3"),
            answer(items=[2], nextPageUrl=None),
            answer(items=[], nextPageUrl=None),
        )
        with Connect(server.url, token=TOKEN) as client:
            found = SyncGroup(dispatcher(client))._pages(called)
            assert next(found) == 1
            with pytest.raises(ResponseDecodeError):
                next(found)
            assert list(found) == [2]
        assert server.received[1].target == server.received[2].target
        assert queries(server)[2].get("page") == last


@pytest.mark.parametrize("named", [{"a": 1}, [1], 5, True])
def test_what_leads_to_the_next_page_must_be_a_text(iterate: Iterate, server: Server, named: Any) -> None:
    server.answer(answer(items=[1], nextPageUrl=named))
    with pytest.raises(ResponseDecodeError, match="nextPageUrl, which is not a str"):
        iterate(BY_URL)
    if not isinstance(named, int):
        server.answer(answer(inner={"entries": [1], "following": named}))
        with pytest.raises(ResponseDecodeError, match=r"inner\.following, which is not a str"):
            iterate(BY_TOKEN)


def test_a_url_that_is_not_a_str_is_not_followed(iterate: Iterate, server: Server) -> None:
    server.answer(answer(items=[1], nextPageUrl="https://[::1"))
    with pytest.raises(CrossOriginError):
        iterate(BY_URL)
    assert len(server.received) == 1


def test_include_keeps_what_leads_to_the_next_page(iterate: Iterate, server: Server) -> None:
    iterate(BY_URL, options=RequestOptions(include=("/items",)))
    iterate(BY_TOKEN, client={"options": RequestOptions(include=("/inner/entries", "/more"))})
    assert [query["include"] for query in queries(server)] == [
        ["/items|/nextPageUrl"],
        ["/inner/entries|/more|/inner/following"],
    ]


def test_what_leads_to_the_next_page_cannot_be_excluded(iterate: Iterate, server: Server) -> None:
    with pytest.raises(ValueError, match="nextPageUrl"):
        iterate(BY_URL, options=RequestOptions(exclude=("/nextPageUrl",)))
    assert server.received == []


def test_only_operations_with_pages_have_them(server: Server) -> None:
    with Connect(server.url, token=TOKEN) as client, pytest.raises(ValueError, match="no pages"):
        SyncGroup(dispatcher(client))._pages(operation(None))


def test_pages_without_items_and_without_an_end_stop(iterate: Iterate, server: Server) -> None:
    count = iter(range(10_000))

    def respond(_: Received) -> Answer:
        return Answer(body=json.dumps({"items": [], "nextPageUrl": f"/chatter/pages?page={next(count)}"}).encode())

    server.respond = respond
    with pytest.raises(PaginationLoopError, match="1000 pages in a row have no items"):
        iterate(BY_URL)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="signals of POSIX")
@pytest.mark.parametrize("pause", [0.0, 0.5])
def test_an_iteration_that_is_interrupted_loses_no_page_that_is_read_ahead(server: Server, pause: float) -> None:
    """As where somebody stops a cell of a notebook, and goes on."""

    class StopError(Exception):
        pass

    def stop(*_: object) -> None:
        raise StopError

    def respond(received: Received) -> Answer:
        number = int(received.target.partition("?p=")[2] or 0)
        following = f"/services/data/v67.0/chatter/pages?p={number + 1}" if number < 3 else None
        return Answer(body=json.dumps({"items": [number], "nextPageUrl": following}).encode(), delay=0.3 * (number > 0))

    server.respond = respond
    found: list[Any] = []
    interruptions = 0
    before = signal.signal(signal.SIGALRM, stop)
    try:
        with Connect(server.url, token=TOKEN) as client:
            pager = SyncGroup(dispatcher(client))._pages(BY_URL, read_ahead=True)
            signal.setitimer(signal.ITIMER_REAL, 0.15)
            while True:
                try:
                    found.append(next(pager))
                except StopError:
                    interruptions += 1
                    time.sleep(pause)
                except StopIteration:
                    break
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert (found, interruptions) == ([0, 1, 2, 3], 1)
