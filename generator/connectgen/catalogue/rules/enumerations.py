"""Rules about enumerations: that those named exist, that those there are are used, and their values."""

from __future__ import annotations

from collections.abc import Iterator

from connectgen.catalogue.faults import Fault, quoted
from connectgen.catalogue.model import Enumeration, EnumerationValue
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
            what = f"the value {quoted(value.value)} of {enumeration.name}"
            if any(_same(value, other) for other in enumeration.values[:position]):
                yield Fault(enumeration.location, f"{what} is listed twice", "keep one")
            if value.replaced_by is not None:
                yield from _replacement(enumeration, value, what)


def _same(one: EnumerationValue, other: EnumerationValue) -> bool:
    return one.value == other.value and one.span.overlaps(other.span)


def _replacement(enumeration: Enumeration, value: EnumerationValue, what: str) -> Iterator[Fault]:
    others = [other.value for other in enumeration.values if other.value != value.value]
    if value.replaced_by not in others:
        message = f"{what} is replaced by {quoted(value.replaced_by)}, which is not beside it"
        yield Fault(enumeration.location, message, did_you_mean(str(value.replaced_by), others, "correct replaced_by"))


RULES = (
    Rule("enumeration-exists", _exist),
    Rule("enumeration-used", _used),
    Rule("enumeration-name", _names),
    Rule("enumeration-values", _values),
)
