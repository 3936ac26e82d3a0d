"""A comparison as release notes: sections, in them families and groups, causes first, what follows from them folded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from connectgen.diff.change import Change, UsePlace
from connectgen.diff.homes import homes_of
from connectgen.diff.rules import VERDICTS, Verdict, rules
from connectgen.diff.sections import ADDED, Grouping, divided
from connectgen.diff.sentences import counted_changes, remarks_of, sentence_of, sentences_of, subject_of, when_of

_LISTED_TYPES = ("type-added", "type-removed")
_MOST_REACHED = 3
_RANKS = {"breaking": 0, "warnings": 1, "changed": 2, "ended": 3, "new": 4}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence: how severe it is, whose change it is where that is not clear, what to do, and where code uses it."""

    severity: Verdict
    owner: str
    say: str
    do: str = ""
    when: str = ""
    uses: tuple[UsePlace, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What changed of one operation, type, group or family; of several, where the same changed of each.

    Attributes:
        owners: its name, or theirs.
        summary: what it is, where it is new.
        said: what changed, in sentences.
        reached: the first operations that a change of a type reaches.
        others: how many it reaches beside those.
        changes: the changes that it is about.
    """

    owners: tuple[str, ...]
    summary: str
    said: tuple[Said, ...]
    reached: tuple[str, ...]
    others: int
    changes: tuple[Change, ...]

    @property
    def severity(self) -> Verdict:
        """How severe the worst of it is."""
        return next(one for one in VERDICTS if any(change.severity == one for change in self.changes))

    @property
    def is_new(self) -> bool:
        """Whether it says no more than that something exists now."""
        return all(one.rule.id in ADDED for one in self.changes)


@dataclass(frozen=True, slots=True)
class Fold:
    """Changes of one rule that follow from others, or say no more than a name: types of new operations, for example."""

    severity: Verdict
    label: str
    do: str
    when: str
    names: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def of_types(self) -> bool:
        """Whether it lists types."""
        return self.changes[0].rule.id in _LISTED_TYPES


@dataclass(slots=True)
class GroupNotes:
    """What changed in a group: causes (the group itself first), then types, and what is folded."""

    family: str
    name: str
    operations: list[Entry] = field(default_factory=list[Entry])
    types: list[Entry] = field(default_factory=list[Entry])
    folds: list[Fold] = field(default_factory=list[Fold])
    changes: list[Change] = field(default_factory=list[Change])

    @property
    def title(self) -> str:
        """`family.group`; the family alone for what belongs to no group, and nothing for the release itself."""
        return ".".join(filter(None, (self.family, self.name)))


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the notes: its title, its changes, and the groups of each family."""

    id: str
    title: str
    severity: Verdict | None
    changes: tuple[Change, ...]
    families: Mapping[str, Sequence[GroupNotes]]

    @property
    def count(self) -> int:
        """How many changes it has."""
        return len(self.changes)

    @property
    def about(self) -> str:
        """What its changes are, where they are of one rule and it is named after that; empty otherwise."""
        rule = rules().get(self.title)
        return rule.explanation if rule else ""

    @property
    def rank(self) -> int:
        """How soon it is folded where a report is long: what is new first, what breaks callers last; else all alike."""
        return _RANKS.get(self.id, 0)


@dataclass(frozen=True, slots=True)
class Known:
    """What notes need of the catalogue.

    Attributes:
        families: the names of all families.
        summary_of: what an operation or type is, in a sentence; empty where nothing is said.
        with_versions: whether sentences say in which version a change landed.
    """

    families: Collection[str]
    summary_of: Callable[[str], str] = lambda name: ""
    with_versions: bool = False


def notes_of(changes: Sequence[Change], known: Known, grouping: Grouping = "severity") -> list[Section]:
    """Changes as release notes.

    Args:
        changes: what a comparison found, in its order.
        known: what is needed of the catalogue.
        grouping: what the sections are: severities (breaking first), families, versions, or rules.

    Returns:
        The sections that have changes. In each, families and groups are in order, what is worst first in a group.
    """
    homes = homes_of(changes, known.families)
    known = known if grouping != "version" else replace(known, with_versions=False)
    causes = _causes(changes)
    return [
        Section(id_, title, severity, tuple(found), _by_family(found, homes, causes, known))
        for id_, title, severity, found in divided(changes, grouping, homes)
        if found
    ]


def said_of(changes: Iterable[Change], *, with_versions: bool = False) -> list[Said]:
    """The changes of one owner in sentences, the worst first; those of one rule are one, what to do is said once."""
    alike: dict[tuple[str, Verdict, str, str, str], list[Change]] = {}
    for change in sorted(changes, key=lambda one: (VERDICTS.index(one.severity), one.landed or 0)):
        remarks, when = remarks_of(change), when_of(change) if with_versions else ""
        key = (change.rule.id, change.severity, change.replacement or "", remarks, when)
        alike.setdefault(key, []).append(change)
    found: list[Said] = []
    for (_, _, _, remarks, when), several in alike.items():
        uses = tuple(dict.fromkeys(use for one in several for use in one.uses))
        for one in sentences_of(several):
            say = f"{one.say} {remarks}" if remarks else one.say
            found.append(Said(several[0].severity, "", say, one.do, when, uses))
    return _said_once(found)


def _said_once(found: Sequence[Said]) -> list[Said]:
    """What to do is said with the last of the sentences that ask for it."""
    later: set[str] = set()
    kept: list[Said] = []
    for one in reversed(found):
        kept.append(replace(one, do="") if one.do in later else one)
        later.add(one.do)
    return kept[::-1]


_Kind = Literal["group", "family"]


def _causes(changes: Iterable[Change]) -> Mapping[_Kind, set[str]]:
    """The families and groups that are gone: their operations and types are gone with them."""
    found: dict[_Kind, set[str]] = {"group": set(), "family": set()}
    for change in changes:
        if change.rule.id == "family-removed":
            found["family"].add(change.subject)
        elif change.rule.id == "group-removed":
            found["group"].add(change.subject)
    return found


def _by_family(
    found: Sequence[Change],
    homes: Mapping[str, tuple[str, str]],
    causes: Mapping[_Kind, set[str]],
    known: Known,
) -> Mapping[str, Sequence[GroupNotes]]:
    by_owner: dict[str, list[Change]] = {}
    for change in found:
        by_owner.setdefault(subject_of(change).owner, []).append(change)
    families: dict[str, dict[str, GroupNotes]] = {}
    following: dict[tuple[str, str], list[Change]] = {}
    for owner, changes in by_owner.items():
        family, group = homes[owner]
        follows = _follows(changes, causes)
        if follows and family in causes["family"]:
            group = ""  # it is gone with the family
        notes = families.setdefault(family, {}).setdefault(group, GroupNotes(family, group))
        notes.changes += changes
        if follows:
            following.setdefault((family, group), []).extend(changes)
        else:
            (notes.types if owner[:1].isupper() else notes.operations).append(_entry((owner,), changes, known))
    for family, groups in families.items():
        for group, notes in groups.items():
            notes.operations = sorted(_merged(notes.operations, known), key=_order)
            notes.types = sorted(_merged(notes.types, known), key=_order)
            notes.folds = _folds(notes, following.get((family, group), ()), known)
    return {family: [families[family][group] for group in sorted(families[family])] for family in sorted(families)}


def _order(entry: Entry) -> tuple[int, int, str]:
    """The worst first; of these a group before what is in it."""
    return VERDICTS.index(entry.severity), entry.owners[0].count("."), entry.owners[0]


def _merged(entries: Sequence[Entry], known: Known) -> list[Entry]:
    """Entries of a group, those that say the same as one."""
    alike: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        key = (entry.summary, entry.said) if not entry.is_new else (entry.owners,)
        alike.setdefault(key, []).append(entry)
    return [
        several[0] if len(several) == 1 else _entry(
            tuple(owner for one in several for owner in one.owners),
            [change for one in several for change in one.changes],
            known,
            several[0].said,
        )
        for several in alike.values()
    ]  # fmt: skip


def _follows(changes: Sequence[Change], causes: Mapping[_Kind, set[str]]) -> bool:
    """Whether changes of an owner need no entry of their own: it came or went, and another entry is why."""
    if any(one.uses or one.replacement or one.is_silent for one in changes):
        return False
    rules = {one.rule.id for one in changes}
    owner = subject_of(changes[0]).owner
    family, _, group = owner.partition(".")
    if rules <= set(_LISTED_TYPES):
        return True  # a type comes and goes with what takes or gives it
    if rules == {"group-removed"}:
        return family in causes["family"]
    return rules == {"operation-removed"} and f"{family}.{group.partition('.')[0]}" in causes["group"]


def _folds(notes: GroupNotes, following: Sequence[Change], known: Known) -> list[Fold]:
    """What follows, a line for each rule; what to do is said already where the whole group or family is gone."""
    has_cause = any(notes.title in entry.owners for entry in notes.operations)
    alike: dict[tuple[str, Verdict, str], list[Change]] = {}
    for change in following:
        alike.setdefault((change.rule.id, change.severity, remarks_of(change)), []).append(change)
    found: list[Fold] = []
    for (_, severity, remarks), several in alike.items():
        do = "" if has_cause else sentence_of(several[0]).do
        when = when_of(*several) if known.with_versions else ""
        names = tuple(one.subject.removeprefix(f"{notes.title}.") for one in several)
        label = counted_changes(several)
        found.append(Fold(severity, label, " ".join(filter(None, (remarks, do))), when, names, tuple(several)))
    return sorted(found, key=_order_of_folds)


def _order_of_folds(fold: Fold) -> tuple[bool, int, int, str]:
    """Groups, then operations, then types; of these the worst first."""
    return fold.of_types, fold.names[0].count("."), VERDICTS.index(fold.severity), fold.label


def _entry(
    owners: tuple[str, ...], changes: Sequence[Change], known: Known, said: tuple[Said, ...] | None = None
) -> Entry:
    is_new = all(one.rule.id in ADDED for one in changes)
    names = (reach.operation for one in changes for reach in one.reaches) if owners[0][:1].isupper() else ()
    reached = list(dict.fromkeys(names))
    summary = known.summary_of(owners[0]) if is_new else ""
    return Entry(
        owners,
        f"{summary} {remarks_of(changes[0])}".strip() if summary else "",
        said or tuple(said_of(changes, with_versions=known.with_versions)),
        tuple(reached[:_MOST_REACHED]),
        max(0, len(reached) - _MOST_REACHED),
        tuple(changes),
    )
