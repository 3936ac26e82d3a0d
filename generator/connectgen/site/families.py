"""Pages above the operations: the home page, families, statuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connectgen.site.context import Context
from connectgen.site.history import Interval
from connectgen.texts import sentence

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 960, 240, 44, 8, 24


@dataclass(frozen=True, slots=True)
class Listed:
    """An operation in a list."""

    full: str
    name: str
    method: str
    summary: str
    intervals: tuple[Interval, ...]
    ended: bool


@dataclass(frozen=True, slots=True)
class GroupPart:
    """A group in its family's page."""

    name: str
    summary: str
    operations: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """Everything that the page of a family shows."""

    name: str
    summary: str
    count: int
    groups: tuple[GroupPart, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the chart: a version, and how many operations it has."""

    version: int
    name: str
    count: int
    added: int
    x: float
    y: float
    height: float
    new_height: float
    label: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the chart's scale."""

    count: int
    y: float


@dataclass(frozen=True, slots=True)
class Chart:
    """How the API grew."""

    width: int
    height: int
    left: int
    bar: float
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    """Everything that the home page shows."""

    operations: int
    types: int
    enumerations: int
    families: tuple[FamilyPage, ...]
    chart: Chart


def family_view(context: Context, family: str) -> FamilyPage:
    """What the page of a family shows."""
    groups = tuple(
        GroupPart(group, sentence(context.history.groups[family, group]), tuple(_listed(context, names)))
        for group, names in context.families[family].items()
    )
    count = sum(len(group.operations) for group in groups)
    return FamilyPage(family, sentence(context.summary_of_family(family)), count, groups)


def _listed(context: Context, names: list[str]) -> Iterator[Listed]:
    for name in names:
        timeline = context.history.operations[name]
        operation = timeline.newest
        ended = timeline.last < context.history.newest
        yield Listed(name, operation.name, operation.method, sentence(operation.summary), timeline.intervals, ended)


def home_view(context: Context) -> HomePage:
    """What the home page shows."""
    history = context.history
    return HomePage(
        operations=len(history.operations),
        types=len(history.types),
        enumerations=len(history.enumerations),
        families=tuple(family_view(context, family) for family in context.families),
        chart=chart_of(context),
    )


def chart_of(context: Context) -> Chart:
    """The number of operations of every version, and how many of them are new in it."""
    counts: list[tuple[int, str, int, int]] = []
    before: set[str] = set()
    for surface in context.history.surfaces:
        names = {f"{group.family}.{group.name}.{one.name}" for group in surface.groups for one in group.operations}
        added = len(names - before) if before else 0
        counts.append((surface.version, surface.release.name, len(names), added))
        before = names
    most = max([count for _, _, count, _ in counts] or [1])
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000) if most / size <= 6)
    top = step * -(-most // step)
    scale = (_HEIGHT - _TOP - _BOTTOM) / top
    room = (_WIDTH - _LEFT) / len(counts)
    columns = tuple(
        Column(
            version, name, count, added,
            x=round(_LEFT + number * room + 3, 1),
            y=round(_HEIGHT - _BOTTOM - count * scale, 1),
            height=round(count * scale, 1),
            new_height=round(added * scale, 1),
            label=number % 5 == 0 or number == len(counts) - 1,
        )
        for number, (version, name, count, added) in enumerate(counts)
    )  # fmt: skip
    lines = tuple(Line(count, round(_HEIGHT - _BOTTOM - count * scale, 1)) for count in range(0, top + 1, step))
    return Chart(_WIDTH, _HEIGHT, _LEFT, round(room - 6, 1), columns, lines)
