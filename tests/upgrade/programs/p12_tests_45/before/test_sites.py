"""Tests: some against the mock server, some with the client replaced."""

import os
from unittest import mock

import pytest

from sf_connect.v45 import Connect, models as m


def names(client: Connect) -> list[str]:
    """The names of all sites."""
    client.experience.sites.head_list()
    return [site.name or "" for site in client.experience.sites.list().communities or []]


@pytest.fixture
def client():
    with Connect(os.environ["SF_URL"], token=os.environ["SF_TOKEN"]) as client:
        yield client


def test_names(client: Connect) -> None:
    assert names(client)


def test_without_a_server() -> None:
    with mock.patch("sf_connect.v45.Connect", autospec=True) as patched:
        from sf_connect.v45 import Connect as Patched

        assert Patched is patched


def test_of_a_model() -> None:
    page = m.CommunityPage(communities=[m.Community(name="Partners")])
    assert [one.name for one in page.communities or []] == ["Partners"]


@pytest.mark.parametrize("module", ["sf_connect.v45.models"])
def test_of_a_module(module: str) -> None:
    assert pytest.importorskip("sf_connect.v45.models").__name__.startswith("sf_connect")
    assert module
