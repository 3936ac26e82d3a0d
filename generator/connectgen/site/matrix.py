"""The matrix: families by versions, and the resources of a family by versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connectgen.site.context import Context
from connectgen.site.history import Interval, merged


@dataclass(frozen=True, slots=True)
class Cell:
    """How many operations a family has in a version, and whether it has more than before."""

    version: int
    count: int
    added: int


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family over all versions."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """A resource over all versions, with its operations."""

    path: str
    intervals: tuple[Interval, ...]
    operations: tuple[tuple[str, str], ...]
    """The method and the name of each."""


@dataclass(frozen=True, slots=True)
class GroupLines:
    """The resources of a group."""

    name: str
    resources: tuple[ResourceLine, ...]


def family_lines(context: Context) -> Iterator[FamilyLine]:
    """How many operations every family has in each version."""
    for family in context.families:
        cells: list[Cell] = []
        before: set[str] = set()
        for surface in context.history.surfaces:
            names = {
                f"{group.name}.{one.name}" for group in surface.groups if group.family == family
                for one in group.operations
            }  # fmt: skip
            is_first = surface.version == context.history.first
            cells.append(Cell(surface.version, len(names), 0 if is_first else len(names - before)))
            before = names
        yield FamilyLine(family, tuple(cells))


def resource_lines(context: Context, family: str) -> Iterator[GroupLines]:
    """The resources of a family: paths, each with its operations, by group."""
    for group, names in context.families[family].items():
        found: dict[str, list[str]] = {}
        for name in names:
            found.setdefault(context.history.operations[name].newest.path, []).append(name)
        lines: list[ResourceLine] = []
        for path, several in found.items():
            timelines = [context.history.operations[name] for name in several]
            intervals = merged(interval for timeline in timelines for interval in timeline.intervals)
            operations = tuple((context.history.operations[name].newest.method, name) for name in several)
            lines.append(ResourceLine(path, intervals, operations))
        yield GroupLines(group, tuple(lines))
