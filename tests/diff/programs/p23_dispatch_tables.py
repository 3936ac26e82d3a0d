"""Tables of bound methods, exit stacks, callbacks that are kept, commands as objects."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any

from sf_connect.v66 import Connect, models as m


class Actions:
    def __init__(self, client: Connect) -> None:
        self._client = client
        self.by_name: dict[str, Callable[..., Any]] = {
            "close": client.votes.polls.delete,  #: certain operation-removed:votes.polls.delete
            "get": client.votes.polls.get,
            "search": self.search,
        }
        self._hooks: list[Callable[[m.Poll], None]] = []

    def search(self, words: str) -> list[m.Poll]:
        kwargs = dict(since=None, page_size=5)
        print(words)
        return list(self._client.votes.polls.list(**kwargs).polls or [])  #: certain parameter-removed:votes.polls.list(since)

    def on_poll(self, hook: Callable[[m.Poll], None]) -> None:
        self._hooks.append(hook)

    def run(self, name: str, *args: str) -> object:
        return self.by_name[name](*args)


def by_state(polls: Iterable[m.Poll]) -> dict[str | None, list[m.Poll]]:
    groups: defaultdict[str | None, list[m.Poll]] = defaultdict(list)
    for poll in polls:
        groups[poll.state].append(poll)  #: certain response-property-value-added:Poll.state=Former
    for state, members in groups.items():
        print(state, members[0].friends)  #: certain response-property-removed:Poll.friends
    return groups


def largest(polls: list[m.Poll]) -> m.Poll:
    ordered = sorted(polls, key=lambda poll: len(poll.friends or []))  #: certain response-property-removed:Poll.friends
    print(max(polls, key=operator.attrgetter("title")))
    return ordered[-1]


def hooks(client: Connect) -> None:
    actions = Actions(client)
    actions.on_poll(lambda poll: print(poll.friends))  #: certain response-property-removed:Poll.friends
    actions.run("close", "07L")
    found = actions.search("?")
    print(found[0].friends, largest(found).friends)  #: certain response-property-removed:Poll.friends


def many(urls: list[str]) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(Connect(url, token="t")) for url in urls]
        stack.callback(print, "done")
        stack.callback(clients[0].votes.polls.delete, "07L")  #: certain operation-removed:votes.polls.delete
        for number, client in enumerate(clients):
            print(number, client.votes.polls.get_summary("07L").total)  #: certain result-type-changed:votes.polls.get_summary result
        remove = clients[-1].votes.polls.delete  #: certain operation-removed:votes.polls.delete
        for poll_id in ("1", "2"):
            remove(poll_id)
