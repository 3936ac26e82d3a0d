"""Names of unions: those of their classes joined, or, where that is too long to read, what they have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from connectgen.catalogue.types import OneOf, TypeExpression, joined_name, unions_in
from connectgen.naming import words_of
from connectgen.resolver import expressions_of
from connectgen.surface import Surface, SurfaceOperation, SurfaceType, distinct_groups

_READABLE = 80
"""Characters up to which a name that joins all classes is kept."""
_COMMON = 2
"""Words that classes must have in common for a name of these words to say enough."""


def union_names(surfaces: Iterable[Surface]) -> Mapping[OneOf, str]:
    """The unions of all versions that get a short name: AnyConnectionInput for a dozen of inputs for connections.

    A short name that would stand for two unions, or that a type has, is nobody's.

    Args:
        surfaces: all versions of the catalogue, so that a name does not change from one to the next.
    """
    surfaces = list(surfaces)
    types = {id(one): one for surface in surfaces for one in surface.types.values()}
    operations = {id(one): one for group in distinct_groups(surfaces) for one in group.operations}
    taken = {one.name for one in types.values()}
    taken |= {f"Any{one.name}" for one in types.values() if one.discriminator}
    by_name: dict[str, set[OneOf]] = {}
    owners: list[SurfaceOperation | SurfaceType] = [*types.values(), *operations.values()]
    for owner in owners:
        for union in (found for expression in expressions_of(owner) for found in unions_in(expression)):
            joined = joined_name(union.options)
            name = _common_name(union.options) if len(joined) > _READABLE else None
            by_name.setdefault(name or joined, set()).add(union)
    return {
        union: name
        for name, unions in by_name.items()
        for union in unions
        if len(unions) == 1 and name not in taken and name != joined_name(union.options)
    }


def _common_name(options: Sequence[TypeExpression]) -> str | None:
    rest = [words_of(joined_name([option])) for option in options]
    common: list[str] = []
    for word in min(rest, key=len):
        if all(word in words for words in rest):
            common.append(word)
            rest = [words[words.index(word) + 1 :] for words in rest]
    return f"Any{''.join(common)}" if len(common) >= _COMMON else None
