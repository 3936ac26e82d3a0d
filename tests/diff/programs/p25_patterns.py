"""Structural patterns: classes with keywords, sequences, guards, literals; results as tagged tuples."""

from __future__ import annotations

from typing import Literal, NamedTuple, assert_never

from sf_connect.v66 import Connect
from sf_connect.v66.models import ClosedPoll, OpenPoll, Poll, PollInput  #: certain type-removed:ClosedPoll


class Failed(NamedTuple):
    reason: str
    friends: int = 0


Outcome = tuple[Literal["ok"], Poll] | tuple[Literal["error"], Failed]


def fetch(client: Connect, poll_id: str) -> Outcome:
    try:
        return "ok", client.votes.polls.get(poll_id)
    except KeyError as error:
        return "error", Failed(str(error))


def describe(poll: Poll) -> str:
    match poll:
        case ClosedPoll(winner=str(winner)):  #: certain type-removed:ClosedPoll; certain kind-removed:Poll=Closed
            return winner
        case OpenPoll(votes=int(votes)) if votes > 3:
            return str(votes)
        case Poll(friends=[first, *_]):  #: certain response-property-removed:Poll.friends
            return first.title or ""
        case Poll(state="Old", title=title):  #: certain response-property-value-removed:Poll.state=Old; certain response-property-value-added:Poll.state=Former
            return title or ""
        case _:
            return ""


def report(client: Connect) -> str:
    match fetch(client, "07L"):
        case ("ok", poll):
            return str(poll.friends)  #: certain response-property-removed:Poll.friends
        case ("error", Failed(reason=reason, friends=friends)):
            return reason * friends
        case never:
            assert_never(never)


def states(poll: Poll) -> int:
    match poll.state:  #: certain response-property-value-added:Poll.state=Former
        case "New":
            return 1
        case "Old":  #: certain response-property-value-removed:Poll.state=Old
            return 2
        case _:
            return 0


def first_two(client: Connect) -> None:
    match client.votes.polls.list().polls:
        case [Poll(title=title), second]:
            print(title, second.friends)  #: certain response-property-removed:Poll.friends
        case [only]:
            print(only.friends)  #: certain response-property-removed:Poll.friends
        case None | []:
            pass
        case [*rest]:
            print([one.friends for one in rest])  #: certain response-property-removed:Poll.friends


def command(client: Connect, words: list[str], event: dict[str, str]) -> None:
    match words:
        case ["close", poll_id]:
            client.votes.polls.delete(poll_id)  #: certain operation-removed:votes.polls.delete
        case ["ask", *text]:
            client.votes.polls.create(PollInput(text=" ".join(text)))  #: certain request-property-became-required:PollInput.size
    match event:
        case {"friends": friends, "note": note}:
            print(friends, note)
