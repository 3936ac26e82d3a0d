"""What every format shows of a comparison: the two sides, the entries in their order, and how many of each severity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from connectgen.diff.change import Change
from connectgen.diff.homes import homes_of
from connectgen.diff.notes import Known, Section, notes_of
from connectgen.diff.rules import VERDICTS, Verdict
from connectgen.diff.sections import Grouping
from connectgen.diff.sentences import remarks_of, sentence_of, subject_of, when_of
from connectgen.diff.usage.looked_at import LookedAt


@dataclass(frozen=True, slots=True)
class Layout:
    """How a report is laid out where a person reads it.

    Attributes:
        grouping: what its sections are.
        is_full: whether each change has its own line; otherwise what follows is folded, and what is too long counted.
        is_summary: whether only the figures are shown.
    """

    grouping: Grouping = "severity"
    is_full: bool = False
    is_summary: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How many changes of each severity something has."""

    name: str
    breaking: int
    warnings: int
    others: int


@dataclass(frozen=True)
class Report:
    """A comparison, ready to be shown.

    Attributes:
        before: the one side as it was named, `45.0`.
        after: the other.
        changes: the entries in their order.
        ignored: how many the ignore file took away.
        catalogue: the catalogue's folder as a path prefix for places, `spec/`.
        narrowed_to: the folder of code that it was narrowed to, None where it is whole.
        looked_at: what was looked at in that folder.
        families: the names of all families.
        summaries: what each operation and type is that the newer side has, in a sentence.
    """

    before: str
    after: str
    changes: Sequence[Change]
    ignored: int = 0
    catalogue: str = "spec"
    narrowed_to: str | None = None
    looked_at: LookedAt | None = None
    families: frozenset[str] = frozenset()
    summaries: Mapping[str, str] = field(default_factory=dict[str, str])

    def sections(self, grouping: Grouping) -> list[Section]:
        """The entries as release notes."""
        known = Known(self.families, lambda name: self.summaries.get(name, ""), len(self.by_version) > 1)
        return notes_of(self.changes, known, grouping)

    @cached_property
    def by_family(self) -> list[Tally]:
        """The figures of each family; each entry counts for the one that it is listed under."""
        homes = homes_of(self.changes, self.families)
        found: dict[str, list[Change]] = {}
        for change in self.changes:
            found.setdefault(homes[subject_of(change).owner][0], []).append(change)
        return [_tally(family or "(the release)", found[family]) for family in sorted(found)]

    @cached_property
    def by_version(self) -> list[Tally]:
        """The figures of each version that something landed in, oldest first; none where both sides are the same."""
        found: dict[int, list[Change]] = {}
        for change in self.changes:
            if change.landed is not None:
                found.setdefault(change.landed, []).append(change)
        return [_tally(f"{version}.0", found[version]) for version in sorted(found)]

    def of(self, severity: Verdict) -> list[Change]:
        """The entries of one severity."""
        return [change for change in self.changes if change.severity == severity]

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many entries there are of each severity, worst first."""
        return {severity: len(self.of(severity)) for severity in VERDICTS}

    @property
    def title(self) -> str:
        """One line that says what is compared."""
        narrowed = f", as used by {self.narrowed_to}" if self.narrowed_to else ""
        return f"Connect REST API {self.before} → {self.after}{narrowed}"

    @property
    def summary(self) -> str:
        """One line with the figures."""
        counts = self.counts
        warnings, others = counts["warning"], counts["info"] + counts["none"]
        shown = f"{counts['breaking']:,} breaking, {warnings:,} warning{'s' if warnings != 1 else ''}"
        shown += f", {others:,} other{'s' if others != 1 else ''}"
        return f"{shown}; {self.ignored:,} ignored" if self.ignored else shown


def _tally(name: str, changes: Sequence[Change]) -> Tally:
    severities = [change.severity for change in changes]
    breaking, warnings = severities.count("breaking"), severities.count("warning")
    return Tally(name, breaking, warnings, len(changes) - breaking - warnings)


def describe_change(change: Change) -> str:
    """What an entry says, in sentences: what changed, what to do, what else is to be known, and when."""
    said = sentence_of(change)
    return " ".join(filter(None, (said.say, remarks_of(change), said.do, when_of(change))))


def reach_words(change: Change, most: int = 3) -> str:
    """Which operations an entry reaches, in a sentence; empty where it is about one of them alone."""
    names = list(dict.fromkeys(reach.operation for reach in change.reaches))
    if not names or names == [subject_of(change).owner]:
        return ""
    shown = ", ".join(names[:most]) + (", …" if len(names) > most else ".")
    directions = sorted({reach.direction for reach in change.reaches})
    plural = "s" if len(names) != 1 else ""
    return f"Reaches {len(names):,} operation{plural} by {' and '.join(directions)}: {shown}"
