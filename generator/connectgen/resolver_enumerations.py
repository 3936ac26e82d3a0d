"""Enumerations at a version: those that its operations and types have values of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from connectgen.catalogue.model import Catalogue, Enumeration, KnownValue
from connectgen.stretches import Stretches
from connectgen.surface import SurfaceEnumeration, SurfaceGroup, SurfaceOperation, SurfaceType


class EnumerationResolver:
    """Resolves the enumerations of one catalogue; what does not differ between versions is one object."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._stretches: dict[str, Stretches[SurfaceEnumeration]] = {}
        self._named: dict[int, tuple[str, ...]] = {}

    def at(
        self, groups: Iterable[SurfaceGroup], types: Mapping[str, SurfaceType], version: int
    ) -> Mapping[str, SurfaceEnumeration]:
        """The enumerations of a version, by name.

        Args:
            groups: its operations; they and the types are kept by the caller, so that each is looked at once.
            types: its types.
            version: the version.
        """
        owners: list[SurfaceOperation | SurfaceType] = [one for group in groups for one in group.operations]
        owners += types.values()
        names = {name for owner in owners for name in self._names(owner)}
        return {name: self._enumeration(self._catalogue.enumerations[name], version) for name in sorted(names)}

    def _names(self, owner: SurfaceOperation | SurfaceType) -> tuple[str, ...]:
        """The enumerations that an operation or a type has values of."""
        found = self._named.get(id(owner))
        if found is None:
            found = self._named[id(owner)] = tuple(dict.fromkeys(enumerations_of(owner)))
        return found

    def _enumeration(self, enumeration: Enumeration, version: int) -> SurfaceEnumeration:
        stretches = self._stretches.get(enumeration.name)
        if stretches is None:
            stretches = self._stretches[enumeration.name] = Stretches(one.span for one in enumeration.values)
        return stretches.at(version, _resolve, enumeration, version)


def enumerations_of(owner: SurfaceOperation | SurfaceType) -> Iterator[str]:
    """The enumerations that an operation or a type has values of, in the order in which it names them."""
    facts = owner.properties if isinstance(owner, SurfaceType) else (*owner.path_parameters, *owner.parameters)
    for one in facts:
        if one.enumeration and one.values:
            yield one.enumeration


def _resolve(enumeration: Enumeration, version: int) -> SurfaceEnumeration:
    known = [one for one in enumeration.values if version in one.span]
    return SurfaceEnumeration(
        name=enumeration.name,
        location=enumeration.location,
        summary=enumeration.summary,
        values=tuple(one.value for one in known),
        meanings=tuple((one.value, text) for one in known if (text := meaning_of(one))),
    )


def meaning_of(known: KnownValue) -> str:
    """What a value means, and what to use instead of it; empty where the catalogue says neither."""
    instead = f"use `{known.replaced_by}` instead" if known.replaced_by else ""
    return "; ".join(text for text in (known.description, instead) if text)
