"""What was created, changed and deleted, for the rest of a run: kept only when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from connectgen.catalogue.types import Named
from connectgen.identifiers import full, is_id, prefix_for, record_id
from connectgen.mock.chance import Chance
from connectgen.mock.relations import Relation, filled, read_relations
from connectgen.mock.routing import Match
from connectgen.mock.shapes import Shapes
from connectgen.mock.versions import Versions
from connectgen.surface import SurfaceOperation

Sent = dict[str, object]
Known = tuple[str, str]
"""The property that identifies a record, and its value."""


@dataclass(slots=True)
class Entry:
    """A record that was created or changed.

    Attributes:
        sent: what requests sent for it; the rest of a response is made up.
        known: what distinguishes it from others, None where it was only changed.
        type_name: the class that it was created as, None where it was only changed.
        collection: the path at which it was created, without version and site.
        links: the records that it refers to, by property.
        because: the record with which it goes; empty where it is one of its own.
        elsewhere: further paths whose lists have it.
    """

    sent: Sent = field(default_factory=dict[str, object])
    known: Known | None = None
    type_name: str | None = None
    collection: str | None = None
    links: Mapping[str, str] = field(default_factory=dict[str, str])
    because: str = ""
    elsewhere: tuple[str, ...] = ()


class State:
    """The records of one run.

    Args:
        versions: the Surfaces, to find which operations belong to one resource.
        chance: where ids come from.
    """

    def __init__(self, versions: Versions, chance: Chance) -> None:
        self._versions = versions
        self._chance = chance
        self._relations = read_relations()
        self.me = record_id("005", chance.number("context user"))
        self._entries: dict[str, Entry] = {}
        self._gone: set[str] = set()
        self._by_key: dict[tuple[str, str], Entry] = {}
        self._count = 0

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._gone.clear()
        self._by_key.clear()
        self._count = 0

    def listing(self) -> dict[str, Any]:
        """What is kept, for a person to look at."""
        created = {
            key: {"type": entry.type_name, "collection": entry.collection, "sent": entry.sent}
            for key, entry in self._entries.items()
            if not entry.because
        }
        return {"kept": created, "deleted": sorted(self._gone)}

    def settled(self, match: Match) -> Match:
        """An operation with the context user's id in place of `me`: one user has one set of lists."""
        if "me" not in match.values.values():
            return match
        values = {
            name: self.me if value == "me" and prefix_for(name) == "005" else value
            for name, value in match.values.items()
        }
        return replace(match, values=values)

    def is_gone(self, match: Match) -> bool:
        """Whether the resource at a path, or a record that the path names, was deleted."""
        if not self._gone:
            return False
        return resource_key(match) in self._gone or any(full(value) in self._gone for value in match.values.values())

    def entry(self, match: Match) -> Entry | None:
        """What is kept of the resource at a path."""
        return self._entries.get(resource_key(match))

    def of_id(self, identifier: str) -> Entry | None:
        """What is kept of a record."""
        return self._entries.get(identifier)

    def create(self, match: Match, version: int, type_name: str, sent: Mapping[str, object], key: str) -> Entry | None:
        """Keep a new record, where the catalogue has operations that read such a record.

        Args:
            match: the operation that creates.
            version: the API version.
            type_name: the class of the response.
            sent: what the request sent.
            key: its idempotency key: a repeated one gives the same record again; empty without one.

        Returns:
            What is kept, None where nothing would read it.
        """
        if match.operation.method != "POST":
            return None
        repeated = (match.operation.path, key)
        if key and repeated in self._by_key:
            return self._by_key[repeated]
        entry = self._kept_already(match, sent) or self._new(match, version, type_name, sent)
        if key and entry is not None:
            self._by_key[repeated] = entry
        return entry

    def create_each(self, match: Match, version: int, type_name: str, several: Iterable[object]) -> list[Entry]:
        """Keep several new records of a list, of which each has an id.

        Args:
            match: the operation that creates.
            version: the API version.
            type_name: their class.
            several: what the request sent for each.
        """
        name = self._versions.shapes(version).identifier(type_name)
        made: list[Entry] = []
        for sent in several if name else ():
            value = self._new_id(prefix_for(name or "", type_name))
            own = cast("Sent", sent) if isinstance(sent, dict) else {}
            entry = Entry(dict(own), (name or "", value), type_name, concrete_path(match))
            self._relate(entry, match, value)
            self._entries[value] = entry
            made.append(entry)
        return made

    def _new_id(self, prefix: str) -> str:
        self._count += 1
        return record_id(prefix, self._chance.number("created", str(self._count)))

    def switch(self, match: Match, version: int, type_name: str, sent: Mapping[str, object]) -> None:
        """Add the context user's own item to a list, or remove it, where that is what a request does.

        Args:
            match: the operation.
            version: the API version.
            type_name: the class of the list's items.
            sent: what the request sent.
        """
        relation = self._relations.of_list(match.operation.path)
        if relation is None or relation.switch is None or match.operation.method != "PATCH":
            return
        mine = self._kept_already(match, {})
        if str(sent.get(relation.switch)).lower() == "true":
            if mine is None:
                self._new(match, version, type_name, {})
        elif mine is not None and mine.known is not None:
            self._end(mine.known[1])

    def _kept_already(self, match: Match, sent: Mapping[str, object]) -> Entry | None:
        """The item that an earlier request made, where a list has such an item once only."""
        relation = self._relations.of_list(match.operation.path)
        if relation is None or relation.is_repeated or not relation.made_with:
            return None
        links = relation.links(match.values, sent, self.me)
        return next((one for one in self.created_at(match) if one.links == links), None)

    def _new(self, match: Match, version: int, type_name: str, sent: Mapping[str, object]) -> Entry | None:
        relation = self._relations.of_list(match.operation.path)
        if relation is not None and relation.wraps is not None:
            return self._wrapped(relation, relation.wraps, match, version, type_name, sent)
        read_at = relation and relation.read_at
        read_at = read_at or self._reader(match.operation, version, type_name)
        name = read_at and self._versions.shapes(version).identifier(type_name, read_at.rpartition("{")[2][:-1])
        if not read_at or not name:
            return None
        new_id = self._new_id(prefix_for(type_name))
        value = sent.get(name)
        if not isinstance(value, str) or not value:
            value = new_id if name.lower().endswith("id") else f"Created_{self._count}"
        sent = {**relation.sets, **sent} if relation else sent
        entry = Entry(dict(sent), (name, value), type_name, concrete_path(match))
        self._relate(entry, match, value)
        self._entries[self._key(match, read_at, value)] = entry
        self._gone.discard(self._key(match, read_at, value))
        return entry

    def _wrapped(
        self,
        relation: Relation,
        by: str,
        match: Match,
        version: int,
        type_name: str,
        sent: Mapping[str, object],
    ) -> Entry | None:
        """A new record that comes inside an item, which has nothing of its own."""
        place, made_at = relation.wrapped.get(str(sent.get(by)), ("", ""))
        fact = self._versions.shapes(version).properties(type_name).get(place)
        if fact is None or not isinstance(fact.type, Named):
            return None
        inner = sent.get(place)
        value = self._new_id(prefix_for(fact.type.name))
        own = cast("Sent", inner) if isinstance(inner, dict) else dict(sent)
        entry = Entry(dict(own), ("id", value), fact.type.name, filled(made_at, {"me": self.me}))
        self._relate(entry, match, value)
        entry.elsewhere = (*entry.elsewhere, concrete_path(match))
        self._entries[value] = entry
        return entry

    def _relate(self, entry: Entry, match: Match, identifier: str) -> None:
        """Let a new item refer to what it is about, and be in the other lists that have it."""
        relation = self._relations.of_list(match.operation.path)
        if relation is None:
            return
        entry.links = relation.links(match.values, entry.sent, self.me)
        values = {**match.values, **entry.links}
        entry.elsewhere = tuple(filled(path, values) for path, record in relation.elsewhere if record is None)
        for path, record in relation.elsewhere:
            if record is not None:
                shown, place = full(filled(record, values)), filled(path, values)
                kept = self._entries.get(shown)
                self._entries[f"{place}/{shown}"] = Entry(
                    kept.sent if kept else {}, ("id", shown), None, place, because=identifier
                )

    def change(self, match: Match, sent: Mapping[str, object]) -> None:
        """Keep what a request changed."""
        entry = self._entries.setdefault(resource_key(match), Entry())
        merge(entry.sent, sent)

    def delete(self, match: Match) -> None:
        """Forget a resource; a record stays away from then on."""
        key = resource_key(match)
        if match.operation.path.endswith("}"):
            self._end(key)
        else:
            self._entries.pop(key, None)

    def created_at(self, match: Match) -> list[Entry]:
        """What was created at a path, the newest first."""
        return self.created_in(concrete_path(match))

    def created_in(self, path: str) -> list[Entry]:
        """What the list at a path has of what was created, the newest first."""
        return [
            entry
            for entry in reversed(self._entries.values())
            if (entry.collection == path or path in entry.elsewhere)
            and entry.known
            and not self._gone.intersection((entry.known[1], entry.because))
        ]

    @property
    def has_deleted(self) -> bool:
        """Whether anything was deleted."""
        return bool(self._gone)

    def has_gone(self, identifier: str) -> bool:
        """Whether a record was deleted."""
        return identifier in self._gone

    def _end(self, key: str) -> None:
        self._entries.pop(key, None)
        self._gone.add(key)

    def _key(self, match: Match, read_at: str, value: str) -> str:
        """What `resource_key` gives for the path at which the new record is read."""
        if is_id(value):
            return full(value)
        if read_at.rpartition("/")[0] == match.operation.path:
            return f"{concrete_path(match)}/{value}"
        return f"{read_at.partition('{')[0]}{value}"

    def _reader(self, operation: SurfaceOperation, version: int, type_name: str) -> str | None:
        """The path of the resource that reads what an operation creates: one step below, or one of that type."""
        shapes = self._versions.shapes(version)
        found: str | None = None
        for other in self._versions.operations(version):
            if other.method != "GET" or not other.path.endswith("}") or other.returns is None:
                continue
            if other.path.rpartition("/")[0] == operation.path:
                return other.path
            if other.path.count("{") == 1 and is_of(shapes, type_name, other.returns) and other.path != operation.path:
                found = found or other.path
        return found


def is_of(shapes: Shapes, type_name: str | None, expression: object) -> bool:
    """Whether a class is what an expression names, or of that family."""
    if not isinstance(expression, Named) or type_name is None:
        return False
    found = shapes.types[expression.name].discriminator
    return type_name == expression.name or (found is not None and type_name in found.values.values())


def resource_key(match: Match) -> str:
    """What identifies a resource: the id at the end of its path, or else the path."""
    values = list(match.values.values())
    if match.operation.path.endswith("}") and values and is_id(values[-1]):
        return full(values[-1])
    return concrete_path(match)


def concrete_path(match: Match) -> str:
    """The path with its values, without version and site; ids have 18 characters."""
    path = match.operation.path
    for name, value in match.values.items():
        path = path.replace("{" + name + "}", full(value))
    return path


def merge(kept: Sent, sent: Mapping[str, object]) -> None:
    """Add what was sent to what is kept, property by property, also inside of objects."""
    for name, value in sent.items():
        before = kept.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            merge(cast("Sent", before), cast("Sent", value))
        else:
            kept[name] = value
