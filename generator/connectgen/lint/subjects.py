"""A rule about which files types are in: subjects refer to one another one way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import Catalogue, TypeDefinition
from connectgen.catalogue.subjects import circles, subject_of
from connectgen.catalogue.types import names_in
from connectgen.lint.rules import Rule


def _one_way(catalogue: Catalogue) -> Iterator[Fault]:
    subjects = {
        name: subject_of(definition.location, is_input=definition.is_input)
        for name, definition in catalogue.types.items()
    }
    examples: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for name, definition in sorted(catalogue.types.items()):
        for other in sorted(_named(definition)):
            if other in subjects and subjects[other] != subjects[name]:
                examples[subjects[name]].setdefault(subjects[other], (name, other))
    for circle in circles(examples):
        steps = [examples[one][other] for one in circle for other in circle if other in examples[one]]
        shown = ", ".join(f"{name} → {other}" for name, other in steps[:6])
        message = f"{', '.join(circle)} refer to one another in a circle ({shown})"
        remedy = "move types between files until they refer one way; the packages have one module for the circle"
        yield Fault(catalogue.types[steps[0][0]].location, message, remedy)


def _named(definition: TypeDefinition) -> set[str]:
    found = {name for item in definition.properties for name in names_in(item.type)}
    found.update([definition.extends] if definition.extends else [])
    if definition.discriminator:
        found.update(definition.discriminator.values.values())
        found.update([definition.discriminator.fallback] if definition.discriminator.fallback else [])
    return found


RULES = (
    Rule(
        "subject-circle",
        "Files of types refer to one another one way, so that each is a module.",
        _one_way,
    ),
)
