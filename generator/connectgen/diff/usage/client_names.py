"""What a client's package calls things: operations and their iterating twins, groups, families, models and fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, TypeExpression
from connectgen.diff.usage.things import NOTHING, Many, Model, ModelClass, Table, Value, join
from connectgen.iterators import has_pages, item_of_page, names_of_iterators, waits_of
from connectgen.naming import class_name, group_class, is_reserved_argument, is_reserved_field, snake_case
from connectgen.surface import Surface, SurfaceOperation, SurfaceProperty

PACKAGE = re.compile(r"sf_connect\.v\d+")
"""Packages of clients."""
CLIENT_CLASSES = frozenset(["Connect", "AsyncConnect"])
_ALIAS = re.compile(r"(?:Any(?P<new>\w+)|(?P<old>\w+)Kinds)")


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field of a model's class."""

    owner: str
    """The type that has the property: the class's own, or one that it extends."""
    name: str
    """The property."""
    type: TypeExpression


class ClientNames:
    """The names of one version's client.

    Args:
        surface: the version.
        every: surfaces of the catalogue over which names of iterators and of groups' classes are assigned.
    """

    def __init__(self, surface: Surface, every: Sequence[Surface]) -> None:
        self._surface = surface
        self.types = surface.types
        self.enumerations = surface.enumerations.keys()
        self._all_types = frozenset(name for one in every for name in one.types)
        self.families = frozenset(group.family for group in surface.groups)
        self.groups = frozenset(f"{group.family}.{group.name}" for group in surface.groups)
        self.operations: dict[str, SurfaceOperation] = {}
        self.iterators: dict[str, str] = {}
        """The operation by its iterating method: `votes.polls.iter` → `votes.polls.list`."""
        self.waiters: dict[str, str] = {}
        """The operation by the method that waits with it: `votes.polls.wait_for_end` → `votes.polls.get`."""
        names = names_of_iterators(every)
        for group in surface.groups:
            prefix = f"{group.family}.{group.name}."
            twins = names[group.family, group.name]
            for operation in group.operations:
                self.operations[prefix + operation.name] = operation
                self.waiters.update({prefix + name: prefix + operation.name for name in waits_of(operation)})
                if has_pages(operation):
                    self.iterators[prefix + twins[operation.name]] = prefix + operation.name
        self._fields: dict[str, Mapping[str, FieldName]] = {}
        self._results: dict[str, Value] = {}

    def method(self, group: str, name: str) -> tuple[str, bool] | None:
        """The operation that a method of a group is, and whether it iterates."""
        full = f"{group}.{name}"
        if full in self.operations:
            return full, False
        if full in self.waiters:
            return self.waiters[full], False
        return (self.iterators[full], True) if full in self.iterators else None

    def result(self, operation: str, *, iterates: bool) -> Value:
        """What a call of an operation gives."""
        if operation not in self._results:
            returns = self.operations[operation].returns
            self._results[operation] = self.value_of(returns) if returns else NOTHING
        page = self._results[operation]
        if not iterates:
            return page
        item = item_of_page(self.operations[operation], self.types)
        return frozenset([Many(self.value_of(item) if item else NOTHING, page)])

    def value_of(self, expression: TypeExpression) -> Value:
        """Objects that a type of the catalogue stands for."""
        match expression:
            case Named(name):
                return frozenset(Model(one) for one in self.variants(name))
            case ListOf(item):
                return frozenset([Many(self.value_of(item))])
            case MapOf(value):
                return frozenset([Table(self.value_of(value))])
            case OneOf(options):
                return join(self.value_of(option) for option in options)
            case _:
                return NOTHING

    def variants(self, name: str) -> Iterator[str]:
        """The classes that a type stands for: several where it is discriminated."""
        yield name
        found = self.types.get(name)
        if found and found.discriminator:
            yield from (one for one in found.discriminator.values.values() if one != name)

    def fields(self, type_name: str) -> Mapping[str, FieldName]:
        """The fields of a class by their Python names, inherited ones too."""
        if type_name not in self._fields:
            found: dict[str, FieldName] = {}
            name: str | None = type_name
            while name and name in self.types:
                for item in self.types[name].properties:
                    found.setdefault(field_name(item.name), FieldName(name, item.name, item.type))
                name = self.types[name].extends
            self._fields[type_name] = found
        return self._fields[type_name]

    def is_a(self, name: str, base: str) -> bool:
        """Whether a type is another, or extends it."""
        one: str | None = name
        while one:
            if one == base:
                return True
            one = self.types[one].extends if one in self.types else None
        return False

    def model_class(self, name: str) -> Value:
        """The class, or the classes of a union's alias, that a name of the models stands for."""
        if name in self.types:
            return frozenset([ModelClass(name)])
        alias = _ALIAS.fullmatch(name)
        if alias and (alias["new"] or alias["old"]) in self.types:
            return frozenset(ModelClass(one) for one in self.variants(alias["new"] or alias["old"]))
        parts = name.split("Or")
        if len(parts) > 1 and all(part in self.types for part in parts):
            return frozenset(ModelClass(one) for part in parts for one in self.variants(part))
        return NOTHING

    def group_class(self, module: str, name: str) -> str | None:
        """The group or family of whose class a name is, imported from a module."""
        found = self._classes.get(name.removeprefix("Async"), ())
        parts = module.split(".")
        return next((one for one in found if one.partition(".")[0] in parts), found[0] if found else None)

    @cached_property
    def _classes(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for group in sorted(self.groups):
            found.setdefault(group_class(group.partition(".")[2], self._all_types), []).append(group)
        for family in sorted(self.families):
            found.setdefault(f"{class_name(family)}Family", []).append(family)
        return found


def argument_name(name: str) -> str:
    """The Python name of a parameter."""
    python_name = snake_case(name)
    return f"{python_name}_" if is_reserved_argument(python_name) else python_name


def field_name(name: str) -> str:
    """The Python name of a property."""
    python_name = snake_case(name)
    return f"{python_name}_" if is_reserved_field(python_name) else python_name


def properties_of(surface: Surface) -> Iterable[tuple[str, SurfaceProperty]]:
    """All properties with their types' names."""
    return ((name, item) for name, one in surface.types.items() for item in one.properties)
