"""An event bus, registered handlers, functional tools, context variables, nested functions."""

from __future__ import annotations

import functools
import itertools
from collections import ChainMap, Counter, deque
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import NewType

from sf_connect.v66 import Connect, models as m

PollId = NewType("PollId", str)
current: ContextVar[Connect] = ContextVar("current")
Handler = Callable[["Event"], None]


@dataclass(frozen=True)
class Event:
    poll: m.Poll
    client: Connect
    note: str = ""


class Bus:
    handlers: dict[str, list[Handler]] = {}

    @classmethod
    def on(cls, name: str) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            cls.handlers.setdefault(name, []).append(handler)
            return handler

        return register

    @classmethod
    def emit(cls, name: str, event: Event) -> None:
        for handler in cls.handlers.get(name, []):
            handler(event)


@Bus.on("closed")
def closed(event: Event) -> None:
    event.client.votes.polls.delete(str(event.poll.title))  #: certain operation-removed:votes.polls.delete
    print(event.note)


@Bus.on("closed")
def count(event: Event) -> None:
    later = replace(event, note="later")
    print(len(later.poll.friends or []))  #: certain response-property-removed:Poll.friends


def total(polls: list[m.Poll]) -> int:
    friends = functools.reduce(lambda sum_, poll: sum_ + len(poll.friends or []), polls, 0)  #: certain response-property-removed:Poll.friends
    states = Counter(poll.state for poll in polls)  #: certain response-property-value-added:Poll.state=Former
    print(states.most_common(1))
    return friends


def pairs(polls: list[m.Poll]) -> None:
    for left, right in itertools.pairwise(polls):
        print(left.friends, right.title)  #: certain response-property-removed:Poll.friends
    (head, *_), last = polls, deque(polls, maxlen=1)[0]
    print(head.friends, last.friends)  #: certain response-property-removed:Poll.friends


def in_context() -> None:
    client = current.get()
    client.votes.polls.delete(PollId("07L"))  #: certain operation-removed:votes.polls.delete
    known = ChainMap({"a": client.votes.polls.get("07L")}, {})
    print(known["a"].friends)  #: certain response-property-removed:Poll.friends


def counting() -> Callable[[], int]:
    seen: m.PollPage | None = None
    friends = 0

    def inner() -> int:
        nonlocal seen, friends
        seen = seen or current.get().votes.polls.list()
        friends += 1
        if (polls := seen.polls) and any((mine := poll.friends) for poll in polls):  #: certain response-property-removed:Poll.friends
            print(mine)
        return friends

    return inner


def listeners(client: Connect, *extra: Callable[[Connect], object]) -> list[object]:
    actions: tuple[Callable[[Connect], object], ...] = (
        lambda c: c.votes.polls.delete("07L"),  #: certain operation-removed:votes.polls.delete
        *extra,
    )
    return [action(client) for action in actions]
