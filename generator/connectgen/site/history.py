"""The catalogue over all of its versions: what each operation and type was, and from which version to which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from connectgen.catalogue.model import Catalogue, Enumeration, Release
from connectgen.diff.homes import family_of
from connectgen.resolver import surface_at, types_named_by
from connectgen.surface import Surface, SurfaceOperation, SurfaceType

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Interval = tuple[int, int]
"""The first and the last version of something, as whole numbers."""


@dataclass(frozen=True, slots=True)
class Stretch(Generic[T_co]):
    """What something was from one version to another, both included."""

    since: int
    until: int
    fact: T_co


class Timeline(Generic[T]):
    """The stretches of one thing, oldest first."""

    __slots__ = ("stretches",)

    def __init__(self) -> None:
        self.stretches: list[Stretch[T]] = []

    def add(self, version: int, fact: T) -> None:
        """Note what it is at a version; versions come in order."""
        last = self.stretches[-1] if self.stretches else None
        if last is not None and last.fact is fact and last.until == version - 1:
            self.stretches[-1] = Stretch(last.since, version, fact)
        else:
            self.stretches.append(Stretch(version, version, fact))

    @property
    def newest(self) -> T:
        """What it is at the last version that has it."""
        return self.stretches[-1].fact

    @property
    def last(self) -> int:
        """The last version that has it."""
        return self.stretches[-1].until

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """The versions that have it."""
        return merged((one.since, one.until) for one in self.stretches)


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Intervals in order, those that touch joined."""
    found: list[Interval] = []
    for since, until in sorted(intervals):
        if found and since <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return tuple(found)


@dataclass(frozen=True)
class History:
    """Everything that pages are made of.

    Attributes:
        catalogue: the catalogue, for what surfaces do not have: enumerations.
        surfaces: every version, oldest first.
        operations: each operation by `family.group.name`, in the order of the newest version that has it.
        types: each type by its name.
        used_by: for each type the operations and types that name it.
    """

    catalogue: Catalogue
    surfaces: Sequence[Surface]
    operations: Mapping[str, Timeline[SurfaceOperation]]
    types: Mapping[str, Timeline[SurfaceType]]
    used_by: Mapping[str, Sequence[str]]
    groups: Mapping[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    """The summary of each group."""

    @property
    def releases(self) -> tuple[Release, ...]:
        """All releases, oldest first."""
        return tuple(surface.release for surface in self.surfaces)

    @property
    def first(self) -> int:
        """The oldest version."""
        return self.surfaces[0].version

    @property
    def newest(self) -> int:
        """The newest version."""
        return self.surfaces[-1].version

    @property
    def enumerations(self) -> Mapping[str, Enumeration]:
        """The named lists of values."""
        return self.catalogue.enumerations

    @property
    def families(self) -> frozenset[str]:
        """The names of all families."""
        return frozenset(family for family, _ in self.groups)

    def family_of(self, file: str) -> str:
        """The family that a file of the catalogue is about, empty where there is none."""
        return family_of(file, self.families)


def history_of(catalogue: Catalogue) -> History:
    """The history of a validated catalogue."""
    surfaces = [surface_at(catalogue, version) for version in catalogue.versions]
    operations: dict[str, Timeline[SurfaceOperation]] = {}
    types: dict[str, Timeline[SurfaceType]] = {}
    groups: dict[tuple[str, str], str] = {}
    for surface in surfaces:
        for group in surface.groups:
            groups[group.family, group.name] = group.summary
            for operation in group.operations:
                operations.setdefault(name_of(operation), Timeline()).add(surface.version, operation)
        for name, resolved in surface.types.items():
            types.setdefault(name, Timeline()).add(surface.version, resolved)
    ordered = [
        f"{group.family}.{group.name}.{operation.name}"
        for group in catalogue.groups
        for resource in group.resources
        for operation in resource.operations
    ]
    return History(
        catalogue=catalogue,
        surfaces=surfaces,
        operations={name: operations[name] for name in dict.fromkeys(ordered) if name in operations},
        types={name: types[name] for name in sorted(types)},
        used_by=_users(operations, types),
        groups=groups,
    )


def name_of(operation: SurfaceOperation) -> str:
    """`family.group.operation`."""
    return f"{operation.family}.{operation.group}.{operation.name}"


def _users(
    operations: Mapping[str, Timeline[SurfaceOperation]], types: Mapping[str, Timeline[SurfaceType]]
) -> Mapping[str, Sequence[str]]:
    found: dict[str, dict[str, None]] = {}
    for timelines in (operations, types):
        for name, timeline in timelines.items():
            for one in timeline.stretches:
                for named in types_named_by(one.fact):
                    if named != name:
                        found.setdefault(named, {})[name] = None
    return {name: list(users) for name, users in found.items()}
