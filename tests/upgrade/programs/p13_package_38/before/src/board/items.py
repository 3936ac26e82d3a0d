"""What is done with items; the models come from the client's package, the client from the one next to this."""

from sf_connect.v38 import models as m

from .client import Connect


def items(client: Connect) -> list[m.FeedItem]:
    """Some items."""
    page = client.feeds.company.list_elements(page_size=4)
    return [one for one in page.elements or [] if isinstance(one, m.FeedItem)]


def share(client: Connect, item: m.FeedItem) -> m.FeedItem | None:
    """Share an item with one's followers."""
    if not item.can_share:
        return None
    return client.feeds.elements.create(m.FeedItemInput(subject_id="me", original_feed_element_id=item.id))
