"""A script that tidies the feed of a user: likes, deletes, counts."""

import sys

from sf_connect.v31 import Connect
from sf_connect.v31 import models as m


def describe(item: m.FeedItem) -> str:
    """One line about an item."""
    name = item.actor.name if item.actor and hasattr(item.actor, "name") else "?"
    shared = "can be shared" if item.can_share else "stays here"  # since winter
    if item.can_share and item.body:
        shared += f", {len(item.body.text or '')} letters"
    return f"{name}: {shared}"


def main(url: str, token: str) -> None:
    """Tidy up."""
    with Connect(url, token=token) as client:
        page = client.feeds.items.list_news_feed("me", page_size=5)
        for item in page.items or []:
            print(describe(item))
            if item.is_liked_by_current_user:
                continue
            if item.id is not None:
                client.feeds.items.like(item.id)
        first = client.feeds.items.get("0D5000000000001AAA")
        comments = first.comments
        print(comments and comments.total)

        # what is old goes away
        client.feeds.items.delete("0D5000000000002AAA")
        client.feeds.items.remove_topic(
            "0D5000000000002AAA",
            topic_id="0TO000000000001AAA",  # the one of last year
        )
        client.feeds.items.post_to_news_feed("me", text="Done")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
