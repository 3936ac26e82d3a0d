"""Rules about variants, their discriminators, and how a result reports a failure."""

from __future__ import annotations

from collections.abc import Iterator

from connectgen.catalogue.faults import Fault, quoted, shorten
from connectgen.catalogue.model import Discriminator, TypeDefinition
from connectgen.catalogue.rules.rule import Facts, Rule, options_of, scalars_of
from connectgen.catalogue.suggestions import did_you_mean
from connectgen.catalogue.types import ListOf, MapOf, ScalarType, format_type

_TEXTS = {ScalarType.STRING, ScalarType.ID, ScalarType.URL}


def _property(facts: Facts) -> Iterator[Fault]:
    for definition, discriminator in _discriminated(facts):
        own = [item for item in facts.properties(definition.name) if item.name == discriminator.property]
        for item in own:
            if facts.is_known(item.type) and not _TEXTS.intersection(scalars_of(item.type)):
                message = f"the discriminator {item.name} of {definition.name} is {shorten(format_type(item.type))}"
                yield Fault(definition.location, message, "make it a String")
                break


def _variants(facts: Facts) -> Iterator[Fault]:
    for definition, discriminator in _discriminated(facts):
        variants = [name for name in dict.fromkeys(discriminator.values.values()) if name in facts.types]
        if not definition.is_input:
            lacking = [name for name in variants if not _has(facts, name, discriminator.property)]
            if lacking and len(lacking) == len(variants):
                known = {item.name for name in variants for item in facts.properties(name)}
                message = f"no variant of {definition.name} has the property {discriminator.property}"
                remedy = did_you_mean(discriminator.property, known, "correct property, or add it to them")
                yield Fault(definition.location, message, remedy)
            elif lacking:
                shown = ", ".join(sorted(lacking)[:3])
                message = f"{shown} lack the property {discriminator.property}, the discriminator of {definition.name}"
                yield Fault(
                    definition.location,
                    message,
                    f"let them extend {definition.name}, or add it",
                )
        for name in variants:
            inner = facts.types[name]
            if inner.discriminator and inner is not definition:
                message = f"the variant {name} of {definition.name} has variants itself"
                yield Fault(definition.location, message, "list its variants here")


def _has(facts: Facts, name: str, item: str) -> bool:
    return any(one.name == item for one in facts.properties(name))


def _values(facts: Facts) -> Iterator[Fault]:
    for definition, discriminator in _discriminated(facts):
        for value, name in discriminator.values.items():
            if not value.strip():
                yield Fault(
                    definition.location,
                    f"a variant of {definition.name} has an empty value",
                    "correct it",
                )
            variant = facts.types.get(name)
            for item in (variant.properties if variant and variant is not definition else ()):
                known = [ranged.value for ranged in item.values]
                if item.name == discriminator.property and known and value not in known:
                    message = f"{name} stands for {quoted(value)}, which its property {item.name} cannot be"
                    remedy = did_you_mean(
                        value,
                        known,
                        f"correct the values of {item.name}, or the variant",
                    )
                    yield Fault(definition.location, message, remedy)


def _failures(facts: Facts) -> Iterator[Fault]:
    for definition in facts.types.values():
        for name, sign in definition.failure.items():
            what = f"failure of {definition.name}"
            found = [item for item in facts.properties(definition.name) if item.name == name]
            if definition.is_input:
                yield Fault(
                    definition.location,
                    f"{what}: a request reports none",
                    "remove failure",
                )
            elif not found:
                known = [item.name for item in facts.properties(definition.name)]
                message = f"{what}: it has no property {name}"
                yield Fault(
                    definition.location,
                    message,
                    did_you_mean(name, known, "correct failure"),
                )
            elif any(not facts.is_known(item.type) for item in found):
                continue
            elif sign == "any" and any(ScalarType.BOOLEAN in scalars_of(item.type) for item in found):
                yield Fault(
                    definition.location,
                    f"{what}: {name} is Boolean, not a list",
                    "write true or false",
                )
            elif sign != "any" and all(
                isinstance(option, ListOf | MapOf) for item in found for option in options_of(item.type)
            ):
                yield Fault(
                    definition.location,
                    f"{what}: {name} is a list, not Boolean",
                    "write any",
                )


def _discriminated(facts: Facts) -> Iterator[tuple[TypeDefinition, Discriminator]]:
    for definition in facts.types.values():
        if definition.discriminator:
            yield definition, definition.discriminator


RULES = (
    Rule("discriminator-property", _property),
    Rule("discriminator-variants", _variants),
    Rule("discriminator-values", _values),
    Rule("failure-property", _failures),
)
