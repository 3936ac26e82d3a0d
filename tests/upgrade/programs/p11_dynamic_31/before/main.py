"""Names that are put together while the program runs, and parameters without types."""

import importlib
import sys

VERSION = "31"


def load():
    """The package, by its name."""
    return importlib.import_module("sf_connect.v31")


def other(version=VERSION):
    """Any package."""
    return importlib.import_module(f"sf_connect.v{version}")


def call(client, group, method, *arguments):
    """Any method."""
    return getattr(getattr(client.chatter, group), method)(*arguments)


def likes(client, item_id):
    """No types here: this is listed, and left as it is."""
    return client.feeds.items.list_likes(item_id).likes


def main(url, token):
    """Look at a user."""
    connect = getattr(load(), "Connect")
    with connect(url, token=token) as client:
        print(call(client, "users", "get", "me").name)


if __name__ == "__main__":
    main(*sys.argv[1:3])
