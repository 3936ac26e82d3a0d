"""Every place in the catalogue that has a description, or should have one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from connectgen.catalogue.model import Catalogue, Group, Location, Operation, Resource, Value

Place = Literal["summary", "argument", "property", "value"]
"""What is described: a family, group, operation, type or enumeration as a whole, or what is in it."""


@dataclass(frozen=True, slots=True)
class Description:
    """A description, whose it is (`owner` with a `name` in it), and where it is."""

    shown: str
    owner: str
    name: str
    text: str | None
    location: Location
    place: Place
    described_by_name: bool = False

    @property
    def is_phrase(self) -> bool:
        """Whether it is a phrase about a value, no sentence about an operation, type or group."""
        return self.place != "summary"


def descriptions(catalogue: Catalogue) -> Iterator[Description]:
    """Every place of a description; one that several operations share is one of them."""
    seen: set[tuple[Location, str]] = set()
    for one in (*_of_groups(catalogue), *_of_types(catalogue), *_of_lists(catalogue)):
        if (one.location, one.name) not in seen:
            seen.add((one.location, one.name))
            yield one


def _of_groups(catalogue: Catalogue) -> Iterator[Description]:
    for group in catalogue.groups:
        shown = f"{group.family}.{group.name}"
        yield Description(shown, group.family, group.name, group.summary, group.location, "summary")
        family = catalogue.families.get(group.family)
        at = family.location if family else Location("families.yaml", 1)
        summary = family.summary if family else None
        yield Description(f"the family {group.family}", "", group.family, summary, at, "summary")
    for group in catalogue.groups:
        for resource in group.resources:
            for operation in resource.operations:
                yield from _of_operation(group, resource, operation)


def _of_operation(group: Group, resource: Resource, operation: Operation) -> Iterator[Description]:
    shown = f"{group.family}.{group.name}.{operation.name}"
    yield Description(shown, shown, operation.name, operation.summary, operation.location, "summary")
    if operation.description:
        yield Description(f"{shown}, in full", shown, "", operation.description, operation.location, "summary")
    for parameter in (*resource.parameters, *operation.parameters):
        yield from _of_value(f"{shown}({parameter.name})", shown, parameter.name, parameter, "argument")
    for body in operation.bodies:
        yield from _of_value(f"the body of {shown}", shown, "body", body, "argument")
    for part in operation.parts:
        yield Description(f"{shown}({part.name})", shown, part.name, part.description, part.location, "argument")


def _of_types(catalogue: Catalogue) -> Iterator[Description]:
    for definition in catalogue.types.values():
        name = definition.name
        if definition.summary:  # the linter's rule type-summary finds others
            yield Description(name, name, name, definition.summary, definition.location, "summary")
        for item in definition.properties:
            yield from _of_value(f"{name}.{item.name}", name, item.name, item, "property")


def _of_lists(catalogue: Catalogue) -> Iterator[Description]:
    for enumeration in catalogue.enumerations.values():
        name = enumeration.name
        yield Description(name, name, name, enumeration.summary, enumeration.location, "summary")
        for one in enumeration.values:
            shown = f"{one.value} of {name}"
            yield Description(shown, name, one.value, one.description, enumeration.location, "value")


def _of_value(shown: str, owner: str, name: str, value: Value, place: Place) -> Iterator[Description]:
    """A value, and each that it may have where they are listed with it."""
    by_name = value.described_by_name
    yield Description(shown, owner, name, value.description, value.location, place, by_name)
    if not value.enumeration:
        for known, text in {one.value: one.description for one in value.values}.items():
            yield Description(f"{known} of {shown}", shown, known, text, value.location, "value", by_name)
