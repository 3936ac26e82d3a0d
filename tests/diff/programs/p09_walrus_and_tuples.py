"""Walrus, tuple assignment, starred names, swaps."""

from __future__ import annotations

from sf_connect.v66 import Connect


def run(client: Connect) -> None:
    polls, ballots = client.votes.polls, client.votes.ballots  #: certain group-removed:votes.ballots
    polls.delete("07L")  #: certain operation-removed:votes.polls.delete
    ballots.list("07L")  #: certain operation-removed:votes.ballots.list
    if (page := polls.list()).polls:
        first, *rest = page.polls
        print(first.friends)  #: certain response-property-removed:Poll.friends
        print([one.friends for one in rest])  #: certain response-property-removed:Poll.friends
    while (poll := polls.get("07L")) and (friends := poll.friends):  #: certain response-property-removed:Poll.friends
        print(friends[0].title)
    a, (b, c) = 1, (polls, "x")
    b.delete(c)  #: certain operation-removed:votes.polls.delete
    x, y = {"delete": 1}, polls
    x, y = y, x
    print(a, x.get("07L").friends)  #: certain response-property-removed:Poll.friends
    with client as same, open("x") as file:
        same.votes.polls.delete(file.read())  #: certain operation-removed:votes.polls.delete
