"""Dataclasses that hold objects of the models, and functions that turn one into the other."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Protocol

from sf_connect.v67 import Connect, models as m


class HasText(Protocol):
    """Something that can be printed."""

    def text(self) -> str: ...


@dataclass(frozen=True)
class Post:
    """A post, and what it was made of."""

    item: m.FeedItem
    tags: list[str] = field(default_factory=list)

    @property
    def shareable(self) -> bool:
        """Whether others may pass it on."""
        return bool(self.item.is_sharable)

    def text(self) -> str:
        """What is in it."""
        body = self.item.body
        return (body.text or "") if body else ""


@dataclass
class Board:
    """Posts, by their id."""

    client: Connect
    posts: dict[str, Post] = field(default_factory=dict)

    def load(self, number: int) -> None:
        """Read some."""
        page = self.client.feeds.news.list_elements("me", page_size=number)
        for element in page.elements or []:
            if isinstance(element, m.FeedItem) and element.id:
                self.posts[element.id] = Post(element)

    def shareable(self) -> list[str]:
        """The ids of those that can be shared."""
        return [key for key, post in self.posts.items() if post.item.is_sharable or post.shareable]


def show(things: list[HasText]) -> None:
    """Print them."""
    for thing in things:
        print(thing.text())


def main(url: str, token: str) -> None:
    """Load and show."""
    with Connect(url, token=token) as client:
        board = Board(client)
        board.load(5)
        print(len(board.shareable()))
        show(list(board.posts.values()))


if __name__ == "__main__":
    main(*sys.argv[1:3])
