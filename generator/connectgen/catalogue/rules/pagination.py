"""Rules about pagination: what a style needs, and the properties and parameters that it names."""

from __future__ import annotations

from collections.abc import Iterator

from connectgen.catalogue.faults import Fault, shorten
from connectgen.catalogue.model import Pagination, Property
from connectgen.catalogue.rules.rule import Facts, OperationAt, Rule, named, options_of, scalars_of
from connectgen.catalogue.suggestions import did_you_mean
from connectgen.catalogue.types import ListOf, MapOf, ScalarType, TypeExpression, format_type

_NEEDS = {
    "next-url": ("next",),
    "next-token": ("next", "parameter"),
    "page-number": ("parameter",),
    "offset": ("parameter",),
}
_HAS_NOT = {
    "next-url": ("first_page", "continued_by"),
    "next-token": ("first_page",),
    "page-number": ("next", "continued_by"),
    "offset": ("next", "first_page", "continued_by"),
    "none": ("next", "parameter", "has_more", "first_page", "continued_by"),
}
_KINDS = {
    "next": {
        ScalarType.STRING,
        ScalarType.URL,
        ScalarType.ID,
        ScalarType.INTEGER,
        ScalarType.LONG,
    },
    "has_more": {ScalarType.BOOLEAN},
    "total": {ScalarType.INTEGER, ScalarType.LONG},
}
_WHOLE = {ScalarType.INTEGER, ScalarType.LONG}


def _styles(facts: Facts) -> Iterator[Fault]:
    for one, pagination in _paged(facts):
        operation = one.operation
        what, at = f"the pagination of {operation.name}", operation.location
        for key in _NEEDS.get(pagination.style, ()):
            if getattr(pagination, key) is None:
                yield Fault(at, f"{what} lacks {key}", f"style {pagination.style} needs it")
        for key in _HAS_NOT[pagination.style]:
            if getattr(pagination, key):
                message = f"{what} has {key}, which the style {pagination.style} has no use for"
                yield Fault(at, message, f"remove {key}, or correct the style")
        if not operation.returns:
            yield Fault(
                at,
                f"{what} says how a result pages, but there is none",
                "add returns, or remove it",
            )
        names = [name for name in (pagination.parameter, pagination.size) if name]
        if len(set(names)) < len(names):
            yield Fault(
                at,
                f"{what} has {names[0]} as parameter and as size",
                "correct one of them",
            )


def _properties(facts: Facts) -> Iterator[Fault]:
    for one, pagination in _paged(facts):
        operation = one.operation
        if not operation.returns or not all(facts.is_known(value.type) for value in operation.returns):
            continue
        what, at = f"the pagination of {operation.name}", operation.location
        returned = [name for value in operation.returns for name in named(value.type)]
        for key in ("items", "next", "has_more", "total"):
            path: str | None = getattr(pagination, key)
            if not path:
                continue
            found = [item for name in returned for item in facts.follow(name, path)]
            if not found:
                known = _beside(facts, returned, path)
                yield Fault(
                    at,
                    f"{what}: the result has no property {path}",
                    did_you_mean(path, known, f"correct {key}"),
                )
            elif wrong := _wrong_type(facts, key, found):
                yield Fault(at, f"{what}: {path} is {wrong}", f"correct {key}")
        if pagination.items is None and returned and pagination.style != "none":
            yield Fault(at, f"{what} does not say which property holds the items", "add items")


def _beside(facts: Facts, returned: list[str], path: str) -> list[str]:
    """The properties that a dotted path could end in instead."""
    before, dot, _ = path.rpartition(".")
    owners = returned
    if before:
        found = [item for name in returned for item in facts.follow(name, before)]
        owners = [inner for item in found for inner in named(item.type)]
    return [f"{before}{dot}{item.name}" for name in owners for item in facts.properties(name)]


def _wrong_type(facts: Facts, key: str, found: list[Property]) -> str | None:
    """What a property is instead of what a key needs."""
    known = [item for item in found if facts.is_known(item.type)]
    if not known:
        return None
    if key == "items":
        fitting = any(isinstance(option, ListOf | MapOf) for item in known for option in options_of(item.type))
        return None if fitting else "no list"
    if any(kind in _KINDS[key] for item in known for kind in scalars_of(item.type)):
        return None
    return f"of type {shorten(format_type(known[0].type))}"


def _parameters(facts: Facts) -> Iterator[Fault]:
    by_name = {one.name: one for one in facts.operations}
    for one, pagination in _paged(facts):
        operation = one.operation
        if not all(facts.is_known(body.type) for body in operation.bodies):
            continue
        own = _taken_by(facts, one)
        what, at = f"the pagination of {operation.name}", operation.location
        following = by_name.get(pagination.continued_by) if pagination.continued_by else one
        if following is None:
            remedy = did_you_mean(str(pagination.continued_by), by_name, "name it family.group.operation")
            yield Fault(at, f"{what}: there is no {pagination.continued_by}", remedy, needs_all=True)
            continue
        if [value.type for value in following.operation.returns] != [value.type for value in operation.returns]:
            message = f"{what}: {pagination.continued_by} returns something else"
            yield Fault(at, message, "correct continued_by", needs_all=True)
            continue
        for key in ("parameter", "size"):
            name: str | None = getattr(pagination, key)
            if name is None:
                continue
            values = _taken_by(facts, following) if key == "parameter" else own
            if name not in values:
                remedy = did_you_mean(name, values, f"correct {key}, or add it")
                yield Fault(at, f"{what}: there is no parameter {name}", remedy)
            elif key == "parameter" and pagination.style not in ("offset", "page-number"):
                continue
            elif facts.is_known(values[name]) and not _WHOLE.intersection(scalars_of(values[name])):
                message = f"{what}: {name} is of type {shorten(format_type(values[name]))}, but it counts"
                yield Fault(at, message, f"make it an Integer, or correct {key}")


def _taken_by(facts: Facts, one: OperationAt) -> dict[str, TypeExpression]:
    """What a call takes: parameters, also those of the path, and properties of the body."""
    parameters = (*one.resource.parameters, *one.operation.parameters)
    bodies = [name for body in one.operation.bodies for name in named(body.type)]
    return {item.name: item.type for item in parameters} | {
        item.name: item.type for name in bodies for item in facts.properties(name)
    }


def _paged(facts: Facts) -> Iterator[tuple[OperationAt, Pagination]]:
    for one in facts.operations:
        if one.operation.pagination:
            yield one, one.operation.pagination


RULES = (
    Rule("pagination-style", _styles),
    Rule("pagination-properties", _properties),
    Rule("pagination-parameters", _parameters),
)
