"""Arguments for every operation, made from its Surface: as few as possible, or as many."""

from __future__ import annotations

import datetime
import inspect
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, TypeExpression
from connectgen.identifiers import prefix_for, record_id
from connectgen.naming import snake_case
from connectgen.surface import Surface, SurfaceOperation, SurfaceParameter, SurfaceProperty, SurfaceType, SurfaceValue
from sf_connect.core import Upload

_NOON = datetime.datetime(2020, 1, 2, 12, tzinfo=datetime.UTC)
_POSITIONS = ("page", "pageToken", "pageParam", "pageNumber", "cursor", "offset")
_DEEPEST = 3
_KNOWN = {"filterGroup": "Small", "X-Chatter-Entity-Encoding": "false"}
"""Values of parameters that the API knows everywhere, for operations that name them once more."""


@dataclass(frozen=True)
class Arguments:
    """How a method is called."""

    positional: tuple[object, ...]
    keyword: dict[str, object]


class Maker:
    """Makes arguments for the operations of one generated package.

    Args:
        surface: what exists at the version.
        models: the package's models.
        all_of_them: everything that may be given, not only what must be.
    """

    def __init__(self, surface: Surface, models: Any, *, all_of_them: bool) -> None:
        self._surface = surface
        self._models = models
        self._all = all_of_them

    def arguments(self, operation: SurfaceOperation, method: Any) -> Arguments:
        """The arguments of one call."""
        names = list(inspect.signature(method).parameters)
        positional = tuple(self._parameter(item) for item in operation.path_parameters)
        keyword: dict[str, object] = {}
        for item in operation.parameters:
            if item.place == "path" or (item.place == "form" and operation.body is not None):
                continue
            if item.required is True or (self._all and self._is_sensible(item, operation)):
                keyword[_spelled(item.name, names)] = self._parameter(item)
        if operation.body is not None:
            keyword["body"] = self._body(operation.body, operation)
        for part in operation.parts:
            if part.required or self._all:
                file = Upload(b"\x00file", filename="f.bin")
                keyword[_spelled(part.name, names)] = {part.name: file} if part.named_by_caller else file
        return Arguments(positional, keyword)

    def _is_sensible(self, item: SurfaceParameter, operation: SurfaceOperation) -> bool:
        """Whether a value can be thought up: a place in a list is only what an earlier page named."""
        pagination = operation.pagination
        return item.name not in _POSITIONS and not (pagination and item.name == pagination.parameter)

    def _body(self, body: SurfaceValue, operation: SurfaceOperation) -> object:
        return self._value(body.type, body, operation.method, 0)

    def _parameter(self, item: SurfaceParameter) -> object:
        return self._value(item.type, item, "GET", 0)

    def _value(self, expression: TypeExpression, fact: SurfaceValue, method: str, depth: int) -> object:
        match expression:
            case Scalar(kind):
                return _scalar(kind.value, fact)
            case ListOf(item):
                is_deep = depth > _DEEPEST and isinstance(item, Named)
                return [] if is_deep else [self._value(item, fact, method, depth)]
            case MapOf(inner):
                return {"key": self._value(inner, fact, method, depth)}
            case OneOf(options):
                return self._value(options[0], fact, method, depth)
            case Named(name):
                return self._object(name, method, depth)

    def _object(self, name: str, method: str, depth: int) -> object:
        found = self._surface.types[name]
        told = found.discriminator
        if told and told.values:
            name = self._member(tuple(told.values.values()), depth)
        kind = getattr(self._models, name)
        facts = {item.name: item for item in self._properties(self._surface.types[name])}
        values: dict[str, object] = {}
        for item in msgspec.structs.fields(kind):
            fact = facts[item.encode_name]
            if told and fact.name == told.property and not item.required:
                continue
            wanted = item.required or fact.required is True or method in fact.required_for
            if wanted or (self._all and depth < _DEEPEST):
                values[item.name] = self._value(fact.type, fact, method, depth + 1)
        return kind(**values)

    def _member(self, names: tuple[str, ...], depth: int) -> str:
        """The first class of a family; deep down one that needs no further objects, so that there is an end."""
        if depth < _DEEPEST:
            return names[0]

        def needs(name: str) -> int:
            facts = self._properties(self._surface.types[name])
            return sum(1 for fact in facts if fact.required is True and not isinstance(fact.type, Scalar))

        return min(names, key=needs)

    def _properties(self, found: SurfaceType) -> list[SurfaceProperty]:
        inherited = self._properties(self._surface.types[found.extends]) if found.extends else []
        return [*inherited, *found.properties]


def _scalar(kind: str, fact: SurfaceValue) -> object:
    if fact.name in _KNOWN:
        return _KNOWN[fact.name]
    match kind:
        case "Id":
            return record_id(prefix_for(fact.name), 7)
        case "Boolean":
            return True
        case "Integer" | "Long" | "Double":
            number = 7 if fact.minimum is None else max(7, int(fact.minimum) + 1)
            number = number if fact.maximum is None else min(number, int(fact.maximum))
            return number if kind != "Double" else float(number)
        case "Decimal":
            return Decimal("7.50")
        case "Date":
            return datetime.date(2020, 1, 2)
        case "DateTime":
            return _NOON
        case _:
            plain = "a b" if isinstance(fact, SurfaceParameter) and fact.place == "header" else "ä b"
            text = (
                fact.values[0] if fact.values else record_id(prefix_for(fact.name), 8) if "Id" in fact.name else plain
            )
            return text if fact.max_length is None else text[: fact.max_length]


def _spelled(name: str, names: list[str]) -> str:
    wanted = re.sub(r"\W", "", snake_case(name))
    return next(one for one in names if one.strip("_") == wanted.strip("_"))
