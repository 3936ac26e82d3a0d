"""Rules about lists of known values that are, or nearly are, the same: who changes one should know of the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from connectgen.catalogue.faults import Fault, quoted
from connectgen.catalogue.model import Catalogue, Location
from connectgen.graph import reachable
from connectgen.lint.rules import Rule
from connectgen.lint.walk import values

_FEW = 2
"""How many more values a list may have that is nearly another one."""
_MOST_OF = 2 / 3
"""The part of such a list that the other one must be."""
_SMALLEST = 3
"""How many values the shorter list has at least: two that fit into three are chance."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]*[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class _List:
    """An enumeration, or the list of a property or parameter itself.

    Attributes:
        name: what a note calls it: `FeedSort`, `Poll.sort`, or the group whose operations have the parameter.
        note: the enumeration's own.
    """

    name: str
    shown: str
    location: Location
    values: frozenset[str]
    is_enumeration: bool = False
    note: str = ""


def _lists(catalogue: Catalogue) -> list[_List]:
    """All lists of two values or more: a single one is the mark of a variant."""
    found = [
        _List(one.name, one.name, one.location, frozenset(value.value for value in one.values), True, one.note or "")
        for one in catalogue.enumerations.values()
    ]
    seen: set[Location] = set()
    for shown, value in values(catalogue):
        known = frozenset(one.value for one in value.values)
        if value.enumeration is None and len(known) > 1 and value.location not in seen:
            seen.add(value.location)  # a parameter that a file shares is one list
            name = ".".join(shown.split(".")[:2]) if shown.endswith(")") else shown
            found.append(_List(name, shown, value.location, known))
    return [one for one in found if len(one.values) > 1]


def _named_together(lists: list[_List]) -> dict[str, frozenset[str]]:
    """For each list the names to which notes lead from it, in whichever direction."""
    beside: dict[str, set[str]] = {one.name: set() for one in lists}
    for one in lists:
        for name in _NAME.findall(one.note):
            if name in beside:
                beside[one.name].add(name)
                beside[name].add(one.name)
    return {name: frozenset(reachable([name], beside.__getitem__)) for name in beside}


def _pairs(catalogue: Catalogue) -> Iterator[tuple[_List, _List]]:
    """Lists of which no note says how they differ, of which the first has all values of the second."""
    lists = _lists(catalogue)
    named_together = _named_together(lists)
    for one, other in combinations(lists, 2):
        if one.values >= other.values or one.values < other.values:
            longer, shorter = (one, other) if len(one.values) > len(other.values) else (other, one)
            if shorter.name not in named_together[longer.name] or longer.name == shorter.name:
                yield longer, shorter


def _equal(catalogue: Catalogue) -> Iterator[Fault]:
    for one, other in _pairs(catalogue):
        if one.values == other.values:
            named = next((each.name for each in (one, other) if each.is_enumeration), None)
            remedy = f"write values: {named}" if named else "make them one enumeration"
            remedy += ", or say in the note of an enumeration how the other differs, by its name"
            yield Fault(one.location, f"{one.shown} has the values of {other.shown} ({other.location})", remedy)


def _nearly_equal(catalogue: Catalogue) -> Iterator[Fault]:
    for longer, shorter in _pairs(catalogue):
        more = longer.values - shorter.values
        is_near = len(shorter.values) >= max(_SMALLEST, _MOST_OF * len(longer.values))
        if 0 < len(more) <= _FEW and is_near:
            added = " and ".join(quoted(value) for value in sorted(more))
            message = f"{longer.shown} has the values of {shorter.shown} ({shorter.location}) and {added}"
            remedy = "complete the other, or say in the note of an enumeration how it differs, by its name"
            yield Fault(longer.location, message, remedy)


RULES = (
    Rule(
        "equal-values",
        "The same list of two values or more is one enumeration, or a note names the list that only looks alike.",
        _equal,
    ),
    Rule(
        "nearly-equal-values",
        "Where a list has one or two values more than another, a note names the other: who adds a value looks at both.",
        _nearly_equal,
    ),
)
