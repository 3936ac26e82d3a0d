"""Which lists say what elsewhere: the table `relations.yaml`, and what follows from it for a request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from connectgen.identifiers import full, is_id, prefix_for

_TABLE = Path(__file__).with_name("relations.yaml")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_ME = "me"

Property = tuple[str, ...]
"""A property of an object, or of an object in it, by the names that lead to it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a property shows of a list.

    Attributes:
        what: `count` of all items, the first `page`, a reference to the item that is `mine`, or whether one `is_mine`.
        property: for `count`, the property of an item by which some are counted; for `mine`, the one that is shown.
        prefix: how ids begin there that count.
        is_other: whether the others count.
        fallback: what is shown where no item is mine.
    """

    what: str
    property: str | None = None
    prefix: str = ""
    is_other: bool = False
    fallback: str | None = None

    @classmethod
    def read(cls, given: str | Mapping[str, Any]) -> Shown:
        """An entry of the table."""
        if isinstance(given, str):
            return cls(given)
        if "count_of" in given:
            return cls("count", given["count_of"], given["prefix"], is_other=given.get("is_other", False))
        return cls("mine", given["mine"], fallback=given["fallback"])


@dataclass(frozen=True, slots=True)
class Relation:
    """What one list says elsewhere.

    Attributes:
        list: its path, with one placeholder: whose list it is.
        made_with: for properties of a new item, the record that they refer to: `me`, the record in the path as
            `{feedElementId}`, or the one that the request names, `userId`; the context user where it names none.
        is_repeated: whether the same may be made twice; otherwise the second request gets the first one's item.
        mine_by: the property of an item that names whose it is.
        switch: the property by which a PATCH of the list adds or removes the context user's own item.
        arranged_by: parameters that put items in another order, and choose none.
        is_of_any: whether records of all types have the list, not only those that the placeholder names.
        shown: what properties of the record show that has the list.
        sets: values that a new item has where the request says nothing else.
        on_page: what properties of the list's own pages show.
        also_at: other paths that show a part of that record: which part.
        elsewhere: further lists that have a new item, each with the record that it shows there, None for the item.
        read_at: the path that reads a new item, where its type does not say which one does.
        made_of: the property of a request whose items become new items, one each.
        response: what the response to that shows: `items`, the property with all new items, and `count`.
        wraps: the property of a new item that says what it holds.
        wrapped: for its values, the property that holds the new record, and the list that has that record too.
    """

    list: str
    made_with: Mapping[str, str] = field(default_factory=dict[str, str])
    is_repeated: bool = False
    mine_by: str | None = None
    switch: str | None = None
    arranged_by: frozenset[str] = frozenset()
    is_of_any: bool = False
    shown: Mapping[Property, Shown] = field(default_factory=dict[Property, Shown])
    sets: Mapping[str, str] = field(default_factory=dict[str, str])
    on_page: Mapping[str, Shown] = field(default_factory=dict[str, Shown])
    also_at: Mapping[str, Property] = field(default_factory=dict[str, Property])
    elsewhere: tuple[tuple[str, str | None], ...] = ()
    read_at: str | None = None
    made_of: str | None = None
    response: Mapping[str, str] = field(default_factory=dict[str, str])
    wraps: str | None = None
    wrapped: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])

    @property
    def parameter(self) -> str:
        """The placeholder of the path."""
        return self.list.partition("{")[2].partition("}")[0]

    def path(self, owner: str) -> str:
        """The path of a record's list."""
        return _PLACEHOLDER.sub(owner, self.list)

    def links(self, values: Mapping[str, str], sent: Mapping[str, object], me: str) -> dict[str, str]:
        """The records that a new item refers to, by property."""
        found: dict[str, str] = {}
        for name, source in self.made_with.items():
            placeholder = _PLACEHOLDER.fullmatch(source)
            given = values.get(placeholder[1]) if placeholder else _ME if source == _ME else sent.get(source)
            found[name] = me if given in (None, "", _ME) else full(str(given))
        return {name: one for name, one in found.items() if is_id(one)}  # `root` is no record


class Relations:
    """The whole table.

    Args:
        relations: its entries.
    """

    def __init__(self, relations: Iterable[Relation]) -> None:
        self.all = tuple(relations)
        self._by_list = {one.list: one for one in self.all}
        self._shown: dict[tuple[str | None, Property], tuple[Relation, Shown]] = {
            (None if one.is_of_any else prefix_for(one.parameter), path): (one, shown)
            for one in self.all
            for path, shown in one.shown.items()
        }
        self._parts = {path: part for one in self.all for path, part in one.also_at.items()}
        for one in self.all:
            if one.on_page:
                self._parts[one.list] = (one.list,)
                for name, shown in one.on_page.items():
                    self._shown[prefix_for(one.parameter), (one.list, name)] = one, shown

    def of_list(self, path: str) -> Relation | None:
        """What the list at a path of the catalogue says elsewhere."""
        return self._by_list.get(path)

    def find(self, owner: str, path: Property) -> tuple[Relation, Shown] | None:
        """What a property of a record shows, and of which list."""
        return self._shown.get((owner[:3], path)) or self._shown.get((None, path))

    def part_at(self, path: str) -> Property | None:
        """The part of a record that a path of the catalogue shows; the page of a list is one, by the list's path."""
        return self._parts.get(path)


@cache
def read_relations(table: Path = _TABLE) -> Relations:
    """The table that comes with the mock."""
    entries: list[dict[str, Any]] = yaml.safe_load(table.read_text(encoding="utf-8"))["relations"]
    return Relations(_read(dict(one)) for one in entries)


def _read(entry: dict[str, Any]) -> Relation:
    wraps: dict[str, Any] = dict(entry.pop("wraps", {}))
    return Relation(
        arranged_by=frozenset(entry.pop("arranged_by", ())),
        shown={_property(path): Shown.read(one) for path, one in entry.pop("shown", {}).items()},
        on_page={name: Shown.read(one) for name, one in entry.pop("on_page", {}).items()},
        also_at={path: _property(part) for path, part in entry.pop("also_at", {}).items()},
        elsewhere=tuple((one["list"], one.get("record")) for one in entry.pop("elsewhere", ())),
        wraps=wraps.pop("by", None),
        wrapped={value: (one["in"], one["made_at"]) for value, one in wraps.items()},
        **entry,
    )


def _property(path: str) -> Property:
    return tuple(path.split("."))


def filled(path: str, values: Mapping[str, str]) -> str:
    """A path of the table with values for its placeholders."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], path)
