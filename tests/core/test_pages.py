"""Going through pages by the address that each names."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest

from core.conftest import QUICK, TOKEN, AsyncConnect, Connect
from core.server import Answer, Received, Server
from sf_connect.core.exceptions import ForeignAddressError, PageLoopError
from sf_connect.core.models import Model, field
from sf_connect.core.operations import Operation
from sf_connect.core.pages import follow_pages, follow_pages_async

Collect = Callable[[], list[int | None]]


class Page(Model):
    number: int | None = None
    next_page_url: str | None = field(name="nextPageUrl", default=None)


LIST: Operation[Page] = Operation("f.g.list", "GET", "/chatter/pages", Page)


def following(page: Page) -> str | None:
    return page.next_page_url


@pytest.fixture(params=["sync", "async"])
def collect(request: pytest.FixtureRequest, server: Server) -> Collect:
    """The numbers of all pages."""

    def sync() -> list[int | None]:
        with Connect(server.url, token=TOKEN, retry=QUICK) as client:
            return [page.number for page in follow_pages(client, LIST, client.send(LIST), following)]

    async def asynchronous() -> list[int | None]:
        async with AsyncConnect(server.url, token=TOKEN, retry=QUICK) as client:
            first = await client.send(LIST)
            return [page.number async for page in follow_pages_async(client, LIST, first, following)]

    return sync if request.param == "sync" else lambda: asyncio.run(asynchronous())


def page(number: int, following: str | None) -> Answer:
    return Answer(body=json.dumps({"number": number, "nextPageUrl": following}).encode())


@pytest.mark.parametrize("end", [None, ""])
def test_pages_come_in_order_until_there_is_no_next(collect: Collect, server: Server, end: str | None) -> None:
    addresses = ["/services/data/v67.0/chatter/pages?page=a%2Fb&z=1&a=2", f"{server.url}/services/data/v67.0/x"]
    server.answer(page(1, addresses[0]), Answer(503), page(2, addresses[1]), page(3, end))
    assert collect() == [1, 2, 3]
    assert [received.target for received in server.received[1:]] == [
        addresses[0],
        addresses[0],
        "/services/data/v67.0/x",
    ]


@pytest.mark.parametrize("circle", [1, 2])
def test_a_circle_of_pages_ends(collect: Collect, server: Server, circle: int) -> None:
    def respond(received: Received) -> Answer:
        return page(0, f"/services/data/v67.0/page/{len(server.received) % circle}")

    server.respond = respond
    with pytest.raises(PageLoopError, match=r"f\.g\.list"):
        collect()
    assert len(server.received) == circle + 1


def test_a_foreign_page_is_not_fetched(collect: Collect, server: Server) -> None:
    server.answer(page(1, "https://evil.example/services/data/v67.0/x"))
    with pytest.raises(ForeignAddressError):
        collect()
    assert len(server.received) == 1
