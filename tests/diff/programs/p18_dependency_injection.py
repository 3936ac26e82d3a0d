"""Protocols, containers, an application object that is passed around."""

from __future__ import annotations

from typing import Annotated, Generic, NamedTuple, Protocol, TypeVar

from sf_connect.v66 import Connect, models as m

T = TypeVar("T")


class HasClient(Protocol):
    @property
    def client(self) -> Connect: ...


class Provider(Generic[T]):
    def __init__(self, value: T) -> None:
        self.value = value

    def get(self) -> T:
        return self.value


class Context(NamedTuple):
    client: Connect
    poll: m.Poll


class Settings:
    note: str = "n"
    friends: int = 0


def Depends(function: object) -> object:
    return function


def endpoint(client: Annotated[Connect, Depends(None)], poll_id: str) -> None:
    client.votes.polls.delete(poll_id)  #: certain operation-removed:votes.polls.delete


def use(app: HasClient) -> None:
    app.client.votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete


def provide(provider: Provider[Connect], settings: Settings) -> None:
    provider.get().votes.polls.delete(settings.note)  #: certain operation-removed:votes.polls.delete
    print(settings.friends)


def unpack(context: Context) -> None:
    client, poll = context
    print(poll.friends, client.options)  #: certain response-property-removed:Poll.friends
    context.client.votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete


def container() -> None:
    clients: dict[str, Connect] = {}
    clients["a"].votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete
    for name, one in clients.items():
        one.votes.polls.delete(name)  #: certain operation-removed:votes.polls.delete
