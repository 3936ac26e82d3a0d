"""Gives an entry that a catalogue and its overlay both have one range and one filter group, in the files of both.

Facts inherit these from their owner, so they are settled in what the files say, before objects are built of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import Group, Location, TypeDefinition
from connectgen.catalogue.short_form import NO_VALUE
from connectgen.catalogue.yaml_reader import LineDict

Key = tuple[Hashable, ...]


@dataclass(slots=True)
class Source:
    """A file of which some entry is in another file too: its value, which changes, and what is found wrong.

    Attributes:
        name: how messages call it.
        folder: how messages name the overlay that it is of; empty for the catalogue's own.
        value: what the file says, in its short form.
        faults: gets what cannot be settled.
    """

    name: str
    folder: str
    value: LineDict
    faults: list[Fault] = field(default_factory=list[Fault])


@dataclass(frozen=True, slots=True)
class _Entry:
    source: Source
    name: str
    said: LineDict
    line: int

    @property
    def defaults(self) -> LineDict:
        return cast("LineDict", self.source.value.get("defaults") or LineDict(1))

    def stated(self, key: str) -> Any:
        """What the entry itself says; None where it says nothing, or takes a default back."""
        value = self.said.get(key)
        return None if value == NO_VALUE else value

    def effective(self, key: str) -> Any:
        """What the entry says, or else its file for all entries."""
        return self.stated(key) if key in self.said else self.defaults.get(key)

    def put(self, key: str, value: Any) -> None:
        """Let the entry say something itself; None is what no entry says, and takes a default of the file back."""
        if value is not None:
            self.said[key] = value
            self.said.lines.setdefault(key, self.line)
        elif key in self.defaults:
            self.said[key] = NO_VALUE
        else:
            self.said.pop(key, None)


def keys_of(group: Group | None, types: Iterable[TypeDefinition]) -> Iterator[Key]:
    """What the entries of one file are known by in others: a path with its group, or a type's name."""
    if group is not None:
        yield from (("path", group.family, group.name, resource.path) for resource in group.resources)
    yield from (("type", definition.name) for definition in types)


def settle(sources: Sequence[Source]) -> None:
    """Let every entry of several files have the same range, and a type the same filter group, in each of them.

    The last file that states one decides. The defaults of an overlay's file hold for what the overlay adds: what the
    catalogue has did not begin with them.

    Args:
        sources: the catalogue's files first; their values change.
    """
    both: dict[Key, list[_Entry]] = defaultdict(list)
    for source in sources:
        for key, entry in _entries(source):
            both[key].append(entry)
    for key, entries in both.items():
        if len(entries) > 1 and entries[-1].source.folder:
            _settle_range(entries)
            if key[0] == "type":
                _settle_group(entries)


def _entries(source: Source) -> Iterator[tuple[Key, _Entry]]:
    types = cast("LineDict", source.value.get("types") or LineDict(1))
    for name, said in types.items():
        yield ("type", name), _Entry(source, name, said, types.line_of(name))
    for said in source.value.get("resources") or ():
        yield ("path", source.name, said["path"]), _Entry(source, said["path"], said, said.line)


def _settle_range(entries: Sequence[_Entry]) -> None:
    first, *over = entries
    own = (first.effective("since"), first.stated("until"))
    since, until = own
    for entry in over:
        since = since if entry.stated("since") is None else entry.stated("since")
        until = until if entry.stated("until") is None else entry.stated("until")
    if (since, until) != own and since is not None and until is not None and since > until:
        _refuse(over[-1], since, until)
        since, until = own  # so that nothing else is found wrong because of it
    for entry in entries:
        entry.put("since", since)
        entry.put("until", until)


def _refuse(entry: _Entry, since: float, until: float) -> None:
    key = "until" if "until" in entry.said else "since"
    location = Location(entry.source.name, entry.said.line_of(key), entry.source.folder)
    message = f"{entry.name}: with what the catalogue says, since {since} is after until {until}"
    entry.source.faults.append(Fault(location, message, "state both here, or correct one"))


def _settle_group(entries: Sequence[_Entry]) -> None:
    first, *over = entries
    group = first.stated("group") if "group" in first.said else _group_of_file(first)
    for entry in over:
        group = group if entry.stated("group") is None else entry.stated("group")
    if group is None:
        return
    for entry in entries:
        has_own = "group" in entry.said or _group_of_file(entry) is not None
        if entry is first or not has_own:  # what an overlay's file says is that of the properties that it lists
            entry.put("group", group)


def _group_of_file(entry: _Entry) -> str | None:
    """The filter group that a file gives its responses."""
    return None if entry.name.endswith("Input") else entry.defaults.get("group")
