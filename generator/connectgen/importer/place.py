"""Where a path is on the client: family and group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path is on the client, and the prefix that decided it.

    Attributes:
        family: first step of the client, for example `feeds`.
        group: second step, for example `capabilities`.
        depth: how many segments of `segments` the prefix covers.
        segments: the path's segments, placeholders as `{}`, without the site's own.
        listed: whether the table holds the prefix; False where the nearest row was taken.
    """

    family: str
    group: str
    depth: int
    segments: tuple[str, ...]
    listed: bool = True


PlaceOf = Callable[[str], Place]
"""Gives the place of a path."""
