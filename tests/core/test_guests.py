"""Anonymous clients: no Authorization, cookies of their own that are kept, saved and sent to their host only."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from core.conftest import QUICK, AsyncConnect, Connect, Thing, things
from core.server import Answer, Received, Server
from sf_connect.core import AuthenticationError, Cookies, LoginError

GUEST = "guest_uuid_essential_0DM=secret-guest"


@pytest.fixture(params=["sync", "async"])
def visit(request: pytest.FixtureRequest, server: Server) -> Callable[..., Any]:
    """Do something with an anonymous client: `visit(lambda client: …)`, sync and async."""

    def sync(action: Callable[[Any], Any], path: str = "", **settings: Any) -> Any:
        with Connect.anonymous(server.url + path, retry_policy=QUICK, **settings) as client:
            return action(client)

    async def asynchronous(action: Callable[[Any], Any], path: str = "", **settings: Any) -> Any:
        async with AsyncConnect.anonymous(server.url + path, retry_policy=QUICK, **settings) as client:
            made = action(client)
            return await made if hasattr(made, "__await__") else made

    if request.param == "sync":
        return sync
    return lambda *args, **rest: asyncio.run(asynchronous(*args, **rest))


def twice(client: Any) -> Any:
    """Two calls, one after the other."""
    if isinstance(client, Connect):
        return things(client).get("1"), things(client).get("2")

    async def both() -> Any:
        return await things(client).get("1"), await things(client).get("2")

    return both()


def set_cookie(received: Received) -> Answer:
    headers = {} if "Cookie" in received.headers else {"Set-Cookie": f"{GUEST}; Path=/; HttpOnly"}
    return Answer(body=b'{"name": "Ada"}', headers=headers)


def test_no_authorization_and_the_cookies_that_the_host_set(visit: Callable[..., Any], server: Server) -> None:
    server.respond = set_cookie
    assert visit(twice, "/shop/webruntime/api") == (Thing(name="Ada"), Thing(name="Ada"))
    first, second = server.received
    assert first.target == "/shop/webruntime/api/services/data/v67.0/chatter/things/1"
    assert "Authorization" not in first.headers
    assert "Authorization" not in second.headers
    assert "Cookie" not in first.headers
    assert second.headers["Cookie"] == GUEST


def test_cookies_are_saved_and_loaded(visit: Callable[..., Any], server: Server, tmp_path: Path) -> None:
    server.respond = set_cookie
    path = tmp_path / "cookies"

    def save(client: Any) -> Any:
        def keep() -> None:
            client.cookies.save()
            assert client.cookies.names == ["guest_uuid_essential_0DM"]
            assert "secret" not in repr(client.cookies)
            client.cookies.clear()
            assert len(client.cookies) == 0

        if isinstance(client, Connect):
            twice(client)
            return keep()

        async def later() -> None:
            await twice(client)
            keep()

        return later()

    visit(save, cookies=path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["cookies"]
    visit(twice, cookies=path)
    assert [received.headers.get("Cookie") for received in server.received] == [None, GUEST, GUEST, GUEST]


def test_clients_share_no_cookies_also_over_one_httpx2_client(server: Server) -> None:
    server.respond = set_cookie
    with httpx2.Client() as http:
        one, other = (Connect.anonymous(server.url, http_client=http) for _ in range(2))
        for client in (one, other, Connect(server.url, token="t", http_client=http), one):
            things(client).get("1")
    cookies = [received.headers.get("Cookie") for received in server.received]
    assert cookies == [None, None, None, GUEST]
    assert server.received[2].headers["Authorization"] == "Bearer t"


def test_sites_and_versions_share_them(server: Server) -> None:
    class Older(Connect):
        api_version = "45.0"

    server.respond = set_cookie
    with Connect.anonymous(server.url) as client:
        things(client).get("1")
        things(Older.from_client(client)).get("1")
        assert client.site("internal").cookies is client.cookies
    assert server.last.headers["Cookie"] == GUEST
    assert "Authorization" not in server.last.headers


@pytest.mark.parametrize("domain", ["other.example", ".example", "localhost"])
def test_cookies_of_other_hosts_are_not_taken(server: Server, domain: str) -> None:
    server.answer(Answer(headers={"Set-Cookie": f"a=b; Domain={domain}; Path=/"}))
    with Connect.anonymous(server.url) as client:
        twice(client)
        assert len(client.cookies) == 0
    assert "Cookie" not in server.last.headers


def test_a_401_asks_for_no_token_and_says_what_to_do(visit: Callable[..., Any], server: Server) -> None:
    server.answer(Answer(401, b'[{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]'))
    with pytest.raises(AuthenticationError, match="this client is anonymous: log in with one of with_"):
        visit(lambda client: things(client).get("1"))
    assert len(server.received) == 1
    with pytest.raises(LoginError, match="an anonymous client has no token"):
        visit(lambda client: client.access_token())


def test_other_clients_have_no_cookies(use: Callable[..., Any], tmp_path: Path) -> None:
    with Connect("https://a.example", token="t") as client, pytest.raises(RuntimeError, match="only anonymous clients"):
        _ = client.cookies
    with pytest.raises(ValueError, match="give the path of a file"):
        Cookies("https://a.example").save()
    (tmp_path / "wrong").write_text("no cookies")
    with pytest.raises(ValueError, match=r"wrong holds no cookies that save\(\) has written"):
        Connect.anonymous("https://a.example", cookies=tmp_path / "wrong")
    with pytest.raises(ValueError, match="https:// is missing"):
        Connect.anonymous("a.example")
