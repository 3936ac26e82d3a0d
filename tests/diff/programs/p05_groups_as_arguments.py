"""Functions that get a group, annotated by its class or not at all."""

from __future__ import annotations

from sf_connect.v66 import Connect
from sf_connect.v66.groups.votes.polls import Polls


def purge(polls: Polls, ids: list[str]) -> None:
    for one in ids:
        polls.delete(one)  #: certain operation-removed:votes.polls.delete


def purge_any(group, ids):
    for one in ids:
        group.delete(one)  #: possible operation-removed:votes.polls.delete


def forget(store: dict[str, str], key: str) -> None:
    polls = store
    polls.get(key)
    polls.pop(key, None)


def main(client: Connect) -> None:
    purge(client.votes.polls, ["07L"])
    purge_any(client.votes.polls, ["07L"])
    forget({}, "a")
