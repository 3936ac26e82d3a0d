"""Coroutines: awaited calls, `async for`, gathering."""

from __future__ import annotations

import asyncio

from sf_connect.v66 import AsyncConnect, models as m


async def walk(client: AsyncConnect) -> int:
    count = 0
    async for poll in client.votes.polls.iter(sort="Date"):  #: certain parameter-value-removed:votes.polls.list(sort)=Date
        count += len(poll.friends or [])  #: certain response-property-removed:Poll.friends
    return count


async def close(client: AsyncConnect, ids: list[str]) -> None:
    await asyncio.gather(*(client.votes.polls.delete(one) for one in ids))  #: certain operation-removed:votes.polls.delete


async def ballots(client: AsyncConnect) -> list[str]:
    page = await client.votes.ballots.list("07L")  #: certain group-removed:votes.ballots; certain operation-removed:votes.ballots.list
    return [ballot.voter or "" for ballot in page.ballots or []]


async def main() -> None:
    async with AsyncConnect("https://acme.example", token="t") as client:
        first = await client.votes.polls.get("07L")
        print(first.friends)  #: certain response-property-removed:Poll.friends
        await walk(client)


async def ask(client: AsyncConnect, text: str) -> m.Poll:
    return await client.votes.polls.create(m.ShortPollInput(text=text, size=1, note=None))  #: certain request-property-removed:PollInput.note
