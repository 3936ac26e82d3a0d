"""Everything imported by a star."""

import sys

from sf_connect.v67 import *
from sf_connect.v67.models import *


def attached(item: FeedItem) -> str:
    """What is attached to an item."""
    # connectgen response-property-removed: FeedItem.attachment is gone; read capabilities instead; check what it holds.
    # connectgen type-removed: FeedItemAttachmentLink is gone; use LinkCapability instead; check its properties.
    if isinstance(item.attachment, FeedItemAttachmentLink):
        # connectgen response-property-removed: FeedItem.attachment is gone; read capabilities instead; check what it holds.
        return item.attachment.url or ""
    return ""


def shareable(items: list[FeedItem]) -> list[FeedItem]:
    """Those that can be shared."""
    return [item for item in items if item.is_sharable]


def main(url: str, token: str) -> None:
    """Look at two posts."""
    with Connect(url, token=token) as client:
        user: UserDetail = client.chatter.users.get("me")
        print(user.name, shareable([FeedItem(), FeedItem(is_sharable=True)]))


if __name__ == "__main__":
    main(*sys.argv[1:3])
