"""Iterating methods and what their items have."""

from __future__ import annotations

from collections.abc import Iterator

from sf_connect.v66 import Connect, models as m


def titles(client: Connect) -> Iterator[str]:
    for poll in client.votes.polls.iter(since=None):  #: certain parameter-removed:votes.polls.list(since)
        yield from (friend.title or "" for friend in poll.friends or [])  #: certain response-property-removed:Poll.friends


def voters(client: Connect) -> set[str | None]:
    return {ballot.voter for ballot in client.votes.ballots.iter("07L")}  #: certain group-removed:votes.ballots; certain operation-removed:votes.ballots.list


def pages(client: Connect) -> int:
    pages = client.votes.polls.iter().pages()
    return sum(len(poll.friends or ()) for page in pages for poll in page.polls or ())  #: certain response-property-removed:Poll.friends


def first(client: Connect) -> m.Poll:
    return next(iter(client.votes.polls.iter()))


def first_friend(client: Connect) -> object:
    return first(client).friends  #: certain response-property-removed:Poll.friends
