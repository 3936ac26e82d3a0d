"""Asynchronous: several sites at once, with tasks and a semaphore."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

from sf_connect.v67 import AsyncConnect
from sf_connect.v67.models import Community, UserDetail


async def sites(client: AsyncConnect) -> list[Community]:
    """The sites that are live."""
    await client.experience.sites.list(status="Live")
    page = await client.experience.sites.list(status="Live")
    return page.communities or []


async def members(client: AsyncConnect, site: Community, limit: asyncio.Semaphore) -> tuple[str, int]:
    """How many users of a site match a letter."""
    async with limit:
        inside = client.site(site.id or "")
        page = await inside.chatter.users.list(q="ad", page_size=10)
        return site.name or "", len(page.users or [])


async def names(client: AsyncConnect) -> AsyncIterator[str]:
    """The names of some users."""
    count = 0
    async for user in client.chatter.users.iter(page_size=5):
        if isinstance(user, UserDetail) and user.name:
            yield user.name
        count += 1
        if count == 7:
            return


async def run(url: str, token: str) -> None:
    """Everything."""
    async with AsyncConnect(url, token=token) as client:
        limit = asyncio.Semaphore(2)
        found = await asyncio.gather(*(members(client, one, limit) for one in await sites(client)))
        for name, number in found:
            print(name, number)
        print([name async for name in names(client)])


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:3]))
