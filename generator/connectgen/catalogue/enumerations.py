"""Gives the facts that refer to an enumeration its values, so that everything else reads values in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from connectgen.catalogue.model import (
    Catalogue,
    Enumeration,
    Group,
    Operation,
    Resource,
    TypeDefinition,
    Value,
)

V = TypeVar("V", bound=Value)


def with_values(catalogue: Catalogue) -> Catalogue:
    """The same catalogue, in which facts that name an enumeration have its values too.

    A name that no enumeration has stays without values; a rule of the validator says so.
    """
    known = catalogue.enumerations
    if not known:
        return catalogue
    return replace(
        catalogue,
        groups=tuple(_group(group, known) for group in catalogue.groups),
        types={name: _type(definition, known) for name, definition in catalogue.types.items()},
    )


def _group(group: Group, known: Mapping[str, Enumeration]) -> Group:
    resources = tuple(_resource(resource, known) for resource in group.resources)
    return replace(group, resources=resources) if _changed(resources, group.resources) else group


def _resource(resource: Resource, known: Mapping[str, Enumeration]) -> Resource:
    parameters = _values(resource.parameters, known)
    operations = tuple(_operation(operation, known) for operation in resource.operations)
    if _changed(parameters, resource.parameters) or _changed(operations, resource.operations):
        return replace(resource, parameters=parameters, operations=operations)
    return resource


def _operation(operation: Operation, known: Mapping[str, Enumeration]) -> Operation:
    parameters = _values(operation.parameters, known)
    return replace(operation, parameters=parameters) if _changed(parameters, operation.parameters) else operation


def _type(definition: TypeDefinition, known: Mapping[str, Enumeration]) -> TypeDefinition:
    properties = _values(definition.properties, known)
    return replace(definition, properties=properties) if _changed(properties, definition.properties) else definition


def _changed(new: Iterable[object], old: Iterable[object]) -> bool:
    return any(one is not other for one, other in zip(new, old, strict=True))


def _values(values: tuple[V, ...], known: Mapping[str, Enumeration]) -> tuple[V, ...]:
    if all(value.enumeration is None for value in values):
        return values
    return tuple(_value(value, known.get(value.enumeration or "")) for value in values)


def _value(value: V, enumeration: Enumeration | None) -> V:
    """A fact with the values that hold in some version in which it does, each in the versions of both."""
    if enumeration is None:
        return value
    known = (
        one if one.span == value.span else replace(one, span=one.span.within(value.span)) for one in enumeration.values
    )
    return replace(value, values=tuple(one for one in known if one.span.since <= one.span.until), open=enumeration.open)
