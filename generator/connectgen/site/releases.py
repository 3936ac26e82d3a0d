"""Release notes: one page a version, what is breaking first, then what is new and what changed, by family and group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connectgen.catalogue.model import Release
from connectgen.diff.change import Change
from connectgen.diff.sentences import subject_of
from connectgen.site.changes import Said, said_of
from connectgen.site.context import Context
from connectgen.texts import sentence

_OF_VERSIONS = ("version-retired", "version-supported")
_ADDED = ("operation-added", "type-added")
_MOST_REACHED = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """What changed of one operation or type."""

    owner: str
    summary: str
    said: tuple[Said, ...]
    reached: tuple[str, ...]
    others: int
    """How many operations it reaches beside those that are named."""


@dataclass(slots=True)
class GroupNotes:
    """What changed in a group: its operations and types, and the names of types that came or went with them."""

    name: str
    operations: list[Entry] = field(default_factory=list[Entry])
    types: list[Entry] = field(default_factory=list[Entry])
    following: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the notes: its title, how many changes, and the groups of each family."""

    id: str
    title: str
    count: int
    families: Mapping[str, Sequence[GroupNotes]]


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """Everything that the notes of a release show."""

    release: Release
    before: Release | None
    after: Release | None
    status: str
    counts: tuple[tuple[int, str], ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A release in the list of all."""

    release: Release
    operations: int
    types: int
    new: int
    breaking: int
    changes: int


def release_view(context: Context, version: int) -> ReleasePage:
    """What the notes of a release show."""
    releases = context.history.releases
    number = next(number for number, release in enumerate(releases) if release.version == version)
    changes = [one for one in context.steps.get(version, ()) if one.rule.id not in _OF_VERSIONS]
    release = releases[number]
    status = f"Retired in {release.retired_in}." if release.retired_in else f"{release.status.capitalize()}."
    parts = _divided(changes)
    return ReleasePage(
        release=release,
        before=releases[number - 1] if number else None,
        after=releases[number + 1] if number + 1 < len(releases) else None,
        status=status,
        counts=tuple(_counts(context, version, changes)),
        sections=tuple(
            Section(id_, title, len(found), _by_family(context, version, found, changes))
            for id_, title, found in parts
            if found
        ),
    )


def release_rows(context: Context) -> Iterator[ReleaseRow]:
    """All releases, newest first."""
    for surface in reversed(context.history.surfaces):
        changes = [one for one in context.steps.get(surface.version, ()) if one.rule.id not in _OF_VERSIONS]
        yield ReleaseRow(
            surface.release,
            sum(len(group.operations) for group in surface.groups),
            len(surface.types),
            sum(one.rule.id == "operation-added" for one in changes),
            sum(one.severity == "breaking" for one in changes),
            len(changes),
        )


def _divided(changes: Sequence[Change]) -> list[tuple[str, str, list[Change]]]:
    breaking = [one for one in changes if one.severity == "breaking"]
    others = [one for one in changes if one.severity != "breaking"]
    new = [one for one in others if one.rule.id in _ADDED]
    ended = [one for one in others if one.rule.effect == "gone"]
    changed = [one for one in others if one not in new and one not in ended]
    return [
        ("breaking", "Breaking", breaking),
        ("new", "New", new),
        ("changed", "Changed", changed),
        ("ended", "Ended", ended),
    ]


def _counts(context: Context, version: int, changes: Sequence[Change]) -> Iterator[tuple[int, str]]:
    yield sum(len(group.operations) for group in context.by_version[version].groups), "operations in all"
    for count, one, several in (
        (sum(one.rule.id == "operation-added" for one in changes), "new operation", "new operations"),
        (sum(one.severity == "breaking" for one in changes), "breaking change", "breaking changes"),
        (sum(one.severity == "warning" for one in changes), "warning", "warnings"),
        (
            len([one for one in changes if one.rule.id not in _ADDED]),
            "change of what existed",
            "changes of what existed",
        ),
    ):
        if count:
            yield count, one if count == 1 else several


def _by_family(
    context: Context, version: int, found: Sequence[Change], all_changes: Sequence[Change]
) -> Mapping[str, Sequence[GroupNotes]]:
    """The changes by family and group. A type that only new or ended operations have follows from them."""
    causes = {one.subject for one in all_changes if one.rule.id in ("operation-added", "operation-removed")}
    by_owner: dict[str, list[Change]] = {}
    for change in found:
        by_owner.setdefault(subject_of(change).owner, []).append(change)
    families: dict[str, dict[str, GroupNotes]] = {}
    for owner, changes in by_owner.items():
        family, group = _home(context, owner, changes)
        notes = families.setdefault(family, {}).setdefault(group, GroupNotes(group))
        if _follows(changes, causes):
            notes.following.append(owner)
        elif owner[:1].isupper():
            notes.types.append(_entry(context, owner, changes))
        else:
            notes.operations.append(_entry(context, owner, changes))
    return {family: [families[family][group] for group in sorted(families[family])] for family in sorted(families)}


def _follows(changes: Iterable[Change], causes: set[str]) -> bool:
    """Whether a type came or went with the operations that have it."""
    for change in changes:
        if change.rule.id not in ("type-added", "type-removed") or not change.reaches:
            return False
        if not all(reach.operation in causes for reach in change.reaches):
            return False
    return True


def _home(context: Context, owner: str, changes: Sequence[Change]) -> tuple[str, str]:
    """The family and group in whose notes a change is: for a type, where most of what it reaches is."""
    if not owner[:1].isupper():
        family, _, rest = owner.partition(".")
        return family, rest.partition(".")[0]
    places = Counter(tuple(reach.operation.split(".")[:2]) for change in changes for reach in change.reaches)
    own = context.history.family_of(changes[0].location.file)
    if not places:
        return own, ""
    family, group = max(places, key=lambda place: (place[0] == own, places[place], place))
    return family, group


def _entry(context: Context, owner: str, changes: Sequence[Change]) -> Entry:
    is_new = all(one.rule.id in _ADDED for one in changes)
    summary = ""
    if is_new and owner in context.history.operations:
        summary = sentence(context.history.operations[owner].newest.summary)
    elif is_new and owner in context.history.types:
        summary = sentence(context.history.types[owner].newest.summary or "")
    reached = list(dict.fromkeys(reach.operation for change in changes for reach in change.reaches))
    reached = [] if not owner[:1].isupper() else reached
    return Entry(
        owner, summary, tuple(said_of(changes)), tuple(reached[:_MOST_REACHED]), max(0, len(reached) - _MOST_REACHED)
    )
