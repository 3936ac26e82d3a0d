"""Items of lists as they are sent, remembered: what has an id looks the same in every list of a version."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connectgen.catalogue.types import TypeExpression
from connectgen.mock.responding.records import Head, Maker
from connectgen.mock.responding.rendering import Fragment, encoded, write_json
from connectgen.mock.responding.selection import Selection

_MOST = 8 * 1024 * 1024
"""Bytes of the items that are remembered, and of what each of them takes besides."""
_EACH = 512
_Key = tuple[str, int, bool, str, Head, int | None, bool]


class WrittenItems:
    """Items that have been sent, those used last.

    Args:
        most: how many bytes they may take.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._items: OrderedDict[_Key, tuple[Fragment, int]] = OrderedDict()
        self._bytes = 0

    def get(self, key: _Key) -> tuple[Fragment, int] | None:
        """An item, and how many objects it holds."""
        found = self._items.get(key)
        if found is not None:
            self._items.move_to_end(key)
        return found

    def keep(self, key: _Key, item: Fragment, made: int) -> None:
        """Remember an item, and forget those not used for longest where there are too many."""
        self._items[key] = item, made
        self._bytes += len(item.body) + _EACH
        while self._bytes > self._most:
            _, (oldest, _) = self._items.popitem(last=False)
            self._bytes -= len(oldest.body) + _EACH


@dataclass(frozen=True, slots=True)
class ItemWriter:
    """Writes the items of one response, or takes them from what is remembered.

    Attributes:
        items: what is remembered.
        base: scheme and host, which the items' URLs have.
        version: the API version.
        with_entities: whether texts have HTML entities.
        finish: changes an item before it is written.
        finished_for: what distinguishes items that are changed so from others.
    """

    items: WrittenItems
    base: str
    version: int
    with_entities: bool
    finish: Callable[[object], None] | None = None
    finished_for: str = ""

    def item(self, maker: Maker, expression: TypeExpression, key: str, selection: Selection, index: int) -> Any:
        """An item of a list: as JSON that is written, where only its id decides; otherwise its value.

        Args:
            maker: makes the value.
            expression: the item's type.
            key: what distinguishes the list.
            selection: what is shown.
            index: the item's place in the list.
        """
        head, make = maker.item(expression, key, selection, index)
        if head is None or not head.identifier or selection.include is not None or selection.exclude is not None:
            return make()
        where = self.base, self.version, self.with_entities, self.finished_for
        return self._load_or_write(maker, (*where, head, selection.group, selection.named), make)

    def _load_or_write(self, maker: Maker, key: _Key, make: Callable[[], Any]) -> Fragment:
        known = self.items.get(key)
        if known is not None:
            maker.made = known[1]
            return known[0]
        value = make()
        if self.finish is not None:
            self.finish(value)
        written = Fragment(write_json(encoded(value) if self.with_entities else value))
        self.items.keep(key, written, maker.made)
        return written
