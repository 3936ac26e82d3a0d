"""What a merge has to know of the source whose facts it brings into the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from connectgen.importer.place import PlaceOf

_OF_FILE = "the vendor's OpenAPI of "


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source of facts.

    Attributes:
        place_of: gives the family and group of a path.
        family: the only family that the source speaks of; None: it speaks of all.
        silent: keys of which the source often does not speak; where it does not, the catalogue's value remains.
        version: the API version that the source describes, where it describes a single one. Nothing later than it
            enters the catalogue, and what it brings without a version is asked about.
        complete: whether the source has all of the family, so that what it lacks ended before `version`.
        name: how notes in the catalogue call it, where it is a vendor's file.
        oldest: the catalogue's first version: a difference below it is none.
        files: files of other families that hold operations and types of the source.
    """

    place_of: PlaceOf
    family: str | None = None
    silent: frozenset[str] = frozenset()
    version: int | None = None
    complete: bool = False
    name: str | None = None
    oldest: int = 0
    files: frozenset[str] = frozenset()


def name_of_file(family: str, version: int) -> str:
    """How notes in the catalogue call a vendor's file."""
    return f"{_OF_FILE}{family} {version}.0"


def is_of_file(note: str) -> bool:
    """Whether a note begins with the name of a vendor's file."""
    return note.startswith(_OF_FILE)
