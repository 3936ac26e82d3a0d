"""What the vendor puts behind the names of schemas, now so and now so: no part of a name."""

from __future__ import annotations

import re

_ENDINGS = re.compile(r"(?:Output|Representation|(?<=[a-z])Rep)+$")
_REQUEST = re.compile(r"(?<=Input)(?:Request|Body)$")


def without_ending(schema: str) -> str:
    """A schema's name without what says only that it is sent or received."""
    return _ENDINGS.sub("", _REQUEST.sub("", schema))
