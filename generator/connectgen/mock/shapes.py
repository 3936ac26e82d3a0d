"""The types of one version as requests and responses need them: all properties, variants, names in XML."""

from __future__ import annotations

from collections.abc import Mapping

from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, TypeExpression
from connectgen.surface import Surface, SurfaceProperty, SurfaceType

_NAMES = ("developerName", "apiName", "name")


class Shapes:
    """The types of a Surface.

    Args:
        surface: what exists at the version.
    """

    def __init__(self, surface: Surface) -> None:
        self.version = surface.version
        self.types: Mapping[str, SurfaceType] = surface.types
        self._properties: dict[str, Mapping[str, SurfaceProperty]] = {}
        self._failures: dict[str, Mapping[str, object]] = {}
        self._identifiers: dict[tuple[str, str], str | None] = {}
        self._variants: dict[str, tuple[str, tuple[str, ...]]] | None = None

    def properties(self, name: str) -> Mapping[str, SurfaceProperty]:
        """All properties of a type by name, those that it inherits first."""
        if name not in self._properties:
            found = self.types[name]
            inherited: Mapping[str, SurfaceProperty] = self.properties(found.extends) if found.extends else {}
            own = {item.name: item for item in found.properties}
            self._properties[name] = {**inherited, **own}
        return self._properties[name]

    def variant_of(self, name: str) -> tuple[str, tuple[str, ...]] | None:
        """What identifies an object of a type: the discriminator and the values that it may have there."""
        if self._variants is None:
            variants: dict[str, tuple[str, tuple[str, ...]]] = {}
            for union in self.types.values():
                if union.discriminator is None:
                    continue
                by_class: dict[str, list[str]] = {}
                for value, member in union.discriminator.values.items():
                    by_class.setdefault(member, []).append(value)
                for member, values in by_class.items():
                    variants.setdefault(member, (union.discriminator.property, tuple(values)))
            self._variants = variants
        return self._variants.get(name)

    def discriminator_of(self, name: str) -> str | None:
        """The discriminator of the union that a type is in."""
        variant, own = self.variant_of(name), self.types[name].discriminator
        return variant[0] if variant else own.property if own else None

    def member(self, name: str, sent: Mapping[str, object]) -> str:
        """The class that properties make of a family; the family itself where they name none."""
        found = self.types[name].discriminator
        return name if found is None else found.values.get(str(sent.get(found.property)), found.fallback or name)

    def identifier(self, name: str, parameter: str = "") -> str | None:
        """The property that identifies an object of a type, dotted where a summary inside holds it.

        Args:
            name: the type.
            parameter: the path parameter by which one is read, `developerName`; its property comes first.
        """
        known = name, parameter
        if known not in self._identifiers:
            self._identifiers[known] = self._identifier(name, parameter)
        return self._identifiers[known]

    def _identifier(self, name: str, parameter: str) -> str | None:
        properties = self.properties(name)
        if parameter in properties:
            return parameter
        if "id" in properties:
            return "id"
        own = (one for one in properties if one.endswith("Id") and one[:-2].lower() in name.lower())
        found = next(own, None) or next((one for one in _NAMES if parameter and one in properties), None)
        return found or next(
            (
                f"{one}.id"
                for one, fact in properties.items()
                if isinstance(fact.type, Named)
                and fact.type.name.startswith(name)
                and "id" in self.properties(fact.type.name)
            ),
            None,
        )

    def failure(self, name: str) -> Mapping[str, object]:
        """The properties by which an object of a type reports a failure, inherited ones too."""
        if name not in self._failures:
            found = self.types[name]
            inherited: Mapping[str, object] = self.failure(found.extends) if found.extends else {}
            self._failures[name] = {**inherited, **found.failure}
        return self._failures[name]

    def element(self, expression: TypeExpression) -> str:
        """The name of an element in XML that holds a value."""
        match expression:
            case Named(name):
                found = self.types[name]
                return found.item or found.xml or name[0].lower() + name[1:]
            case OneOf(options):
                return self.element(options[0])
            case ListOf() | MapOf():
                return "items"
            case _:
                return "item"

    def root(self, expression: TypeExpression | None) -> str:
        """The name of the root element in XML."""
        if isinstance(expression, Named):
            found = self.types[expression.name]
            return found.xml or expression.name[0].lower() + expression.name[1:]
        return "result"
