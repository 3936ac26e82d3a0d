"""Decorators, plain and typed, around functions that call and return."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from sf_connect.v66 import Connect, models as m

P = ParamSpec("P")
R = TypeVar("R")


def logged(function: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(function)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        print(function.__name__)
        return function(*args, **kwargs)

    return inner


def untyped(function):
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    return inner


@logged
def fetch(client: Connect, poll_id: str) -> m.Poll:
    return client.votes.polls.get(poll_id)


@untyped
def fetch_more(client: Connect, poll_id: str) -> m.Poll:
    client.votes.polls.delete(poll_id)  #: certain operation-removed:votes.polls.delete
    return client.votes.polls.get(poll_id)


@contextmanager
def session():
    with Connect("https://acme.example", token="t") as client:
        yield client


def run(client: Connect) -> None:
    print(fetch(client, "07L").friends)  #: certain response-property-removed:Poll.friends
    print(fetch_more(client, "07L").friends)  #: possible response-property-removed:Poll.friends
    with session() as other:
        other.votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete


class Lazy:
    def __init__(self, client: Connect) -> None:
        self._client = client

    @functools.cached_property
    def page(self) -> m.PollPage:
        return self._client.votes.polls.list()

    @property
    def friends(self) -> int:
        return len([poll.friends for poll in self.page.polls or []])  #: certain response-property-removed:Poll.friends


def show(lazy: Lazy) -> None:
    print(lazy.friends)
