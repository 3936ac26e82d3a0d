"""Checks the JSON (or XML) of a body against its type: unknown and missing properties, types, variants, limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import cast

from connectgen.catalogue.model import Location, Method
from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, ScalarType, TypeExpression
from connectgen.mock.bounds import MOST_PROBLEMS
from connectgen.mock.checking.values import Constraints, scalar_fault
from connectgen.mock.refusal import Problem
from connectgen.mock.shapes import Shapes
from connectgen.mock.versions import Versions
from connectgen.surface import SurfaceProperty, SurfaceValue

_DEEPEST = 60
_FILTERS = frozenset({"filterGroup", "include", "exclude"})
_ID = Scalar(ScalarType.ID)
_WRONG = "INVALID_FIELD"
_GOT = {
    "dict": "an object", "list": "a list", "str": "the text", "bool": "the boolean", "int": "the number",
    "float": "the number",
}  # fmt: skip


class BodyCheck:
    """Checks bodies at one version.

    Args:
        versions: the Surfaces.
        version: the version of the request.
        method: the method, because some properties are required for some only.
        is_text: whether every value is a text, as in XML.
        is_response: whether what is checked is sent by the server: it may omit anything, and quotes no numbers.
    """

    def __init__(
        self, versions: Versions, version: int, method: Method, *, is_text: bool = False, is_response: bool = False
    ) -> None:
        self._versions = versions
        self._version = version
        self._shapes = versions.shapes(version)
        self._method = method
        self._is_text = is_text
        self._is_response = is_response
        self._constraints = Constraints(versions, version, _WRONG)

    def problems(self, body: SurfaceValue, value: object) -> list[Problem]:
        """What is wrong with a body, the first twenty problems."""
        return self.of_type(body.type, value, "body", body.location)

    def of_type(self, expression: TypeExpression, value: object, where: str, entry: Location) -> list[Problem]:
        """What is wrong with a value of a type, the first twenty problems; `where` is what messages call it."""
        return list(islice(self._value(expression, value, where, entry, 0), MOST_PROBLEMS))

    def _value(
        self, expression: TypeExpression, value: object, where: str, entry: Location, depth: int
    ) -> Iterator[Problem]:
        if depth > _DEEPEST:
            yield Problem(_WRONG, f"{where} is nested too deep", "wrong-type", entry)
            return
        match expression:
            case Scalar(scalar):
                fault = scalar_fault(scalar, value, where.rpartition(".")[2], is_text=self._is_text)
                if fault and not (self._is_response and scalar is ScalarType.LONG and type(value) is int):
                    yield _mistyped(where, fault, value, entry)
            case Named(name):
                yield from self._object(name, value, where, entry, depth)
            case ListOf(item):
                if not isinstance(value, list):
                    yield _mistyped(where, "a list", value, entry)
                    return
                for place, one in enumerate(cast("list[object]", value)):
                    yield from self._value(item, one, f"{where}[{place}]", entry, depth + 1)
            case MapOf(inner):
                if not isinstance(value, dict):
                    yield _mistyped(where, "an object", value, entry)
                    return
                for key, one in cast("dict[str, object]", value).items():
                    yield from self._value(inner, one, f"{where}.{key}", entry, depth + 1)
            case OneOf(options):
                tried = [
                    list(islice(self._value(option, value, where, entry, depth + 1), MOST_PROBLEMS))
                    for option in options
                ]
                yield from min(tried, key=len)

    def _object(self, name: str, value: object, where: str, entry: Location, depth: int) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield _mistyped(where, "an object", value, entry)
            return
        given = cast("dict[str, object]", value)
        variant = self._variant(name, given, where)
        if isinstance(variant, Problem):
            yield variant
            return
        properties = {**self._shapes.properties(name), **self._shapes.properties(variant)}
        passed = _FILTERS if where == "body" else frozenset[str]()
        discriminator = self._shapes.types[name].discriminator
        for key, one in given.items():
            fact = properties.get(key)
            if fact is not None:
                yield from self._property(fact, variant, one, f"{where}.{key}", depth)
            elif key not in passed and not (discriminator and key == discriminator.property):
                yield self._unknown(variant, key, where, properties)
        for fact in properties.values():
            if self._is_required(fact) and given.get(fact.name) is None:
                message = f"{where}.{fact.name} is required"
                yield Problem("MISSING_ARGUMENT", message, "missing", fact.location)

    def _variant(self, name: str, given: Mapping[str, object], where: str) -> str | Problem:
        """The class that an object is of, or why none can be determined."""
        found = self._shapes.types[name]
        if found.discriminator is None:
            return name
        tag = given.get(found.discriminator.property)
        member = found.discriminator.values.get(str(tag))
        if member is not None:
            return member
        if tag is None or found.discriminator.fallback:
            return found.discriminator.fallback or name

        def has(version: int) -> Location | None:
            other = self._versions.surface(version).types.get(name)
            known = other is not None and other.discriminator and str(tag) in other.discriminator.values
            return other.location if other is not None and known else None

        where = f"{where}.{found.discriminator.property}"
        elsewhere = self._versions.elsewhere(self._version, has)
        if elsewhere:
            return Problem(_WRONG, f"{where}: the variant {tag!r} {elsewhere[0]}", "other-versions", elsewhere[1])
        known_values = ", ".join(found.discriminator.values)
        return Problem(
            _WRONG, f"{where}: {str(tag)[:80]!r} is not one of {known_values}", "value-not-allowed", found.location
        )

    def _property(self, fact: SurfaceProperty, owner: str, value: object, where: str, depth: int) -> Iterator[Problem]:
        is_no_id = value == "" and fact.type == _ID and not self._is_required(fact)  # the guide's own examples send it
        if value is None or is_no_id:
            return
        problems = list(islice(self._value(fact.type, value, where, fact.location, depth + 1), MOST_PROBLEMS))
        yield from problems
        if not problems:
            others = self._others(owner, fact.name) if fact.values else {}
            yield from self._constraints.problems(fact, value, where, others)

    def _others(self, owner: str, name: str) -> dict[int, SurfaceValue]:
        found: dict[int, SurfaceValue] = {}
        for version in self._versions.known:
            shapes = self._versions.shapes(version)
            item = shapes.properties(owner).get(name) if owner in shapes.types else None
            if item is not None:
                found[version] = item
        return found

    def _unknown(self, owner: str, name: str, where: str, known: Mapping[str, SurfaceProperty]) -> Problem:
        def has(version: int) -> Location | None:
            shapes: Shapes = self._versions.shapes(version)
            item = shapes.properties(owner).get(name) if owner in shapes.types else None
            return item.location if item else None

        elsewhere = self._versions.elsewhere(self._version, has)
        if elsewhere:
            return Problem(_WRONG, f"{where}.{name} {elsewhere[0]}", "other-versions", elsewhere[1])
        message = f"Unrecognized field {where}.{name[:80]}; {owner} has {', '.join(known) or 'no properties'}"
        return Problem(_WRONG, message, "unknown-property", self._shapes.types[owner].location)

    def _is_required(self, fact: SurfaceProperty) -> bool:
        return not self._is_response and (fact.required is True or self._method in fact.required_for)


def _mistyped(where: str, wanted: str, value: object, entry: Location) -> Problem:
    got = "null" if value is None else _GOT.get(type(value).__name__, "something else")
    shown = f" {value!r}" if isinstance(value, str | int | float) and len(str(value)) <= 80 else ""
    return Problem(_WRONG, f"{where} must be {wanted}, not {got}{shown}", "wrong-type", entry)
