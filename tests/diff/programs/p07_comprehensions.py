"""Comprehensions of every kind, and names that hide each other."""

from __future__ import annotations

from sf_connect.v66 import Connect


def friends_by_title(client: Connect) -> dict[str, int]:
    page = client.votes.polls.list(sort="Date")  #: certain parameter-value-removed:votes.polls.list(sort)=Date
    polls = page.polls or []
    by_title = {poll.title or "": poll for poll in polls}
    closed = [poll for poll in polls if poll.state == "Old"]  #: certain response-property-value-removed:Poll.state=Old; certain response-property-value-added:Poll.state=Former
    flat = [friend for poll in closed for friend in poll.friends or []]  #: certain response-property-removed:Poll.friends
    numbers = [len(flat), len(by_title)]
    names = {name: len(value.friends or []) for name, value in by_title.items()}  #: certain response-property-removed:Poll.friends
    pairs = [(poll.title, i) for i, poll in enumerate(polls)]
    ordered = sorted(polls, key=lambda poll: len(poll.friends or []))  #: certain response-property-removed:Poll.friends
    print(numbers, pairs, ordered)
    return names


class Person:
    friends: list[str]


def people(all_people: list[Person]) -> list[str]:
    return [poll for person in all_people for poll in person.friends]
