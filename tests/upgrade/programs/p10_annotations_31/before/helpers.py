"""Types only: nothing of the client is imported when this runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from collections.abc import Iterable

    import sf_connect.v31
    from sf_connect.v31.models import CommentPage, FeedItem, LikePage

Pages = "list[sf_connect.v31.models.LikePage]"


def likes(page: LikePage) -> int:
    """How many likes there are."""
    return len(page.likes or [])


def comments(pages: "Iterable[CommentPage]") -> int:
    """How many comments there are on all pages."""
    return sum(len(page.comments or []) for page in pages)


def total(client: "sf_connect.v31.Connect", item_id: str) -> int:
    """The likes of an item."""
    return likes(client.feeds.items.list_likes(item_id))


def shareable(item: Optional["FeedItem"]) -> bool:
    """Whether an item can be shared."""
    return item is not None and bool(item.can_share)


def everything(pages: "list[sf_connect.v31.models.LikePage]") -> int:
    """The likes on all pages."""
    return sum(map(likes, pages))
