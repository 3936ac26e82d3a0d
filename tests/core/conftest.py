"""Fixtures of the runtime's tests: a server, and one way to call it sync and async."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.server import Server, running
from sf_connect.core.client import AsyncClient, SyncClient
from sf_connect.core.operations import Operation
from sf_connect.core.retries import RetryPolicy

TOKEN = "00D-secret-token"
QUICK = RetryPolicy(retries=2, first_wait=0.0)


class Connect(SyncClient):
    api_version = "67.0"


class AsyncConnect(AsyncClient):
    api_version = "67.0"


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
        with Connect(**{"instance_url": server.url, "token": TOKEN, "retry": QUICK, **(client or {})}) as made:
            return (made.site(site) if site else made).send(operation, path, **rest)

    async def asynchronous(
        operation: Operation[Any], path: tuple[object, ...] = (), *, site: str = "", client: Any = None, **rest: Any
    ) -> Any:
        async with AsyncConnect(
            **{"instance_url": server.url, "token": TOKEN, "retry": QUICK, **(client or {})}
        ) as made:
            return await (made.site(site) if site else made).send(operation, path, **rest)

    if request.param == "sync":
        return sync
    return lambda *args, **rest: asyncio.run(asynchronous(*args, **rest))
