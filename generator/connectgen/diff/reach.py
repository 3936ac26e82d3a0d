"""Which operations reach a type, and whether by what they take or by what they give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from connectgen.catalogue.types import names_in
from connectgen.diff.change import Reach
from connectgen.graph import reachable
from connectgen.resolver import types_named_by
from connectgen.surface import Surface, SurfaceOperation
from connectgen.undocumented import Undocumented, undocumented


class Reached:
    """The operations of a surface by the types that they reach. Types that refer to each other in a circle are fine.

    Args:
        surface: whose operations and types they are.
        follow: False where nobody will ask which operations reach a type; then none does.
    """

    def __init__(self, surface: Surface, *, follow: bool = True) -> None:
        self.surface = surface
        self._follow = follow
        self._reaching: dict[str, frozenset[Reach]] = {}
        self.operations: dict[str, SurfaceOperation] = {
            name_of(operation): operation for group in surface.groups for operation in group.operations
        }

    def reaching(self, name: str) -> frozenset[Reach]:
        """The operations that reach a type, directly or over others; sought when asked for, and once."""
        if not self._follow:
            return frozenset()
        found = self._reaching.get(name)
        if found is None:
            users = reachable([name], lambda one: self._naming.get(one, ()))
            found = frozenset(reach for one in users for reach in self._directly.get(one, ()))
            self._reaching[name] = found
        return found

    @cached_property
    def undocumented(self) -> Undocumented:
        """What of the surface is undocumented."""
        return undocumented(self.surface)

    @cached_property
    def _directly(self) -> Mapping[str, set[Reach]]:
        """The operations that take or give a type itself."""
        by_type: dict[str, set[Reach]] = {}
        for name, operation in self.operations.items():
            for taken in _taken(operation):
                by_type.setdefault(taken, set()).add(Reach(name, "request"))
            for given in names_in(operation.returns) if operation.returns else ():
                by_type.setdefault(given, set()).add(Reach(name, "response"))
        return by_type

    @cached_property
    def _naming(self) -> Mapping[str, list[str]]:
        """The types that name a type."""
        by_type: dict[str, list[str]] = {}
        for name, kind in self.surface.types.items():
            for named in types_named_by(kind):
                by_type.setdefault(named, []).append(name)
        return by_type


def _taken(operation: SurfaceOperation) -> Iterable[str]:
    if operation.body:
        yield from names_in(operation.body.type)
    for parameter in (*operation.path_parameters, *operation.parameters):
        yield from names_in(parameter.type)


def name_of(operation: SurfaceOperation) -> str:
    """`family.group.operation`."""
    return f"{operation.family}.{operation.group}.{operation.name}"
