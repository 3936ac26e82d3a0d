"""Nothing here changes but the version: pages, uploads of text, errors, a batch."""

import sys
from itertools import islice

from sf_connect.core import NotFoundError
from sf_connect.v67 import API_VERSION, Connect, models as m


def post(client: Connect, text: str) -> str:
    """Post a text to one's own feed."""
    made = client.feeds.elements.create(m.FeedItemInput(subject_id="me", body=m.MessageBodyInput.text(text)))
    return made.id or ""


def main(url: str, token: str) -> None:
    """Post, read, follow."""
    with Connect(url, token=token) as client:
        key = post(client, f"Made with {API_VERSION}")
        for user in islice(client.chatter.users.iter(page_size=4), 6):
            print(user.id)
        try:
            print(client.feeds.elements.get(key).id)
        except NotFoundError:
            print("gone already")
        batch = client.batch()
        me = batch.add(client.chatter.users.get, "me")
        batch.send()
        print(me.result.name)


if __name__ == "__main__":
    main(*sys.argv[1:3])
