"""Tables of functions: what a command of a chat does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from sf_connect.v67 import Connect


class Commands:
    """Commands by their name."""

    def __init__(self, client: Connect) -> None:
        self.client = client
        # connectgen operation-removed: feeds.items.like is gone; call feeds.capabilities.like instead; check what it takes and gives.
        self.table: dict[str, Callable[..., Any]] = {
            "photo": client.chatter.user_profiles.get_photo,
            "like": client.feeds.items.like,
            "delete": lambda item: client.feeds.elements.delete(item),
            "user": client.chatter.users.get,
        }

    def run(self, name: str, *arguments: str) -> Any:
        """Run one."""
        return self.table[name](*arguments)


def by_word(client: Connect, word: str) -> None:
    """The same with a match."""
    match word.split():
        case ["photo", user]:
            print(client.chatter.user_profiles.get_photo(user).large_photo_url)
        case ["head", comment]:
            client.chatter.comments.get(comment)
        case ["head?", comment]:
            # connectgen operation-removed: chatter.comments.head is gone; call chatter.comments.get instead; check what it takes and gives.
            print(client.chatter.comments.head(comment))
        case _:
            print("unknown")


def main(url: str, token: str) -> None:
    """Run some."""
    with Connect(url, token=token) as client:
        commands = Commands(client)
        print(commands.run("photo", "005000000000001AAA"))
        by_word(client, "photo 005000000000001AAA")


if __name__ == "__main__":
    main(*sys.argv[1:3])
