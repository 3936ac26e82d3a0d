"""A script that tidies the feed of a user: likes, deletes, counts."""

import sys

from sf_connect.v67 import Connect
from sf_connect.v67 import models as m


def describe(item: m.FeedItem) -> str:
    """One line about an item."""
    name = item.actor.name if item.actor and hasattr(item.actor, "name") else "?"
    shared = "can be shared" if item.is_sharable else "stays here"  # since winter
    if item.is_sharable and item.body:
        shared += f", {len(item.body.text or '')} letters"
    return f"{name}: {shared}"


def main(url: str, token: str) -> None:
    """Tidy up."""
    with Connect(url, token=token) as client:
        # connectgen operation-removed: feeds.items.list_news_feed is gone; call feeds.news.list_elements instead; check what it takes and gives.
        page = client.feeds.items.list_news_feed("me", page_size=5)
        for item in page.items or []:
            print(describe(item))
            # connectgen response-property-removed: FeedItem.is_liked_by_current_user is gone; read capabilities.chatter_likes.is_liked_by_current_user instead; check what it holds.
            if item.is_liked_by_current_user:
                continue
            if item.id is not None:
                client.feeds.capabilities.like(item.id)
        # connectgen operation-removed: feeds.items.get is gone; call feeds.elements.get instead; check what it takes and gives.
        first = client.feeds.items.get("0D5000000000001AAA")
        # connectgen response-property-removed: FeedItem.comments is gone; read capabilities.comments.page instead; check what it holds.
        comments = first.comments
        print(comments and comments.total)

        # what is old goes away
        client.feeds.elements.delete("0D5000000000002AAA")
        client.feeds.capabilities.remove_topic(
            "0D5000000000002AAA",
            topic_id="0TO000000000001AAA",  # the one of last year
        )
        # connectgen operation-removed: feeds.items.post_to_news_feed is gone; call feeds.elements.create instead; check what it takes and gives.
        client.feeds.items.post_to_news_feed("me", text="Done")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
