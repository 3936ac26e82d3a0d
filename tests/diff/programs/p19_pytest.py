"""Tests with fixtures: what a fixture gives is known by its name only."""

from unittest.mock import MagicMock

import pytest

from sf_connect.v66 import Connect, models as m


@pytest.fixture
def client():
    with Connect("https://acme.example", token="t") as made:
        yield made


@pytest.fixture
def poll(client: Connect) -> m.Poll:
    return client.votes.polls.get("07L")


def test_deletes(client):
    client.votes.polls.delete("07L")  #: possible operation-removed:votes.polls.delete


def test_friends(poll):
    assert poll.friends == []  #: possible response-property-removed:Poll.friends


def test_typed(client: Connect, poll: m.Poll) -> None:
    assert poll.friends == []  #: certain response-property-removed:Poll.friends
    with pytest.raises(ValueError):
        client.votes.polls.list(since=None)  #: certain parameter-removed:votes.polls.list(since)


def test_mocked():
    fake = MagicMock()
    fake.friends = 3
    assert fake.friends == 3


@pytest.mark.parametrize("state", ["New", "Old"])
def test_states(state: str) -> None:
    assert state in ("New", "Old")
