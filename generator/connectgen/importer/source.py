"""What a merge has to know of the source whose facts it brings into the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from connectgen.importer.place import PlaceOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source of facts.

    Attributes:
        place_of: gives the family and group of a path.
        family: the only family that the source speaks of; None: it speaks of all.
        silent: keys of which the source often does not speak; where it does not, the catalogue's value stays.
        version: the API version that the source describes, where it describes a single one. Values and variants that it
            adds to what the catalogue has begin with it.
        complete: whether the source has all of the family, so that what it lacks ended before `version`.
    """

    place_of: PlaceOf
    family: str | None = None
    silent: frozenset[str] = frozenset()
    version: int | None = None
    complete: bool = False
