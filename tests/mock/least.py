"""The least JSON that a type takes, and how a path is filled, for requests without a generated client."""

from __future__ import annotations

from functools import cache
from typing import Any

from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, TypeExpression
from connectgen.identifiers import prefix_for, record_id
from connectgen.surface import Surface, SurfaceOperation, SurfaceValue
from support.real import real_surface
from support.versions import NEWEST

_SCALARS = {
    "Boolean": True,
    "Integer": 7,
    "Long": 7,
    "Double": 1.5,
    "Decimal": "1.50",
    "Date": "2020-01-02",
    "DateTime": "2020-01-02T12:00:00.000Z",
}


@cache
def surface(version: int) -> Surface:
    """What exists at a version of the real catalogue."""
    return real_surface(version)


def path_of(operation: SurfaceOperation) -> str:
    """An operation's address with made-up values."""
    path = operation.path
    for item in operation.path_parameters:
        path = path.replace("{" + item.name + "}", str(least(item.type, item, "GET", NEWEST)))
    return path


def content_of(operation: SurfaceOperation, version: int) -> dict[str, Any]:
    """The least that an operation takes, as arguments for httpx2."""
    needed = {
        place: {
            item.name: least(item.type, item, operation.method, version)
            for item in operation.parameters
            if item.required is True and item.place == place
        }
        for place in ("query", "form", "header")
    }
    more: dict[str, Any] = {
        "params": needed["query"],
        "headers": {name: str(one) for name, one in needed["header"].items()},
    }
    if operation.body is not None:
        return {**more, "json": least(operation.body.type, operation.body, operation.method, version)}
    return {**more, "data": needed["form"]} if needed["form"] else more


def least(expression: TypeExpression, fact: SurfaceValue, method: str, version: int) -> Any:
    """The least value of a type."""
    match expression:
        case Scalar(kind):
            if fact.values and kind.value in ("String", "Id"):
                return fact.values[0]
            if kind.value == "Id" or fact.name.endswith(("Id", "Ids")):
                return record_id(prefix_for(fact.name), 7)
            if kind.value in ("Integer", "Long", "Double") and (fact.minimum or fact.maximum):
                return int(fact.minimum or 0) + 1 if not fact.maximum else int(fact.maximum)
            return _SCALARS.get(kind.value, "text")
        case ListOf(item):
            return [least(item, fact, method, version)]
        case MapOf(value):
            return {"key": least(value, fact, method, version)}
        case OneOf(options):
            return least(options[0], fact, method, version)
        case Named(name):
            return _object(name, method, version)


def _object(name: str, method: str, version: int) -> dict[str, Any]:
    types = surface(version).types
    found = types[name]
    made: dict[str, Any] = {}
    if found.discriminator and found.discriminator.values:
        value, member = next(iter(found.discriminator.values.items()))
        made[found.discriminator.property] = value
        name = member
    chain = [types[name]]
    while chain[-1].extends:
        chain.append(types[chain[-1].extends])
    for item in (one for kind in [found, *chain] for one in kind.properties):
        if item.name not in made and (item.required is True or method in item.required_for):
            made[item.name] = least(item.type, item, method, version)
    return made
