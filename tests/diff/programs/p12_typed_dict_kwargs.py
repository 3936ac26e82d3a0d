"""Keyword arguments from a TypedDict, from a literal dictionary, and from who knows where."""

from __future__ import annotations

import datetime
from typing import Any, TypedDict, Unpack

from sf_connect.v66 import Connect, models as m


class Query(TypedDict, total=False):
    since: datetime.datetime
    page_size: int


class Body(TypedDict, total=False):
    note: str
    size: int


class Unused(TypedDict, total=False):
    since: datetime.datetime
    note: str


def search(client: Connect, **query: Unpack[Query]) -> m.PollPage:
    return client.votes.polls.list(**query)  #: certain parameter-removed:votes.polls.list(since)


def ask(client: Connect, more: Body) -> None:
    client.votes.polls.create(m.PollInput(text="?", **more))  #: certain request-property-removed:PollInput.note; possible request-property-became-required:PollInput.size


def literal(client: Connect) -> None:
    client.votes.polls.list(**{"since": datetime.datetime.now()})  #: certain parameter-removed:votes.polls.list(since)
    settings = {"sort": "Name", "since": None}
    client.votes.polls.list(**settings)  #: certain parameter-removed:votes.polls.list(since)
    search(client, since=datetime.datetime.now())
    other = {"since": None}
    print(other)


def anything(client: Connect, **more: Any) -> None:
    client.votes.polls.list(**more)  #: possible parameter-removed:votes.polls.list(since)
