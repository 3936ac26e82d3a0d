"""Rules about names: of families, groups, operations and types, against Python's and the generated client's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import Group, Location, Parameter, Property, Span
from connectgen.catalogue.rules.rule import Facts, Rule
from connectgen.catalogue.subjects import subject_of, subject_of_enumeration
from connectgen.catalogue.types import OneOf, ScalarType, joined_name, unions_in
from connectgen.naming import (
    class_name,
    group_class,
    is_keyword,
    is_reserved_argument,
    is_reserved_field,
    is_reserved_type,
    is_waiter_name,
    python_name,
)
from connectgen.reserved import BUILTIN_CLASSES, CLASS_NAMES, CLIENT_NAMES, MODEL_MODULES, OPERATION_CLASSES

_ANOTHER = "choose another name"
_SCALARS = frozenset(scalar.value for scalar in ScalarType)
_IN_ANNOTATIONS = frozenset(["str", "bool", "int", "float", "list", "dict", "object", "bytes", "type"])


def _families(facts: Facts) -> Iterator[Fault]:
    first: dict[str, Group] = {}
    for group in facts.catalogue.groups:
        first.setdefault(group.family, group)
    for family, group in first.items():
        at = replace(group.location, line=1)
        if family in CLIENT_NAMES:
            yield Fault(
                at,
                f"the family {family} would hide {family} of the client",
                "rename the folder",
            )
        elif family in CLASS_NAMES | _IN_ANNOTATIONS:
            yield Fault(
                at,
                f"the family {family} would hide {family} in the client's class",
                "rename the folder",
            )
        elif f"{class_name(family)}Family" in OPERATION_CLASSES:
            message = f"the family {family} would be the class {class_name(family)}Family, which it derives from"
            yield Fault(at, message, "rename the folder")
    yield from _same_class([(f"{class_name(name)}Family", f"family {name}", first[name]) for name in first])


def _groups(facts: Facts) -> Iterator[Fault]:
    by_family: dict[str, list[Group]] = defaultdict(list)
    for group in facts.catalogue.groups:
        by_family[group.family].append(group)
        if group.name in CLASS_NAMES:
            message = f"the group {group.name} would hide {group.name} in the class of its family"
            yield Fault(group.location, message, "rename the file")
    for groups in by_family.values():
        classes = ((group_class(group.name, facts.types), f"group {group.name}", group) for group in groups)
        yield from _same_class(classes)


def _same_class(named: Iterable[tuple[str, str, Group]]) -> Iterator[Fault]:
    taken: dict[str, str] = {}
    for name, what, group in named:
        for one in (name, f"Async{name}"):
            if one in taken:
                yield Fault(
                    group.location,
                    f"the {what} and the {taken[one]} would both be the class {one}",
                    _ANOTHER,
                )
                break
        else:
            taken.update({name: what, f"Async{name}": what})


def _modules(facts: Facts) -> Iterator[Fault]:
    """Types are put into modules named after the folder and the file that they are in."""
    taken = dict.fromkeys(MODEL_MODULES, "the generated package itself")
    for one in facts.catalogue.enumerations.values():
        taken[subject_of_enumeration(one.location)] = one.location.file
    for definition in facts.types.values():
        module = subject_of(definition.location, is_input=definition.is_input)
        folder = PurePosixPath(definition.location.file).parent.as_posix()
        if taken.setdefault(module, folder) != folder:
            message = f"the types of this file would be in the module {module}, which {taken[module]} has"
            yield Fault(replace(definition.location, line=1), message, "rename the file or the folder")
            taken[module] = folder  # one line for a file


def _operations(facts: Facts) -> Iterator[Fault]:
    for group in facts.catalogue.groups:
        named: list[tuple[str, Span, Location]] = []
        for resource in group.resources:
            for operation in resource.operations:
                name, at = operation.name, operation.location
                named.append((name, operation.span.within(resource.span), at))
                if is_keyword(name):
                    yield Fault(at, f"{name!r} is a Python keyword", _ANOTHER)
                elif name in CLASS_NAMES:
                    yield Fault(
                        at,
                        f"the operation {name} would hide {name} in the class of its group",
                        _ANOTHER,
                    )
                elif name == "iter" or name.startswith("iter_"):
                    message = f"the operation {name} is named like a method that iterates over all pages"
                    yield Fault(at, message, "begin with another verb than iter")
                elif is_waiter_name(name):
                    message = f"the operation {name} is named like a method that waits for an end"
                    yield Fault(at, message, "begin with another verb than wait")
        yield from _without_derived(group, clashes(named, "operation", f"in {group.family}.{group.name}"))


def _without_derived(group: Group, faults: Iterable[Fault]) -> Iterator[Fault]:
    """Faults but those of a HEAD whose name only follows from that of a GET with the same fault."""
    by_location = {fault.location: fault for fault in faults}
    for resource in group.resources:
        at = {operation.method: operation.location for operation in resource.operations}
        if "HEAD" in at and at.get("GET") in by_location:
            by_location.pop(at["HEAD"], None)
    yield from by_location.values()


def clashes(named: Iterable[tuple[str, Span, Location]], what: str, where: str) -> Iterator[Fault]:
    """Names that occur twice in some version."""
    first: dict[str, list[tuple[Span, Location]]] = defaultdict(list)
    for name, span, location in named:
        for other, place in first[name]:
            if span.overlaps(other) and span.since <= span.until and other.since <= other.until:
                message = f"the {what} {name} occurs twice {where}, also at {place}"
                yield Fault(location, message, "rename or end one of them")
                break
        first[name].append((span, location))


def type_name_fault(name: str, kind: str) -> str | None:
    """What is wrong with the name of a type or an enumeration, of which the generated code makes a name of its own."""
    if name in _SCALARS:
        return f"the {kind} {name} is hidden by the scalar {name}"
    if is_reserved_type(name):
        return f"{name!r} is a name that the generated code needs itself"
    return f"{name!r} is a name of Python itself" if name in BUILTIN_CLASSES else None


def _types(facts: Facts) -> Iterator[Fault]:
    classes = {group_class(group.name, facts.types): group for group in facts.catalogue.groups}
    for definition in facts.types.values():
        if fault := type_name_fault(definition.name, "type"):
            yield Fault(definition.location, fault, _ANOTHER)
    named = {name: one.location for name, one in facts.types.items()}
    named |= {name: one.location for name, one in facts.catalogue.enumerations.items()}
    for name, location in named.items():
        group = classes.get(name) or classes.get(name.removeprefix("Async"))
        if group is not None:
            message = f"{name!r} is the class of the group {group.family}.{group.name}"
            yield Fault(location, message, _ANOTHER)


def _unions(facts: Facts) -> Iterator[Fault]:
    """A discriminated type and a union get an alias in the generated code, whose name no type may have."""
    for definition in facts.types.values():
        if definition.discriminator:
            alias = f"Any{definition.name}"
            taken = facts.types.get(alias) or facts.catalogue.enumerations.get(alias)
            if taken:
                message = f"{alias!r} is the name of the variants of {definition.name} in the generated code"
                yield Fault(taken.location, message, _ANOTHER)
    known: dict[str, OneOf] = {}
    reported: set[str] = set()
    for one in facts.readable:
        for union in unions_in(one.value.type):
            name = joined_name(union.options)
            if name in facts.types and name not in reported:
                message = f"{name!r} is the name of a union ({one.value.location}) in the generated code"
                yield Fault(facts.types[name].location, message, _ANOTHER)
            elif name not in reported and known.setdefault(name, union) != union:
                message = f"{one.what} is a union that the generated code would call {name}, like another one"
                yield Fault(one.value.location, message, "rename a type")
            else:
                continue
            reported.add(name)


def _inherited_fields(facts: Facts) -> Iterator[Fault]:
    """A property whose Python name is that of an inherited one would take that one's place."""
    for definition in facts.types.values():
        if not definition.extends or not definition.properties:
            continue
        inherited = {_field(item): item.name for item in facts.properties(definition.extends)}
        for item in definition.properties:
            base = inherited.get(_field(item), item.name)
            if base != item.name:
                message = f"property {item.name} would be the field {_field(item)}, like the inherited {base}"
                yield Fault(item.location, message, "correct one of the names")


def _given_names(facts: Facts) -> Iterator[Fault]:
    """A `python_name` that Python or another one forbids would silently be another."""
    for definition in facts.types.values():
        yield from _unusable(definition.properties, is_reserved_field)
    for one in facts.operations:
        yield from _unusable(
            [*one.resource.parameters, *one.operation.parameters], is_reserved_argument, "options", "body"
        )


def _unusable(
    values: Sequence[Property] | Sequence[Parameter], is_reserved: Callable[[str], bool], *taken: str
) -> Iterator[Fault]:
    for value in values:
        name = value.python_name
        if name is None:
            continue
        what = f"{'property' if isinstance(value, Property) else 'parameter'} {value.name}"
        others = [
            other.name
            for other in values
            if other.name != value.name
            and python_name(other.name, other.python_name) == name
            and other.span.overlaps(value.span)
        ]
        if is_reserved(name) or name in taken:
            yield Fault(value.location, f"{what} cannot be {name} in Python, which is taken", _ANOTHER)
        elif others:
            yield Fault(value.location, f"{what} cannot be {name} in Python: so is {others[0]}", _ANOTHER)


def _field(item: Property) -> str:
    return python_name(item.name, item.python_name)


RULES = (
    Rule("family-name", _families),
    Rule("group-name", _groups),
    Rule("module-name", _modules),
    Rule("operation-name", _operations),
    Rule("type-name", _types),
    Rule("union-name", _unions),
    Rule("inherited-field", _inherited_fields),
    Rule("python-name", _given_names),
)
