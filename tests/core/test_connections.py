"""Connections: kept for the next calls, shared TLS settings, and what happens where the server closes idle ones."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx2
import pytest

from core.conftest import GET_THING, QUICK, TOKEN, AsyncConnect, Connect, dispatcher
from core.raw_server import raw_server, response
from sf_connect.core import APIConnectionError, Operation
from sf_connect.core.transport.connections import LIMITS
from sf_connect.core.transport.tls import ssl_context

POST: Operation[bytes] = Operation("f.g.post", "POST", "/chatter/things", bytes, retry="unsafe")
BODY = response(b'{"name": "a"}')


def test_bursts_of_tasks_open_no_more_connections_than_one_burst() -> None:
    async def burst(client: AsyncConnect) -> None:
        await asyncio.gather(*(dispatcher(client).send(GET_THING, ("1",)) for _ in range(40)))

    async def run(url: str) -> None:
        async with AsyncConnect(url, token=TOKEN) as client:
            for _ in range(5):
                await burst(client)

    with raw_server(lambda connection, _: connection.sendall(BODY)) as server:
        asyncio.run(run(server.url))
        assert server.connections <= 40


def test_limits_can_be_set() -> None:
    with raw_server(lambda connection, _: connection.sendall(BODY)) as server:
        limits = httpx2.Limits(max_connections=1, max_keepalive_connections=0)
        with Connect(server.url, token=TOKEN, limits=limits) as client:
            for _ in range(3):
                dispatcher(client).send(GET_THING, ("1",))
        assert server.connections == 3
    with pytest.raises(ValueError, match="limits are for our own connections: give your transport such"):
        Connect("https://x.example", token=TOKEN, limits=LIMITS, transport=httpx2.HTTPTransport())


def test_an_unsafe_call_goes_over_a_new_connection_where_the_server_closed_the_idle_one() -> None:
    """It is never sent twice: a connection that the server has closed is seen before anything is sent on it."""
    with raw_server(lambda connection, _: connection.sendall(BODY), idle=0.1) as server:
        with Connect(server.url, token=TOKEN, retry_policy=QUICK) as client:
            for _ in range(5):
                dispatcher(client).send(POST)
                time.sleep(0.3)
        assert server.connections == 5
        assert len(server.requests) == 5


def test_an_unsafe_call_whose_connection_closes_while_it_is_sent_is_not_sent_again() -> None:
    with raw_server(lambda connection, _: connection.close()) as server:
        client = Connect(server.url, token=TOKEN, retry_policy=QUICK)
        with client, pytest.raises(APIConnectionError, match="closed the connection"):
            dispatcher(client).send(POST)
        assert len(server.requests) == 1


def test_there_is_one_ssl_context_until_its_settings_change(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = ssl_context()
    assert ssl_context() is first
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert ssl_context() is not first
    monkeypatch.undo()
    assert ssl_context() is first
