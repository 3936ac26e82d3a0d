"""Enumerations in annotations, and values that the client's version does not list."""

from __future__ import annotations

from sf_connect.core import Unlisted, values_of
from sf_connect.v66 import Connect, models as m
from sf_connect.v66.models import PollState


def is_over(state: m.PollState | None, client: Connect, poll_id: str) -> bool:
    poll = client.votes.polls.get(poll_id)
    return poll.state == Unlisted("Old") or poll.state == state  #: certain response-property-value-removed:Poll.state=Old; certain response-property-value-added:Poll.state=Former


def listed(client: Connect, wanted: PollState | Unlisted) -> list[str]:
    client.votes.polls.list(sort=Unlisted("Date"))  #: certain parameter-value-removed:votes.polls.list(sort)=Date
    client.votes.polls.list(sort=Unlisted("Size"))
    return [state for state in values_of(m.PollState) if state.lower() != wanted.lower()]
