"""Layers: a gateway, repositories with cached groups, services that know a protocol."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property, singledispatchmethod
from typing import TYPE_CHECKING, ClassVar, Generic, Protocol, TypeVar

import sf_connect.v66 as sf
from sf_connect.v66 import models

if TYPE_CHECKING:
    from sf_connect.v66.groups.votes.polls import Polls

M = TypeVar("M", bound=models.Poll)


@dataclass(slots=True)
class Gateway:
    url: str
    token: str = field(repr=False)
    _client: sf.Connect | None = field(default=None, init=False)

    @property
    def client(self) -> sf.Connect:
        if self._client is None:
            self._client = sf.Connect(self.url, token=self.token)
        return self._client


class Repository(ABC, Generic[M]):
    page_size: ClassVar[int] = 20

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    @abstractmethod
    def all(self) -> list[M]: ...

    def newest(self) -> M | None:
        found = self.all()
        return found[0] if found else None


class PollRepository(Repository[models.Poll]):
    @cached_property
    def polls(self) -> Polls:
        return self.gateway.client.votes.polls

    @cached_property
    def ballots(self):
        return self.gateway.client.votes.ballots  #: certain group-removed:votes.ballots

    def all(self) -> list[models.Poll]:
        return [poll for poll in self.polls.iter(page_size=self.page_size) if not poll.friends]  #: certain response-property-removed:Poll.friends

    def remove(self, poll: models.Poll) -> None:
        self.polls.delete(str(poll.title))  #: certain operation-removed:votes.polls.delete

    def votes(self, poll_id: str) -> int:
        return len(self.ballots.list(poll_id).ballots or [])  #: certain operation-removed:votes.ballots.list


class SavesPolls(Protocol):
    def newest(self) -> models.Poll | None: ...


@dataclass
class Service:
    repository: PollRepository
    source: SavesPolls

    def summary(self) -> str:
        if (newest := self.source.newest()) is None:
            return ""
        friends = newest.friends or []  #: certain response-property-removed:Poll.friends
        return f"{newest.title} {len(friends)} {self.note()}"

    def clean(self) -> None:
        for poll in self.repository.all():
            if isinstance(poll, models.ClosedPoll):  #: certain type-removed:ClosedPoll; certain kind-removed:Poll=Closed
                self.repository.remove(poll)
        latest = self.repository.newest()
        if latest is not None and latest.friends:  #: certain response-property-removed:Poll.friends
            self.repository.polls.delete("07L")  #: certain operation-removed:votes.polls.delete

    def note(self) -> str:
        return type(self).__name__

    @singledispatchmethod
    def show(self, value: object) -> None:
        print(value)

    @show.register
    def _(self, value: models.Poll) -> None:
        print(value.friends)  #: certain response-property-removed:Poll.friends


class CachedService(Service):
    _known: dict[str, models.Poll] | None = None

    @classmethod
    def connect(cls, url: str) -> CachedService:
        repository = PollRepository(Gateway(url, "t"))
        return cls(repository=repository, source=repository)

    def get(self, poll_id: str) -> models.Poll:
        known = self._known = self._known or {}
        if poll_id not in known:
            known[poll_id] = self.repository.polls.get(poll_id)
        return known[poll_id]

    def size(self, poll_id: str) -> int:
        return len(self.get(poll_id).friends or ())  #: certain response-property-removed:Poll.friends
