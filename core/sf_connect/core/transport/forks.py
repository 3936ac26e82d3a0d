"""What a process makes anew after `fork()`: sockets and locks of its parent are of no use to it."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class Renewable(Protocol):
    """Something that a child process must make anew."""

    def renew_after_fork(self) -> None:
        """Replace what belongs to the parent."""


_renewables: WeakSet[Renewable] = WeakSet()


def renew_in_children(renewable: Renewable) -> None:
    """Have an object replace its parts in each child process, for as long as it exists."""
    _renewables.add(renewable)


def _renew() -> None:
    for renewable in list(_renewables):
        renewable.renew_after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(after_in_child=_renew)
