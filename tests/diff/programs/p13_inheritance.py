"""Classes that derive: from the client, from each other, and mixins."""

from __future__ import annotations

from sf_connect.v66 import Connect, models as m


class Acme(Connect):
    def close_poll(self, poll_id: str) -> None:
        self.votes.polls.delete(poll_id)  #: certain operation-removed:votes.polls.delete


class Base:
    client: Connect

    def poll(self, poll_id: str) -> m.Poll:
        return self.client.votes.polls.get(poll_id)


class Child(Base):
    def friends(self, poll_id: str) -> list[m.AnyPoll]:
        return super().poll(poll_id).friends or []  #: certain response-property-removed:Poll.friends

    def more(self, poll_id: str) -> int:
        return len(self.friends(poll_id)) + len(self.poll(poll_id).friends or [])  #: certain response-property-removed:Poll.friends


class Mixin:
    def drop(self, poll_id):
        self.client.votes.polls.delete(poll_id)  #: possible operation-removed:votes.polls.delete


class Both(Mixin, Child):
    pass


def run(acme: Acme, child: Child) -> None:
    acme.close_poll("07L")
    acme.votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete
    child.client.votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete
    child.friends("07L")
