"""Sample responses: JSON of a type, as deep as one can take in at a glance."""

from __future__ import annotations

import json
from collections.abc import Mapping

from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, ScalarType, TypeExpression
from connectgen.mock.chance import Chance
from connectgen.mock.responding.scalars import Scalars
from connectgen.site.samples import Samples
from connectgen.surface import SurfaceProperty, SurfaceType

_DEEPEST = 2
_MOST_INSIDE = 5
"""How many properties of an object within the object are shown."""
_MOST = 24
"""How many of the object itself."""


class Responses:
    """Makes responses of one version; the same type always looks the same.

    Args:
        types: the version's types.
    """

    def __init__(self, types: Mapping[str, SurfaceType]) -> None:
        self._types = types
        self._samples = Samples(types)
        self._scalars = Scalars(Chance(1))

    def text(self, expression: TypeExpression) -> str:
        """A value of a type as JSON; empty where it is no JSON."""
        if expression == Scalar(ScalarType.BINARY):
            return ""
        return json.dumps(self._of(expression, "", None, 0), indent=2, ensure_ascii=False)

    def _of(self, expression: TypeExpression, owner: str, fact: SurfaceProperty | None, depth: int) -> object:
        match expression:
            case Scalar(kind):
                return self._scalar(kind, owner, fact)
            case ListOf(item):
                inner = self._of(item, owner, fact, depth)
                return [] if inner is None else [inner]
            case MapOf(value):
                inner = self._of(value, owner, fact, depth)
                return {} if inner is None else {"key": inner}
            case OneOf(options):
                return self._of(options[0], owner, fact, depth)
            case Named(name):
                return self._object(name, depth)

    def _scalar(self, kind: ScalarType, owner: str, fact: SurfaceProperty | None) -> object:
        name = fact.name if fact else "text"
        if kind is ScalarType.URL or (kind is ScalarType.STRING and name.lower().endswith(("url", "uri"))):
            return "https://acme.my.salesforce.com/…"
        if kind is ScalarType.ANY:
            return "anything"
        return self._scalars.make(kind, name, owner, owner, fact)

    def _object(self, name: str, depth: int) -> object:
        if depth > _DEEPEST:
            return None
        found = self._types[name]
        tag: tuple[str, str] | None = None
        if found.discriminator and found.discriminator.values:
            value, name = next(iter(found.discriminator.values.items()))
            tag = (found.discriminator.property, value)
        made: dict[str, object] = {}
        most = _MOST_INSIDE if depth else _MOST
        for owner, _, item in self._samples.properties(name):
            if tag is not None and item.name == tag[0]:
                made[item.name] = tag[1]
                continue
            if len(made) >= most or item.replaced_by:
                continue
            inner = self._of(item.type, owner.name, item, depth + 1)
            if inner is not None:
                made[item.name] = inner
        return made
