"""Changes as pages show them: sentences, those of one rule together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from connectgen.diff.change import Change
from connectgen.diff.rules import VERDICTS, Verdict
from connectgen.diff.sentences import sentences_of, subject_of


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a page: how severe it is, whose change it is where that is not clear, and what to do."""

    severity: Verdict
    owner: str
    say: str
    do: str


def said_of(changes: Iterable[Change]) -> list[Said]:
    """The changes of one owner in sentences, the worst first; several of one rule are one sentence."""
    by_rule: dict[tuple[str, Verdict, str], list[Change]] = {}
    for change in sorted(changes, key=lambda one: VERDICTS.index(one.severity)):
        by_rule.setdefault((change.rule.id, change.severity, change.replacement or ""), []).append(change)
    found: list[Said] = []
    for (_, severity, _), several in by_rule.items():
        found += [Said(severity, "", one.say, one.do) for one in sentences_of(several)]
    return found


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
    return change.rule.id not in ("operation-added", "type-added")


def owner_of(change: Change) -> str:
    """The operation, type, group or family that a change is about."""
    return subject_of(change).owner
