"""Checks what a schema cannot say: runs the rules of `connectgen.catalogue.rules` over a catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import Catalogue, TypeDefinition
from connectgen.catalogue.rules import (
    discriminators,
    enumerations,
    names,
    notes,
    operations,
    pagination,
    replaced_types,
    types,
    values,
    versions,
    waiting,
)
from connectgen.catalogue.rules.rule import Facts, Rule

RULES: Sequence[Rule] = (
    *versions.RULES,
    *types.RULES,
    *values.RULES,
    *names.RULES,
    *notes.RULES,
    *operations.RULES,
    *pagination.RULES,
    *discriminators.RULES,
    *enumerations.RULES,
    *waiting.RULES,
    *replaced_types.RULES,
)


def validate(catalogue: Catalogue, second_definitions: Sequence[TypeDefinition] = ()) -> list[Fault]:
    """All faults of a catalogue whose files have passed their schemas.

    Args:
        catalogue: the catalogue.
        second_definitions: types that have the name of another, and are therefore not in it.
    """
    faults = list(versions.release_faults(catalogue))
    if faults:
        return faults
    facts = Facts(catalogue, second_definitions)
    return [replace(fault, rule=rule.id) for rule in RULES for fault in rule.check(facts)]
