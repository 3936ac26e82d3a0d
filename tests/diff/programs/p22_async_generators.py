"""Asynchronous generators, exit stacks and task groups."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager

from sf_connect.v66 import AsyncConnect
from sf_connect.v66.models import Poll, PollPage


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AsyncConnect]:
    async with AsyncConnect(url, token="t") as client:
        yield client


async def open_polls(client: AsyncConnect) -> AsyncIterator[Poll]:
    async for poll in client.votes.polls.iter():
        if poll.state == "Old":  #: certain response-property-value-removed:Poll.state=Old; certain response-property-value-added:Poll.state=Former
            continue
        yield poll


async def pages(client: AsyncConnect):
    async for page in client.votes.polls.iter(since=None).pages():  #: certain parameter-removed:votes.polls.list(since)
        yield page


async def count(client: AsyncConnect) -> int:
    total = 0
    async with aclosing(open_polls(client)) as polls:
        async for poll in polls:
            total += len(poll.friends or [])  #: certain response-property-removed:Poll.friends
    async for page in pages(client):
        total += sum(len(poll.friends or []) for poll in page.polls or [])  #: certain response-property-removed:Poll.friends
    return total


async def worker(queue: asyncio.Queue[str], client: AsyncConnect) -> None:
    while True:
        poll_id = await queue.get()
        try:
            await client.votes.polls.delete(poll_id)  #: certain operation-removed:votes.polls.delete
        finally:
            queue.task_done()


async def several(urls: list[str]) -> list[Poll]:
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connected(url)) for url in urls]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(client.votes.polls.get("07L")) for client in clients]
        found = [task.result() for task in tasks]
        print([one.friends for one in found])  #: certain response-property-removed:Poll.friends
        return found


async def first(client: AsyncConnect) -> PollPage | None:
    done, waiting = await asyncio.wait([asyncio.ensure_future(client.votes.polls.list())])
    del waiting
    for one in done:
        page = await one
        print(*(poll.friends for poll in page.polls or []))  #: certain response-property-removed:Poll.friends
        return page
    return None


async def merged(client: AsyncConnect) -> list[str]:
    left, right = await asyncio.gather(client.votes.polls.get("1"), client.votes.ballots.list("2"))  #: certain group-removed:votes.ballots; certain operation-removed:votes.ballots.list
    return [friend.title or "" for friend in left.friends or []] + [one.voter or "" for one in right.ballots or []]  #: certain response-property-removed:Poll.friends
