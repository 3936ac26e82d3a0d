"""Release notes: one page a version, what is breaking first, then what is new and what changed, by family and group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectgen.catalogue.model import Release
from connectgen.diff.change import Change
from connectgen.diff.notes import Known, Section, notes_of
from connectgen.diff.sections import ADDED
from connectgen.site.context import Context
from connectgen.texts import sentence

_OF_VERSIONS = ("version-retired", "version-supported")


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
    return ReleasePage(
        release=release,
        before=releases[number - 1] if number else None,
        after=releases[number + 1] if number + 1 < len(releases) else None,
        status=status,
        counts=tuple(_counts(context, version, changes)),
        sections=tuple(notes_of(changes, _known(context))),
    )


def _known(context: Context) -> Known:
    operations, types = context.history.operations, context.history.types

    def summary_of(name: str) -> str:
        if name in operations:
            return sentence(operations[name].newest.summary)
        return sentence(types[name].newest.summary or "") if name in types else ""

    return Known(context.history.families, summary_of)


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


def _counts(context: Context, version: int, changes: Sequence[Change]) -> Iterator[tuple[int, str]]:
    yield sum(len(group.operations) for group in context.by_version[version].groups), "operations in all"
    for count, one, several in (
        (sum(one.rule.id == "operation-added" for one in changes), "new operation", "new operations"),
        (sum(one.severity == "breaking" for one in changes), "breaking change", "breaking changes"),
        (sum(one.severity == "warning" for one in changes), "warning", "warnings"),
        (
            len([one for one in changes if one.rule.id not in ADDED]),
            "change of what existed",
            "changes of what existed",
        ),
    ):
        if count:
            yield count, one if count == 1 else several
