"""Type expressions of the catalogue: `list<FeedItem>`, `map<String>`, `A | B`, parsed into a small tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import accumulate

from connectgen.catalogue.packing import pack_quickly
from connectgen.catalogue.suggestions import nearest

_LONGEST_QUOTE = 60


class ScalarType(StrEnum):
    """The scalars that a value may have, as they are spelled in the catalogue."""

    STRING = "String"
    ID = "Id"
    BOOLEAN = "Boolean"
    INTEGER = "Integer"
    LONG = "Long"
    DOUBLE = "Double"
    DECIMAL = "Decimal"
    DATE = "Date"
    DATETIME = "DateTime"
    URL = "Url"
    BINARY = "Binary"
    ANY = "Any"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value without properties."""

    kind: ScalarType


@dataclass(frozen=True, slots=True)
class Named:
    """A reference to a type of the catalogue."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one type."""

    item: TypeExpression


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map from strings to one type."""

    value: TypeExpression


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several types, in the order of the source."""

    options: tuple[TypeExpression, ...]


TypeExpression = Scalar | Named | ListOf | MapOf | OneOf
pack_quickly(Scalar, Named, ListOf, MapOf, OneOf)

UNREADABLE = OneOf(())
"""What stands for a type that could not be read; its fault is reported where it was read."""

_SCALARS = {kind.value: Scalar(kind) for kind in ScalarType}


class TypeExpressionError(ValueError):
    """A type expression that cannot be read; the message says why, `part` is what is to blame, where it is known."""

    def __init__(self, message: str, part: str | None = None) -> None:
        super().__init__(message)
        self.part = part


MAX_NESTING = 8
"""How deep lists and maps may be in one another."""
_SPELLINGS = {"array": "list<…>", "dict": "map<…>", "object": "map<…>", "int": "Integer", "number": "Double"}
_CONTAINER = re.compile(r"([A-Za-z]*)<(.*)>")


@cache
def parse_type(text: str) -> TypeExpression:
    """Read a type expression; those that are spelled alike are the same object.

    Args:
        text: for example `list<FeedItem | Comment>`.

    Raises:
        TypeExpressionError: the text is not a type expression.
    """
    return _parse(text, text, 0)


def _parse(text: str, whole: str, depth: int) -> TypeExpression:
    if depth > MAX_NESTING:
        raise TypeExpressionError(f"a type is nested deeper than {MAX_NESTING} levels")
    options = [_parse_single(part.strip(), whole, depth) for part in _split_options(text, whole)]
    return options[0] if len(options) == 1 else OneOf(tuple(options))


def _split_options(text: str, whole: str) -> list[str]:
    parts: list[str] = []
    depth = start = 0
    for position, character in enumerate(text):
        if character == "<":
            depth += 1
        elif character == ">":
            depth -= 1
        elif character == "|" and depth == 0:
            parts.append(text[start:position])
            start = position + 1
        if depth < 0:
            break
    if depth:
        raise TypeExpressionError(f"unbalanced < > in type {_quote(whole)}")
    parts.append(text[start:])
    return parts


def _parse_single(part: str, whole: str, depth: int) -> TypeExpression:
    for prefix, container in (("list<", ListOf), ("map<", MapOf)):
        if part.startswith(prefix) and part.endswith(">"):
            return container(_parse(part[len(prefix) : -1], whole, depth + 1))
    if part in _SCALARS:
        return _SCALARS[part]
    if part.isascii() and part.isalnum() and part[0].isupper():
        return Named(part)
    if not part:
        raise TypeExpressionError(f"empty option in type {_quote(whole)}")
    in_type = f" in type {_quote(whole)}" if part != whole else ""
    raise TypeExpressionError(f"{_quote(part)}{in_type} is neither a scalar, a type's name, list<…> nor map<…>", part)


def nesting(text: str) -> int:
    """How deep lists and maps are in one another in a type expression."""
    depths = accumulate({"<": 1, ">": -1}.get(mark, 0) for mark in text)
    return max(depths, default=0)


def meant_type(part: str) -> str | None:
    """The nearest spelling of a type that cannot be read: `list<X>` for `List<X>`, `String` for `string`."""
    found = _CONTAINER.fullmatch(part)
    if found:
        near = _SPELLINGS.get(found[1].casefold(), "").partition("<")[0] or next(
            iter(nearest(found[1], ("list", "map"))), ""
        )
        return f"{near}<{found[2]}>" if near else None
    return _SPELLINGS.get(part.casefold()) or next(iter(nearest(part, _SCALARS)), None)


def _quote(text: str) -> str:
    return repr(text) if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]!r}…"


def format_type(expression: TypeExpression) -> str:
    """Write a type expression as the catalogue spells it; the inverse of `parse_type`."""
    match expression:
        case Scalar(kind):
            return kind.value
        case Named(name):
            return name
        case ListOf(item):
            return f"list<{format_type(item)}>"
        case MapOf(value):
            return f"map<{format_type(value)}>"
        case OneOf(options):
            return " | ".join(format_type(option) for option in options)


def joined_name(options: Iterable[TypeExpression]) -> str:
    """The name of a union in generated code, that of all its options joined: `FileSummaryOrGroup`."""
    return "Or".join(_title(option) for option in options)


def _title(option: TypeExpression) -> str:
    match option:
        case Named(name):
            return name
        case Scalar(kind):
            return kind.value
        case ListOf(item):
            return f"{_title(item)}List"
        case MapOf(value):
            return f"{_title(value)}Map"
        case OneOf(options):
            return joined_name(options)


def names_in(expression: TypeExpression) -> Iterator[str]:
    """Yield the names of the catalogue's types in an expression, from left to right."""
    match expression:
        case Named(name):
            yield name
        case ListOf(item):
            yield from names_in(item)
        case MapOf(value):
            yield from names_in(value)
        case OneOf(options):
            for option in options:
                yield from names_in(option)
        case Scalar():
            return


def unions_in(expression: TypeExpression) -> Iterator[OneOf]:
    """Yield the unions in an expression, outer ones first."""
    match expression:
        case ListOf(inner) | MapOf(inner):
            yield from unions_in(inner)
        case OneOf(options):
            yield expression
            for option in options:
                yield from unions_in(option)
        case _:
            return
