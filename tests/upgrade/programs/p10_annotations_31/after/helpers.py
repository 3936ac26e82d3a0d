"""Types only: nothing of the client is imported when this runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from collections.abc import Iterable

    import sf_connect.v67
    from sf_connect.v67.models import CommentPage, FeedItem, LikePage

Pages = "list[sf_connect.v31.models.LikePage]"


def likes(page: LikePage) -> int:
    """How many likes there are."""
    return len(page.items or [])


def comments(pages: "Iterable[CommentPage]") -> int:
    """How many comments there are on all pages."""
    return sum(len(page.items or []) for page in pages)


def total(client: "sf_connect.v67.Connect", item_id: str) -> int:
    """The likes of an item."""
    return likes(client.feeds.capabilities.list_likes(item_id))


def shareable(item: Optional["FeedItem"]) -> bool:
    """Whether an item can be shared."""
    return item is not None and bool(item.is_sharable)


def everything(pages: "list[sf_connect.v67.models.LikePage]") -> int:
    """The likes on all pages."""
    return sum(map(likes, pages))
