"""`match` over classes, values and attributes."""

from __future__ import annotations

from sf_connect.v66 import Connect, models as m


def describe(poll: m.AnyPoll) -> str:
    match poll:
        case m.ClosedPoll(winner=winner):  #: certain type-removed:ClosedPoll; certain kind-removed:Poll=Closed
            return f"won by {winner}"
        case m.OpenPoll(votes=votes, friends=friends):  #: certain response-property-removed:Poll.friends
            return f"{votes} {friends}"
        case m.Poll(title=title):
            return title or ""


def label(client: Connect, poll_id: str) -> str:
    match client.votes.polls.get(poll_id).state:  #: certain response-property-value-added:Poll.state=Former
        case "New":
            return "new"
        case "Old":  #: certain response-property-value-removed:Poll.state=Old
            return "old"
        case _:
            return "?"


def unrelated(state: str) -> bool:
    match state:
        case "Old":
            return True
        case _:
            return False


def is_closed(client: Connect, poll_id: str) -> bool:
    return client.votes.polls.get(poll_id).type == "Closed"  #: certain kind-removed:Poll=Closed
