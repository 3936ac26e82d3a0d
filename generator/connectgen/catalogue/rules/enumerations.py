"""Rules about enumerations: that those named exist, that those there are are used, and their values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectgen.catalogue.faults import Fault, quoted
from connectgen.catalogue.model import KnownValue, Location
from connectgen.catalogue.rules.names import type_name_fault
from connectgen.catalogue.rules.rule import Facts, Rule
from connectgen.catalogue.suggestions import did_you_mean
from connectgen.naming import normalize_type_name


def _exist(facts: Facts) -> Iterator[Fault]:
    known = facts.catalogue.enumerations
    for one in facts.values:
        name = one.value.enumeration
        if name is not None and name not in known:
            message = f"there is no enumeration {name}, which {one.what} names"
            remedy = did_you_mean(name, known, "define it in enumerations/<family>.yaml, or list the values")
            yield Fault(one.value.location, message, remedy, needs_all=True)


def _used(facts: Facts) -> Iterator[Fault]:
    used = {one.value.enumeration for one in facts.values}
    for name, enumeration in facts.catalogue.enumerations.items():
        if name not in used:
            yield Fault(enumeration.location, f"nothing names the enumeration {name}", "remove it", needs_all=True)


def _names(facts: Facts) -> Iterator[Fault]:
    for name, enumeration in facts.catalogue.enumerations.items():
        usual = normalize_type_name(name)
        if fault := type_name_fault(name, "enumeration"):
            yield Fault(enumeration.location, fault, "choose another name")
        elif name.endswith("Input"):
            message = f"the enumeration {name} is named like a type that is sent"
            yield Fault(enumeration.location, message, "choose a name that does not end in Input")
        elif usual != name:
            message = f"the enumeration {name} has an initialism that is not written as in the names of types"
            yield Fault(enumeration.location, message, f"call it {usual}")


def _values(facts: Facts) -> Iterator[Fault]:
    for enumeration in facts.catalogue.enumerations.values():
        for position, value in enumerate(enumeration.values):
            if any(_same(value, other) for other in enumeration.values[:position]):
                what = f"the value {quoted(value.value)} of {enumeration.name}"
                yield Fault(enumeration.location, f"{what} is listed twice", "keep one")
        yield from _replacements(enumeration.name, enumeration.location, enumeration.values)
    for one in facts.values:
        if one.value.enumeration is None:
            yield from _replacements(one.what, one.value.location, one.value.values)


def _same(one: KnownValue, other: KnownValue) -> bool:
    return one.value == other.value and one.span.overlaps(other.span)


def _replacements(owner: str, location: Location, values: Sequence[KnownValue]) -> Iterator[Fault]:
    for value in values:
        others = [other.value for other in values if other.value != value.value]
        if value.replaced_by is not None and value.replaced_by not in others:
            what = f"the value {quoted(value.value)} of {owner}"
            message = f"{what} is replaced by {quoted(value.replaced_by)}, which is not beside it"
            yield Fault(location, message, did_you_mean(value.replaced_by, others, "correct replaced_by"))


RULES = (
    Rule("enumeration-exists", _exist),
    Rule("enumeration-used", _used),
    Rule("enumeration-name", _names),
    Rule("enumeration-values", _values),
)
