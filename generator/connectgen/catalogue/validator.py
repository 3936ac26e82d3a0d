"""Checks what a schema cannot say: references, ranges, placeholders, names, and types that nothing refers to."""

from __future__ import annotations

import keyword
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import (
    FOREVER,
    Catalogue,
    Group,
    Location,
    Operation,
    Parameter,
    Property,
    Resource,
    Span,
    TypeDefinition,
    Value,
)
from connectgen.catalogue.types import (
    ListOf,
    MapOf,
    OneOf,
    Scalar,
    ScalarType,
    TypeExpression,
    names_in,
)
from connectgen.naming import is_reserved_type

_PLACEHOLDER = re.compile(r"\{([^}]*)\}")


def validate(catalogue: Catalogue) -> list[Fault]:
    """All faults of a catalogue whose files have passed their schemas."""
    faults = list(_release_faults(catalogue))
    if faults:
        return faults
    return [*_Checker(catalogue).faults()]


def _release_faults(catalogue: Catalogue) -> Iterator[Fault]:
    if not catalogue.releases:
        yield Fault(Location("releases.yaml", 1), "no release", "list at least one")
    for before, after in zip(catalogue.releases, catalogue.releases[1:], strict=False):
        if after.version != before.version + 1:
            message = f"{after.version}.0 follows {before.version}.0"
            yield Fault(after.location, message, "list every version once, oldest first")
    codes: set[int] = set()
    for status in catalogue.status_codes:
        if status.code in codes:
            yield Fault(status.location, f"the status {status.code} stands twice", "keep one")
        codes.add(status.code)


class _Checker:
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._oldest, self._newest = catalogue.versions[0], catalogue.versions[-1]
        self._operation_names = {
            f"{group.family}.{group.name}.{operation.name}"
            for group in catalogue.groups
            for resource in group.resources
            for operation in resource.operations
        }

    def faults(self) -> Iterator[Fault]:
        for group in self._catalogue.groups:
            yield from self._group(group)
        yield from self._addresses()
        for definition in self._catalogue.types.values():
            yield from self._type(definition)
        yield from self._unreferenced()

    def _group(self, group: Group) -> Iterator[Fault]:
        named: list[tuple[str, Span, Location]] = []
        for resource in group.resources:
            yield from self._resource(resource)
            for operation in resource.operations:
                yield from self._operation(resource, operation)
                named.append(
                    (
                        operation.name,
                        operation.span.within(resource.span),
                        operation.location,
                    )
                )
                if keyword.iskeyword(operation.name):
                    yield Fault(
                        operation.location,
                        f"{operation.name!r} is a Python keyword",
                        "choose another name",
                    )
        yield from _clashes(named, "operation", f"in {group.family}.{group.name}")

    def _resource(self, resource: Resource) -> Iterator[Fault]:
        yield from self._range(resource.span, Span(), resource.location, f"resource {resource.path}")
        for ranged in resource.paths:
            yield from self._range(ranged.span, resource.span, resource.location, f"address {ranged.value}")
            yield from _placeholders(resource, ranged.value)
        for earlier, later in zip(resource.paths, resource.paths[1:], strict=False):
            if earlier.span.overlaps(later.span):
                message = f"the addresses {earlier.value} and {later.value} hold at the same time"
                yield Fault(resource.location, message, "correct their ranges")
        if resource.site:
            yield from self._range(resource.site, resource.span, resource.location, "site_since")
        if resource.requires_chatter:
            yield from self._range(resource.requires_chatter, resource.span, resource.location, "requires")
        yield from self._values(resource.parameters, resource.span, "path parameter")
        for parameter in resource.parameters:
            if parameter.place != "path":
                yield Fault(
                    parameter.location,
                    f"{parameter.name} is no path parameter",
                    "move it to its operation",
                )

    def _operation(self, resource: Resource, operation: Operation) -> Iterator[Fault]:
        yield from self._range(
            operation.span,
            resource.span,
            operation.location,
            f"operation {operation.name}",
        )
        yield from self._values(operation.parameters, operation.span, "parameter")
        own = {parameter.name for parameter in resource.parameters}
        for parameter in operation.parameters:
            if parameter.place == "path" or parameter.name in own:
                message = f"the path parameter {parameter.name} stands at an operation"
                yield Fault(
                    parameter.location,
                    message,
                    "list it once, under the resource's parameters",
                )
            if parameter.place == "form" and operation.method in (
                "GET",
                "HEAD",
                "DELETE",
            ):
                message = f"{operation.method} has no form, but {parameter.name} is sent in one"
                yield Fault(parameter.location, message, "use in: query")
        for what, values, is_input in (
            ("body", operation.bodies, True),
            ("returns", operation.returns, False),
        ):
            for value in values:
                yield from self._value(value, operation.span, what)
                yield from self._direction(value, is_input, what)
            yield from _overlaps(values, what)
        if operation.replaced_by and operation.replaced_by not in self._operation_names:
            message = f"there is no operation {operation.replaced_by}"
            yield Fault(
                operation.location,
                message,
                "name it family.group.operation in replaced_by",
            )
        for part in operation.parts:
            yield from self._range(part.span, operation.span, part.location, f"part {part.name}")

    def _type(self, definition: TypeDefinition) -> Iterator[Fault]:
        yield from self._range(definition.span, Span(), definition.location, f"type {definition.name}")
        if is_reserved_type(definition.name):
            message = f"{definition.name!r} is a name that the generated code needs itself"
            yield Fault(definition.location, message, "choose another name")
        family = self._catalogue.types.get(definition.name.removesuffix("Kinds"))
        if family is not None and family is not definition and family.discriminator:
            message = f"{definition.name!r} is the name of the family of {family.name} in the generated code"
            yield Fault(definition.location, message, "choose another name")
        yield from self._values(definition.properties, definition.span, "property")
        for item in definition.properties:
            yield from self._direction(item, definition.is_input, item.name)
            for ranged in item.groups:
                yield from self._known_versions(ranged.span, item.location, f"filter group of {item.name}")
        if definition.extends:
            yield from self._reference(definition.extends, definition.location)
            yield from self._inheritance(definition)
        if definition.discriminator:
            names = [
                *definition.discriminator.values.values(),
                definition.discriminator.otherwise,
            ]
            for name in filter(None, names):
                yield from self._reference(name, definition.location)

    def _inheritance(self, definition: TypeDefinition) -> Iterator[Fault]:
        seen = {definition.name}
        name = definition.extends
        while name and name in self._catalogue.types:
            if name in seen:
                yield Fault(
                    definition.location,
                    f"{definition.name} extends itself",
                    "break the circle",
                )
                return
            seen.add(name)
            name = self._catalogue.types[name].extends

    def _values(self, values: Sequence[Parameter | Property], owner: Span, what: str) -> Iterator[Fault]:
        by_name: dict[str, list[Parameter | Property]] = defaultdict(list)
        for value in values:
            by_name[value.name].append(value)
            yield from self._value(value, owner, f"{what} {value.name}")
            if value.replaced_by and all(other.name != value.replaced_by for other in values):
                message = f"{what} {value.name} is replaced by {value.replaced_by}, which does not stand beside it"
                yield Fault(value.location, message, "correct replaced_by")
        for name, same in by_name.items():
            yield from _overlaps(same, f"{what} {name}")

    def _value(self, value: Value, owner: Span, what: str) -> Iterator[Fault]:
        yield from self._range(value.span, owner, value.location, what)
        for name in names_in(value.type):
            yield from self._reference(name, value.location)
        if _holds_any(value.type) and not (value.notes.because or value.notes.unsure):
            yield Fault(
                value.location,
                f"{what} is of type Any without a reason",
                "say why with because",
            )
        if value.minimum is not None and value.maximum is not None and value.minimum > value.maximum:
            yield Fault(
                value.location,
                f"{what} has a minimum above its maximum",
                "swap or correct them",
            )
        if value.condition and value.required is False:
            yield Fault(
                value.location,
                f"{what} has a condition but is optional",
                "write required: conditional",
            )
        yield from _repeated(value, what)
        for ranged in value.values:
            yield from self._range(
                ranged.span,
                value.span,
                value.location,
                f"value {ranged.value!r} of {what}",
            )

    def _direction(self, value: Value, is_input: bool, what: str) -> Iterator[Fault]:
        for name in names_in(value.type):
            if name in self._catalogue.types and name.endswith("Input") != is_input:
                sent = "a request needs a type whose name ends in Input" if is_input else "an Input is never received"
                yield Fault(value.location, f"{what} refers to {name}", sent)

    def _reference(self, name: str, location: Location) -> Iterator[Fault]:
        if name not in self._catalogue.types:
            yield Fault(
                location,
                f"there is no type {name}",
                "correct the name, or add the type under types/",
                name,
            )

    def _range(self, span: Span, owner: Span, location: Location, what: str) -> Iterator[Fault]:
        if span.since < owner.since or span.until > owner.until:
            message = f"{what} ({_shown(span)}) reaches outside its owner's versions ({_shown(owner)})"
            yield Fault(location, message, "cut it, or widen the owner")
        yield from self._known_versions(span, location, what)

    def _known_versions(self, span: Span, location: Location, what: str) -> Iterator[Fault]:
        for version in (span.since, span.until):
            if self._newest < version < FOREVER:
                message = f"{what} names the version {version}.0, which does not exist"
                yield Fault(location, message, f"the newest is {self._newest}.0 (releases.yaml)")
        if span.until < self._oldest:
            message = f"{what} ended with {span.until}.0, before the catalogue's first version {self._oldest}.0"
            yield Fault(location, message, "remove it")

    def _addresses(self) -> Iterator[Fault]:
        """One method on one address stands once in a version, whatever its placeholders are called."""
        taken: list[tuple[str, Span, Location]] = []
        for group in self._catalogue.groups:
            for resource in group.resources:
                for ranged in resource.paths:
                    address = _PLACEHOLDER.sub("{}", ranged.value)
                    for operation in resource.operations:
                        span = operation.span.within(ranged.span)
                        if span.since <= span.until:
                            taken.append(
                                (
                                    f"{operation.method} {address}",
                                    span,
                                    operation.location,
                                )
                            )
        yield from _clashes(taken, "operation", "in the catalogue")

    def _unreferenced(self) -> Iterator[Fault]:
        from_operations = self._reached(from_marked=False)
        reached = self._reached(from_marked=True)
        for definition in self._catalogue.types.values():
            if definition.name not in reached:
                message = f"nothing refers to the type {definition.name}"
                remedy = "refer to it, remove it, or say why with unreferenced"
                yield Fault(definition.location, message, remedy, needs_all=True)
            elif definition.unreferenced and definition.name in from_operations:
                message = f"the type {definition.name} is marked unreferenced, but an operation reaches it"
                yield Fault(definition.location, message, "remove unreferenced")

    def _reached(self, *, from_marked: bool) -> set[str]:
        types = self._catalogue.types
        waiting = [
            name
            for group in self._catalogue.groups
            for resource in group.resources
            for operation in resource.operations
            for value in (
                *operation.bodies,
                *operation.returns,
                *operation.parameters,
                *resource.parameters,
            )
            for name in names_in(value.type)
        ]
        if from_marked:
            waiting += [name for name, definition in types.items() if definition.unreferenced]
        reached: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in reached or name not in types:
                continue
            reached.add(name)
            definition = types[name]
            waiting += [inner for item in definition.properties for inner in names_in(item.type)]
            waiting += [definition.extends] if definition.extends else []
            if definition.discriminator:
                waiting += filter(
                    None,
                    [
                        *definition.discriminator.values.values(),
                        definition.discriminator.otherwise,
                    ],
                )
        return reached


def _placeholders(resource: Resource, path: str) -> Iterator[Fault]:
    names = _PLACEHOLDER.findall(path)
    known = {parameter.name for parameter in resource.parameters}
    for name in names:
        if name not in known:
            yield Fault(
                resource.location,
                f"{path} has {{{name}}}, but parameters lacks it",
                f"add {name}: Id to parameters",
            )
        if names.count(name) > 1:
            yield Fault(
                resource.location,
                f"{path} has {{{name}}} twice",
                "give each placeholder a name of its own",
            )
    everywhere = {name for ranged in resource.paths for name in _PLACEHOLDER.findall(ranged.value)}
    for name in sorted(known - everywhere):
        yield Fault(
            resource.location,
            f"the path parameter {name} stands in no address",
            "remove it, or correct the path",
        )


def _repeated(value: Value, what: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for ranged in value.values:
        if ranged.value in seen:
            yield Fault(
                value.location,
                f"the value {ranged.value!r} of {what} stands twice",
                "keep one",
            )
        seen.add(ranged.value)


def _overlaps(values: Sequence[Value], what: str) -> Iterator[Fault]:
    for position, value in enumerate(values):
        for other in values[:position]:
            if value.span.overlaps(other.span):
                message = f"{what} has two facts for the same versions, the other in line {other.location.line}"
                yield Fault(value.location, message, "give them ranges that do not overlap")


def _clashes(named: Iterable[tuple[str, Span, Location]], what: str, where: str) -> Iterator[Fault]:
    first: dict[str, list[tuple[Span, Location]]] = defaultdict(list)
    for name, span, location in named:
        for other, place in first[name]:
            if span.overlaps(other):
                yield Fault(
                    location,
                    f"the {what} {name} stands twice {where}, also at {place}",
                    "rename or end one of them",
                )
                break
        first[name].append((span, location))


def _holds_any(expression: TypeExpression) -> bool:
    match expression:
        case Scalar(kind):
            return kind is ScalarType.ANY
        case ListOf(item):
            return _holds_any(item)
        case MapOf():
            return False
        case OneOf(options):
            return any(_holds_any(option) for option in options)
        case _:
            return False


def _shown(span: Span) -> str:
    since = f"{span.since}.0" if span.since else "always"
    return f"{since}–{span.until}.0" if span.until < FOREVER else f"{since}–"
