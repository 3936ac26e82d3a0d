"""functools: partial, reduce, lru_cache and singledispatch around the client."""

import functools
import sys
from operator import attrgetter

from sf_connect.v67 import Connect
from sf_connect.v67.models import CommerceEinsteinActivityJobInput as Job

STORE = "0ZE000000000001AAA"


def jobs(client: Connect):
    """Exports and purges of one store, with the store filled in."""
    export = functools.partial(client.commerce.ai.export_activities, STORE)
    purge = functools.partial(client.commerce.ai.purge_activities, STORE, Job(cookie_id="c-1"))
    return export, purge


@functools.lru_cache(maxsize=8)
def status(client: Connect, store: str) -> str:
    """How the deployment goes."""
    found = client.commerce.ai.get_status(store)
    return str(found)


@functools.singledispatch
def show(value: object) -> str:
    """Anything."""
    return repr(value)


@show.register
def _(value: Job) -> str:
    return f"job of {value.user_id or value.cookie_id}"


def main(url: str, token: str) -> None:
    """Start jobs."""
    with Connect(url, token=token) as client:
        export, purge = jobs(client)
        started = [export(Job(user_id="005000000000001AAA")), purge()]
        print(functools.reduce(lambda text, one: f"{text} {one}", map(attrgetter("status_code"), started), ""))
        print(status(client, STORE), show(Job(cookie_id="c-2")))
        config = client.commerce.ai.get_configuration(webstore_id=STORE)
        print(config)


if __name__ == "__main__":
    main(*sys.argv[1:3])
