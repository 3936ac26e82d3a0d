"""A report; nothing in this file names the client."""

from .items import items


def lines(client) -> list[str]:
    """A line an item."""
    return [str(item.is_sharable) for item in items(client)]
