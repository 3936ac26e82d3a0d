"""Rules about notes: a code that a fact names is one of `notes.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connectgen.catalogue.faults import Fault, quoted
from connectgen.catalogue.model import Location, Notes
from connectgen.catalogue.rules.rule import Facts, Rule
from connectgen.catalogue.suggestions import did_you_mean

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


def _notes(facts: Facts) -> Iterator[tuple[Location, Notes]]:
    """What is noted of every entry, a shared fact once."""
    for one in facts.values:
        yield one.value.location, one.value.notes
    for operation in facts.operations:
        yield operation.operation.location, operation.operation.notes
        yield operation.resource.location, operation.resource.notes
        yield from ((part.location, part.notes) for part in operation.operation.parts)
    yield from ((entry.location, entry.notes) for entry in facts.types.values())
    yield from ((entry.location, entry.notes) for entry in facts.catalogue.enumerations.values())


def _codes(facts: Facts) -> Iterator[Fault]:
    known = facts.catalogue.notes
    found = {
        (location, code)
        for location, notes in _notes(facts)
        for code in (notes.because, notes.unsure)
        if code is not None and code not in known and _CODE.fullmatch(code)
    }
    for location, code in found:
        remedy = did_you_mean(code, known, "explain it there, or write the reason as a sentence")
        yield Fault(location, f"there is no code {quoted(code)} in notes.yaml", remedy, needs_all=True)


RULES = (Rule("note-code", _codes),)
