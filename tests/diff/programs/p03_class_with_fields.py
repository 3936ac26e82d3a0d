"""A service class: groups kept in fields, items in others."""

from __future__ import annotations

from sf_connect.v66 import Connect, models as m


class PollService:
    def __init__(self, client: Connect) -> None:
        self.client = client
        self.polls = client.votes.polls
        self.ballots = client.votes.ballots  #: certain group-removed:votes.ballots
        self.friends: list[str] = []
        self.last: m.Poll | None = None

    def remember(self, poll_id: str) -> None:
        self.last = self.polls.get(poll_id)
        self.friends.append(poll_id)
        if self.last.friends:  #: certain response-property-removed:Poll.friends
            self.friends.append("more")

    def remove(self, poll_id: str) -> None:
        self.polls.delete(poll_id)  #: certain operation-removed:votes.polls.delete
        self.ballots.cast(poll_id, m.BallotInput(voter="me"))  #: certain operation-removed:votes.ballots.cast; certain type-removed:BallotInput

    def count(self) -> int:
        return len(self.friends)


def run(service: PollService) -> None:
    service.remove("07L")
    print(service.friends, service.last.friends if service.last else None)  #: certain response-property-removed:Poll.friends
    service.polls.list(old_name="x")
