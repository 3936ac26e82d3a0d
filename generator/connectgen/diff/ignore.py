"""The ignore file: changes that a team has looked at and accepts, each with the reason and, if wanted, an end."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from connectgen.catalogue.yaml_reader import LineDict, LineList, read_yaml
from connectgen.diff.change import Change
from connectgen.diff.rules import rules

_KEYS = ("rule", "subject", "reason", "expires")


class IgnoreFileError(ValueError):
    """An ignore file cannot be used; the message is a line a fault, each with file and line."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """One entry: a rule's id and a subject, both may be patterns with `*`, `?` and `[…]`."""

    rule: str
    subject: str
    reason: str
    expires: datetime.date | None
    line: int

    def matches(self, change: Change) -> bool:
        """Whether it means a change."""
        return fnmatchcase(change.rule.id, self.rule) and fnmatchcase(change.subject, self.subject)


@dataclass(slots=True)
class Filtered:
    """What an ignore file leaves, how many changes it took away, and warnings about the file itself."""

    changes: list[Change] = field(default_factory=list[Change])
    ignored: int = 0
    warnings: list[str] = field(default_factory=list[str])


def read_ignore_file(path: Path) -> list[Ignored]:
    """Read an ignore file.

    Raises:
        IgnoreFileError: it cannot be read, or an entry is malformed.
    """
    value, faults = read_yaml(path, str(path))
    if faults:
        raise IgnoreFileError("\n".join(str(fault) for fault in faults))
    problems: list[str] = []
    if not isinstance(value, LineDict) or set(value) != {"ignore"} or not isinstance(value["ignore"], LineList):
        raise IgnoreFileError(f"{path}:1: is no ignore file; write `ignore:` and a list of entries below it")
    entries = [entry for item in value["ignore"] for entry in _entry(item, path, problems)]
    if problems:
        raise IgnoreFileError("\n".join(problems))
    return entries


def _entry(item: Any, path: Path, problems: list[str]) -> Iterable[Ignored]:
    if not isinstance(item, LineDict):
        problems.append(f"{path}: an entry is no mapping; write {{rule: …, subject: …, reason: …}}")
        return
    where = f"{path}:{item.line}"
    for key in item:
        if key not in _KEYS:
            problems.append(f"{where}: unknown key {key!r}; the keys are {', '.join(_KEYS)}")
            return
    texts = {key: str(item.get(key, "*" if key in ("rule", "subject") else "")) for key in _KEYS}
    if not texts["reason"].strip():
        problems.append(f"{where}: an entry has no reason; say why the change is accepted")
    if "rule" not in item and "subject" not in item:
        problems.append(f"{where}: an entry names neither rule nor subject; name at least one")
    if not any(fnmatchcase(rule, texts["rule"]) for rule in rules()):
        problems.append(f"{where}: there is no rule {texts['rule']}; `connectgen rules` lists them")
    expires = None
    if texts["expires"]:
        try:
            expires = datetime.date.fromisoformat(texts["expires"])
        except ValueError:
            problems.append(f"{where}: {texts['expires']} is no date; write it as in 2027-01-31")
    yield Ignored(texts["rule"], texts["subject"], texts["reason"], expires, item.line)


def apply(changes: Iterable[Change], entries: Iterable[Ignored], path: Path, today: datetime.date) -> Filtered:
    """Leave out what an ignore file means; an entry that expired or matched nothing gives a warning."""
    valid: list[Ignored] = []
    filtered = Filtered()
    for entry in entries:
        if entry.expires and entry.expires < today:
            shown = f"{entry.rule}:{entry.subject}"
            filtered.warnings.append(f"{path}:{entry.line}: {shown} expired on {entry.expires}; it is reported again")
        else:
            valid.append(entry)
    matched: set[Ignored] = set()
    for change in changes:
        hits = [entry for entry in valid if entry.matches(change)]
        matched.update(hits)
        if hits:
            filtered.ignored += 1
        else:
            filtered.changes.append(change)
    filtered.warnings += [
        f"{path}:{entry.line}: {entry.rule}:{entry.subject} matches nothing; remove it"
        for entry in valid
        if entry not in matched
    ]
    return filtered
