"""What several formats show: a group in its order, names that are cut, what is reached and used, what is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from connectgen.diff.change import Change, UsePlace
from connectgen.diff.notes import Entry, Fold, GroupNotes, Said
from connectgen.diff.sentences import counted_changes, subject_of


def names_line(names: Sequence[str], most: int | None = None) -> str:
    """Names in backquotes, the first of them and how many more there are: `a`, `b` and 5 more."""
    shown = ", ".join(f"`{name}`" for name in names[:most])
    more = len(names) - len(names[:most])
    return f"{shown} and {more:,} more" if more else shown


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry where a format lists it.

    Attributes:
        entry: the entry.
        is_named: whether its owners are named; the group's own has the group's name above it.
        advice: what to do, which is said after it for several entries, and so not with it.
    """

    entry: Entry
    is_named: bool
    advice: str = ""

    @property
    def texts(self) -> list[tuple[Said, str]]:
        """Its sentences, each with what to do and when; of what is new, what it is."""
        said = list(self.entry.said)
        if self.entry.summary:
            said = [replace(said[0], say=self.entry.summary, do="")]
        return [(one, _joined(one.say, "" if one.do == self.advice else one.do, one.when)) for one in said]


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do for several entries that are listed before it."""

    text: str


def arranged(notes: GroupNotes) -> Iterator[Shown | Fold | Advice]:
    """What a group shows in its order: itself, operations that went with it, other entries, types that follow."""
    entries = [*notes.operations, *notes.types]
    own = [entry for entry in entries if entry.owners[0] in (notes.title, "release")]
    yield from (Shown(entry, is_named=False) for entry in own)
    yield from (fold for fold in notes.folds if not fold.of_types)
    others = (entry for entry in entries if entry not in own)
    for do, found in groupby(others, key=lambda entry: "" if entry.summary else entry.said[-1].do):
        run = list(found)
        advice = do if len(run) > 1 else ""
        yield from (Shown(entry, True, advice) for entry in run)
        if advice:
            yield Advice(f"To do for these {len(run)}: {advice}")
    yield from (fold for fold in notes.folds if fold.of_types)


def fold_line(fold: Fold, most: int | None = None) -> str:
    """What a fold says: how many there are, their names, what to do, when."""
    return _joined(f"{fold.label}: {names_line(fold.names, most)}.", fold.do, fold.when)


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def reached_line(entry: Entry) -> str:
    """Which operations the changes of a type reach."""
    names = ", ".join(f"`{name}`" for name in entry.reached)
    return f"Reaches {names} and {entry.others:,} more." if entry.others else f"Reaches {names}."


def uses_line(uses: Sequence[UsePlace]) -> str:
    """Where code uses what changed."""
    return f"Used in {', '.join(map(str, uses))}."


def group_line(title: str, changes: Sequence[Change]) -> str:
    """What changes are counted as, those that break callers or may do so beside the others where there are both."""
    words = counted_changes(changes)
    severities = {change.severity for change in changes}
    breaking = sum(change.severity == "breaking" for change in changes)
    if breaking and len(severities) > 1:
        words = f"{breaking:,} breaking of {len(changes):,}: {words}"
    return f"{title}: {words}" if title else words


def in_reading_order(notes: GroupNotes) -> list[Change]:
    """Every change of a group, causes before what follows from them: the group, its operations, its types."""

    def place(change: Change) -> tuple[bool, int]:
        subject = subject_of(change)
        return subject.is_type, 0 if subject.is_type else subject.owner.count(".")

    return sorted(notes.changes, key=place)
