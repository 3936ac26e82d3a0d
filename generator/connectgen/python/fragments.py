"""Fragments of code that packages are put together from: each rendered and formatted once over all versions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from connectgen.catalogue.types import Named, OneOf, TypeExpression
from connectgen.iterators import item_of_page, names_of_iterators
from connectgen.mentions import Mentions
from connectgen.python.annotations import Annotator, Needs, Union
from connectgen.python.constants import Constants
from connectgen.python.enumeration_views import enumeration_view
from connectgen.python.formatting import FragmentFormatter
from connectgen.python.model_views import model_view
from connectgen.python.modules import assign_enumerations, assign_modules
from connectgen.python.operation_views import Writers, iterator_view, operation_view
from connectgen.python.templates import Templates
from connectgen.python.unions import union_names
from connectgen.python.views import OperationView, Viewed
from connectgen.python.waiter_views import waiter_views
from connectgen.surface import (
    Surface,
    SurfaceEnumeration,
    SurfaceGroup,
    SurfaceOperation,
    SurfaceType,
    distinct_groups,
)

T = TypeVar("T")
_HIDING = ("list", "dict", "str", "bool", "int", "float", "object", "bytes")


@dataclass(frozen=True)
class OperationFragments:
    """An operation's description, and its methods with what their module must provide."""

    viewed: Viewed
    description: str
    methods: tuple[str, ...]
    async_methods: tuple[str, ...]
    iterator: Viewed | None = None
    waits: tuple[str, ...] = ()
    """The descriptions of the ends that it shows."""

    @property
    def fragments(self) -> tuple[str, ...]:
        """All that is to be formatted."""
        return (self.description, *self.waits, *self.methods, *self.async_methods)

    @property
    def needs(self) -> Iterable[Needs]:
        """What the module must provide."""
        return (self.viewed.needs, *([self.iterator.needs] if self.iterator else []))


Operations = Sequence[tuple[SurfaceOperation, TypeExpression | None]]
"""Operations of a group, each with the type of the items of its pages."""


class Fragments:
    """All fragments, and what several modules need to put them together.

    Args:
        surfaces: all versions of the catalogue (modules of types are assigned over all of them).
        templates: renders.
        formatter: formats.
    """

    def __init__(self, surfaces: Sequence[Surface], templates: Templates, formatter: FragmentFormatter) -> None:
        self.templates = templates
        self.formatter = formatter
        self.modules = assign_modules(surfaces)
        self.enumerations = assign_enumerations(surfaces)
        self.iterators = names_of_iterators(surfaces)
        self.hidden = _hidden_builtins(surfaces)
        self.mentions = Mentions(surfaces)
        self._unions = union_names(surfaces)
        types = distinct(resolved for surface in surfaces for resolved in surface.types.values())
        self._summaries = {resolved.name: resolved.summary for resolved in types if resolved.summary}
        self._discriminated = frozenset(resolved.name for resolved in types if resolved.discriminator)
        self.constants = Constants(types)
        self._needed_as_classes = _needed_as_classes(types)
        self._viewed: dict[int, Viewed] = {}
        self._types: dict[int, Sequence[str]] = {}
        self._enumerations: dict[int, str] = {}
        self._operations: dict[tuple[int, TypeExpression | None], OperationFragments] = {}

    def prepare_types(self, types: Iterable[SurfaceType]) -> None:
        """Render types, and let workers format them."""
        for resolved in types:
            if id(resolved) not in self._types:
                self.formatter.announce(self.of_type(resolved))

    def prepare_enumerations(self, enumerations: Iterable[SurfaceEnumeration]) -> None:
        """Render enumerations, and let workers format them."""
        self.formatter.announce([self.of_enumeration(one) for one in enumerations if id(one) not in self._enumerations])

    def prepare_operations(self, operations: Operations) -> None:
        """Render operations, and let workers format them."""
        for operation, item in operations:
            if (id(operation), item) not in self._operations:
                made = self.of_operation(operation, item)
                unions = [self.union(union) for needs in made.needs for union in needs.unions]
                self.formatter.announce([*made.fragments, *unions])

    def of_type(self, resolved: SurfaceType) -> Sequence[str]:
        """A type's class, then its aliases; not formatted."""
        if id(resolved) not in self._types:
            annotator = Annotator(self._discriminated, self._unions)
            constants = self.constants.of(resolved.name)
            viewed = model_view(resolved, annotator, self.mentions, constants, is_map=self.is_map(resolved))
            fragments = [self.templates.render("sf_connect/version/models/model.jinja", viewed.view)]
            if viewed.union:
                fragments.append(
                    self.templates.render("sf_connect/version/models/discriminated_union.jinja", viewed.union)
                )
            fragments += [self.union(union) for union in sorted_unions(viewed.needs.unions)]
            self._viewed[id(resolved)] = viewed
            self._types[id(resolved)] = fragments
        return self._types[id(resolved)]

    def of_enumeration(self, enumeration: SurfaceEnumeration) -> str:
        """An enumeration's alias; not formatted."""
        if id(enumeration) not in self._enumerations:
            view = enumeration_view(enumeration, self.mentions)
            template = "sf_connect/version/models/enumeration.jinja"
            self._enumerations[id(enumeration)] = self.templates.render(template, view)
        return self._enumerations[id(enumeration)]

    def is_map(self, resolved: SurfaceType) -> bool:
        """Whether nothing is known of a response's type: a class without properties would lose all that arrives."""
        is_bare = not (resolved.properties or resolved.extends or resolved.discriminator or resolved.is_input)
        return is_bare and resolved.name not in self._needed_as_classes

    def of_operation(self, operation: SurfaceOperation, item: TypeExpression | None) -> OperationFragments:
        """An operation's fragments; not formatted."""
        key = (id(operation), item)
        if key not in self._operations:
            group = (operation.family, operation.group)
            annotator = Annotator(self._discriminated, self._unions, self.hidden.get(group, ()))
            writers = Writers(annotator, self.mentions, self._summaries)
            name = self.iterators[group][operation.name] if item is not None else None
            viewed = operation_view(operation, writers, name)
            iterator = None
            shown: list[tuple[str, object]] = [("method", viewed.view)]
            if name is not None and item is not None:
                iterator = iterator_view(operation, name, item, writers)
                shown.append(("iterator", iterator.view))
            waiters = waiter_views(operation, cast("OperationView", viewed.view), self.mentions)
            shown += [("waiter", waiter) for waiter in waiters]
            folder = "sf_connect/version/groups"
            methods, async_methods = (
                tuple(
                    self.templates.render(f"{folder}/{template}.jinja", view, asynchronous=asynchronous)
                    for template, view in shown
                )
                for asynchronous in (False, True)
            )
            description = self.templates.render(f"{folder}/description.jinja", viewed.view)
            waits = tuple(self.templates.render(f"{folder}/wait.jinja", waiter) for waiter in waiters)
            self._operations[key] = OperationFragments(viewed, description, methods, async_methods, iterator, waits)
        return self._operations[key]

    def summary_of_body(self, operation: SurfaceOperation) -> str | None:
        """What the type of an operation's body is, where it is one."""
        body = operation.body
        return self._summaries.get(body.type.name) if body and isinstance(body.type, Named) else None

    def place_of(self, name: str) -> tuple[str | None, bool, bool]:
        """The module of a type, whether its name stands for a union, and whether another type has that union's name."""
        return self.modules.get(name), name in self._discriminated, f"Any{name}" in self.modules

    def name_of_union(self, union: OneOf) -> str | None:
        """The name of a union that has one of its own."""
        return self._unions.get(union)

    def union(self, union: Union) -> str:
        """The alias of a union; not formatted."""
        return self.templates.render("sf_connect/version/models/union.jinja", union)

    def viewed(self, resolved: SurfaceType) -> Viewed:
        """The view of a type."""
        self.of_type(resolved)
        return self._viewed[id(resolved)]

    def formatted(self, fragment: str) -> str:
        """The formatted text of a fragment."""
        return self.formatter.formatted(fragment)

    def imports(
        self,
        needs: Needs,
        core: Sequence[str],
        models: str,
        *,
        builtins: bool = False,
        own: str | None = None,
        first: Sequence[str] = (),
    ) -> str:
        """A module's imports, formatted.

        Args:
            needs: what its fragments need.
            core: names to import from the runtime.
            models: the package of the models, as the module writes it.
            builtins: whether a name of its own hides a builtin.
            own: the module of models that it is, None for others.
            first: lines that come first.
        """
        lines = list(first)
        if builtins:
            lines.append("import builtins")
        if needs.datetime:
            lines.append("import datetime")
        typing = [("TYPE_CHECKING", bool(needs.unions)), ("overload", needs.overload)]
        if imported := [name for name, is_needed in typing if is_needed]:
            lines.append(f"from typing import {', '.join(imported)}")
        core = [*core, *needs.core]
        if own is None and any(union.classes for union in needs.unions):
            core.append("untagged_union")
        lines += ["", f"from sf_connect.core import {', '.join(sorted(core))}" if core else "", ""]
        modules: dict[str, list[str]] = {}
        for name in needs.types:
            module = self.modules[name.removeprefix("Any") if name not in self.modules else name]
            if module != own:
                modules.setdefault(module, []).append(name)
        for name in needs.enumerations:
            modules.setdefault(self.enumerations[name], []).append(name)
        lines += [
            (
                f"from {models}{module} import {', '.join(sorted(names))}"
                if models == "."
                else f"from {models}.{module} import {', '.join(sorted(names))}"
            )
            for module, names in sorted(modules.items())
        ]
        text = "\n".join(lines).strip("\n") + "\n"
        return self.formatted(text).strip("\n")


def distinct(items: Iterable[T]) -> list[T]:
    """Each object once, in order."""
    return list({id(item): item for item in items}.values())


def with_items(group: SurfaceGroup, surface: Surface) -> Operations:
    """Operations of a group, each with the type of the items of its pages."""
    return [(operation, item_of_page(operation, surface.types)) for operation in group.operations]


def sorted_unions(unions: Iterable[Union]) -> list[Union]:
    """Unions in the order of their names."""
    return sorted(unions, key=lambda union: union.name)


def merge(parts: Iterable[Needs]) -> Needs:
    """What several fragments need together."""
    whole = Needs()
    for part in parts:
        whole.types |= part.types
        whole.unions |= part.unions
        whole.enumerations |= part.enumerations
        whole.core |= part.core
        whole.datetime |= part.datetime
        whole.overload |= part.overload
    return whole


def _needed_as_classes(types: Iterable[SurfaceType]) -> frozenset[str]:
    """Types that others extend, or that are variants of a union: in any version, so that they are the same in all."""
    found = {resolved.extends for resolved in types if resolved.extends}
    for resolved in types:
        if resolved.discriminator:
            found |= {*resolved.discriminator.values.values(), resolved.discriminator.fallback or resolved.name}
    return frozenset(found)


def _hidden_builtins(surfaces: Iterable[Surface]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Builtins that an operation's name hides in its group's class, in any version."""
    hidden: dict[tuple[str, str], set[str]] = {}
    for group in distinct_groups(surfaces):
        names = {operation.name for operation in group.operations}.intersection(_HIDING)
        hidden.setdefault((group.family, group.name), set()).update(names)
    return {group: tuple(sorted(names)) for group, names in hidden.items()}
