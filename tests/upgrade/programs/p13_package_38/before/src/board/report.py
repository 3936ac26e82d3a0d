"""A report; nothing in this file names the client."""

from .items import items


def lines(client) -> list[str]:
    """A line an item."""
    return [str(item.can_share) for item in items(client)]
