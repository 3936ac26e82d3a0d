"""How the notes of a comparison are divided: by severity, breaking first, by family, by version, or by rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, get_args

from connectgen.diff.change import Change
from connectgen.diff.rules import VERDICTS, Verdict, rules
from connectgen.diff.sentences import subject_of

Grouping = Literal["severity", "family", "version", "rule"]
GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)
Part = tuple[str, str, Verdict | None, list[Change]]
"""An id, a title, the severity where all changes have it, and the changes."""
ADDED = ("operation-added", "type-added")
"""The rules of what says no more than that something exists now."""


def divided(changes: Sequence[Change], grouping: Grouping, homes: Mapping[str, tuple[str, str]]) -> list[Part]:
    """Changes in sections, of which some may be empty.

    Args:
        changes: what a comparison found, the worst first.
        grouping: by what; severities are followed by what is new, what changed, and what ended and breaks nobody.
        homes: the family and group of each owner.
    """
    match grouping:
        case "severity":
            return _by_severity(changes)
        case "family":
            return list(_by_family(changes, homes))
        case "version":
            return list(_by_version(changes))
        case "rule":
            return list(_by_rule(changes))


def _by_severity(changes: Sequence[Change]) -> list[Part]:
    others = [one for one in changes if one.severity not in ("breaking", "warning")]
    new = [one for one in others if one.rule.id in ADDED]
    ended = [one for one in others if one.rule.effect == "gone"]
    changed = [one for one in others if one.rule.id not in ADDED and one.rule.effect != "gone"]
    return [
        ("breaking", "Breaking", "breaking", [one for one in changes if one.severity == "breaking"]),
        ("warnings", "Warnings", "warning", [one for one in changes if one.severity == "warning"]),
        ("new", "New", "info", new),
        ("changed", "Changed", "info", changed),
        ("ended", "Ended", "info", ended),
    ]


def _by_family(changes: Sequence[Change], homes: Mapping[str, tuple[str, str]]) -> Iterator[Part]:
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(homes[subject_of(change).owner][0], []).append(change)
    for family in sorted(found):
        yield f"family-{family or 'none'}", family or "The release", _severity(found[family]), found[family]


def _by_version(changes: Sequence[Change]) -> Iterator[Part]:
    found: dict[int, list[Change]] = {}
    for change in changes:
        found.setdefault(change.landed or 0, []).append(change)
    for version in sorted(found, reverse=bool(changes) and changes[0].is_backwards):
        title = f"{version}.0" if version else "In the same version"
        yield f"version-{version}.0", title, _severity(found[version]), found[version]


def _by_rule(changes: Sequence[Change]) -> Iterator[Part]:
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.rule.id, []).append(change)
    order = list(rules())
    for rule in sorted(found, key=lambda one: (VERDICTS.index(found[one][0].severity), order.index(one))):
        yield f"rule-{rule}", rule, _severity(found[rule]), found[rule]


def _severity(changes: Sequence[Change]) -> Verdict | None:
    first = changes[0].severity
    return first if all(one.severity == first for one in changes) else None
