"""Functions of the caller's own that fail, in just the way that a connection does: what they raise passes through.

A hook may send figures by httpx2, an upload may read from httpx2; their failures say nothing of the call, which must
not be made again for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from core.conftest import GET_THING, TOKEN, AsyncConnect, Connect, dispatcher, things
from core.server import Answer, Server
from sf_connect.core import Hooks, Operation, Upload

Use = Callable[..., Any]
POST: Operation[Any] = Operation("f.g.post", "POST", "/chatter/thing", dict, retry="unsafe")
THEIRS = httpx2.ConnectError("the server of the figures is away")


def fail(*_: object) -> Any:
    raise THEIRS


@pytest.mark.parametrize("hook", ["request", "response"])
def test_a_hook_that_cannot_connect_does_not_retry_the_call(use: Use, server: Server, hook: str) -> None:
    failing = iter([True])

    def fail_once(*_: object) -> None:
        if next(failing, False):
            fail()

    with pytest.raises(httpx2.ConnectError) as raised:
        use(lambda client: dispatcher(client).send(POST), hooks=Hooks(**{hook: fail_once}))
    assert raised.value is THEIRS
    assert len(server.received) == (hook == "response")


def test_a_hook_that_cannot_connect_when_there_was_no_response(use: Use, server: Server) -> None:
    server.answer(Answer(drop=True))
    with pytest.raises(httpx2.ConnectError) as raised:
        use(lambda client: dispatcher(client).send(GET_THING, ("1",)), hooks=Hooks(response=fail))
    assert raised.value is THEIRS
    assert len(server.received) == 1


def test_an_upload_whose_source_breaks_off(use: Use, server: Server) -> None:
    def plain() -> Iterator[bytes]:
        yield b"first"
        fail()

    async def asynchronous() -> AsyncIterator[bytes]:
        yield b"first"
        fail()

    for source in (plain, asynchronous):

        def call(client: Any, source: Any = source) -> Any:
            content = source() if isinstance(client, AsyncConnect) else plain()
            return dispatcher(client).send(POST, parts={"file": Upload(content)})

        with pytest.raises(httpx2.ConnectError) as raised:
            use(call)
        assert raised.value is THEIRS
    assert server.received == []


def test_a_download_whose_progress_cannot_be_reported(use: Use, server: Server, tmp_path: Path) -> None:
    server.answer(Answer(body=b"content"))
    path = tmp_path / "file"
    with pytest.raises(httpx2.ConnectError) as raised:
        use(lambda client: client.download(things(client).content, "1").to(path, progress=fail))
    assert raised.value is THEIRS
    assert len(server.received) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_httpx2_client_that_raises_for_a_status(server: Server) -> None:
    server.answer(Answer(404))

    def raise_for_status(response: httpx2.Response) -> None:
        response.raise_for_status()

    async def raise_later(response: httpx2.Response) -> None:
        response.raise_for_status()

    with httpx2.Client(event_hooks={"response": [raise_for_status]}) as http, pytest.raises(httpx2.HTTPStatusError):
        Connect(server.url, token=TOKEN, http_client=http)._dispatcher.send(POST)

    async def main() -> None:
        async with httpx2.AsyncClient(event_hooks={"response": [raise_later]}) as later:
            await AsyncConnect(server.url, token=TOKEN, http_client=later)._dispatcher.send(POST)

    with pytest.raises(httpx2.HTTPStatusError):
        asyncio.run(main())
    assert len(server.received) == 2


def test_a_token_that_cannot_be_had(use: Use, server: Server) -> None:
    with pytest.raises(httpx2.ConnectError):
        use(lambda client: dispatcher(client).send(POST), token=fail)
    server.answer(Answer(401, b'[{"errorCode": "INVALID_SESSION_ID"}]'))
    given = iter([TOKEN])
    with pytest.raises(httpx2.ConnectError):
        use(lambda client: dispatcher(client).send(POST), token=lambda: next(given, None) or fail())
    assert len(server.received) == 1
