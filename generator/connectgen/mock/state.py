"""What was created, changed and deleted, for the rest of a run: kept only when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectgen.catalogue.types import Named
from connectgen.mock.chance import Chance
from connectgen.mock.identifiers import full, is_id, prefix_for, record_id
from connectgen.mock.routing import Match
from connectgen.mock.shapes import Shapes
from connectgen.mock.versions import Versions
from connectgen.surface import SurfaceOperation

Said = dict[str, object]


@dataclass(slots=True)
class Entry:
    """A record that was created or changed.

    Attributes:
        said: what requests said about it; the rest of an answer is made up.
        type_name: the class that it was created as, None where it was only changed.
        collection: the address at which it was created, without version and site.
    """

    said: Said = field(default_factory=dict[str, object])
    type_name: str | None = None
    collection: str | None = None


class State:
    """The records of one run.

    Args:
        versions: the Surfaces, to tell which operations belong to one resource.
        chance: where ids come from.
    """

    def __init__(self, versions: Versions, chance: Chance) -> None:
        self._versions = versions
        self._chance = chance
        self._entries: dict[str, Entry] = {}
        self._gone: set[str] = set()
        self._by_key: dict[tuple[str, str], str] = {}
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
            key: {"type": entry.type_name, "collection": entry.collection, "said": entry.said}
            for key, entry in self._entries.items()
        }
        return {"kept": created, "deleted": sorted(self._gone)}

    def is_gone(self, match: Match) -> bool:
        """Whether any record of an address was deleted."""
        return any(full(value) in self._gone for value in match.values.values())

    def entry(self, match: Match) -> Entry | None:
        """What is kept of the resource at an address."""
        return self._entries.get(resource_key(match))

    def of_id(self, identifier: str) -> Entry | None:
        """What is kept of a record."""
        return self._entries.get(identifier)

    def create(self, match: Match, version: int, type_name: str, said: Mapping[str, object], key: str) -> str | None:
        """Keep a new record, where the catalogue has operations that read such a record.

        Args:
            match: the operation that creates.
            version: the API version.
            type_name: the class of the answer.
            said: what the request said.
            key: its idempotency key: a repeated one gives the same record again; empty without one.

        Returns:
            Its id, None where nothing would read it.
        """
        operation = match.operation
        if operation.method != "POST" or not self._is_read(operation, version, type_name):
            return None
        repeated = (operation.path, key)
        if key and repeated in self._by_key:
            return self._by_key[repeated]
        self._count += 1
        identifier = record_id(prefix_for(type_name), self._chance.number("created", str(self._count)))
        self._entries[identifier] = Entry(dict(said), type_name, concrete_path(match))
        if key:
            self._by_key[repeated] = identifier
        return identifier

    def change(self, match: Match, said: Mapping[str, object]) -> None:
        """Keep what a request changed."""
        entry = self._entries.setdefault(resource_key(match), Entry())
        _merge(entry.said, said)

    def delete(self, match: Match) -> None:
        """Forget a resource; a record stays away from then on."""
        key = resource_key(match)
        self._entries.pop(key, None)
        if is_id(key):
            self._gone.add(key)

    def created_at(self, match: Match) -> list[str]:
        """The ids of what was created at an address, the newest first."""
        here = concrete_path(match)
        return [key for key, entry in reversed(self._entries.items()) if entry.collection == here]

    def without_gone(self, identifiers: list[str]) -> list[str]:
        """Those records that were not deleted."""
        return [one for one in identifiers if one not in self._gone]

    def _is_read(self, operation: SurfaceOperation, version: int, type_name: str) -> bool:
        """Whether a resource reads what an operation creates: an address one step below, or one that gives the type."""
        shapes = self._versions.shapes(version)
        if "id" not in shapes.properties(type_name):
            return False
        for other in self._versions.operations(version):
            if other.method != "GET" or not other.path.endswith("}") or other.returns is None:
                continue
            if other.path.rpartition("/")[0] == operation.path:
                return True
            if isinstance(other.returns, Named) and type_name in _members(shapes, other.returns.name):
                return True
        return False


def _members(shapes: Shapes, name: str) -> set[str]:
    found = shapes.types[name].discriminator
    return {name, *(found.values.values() if found else ())}


def resource_key(match: Match) -> str:
    """What tells a resource from others: the id at the end of its address, or else the address."""
    values = list(match.values.values())
    if match.operation.path.endswith("}") and values and is_id(values[-1]):
        return full(values[-1])
    return concrete_path(match)


def concrete_path(match: Match) -> str:
    """The address with its values, without version and site; ids have 18 characters."""
    path = match.operation.path
    for name, value in match.values.items():
        path = path.replace("{" + name + "}", full(value))
    return path


def _merge(kept: Said, said: Mapping[str, object]) -> None:
    for name, value in said.items():
        before = kept.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            _merge(before, value)  # pyright: ignore[reportUnknownArgumentType]
        else:
            kept[name] = value
