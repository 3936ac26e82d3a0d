"""What pagination and waits are at a version: without what the version lacks of the things that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from connectgen.catalogue.model import Catalogue, Operation, Pagination, Property, Resource, Span, TypeDefinition, Wait
from connectgen.catalogue.types import names_in
from connectgen.naming import waiter_name
from connectgen.surface import NextPages

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Narrowing:
    """Narrows pagination and waits to a version.

    Args:
        catalogue: the catalogue.
        spans: in which versions each operation exists, by its full name.
    """

    def __init__(self, catalogue: Catalogue, spans: Mapping[str, list[Span]]) -> None:
        self._catalogue = catalogue
        self._spans = spans
        self._operations = _by_name(catalogue)

    def spans_of(self, operation: Operation) -> Iterator[Span]:
        """The versions of all that its pagination and its waits name."""
        yield from self._spans_of_pagination(operation)
        yield from self._spans_of_waits(operation)

    def waits(self, operation: Operation, version: int) -> tuple[Wait, ...]:
        """The waits that hold at a version; what begins something has the name of the method that waits for it."""
        found = (self._wait(operation, wait, version) for wait in operation.waits)
        return tuple(wait for wait in found if wait)

    def _spans_of_pagination(self, operation: Operation) -> Iterator[Span]:
        """The versions of all properties that pagination may name."""
        pagination = operation.pagination
        if pagination is None:
            return
        for path in (pagination.items, pagination.next, pagination.has_more, pagination.total):
            for name in (name for value in operation.returns for name in names_in(value.type)):
                yield from self._spans_of_path(name, path or "")
        for path in (pagination.parameter, pagination.size):
            for name in (name for value in operation.bodies for name in names_in(value.type)):
                yield from self._spans_of_path(name, path or "")
        yield from self._spans.get(pagination.continued_by or "", ())

    def _spans_of_waits(self, operation: Operation) -> Iterator[Span]:
        """The versions of the waits, of all properties that they name, and of what they name to wait with."""
        for wait in operation.waits:
            yield wait.span
            for path in filter(None, (wait.property, wait.ended)):
                for name in (name for value in operation.returns for name in names_in(value.type)):
                    yield from self._spans_of_path(name, path)
            if wait.operation and wait.operation in self._operations:
                shown = self._operations[wait.operation][1]
                yield from self._spans[wait.operation]
                yield from self._spans_of_waits(shown)

    def next_pages(self, operation: Operation, pagination: Pagination | None, version: int) -> NextPages | None:
        """The operation that gets all pages but the first; None where it is the same."""
        if pagination is None or not pagination.continued_by:
            return None
        resource, following = self._operations[pagination.continued_by]
        known = {item.name for item in operation.parameters if version in item.span and item.place == "query"}
        return NextPages(
            operation=pagination.continued_by,
            path=tuple(_PLACEHOLDER.findall(resource.path)),
            query=tuple(item.name for item in following.parameters if version in item.span and item.name in known),
        )

    def _wait(self, operation: Operation, wait: Wait, version: int) -> Wait | None:
        """A wait at a version; None where what it names does not exist there."""
        if version not in wait.span:
            return None
        if wait.operation:
            _, shown = self._operations[wait.operation]
            named = ((waiter_name(shown.name, other.name), other) for other in shown.waits if not other.operation)
            exists = any(version in span for span in self._spans[wait.operation])
            fitting = [
                name
                for name, other in named
                if exists and wait.name in (None, name) and self._wait(shown, other, version)
            ]
            return replace(wait, name=fitting[0]) if fitting else None
        # An end that a version lacks would be waited for in vain; an HTTP status is in all of them.
        path = wait.property or wait.ended
        returns = [name for value in operation.returns if version in value.span for name in names_in(value.type)]
        can_tell = bool(wait.pending_status) or any(self._has(name, path or "", version) for name in returns)
        return wait if can_tell else None

    def _spans_of_path(self, type_name: str, path: str) -> Iterator[Span]:
        first, _, rest = path.partition(".")
        for definition in self._with_ancestors(type_name):
            for item in definition.properties:
                if item.name == first:
                    yield item.span.within(definition.span)
                    for name in names_in(item.type) if rest else ():
                        yield from self._spans_of_path(name, rest)

    def _taken_by_next(self, resource: Resource, pagination: Pagination, version: int) -> set[str]:
        """What the call of the next page takes beside the operation's own parameters."""
        if not pagination.continued_by:
            return {item.name for item in resource.parameters if version in item.span}
        resource, following = self._operations[pagination.continued_by]
        if not any(version in span for span in self._spans[pagination.continued_by]):
            return set()
        return {item.name for item in (*resource.parameters, *following.parameters) if version in item.span}

    def pagination(self, resource: Resource, operation: Operation, version: int) -> Pagination | None:
        """How the result pages at a version: without what its properties and parameters lack there."""
        pagination = operation.pagination
        if pagination is None:
            return None
        returns = [name for value in operation.returns if version in value.span for name in names_in(value.type)]
        bodies = [name for value in operation.bodies if version in value.span for name in names_in(value.type)]
        taken = {item.name for item in operation.parameters if version in item.span}
        taken |= self._taken_by_next(resource, pagination, version)
        taken |= {item.name for name in bodies for item in self._properties(name, version)}

        def if_present(path: str | None) -> str | None:
            return path if path and any(self._has(name, path, version) for name in returns) else None

        if pagination.items and not if_present(pagination.items):
            return None
        following = if_present(pagination.next)
        parameter = pagination.parameter if pagination.parameter in taken else None
        lacking = (pagination.next and not following) or (pagination.parameter and not parameter)
        return replace(
            pagination,
            style="none" if lacking else pagination.style,
            next=None if lacking else following,
            parameter=None if lacking else parameter,
            continued_by=None if lacking else pagination.continued_by,
            size=pagination.size if pagination.size in taken else None,
            has_more=if_present(pagination.has_more),
            total=if_present(pagination.total),
        )

    def _has(self, type_name: str, path: str, version: int) -> bool:
        """Whether a type has a property, dotted where it is nested, at a version."""
        first, _, rest = path.partition(".")
        here = [item for item in self._properties(type_name, version) if item.name == first]
        if not rest:
            return bool(here)
        return any(self._has(name, rest, version) for item in here for name in names_in(item.type))

    def _properties(self, type_name: str, version: int) -> Iterator[Property]:
        for definition in self._with_ancestors(type_name):
            yield from properties_at(definition, version)

    def _with_ancestors(self, type_name: str) -> Iterator[TypeDefinition]:
        definition = self._catalogue.types.get(type_name)
        while definition:
            yield definition
            definition = self._catalogue.types.get(definition.extends or "")


def spans_by_name(catalogue: Catalogue) -> Mapping[str, list[Span]]:
    """In which versions each operation exists, by its full name."""
    spans: dict[str, list[Span]] = {}
    for group in catalogue.groups:
        for resource in group.resources:
            for operation in resource.operations:
                name = f"{group.family}.{group.name}.{operation.name}"
                spans.setdefault(name, []).append(operation.span.within(resource.span))
    return spans


def _by_name(catalogue: Catalogue) -> Mapping[str, tuple[Resource, Operation]]:
    """Each operation with its resource, by its full name."""
    return {
        f"{group.family}.{group.name}.{operation.name}": (resource, operation)
        for group in catalogue.groups
        for resource in group.resources
        for operation in resource.operations
    }


def properties_at(definition: TypeDefinition, version: int) -> Iterator[Property]:
    """The properties that a type has at a version, without those that it inherits."""
    if version in definition.span:
        yield from (item for item in definition.properties if version in item.span)
