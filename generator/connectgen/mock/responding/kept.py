"""What was created, as lists show it: as the class that they hold, inside an item of theirs, or several at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connectgen.catalogue.types import Named, TypeExpression
from connectgen.mock.relations import Relation
from connectgen.mock.responding.echo import Echo
from connectgen.mock.responding.records import Maker, Record, options_of
from connectgen.mock.responding.selection import EVERYTHING, Selection
from connectgen.mock.state import Entry, is_of


@dataclass(frozen=True, slots=True)
class Members:
    """The items of a list.

    Attributes:
        created: what was created, the newest first.
        made_up: the numbers of what is made up.
    """

    created: Sequence[Entry]
    made_up: Sequence[int]

    def __len__(self) -> int:
        return len(self.created) + len(self.made_up)

    def at(self, place: int) -> Entry | int:
        """The item at a place; behind the last one, where an older token leads, the number that would follow."""
        if place < len(self.created):
            return self.created[place]
        place -= len(self.created)
        return self.made_up[place] if place < len(self.made_up) else place


@dataclass(frozen=True, slots=True)
class KeptItems:
    """Shows what was created.

    Attributes:
        maker: makes what no request said.
        echo: writes what requests said over it.
        relation: what the table says of the list, None where it has nothing.
    """

    maker: Maker
    echo: Echo
    relation: Relation | None

    def class_of(self, entry: Entry, expression: TypeExpression) -> str | None:
        """The class as which a list shows a record: the one that it was created as, if the list holds such."""
        options = [one for one in options_of(expression) if isinstance(one, Named)]
        if any(is_of(self.maker.shapes, entry.type_name, one) for one in options):
            return entry.type_name
        return options[0].name if options else None

    def is_wrapped(self, entry: Entry, name: str) -> bool:
        """Whether a record comes inside an item of the list, whose class is named."""
        return self.relation is not None and self.relation.wraps is not None and entry.type_name != name

    def item(self, entry: Entry, name: str, selection: Selection) -> Record:
        """A record as an item of a list.

        Args:
            entry: the record.
            name: the class as which the list shows it.
            selection: what is shown.
        """
        if self.is_wrapped(entry, name):
            return self.wrapped(entry, name, selection, depth=1)
        value = entry.known[1] if entry.known else ""
        id_property = self.maker.shapes.identifier(name, entry.known[0] if entry.known else "")
        known = (id_property, value) if id_property else None
        record = self.maker.record(name, value, selection, known=known, depth=1)
        self.echo.apply(record, entry.sent, value)
        return record

    def wrapped(self, entry: Entry, name: str, selection: Selection, depth: int) -> Record:
        """An item that has nothing of its own but the record that it holds."""
        record = self.maker.record(name, entry.known[1] if entry.known else "", selection, depth=depth)
        for value, (place, _) in self.relation.wrapped.items() if self.relation else ():
            fact = self.maker.shapes.properties(name).get(place)
            if fact is not None and fact.type == Named(entry.type_name or ""):
                inner = selection.of_property(place, fact.group) or EVERYTHING
                self._hold(record, value, self.item(entry, entry.type_name or "", inner))
        return record

    def settle(self, item: Any) -> None:
        """Let a made-up item hold one record only: that which it says that it is."""
        if self.relation is None or self.relation.wraps is None or not isinstance(item, Record):
            return
        value = str(item.get(self.relation.wraps))
        if value in self.relation.wrapped:
            self._hold(item, value, item.get(self.relation.wrapped[value][0]))

    def held(self, item: Any) -> str:
        """The id of the record that an item holds; empty where it holds none."""
        if self.relation is None or not isinstance(item, Record):
            return ""
        places = (item.get(place) for place, _ in self.relation.wrapped.values())
        return next((one.identifier for one in places if isinstance(one, Record)), "")

    def _hold(self, item: Record, value: str, record: object) -> None:
        if self.relation is None or self.relation.wraps is None:
            return
        for other, (place, _) in self.relation.wrapped.items():
            if place in item:
                item[place] = record if other == value else None
        if self.relation.wraps in item:
            item[self.relation.wraps] = value

    def in_response(self, record: Record, entries: Sequence[Entry], name: str) -> None:
        """Let the response to a request that made several items show them, and how many there are."""
        if self.relation is None:
            return
        shown = {
            self.relation.response["items"]: [self.item(entry, name, EVERYTHING) for entry in entries],
            self.relation.response["count"]: len(entries),
        }
        record.update((one, value) for one, value in shown.items() if one in record)
