"""Everything imported by a star."""

import sys

from sf_connect.v31 import *
from sf_connect.v31.models import *


def attached(item: FeedItem) -> str:
    """What is attached to an item."""
    if isinstance(item.attachment, FeedItemAttachmentLink):
        return item.attachment.url or ""
    return ""


def shareable(items: list[FeedItem]) -> list[FeedItem]:
    """Those that can be shared."""
    return [item for item in items if item.can_share]


def main(url: str, token: str) -> None:
    """Look at two posts."""
    with Connect(url, token=token) as client:
        user: UserDetail = client.chatter.users.get("me")
        print(user.name, shareable([FeedItem(), FeedItem(can_share=True)]))


if __name__ == "__main__":
    main(*sys.argv[1:3])
