"""Resolves the catalogue at a version: the only place that asks whether something exists in version N."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, TypeVar, cast

from connectgen.catalogue.model import (
    Catalogue,
    FilterGroup,
    Group,
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
from connectgen.catalogue.types import Scalar, TypeExpression, names_in
from connectgen.narrowing import Narrowing, properties_at, spans_by_name
from connectgen.resolver_enumerations import EnumerationResolver, meaning_of
from connectgen.resolver_references import ReferenceResolver, discriminator_at, exists, spans_of_variants
from connectgen.stretches import Stretches
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
    return resolver_of(catalogue).at(version)


@lru_cache(maxsize=2)
def resolver_of(catalogue: Catalogue) -> Resolver:
    """The resolver of a catalogue, for those who need parts of a version and not all of it."""
    return Resolver(catalogue)


@dataclass(frozen=True, slots=True)
class _OperationOfGroup:
    resource: Resource
    operation: Operation
    span: Span
    stretches: Stretches[SurfaceOperation]


@dataclass(frozen=True, slots=True)
class _Group:
    group: Group
    operations: tuple[_OperationOfGroup, ...]
    stretches: Stretches[SurfaceGroup]


class Resolver:
    """Resolves one catalogue at any of its versions; what does not differ between versions is one object."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._releases = {release.version: release for release in catalogue.releases}
        self._surfaces: dict[int, Surface] = {}
        self._groups_of: dict[int, tuple[SurfaceGroup, ...]] = {}
        self._spans = spans_by_name(catalogue)
        self._narrowing = Narrowing(catalogue, self._spans)
        self._groups = [self._group(group) for group in catalogue.groups]
        self._types: dict[str, Stretches[SurfaceType]] = {}
        self._properties: dict[tuple[int, int], Stretches[SurfaceProperty]] = {}
        self._named: dict[int, tuple[str, ...]] = {}
        self._references = ReferenceResolver(catalogue)
        self._enumerations = EnumerationResolver(catalogue)
        self._unreferenced = [definition for definition in catalogue.types.values() if definition.unreferenced]

    def at(self, version: int) -> Surface:
        """The Surface of a version, made once."""
        if version not in self._releases:
            oldest, newest = min(self._releases), max(self._releases)
            raise UnknownVersionError(f"there is no version {version}.0: the catalogue has {oldest}.0 to {newest}.0")
        if version not in self._surfaces:
            groups = self.groups_at(version)
            types = {name: self.type_at(name, version) for name in self.type_names_at(version)}
            self._surfaces[version] = Surface(
                release=self._releases[version],
                groups=groups,
                types=types,
                status_codes=self._catalogue.status_codes,
                families=self._catalogue.families,
                enumerations=self._enumerations.at(groups, types, version),
            )
        return self._surfaces[version]

    def _group(self, group: Group) -> _Group:
        operations = tuple(self._operations_of(group))
        return _Group(group, operations, Stretches[SurfaceGroup].of_all(one.stretches for one in operations))

    def _operations_of(self, group: Group) -> Iterator[_OperationOfGroup]:
        for resource in group.resources:
            for operation in resource.operations:
                spans = [
                    *_spans_of_operation(resource, operation),
                    *self._narrowing.spans_of(operation),
                    *self._spans.get(operation.replaced_by or "", ()),
                ]
                span = operation.span.within(resource.span)
                yield _OperationOfGroup(resource, operation, span, Stretches(spans))

    def groups_at(self, version: int) -> tuple[SurfaceGroup, ...]:
        """The groups of a version with its operations, made once."""
        if version not in self._groups_of:
            groups = (group.stretches.at(version, self._resolve_group, group, version) for group in self._groups)
            self._groups_of[version] = tuple(group for group in groups if group.operations)
        return self._groups_of[version]

    def type_names_at(self, version: int) -> list[str]:
        """The names of the types that exist at a version, sorted."""
        operations = (operation for group in self.groups_at(version) for operation in group.operations)
        roots = [name for operation in operations for name in self._names(operation)]
        roots += [one.name for one in self._unreferenced if exists(one, version)]
        return sorted(self._references.reached(roots, version))

    def _resolve_group(self, of_catalogue: _Group, version: int) -> SurfaceGroup:
        """A group at a version; without operations where it does not exist there."""
        group = of_catalogue.group
        operations = tuple(
            one.stretches.at(version, self._resolve_operation, group, one, version)
            for one in of_catalogue.operations
            if one.span.since <= version <= one.span.until
        )
        return SurfaceGroup(family=group.family, name=group.name, summary=group.summary, operations=operations)

    def _resolve_operation(self, group: Group, one: _OperationOfGroup, version: int) -> SurfaceOperation:
        pagination = self._narrowing.pagination(one.resource, one.operation, version)
        resolved = replace(
            _resolve_operation(group, one.resource, one.operation, version, pagination),
            waits=self._narrowing.waits(one.operation, version),
            next_pages=self._narrowing.next_pages(one.operation, pagination, version),
        )
        is_replaced = any(version in span for span in self._spans.get(one.operation.replaced_by or "", ()))
        return replace(resolved, is_replaced=True) if is_replaced else resolved

    def type_at(self, name: str, version: int) -> SurfaceType:
        """A type at a version; the same object in all versions in which nothing of it begins or ends."""
        definition = self._catalogue.types[name]
        stretches = self._types.get(name)
        if stretches is None:
            stretches = self._types[name] = Stretches(self._spans_of_type(definition))
        return stretches.at(version, self._resolve_type, definition, version)

    def _spans_of_type(self, definition: TypeDefinition) -> Iterator[Span]:
        yield definition.span
        for item in definition.properties:
            yield from _spans_of_property(item)
        if definition.discriminator:
            yield from spans_of_variants(definition.discriminator, self._catalogue.types)

    def _resolve_type(self, definition: TypeDefinition, version: int) -> SurfaceType:
        return _narrowed(
            SurfaceType,
            definition,
            discriminator=definition.discriminator
            and discriminator_at(definition.discriminator, self._catalogue.types, version),
            properties=tuple(self._property(item, definition, version) for item in properties_at(definition, version)),
        )

    def _property(self, item: Property, owner: TypeDefinition, version: int) -> SurfaceProperty:
        """A property of a type; it is the same object where only others of the type begin or end."""
        key = (id(item), id(owner))
        stretches = self._properties.get(key)
        if stretches is None:
            stretches = self._properties[key] = Stretches(_spans_of_property(item))
        return stretches.at(version, _property, item, owner.span, version)

    def _names(self, operation: SurfaceOperation) -> tuple[str, ...]:
        """The types that an operation names; most operations are the same object in many versions."""
        named = self._named.get(id(operation))
        if named is None:
            named = self._named[id(operation)] = tuple(dict.fromkeys(types_named_by(operation)))
        return named


def types_named_by(resolved: SurfaceOperation | SurfaceType) -> Iterator[str]:
    """The names of the types that an operation or a type refers to, in the order in which it names them."""
    if isinstance(resolved, SurfaceType) and resolved.extends:
        yield resolved.extends
    for expression in expressions_of(resolved):
        if expression.__class__ is not Scalar:  # most are
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


def _spans_of_property(item: Property) -> Iterator[Span]:
    yield from _spans_of_value(item)
    yield from (ranged.span for ranged in item.groups)


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
    facts: dict[str, object] = dict(zip(names, values_of(fact), strict=True))
    facts.update(at_version)
    return cast("Callable[..., T]", fact_type)(**facts)


def _current(ranged: Iterable[Ranged[T]], version: int) -> T | None:
    return next((item.value for item in ranged if version in item.span), None)


def _resolve_operation(
    group: Group, resource: Resource, operation: Operation, version: int, pagination: Pagination | None
) -> SurfaceOperation:
    span = operation.span.within(resource.span)
    body = next((value for value in operation.bodies if version in value.span), None)
    returns = next((value.type for value in operation.returns if version in value.span), None)
    path: str | None = _current(resource.paths, version)
    return _narrowed(
        SurfaceOperation,
        operation,
        family=group.family,
        group=group.name,
        path=path or resource.path,
        aliases=resource.aliases,
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
            yield _narrowed(SurfaceParameter, parameter, span=span, required=required, **_known(parameter, version))


def _body(value: Value, method: Method, owner: Span, version: int) -> SurfaceValue:
    return _narrowed(
        SurfaceValue,
        value,
        name="body",
        span=value.span.within(owner),
        required=_required(value.required, method),
        **_known(value, version),
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
        group=filter_group,
        secret=item.secret,
        **_known(item, version),
    )


def _required(required: Required | Mapping[Method, Required], method: Method) -> Required:
    return required.get(method, False) if isinstance(required, Mapping) else required


def _known(value: Value, version: int) -> dict[str, object]:
    """The known values of a fact, and what they mean."""
    if not value.values:
        return {}
    known = [one for one in value.values if version in one.span]
    meanings = ((one.value, meaning_of(one)) for one in known)
    return {
        "values": tuple(one.value for one in known),
        "meanings": tuple((name, text) for name, text in meanings if text),
    }
