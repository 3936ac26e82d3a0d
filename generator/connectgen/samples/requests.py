"""Samples of what is sent: what an operation needs, and a little of the rest that shows what it is for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, ScalarType, TypeExpression
from connectgen.samples.types import Names, Types
from connectgen.samples.values import Made, Tree, Value, scalar, text
from connectgen.surface import SurfaceParameter, SurfaceProperty, SurfaceType, SurfaceValue

_DEEPEST = 4
"""Below so many objects, lists stay empty, and the shortest variant is taken."""
_END = 12
_MOST = 40
"""Below so many, and after so many in all, nothing is filled in: a type that needs itself has no end."""
_SHOWN = 2
"""How many properties are set that need not be."""
_TELLING = frozenset({"description", "label", "name", "subject", "text", "title"})
_SHAPELESS = Scalar(ScalarType.ANY)
_MESSAGE = Named("MessageBodyInput")
_GREETING = Value(
    'm.MessageBodyInput.text("Good morning")', {"messageSegments": [{"type": "Text", "text": "Good morning"}]}
)
"""Texts of messages have segments; the client has a short way to write a plain one."""
Fact = TypeVar("Fact", bound=SurfaceValue)


class Samples:
    """Makes values of types at one version.

    Args:
        types: the version's types.
        version: the version, which the URLs inside a batch name.
        names: how properties are called in Python; as the API calls them where omitted.
    """

    def __init__(self, types: Mapping[str, SurfaceType], version: int, names: Names | None = None) -> None:
        self._types = Types(types, names)
        self._made = 0
        self._special: Mapping[tuple[str, str], Value] = {
            ("GenericBatchInput", "method"): text("Get"),
            ("GenericBatchInput", "url"): text(f"/v{version}.0/chatter/users/me"),
        }
        """What follows neither from a type nor from a name: the calls of a batch."""

    def value(self, fact: SurfaceValue, method: str) -> Tree:
        """A value for a parameter or body."""
        self._made = 0
        return self._of(fact.type, fact, method, 0)

    def object(self, name: str, method: str = "POST") -> Tree:
        """An object of a request's type."""
        self._made = 0
        return self._object(name, method, 0)

    def fields(self, form: Sequence[SurfaceParameter], method: str) -> dict[str, Tree]:
        """The fields of a form: those that are needed, or else a few."""
        needed = [item for item in form if item.required is True] or _telling(form, _SHOWN)
        return {item.name: self.value(item, method) for item in needed}

    def properties(self, name: str) -> Sequence[tuple[SurfaceType, str, SurfaceProperty]]:
        """The properties of a type, inherited ones first, each with its owner and its name in Python."""
        return self._types.properties(name)

    def _of(self, expression: TypeExpression, fact: SurfaceValue, method: str, depth: int) -> Tree:
        match expression:
            case Scalar(kind):
                return scalar(kind, fact)
            case ListOf(item):
                return [] if _is_too_deep(item, depth) else [self._of(item, fact, method, depth)]
            case MapOf(value):
                return {} if _is_too_deep(value, depth) else {"key": self._of(value, fact, method, depth)}
            case OneOf((Named(name), *others)):
                return self._object(name, method, depth, [one.name for one in others if isinstance(one, Named)])
            case OneOf(options):
                return self._of(options[0], fact, method, depth)
            case Named(name):
                return _GREETING if expression == _MESSAGE else self._object(name, method, depth)

    def _object(self, name: str, method: str, depth: int, others: Sequence[str] = ()) -> Tree:
        tag, name = self._variant(name, depth)
        properties = [one for one in self._types.properties(name) if tag is None or one[2].name != tag[0]]
        self._made += 1
        has_end = depth <= _END and self._made <= _MOST
        needed = [item for _, _, item in properties if is_needed(item, method)] if has_end else []
        constants = tuple((item.name, item.values[0]) for item in needed if is_constant(item))
        needed = [item for item in needed if not is_constant(item)]
        rest = [item for _, _, item in properties if not is_needed(item, method)]
        needed += _more(needed, rest, depth)
        if tag is None and not constants:
            needed += self._distinguishing(needed, rest, others)
        owners = {item.name: (owner.name, spelled) for owner, spelled, item in properties}
        fields = tuple(
            (spelled, item.name, self._special.get((owner, item.name)) or self._of(item.type, item, method, depth + 1))
            for item in needed
            for owner, spelled in [owners[item.name]]
        )
        return Made(name, fields, tag, constants)

    def _distinguishing(
        self, shown: Sequence[SurfaceProperty], rest: Sequence[SurfaceProperty], others: Sequence[str]
    ) -> Iterator[SurfaceProperty]:
        """A property that none of the other types has, where each that is shown could be one of theirs.

        Without it, nobody could say which of them an example is, a program that reads it as little as a person.
        """
        known = [{item.name for _, _, item in self._types.properties(name)} for name in others]
        if any({item.name for item in shown} <= names for names in known):
            own = [item for item in rest if not item.replaced_by and not any(item.name in names for names in known)]
            yield from [item for item in own if isinstance(item.type, Scalar)][:1]

    def _variant(self, name: str, depth: int) -> tuple[tuple[str, str] | None, str]:
        """The first variant; deep down the one that needs the fewest objects, so that there is an end."""
        discriminator = self._types[name].discriminator
        variants = list(self._types.variants(name).items())
        if discriminator is None or not variants:
            return self._types.tag(name), name
        first = variants[0] if depth < _DEEPEST else min(variants, key=lambda one: self._objects(one[1]))
        return (discriminator.property, first[0]), first[1]

    def _objects(self, name: str) -> int:
        """How many objects one of a type needs."""
        needed = (item for _, _, item in self._types.properties(name) if item.required is True)
        return sum(not isinstance(item.type, Scalar) for item in needed)


def _more(needed: Sequence[SurfaceProperty], rest: Sequence[SurfaceProperty], depth: int) -> Iterator[SurfaceProperty]:
    """What is set beside what must be: something where nothing must, at the top a message and what names the thing."""
    others = [item for item in rest if not item.replaced_by and not is_constant(item)]
    message = next((item for item in others if item.type == _MESSAGE and depth == 0), None)
    chosen: list[SurfaceProperty] = []
    if needed and depth == 0:
        free = [item for item in others if item.name in _TELLING and not _is_conditional(item)]
        chosen = [item for item in free if isinstance(item.type, Scalar)][:_SHOWN]
    elif not needed and depth <= _DEEPEST and (message is None or len(others) > 1):
        chosen = _telling(others, _SHOWN, nested=depth < _SHOWN)
        if depth == 0:
            chosen += [item for item in others if isinstance(item.type, ListOf) and item not in chosen][:1]
    yield from (item for item in chosen if item != message)
    if message is not None:
        yield message


def _telling(items: Iterable[Fact], most: int, *, nested: bool = False) -> list[Fact]:
    """The values that best show what something is for: the names of things, then in the catalogue's order.

    Args:
        items: parameters or properties of which none is needed.
        most: how many.
        nested: whether one that holds others is taken where there is no plain one.
    """
    given = [item for item in items if not item.replaced_by]
    plain_ones = [item for item in given if isinstance(item.type, Scalar) and item.type != _SHAPELESS]
    free = [item for item in plain_ones if not _is_conditional(item)]
    if free:
        chosen = sorted(free, key=lambda item: item.name not in _TELLING)[:most]
        return [item for item in free if item in chosen]
    return plain_ones[:1] or [item for item in given if nested or not _holds_objects(item.type)][:1]


def _is_conditional(item: SurfaceValue) -> bool:
    """Whether it goes with some values of others only, or in place of others."""
    return item.required == "conditional" or bool(item.condition)


def _is_too_deep(inner: TypeExpression, depth: int) -> bool:
    return depth > _DEEPEST and _holds_objects(inner)


def _holds_objects(expression: TypeExpression) -> bool:
    match expression:
        case Scalar():
            return False
        case Named():
            return True
        case ListOf(inner) | MapOf(inner):
            return _holds_objects(inner)
        case OneOf(options):
            return _holds_objects(options[0])


def is_needed(item: SurfaceProperty, method: str) -> bool:
    """Whether a request with a method must have a property."""
    return item.required is True or method in item.required_for


def is_constant(item: SurfaceProperty) -> bool:
    """Whether a request's property can have one value only, which its class in Python sets."""
    names_a_variant = item.name == "type" or item.name.endswith("Type")
    return names_a_variant and len(item.values) == 1 and (item.required is True or bool(item.required_for))
