"""Fixtures of a test suite: for all of its files, some by another name."""

from collections.abc import Iterator

import pytest

from sf_connect.v66 import Connect, models


@pytest.fixture(scope="session", name="api")
def _connect() -> Iterator[Connect]:
    with Connect("https://acme.example", token="t") as client:
        yield client


@pytest.fixture
def make_poll(api: Connect):
    made: list[str] = []

    def make(text: str = "?") -> models.Poll:
        poll = api.votes.polls.create(models.PollInput(text=text))  #: certain request-property-became-required:PollInput.size
        made.append(str(poll.title))
        return poll

    yield make
    for poll_id in made:
        api.votes.polls.delete(poll_id)  #: certain operation-removed:votes.polls.delete


@pytest.fixture(params=["Name", "Date"])
def page(api: Connect, request: pytest.FixtureRequest) -> models.PollPage:
    return api.votes.polls.list(sort=request.param)  #: possible parameter-value-removed:votes.polls.list(sort)=Date
