"""Which operations reach a type, and whether by what they take or by what they give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connectgen.catalogue.types import names_in
from connectgen.diff.change import Reach
from connectgen.resolver import types_named_by
from connectgen.surface import Surface, SurfaceOperation


class Reached:
    """The operations of a surface by the types that they reach. Types that refer to each other in a circle are fine.

    Args:
        surface: whose operations and types they are.
        follow: False where nobody will ask which operations reach a type; then none does.
    """

    def __init__(self, surface: Surface, *, follow: bool = True) -> None:
        self._surface = surface
        self._below: dict[str, frozenset[str]] = {}
        self.operations: dict[str, SurfaceOperation] = {
            name_of(operation): operation for group in surface.groups for operation in group.operations
        }
        self.by_type: Mapping[str, tuple[Reach, ...]] = self._by_type() if follow else {}

    def _by_type(self) -> dict[str, tuple[Reach, ...]]:
        by_type: dict[str, set[Reach]] = {}
        for name, operation in self.operations.items():
            for root in _taken(operation):
                for reached in self._closure(root):
                    by_type.setdefault(reached, set()).add(Reach(name, "request"))
            for root in names_in(operation.returns) if operation.returns else ():
                for reached in self._closure(root):
                    by_type.setdefault(reached, set()).add(Reach(name, "response"))
        return {name: tuple(sorted(found)) for name, found in by_type.items()}

    def _closure(self, root: str) -> frozenset[str]:
        if root not in self._below:
            seen: set[str] = set()
            waiting = [root]
            while waiting:
                name = waiting.pop()
                if name in seen or name not in self._surface.types:
                    continue
                seen.add(name)
                waiting.extend(types_named_by(self._surface.types[name]))
            self._below[root] = frozenset(seen)
        return self._below[root]


def _taken(operation: SurfaceOperation) -> Iterable[str]:
    if operation.body:
        yield from names_in(operation.body.type)
    for parameter in (*operation.path_parameters, *operation.parameters):
        yield from names_in(parameter.type)


def name_of(operation: SurfaceOperation) -> str:
    """`family.group.operation`."""
    return f"{operation.family}.{operation.group}.{operation.name}"
