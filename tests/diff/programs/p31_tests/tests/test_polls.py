"""Tests that use them."""

import pytest


class Friends:
    friends = ("a", "b")


def test_page(page):
    assert all(poll.friends is not None for poll in page.polls)  #: possible response-property-removed:Poll.friends


def test_made(make_poll, api):
    poll = make_poll("!")
    assert poll.friends == []  #: possible response-property-removed:Poll.friends
    api.votes.polls.delete("07L")  #: possible operation-removed:votes.polls.delete


@pytest.mark.usefixtures("api")
class TestOthers:
    def test_friends(self):
        assert Friends.friends == ("a", "b")
        assert Friends().friends

    def test_summary(self, api):
        assert api.votes.polls.get_summary("07L").total == 1  #: possible result-type-changed:votes.polls.get_summary result
