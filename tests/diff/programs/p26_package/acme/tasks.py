"""Jobs that use what the package gives."""

import acme
from acme import Question, connect
from acme.connection import polls
from acme.shapes import ClosedPoll, Poll  #: certain type-removed:ClosedPoll

from . import connection as conn


def nightly() -> None:
    polls.delete("07L")  #: certain operation-removed:votes.polls.delete
    conn.polls.delete("07L")  #: certain operation-removed:votes.polls.delete
    acme.connect().votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete
    connect().votes.polls.create(Question(text="?", note="A", size=1))  #: certain request-property-removed:PollInput.note


def friends(poll: Poll) -> list[str]:
    return [one.title or "" for one in poll.friends or []]  #: certain response-property-removed:Poll.friends


def winner(poll: acme.Poll) -> str:
    if isinstance(poll, ClosedPoll):  #: certain type-removed:ClosedPoll; certain kind-removed:Poll=Closed
        return poll.winner or ""
    return str(poll.friends)  #: certain response-property-removed:Poll.friends
