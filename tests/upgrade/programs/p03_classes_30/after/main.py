"""Classes around the client: a base class, properties, a cache."""

from __future__ import annotations

import datetime
import sys
from functools import cached_property

import sf_connect.v67
import sf_connect.v67.models as models


class Service:
    """Something that has a client."""

    def __init__(self, client: sf_connect.v67.Connect) -> None:
        self.client = client

    @property
    def users(self):
        return self.client.chatter.users


class Groups(Service):
    """Groups that a user looks after."""

    def __init__(self, client: sf_connect.v67.Connect, group_id: str) -> None:
        super().__init__(client)
        self.group_id = group_id

    @cached_property
    def group(self) -> models.GroupDetail:
        """The group, read once."""
        return self.client.chatter.groups.get(self.group_id)

    @property
    def last(self) -> datetime.datetime | str | None:
        """When somebody posted last."""
        return self.group.last_feed_element_post_date

    def is_quiet(self) -> bool:
        """Whether nobody did."""
        posted = self.group.last_feed_element_post_date
        return posted is None

    def picture(self) -> str | None:
        """The picture of the owner."""
        owner = self.group.owner
        if owner is None or owner.id is None:
            return None
        # connectgen operation-removed: chatter.users.get_photo is gone; call chatter.user_profiles.get_photo instead; check what it takes and gives.
        photo = self.users.get_photo(owner.id)
        return photo.large_photo_url


def main(url: str, token: str) -> None:
    """Print what there is."""
    with sf_connect.v67.Connect(url, token=token) as client:
        groups = Groups(client, "0F9000000000001AAA")
        print(groups.last, groups.is_quiet(), groups.picture())


if __name__ == "__main__":
    main(*sys.argv[1:3])
