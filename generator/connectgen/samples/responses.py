"""Samples of what is received: JSON of a type, as deep as one can take in at a glance."""

from __future__ import annotations

from collections.abc import Mapping

from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, ScalarType, TypeExpression
from connectgen.samples.types import Types
from connectgen.samples.values import scalar
from connectgen.surface import SurfaceOperation, SurfaceProperty, SurfaceType, SurfaceValue

_DEEPEST = 2
_MOST = 24
"""How many properties of the object itself are shown."""
_MOST_INSIDE = 5
"""How many of an object inside it."""
_TELLING = frozenset(
    {"body", "description", "displayName", "id", "label", "messageSegments", "name", "status", "text", "title", "type"}
)
_SAID = (ScalarType.STRING, ScalarType.ID, ScalarType.ANY)
_PAGES = ("nextpage", "previouspage", "prevpage")


class Responses:
    """Makes responses of one version; the same type always looks the same.

    Args:
        types: the version's types.
    """

    def __init__(self, types: Mapping[str, SurfaceType]) -> None:
        self._types = Types(types)

    def of(self, operation: SurfaceOperation) -> object:
        """What an operation returns; None where that is nothing."""
        if operation.returns is None:
            return None
        fact = SurfaceValue(type=operation.returns, span=operation.span, location=operation.location, name="text")
        return self._of(operation.returns, "", fact, 0)

    def of_type(self, name: str) -> dict[str, object]:
        """An object of a type."""
        return self._object(name, 0)

    def _of(self, expression: TypeExpression, owner: str, fact: SurfaceValue, depth: int) -> object:
        match expression:
            case Scalar(kind):
                return scalar(kind, fact, owner=owner, is_input=False).plain
            case ListOf(item):
                inner = self._of(item, owner, fact, depth)
                return [] if inner is None else [inner]
            case MapOf(value):
                inner = self._of(value, owner, fact, depth)
                return {} if inner is None else {"key": inner}
            case OneOf(options):
                return self._of(options[0], owner, fact, depth)
            case Named(name):
                return None if depth > _DEEPEST else self._object(name, depth)

    def _object(self, name: str, depth: int) -> dict[str, object]:
        discriminator, variants = self._types[name].discriminator, self._types.variants(name)
        tag = self._types.tag(name)
        if discriminator is not None and variants:
            told, name = next(iter(variants.items()))
            tag = (discriminator.property, told)
        failure = self._types.failure(name)
        made: dict[str, object] = {}
        for owner, item in self._chosen(name, depth, tag[0] if tag else ""):
            if tag is not None and item.name == tag[0]:
                made[item.name] = tag[1]
            elif item.name in failure:
                made |= _no_failure(item, failure[item.name])
            elif _tells_of_errors(item):
                continue
            elif item.name.lower().startswith(_PAGES):
                made[item.name] = None
            else:
                value = self._of(item.type, owner, item, depth + 1)
                made |= {} if value is None else {item.name: value}
        # A discriminator that is no property of any variant comes first.
        return made if tag is None or tag[0] in made else {tag[0]: tag[1], **made}

    def _chosen(self, name: str, depth: int, discriminator: str) -> list[tuple[str, SurfaceProperty]]:
        """The properties that a sample has, each with its owner: where there are many, the best known."""
        most = _MOST_INSIDE if depth else _MOST
        found = [(owner.name, item) for owner, _, item in self._types.properties(name) if not item.replaced_by]
        if depth == _DEEPEST:
            found = [one for one in found if not isinstance(one[1].type, Named)]
        ranked = sorted(found, key=lambda one: (one[1].name != discriminator, one[1].name not in _TELLING))
        kept = {item.name for _, item in ranked[:most]}
        return [one for one in found if one[1].name in kept]


def _tells_of_errors(item: SurfaceProperty) -> bool:
    """Whether a property comes only where something went wrong."""
    is_flag_or_count = isinstance(item.type, Scalar) and item.type.kind not in _SAID
    return "error" in item.name.lower() and not is_flag_or_count


def _no_failure(item: SurfaceProperty, value: object) -> dict[str, object]:
    """The value by which a property reports no failure, where it does so by one."""
    if isinstance(item.type, ListOf):
        return {item.name: []}
    if value == "any":
        return {}
    is_text = isinstance(item.type, Scalar) and item.type.kind is ScalarType.STRING
    return {item.name: str(not value).lower() if is_text else not value}
