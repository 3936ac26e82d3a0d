"""Pools of threads, futures, retries and callables that are handed on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from itertools import chain, groupby, islice
from typing import Any, ParamSpec, TypeVar

from sf_connect.v66 import Connect, models as m

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)


def retried(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    for attempt in range(3):
        try:
            return call(*args, **kwargs)
        except OSError:
            log.warning("attempt %s", attempt)
    return call(*args, **kwargs)


def all_of(client: Connect, ids: list[str]) -> list[m.Poll]:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(client.votes.polls.get, ids))
        futures: list[Future[m.Poll]] = [pool.submit(client.votes.polls.get, one) for one in ids]
        for future in as_completed(futures):
            print(future.result().friends)  #: certain response-property-removed:Poll.friends
        list(pool.map(client.votes.polls.delete, ids))  #: certain operation-removed:votes.polls.delete
        pool.submit(client.votes.polls.list, since=None)  #: certain parameter-removed:votes.polls.list(since)
    print(found[0].friends)  #: certain response-property-removed:Poll.friends
    return found


def again(client: Connect) -> None:
    poll = retried(client.votes.polls.get, "07L")
    print(poll.friends)  #: certain response-property-removed:Poll.friends
    retried(client.votes.polls.delete, "07L")  #: certain operation-removed:votes.polls.delete
    retried(client.votes.polls.list, since=None)  #: certain parameter-removed:votes.polls.list(since)


class Poller(threading.Thread):
    def __init__(self, client: Connect, seen: Callable[[m.Poll], Any]) -> None:
        super().__init__(daemon=True)
        self.client, self.seen = client, seen
        self.friends: list[str] = []

    def run(self) -> None:
        for poll in islice(self.client.votes.polls.iter(), 10):
            self.seen(poll)
            self.friends.append(str(poll.friends))  #: certain response-property-removed:Poll.friends
        print(self.friends)


def flat(pages: list[m.PollPage]) -> list[m.Poll]:
    polls = list(chain.from_iterable(page.polls or [] for page in pages))
    for state, group in groupby(polls, key=lambda poll: poll.state):  #: certain response-property-value-added:Poll.state=Former
        print(state, [one.friends for one in group])  #: certain response-property-removed:Poll.friends
    return [poll for poll in polls if poll.friends]  #: certain response-property-removed:Poll.friends


def main(client: Connect) -> None:
    thread = Poller(client, seen=lambda poll: print(poll.friends))  #: certain response-property-removed:Poll.friends
    thread.start()
    threading.Thread(target=client.votes.polls.delete, args=("07L",)).start()  #: certain operation-removed:votes.polls.delete
    log.info("%s", thread.friends)
