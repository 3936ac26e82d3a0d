"""`functools.partial`, literal `getattr`, methods kept in variables and tables, batches."""

from __future__ import annotations

import datetime
from functools import partial

from sf_connect.v66 import Connect, models as m


def run(client: Connect, now: datetime.datetime) -> None:
    recent = partial(client.votes.polls.list, since=now)  #: certain parameter-removed:votes.polls.list(since)
    for poll in recent().polls or []:
        print(getattr(poll, "friends", None))  #: certain response-property-removed:Poll.friends
        print(getattr(poll, "title"))
    remove = client.votes.polls.delete  #: certain operation-removed:votes.polls.delete
    remove("07L")
    getattr(client.votes.polls, "delete")("07L")  #: certain operation-removed:votes.polls.delete
    actions = {
        "delete": client.votes.polls.delete,  #: certain operation-removed:votes.polls.delete
        "list": client.votes.polls.list,
    }
    print(actions)
    batch = client.batch()
    batch.add(client.votes.polls.delete, "07L")  #: certain operation-removed:votes.polls.delete
    item = batch.add(
        client.votes.polls.list,
        since=now,  #: certain parameter-removed:votes.polls.list(since)
    )
    batch.send()
    print([one.friends for one in item.result.polls or []])  #: certain response-property-removed:Poll.friends
    ask = partial(m.PollInput, text="?", size=2, note="A")  #: certain request-property-removed:PollInput.note
    client.votes.polls.create(ask())
