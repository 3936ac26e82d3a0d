"""Clients that a process used before it forked: each child has connections and locks of its own, and the same token."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import textwrap
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from core.conftest import GET_THING, QUICK, TOKEN, AsyncConnect, Connect, dispatcher
from core.raw_server import raw_server, response
from core.server import Answer, Received, Server
from sf_connect.core import RateLimiter

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
CALLS = 40


def echo(received: Received) -> Answer:
    """The name of the thing that was asked for: a response of another's request would show."""
    return Answer(body=json.dumps({"name": received.target.rpartition("/")[2]}).encode())


def in_children(count: int, action: Callable[[int], object]) -> list[str]:
    """What each of several forked children says, `ok` where the action returned."""
    reads: list[tuple[int, int]] = []
    for number in range(count):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                action(number)
                said = "ok"
            except BaseException:
                said = traceback.format_exc()
            os.write(write, said.encode()[-2000:])
            os._exit(0)
        os.close(write)
        reads.append((read, child))
    said = []
    for read, child in reads:
        with os.fdopen(read) as file:
            said.append(file.read())
        os.waitpid(child, 0)
    return said


def calls(client: Any, name: str) -> None:
    for number in range(CALLS):
        wanted = f"{name}-{number}"
        assert dispatcher(client).send(GET_THING, (wanted,)).name == wanted


def test_children_and_parent_get_their_own_responses(server: Server) -> None:
    server.respond = echo
    with Connect(server.url, token=TOKEN, retry_policy=QUICK) as client:
        calls(client, "before")
        assert in_children(4, lambda number: calls(client, f"child{number}")) == ["ok"] * 4
        calls(client, "after")


def test_an_asynchronous_client_goes_on_in_children(server: Server) -> None:
    server.respond = echo
    client = AsyncConnect(server.url, token=TOKEN, retry_policy=QUICK)

    async def ask(name: str) -> None:
        async def one(number: int) -> None:
            thing = await dispatcher(client).send(GET_THING, (f"{name}-{number}",))
            assert thing.name == f"{name}-{number}"

        await asyncio.gather(*(one(number) for number in range(10)))

    with asyncio.Runner() as runner:
        runner.run(ask("before"))
        assert in_children(2, lambda number: asyncio.run(ask(f"child{number}"))) == ["ok"] * 2
        runner.run(client.aclose())


def test_a_fork_while_a_token_is_fetched_does_not_stop_the_child(server: Server) -> None:
    entered, leave = threading.Event(), threading.Event()

    def give() -> str:
        if threading.current_thread() is slow:
            entered.set()
            leave.wait(20)
        return TOKEN

    client = Connect(server.url, token=give, retry_policy=QUICK)
    slow = threading.Thread(target=lambda: dispatcher(client).send(GET_THING, ("1",)))
    slow.start()
    entered.wait(20)
    began = time.monotonic()
    assert in_children(1, lambda _: dispatcher(client).send(GET_THING, ("1",))) == ["ok"]
    assert time.monotonic() - began < 10
    leave.set()
    slow.join()
    client.close()


def test_a_fork_while_locks_are_held_does_not_stop_the_child(server: Server) -> None:
    limiter = RateLimiter(100)
    client = Connect(server.url, token=TOKEN, retry_policy=QUICK, rate_limiter=limiter)
    session = dispatcher(client).session
    with limiter._lock, session.budget._lock, session.connection._lock:
        assert in_children(1, lambda _: dispatcher(client).send(GET_THING, ("1",))) == ["ok"]


def test_a_token_is_kept_in_children(server: Server) -> None:
    given: list[int] = []

    def give() -> str:
        given.append(os.getpid())
        return TOKEN

    with Connect(server.url, token=give, retry_policy=QUICK) as client:
        dispatcher(client).send(GET_THING, ("1",))

        def in_child(_: int) -> None:
            dispatcher(client).send(GET_THING, ("1",))
            assert given == [os.getppid()]

        assert in_children(1, in_child) == ["ok"]


def test_a_login_of_a_client_gets_its_next_token_over_connections_of_the_child() -> None:
    def handle(connection: Any, request: bytes) -> None:
        if b"oauth2" in request:
            token = json.dumps({"access_token": f"{TOKEN}{len(server.requests)}", "instance_url": server.url})
            connection.sendall(response(token.encode()))
        elif len(server.requests) == 3:
            body = b'[{"errorCode": "INVALID_SESSION_ID", "message": "expired"}]'
            connection.sendall(response(body, status="401 Unauthorized"))
        else:
            connection.sendall(response(b'{"name": "a"}'))

    with raw_server(handle) as server:
        client = Connect.with_client_credentials(server.url, client_id="a", client_secret="secret-of-the-app")
        dispatcher(client).send(GET_THING, ("1",))
        assert server.connections == 1
        assert in_children(1, lambda _: dispatcher(client).send(GET_THING, ("1",))) == ["ok"]
        assert server.connections == 2
        client.close()


def test_a_client_of_the_users_own_is_refused_in_children(server: Server) -> None:
    def refused(client: Any) -> Callable[[int], None]:
        def action(_: int) -> None:
            with pytest.raises(RuntimeError, match="open the client in the child"):
                dispatcher(client).send(GET_THING, ("1",))

        return action

    with httpx2.Client() as http:
        client = Connect(server.url, token=TOKEN, http_client=http)
        dispatcher(client).send(GET_THING, ("1",))
        assert in_children(1, refused(client)) == ["ok"]
        dispatcher(client).send(GET_THING, ("1",))
    with Connect(server.url, token=TOKEN, transport=httpx2.HTTPTransport()) as client:
        assert in_children(1, refused(client)) == ["ok"]


_shared: list[Any] = []


def _work(name: str) -> str:
    calls(_shared[0], name)
    return "ok"


def test_a_pool_of_multiprocessing(server: Server) -> None:
    server.respond = echo
    with Connect(server.url, token=TOKEN, retry_policy=QUICK) as client:
        calls(client, "before")
        _shared[:] = [client]
        with multiprocessing.get_context("fork").Pool(4) as pool:
            assert pool.map(_work, [f"job{number}" for number in range(8)]) == ["ok"] * 8


def test_workers_that_are_replaced_while_the_parent_goes_on_calling(server: Server) -> None:
    """A prefork as job queues have it: a thread of the parent forks a new worker whenever one has done its tasks."""
    server.respond = echo
    with Connect(server.url, token=lambda: TOKEN, retry_policy=QUICK) as client:
        calls(client, "before")
        _shared[:] = [client]
        with multiprocessing.get_context("fork").Pool(3, maxtasksperchild=1) as pool:
            done = pool.map_async(_work, [f"job{number}" for number in range(12)], chunksize=1)
            turn = 0
            while not done.ready():
                calls(client, f"parent{turn}")
                turn += 1
            assert done.get(60) == ["ok"] * 12
        assert turn > 0


def test_gunicorn_with_preload(server: Server, tmp_path: Path) -> None:
    server.respond = echo
    (tmp_path / "program.py").write_text(textwrap.dedent(f"""
            import os
            from core.conftest import GET_THING, Connect, dispatcher

            client = Connect({server.url!r}, token="t-of-the-program")
            dispatcher(client).send(GET_THING, ("before",))

            def app(environ, start_response):
                wanted = environ["PATH_INFO"].strip("/")
                told = dispatcher(client).send(GET_THING, (wanted,)).name
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [f"{{os.getpid()}} {{told}}".encode()]
            """))
    tests = str(Path(__file__).parents[1])
    socket = tmp_path / "socket"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--preload",
        "--workers",
        "4",
        "--bind",
        f"unix:{socket}",
        "program:app",
    ]
    process = subprocess.Popen(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": f"{tests}:{tmp_path}"}, stderr=-3
    )
    try:
        until = time.monotonic() + 60
        while not socket.exists():
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        workers, wrong = set(), 0
        transport = httpx2.HTTPTransport(uds=str(socket))
        with httpx2.Client(transport=transport, base_url="http://program", timeout=60) as http:
            for number in range(200):
                worker, told = http.get(f"/n{number}").text.split()
                workers.add(worker)
                wrong += told != f"n{number}"
        assert wrong == 0
        assert len(workers) > 1
    finally:
        process.terminate()
        process.wait(20)
