"""Which types exist at a version: those that something of the version names, found without resolving any of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connectgen.catalogue.model import Catalogue, Discriminator, Span, TypeDefinition
from connectgen.catalogue.types import names_in
from connectgen.graph import reachable


@dataclass(frozen=True, slots=True)
class _References:
    """The types that a type names: in all versions, and those that its properties name in theirs."""

    always: tuple[str, ...]
    dated: tuple[tuple[Span, tuple[str, ...]], ...]
    discriminator: Discriminator | None


class ReferenceResolver:
    """Follows the references between the types of one catalogue, at any version."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._types = catalogue.types
        self._references: dict[str, _References] = {}

    def reached(self, roots: Iterable[str], version: int) -> set[str]:
        """These types and all that they name at a version, directly or through others."""
        return reachable(roots, lambda name: self._named_by(name, version))

    def _named_by(self, name: str, version: int) -> list[str]:
        references = self._references.get(name)
        if references is None:
            references = self._references[name] = _references_of(self._types[name])
        named = [*references.always, *(one for span, names in references.dated if version in span for one in names)]
        if references.discriminator:
            named += discriminator_at(references.discriminator, self._types, version).values.values()
        return named


def _references_of(definition: TypeDefinition) -> _References:
    fallback = definition.discriminator.fallback if definition.discriminator else None
    return _References(
        always=tuple(name for name in (definition.extends, fallback) if name),
        dated=tuple(
            (item.span.within(definition.span), names)
            for item in definition.properties
            if (names := tuple(names_in(item.type)))
        ),
        discriminator=definition.discriminator,
    )


def discriminator_at(discriminator: Discriminator, types: Mapping[str, TypeDefinition], version: int) -> Discriminator:
    """A discriminator with the variants that exist at a version."""
    values = {value: name for value, name in discriminator.values.items() if _exists(types[name], version)}
    return Discriminator(property=discriminator.property, values=values, fallback=discriminator.fallback)


def _exists(definition: TypeDefinition, version: int) -> bool:
    """Whether a variant exists at a version: a type without dates of its own begins with its first property."""
    if version not in definition.span:
        return False
    return (
        not definition.properties
        or definition.span.since > 0
        or any(version in item.span for item in definition.properties)
    )
