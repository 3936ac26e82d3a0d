"""The shape of a rule of the validator, and the catalogue as rules look at it: every fact with what owns it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import (
    Catalogue,
    Group,
    Operation,
    Parameter,
    Property,
    Resource,
    Span,
    TypeDefinition,
    Value,
)
from connectgen.catalogue.types import (
    UNREADABLE,
    ListOf,
    MapOf,
    Named,
    OneOf,
    Scalar,
    ScalarType,
    TypeExpression,
    names_in,
)

Role = Literal["path parameter", "parameter", "body", "returns", "property"]


@dataclass(frozen=True, slots=True)
class OperationAt:
    """An operation with the resource and the group that it belongs to."""

    group: Group
    resource: Resource
    operation: Operation

    @property
    def name(self) -> str:
        """How `replaced_by` names it: family.group.operation."""
        return f"{self.group.family}.{self.group.name}.{self.operation.name}"

    @property
    def span(self) -> Span:
        """The versions in which it exists."""
        return self.operation.span.within(self.resource.span)


@dataclass(frozen=True, slots=True)
class ValueAt:
    """A fact that has a type: what it is, who owns it, and whether it is sent."""

    value: Value
    role: Role
    owner: Span
    is_input: bool
    operation: Operation | None = None

    @property
    def what(self) -> str:
        """How a message calls it: `parameter pageSize`."""
        value = self.value
        return f"{self.role} {value.name}" if isinstance(value, Parameter | Property) else self.role


class Facts:
    """A catalogue as rules look at it. What several rules need is found once.

    Args:
        catalogue: what has passed its schemas.
        second_definitions: types that have the name of another; what they refer to counts as referred to.
    """

    def __init__(self, catalogue: Catalogue, second_definitions: Sequence[TypeDefinition] = ()) -> None:
        self.catalogue = catalogue
        self.types = catalogue.types
        self.second_definitions = second_definitions
        self.oldest, self.newest = catalogue.versions[0], catalogue.versions[-1]
        self._properties: dict[str, Sequence[Property]] = {}

    @cached_property
    def operations(self) -> Sequence[OperationAt]:
        """All operations."""
        return [
            OperationAt(group, resource, operation)
            for group in self.catalogue.groups
            for resource in group.resources
            for operation in resource.operations
        ]

    @cached_property
    def values(self) -> Sequence[ValueAt]:
        """All facts that have a type."""
        return list(self._values())

    def _values(self) -> Iterator[ValueAt]:
        for group in self.catalogue.groups:
            for resource in group.resources:
                for placeholder in resource.parameters:
                    yield ValueAt(placeholder, "path parameter", resource.span, True)
                for operation in resource.operations:
                    for parameter in operation.parameters:
                        yield ValueAt(parameter, "parameter", operation.span, True, operation)
                    for body in operation.bodies:
                        yield ValueAt(body, "body", operation.span, True, operation)
                    for result in operation.returns:
                        yield ValueAt(result, "returns", operation.span, False, operation)
        for definition in self.types.values():
            for item in definition.properties:
                yield ValueAt(item, "property", definition.span, definition.is_input)

    @cached_property
    def references(self) -> Sequence[tuple[ValueAt, Sequence[str]]]:
        """The facts whose types name types of the catalogue, with these names."""
        found = [(one, tuple(names_in(one.value.type))) for one in self.values if type(one.value.type) is not Scalar]
        return [(one, names) for one, names in found if names]

    @cached_property
    def readable(self) -> Sequence[ValueAt]:
        """The facts whose types are known: what a rule says of another type would only follow from its fault."""
        return [one for one in self.values if self.is_known(one.value.type)]

    def is_known(self, expression: TypeExpression) -> bool:
        """Whether a type could be read, and all that it names exist."""
        if isinstance(expression, Scalar):
            return True
        return expression != UNREADABLE and all(name in self.types for name in names_in(expression))

    def properties(self, name: str) -> Sequence[Property]:
        """A type's properties and those of the types that it extends; none of a type that does not exist."""
        if name not in self._properties:
            found: list[Property] = []
            seen: set[str] = set()
            definition = self.types.get(name)
            while definition and definition.name not in seen:
                seen.add(definition.name)
                found += definition.properties
                definition = self.types.get(definition.extends or "")
            self._properties[name] = found
        return self._properties[name]

    def follow(self, name: str, path: str) -> Sequence[Property]:
        """The facts of the property at a dotted path below a type."""
        first, _, rest = path.partition(".")
        here = [item for item in self.properties(name) if item.name == first]
        if not rest:
            return here
        return [found for item in here for inner in named(item.type) for found in self.follow(inner, rest)]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that must hold.

    Attributes:
        id: its name, kebab-case; it never changes.
        check: finds where a catalogue does not hold it.
    """

    id: str
    check: Callable[[Facts], Iterable[Fault]]


def scalars_of(expression: TypeExpression) -> Iterator[ScalarType | None]:
    """The scalars at the ends of a type, None for each type of the catalogue."""
    match expression:
        case Scalar(kind):
            yield kind
        case Named():
            yield None
        case ListOf(inner) | MapOf(inner):
            yield from scalars_of(inner)
        case OneOf(options):
            for option in options:
                yield from scalars_of(option)


def named(expression: TypeExpression) -> Iterator[str]:
    """The types that a value itself may be, not those in its lists and maps."""
    match expression:
        case Named(name):
            yield name
        case OneOf(options):
            for option in options:
                yield from named(option)
        case _:
            return


def options_of(expression: TypeExpression) -> tuple[TypeExpression, ...]:
    """What a value may be: the options of a union, or the type itself."""
    return expression.options if isinstance(expression, OneOf) else (expression,)
