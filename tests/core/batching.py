"""What the tests of batches share: operations, groups, responses, and a way to run a batch sync and async."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any, cast

from core.conftest import QUICK, TOKEN, AsyncConnect, Connect, dispatcher
from core.server import Answer, Received, Server
from sf_connect.core import (
    UNSET,
    AsyncGroup,
    BatchItem,
    Input,
    Model,
    Operation,
    Pagination,
    RequestOptions,
    SyncGroup,
    UnsetType,
    Upload,
    field,
)


class Thing(Model):
    id: str | None = None
    next_page_url: str | None = field(name="nextPageUrl", default=None)


class ThingInput(Input):
    name: str | UnsetType = UNSET
    size: int | UnsetType = UNSET


GET: Operation[Thing] = Operation("things.get", "GET", "/chatter/things/{id}", Thing, site=True, requires_chatter=True)
CREATE: Operation[Thing] = Operation(
    "things.create", "POST", "/chatter/things", Thing, retry="unsafe", json_part="thing", part_limits={"file": 10}
)
DELETE: Operation[None] = Operation("things.delete", "DELETE", "/chatter/things/{id}", None)
ALONE: Operation[None] = Operation("things.alone", "GET", "/chatter/alone", None, batch=False)
CONTENT: Operation[bytes] = Operation("things.content", "GET", "/chatter/content", bytes)
LIST: Operation[Thing] = Operation(
    "things.list", "GET", "/chatter/things", Thing, pagination=Pagination("next-url", "items", "nextPageUrl")
)


class Things(SyncGroup):
    def get(self, id: str, *, q: object = None, options: RequestOptions | None = None) -> Thing:  # noqa: A002
        return self._send(GET, (id,), query={"q": q}, options=options)

    def create(
        self,
        body: ThingInput | None = None,
        *,
        name: str | None = None,
        key: str | None = None,
        file: Upload | None = None,
        other: Upload | None = None,
        options: RequestOptions | None = None,
    ) -> Thing:
        form, headers = {"name": name}, {"X-Key": key}
        return self._send(CREATE, (), form=form, headers=headers, body=body, parts={"file": file, "other": other})

    def delete(self, id: str) -> None:  # noqa: A002
        return self._send(DELETE, (id,))

    def alone(self) -> None:
        return self._send(ALONE)

    def content(self) -> bytes:
        return self._send(CONTENT)

    def iter(self) -> Any:
        return self._pages(LIST)


class AsyncThings(AsyncGroup):
    async def get(self, id: str, *, q: object = None, options: RequestOptions | None = None) -> Thing:  # noqa: A002
        return await self._send(GET, (id,), query={"q": q}, options=options)

    async def create(
        self,
        body: ThingInput | None = None,
        *,
        name: str | None = None,
        key: str | None = None,
        file: Upload | None = None,
        other: Upload | None = None,
        options: RequestOptions | None = None,
    ) -> Thing:
        form, headers = {"name": name}, {"X-Key": key}
        return await self._send(CREATE, (), form=form, headers=headers, body=body, parts={"file": file, "other": other})

    async def delete(self, id: str) -> None:  # noqa: A002
        return await self._send(DELETE, (id,))

    async def alone(self) -> None:
        return await self._send(ALONE)

    async def content(self) -> bytes:
        return await self._send(CONTENT)

    def iter(self) -> Any:
        return self._pages(LIST)


Add = Callable[[Any, Any], object]
Run = Callable[..., Sequence[BatchItem[Any]]]


def runner(kind: str, server: Server) -> Run:
    """Make a client and a batch, let `add(batch, things)` fill it, send it; errors of sending in `caught`."""

    def sync(add: Add, *, send: Any = None, caught: list[Exception] | None = None, **settings: Any) -> Any:
        given = {"token": TOKEN, "retry_policy": QUICK, **settings.pop("client", {})}
        with Connect(server.url, **given) as client:
            batch = client.batch(**settings)
            add(batch, Things(dispatcher(client)))
            try:
                return batch.send(send)
            except Exception as error:
                if caught is None:
                    raise
                caught.append(error)
                return batch.items

    async def asynchronous(
        add: Add, *, send: Any = None, caught: list[Exception] | None = None, **settings: Any
    ) -> Any:
        given = {"token": TOKEN, "retry_policy": QUICK, **settings.pop("client", {})}
        async with AsyncConnect(server.url, **given) as client:
            batch = client.batch(**settings)
            add(batch, AsyncThings(dispatcher(client)))
            try:
                return await batch.send(send)
            except Exception as error:
                if caught is None:
                    raise
                caught.append(error)
                return batch.items

    return sync if kind == "sync" else lambda *args, **rest: asyncio.run(asynchronous(*args, **rest))


def answer(*results: tuple[int, Any]) -> Answer:
    return Answer(
        body=json.dumps(
            {
                "hasErrors": any(status >= 400 for status, _ in results),
                "results": [{"statusCode": status, "result": result} for status, result in results],
            }
        ).encode()
    )


def succeed(received: Received) -> Answer:
    """A result with the URL as its id for each call."""
    return answer(*((200, {"id": call["url"]}) for call in calls(received)))


def calls(received: Received) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", json.loads(received.body)["batchRequests"])
