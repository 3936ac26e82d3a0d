"""The recount's result: for each kind of fact how many there are, and which the catalogue lacks or has otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field

KINDS = (
    "resources",
    "path parameters",
    "sites",
    "chatter",
    "methods",
    "parameters",
    "bodies",
    "answers",
    "properties",
    "versions",
    "types",
    "required",
    "filter groups",
    "values",
    "defaults",
    "limits",
    "beyond the guide",
)


@dataclass
class Count:
    """How many facts of a kind the guide has.

    Attributes:
        total: all that the guide has.
        explained: what the catalogue leaves out or corrects in its own files, each with the reason given there.
        misses: everything else that was not found, with what the guide says and what the catalogue has.
    """

    total: int = 0
    explained: dict[str, str] = field(default_factory=dict[str, str])
    misses: dict[str, str] = field(default_factory=dict[str, str])

    def see(self, found: bool, miss: str, detail: str = "", because: str | None = None) -> None:
        """Count one fact."""
        self.total += 1
        if not found and because:
            self.explained[miss] = because
        elif not found:
            self.misses[miss] = detail

    @property
    def percent(self) -> float:
        """The share that was found, the explained left out; of nothing, all is found."""
        lacking = len(self.misses) + len(self.explained)
        return 100.0 if not self.total else 100.0 * (self.total - lacking) / self.total


@dataclass
class Recount:
    """The count of each kind, and what was read of each type and operation."""

    counts: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in KINDS})
    read: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    def note(self, owner: str, name: str) -> None:
        """Remember that the guide has a property of a type, a parameter of an operation, a method of a resource."""
        self.read.setdefault(owner, set()).add(name)

    def __getitem__(self, kind: str) -> Count:
        return self.counts[kind]

    def lacking(self) -> int:
        """How many facts of all kinds were not found."""
        return sum(len(count.misses) + len(count.explained) for count in self.counts.values())

    def add(self, other: Recount) -> None:
        """Count all that another recount has counted."""
        for kind, count in other.counts.items():
            mine = self.counts[kind]
            mine.total += count.total
            mine.explained |= count.explained
            mine.misses |= count.misses
