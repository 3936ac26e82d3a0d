"""Annotated assignments, aliases, Optional, strings, casts, isinstance, TypeVars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, TypeAlias, TypeVar, Union, cast

from sf_connect.v66 import models

if TYPE_CHECKING:
    from sf_connect.v66 import Connect
    from sf_connect.v66.models import ClosedPoll as Closed  #: certain type-removed:ClosedPoll

Result: TypeAlias = Union[models.Poll, None]
T = TypeVar("T")


def same(value: T) -> T:
    return value


def read(value: Any, other: Optional[models.Poll], result: Result) -> None:
    poll: models.Poll = value
    print(poll.friends)  #: certain response-property-removed:Poll.friends
    if other:
        print(other.friends)  #: certain response-property-removed:Poll.friends
    if result is not None:
        print(same(result).friends)  #: certain response-property-removed:Poll.friends
    print(cast("models.Poll", value).friends)  #: certain response-property-removed:Poll.friends
    if isinstance(value, models.OpenPoll):
        print(value.friends)  #: certain response-property-removed:Poll.friends


def winner(closed: Closed) -> Optional[str]:  #: certain type-removed:ClosedPoll
    return closed.winner


def is_closed(poll: "models.Poll") -> bool:
    return isinstance(poll, models.ClosedPoll)  #: certain type-removed:ClosedPoll; certain kind-removed:Poll=Closed


def remove(client: "Connect", poll_id: str) -> None:
    polls: Any = client.votes.polls
    client.votes.polls.delete(poll_id)  #: certain operation-removed:votes.polls.delete
    polls.delete(poll_id)  #: possible operation-removed:votes.polls.delete
