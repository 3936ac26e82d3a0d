"""Compares two facts that have a type: parameters, bodies, results, properties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connectgen.catalogue.model import Required
from connectgen.catalogue.types import ListOf, MapOf, OneOf, Scalar, ScalarType, TypeExpression, format_type
from connectgen.surface import SurfaceProperty, SurfaceValue

_TEXT = frozenset(
    [ScalarType.STRING, ScalarType.ID, ScalarType.URL, ScalarType.DECIMAL, ScalarType.DATE, ScalarType.DATETIME]
)
_NUMBER = frozenset([ScalarType.INTEGER, ScalarType.LONG])
_PYTHON = {
    ScalarType.STRING: "str",
    ScalarType.ID: "str",
    ScalarType.URL: "str",
    ScalarType.INTEGER: "int",
    ScalarType.LONG: "int",
}
_LIMITS = ("minimum", "maximum", "max_items", "max_length")


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two facts: the end of a rule's id, and what it was and is."""

    suffix: str
    before: str | None
    after: str | None
    detail: str = ""
    """What follows the subject, `=Value` for a value that came or went."""


def differences(before: SurfaceValue, after: SurfaceValue) -> Iterator[Difference]:
    """What differs between a fact and the same fact in another surface; direction is for the caller to add."""
    if not is_same_type(before.type, after.type):
        yield Difference(_type_suffix(before.type, after.type), format_type(before.type), format_type(after.type))
    yield from _values(before, after)
    yield from _required(before.required, after.required)
    if before.required == "conditional" == after.required and _condition(before) != _condition(after):
        yield Difference("condition-changed", _condition(before), _condition(after))
    yield from _limits(before, after)
    if before.default != after.default:
        yield Difference("default-changed", _format_value(before.default), _format_value(after.default))
    if isinstance(before, SurfaceProperty) and isinstance(after, SurfaceProperty) and before.group != after.group:
        yield Difference("group-changed", before.group, after.group)


def is_same_type(before: TypeExpression, after: TypeExpression) -> bool:
    """Whether two types are the same; the order in which a union names its options says nothing."""
    return before == after or _ordered(before) == _ordered(after)


def _ordered(expression: TypeExpression) -> str:
    match expression:
        case ListOf(item):
            return f"list<{_ordered(item)}>"
        case MapOf(value):
            return f"map<{_ordered(value)}>"
        case OneOf(options):
            return " | ".join(sorted({_ordered(option) for option in options}))
        case _:
            return format_type(expression)


def _condition(value: SurfaceValue) -> str | None:
    """When it is required: in words, or with which methods."""
    methods = ", ".join(sorted(value.required_for)) if isinstance(value, SurfaceProperty) else ""
    return f"with {methods}" if methods else value.condition


def _type_suffix(before: TypeExpression, after: TypeExpression) -> str:
    if _wire(before) != _wire(after):
        return "type-changed"
    return "type-refined" if _python(before) == _python(after) else "python-type-changed"


def _wire(expression: TypeExpression) -> str:
    """What is sent: all texts are the same, and so are all whole numbers."""
    match expression:
        case Scalar(kind):
            return "text" if kind in _TEXT else "number" if kind in _NUMBER else kind.value
        case ListOf(item):
            return f"list<{_wire(item)}>"
        case MapOf(value):
            return f"map<{_wire(value)}>"
        case _:
            return _ordered(expression)


def _python(expression: TypeExpression) -> str:
    match expression:
        case Scalar(kind):
            return _PYTHON.get(kind, kind.value)
        case ListOf(item):
            return f"list<{_python(item)}>"
        case MapOf(value):
            return f"map<{_python(value)}>"
        case _:
            return _ordered(expression)


def _values(before: SurfaceValue, after: SurfaceValue) -> Iterator[Difference]:
    if not before.values or not after.values:
        return  # where one side lists nothing, nothing is known of what came or went
    for value in before.values:
        if value not in after.values:
            yield Difference("value-removed", value, None, f"={value}")
    for value in after.values:
        if value not in before.values:
            yield Difference("value-added", None, value, f"={value}")


def _required(before: Required, after: Required) -> Iterator[Difference]:
    if before == after:
        return
    suffix = {True: "became-required", False: "became-optional", "conditional": "became-conditional"}[after]
    if before is True and after == "conditional":
        suffix = "became-optional"
    yield Difference(suffix, _need(before), _need(after))


def _need(required: Required) -> str:
    if required == "conditional":
        return "required in some cases"
    return "required" if required else "optional"


def _limits(before: SurfaceValue, after: SurfaceValue) -> Iterator[Difference]:
    for name in _LIMITS:
        was: float | None = getattr(before, name)
        now: float | None = getattr(after, name)
        if was == now:
            continue
        if name == "minimum":
            narrower = now is not None and (was is None or now > was)
        else:
            narrower = now is not None and (was is None or now < was)
        suffix = "limit-narrowed" if narrower else "limit-widened"
        label = name.replace("max_", "most ").replace("_", " ")
        yield Difference(suffix, _format_value(was), _format_value(now), f" {label}")


def _format_value(value: object) -> str:
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
