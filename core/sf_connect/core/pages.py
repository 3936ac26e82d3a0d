"""Pages of results: one after the other, by the address of the next that each page names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from sf_connect.core.exceptions import PageLoopError

if TYPE_CHECKING:
    from sf_connect.core.client import AsyncClient, SyncClient
    from sf_connect.core.operations import Operation, RequestOptions

T = TypeVar("T")


def follow_pages(
    client: SyncClient,
    operation: Operation[T],
    first: T,
    next_address: Callable[[T], str | None],
    options: RequestOptions | None = None,
) -> Iterator[T]:
    """The first page and those after it; each is fetched when it is asked for.

    Args:
        client: the client to fetch with.
        operation: the operation that gives such pages.
        first: the first page.
        next_address: tells the address of the page after a page; None, or an empty text, at the end.
        options: settings of each call.

    Raises:
        PageLoopError: a page names an earlier one as the next.
        ForeignAddressError: a page names an address outside the instance.
        ConnectError: a call failed.
    """
    seen: set[str] = set()
    page = first
    yield page
    while address := next_address(page):
        _note(operation, address, seen)
        page = client.follow(operation, address, options)
        yield page


async def follow_pages_async(
    client: AsyncClient,
    operation: Operation[T],
    first: T,
    next_address: Callable[[T], str | None],
    options: RequestOptions | None = None,
) -> AsyncIterator[T]:
    """The first page and those after it, as `follow_pages`, for an asynchronous client."""
    seen: set[str] = set()
    page = first
    yield page
    while address := next_address(page):
        _note(operation, address, seen)
        page = await client.follow(operation, address, options)
        yield page


def _note(operation: Operation[T], address: str, seen: set[str]) -> None:
    if address in seen:
        raise PageLoopError(f"{operation.name}: page {len(seen) + 1} names an earlier page as the next; stopped")
    seen.add(address)
