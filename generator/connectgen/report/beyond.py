"""What of the catalogue is beyond the guide: undocumented operations, and facts by who says them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from connectgen.catalogue.model import Catalogue, Notes
from connectgen.resolver import surface_at
from connectgen.undocumented import undocumented


@dataclass(frozen=True, slots=True)
class Beyond:
    """What is beyond the guide.

    Attributes:
        operations: how many operations of each family are undocumented.
        types: the types that only these use.
        witnesses: how many facts each witness says, with how much confidence.
        entries: the undocumented operations as notes call them, `GET /path`.
    """

    operations: Counter[str]
    types: frozenset[str]
    witnesses: Counter[tuple[str, str]]
    entries: frozenset[str]

    def has(self, entry: str) -> bool:
        """Whether a note is about what is undocumented: `GET /path parameter`, `Type`, `Type.property`."""
        return " ".join(entry.split(" ")[:2]) in self.entries or entry.partition(".")[0] in self.types


def beyond_the_guide(catalogue: Catalogue) -> Beyond:
    """Count what is beyond the guide, over all versions."""
    names, hidden, shown = set[str](), set[str](), set[str]()
    for version in catalogue.versions:
        surface = surface_at(catalogue, version)
        found = undocumented(surface)
        names |= found.operations
        hidden |= found.types
        shown |= surface.types.keys() - found.types
    told: Counter[tuple[str, str]] = Counter(
        (one.witness, one.confidence) for notes in _all_notes(catalogue) for one in notes.witnesses
    )
    entries = frozenset(
        f"{operation.method} {resource.path}"
        for group in catalogue.groups
        for resource in group.resources
        for operation in resource.operations
        if operation.stage == "undocumented"
    )
    return Beyond(Counter(name.partition(".")[0] for name in names), frozenset(hidden - shown), told, entries)


def _all_notes(catalogue: Catalogue) -> Iterator[Notes]:
    for group in catalogue.groups:
        for resource in group.resources:
            yield resource.notes
            yield from (one.notes for one in resource.parameters)
            for operation in resource.operations:
                yield operation.notes
                yield from (one.notes for one in (*operation.parameters, *operation.bodies, *operation.returns))
                yield from (one.notes for one in operation.parts)
    for definition in catalogue.types.values():
        yield definition.notes
        yield from (one.notes for one in definition.properties)
