"""Everything under other names: the package, the models, a class."""

import sys

import sf_connect.v67 as sf
from sf_connect.v67 import AsyncConnect as Later
from sf_connect.v67 import models as cms
from sf_connect.v67.models import ManagedContentDeliveryDocument as Document

Client = sf.Connect
NAMES = {"sync": Client, "async": Later}


def address(summary: cms.ManagedContentChannelSummary) -> str:
    """Where a channel is."""
    return f"{summary.name}: {summary.url}"


def show(document: Document) -> None:
    """What a document is called."""
    print(document.title, document.content_key)


def main(url: str, token: str) -> None:
    """The channels."""
    with Client(url, token=token) as client:
        delivery = client.cms.delivery
        for channel in delivery.list_channels(page_size=3).channels or []:
            # connectgen response-property-removed: ManagedContentChannel.channel_id is gone; read id instead; check what it holds.
            # connectgen response-property-removed: ManagedContentChannel.channel_name is gone; read name instead; check what it holds.
            # connectgen response-property-removed: ManagedContentChannel.is_channel_searchable is gone; read is_searchable instead; check what it holds.
            print(channel.channel_id, channel.channel_name, channel.is_channel_searchable)
        contents = delivery.list_contents("0ap000000000001AAA", page_size=2)
        print(len(contents.contents or []))


if __name__ == "__main__":
    main(*sys.argv[1:3])
