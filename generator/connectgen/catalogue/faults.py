"""Faults of the catalogue: where, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from connectgen.catalogue.model import Location


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in the catalogue."""

    location: Location
    message: str
    remedy: str
    type_name: str | None = None
    """The type that is missing, where the fault is of that kind: a file that cannot be used may define it."""
    needs_all: bool = False
    """Whether it is a fault only if every file is known: something in a file that cannot be used may answer it."""

    def __str__(self) -> str:
        text = f"{self.location}: {self.message}; {self.remedy}"
        return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


class CatalogueError(Exception):
    """The catalogue cannot be used; `faults` says why, in the order of files and lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def in_reading_order(faults: Iterable[Fault]) -> list[Fault]:
    """Sort by file and line, each fault once."""
    return sorted(
        set(faults),
        key=lambda fault: (fault.location.file, fault.location.line, fault.message),
    )
