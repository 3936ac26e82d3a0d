"""The history of an operation or type: what changed of it when, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectgen.diff.change import Change
from connectgen.diff.notes import Said, said_of
from connectgen.diff.sections import ADDED
from connectgen.diff.sentences import subject_of


def log_of(changes: Sequence[Change], others: Mapping[str, Sequence[Change]]) -> list[tuple[int, list[Said]]]:
    """What changed when, newest first.

    Args:
        changes: the owner's own changes.
        others: changes of what belongs to it, by the name that is to be shown with them.
    """
    by_version: dict[int, list[Said]] = {}
    for owner, several in (("", changes), *others.items()):
        landed: dict[int, list[Change]] = {}
        for change in several:
            landed.setdefault(change.landed or 0, []).append(change)
        for version, found in landed.items():
            said = by_version.setdefault(version, [])
            said += [Said(one.severity, owner, one.say, one.do) for one in said_of(found)]
    return sorted(by_version.items(), reverse=True)


def is_news(change: Change) -> bool:
    """Whether a change is worth a line in a history: that something is new says its first version already."""
    return change.rule.id not in ADDED


def owner_of(change: Change) -> str:
    """The operation, type, group or family that a change is about."""
    return subject_of(change).owner
