"""Checks one value against its type and limits: as text (parameters) or as JSON (bodies)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import cast

from connectgen.catalogue.types import ListOf, MapOf, OneOf, Scalar, ScalarType, TypeExpression
from connectgen.identifiers import is_id
from connectgen.mock.refusal import Problem
from connectgen.mock.versions import Versions
from connectgen.surface import SurfaceValue

_INTEGER = re.compile(r"-?\d{1,19}")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?")
_LARGEST_PLAIN = 2**31 - 1
_LARGEST = 10**18
_NUMBERS = (ScalarType.INTEGER, ScalarType.LONG, ScalarType.DOUBLE, ScalarType.DECIMAL)
_ALIASES = {"me": ("user", "subject", "member", "employee", "owner", "actor"), "internal": ("community", "site")}
_DESCRIPTIONS = {
    ScalarType.ID: "a record id of 15 or 18 letters and digits",
    ScalarType.BOOLEAN: "true or false",
    ScalarType.INTEGER: "a whole number of 32 bits",
    ScalarType.LONG: "a whole number below 10^18",
    ScalarType.DOUBLE: "a number",
    ScalarType.DECIMAL: "a number",
    ScalarType.DATE: "a date like 2026-03-31",
    ScalarType.DATETIME: "a time like 2026-03-31T09:30:00.000Z",
    ScalarType.STRING: "a text",
    ScalarType.URL: "a URL",
    ScalarType.BINARY: "a text in Base64",
}


def scalar_fault(scalar: ScalarType, value: object, name: str, *, is_text: bool) -> str | None:
    """What a value should have been, None where it is right.

    Args:
        scalar: which scalar type.
        value: the value; a text where it came as a parameter or in XML.
        name: the name of the parameter or property.
        is_text: whether everything is written as text, as in a query.
    """
    if scalar is ScalarType.ANY:
        return None
    if scalar in _NUMBERS:
        right = _is_number(scalar, value, is_text=is_text)
    elif scalar is ScalarType.BOOLEAN:
        right = value in ("true", "false") or (isinstance(value, bool) and not is_text)
    else:
        right = isinstance(value, str) and _is_text(scalar, value, name)
    if right:
        return None
    if scalar is ScalarType.LONG and isinstance(value, int) and _LARGEST_PLAIN < abs(value) < _LARGEST:
        return "in quotes, as every whole number above 2^31-1"
    return _DESCRIPTIONS[scalar]


def _is_number(scalar: ScalarType, value: object, *, is_text: bool) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, str):
        whole = scalar in (ScalarType.INTEGER, ScalarType.LONG)
        if not (_INTEGER if whole else _NUMBER).fullmatch(value):
            return False
        return not whole or _in_bits(scalar, int(value))
    if is_text or not isinstance(value, int | float):
        return False
    if scalar is ScalarType.LONG:
        return value == int(value) and abs(value) <= _LARGEST_PLAIN
    if scalar is ScalarType.INTEGER:
        return value == int(value) and _in_bits(scalar, int(value))
    return True


def _in_bits(scalar: ScalarType, value: int) -> bool:
    if scalar is ScalarType.INTEGER:
        return -_LARGEST_PLAIN - 1 <= value <= _LARGEST_PLAIN
    return abs(value) < _LARGEST


def _is_text(scalar: ScalarType, value: str, name: str) -> bool:
    match scalar:
        case ScalarType.ID:
            return is_id(value) or any(word in name.lower() for word in _ALIASES.get(value, ()))
        case ScalarType.DATE:
            return _DATE.fullmatch(value) is not None and _parses(date.fromisoformat, value)
        case ScalarType.DATETIME:
            return _DATETIME.fullmatch(value) is not None and _parses(datetime.fromisoformat, value)
        case _:
            return True


def _parses(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True


class Constraints:
    """Checks values against enums, ranges and lengths.

    Args:
        versions: the Surfaces, to look up what other versions allow.
        version: the version of the request.
        wrong_value: the error code for a value that is not allowed.
    """

    def __init__(self, versions: Versions, version: int, wrong_value: str) -> None:
        self._versions = versions
        self._version = version
        self._wrong_value = wrong_value

    def problems(
        self, fact: SurfaceValue, value: object, where: str, others: dict[int, SurfaceValue]
    ) -> Iterator[Problem]:
        """What is wrong with a value of the right type.

        Args:
            fact: the parameter or property.
            value: the value, a list where it holds several.
            where: its name, for the message.
            others: the same fact at other versions, where values can differ.
        """
        items = cast("list[object]", value) if isinstance(value, list) else [value]
        for item in items:
            yield from self._of_item(fact, item, where, others)
        if isinstance(value, list) and fact.max_items is not None and len(items) > fact.max_items:
            message = f"{where} takes {fact.max_items} items at most, not {len(items)}"
            yield Problem("LIMIT_EXCEEDED", message, "too-many", fact.location)

    def _of_item(
        self, fact: SurfaceValue, item: object, where: str, others: dict[int, SurfaceValue]
    ) -> Iterator[Problem]:
        if isinstance(item, dict):
            return
        text = item if isinstance(item, str) else str(item)
        is_open = fact.open in ("both", "requests")
        if fact.values and not is_open and isinstance(item, str) and item not in fact.values:
            yield self._not_allowed(fact, item, where, others)
        number = _as_number(item, fact.type)
        if number is not None:
            yield from self._out_of_range(fact, number, where)
        if isinstance(item, str) and fact.max_length is not None and len(text) > fact.max_length:
            message = f"{where} takes {fact.max_length} characters at most, not {len(text)}"
            yield Problem("STRING_TOO_LONG", message, "too-long", fact.location)

    def _not_allowed(self, fact: SurfaceValue, item: str, where: str, others: dict[int, SurfaceValue]) -> Problem:
        def has(version: int) -> SurfaceValue | None:
            other = others.get(version)
            return other if other is not None and item in other.values else None

        allowed = ", ".join(fact.values)
        elsewhere = self._versions.elsewhere(self._version, has)
        if elsewhere:
            message = f"{where}: the value {_quote_value(item)} {elsewhere[0]}; {self._version}.0 takes {allowed}"
            return Problem(self._wrong_value, message, "other-versions", elsewhere[1].location)
        message = f"{where}: {_quote_value(item)} is not one of {allowed}"
        return Problem(self._wrong_value, message, "value-not-allowed", fact.location)

    def _out_of_range(self, fact: SurfaceValue, number: float, where: str) -> Iterator[Problem]:
        if fact.minimum is not None and number < fact.minimum:
            message = f"{where} is {number:g} and must be at least {fact.minimum}"
            yield Problem("NUMBER_OUTSIDE_VALID_RANGE", message, "out-of-range", fact.location)
        if fact.maximum is not None and number > fact.maximum:
            message = f"{where} is {number:g} and must be at most {fact.maximum}"
            yield Problem("NUMBER_OUTSIDE_VALID_RANGE", message, "out-of-range", fact.location)


def _as_number(item: object, expression: TypeExpression) -> float | None:
    inner = expression.item if isinstance(expression, ListOf) else expression
    if not isinstance(inner, Scalar) or inner.kind not in _NUMBERS or isinstance(item, bool):
        return None
    return float(item) if isinstance(item, int | float | str) else None


def _quote_value(text: str) -> str:
    return repr(text) if len(text) <= 80 else f"{text[:80]!r}…"


def text_fault(expression: TypeExpression, value: str, name: str) -> str | None:
    """What a parameter's text should have been, None where it is right; a list's items are separated by commas."""
    match expression:
        case Scalar(scalar):
            return scalar_fault(scalar, value, name, is_text=True)
        case ListOf(item):
            fault = next((fault for one in value.split(",") if (fault := text_fault(item, one, name))), None)
            return fault and f"a list separated by commas, each item {fault}"
        case OneOf(options):
            faults = [text_fault(option, value, name) for option in options]
            return None if None in faults else faults[0]
        case MapOf():
            return None
        case _:
            return None


def as_items(expression: TypeExpression, value: str) -> object:
    """A parameter's text as the limits look at it."""
    return value.split(",") if isinstance(expression, ListOf) else value
