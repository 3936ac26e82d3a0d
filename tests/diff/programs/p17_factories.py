"""Factories, closures, generators, class methods, globals that are set later."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import lru_cache

from sf_connect.v66 import Connect, models as m

_client: Connect | None = None


def get_client() -> Connect:
    global _client
    if _client is None:
        _client = Connect("https://acme.example", token="t")
    return _client


@lru_cache(maxsize=1)
def cached() -> Connect:
    return Connect("https://acme.example", token="t")


def deleter(client: Connect) -> Callable[[str], None]:
    def delete(poll_id: str) -> None:
        client.votes.polls.delete(poll_id)  #: certain operation-removed:votes.polls.delete

    return delete


def polls() -> Generator[m.Poll, None, None]:
    yield from get_client().votes.polls.iter()


class Factory:
    instance: Connect

    @classmethod
    def create(cls) -> Factory:
        made = cls()
        made.instance = Connect("https://acme.example", token="t")
        return made

    @staticmethod
    def body(text: str) -> m.PollInput:
        return m.PollInput(text=text, size=1)


def run() -> None:
    get_client().votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete
    cached().votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete
    deleter(get_client())("07L")
    Factory.create().instance.votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete
    body = Factory.body("?")
    body.note = "A"  #: certain request-property-removed:PollInput.note
    body.text = "!"
    for poll in polls():
        print(poll.friends)  #: certain response-property-removed:Poll.friends
    (lambda c: c.votes.polls.delete("07L"))(get_client())  #: possible operation-removed:votes.polls.delete
