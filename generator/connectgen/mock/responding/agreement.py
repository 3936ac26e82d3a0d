"""Lets what a record shows of its lists agree with them: counts, first pages, what is the context user's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from connectgen.mock.relations import Relation, Relations, Shown
from connectgen.mock.responding.records import UNSAID, Link
from connectgen.mock.responding.selection import Selection
from connectgen.mock.state import Entry, State


class Lists(Protocol):
    """The lists of a version, as responses show them."""

    def identifiers(self, path: str, owner: str, of: str | None) -> tuple[str, ...] | None:
        """The ids of a list's items, or of what they refer to by a property.

        Args:
            path: the list's path in the catalogue.
            owner: the record that has the list.
            of: the property, None for the items.

        Returns:
            None where the version has no such list.
        """
        ...

    def page(self, path: str, owner: str, selection: Selection, depth: int) -> Any:
        """The first page of a list, short as it is so deep inside a response; None where it is in a page itself."""
        ...


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is known of the properties of records beyond what is made up.

    Attributes:
        relations: which property shows what.
        state: what is kept.
        lists: the lists that the properties are about.
    """

    relations: Relations
    state: State
    lists: Lists

    def value(self, owner: str, path: tuple[str, ...], selection: Selection, depth: int) -> Any:
        """The value of a property, `UNSAID` where nothing is known of it, or a `Link` to the record that it shows.

        Args:
            owner: the id of the record.
            path: the names that lead to the property from there.
            selection: what is shown of the value.
            depth: how deep in the response it is.
        """
        if len(path) == 1:
            entry = self.state.of_id(owner)
            if entry is not None and path[0] in entry.links:
                return Link(entry.links[path[0]])
        found = self.relations.find(owner, path)
        if found is None:
            return UNSAID
        relation, shown = found
        match shown.what:
            case "count":
                return self._count(relation, shown, owner)
            case "page":
                return self.lists.page(relation.list, owner, selection, depth)
            case "is_mine":
                return self._mine(relation, owner) is not None
            case _:
                return self._own(relation, shown, owner)

    def _count(self, relation: Relation, shown: Shown, owner: str) -> Any:
        found = self.lists.identifiers(relation.list, owner, shown.property)
        if found is None:
            return UNSAID
        return sum(not shown.prefix or one.startswith(shown.prefix) is not shown.is_other for one in found)

    def _own(self, relation: Relation, shown: Shown, owner: str) -> Any:
        """The context user's item, or a property of it."""
        mine = self._mine(relation, owner)
        if mine is None or mine.known is None:
            return shown.fallback
        return mine.sent.get(shown.property, UNSAID) if shown.property else Link(mine.known[1])

    def _mine(self, relation: Relation, owner: str) -> Entry | None:
        """The context user's item; nobody else in a made-up list is that user."""
        items = self.state.created_in(relation.path(owner))
        return next((one for one in items if one.links.get(relation.mine_by or "") == self.state.me), None)
