"""Writes the index that is searched: every operation and type, as JSON, one a line, in the catalogue's order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from connectgen.catalogue.model import FOREVER
from connectgen.find.search import FORMAT
from connectgen.iterators import waiters_of
from connectgen.mentions import Mentions
from connectgen.naming import is_reserved_argument, snake_case
from connectgen.resolver import types_named_by
from connectgen.surface import Surface, SurfaceOperation, SurfaceType, only_value

_compact = json.JSONEncoder(separators=(",", ":")).encode
Fact = TypeVar("Fact", SurfaceOperation, SurfaceType)
Iterators = Mapping[tuple[str, str], Mapping[str, str]]
_MOST = 6
"""With how many operations a type is known at most: a type that many have is no way to find one of them."""


class IndexMaker:
    """Makes indexes of versions; what several versions have in common is written once.

    Args:
        iterators: for each family and group its methods that iterate over all pages, by the operation.
        mentions: writes the names in summaries as Python has them.
    """

    def __init__(self, iterators: Iterators, mentions: Mentions) -> None:
        self._iterators = iterators
        self._mentions = mentions
        self._lines: dict[int, tuple[object, str]] = {}
        self._named: dict[int, tuple[object, tuple[str, ...]]] = {}

    def text(self, surfaces: Iterable[Surface]) -> str:
        """The index of some versions; what several of them have is described as the newest has it."""
        operations: dict[str, str] = {}
        types: dict[str, str] = {}
        for surface in sorted(surfaces, key=lambda one: -one.version):
            for operation in _operations(surface):
                operations.setdefault(_name(operation), self._line(operation, self._operation))
            if not surface.types.keys() <= types.keys():
                numbers = {name: number for number, name in enumerate(operations)}
                nearest = self._nearest(surface, numbers)
                for name, resolved in surface.types.items():
                    if nearest.get(name) and name not in types:
                        told = _compact(nearest[name][:_MOST])
                        types[name] = f"[{_compact(name)},{told},{self._line(resolved, _type)}]"
        lists = {"operations": operations, "types": types}
        blocks = [f'"{name}": [\n' + ",\n".join(lines.values()) + "\n]" for name, lines in lists.items()]
        return f'{{"format": {FORMAT},\n' + ",\n".join(blocks) + "}\n"

    def _line(self, fact: Fact, write: Callable[[Fact], str]) -> str:
        """What is written of a fact, which is kept so that no other gets its id."""
        if id(fact) not in self._lines:
            self._lines[id(fact)] = (fact, write(fact))
        return self._lines[id(fact)][1]

    def _operation(self, operation: SurfaceOperation) -> str:
        summary = self._mentions.in_python(operation.summary)
        return _compact(_entry(operation, summary, self._iterators))

    def _names_in(self, fact: SurfaceOperation | SurfaceType) -> tuple[str, ...]:
        if id(fact) not in self._named:
            self._named[id(fact)] = (fact, tuple(dict.fromkeys(types_named_by(fact))))
        return self._named[id(fact)][1]

    def _nearest(self, surface: Surface, numbers: Mapping[str, int]) -> Mapping[str, list[int]]:
        """For each type the operations that name it, or else those that name a type that leads to it."""
        found: dict[str, list[int]] = {}
        for operation in _operations(surface):
            for name in self._names_in(operation):
                found.setdefault(name, []).append(numbers[_name(operation)])
        reached = [name for name in surface.types if name in found]
        while reached:
            following: dict[str, list[int]] = {}
            for name in reached:
                for other in self._names_in(surface.types[name]):
                    if other not in found:
                        following.setdefault(other, found[name])
            found.update(following)
            reached = list(following)
        return found


def _operations(surface: Surface) -> Iterator[SurfaceOperation]:
    return (operation for group in surface.groups for operation in group.operations)


def _name(operation: SurfaceOperation) -> str:
    return f"{operation.family}.{operation.group}.{operation.name}"


def _entry(operation: SurfaceOperation, summary: str, iterators: Iterators) -> list[object]:
    body = operation.body
    required = [_argument(one.name) for one in operation.path_parameters]
    required += ["body"] if body and body.required is True else []
    # A body that replaces the form says what the other parameters say.
    has_form = body is not None and any(one.place == "form" for one in operation.parameters)
    named = [
        _argument(one.name)
        for one in operation.parameters
        if one.required is True and not has_form and only_value(one) is None
    ]
    named += [_argument(part.name) for part in operation.parts if part.required]
    others = len(operation.parameters) + len(operation.parts) + (body is not None)
    until = operation.span.until
    return [
        _name(operation),
        operation.method,
        operation.path,
        summary,
        operation.site,
        operation.span.since,
        None if until >= FOREVER else until,
        iterators.get((operation.family, operation.group), {}).get(operation.name, ""),
        waiters_of(operation),
        [*required, *named],
        others > len(named) + ("body" in required),
        [*(one.name for one in operation.parameters), *(part.name for part in operation.parts)],
        list(dict.fromkeys(types_named_by(operation))),
    ]


def _argument(name: str) -> str:
    spelled = snake_case(name)
    return f"{spelled}_" if is_reserved_argument(spelled) else spelled


def _type(resolved: SurfaceType) -> str:
    properties = list(dict.fromkeys(item.name for item in resolved.properties))
    values = list(dict.fromkeys(value for item in resolved.properties for value in item.values))
    return f"{_compact(properties)},{_compact(values)}"
