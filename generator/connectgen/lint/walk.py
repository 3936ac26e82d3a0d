"""Ways through the catalogue that several rules take."""

from __future__ import annotations

from collections.abc import Iterator

from connectgen.catalogue.model import (
    Catalogue,
    Group,
    Operation,
    Parameter,
    Property,
    Resource,
    TypeDefinition,
    Value,
)
from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, TypeExpression


def operations(catalogue: Catalogue) -> Iterator[tuple[Group, Resource, Operation]]:
    """Every operation with its resource and group."""
    for group in catalogue.groups:
        for resource in group.resources:
            for operation in resource.operations:
                yield group, resource, operation


def values(catalogue: Catalogue) -> Iterator[tuple[str, Value]]:
    """Every fact that has a type, with a name to show: parameters, bodies, results, properties."""
    for group, resource, operation in operations(catalogue):
        name = f"{group.family}.{group.name}.{operation.name}"
        if operation is resource.operations[0]:
            for parameter in resource.parameters:
                yield f"{resource.path} {parameter.name}", parameter
        for parameter in operation.parameters:
            yield f"{name}({parameter.name})", parameter
        for value in operation.bodies:
            yield f"the body of {name}", value
        for value in operation.returns:
            yield f"the result of {name}", value
    for definition in catalogue.types.values():
        for item in definition.properties:
            yield f"{definition.name}.{item.name}", item


def inputs(catalogue: Catalogue) -> Iterator[tuple[str, Parameter | Property]]:
    """What a caller gives: parameters, and properties of inputs."""
    for shown, value in values(catalogue):
        if isinstance(value, Parameter) or (isinstance(value, Property) and _is_of_input(shown)):
            yield shown, value


def _is_of_input(shown: str) -> bool:
    return shown.partition(".")[0].endswith("Input")


def all_properties(catalogue: Catalogue, definition: TypeDefinition) -> list[Property]:
    """A type's own properties and those of the types that it extends."""
    found: list[Property] = []
    seen: set[str] = set()
    current: TypeDefinition | None = definition
    while current and current.name not in seen:
        seen.add(current.name)
        found += current.properties
        current = catalogue.types.get(current.extends or "")
    return found


def named(expression: TypeExpression) -> list[str]:
    """The types that a value itself may be, not those in its lists and maps."""
    match expression:
        case Named(name):
            return [name]
        case OneOf(options):
            return [name for option in options for name in named(option)]
        case _:
            return []


def follow(catalogue: Catalogue, type_name: str, path: str) -> list[Property]:
    """The facts of the property at a dotted path below a type; empty where there is none."""
    first, _, rest = path.partition(".")
    definition = catalogue.types.get(type_name)
    here = [item for item in all_properties(catalogue, definition) if item.name == first] if definition else []
    if not rest:
        return here
    return [found for item in here for name in named(item.type) for found in follow(catalogue, name, rest)]


def is_list(expression: TypeExpression) -> bool:
    """Whether a value is a list (or a map, whose values are its items)."""
    return isinstance(expression, ListOf | MapOf)
