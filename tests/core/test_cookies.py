"""Cookies: those of servers are not sent on, so that users who share a connection are not taken for one another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from core.conftest import GET_THING, TOKEN, AsyncConnect, Connect, Thing, dispatcher
from core.org import Org
from core.server import Answer, Received, Server
from sf_connect.core import GoneError, RequestOptions

Together = Callable[..., Any]


def baked(received: Received) -> Answer:
    """Every response sets the session of whoever asked as a cookie."""
    asked = received.headers.get("Authorization", "nobody").rpartition(" ")[2]
    return Answer(body=b'{"name": "x"}', headers={"Set-Cookie": f"sid={asked}; Path=/"})


def cookies(server: Server) -> list[str | None]:
    headers = ({name.lower(): value for name, value in received.headers.items()} for received in server.received)
    return [one.get("cookie") for one in headers]


@pytest.fixture(params=["sync", "async"])
def together(request: pytest.FixtureRequest, server: Server) -> Together:
    """Two users call by one httpx2 client, which may have settings; `options` are those of the second."""

    def sync(options: RequestOptions | None = None, **settings: Any) -> None:
        with httpx2.Client(**settings) as http:
            first = Connect(server.url, token="first-token", http_client=http)
            second = Connect(server.url, token="second-token", http_client=http)
            for client, given in ((first, None), (first, None), (second, options)):
                dispatcher(client).send(GET_THING, ("1",), options=given)

    async def asynchronous(options: RequestOptions | None = None, **settings: Any) -> None:
        async with httpx2.AsyncClient(**settings) as http:
            first = AsyncConnect(server.url, token="first-token", http_client=http)
            second = AsyncConnect(server.url, token="second-token", http_client=http)
            for client, given in ((first, None), (first, None), (second, options)):
                await dispatcher(client).send(GET_THING, ("1",), options=given)

    server.respond = baked
    return sync if request.param == "sync" else lambda *args, **rest: asyncio.run(asynchronous(*args, **rest))


def test_users_of_one_connection_do_not_send_each_others_cookies(together: Together, server: Server) -> None:
    together()
    assert cookies(server) == [None] * 3


def test_a_cookie_for_every_host_goes_along(together: Together, server: Server) -> None:
    together(cookies={"gateway": "open"})
    assert cookies(server) == ["gateway=open"] * 3


def test_headers_that_somebody_wrote_go_along(together: Together, server: Server) -> None:
    together(RequestOptions(headers={"cookie": "mine=1"}))
    assert cookies(server) == [None, None, "mine=1"]
    server.received.clear()
    together(headers={"Cookie": "all=1"})
    assert cookies(server) == ["all=1"] * 3


def test_a_connection_of_our_own_keeps_no_cookies(use: Any, server: Server) -> None:
    server.respond = baked
    kept = []

    def call(client: Any) -> Any:
        kept.append(client._dispatcher.session.http.cookies.jar)
        return dispatcher(client).send(GET_THING, ("1",))

    assert use(call) == Thing(name="x")
    assert list(kept[0]) == []


def test_logins_and_what_needs_no_token_send_none_either(server: Server) -> None:
    server.respond = baked
    with httpx2.Client() as http:
        Connect(server.url, token=TOKEN, http_client=http)._dispatcher.send(GET_THING, ("1",))
        assert len(http.cookies) == 1
        org = Org(server)
        client = Connect.with_client_credentials(server.url, client_id="a", client_secret="b", http_client=http)
        server.respond = lambda received: Answer(410)
        with pytest.raises(GoneError):
            dispatcher(client).send(GET_THING, ("1",))
    assert [received.target for received in org.received] == ["/services/oauth2/token"]
    assert server.last.target == "/services/data"
    assert cookies(server) == [None] * 4
