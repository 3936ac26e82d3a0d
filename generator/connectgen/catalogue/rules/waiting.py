"""Rules about waiting and about replaced types: what they name exists and fits."""

from __future__ import annotations

from collections.abc import Iterator

from connectgen.catalogue.faults import Fault, quoted
from connectgen.catalogue.model import FOREVER, Operation, Wait
from connectgen.catalogue.rules.rule import Facts, OperationAt, Rule, named
from connectgen.catalogue.suggestions import did_you_mean


def _wait(facts: Facts) -> Iterator[Fault]:
    by_name: dict[str, OperationAt] = {one.name: one for one in facts.operations}
    for one in facts.operations:
        wait = one.operation.wait
        if wait is None:
            continue
        asked = by_name.get(wait.operation) if wait.operation else one
        if asked is None:
            message = f"there is no operation {quoted(wait.operation)}, which wait names"
            remedy = did_you_mean(str(wait.operation), by_name, "name it family.group.operation")
            yield Fault(one.operation.location, message, remedy, needs_all=True)
            continue
        yield from _property(facts, one, asked.operation, wait)
        both = set(wait.done) & set(wait.failed)
        if both:
            message = f"wait has {quoted(min(map(str, both)))} among done and among failed"
            yield Fault(one.operation.location, message, "remove it from one of the two")


def _property(facts: Facts, one: OperationAt, asked: Operation, wait: Wait) -> Iterator[Fault]:
    types = [name for value in asked.returns for name in named(value.type)]
    if not all(facts.is_known(value.type) for value in asked.returns):
        return
    found = [item for name in types for item in facts.follow(name, wait.property)]
    at = one.operation.location
    if not found:
        known = {item.name for name in types for item in facts.properties(name)}
        message = f"wait asks for {quoted(wait.property)}, which the response lacks"
        yield Fault(at, message, did_you_mean(wait.property, known, "name a property of the response"))
        return
    listed = {ranged.value for item in found for ranged in item.values}
    for value in (*wait.done, *wait.failed):
        if listed and isinstance(value, str) and value not in listed:
            message = f"wait names {quoted(value)}, which is no value of {wait.property}"
            yield Fault(at, message, did_you_mean(value, listed, "correct it, or add it to the property's values"))


def _replaced(facts: Facts) -> Iterator[Fault]:
    for definition in facts.types.values():
        name = definition.replaced_by
        if name is None:
            continue
        if name == definition.name:
            yield Fault(definition.location, f"{name} names itself as its replacement", "correct replaced_by")
        elif name not in facts.types:
            remedy = did_you_mean(name, facts.types, "name a type of the catalogue")
            message = f"there is no type {name}, which {definition.name} is replaced by"
            yield Fault(definition.location, message, remedy, type_name=name)
        elif definition.span.until >= FOREVER:
            message = f"{definition.name} is replaced by {name}, but has not ended"
            yield Fault(definition.location, message, "say in which version it ended, with until")


RULES = (
    Rule("wait-fits", _wait),
    Rule("type-replaced", _replaced),
)
