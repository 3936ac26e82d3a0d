"""Writes the index that is searched: every operation and type, as JSON, one a line, in the catalogue's order."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from connectgen.catalogue.model import FOREVER
from connectgen.find.search import FORMAT
from connectgen.naming import is_reserved_argument, snake_case
from connectgen.resolver import types_named_by
from connectgen.surface import Surface, SurfaceOperation, SurfaceType

Iterators = Mapping[tuple[str, str], Mapping[str, str]]
_MOST = 6
"""With how many operations a type is known at most: a type that many have is no way to find one of them."""


def index_text(surfaces: Sequence[Surface], iterators: Iterators) -> str:
    """The index of some versions; what several of them have is told as the newest has it.

    Args:
        surfaces: the versions.
        iterators: for each family and group its methods that go through pages, by the operation.
    """
    operations: dict[str, list[object]] = {}
    types: dict[str, list[object]] = {}
    for surface in sorted(surfaces, key=lambda one: -one.version):
        for operation in _operations(surface):
            operations.setdefault(_name(operation), _entry(operation, iterators))
        if not surface.types.keys() <= types.keys():
            numbers = {name: number for number, name in enumerate(operations)}
            for entry in _types(surface, numbers):
                types.setdefault(str(entry[0]), entry)
    lists = {"operations": operations.values(), "types": types.values()}
    text = ",\n".join(f'"{name}": [\n{_lines(entries)}\n]' for name, entries in lists.items())
    return f'{{"format": {FORMAT},\n{text}}}\n'


def _lines(entries: Iterable[object]) -> str:
    return ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in entries)


def _operations(surface: Surface) -> Iterator[SurfaceOperation]:
    return (operation for group in surface.groups for operation in group.operations)


def _name(operation: SurfaceOperation) -> str:
    return f"{operation.family}.{operation.group}.{operation.name}"


def _entry(operation: SurfaceOperation, iterators: Iterators) -> list[object]:
    body = operation.body
    required = [_argument(one.name) for one in operation.path_parameters]
    required += ["body"] if body and body.required is True else []
    # A body that replaces the form says what the other parameters say.
    has_form = body is not None and any(one.place == "form" for one in operation.parameters)
    named = [_argument(one.name) for one in operation.parameters if one.required is True and not has_form]
    named += [_argument(part.name) for part in operation.parts if part.required]
    others = len(operation.parameters) + len(operation.parts) + (body is not None)
    until = operation.span.until
    return [
        _name(operation),
        operation.method,
        operation.path,
        operation.summary,
        operation.site,
        operation.span.since,
        None if until >= FOREVER else until,
        iterators.get((operation.family, operation.group), {}).get(operation.name, ""),
        [*required, *named],
        others > len(named) + ("body" in required),
        [one.name for one in (*operation.parameters, *operation.parts)],
        list(dict.fromkeys(types_named_by(operation))),
    ]


def _argument(name: str) -> str:
    spelled = snake_case(name)
    return f"{spelled}_" if is_reserved_argument(spelled) else spelled


def _types(surface: Surface, numbers: Mapping[str, int]) -> Iterator[list[object]]:
    nearest = _nearest(surface, numbers)
    for name, resolved in surface.types.items():
        properties = list(dict.fromkeys(item.name for item in resolved.properties))
        values = list(dict.fromkeys(value for item in resolved.properties for value in item.values))
        if nearest[name]:
            yield [name, nearest[name][:_MOST], properties, values]


def _nearest(surface: Surface, numbers: Mapping[str, int]) -> Mapping[str, list[int]]:
    """For each type the operations that name it, or else those that name a type that leads to it."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for operation in _operations(surface):
        for name in dict.fromkeys(types_named_by(operation)):
            found[name].append(numbers[_name(operation)])
    reached = [name for name in surface.types if found[name]]
    while reached:
        following: dict[str, list[int]] = {}
        for name in reached:
            for other in types_named_by(_type(surface, name)):
                if not found[other]:
                    following.setdefault(other, found[name])
        for name, operations in following.items():
            found[name] = operations
        reached = list(following)
    return found


def _type(surface: Surface, name: str) -> SurfaceType:
    return surface.types[name]
