"""Classes that behave like containers: iterators, items, calls, context managers, descriptors, generics."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Generic, Self, TypeGuard, TypeVar, overload

from sf_connect.v66 import Connect, models as m

T = TypeVar("T")


class Box(Generic[T]):
    def __init__(self, value: T) -> None:
        self.value = value

    def map(self, change: object) -> Box[T]:
        print(change)
        return self


class Lazy(Generic[T]):
    def __init__(self, name: str, kind: type[T]) -> None:
        self.name, self.kind = name, kind

    def __get__(self, owner: object, _: type | None = None) -> T:
        return owner.__dict__[self.name]


class Session:
    poll = Lazy("poll", m.Poll)

    def __init__(self, url: str) -> None:
        self.url = url
        self._client: Connect | None = None

    def __enter__(self) -> Self:
        self._client = Connect(self.url, token="t")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.client.votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete

    @property
    def client(self) -> Connect:
        if self._client is None:
            raise RuntimeError("not entered")
        return self._client

    def __iter__(self) -> Iterator[m.Poll]:
        yield from self.client.votes.polls.iter()

    def __getitem__(self, poll_id: str) -> m.Poll:
        return self.client.votes.polls.get(poll_id)

    def __call__(self, text: str) -> m.Poll:
        return self.client.votes.polls.create(m.PollInput(text=text, size=1))

    def __delitem__(self, poll_id: str) -> None:
        self.client.votes.polls.delete(poll_id)  #: certain operation-removed:votes.polls.delete


def is_open(poll: m.Poll) -> TypeGuard[m.OpenPoll]:
    return poll.type == "Open"


@overload
def get(session: Session, poll_id: str) -> m.Poll: ...
@overload
def get(session: Session, poll_id: None) -> None: ...
def get(session: Session, poll_id: str | None) -> m.Poll | None:
    return session[poll_id] if poll_id else None


def run() -> None:
    with Session("https://acme.example") as session:
        print([poll.friends for poll in session])  #: certain response-property-removed:Poll.friends
        print(session["07L"].friends, session("?").friends)  #: certain response-property-removed:Poll.friends
        print(session.poll.friends)  #: certain response-property-removed:Poll.friends
        print(get(session, "07L").friends)  #: certain response-property-removed:Poll.friends
        first = next(iter(session))
        if is_open(first):
            print(first.votes, first.friends)  #: certain response-property-removed:Poll.friends
        print(Box(first).map(None).value.friends)  #: certain response-property-removed:Poll.friends
        boxes = {"a": Box(session.client)}
        boxes["a"].value.votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete
        match boxes.get("b"):
            case Box(value=other):
                other.votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete
