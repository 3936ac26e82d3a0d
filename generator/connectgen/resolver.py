"""Resolves the catalogue at a version: the only place that asks whether something exists in version N."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, TypeVar, cast

from connectgen.catalogue.model import (
    Catalogue,
    Discriminator,
    FilterGroup,
    Method,
    Operation,
    OperationFacts,
    Pagination,
    Parameter,
    Property,
    Ranged,
    Required,
    Resource,
    Span,
    TypeDefinition,
    TypeFacts,
    Value,
    ValueFacts,
)
from connectgen.catalogue.types import TypeExpression, names_in
from connectgen.graph import reachable
from connectgen.surface import (
    Surface,
    SurfaceGroup,
    SurfaceOperation,
    SurfaceParameter,
    SurfaceProperty,
    SurfaceType,
    SurfaceValue,
)

T = TypeVar("T")


class UnknownVersionError(ValueError):
    """The catalogue has no such version; the message names those it has."""


def surface_at(catalogue: Catalogue, version: int) -> Surface:
    """What exists at one version.

    Args:
        catalogue: a validated catalogue.
        version: the version as a whole number, 67 for 67.0.

    Raises:
        UnknownVersionError: the catalogue does not have the version.
    """
    return _resolver(catalogue).at(version)


@lru_cache(maxsize=2)
def _resolver(catalogue: Catalogue) -> Resolver:
    return Resolver(catalogue)


class Resolver:
    """Resolves one catalogue at any of its versions; what does not differ between versions is one object."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._releases = {release.version: release for release in catalogue.releases}
        self._surfaces: dict[int, Surface] = {}
        self._operations: dict[tuple[int, int, Pagination | None], SurfaceOperation] = {}
        self._types: dict[tuple[str, int], SurfaceType] = {}
        self._breaks: dict[int, tuple[int, ...]] = {}
        self._known: dict[int, list[SurfaceOperation]] = {}
        self._known_types: dict[str, list[SurfaceType]] = {}
        self._named: dict[int, tuple[str, ...]] = {}

    def at(self, version: int) -> Surface:
        """The Surface of a version, made once."""
        if version not in self._releases:
            oldest, newest = min(self._releases), max(self._releases)
            raise UnknownVersionError(f"there is no version {version}.0: the catalogue has {oldest}.0 to {newest}.0")
        if version not in self._surfaces:
            groups = tuple(self._groups(version))
            self._surfaces[version] = Surface(
                release=self._releases[version],
                groups=groups,
                types=self._reachable(groups, version),
                status_codes=self._catalogue.status_codes,
            )
        return self._surfaces[version]

    def _groups(self, version: int) -> Iterator[SurfaceGroup]:
        for group in self._catalogue.groups:
            operations = tuple(
                self._operation(group.family, group.name, resource, operation, version)
                for resource in group.resources
                for operation in resource.operations
                if version in operation.span.within(resource.span)
            )
            if operations:
                yield SurfaceGroup(family=group.family, name=group.name, summary=group.summary, operations=operations)

    def _operation(
        self, family: str, group: str, resource: Resource, operation: Operation, version: int
    ) -> SurfaceOperation:
        if id(operation) not in self._breaks:
            self._breaks[id(operation)] = _breaks(_spans_of_operation(resource, operation))
        pagination = self._pagination(operation, version)
        key = (id(operation), bisect_right(self._breaks[id(operation)], version), pagination)
        if key not in self._operations:
            resolved = _resolve_operation(family, group, resource, operation, version, pagination)
            self._operations[key] = _same(self._known.setdefault(id(operation), []), resolved)
        return self._operations[key]

    def _pagination(self, operation: Operation, version: int) -> Pagination | None:
        """How the result pages at a version: without what its properties and parameters lack there."""
        pagination = operation.pagination
        if pagination is None:
            return None
        returns = [name for value in operation.returns if version in value.span for name in names_in(value.type)]
        bodies = [name for value in operation.bodies if version in value.span for name in names_in(value.type)]
        taken = {item.name for item in operation.parameters if version in item.span}
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
        definition = self._catalogue.types.get(type_name)
        while definition:
            yield from (item for item in definition.properties if version in item.span.within(definition.span))
            definition = self._catalogue.types.get(definition.extends or "")

    def _type(self, definition: TypeDefinition, version: int) -> SurfaceType:
        if id(definition) not in self._breaks:
            self._breaks[id(definition)] = _breaks(self._spans_of_type(definition))
        key = (definition.name, bisect_right(self._breaks[id(definition)], version))
        if key not in self._types:
            known = self._known_types.setdefault(definition.name, [])
            self._types[key] = _same(known, self._resolve_type(definition, version))
        return self._types[key]

    def _spans_of_type(self, definition: TypeDefinition) -> Iterator[Span]:
        yield definition.span
        for item in definition.properties:
            yield from _spans_of_value(item)
            yield from (ranged.span for ranged in item.groups)
        for name in definition.discriminator.values.values() if definition.discriminator else ():
            yield self._catalogue.types[name].span
            yield from (item.span for item in self._catalogue.types[name].properties)

    def _resolve_type(self, definition: TypeDefinition, version: int) -> SurfaceType:
        return _narrowed(
            SurfaceType,
            definition,
            discriminator=self._discriminator(definition.discriminator, version),
            properties=tuple(
                _property(item, definition.span, version)
                for item in definition.properties
                if version in item.span.within(definition.span)
            ),
        )

    def _discriminator(self, discriminator: Discriminator | None, version: int) -> Discriminator | None:
        if discriminator is None:
            return None
        values = {
            value: name for value, name in discriminator.values.items() if _exists(self._catalogue.types[name], version)
        }
        return Discriminator(property=discriminator.property, values=values, fallback=discriminator.fallback)

    def _reachable(self, groups: tuple[SurfaceGroup, ...], version: int) -> Mapping[str, SurfaceType]:
        roots = [name for group in groups for operation in group.operations for name in self._names(operation)]
        roots += [name for name, definition in self._catalogue.types.items() if definition.unreferenced]
        types: dict[str, SurfaceType] = {}

        def references_of(name: str) -> tuple[str, ...]:
            types[name] = self._type(self._catalogue.types[name], version)
            return self._names(types[name])

        return {name: types[name] for name in sorted(reachable(roots, references_of))}

    def _names(self, resolved: SurfaceOperation | SurfaceType) -> tuple[str, ...]:
        """The types that an operation or a type names; most are the same object in many versions."""
        if id(resolved) not in self._named:
            self._named[id(resolved)] = tuple(dict.fromkeys(types_named_by(resolved)))
        return self._named[id(resolved)]


def types_named_by(resolved: SurfaceOperation | SurfaceType) -> Iterator[str]:
    """The names of the types that an operation or a type refers to, in the order in which it names them."""
    if isinstance(resolved, SurfaceType) and resolved.extends:
        yield resolved.extends
    for expression in expressions_of(resolved):
        yield from names_in(expression)
    if isinstance(resolved, SurfaceType) and resolved.discriminator:
        yield from resolved.discriminator.values.values()
        if resolved.discriminator.fallback:
            yield resolved.discriminator.fallback


def expressions_of(resolved: SurfaceOperation | SurfaceType) -> Iterator[TypeExpression]:
    """The types of a type's properties, or of what an operation takes and returns."""
    if isinstance(resolved, SurfaceType):
        yield from (item.type for item in resolved.properties)
        return
    if resolved.body:
        yield resolved.body.type
    if resolved.returns:
        yield resolved.returns
    yield from (parameter.type for parameter in (*resolved.path_parameters, *resolved.parameters))


def _exists(definition: TypeDefinition, version: int) -> bool:
    """Whether a variant exists at a version: a type without dates of its own begins with its first property."""
    if version not in definition.span:
        return False
    return (
        not definition.properties
        or definition.span.since > 0
        or any(version in item.span for item in definition.properties)
    )


def _spans_of_value(value: Value) -> Iterator[Span]:
    yield value.span
    yield from (ranged.span for ranged in value.values)


def _spans_of_operation(resource: Resource, operation: Operation) -> Iterator[Span]:
    yield resource.span
    yield operation.span
    yield from (ranged.span for ranged in resource.paths)
    if resource.site:
        yield resource.site
    if resource.requires_chatter:
        yield resource.requires_chatter
    for value in (*resource.parameters, *operation.parameters, *operation.bodies, *operation.returns):
        yield from _spans_of_value(value)
    yield from (part.span for part in operation.parts)


def _breaks(spans: Iterable[Span]) -> tuple[int, ...]:
    """The versions at which something begins or has just ended."""
    return tuple(sorted({edge for span in spans for edge in (span.since, span.until + 1)}))


def _same(known: list[T], resolved: T) -> T:
    """The object that is known and equal, or this one, known from now on."""
    for other in known:
        if other == resolved:
            return other
    known.append(resolved)
    return resolved


@cache
def _fields_of_both(fact_type: type, other: type) -> tuple[tuple[str, ...], attrgetter[tuple[object, ...]]]:
    names = {item.name for item in fields(other)}
    both = tuple(item.name for item in fields(fact_type) if item.name in names)
    return both, attrgetter(*both)


def _narrowed(fact_type: type[T], fact: ValueFacts | OperationFacts | TypeFacts, **at_version: object) -> T:
    """A fact of the catalogue as it is at a version: all that is said of it, and what follows from the version.

    Args:
        fact_type: the class of the facts.
        fact: the catalogue's.
        at_version: what depends on the version, or on the owner.
    """
    names, values_of = _fields_of_both(cast("Any", fact_type), cast("Any", type(fact)))
    return cast("Callable[..., T]", fact_type)(**dict(zip(names, values_of(fact), strict=True)) | at_version)


def _current(ranged: Iterable[Ranged[T]], version: int) -> T | None:
    return next((item.value for item in ranged if version in item.span), None)


def _resolve_operation(
    family: str, group: str, resource: Resource, operation: Operation, version: int, pagination: Pagination | None
) -> SurfaceOperation:
    span = operation.span.within(resource.span)
    body = next((value for value in operation.bodies if version in value.span), None)
    returns = next((value.type for value in operation.returns if version in value.span), None)
    path: str | None = _current(resource.paths, version)
    return _narrowed(
        SurfaceOperation,
        operation,
        family=family,
        group=group,
        path=path or resource.path,
        site=resource.site is not None and version in resource.site,
        span=span,
        guide=resource.guide,
        requires_chatter=resource.requires_chatter is not None and version in resource.requires_chatter,
        path_parameters=_path_parameters(resource, operation, version),
        parameters=tuple(_parameters(operation.parameters, operation.method, span, version)),
        body=_body(body, operation.method, span, version) if body else None,
        parts=tuple(part for part in operation.parts if version in part.span),
        returns=returns,
        status=operation.status or ((200,) if returns or operation.method == "HEAD" else (204,)),
        pagination=pagination,
        retry=operation.retry or ("unsafe" if operation.method in ("POST", "PATCH") else "safe"),
    )


def _path_parameters(resource: Resource, operation: Operation, version: int) -> tuple[SurfaceParameter, ...]:
    path = _current(resource.paths, version) or resource.path
    found = {item.name: item for item in _parameters(resource.parameters, operation.method, resource.span, version)}
    return tuple(
        found[segment[1:-1]] for segment in path.split("/") if segment.startswith("{") and segment[1:-1] in found
    )


def _parameters(
    parameters: Iterable[Parameter], method: Method, owner: Span, version: int
) -> Iterator[SurfaceParameter]:
    for parameter in parameters:
        span = parameter.span.within(owner)
        if version in span:
            required: Required = True if parameter.place == "path" else _required(parameter.required, method)
            values = _values(parameter, version)
            yield _narrowed(SurfaceParameter, parameter, span=span, required=required, values=values)


def _body(value: Value, method: Method, owner: Span, version: int) -> SurfaceValue:
    return _narrowed(
        SurfaceValue,
        value,
        name="body",
        span=value.span.within(owner),
        required=_required(value.required, method),
        values=_values(value, version),
    )


def _property(item: Property, owner: Span, version: int) -> SurfaceProperty:
    required: Required = False
    required_for: tuple[Method, ...] = ()
    if isinstance(item.required, Mapping):
        required_for = tuple(method for method, needed in item.required.items() if needed is True)
        everywhere = all(needed is True for needed in item.required.values()) and len(item.required) > 1
        required = True if everywhere else "conditional"
    else:
        required = item.required
    filter_group: FilterGroup | None = _current(item.groups, version)
    return _narrowed(
        SurfaceProperty,
        item,
        span=item.span.within(owner),
        required=required,
        required_for=required_for,
        values=_values(item, version),
        group=filter_group,
        secret=item.secret,
    )


def _required(required: Required | Mapping[Method, Required], method: Method) -> Required:
    return required.get(method, False) if isinstance(required, Mapping) else required


def _values(value: Value, version: int) -> tuple[str, ...]:
    return tuple(ranged.value for ranged in value.values if version in ranged.span)
