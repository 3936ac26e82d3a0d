"""Rules about replaced types: what replaces one exists."""

from __future__ import annotations

from collections.abc import Iterator

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import FOREVER
from connectgen.catalogue.rules.rule import Facts, Rule
from connectgen.catalogue.suggestions import did_you_mean


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


RULES = (Rule("type-replaced", _replaced),)
