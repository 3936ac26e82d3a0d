"""What is done with items; the models come from the client's package, the client from the one next to this."""

from sf_connect.v67 import models as m

from .client import Connect


def items(client: Connect) -> list[m.FeedItem]:
    """Some items."""
    page = client.feeds.company.list_elements(page_size=4)
    return [one for one in page.elements or [] if isinstance(one, m.FeedItem)]


def share(client: Connect, item: m.FeedItem) -> m.FeedItem | None:
    """Share an item with one's followers."""
    if not item.is_sharable:
        return None
    # connectgen request-property-removed: FeedItemInput.original_feed_element_id can no longer be sent; set capabilities.feed_entity_share.feed_entity_id instead; check what it holds.
    return client.feeds.elements.create(m.FeedItemInput(subject_id="me", original_feed_element_id=item.id))
