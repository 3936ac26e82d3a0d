"""Faults of the catalogue: where, what is wrong, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from connectgen.catalogue.model import Location

LONGEST_QUOTE = 80
"""Characters of a value that a message shows at most."""
_LONG_WORD = re.compile(rf"[^\s]{{{LONGEST_QUOTE + 1},}}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in the catalogue."""

    location: Location
    message: str
    remedy: str
    type_name: str | None = None
    """The type that is missing, where that is the fault: a file that cannot be used may define it."""
    needs_all: bool = False
    """Whether it is a fault only if every file is known: a file that cannot be used may define what is missing."""
    rule: str = ""
    """The id of the rule that found it; empty where the file could not be read or breaks its schema."""

    def __str__(self) -> str:
        text = f"{self.location}: {_bounded(self.message)}; {_bounded(self.remedy)}"
        return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


class CatalogueError(Exception):
    """The catalogue cannot be used; `faults` says why, in the order of files and lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def in_reading_order(faults: Iterable[Fault]) -> list[Fault]:
    """Sort by file and line, each fault once."""
    return sorted(set(faults), key=lambda fault: (fault.location.file, fault.location.line, fault.message))


def shorten(text: str) -> str:
    """A value as a message shows it: whole, or its beginning."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"


def quoted(text: object) -> str:
    """A value in quotes, as a message shows it."""
    return shorten(repr(text if not isinstance(text, str) else text[: LONGEST_QUOTE + 1]))


def _bounded(text: str) -> str:
    """A message in which no name, however long, takes more room than a value."""
    return _LONG_WORD.sub(lambda word: shorten(word.group()), text)
