"""Clients: URLs, tokens, sites, connections, warnings, and what importing them costs."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
import tomllib
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar

import httpx2
import pytest

import sf_connect.core.client
from core.conftest import TOKEN, AsyncConnect, Connect, dispatcher
from core.server import Answer, Received, Server
from sf_connect.core import (
    AsyncGroup,
    AuthenticationError,
    Model,
    Operation,
    RetiredVersionWarning,
    SyncGroup,
    Upload,
    field,
)
from sf_connect.core.transport.secrets import Token
from sf_connect.core.transport.tokens import AsyncTokens, SyncTokens

Send = Callable[..., Any]


class Page(Model):
    next_page_url: str | None = field(name="nextPageUrl", default=None)


LIST: Operation[Page] = Operation("f.g.list", "GET", "/chatter/pages", Page)
POST: Operation[Page] = Operation("f.g.post", "POST", "/chatter/pages", Page, retry="unsafe")
EXPIRED = Answer(401, b'[{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]')


class OldConnect(Connect):
    api_version: ClassVar[str] = "30.0"
    retired_in: ClassVar[str | None] = "Summer '25"


class OldAsyncConnect(AsyncConnect):
    retired_in: ClassVar[str | None] = "Summer '25"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "acme.my.salesforce.com",
        "http://acme.my.salesforce.com",
        "ftp://acme.my.salesforce.com",
        "https://",
        "https://user:hidden@acme.my.salesforce.com",
        "https://acme.my.salesforce.com?x=hidden",
        "https://acme.my.salesforce.com#x",
        "https://[bad",
        "https://acme.my.salesforce.com:port",
        "https://acme.my.salesforce.com/a b",
        "https://acme.my.salesforce.com/\r\n",
    ],
)
@pytest.mark.parametrize("client", [Connect, AsyncConnect])
def test_instance_urls_that_are_refused(client: Any, address: str) -> None:
    with pytest.raises(ValueError, match="must look like https://") as refused:
        client(address, token=TOKEN)
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("acme.my.salesforce.com", "https:// is missing"),
        ("acme.my.salesforce.com:443", "https:// is missing"),
        ("http://acme.my.salesforce.com", "it begins with http://"),
        ("https:///x", "it has no host"),
        ("https://acme.my.salesforce.com/services/data/v67.0/", "/services/… is added by the client"),
        ("https://user:hidden@acme.my.salesforce.com", "it has a user"),
        ("https://acme.my.salesforce.com ", "a space"),
        ("", "it is empty"),
        (None, "it is a NoneType, not a str"),
        (b"https://acme.my.salesforce.com", "it is a bytes, not a str"),
    ],
)
def test_what_is_wrong_with_a_url_is_in_the_message(address: Any, fault: str) -> None:
    with pytest.raises(ValueError, match=f"query or fragment: .*{fault}"):
        Connect(address, token=TOKEN)


def test_the_path_of_a_site_host_is_kept() -> None:
    with Connect("https://acme.my.site.com/shop/", token=TOKEN) as client:
        assert client.instance_url == "https://acme.my.site.com/shop"


@pytest.mark.parametrize("token", ["", "a b", "secret\n", "secret\x00", "é", 5, None])
def test_tokens_that_are_none(send: Send, server: Server, token: Any) -> None:
    for given in (token, lambda: token):
        with pytest.raises(ValueError, match="token") as refused:
            send(LIST, client={"token": given})
        assert "secret" not in str(refused.value)
    assert server.received == []


def test_nothing_shows_the_token(server: Server) -> None:
    with Connect(server.url, token=TOKEN) as client:
        for shown in (client, client.site("0DB"), client.raw):
            assert "secret" not in repr(shown)
        assert repr(client.site("0DB")) == f"<Connect 67.0 of {server.url}, site '0DB'>"


def test_a_function_gives_the_token_and_is_asked_again_when_it_expired(send: Send, server: Server) -> None:
    tokens = iter(["one", "two"])
    server.answer(EXPIRED, Answer())
    send(POST, client={"token": lambda: next(tokens)})
    assert [received.headers["Authorization"] for received in server.received] == ["Bearer one", "Bearer two"]


@pytest.mark.parametrize("token", [TOKEN, lambda: TOKEN])
def test_without_another_token_the_error_is_raised(send: Send, server: Server, token: Any) -> None:
    server.answer(EXPIRED)
    with pytest.raises(AuthenticationError):
        send(LIST, client={"token": token})
    assert len(server.received) == 1


def test_a_synchronous_client_takes_no_asynchronous_function(server: Server) -> None:
    async def later() -> str:
        return TOKEN

    with Connect(server.url, token=later) as client, pytest.raises(TypeError, match="asynchronous client"):  # type: ignore[arg-type]
        dispatcher(client).send(LIST)
    assert server.received == []


def test_a_token_is_refreshed_once_a_call(send: Send, server: Server) -> None:
    tokens = (f"t{number}" for number in range(9))
    server.answer(EXPIRED)
    with pytest.raises(AuthenticationError):
        send(LIST, client={"token": lambda: next(tokens)})
    assert len(server.received) == 2


def test_an_expired_fixed_token_raises_with_a_hint(send: Send, server: Server) -> None:
    server.answer(EXPIRED)
    with pytest.raises(AuthenticationError, match=r"expired or invalid \(a fixed token cannot be refreshed: pass"):
        send(LIST)
    with pytest.raises(AuthenticationError) as refused:
        send(LIST, client={"token": lambda: TOKEN})
    assert str(refused.value.hint).startswith("the token has expired, is of another org")


def test_an_upload_that_cannot_be_read_again_is_not_sent_again(send: Send, server: Server) -> None:
    tokens = (f"t{number}" for number in range(9))
    server.answer(EXPIRED)
    with pytest.raises(AuthenticationError):
        send(POST, parts={"f": Upload(iter([b"a"]))}, client={"token": lambda: next(tokens)})
    assert len(server.received) == 1


class Tokens:
    """Gives a token that the server accepts, but the first time; counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> str:
        self.asked += 1
        return f"t{self.asked}"

    async def later(self) -> str:
        await asyncio.sleep(0)
        return self()


def only_second(received: Received) -> Answer:
    return Answer() if received.headers["Authorization"] == "Bearer t2" else EXPIRED


def test_many_threads_refresh_once(server: Server) -> None:
    server.respond, tokens = only_second, Tokens()
    with Connect(server.url, token=tokens) as client:
        threads = [threading.Thread(target=dispatcher(client).send, args=(LIST,)) for _ in range(64)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert tokens.asked == 2
    assert sum(received.headers["Authorization"] == "Bearer t2" for received in server.received) == 64


@pytest.mark.parametrize("kind", ["__call__", "later"])
def test_many_tasks_refresh_once(server: Server, kind: str) -> None:
    server.respond, tokens = only_second, Tokens()
    give: Callable[[], str] | Callable[[], Awaitable[str]] = getattr(tokens, kind)

    async def main() -> None:
        async with AsyncConnect(server.url, token=give) as client:
            await asyncio.gather(*(dispatcher(client).send(LIST) for _ in range(64)))

    asyncio.run(main())
    assert tokens.asked == 2


def test_threads_that_come_while_a_refresh_fails_share_the_failure() -> None:
    """Also who comes when the refresh has begun already, not only who came before it."""
    begun, go_on, asked = threading.Event(), threading.Event(), [0]

    def give() -> str:
        asked[0] += 1
        if asked[0] == 1:
            return "t1"
        begun.set()
        assert go_on.wait(20)
        raise LookupError("no token")

    tokens = SyncTokens(give)
    tokens.current()

    def refresh() -> None:
        with pytest.raises(LookupError):
            tokens.refresh(Token("t1"))

    first = threading.Thread(target=refresh)
    first.start()
    assert begun.wait(20)
    others = [threading.Thread(target=refresh) for _ in range(8)]
    for thread in others:
        thread.start()
    time.sleep(0.2)  # until they wait for the first
    go_on.set()
    for thread in (first, *others):
        thread.join()
    assert asked[0] == 2


def test_tasks_that_come_while_a_refresh_fails_share_the_failure() -> None:
    async def main() -> int:
        asked, go_on = [0], asyncio.Event()

        async def give() -> str:
            asked[0] += 1
            if asked[0] == 1:
                return "t1"
            await go_on.wait()
            raise LookupError("no token")

        tokens = AsyncTokens(give)
        await tokens.current()
        tasks = [asyncio.ensure_future(tokens.refresh(Token("t1")))]
        await asyncio.sleep(0)  # the first is under way
        tasks += [asyncio.ensure_future(tokens.refresh(Token("t1"))) for _ in range(8)]
        await asyncio.sleep(0)
        go_on.set()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(one, LookupError) for one in ended)
        return asked[0]

    assert asyncio.run(main()) == 2


def test_a_call_that_cannot_be_retried_refreshes_the_token_for_the_next(use: Any, server: Server) -> None:
    server.respond, tokens = only_second, Tokens()

    async def later(client: Any) -> None:
        with pytest.raises(AuthenticationError):
            await dispatcher(client).send(POST, parts={"f": Upload(iter([b"a"]))})
        await dispatcher(client).send(POST, parts={"f": Upload(iter([b"b"]))})

    def both(client: Any) -> Any:
        if isinstance(client, AsyncConnect):
            return later(client)
        with pytest.raises(AuthenticationError):
            dispatcher(client).send(POST, parts={"f": Upload(iter([b"a"]))})
        return dispatcher(client).send(POST, parts={"f": Upload(iter([b"b"]))})

    use(both, token=tokens)
    assert [received.headers["Authorization"] for received in server.received] == ["Bearer t1", "Bearer t2"]
    assert tokens.asked == 2


def test_a_site_shares_the_connection_and_does_not_close_it(server: Server) -> None:
    with Connect(server.url, token=TOKEN) as client:
        with client.site("internal") as site:
            assert type(site) is Connect
            dispatcher(site).send(LIST)
        dispatcher(client).send(LIST)
        with pytest.raises(ValueError, match="site"):
            client.site("")


def test_the_end_of_the_block_closes_the_connection(server: Server) -> None:
    with Connect(server.url, token=TOKEN) as client:
        dispatcher(client).send(LIST)
    with pytest.raises(RuntimeError, match="closed"):
        dispatcher(client).send(LIST)


def test_a_http_client_of_your_own_stays_open(server: Server) -> None:
    with httpx2.Client(headers={"X-Mine": "1"}) as mine:
        with Connect(server.url, token=TOKEN, http_client=mine) as client:
            dispatcher(client).send(LIST)
        assert server.last.headers["X-Mine"] == "1"
        assert not mine.is_closed

    async def main() -> None:
        async with httpx2.AsyncClient(headers={"X-Mine": "2"}) as own:
            async with AsyncConnect(server.url, token=TOKEN, http_client=own) as client:
                await dispatcher(client).send(LIST)
            assert not own.is_closed

    asyncio.run(main())
    assert server.last.headers["X-Mine"] == "2"


def test_groups_send_what_they_receive(server: Server) -> None:
    with Connect(server.url, token=TOKEN) as client:
        page: Page = SyncGroup(dispatcher(client))._send(LIST, (), query={"page": 1})
    assert page == Page()

    async def main() -> Page:
        async with AsyncConnect(server.url, token=TOKEN) as client:
            return await AsyncGroup(dispatcher(client))._send(LIST, (), query={"page": 1})

    assert asyncio.run(main()) == Page()
    assert [received.target for received in server.received] == ["/services/data/v67.0/chatter/pages?page=1"] * 2


@pytest.mark.parametrize("client", [OldConnect, OldAsyncConnect])
def test_a_retired_version_warns_where_the_client_is_made(client: Any) -> None:
    with pytest.warns(RetiredVersionWarning, match="Summer '25") as caught:
        client("https://acme.my.salesforce.com", token=TOKEN)
    assert caught[0].filename == __file__


def test_other_versions_do_not_warn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Connect("https://acme.my.salesforce.com", token=TOKEN).close()


def test_a_synchronous_call_does_without_asyncio(server: Server, small_packages: Path) -> None:
    """It would take time before the first call, whatever a group can do: pages, waits, uploads, downloads."""
    script = (
        f"import sys; from sf_connect.v33 import Connect; client = Connect({server.url!r}, token='t')\n"
        "import importlib, pkgutil, sf_connect.v33.groups as groups\n"
        "import sf_connect.core.features.downloads, sf_connect.core.features.waiting\n"
        "for module in pkgutil.walk_packages(groups.__path__, 'sf_connect.v33.groups.'):\n"
        "    importlib.import_module(module.name)\n"
        "print(client.request('GET', '/a'), 'asyncio' in sys.modules)"
    )
    server.answer(Answer(200, b'{"id": "005"}'))
    folders = [Path(sf_connect.core.client.__file__).parents[2], small_packages / "sf-connect-v33"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
    command = [sys.executable, "-W", "ignore", "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.strip() == "{'id': '005'} False", done.stderr


SLOW = ("httpx2", "msgspec", "ssl", "asyncio", "dataclasses", "json", "urllib.parse")


@pytest.mark.parametrize(
    "importing",
    ["from sf_connect.core import Operation, SyncClient", "import sf_connect.v33", "import sf_connect.v33.client"],
)
def test_importing_a_client_imports_nothing_that_is_slow(importing: str, small_packages: Path) -> None:
    """Neither httpx2 nor msgspec, nor any group or model of the package: each comes when it is first used."""
    script = (
        f"import sys; before = set(sys.modules); {importing}; new = set(sys.modules) - before; "
        f"print([name for name in {SLOW} if name in new], "
        "[name for name in new if name.startswith(('sf_connect.v33.groups', 'sf_connect.v33.families')) "
        "or name.startswith('sf_connect.v33.models.')])"
    )
    folders = [Path(sf_connect.core.client.__file__).parents[2], small_packages / "sf-connect-v33"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
    done = subprocess.run(
        [sys.executable, "-S", "-c", script], capture_output=True, text=True, check=True, timeout=60, env=environment
    )
    assert done.stdout.strip() == "[] []"


def test_the_user_agent_names_the_version_of_the_distribution(send: Send, server: Server) -> None:
    project = Path(__file__).parents[2] / "core" / "pyproject.toml"
    version = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"]
    send(LIST)
    assert server.last.headers["User-Agent"] == f"sf-connect-core/{version} (API 67.0)"
