"""Dataclasses that hold models and clients."""

from __future__ import annotations

from dataclasses import dataclass, field

from sf_connect.v66 import Connect
from sf_connect.v66.models import ClosedPoll, Poll, PollInput  #: certain type-removed:ClosedPoll


@dataclass
class Summary:
    poll: Poll
    closed: list[ClosedPoll] = field(default_factory=list)  #: certain type-removed:ClosedPoll
    state: str = "Old"
    note: str | None = None

    def first(self) -> str | None:
        return self.poll.friends[0].title if self.poll.friends else None  #: certain response-property-removed:Poll.friends

    def is_old(self) -> bool:
        return self.state == "Old"


@dataclass(frozen=True)
class Draft:
    client: Connect
    body: PollInput

    def annotate(self, note: str) -> None:
        self.body.note = note  #: certain request-property-removed:PollInput.note
        self.client.votes.polls.create(self.body)


def summary(poll: Poll) -> Summary:
    return Summary(poll=poll, note="n")
