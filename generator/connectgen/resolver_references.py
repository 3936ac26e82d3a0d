"""Which types exist at a version: those that something of the version names, found without resolving any of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from connectgen.catalogue.model import Catalogue, Discriminator, Span, TypeDefinition
from connectgen.catalogue.types import names_in
from connectgen.graph import reachable
from connectgen.stretches import Stretches


@dataclass(frozen=True, slots=True)
class _References:
    """The types that a type names: in all versions, and those that its properties name in theirs."""

    always: tuple[str, ...]
    dated: tuple[tuple[Span, tuple[str, ...]], ...]
    discriminator: Discriminator | None
    stretches: Stretches[tuple[str, ...]]


class ReferenceResolver:
    """Follows the references between the types of one catalogue, at any version."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._types = catalogue.types
        self._references: dict[str, _References] = {}

    def reached(self, roots: Iterable[str], version: int) -> set[str]:
        """These types and all that they name at a version, directly or through others."""
        return reachable(roots, lambda name: self._named_by(name, version))

    def _named_by(self, name: str, version: int) -> tuple[str, ...]:
        references = self._references.get(name)
        if references is None:
            references = self._references[name] = _references_of(self._types[name], self._types)
        return references.stretches.at(version, self._named_at, references, version)

    def _named_at(self, references: _References, version: int) -> tuple[str, ...]:
        named = [*references.always, *(one for span, names in references.dated if version in span for one in names)]
        if references.discriminator:
            named += discriminator_at(references.discriminator, self._types, version).values.values()
        return tuple(named)


def _references_of(definition: TypeDefinition, types: Mapping[str, TypeDefinition]) -> _References:
    discriminator = definition.discriminator
    fallback = discriminator.fallback if discriminator else None
    dated = tuple(
        (item.span.within(definition.span), names)
        for item in definition.properties
        if (names := tuple(names_in(item.type)))
    )
    variants = spans_of_variants(discriminator, types) if discriminator else ()
    return _References(
        always=tuple(name for name in (definition.extends, fallback) if name),
        dated=dated,
        discriminator=discriminator,
        stretches=Stretches([*(span for span, _ in dated), *variants]),
    )


def spans_of_variants(discriminator: Discriminator, types: Mapping[str, TypeDefinition]) -> Iterator[Span]:
    """The versions of all that decides which variants exist."""
    for name in discriminator.values.values():
        yield types[name].span
        yield from (item.span for item in types[name].properties)


def discriminator_at(discriminator: Discriminator, types: Mapping[str, TypeDefinition], version: int) -> Discriminator:
    """A discriminator with the variants that exist at a version."""
    values = {value: name for value, name in discriminator.values.items() if exists(types[name], version)}
    return Discriminator(property=discriminator.property, values=values, fallback=discriminator.fallback)


def exists(definition: TypeDefinition, version: int) -> bool:
    """Whether a type exists at a version: a type without dates of its own begins with its first property."""
    if version not in definition.span:
        return False
    return (
        not definition.properties
        or definition.span.since > 0
        or any(version in item.span for item in definition.properties)
    )
