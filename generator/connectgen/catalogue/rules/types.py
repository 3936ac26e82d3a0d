"""Rules about types: what refers to them, what they extend, and what a type expression may say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connectgen.catalogue.faults import Fault, shorten
from connectgen.catalogue.model import Location, TypeDefinition
from connectgen.catalogue.rules.rule import Facts, Rule, options_of, scalars_of
from connectgen.catalogue.suggestions import did_you_mean, nearest
from connectgen.catalogue.types import (
    ListOf,
    OneOf,
    Scalar,
    ScalarType,
    TypeExpression,
    format_type,
    names_in,
    unions_in,
)

_SCALARS = tuple(kind.value for kind in ScalarType)
_TIMES = frozenset([ScalarType.DATE, ScalarType.DATETIME])
_TEXTS = _TIMES | {ScalarType.STRING, ScalarType.ID, ScalarType.URL, ScalarType.DECIMAL}
_ADD = "correct the name, or add the type under types/"


def _known(facts: Facts) -> Iterator[Fault]:
    for one, names in facts.references:
        for name in names:
            yield from _reference(facts, name, one.value.location, is_input=one.is_input)
    for definition in facts.types.values():
        for name in _named_by_type(definition):
            yield from _reference(
                facts,
                name,
                definition.location,
                is_input=definition.is_input,
                only_types=True,
            )


def _reference(
    facts: Facts,
    name: str,
    location: Location,
    *,
    is_input: bool,
    only_types: bool = False,
) -> Iterator[Fault]:
    if name in facts.types:
        return
    known = [other for other in facts.types if other.endswith("Input") == is_input]
    remedy = did_you_mean(name, known if only_types else [*known, *_SCALARS], _ADD)
    yield Fault(location, f"there is no type {name}", remedy, type_name=name)


def _named_by_type(definition: TypeDefinition) -> Iterator[str]:
    """The types that a type names beside its properties: what it extends, and its variants."""
    if definition.extends:
        yield definition.extends
    if definition.discriminator:
        fallback = definition.discriminator.fallback
        members = [*definition.discriminator.values.values(), *([fallback] if fallback else [])]
        yield from dict.fromkeys(members)


def _direction(facts: Facts) -> Iterator[Fault]:
    for one, names in facts.references:
        for name in names:
            if name in facts.types and name.endswith("Input") != one.is_input:
                yield _wrong_way(
                    one.value.location,
                    f"{one.what} refers to {name}",
                    is_input=one.is_input,
                )
    for definition in facts.types.values():
        for name in _named_by_type(definition):
            if name in facts.types and name.endswith("Input") != definition.is_input:
                what = f"type {definition.name} refers to {name}"
                yield _wrong_way(definition.location, what, is_input=definition.is_input)


def _wrong_way(location: Location, message: str, *, is_input: bool) -> Fault:
    sent = "a request needs a type whose name ends in Input" if is_input else "an Input is never received"
    return Fault(location, message, sent)


def _reasons_for_any(facts: Facts) -> Iterator[Fault]:
    for one in facts.values:
        notes = one.value.notes
        if _holds_any(one.value.type) and not (notes.because or notes.unsure):
            yield Fault(
                one.value.location,
                f"{one.what} is of type Any without a reason",
                "say why with because",
            )


def _holds_any(expression: TypeExpression) -> bool:
    match expression:
        case Scalar(kind):
            return kind is ScalarType.ANY
        case ListOf(item):
            return _holds_any(item)
        case OneOf(options):
            return any(_holds_any(option) for option in options)
        case _:
            return False


def _unions(facts: Facts) -> Iterator[Fault]:
    for one in facts.readable:
        for union in unions_in(one.value.type):
            shown = shorten(format_type(union))
            if len(set(union.options)) < len(union.options):
                yield Fault(
                    one.value.location,
                    f"{one.what} names an option of {shown} twice",
                    "keep one of them",
                )
            if any(option == Scalar(ScalarType.ANY) for option in union.options):
                message = f"{one.what} may be Any, so the other options of {shown} say nothing"
                yield Fault(
                    one.value.location,
                    message,
                    "write Any with because, or leave Any out",
                )
            if not one.is_input and len(alike := _texts_in(union)) > 1:
                message = f"{one.what} may be {' or '.join(alike)}, all of which are text in a response"
                yield Fault(one.value.location, message, "write one of them; String, where it may be any text")


def _texts_in(union: OneOf) -> list[str]:
    """The scalars of a union that JSON has as text and Python as different types, the first of each type."""
    found: dict[str, str] = {}
    for option in union.options:
        if isinstance(option, Scalar) and option.kind in _TEXTS:
            kind = option.kind
            found.setdefault(kind.value if kind in _TIMES else "", kind.value)
    return list(found.values())


def _binary(facts: Facts) -> Iterator[Fault]:
    """JSON holds no bytes: only a whole response can be binary."""
    whole = Scalar(ScalarType.BINARY)
    for one in facts.readable:
        if one.value.type == whole and one.role == "returns":
            continue
        if ScalarType.BINARY in scalars_of(one.value.type):
            remedy = "list it under parts" if one.role == "body" else "use Binary for a whole response only"
            yield Fault(
                one.value.location,
                f"{one.what} holds Binary, which JSON cannot",
                remedy,
            )


def _parameters(facts: Facts) -> Iterator[Fault]:
    """What travels in a URL, a form or a header is text: a scalar, or a list of them."""
    for one in facts.readable:
        if one.role not in ("parameter", "path parameter"):
            continue
        for option in options_of(one.value.type):
            simple = option.item if isinstance(option, ListOf) else option
            if not isinstance(simple, Scalar):
                message = f"{one.what} is of type {shorten(format_type(one.value.type))}, which only a body can hold"
                yield Fault(one.value.location, message, "use a scalar or a list of scalars")
                break


def _extends(facts: Facts) -> Iterator[Fault]:
    reported: set[str] = set()
    for definition in facts.types.values():
        circle = _circle(facts, definition)
        if circle and not reported.intersection(circle):
            reported.update(circle)
            rest = f" through {', '.join(circle[1:4])}" if len(circle) > 1 else ""
            yield Fault(
                definition.location,
                f"{definition.name} extends itself{rest}",
                "break the circle",
            )


def _circle(facts: Facts, definition: TypeDefinition) -> list[str]:
    """The types through which a type extends itself; none where it does not."""
    chain, name = [definition.name], definition.extends
    while name and name in facts.types and name not in chain:
        chain.append(name)
        name = facts.types[name].extends
    return chain if name == definition.name else []


def _redefined(facts: Facts) -> Iterator[Fault]:
    """A property that an inherited one has under another type would make a subclass no subclass."""
    for definition in facts.types.values():
        if not definition.extends or not definition.properties:
            continue
        inherited = {item.name: item for item in facts.properties(definition.extends)}
        for item in definition.properties:
            base = inherited.get(item.name)
            if base is None or base is item or base.type == item.type:
                continue
            if facts.is_known(item.type) and facts.is_known(base.type) and base.span.overlaps(item.span):
                message = (
                    f"property {item.name} is {shorten(format_type(item.type))}, "
                    f"but {definition.name} inherits it as {shorten(format_type(base.type))}"
                )
                yield Fault(
                    item.location,
                    message,
                    f"correct one of them; the other is at {base.location}",
                )


def _unreferenced(facts: Facts) -> Iterator[Fault]:
    from_operations = _reached(facts, _roots(facts))
    unknown = _unknown(facts)
    roots = [*from_operations, *_meant(facts, unknown)]
    roots += [name for name, definition in facts.types.items() if definition.unreferenced]
    reached = _reached(facts, roots)
    # A name that is near to none may have meant any type: then no type can be said to be left over.
    # So it is where a request names what is received, or the other way round.
    may_be_meant = any(not nearest(name, [*facts.types, *_SCALARS]) for name in unknown) or any(_direction(facts))
    for definition in facts.types.values():
        if definition.name not in reached and not may_be_meant:
            message = f"nothing refers to the type {definition.name}"
            remedy = "refer to it, remove it, or say why with unreferenced"
            yield Fault(definition.location, message, remedy, needs_all=True)
        elif definition.unreferenced and definition.name in from_operations:
            message = f"the type {definition.name} is marked unreferenced, but an operation reaches it"
            yield Fault(definition.location, message, "remove unreferenced")


def _roots(facts: Facts) -> list[str]:
    return [name for one, names in facts.references if one.role != "property" for name in names]


def _unknown(facts: Facts) -> set[str]:
    names = {name for _, several in facts.references for name in several}
    names.update(name for definition in facts.types.values() for name in _named_by_type(definition))
    return names.difference(facts.types)


def _meant(facts: Facts, unknown: Iterable[str]) -> Iterator[str]:
    """What refers to a type without being counted: a misspelt name, or the second definition of a type."""
    for name in unknown:
        yield from nearest(name, facts.types)
    for definition in facts.second_definitions:
        yield from _names_of(definition)


def _names_of(definition: TypeDefinition) -> Iterator[str]:
    for item in definition.properties:
        yield from names_in(item.type)
    yield from _named_by_type(definition)


def _reached(facts: Facts, roots: Iterable[str]) -> set[str]:
    waiting = list(roots)
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in reached and name in facts.types:
            reached.add(name)
            waiting.extend(_names_of(facts.types[name]))
    return reached


RULES = (
    Rule("type-exists", _known),
    Rule("type-direction", _direction),
    Rule("any-has-reason", _reasons_for_any),
    Rule("union-options", _unions),
    Rule("binary-is-whole", _binary),
    Rule("parameter-is-text", _parameters),
    Rule("extends-circle", _extends),
    Rule("redefined-property", _redefined),
    Rule("type-referenced", _unreferenced),
)
