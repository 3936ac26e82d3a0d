"""What of a version is undocumented: operations that no reference has, and the types that only they use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from connectgen.graph import reachable
from connectgen.resolver import types_named_by
from connectgen.resolver_enumerations import enumerations_of
from connectgen.surface import Surface, SurfaceOperation, SurfaceType


@dataclass(frozen=True, slots=True)
class Undocumented:
    """What of a version is undocumented.

    Attributes:
        operations: operations, `family.group.operation`.
        types: the types that no other operation reaches.
    """

    operations: frozenset[str]
    types: frozenset[str]

    def has(self, subject: str) -> bool:
        """Whether a thing belongs to it: an operation, a type, or a part of one, as `connectgen diff` names them."""
        owner = subject.partition("=")[0].partition("(")[0].partition(" ")[0]
        return owner in self.operations or owner.partition(".")[0] in self.types


def undocumented(surface: Surface) -> Undocumented:
    """Find what of a version is undocumented."""
    hidden, shown = list[SurfaceOperation](), list[SurfaceOperation]()
    for group in surface.groups:
        for operation in group.operations:
            (hidden if operation.stage == "undocumented" else shown).append(operation)
    names = frozenset(f"{one.family}.{one.group}.{one.name}" for one in hidden)
    types = _types(hidden, surface) - _types(shown, surface) if hidden else set[str]()
    return Undocumented(names, frozenset(types))


def documented(surface: Surface) -> Surface:
    """A version without what is undocumented; groups and families that are empty then are gone too."""
    hidden = undocumented(surface)
    if not hidden.operations:
        return surface
    groups = [
        replace(group, operations=tuple(one for one in group.operations if one.stage != "undocumented"))
        for group in surface.groups
    ]
    left = tuple(group for group in groups if group.operations)
    families = {group.family for group in left}
    types = {name: one for name, one in surface.types.items() if name not in hidden.types}
    owners: list[SurfaceOperation | SurfaceType] = [one for group in left for one in group.operations]
    listed = {name for owner in (*owners, *types.values()) for name in enumerations_of(owner)}
    return replace(
        surface,
        groups=left,
        types=types,
        enumerations={name: one for name, one in surface.enumerations.items() if name in listed},
        families={name: one for name, one in surface.families.items() if name in families},
    )


def _types(operations: Iterable[SurfaceOperation], surface: Surface) -> set[str]:
    roots = [name for one in operations for name in types_named_by(one)]
    return reachable(roots, lambda name: types_named_by(surface.types[name]))
