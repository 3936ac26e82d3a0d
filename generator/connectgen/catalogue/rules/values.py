"""Rules about values: known values, limits, defaults and requiredness must fit the type and one another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

from connectgen.catalogue.faults import Fault, quoted, shorten
from connectgen.catalogue.model import FOREVER, Parameter, Property
from connectgen.catalogue.rules.rule import Facts, Rule, ValueAt, options_of, scalars_of
from connectgen.catalogue.suggestions import did_you_mean
from connectgen.catalogue.types import (
    ListOf,
    MapOf,
    Scalar,
    ScalarType,
    TypeExpression,
    format_type,
)

_TEXTS = {ScalarType.STRING, ScalarType.ID, ScalarType.URL, ScalarType.DECIMAL}
_NUMBERS = {ScalarType.INTEGER, ScalarType.LONG, ScalarType.DOUBLE, ScalarType.DECIMAL}
_WHOLE = {ScalarType.INTEGER: 2**31, ScalarType.LONG: 2**63}
_WHOLE_CONTENTS = ("body", "returns")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def _repeated(facts: Facts) -> Iterator[Fault]:
    for one in facts.values:
        # An enumeration's values are checked once, by its own rule.
        if len(one.value.values) > 1 and one.value.enumeration is None:
            seen: set[str] = set()
            for ranged in one.value.values:
                if ranged.value in seen:
                    message = f"the value {quoted(ranged.value)} of {one.what} is listed twice"
                    yield Fault(one.value.location, message, "keep one")
                seen.add(ranged.value)


def _values_are_texts(facts: Facts) -> Iterator[Fault]:
    for one in facts.readable:
        if one.value.values and one.role not in _WHOLE_CONTENTS and not _TEXTS.intersection(scalars_of(one.value.type)):
            yield _unfit(one, "values", "a String")


def _limits(facts: Facts) -> Iterator[Fault]:
    for one in facts.values:
        value = one.value
        if value.minimum is not None and value.maximum is not None and value.minimum > value.maximum:
            yield Fault(
                value.location,
                f"{one.what} has a minimum above its maximum",
                "swap or correct them",
            )


def _limits_fit(facts: Facts) -> Iterator[Fault]:
    for one in facts.readable:
        if one.role in _WHOLE_CONTENTS:
            continue
        value = one.value
        bounds = [("minimum", value.minimum), ("maximum", value.maximum)]
        kinds = set(scalars_of(value.type))
        for key, bound in bounds:
            if bound is None:
                continue
            if not _NUMBERS.intersection(kinds):
                yield _unfit(one, key, "a number")
            elif kinds <= set(_WHOLE) and not _is_whole(bound, kinds):
                message = f"{one.what} has the {key} {shorten(str(bound))}, which {_show(value.type)} cannot reach"
                yield Fault(value.location, message, f"correct {key} or the type")
        if value.max_length is not None and not _TEXTS.intersection(kinds):
            yield _unfit(one, "max_length", "a String")
        lists = [option for option in options_of(value.type) if isinstance(option, ListOf | MapOf)]
        if value.max_items is not None and not lists:
            yield _unfit(one, "max_items", "a list")


def _is_whole(bound: float, kinds: set[ScalarType | None]) -> bool:
    limit = max(_WHOLE[kind] for kind in kinds if kind)
    return bound == int(bound) and -limit <= bound < limit


def _values_keep_limits(facts: Facts) -> Iterator[Fault]:
    for one in facts.values:
        if one.value.max_length is None:
            continue
        for ranged in one.value.values:
            if len(ranged.value) > one.value.max_length:
                message = f"the value {quoted(ranged.value)} of {one.what} is longer than max_length"
                yield Fault(one.value.location, message, "correct one of the two")


def _defaults(facts: Facts) -> Iterator[Fault]:
    for one in facts.readable:
        value = one.value
        if value.default is None or one.role in (*_WHOLE_CONTENTS, "path parameter"):
            continue
        options = options_of(value.type)
        if not any(_is_default_of(value.default, option) for option in options):
            message = f"{one.what} has the default {_show_default(value.default)}, which is no {_show(value.type)}"
            yield Fault(value.location, message, "correct the default or the type")
        elif not value.notes.unsure and (fault := _default_breaks(one)):
            message = f"{one.what} has the default {_show_default(value.default)}, {fault}"
            yield Fault(value.location, message, "correct one of the two")


def _default_breaks(one: ValueAt) -> str | None:
    """What else of a value its default contradicts."""
    value, default = one.value, one.value.default
    if isinstance(default, str):
        known = {ranged.value for ranged in value.values}
        if known and default not in known:
            return "which values does not list"
        return "which is longer than max_length" if value.max_length and len(default) > value.max_length else None
    if isinstance(default, bool) or default is None:
        return None
    if value.minimum is not None and default < value.minimum:
        return "which is below its minimum"
    return "which is above its maximum" if value.maximum is not None and default > value.maximum else None


def _is_default_of(default: str | float | bool, option: TypeExpression) -> bool:
    if not isinstance(option, Scalar):
        return False
    match option.kind:
        case ScalarType.BOOLEAN:
            return isinstance(default, bool)
        case ScalarType.INTEGER | ScalarType.LONG:
            return isinstance(default, int) and not isinstance(default, bool) and _is_whole(default, {option.kind})
        case ScalarType.DOUBLE:
            return isinstance(default, int | float) and not isinstance(default, bool)
        case ScalarType.DECIMAL:
            return isinstance(default, str) and _DECIMAL.fullmatch(default) is not None
        case ScalarType.STRING | ScalarType.ID | ScalarType.URL:
            return isinstance(default, str)
        case ScalarType.DATE:
            return isinstance(default, str) and _parses(date.fromisoformat, default)
        case ScalarType.DATETIME:
            return isinstance(default, str) and _parses(datetime.fromisoformat, default)
        case _:
            return False


def _parses(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _required(facts: Facts) -> Iterator[Fault]:
    for one in facts.values:
        value, required = one.value, one.value.required
        if value.condition and required is False:
            yield Fault(
                value.location,
                f"{one.what} has a condition but is optional",
                "write required: conditional",
            )
        elif value.condition and not _is_conditional(required):
            message = f"{one.what} has a condition but is always required"
            yield Fault(
                value.location,
                message,
                "write required: conditional, or remove the condition",
            )
        if required is False:
            continue
        if one.role == "path parameter":
            yield Fault(
                value.location,
                f"{one.what} has required, but a path needs all of its parts",
                "remove required",
            )
        elif one.role == "returns" or not one.is_input:
            yield Fault(
                value.location,
                f"{one.what} has required, but no request holds it",
                "remove required",
            )
        elif isinstance(required, Mapping) and one.operation and one.operation.method not in required:
            message = f"{one.what} of a {one.operation.method} is required for {', '.join(required)} only"
            yield Fault(value.location, message, "write required: true, or remove it")


def _is_conditional(required: object) -> bool:
    return required == "conditional" or (isinstance(required, Mapping) and "conditional" in required.values())


_IGNORED = (
    "condition",
    "default",
    "minimum",
    "maximum",
    "max_items",
    "max_length",
    "replaced_by",
    "values",
    "enumeration",
    "python_name",
)


def _ignored_keys(facts: Facts) -> Iterator[Fault]:
    """Keys that say something of a value and are read of a parameter or a property only."""
    for one in facts.values:
        value = one.value
        if one.role in _WHOLE_CONTENTS:
            keys = [key for key in _IGNORED if getattr(value, key) not in (None, ())]
            keys = ["values" if key == "enumeration" else key for key in keys]
            if one.role == "body" and value.required is not True and "condition" in keys:
                keys.remove("condition")
        elif one.role == "path parameter":
            keys = [key for key in ("default", "replaced_by") if getattr(value, key) is not None]
        else:
            continue
        if keys:
            message = f"{one.what} has {', '.join(keys)}, which nothing reads there"
            yield Fault(value.location, message, "remove it, or say it of a property")


def _filter_groups(facts: Facts) -> Iterator[Fault]:
    for one in facts.values:
        if one.is_input and isinstance(one.value, Property) and one.value.groups:
            message = f"{one.what} has a filter group, which only responses have"
            yield Fault(one.value.location, message, "remove group")


def _replaced(facts: Facts) -> Iterator[Fault]:
    for one in facts.operations:
        for value in one.operation.parameters:
            if value.replaced_by:
                yield from _replacement(value, one.operation.parameters)
    for definition in facts.types.values():
        for item in definition.properties:
            if item.replaced_by and "." in item.replaced_by:
                yield from _replaced_inside(facts, definition.name, item)
            elif item.replaced_by:
                yield from _replacement(item, definition.properties)


def _replaced_inside(facts: Facts, owner: str, value: Property) -> Iterator[Fault]:
    """A replacement inside another property: `capabilities.comments.page`."""
    found = facts.follow(owner, str(value.replaced_by))
    if not found:
        message = f"property {value.name} is replaced by {value.replaced_by}, which does not exist"
        yield Fault(value.location, message, f"name a path of properties from {owner}")
    elif all(item.span.until <= value.span.until and item.span.until < FOREVER for item in found):
        message = f"property {value.name} is replaced by {value.replaced_by}, which ends with it or before"
        yield Fault(value.location, message, "correct replaced_by or until")


def _replacement(value: Parameter | Property, beside: Sequence[Parameter] | Sequence[Property]) -> Iterator[Fault]:
    what = f"{'parameter' if isinstance(value, Parameter) else 'property'} {value.name}"
    spans = [other.span for other in beside if other.name == value.replaced_by]
    if value.replaced_by == value.name:
        yield Fault(value.location, f"{what} names itself in replaced_by", "correct replaced_by")
    elif not spans:
        message = f"{what} is replaced by {value.replaced_by}, which is not beside it"
        remedy = did_you_mean(
            str(value.replaced_by),
            [other.name for other in beside],
            "correct replaced_by",
        )
        yield Fault(value.location, message, remedy)
    elif all(span.until <= value.span.until and span.until < FOREVER for span in spans):
        message = f"{what} is replaced by {value.replaced_by}, which ends with it or before"
        yield Fault(value.location, message, "correct replaced_by or until")


def _described(facts: Facts) -> Iterator[Fault]:
    for one in facts.values:
        if one.value.described_by_name and one.value.description:
            message = f"{one.what} has a description, but is described_by_name"
            yield Fault(one.value.location, message, "remove one of the two")


def _list_style(facts: Facts) -> Iterator[Fault]:
    for one in facts.readable:
        is_list = any(isinstance(option, ListOf) for option in options_of(one.value.type))
        if isinstance(one.value, Parameter) and one.value.style and not is_list:
            yield _unfit(one, "style", "a list")


def _unfit(one: ValueAt, key: str, wanted: str) -> Fault:
    message = f"{one.what} has {key}, but is of type {_show(one.value.type)}"
    return Fault(one.value.location, message, f"remove {key}, or make it {wanted}")


def _show(expression: TypeExpression) -> str:
    return shorten(format_type(expression))


def _show_default(default: str | float | bool) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return quoted(default) if isinstance(default, str) else shorten(str(default))


RULES = (
    Rule("value-twice", _repeated),
    Rule("values-of-text", _values_are_texts),
    Rule("minimum-below-maximum", _limits),
    Rule("limits-fit-type", _limits_fit),
    Rule("values-keep-limits", _values_keep_limits),
    Rule("default-fits", _defaults),
    Rule("required-fits", _required),
    Rule("keys-have-effect", _ignored_keys),
    Rule("filter-group-of-response", _filter_groups),
    Rule("replacement-beside", _replaced),
    Rule("described-once", _described),
    Rule("list-style", _list_style),
)
