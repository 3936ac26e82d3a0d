"""Fixtures of the runtime's tests: a server, and one way to call it sync and async."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from core.org import Org
from core.server import Server, running
from sf_connect.core import (
    AsyncClient,
    AsyncGroup,
    Model,
    Operation,
    RequestOptions,
    RetryPolicy,
    SyncClient,
    SyncGroup,
)

TOKEN = "00D-secret-token"
QUICK = RetryPolicy(max_retries=2, initial_backoff=0.0)


class Connect(SyncClient):
    api_version = "67.0"


class AsyncConnect(AsyncClient):
    api_version = "67.0"


class Thing(Model):
    name: str | None = None


GET_THING: Operation[Thing] = Operation(
    "f.things.get", "GET", "/chatter/things/{thingId}", Thing, requires_chatter=True
)
CONTENT: Operation[bytes] = Operation("f.things.content", "GET", "/connect/things/{thingId}/content", bytes)


class Things(SyncGroup):
    """A group as a generator would write it."""

    def get(self, thing_id: str, *, options: RequestOptions | None = None) -> Thing:
        return self._send(GET_THING, (thing_id,), options=options)

    def content(self, thing_id: str, *, options: RequestOptions | None = None) -> bytes:
        return self._send(CONTENT, (thing_id,), options=options)

    def nothing(self) -> bytes:
        return b""


class AsyncThings(AsyncGroup):
    """Its asynchronous twin."""

    async def get(self, thing_id: str, *, options: RequestOptions | None = None) -> Thing:
        return await self._send(GET_THING, (thing_id,), options=options)

    async def content(self, thing_id: str, *, options: RequestOptions | None = None) -> bytes:
        return await self._send(CONTENT, (thing_id,), options=options)

    async def nothing(self) -> bytes:
        return b""


def dispatcher(client: Any) -> Any:
    """What sends the calls of a client of either kind, for operations that no group has."""
    return client._dispatcher


def things(client: Any) -> Any:
    """The group of a client of either kind."""
    return (Things if isinstance(client, SyncClient) else AsyncThings)(dispatcher(client))


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as started:
        yield started


@pytest.fixture(params=["sync", "async"])
def send(request: pytest.FixtureRequest, server: Server) -> Callable[..., Any]:
    """Call an operation in a client of its own, with settings of the client in `client` and a site in `site`."""

    def sync(
        operation: Operation[Any], path: tuple[object, ...] = (), *, site: str = "", client: Any = None, **rest: Any
    ) -> Any:
        with Connect(**{"instance_url": server.url, "token": TOKEN, "retry_policy": QUICK, **(client or {})}) as made:
            return dispatcher(made.site(site) if site else made).send(operation, path, **rest)

    async def asynchronous(
        operation: Operation[Any], path: tuple[object, ...] = (), *, site: str = "", client: Any = None, **rest: Any
    ) -> Any:
        async with AsyncConnect(
            **{"instance_url": server.url, "token": TOKEN, "retry_policy": QUICK, **(client or {})}
        ) as made:
            return await dispatcher(made.site(site) if site else made).send(operation, path, **rest)

    if request.param == "sync":
        return sync
    return lambda *args, **rest: asyncio.run(asynchronous(*args, **rest))


@pytest.fixture(params=["sync", "async"])
def use(request: pytest.FixtureRequest, server: Server) -> Callable[..., Any]:
    """Do something with a client of its own: `use(lambda client: …, retry_policy=…)`, sync and async."""

    def sync(action: Callable[[Any], Any], **settings: Any) -> Any:
        with Connect(**{"instance_url": server.url, "token": TOKEN, "retry_policy": QUICK, **settings}) as client:
            return action(client)

    async def asynchronous(action: Callable[[Any], Any], **settings: Any) -> Any:
        async with AsyncConnect(
            **{"instance_url": server.url, "token": TOKEN, "retry_policy": QUICK, **settings}
        ) as client:
            return await action(client)

    if request.param == "sync":
        return sync
    return lambda *args, **rest: asyncio.run(asynchronous(*args, **rest))


@pytest.fixture(params=["sync", "async"])
def send_again(request: pytest.FixtureRequest, server: Server) -> Iterator[Callable[[Operation[Any]], Any]]:
    """Call operations in one client, for tests that make very many calls."""
    if request.param == "sync":
        with Connect(server.url, token=TOKEN, retry_policy=QUICK) as client:
            yield dispatcher(client).send
        return
    with asyncio.Runner() as runner:
        later = AsyncConnect(server.url, token=TOKEN, retry_policy=QUICK)
        yield lambda operation: runner.run(dispatcher(later).send(operation))
        runner.run(later.aclose())


@pytest.fixture
def org(server: Server) -> Org:
    return Org(server)


@pytest.fixture(scope="session")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(params=["sync", "async"])
def login(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Log in by a class method, do something with the client, close it: `login("with_…", …, then=lambda client: …)`."""

    def sync(way: str, *args: Any, then: Callable[[Any], Any] = lambda client: client, **rest: Any) -> Any:
        with getattr(Connect, way)(*args, **{"retry_policy": QUICK, **rest}) as client:
            return then(client)

    async def asynchronous(
        way: str, *args: Any, then: Callable[[Any], Any] = lambda client: client, **rest: Any
    ) -> Any:
        made = getattr(AsyncConnect, way)(*args, **{"retry_policy": QUICK, **rest})
        async with await made if inspect.isawaitable(made) else made as client:
            done = then(client)
            return await done if inspect.isawaitable(done) else done

    if request.param == "sync":
        return sync
    return lambda *args, **rest: asyncio.run(asynchronous(*args, **rest))
