"""The types of a version as samples need them: all properties of each, and which variant a type is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from connectgen.surface import SurfaceProperty, SurfaceType

Names = Callable[[SurfaceType], Mapping[str, str]]
"""Gives the names of a type's own properties in a language, by the API's."""


class Types:
    """The types of one version.

    Args:
        types: the version's types.
        names: how properties are called; as the API calls them where omitted.
    """

    def __init__(self, types: Mapping[str, SurfaceType], names: Names | None = None) -> None:
        self._types = types
        self._names = names
        self._all: dict[str, tuple[tuple[SurfaceType, str, SurfaceProperty], ...]] = {}
        self._tags: dict[str, tuple[str, str]] = {}
        for union in types.values():
            for value, member in (union.discriminator.values.items() if union.discriminator else ()):
                self._tags.setdefault(member, (union.discriminator.property if union.discriminator else "", value))

    def __getitem__(self, name: str) -> SurfaceType:
        """A type."""
        return self._types[name]

    def properties(self, name: str) -> tuple[tuple[SurfaceType, str, SurfaceProperty], ...]:
        """The properties of a type, inherited ones first, each with its owner and what it is called."""
        if name not in self._all:
            self._all[name] = tuple(self._read(self._types[name]))
        return self._all[name]

    def _read(self, found: SurfaceType) -> Iterator[tuple[SurfaceType, str, SurfaceProperty]]:
        own = {item.name for item in found.properties}
        if found.extends:
            yield from (one for one in self.properties(found.extends) if one[2].name not in own)
        names: Mapping[str, str] = self._names(found) if self._names else {}
        for item in found.properties:
            yield found, names.get(item.name, item.name), item

    def variants(self, name: str) -> Mapping[str, str]:
        """The types that an object may be of, by the value of the discriminator; none where there is one type."""
        discriminator = self._types[name].discriminator
        return discriminator.values if discriminator else {}

    def tag(self, name: str) -> tuple[str, str] | None:
        """The property and its value by which one variant is known, where a reference names that variant itself."""
        tag = self._tags.get(name)
        has_it = tag is not None and any(item.name == tag[0] for _, _, item in self.properties(name))
        return tag if has_it else None

    def failure(self, name: str) -> Mapping[str, object]:
        """The properties by which an object of a type reports a failure, inherited ones too."""
        found = self._types[name]
        inherited: Mapping[str, object] = self.failure(found.extends) if found.extends else {}
        return {**inherited, **found.failure}
