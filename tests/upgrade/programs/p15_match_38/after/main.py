"""Patterns: classes with keywords, captures, guards."""

from __future__ import annotations

import sys

from sf_connect.v67 import Connect, models as m


def kind(element: m.FeedItem | m.GenericFeedElement | None) -> str:
    """In a word."""
    match element:
        case m.FeedItem(is_sharable=True, id=key) if key:
            return f"shareable {key}"
        case m.FeedItem(is_sharable=False):
            return "mine"
        case m.FeedItem() as item:
            return f"item {item.is_sharable}"
        case None:
            return "nothing"
        case _:
            return "other"


def main(url: str, token: str) -> None:
    """Of some elements."""
    with Connect(url, token=token) as client:
        for element in client.feeds.news.list_elements("me", page_size=4).elements or []:
            if isinstance(element, m.FeedItem | m.GenericFeedElement):
                print(kind(element))
        print(kind(None))


if __name__ == "__main__":
    main(*sys.argv[1:3])
