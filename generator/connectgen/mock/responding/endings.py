"""What is waited for: a response that shows a state has one that its phase allows, success where it has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from connectgen.catalogue.model import Wait
from connectgen.mock.progress import ENDED, Phase
from connectgen.mock.responding.records import Record
from connectgen.surface import SurfaceOperation


def show(record: object, waits: Iterable[Wait], phase: Phase = ENDED) -> None:
    """Let a response show how far everything is that its operation shows the end of.

    Args:
        record: the response.
        waits: how ends are seen.
        phase: how far it is.
    """
    for wait in waits:
        state = phase.state(wait) if wait.property else None
        if wait.property and state is not None:
            _set(record, wait.property, state)
        if wait.ended and not phase.has_ended:
            _set(record, wait.ended, None)


def _set(record: object, path: str, value: str | bool | None) -> None:
    first, _, rest = path.partition(".")
    if isinstance(record, list):
        for item in cast("list[object]", record):
            _set(item, path, value)
    elif isinstance(record, dict) and first in record:
        table = cast("dict[str, Any]", record)
        if rest:
            _set(table[first], rest, value)
        else:
            table[first] = value


@dataclass(frozen=True, slots=True)
class ItemStates:
    """Lets the items of a list show the states that they show at their own URLs.

    Attributes:
        below: the operation that reads one of the items.
        phase_of: how far the item is that a path's last step names.
        is_shown: whether an object is what the operation reads.
    """

    below: SurfaceOperation
    phase_of: Callable[[str], Phase]
    is_shown: Callable[[Record], bool]

    def show_in(self, record: object) -> None:
        """Change the items of every list of a response."""
        lists = list(cast("dict[str, object]", record).values()) if isinstance(record, dict) else [record]
        for items in lists:
            for item in cast("list[object]", items) if isinstance(items, list) else ():
                self.show(item)

    def show(self, item: object) -> None:
        """Change an item, unless it is something else."""
        if isinstance(item, Record) and self.is_shown(item):
            step = item.identifier or str(item.get("format") or "").lower()
            show(item, self.below.waits, self.phase_of(step))
