"""The shape of a rule, and the list of all rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import Catalogue


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing worth guarding.

    Attributes:
        id: its name, kebab-case; it never changes.
        explanation: what it asks for, and why.
        check: finds where a catalogue does not hold it.
        until_described: whether it only warns in families that `families.yaml` does not call described.
    """

    id: str
    explanation: str
    check: Callable[[Catalogue], Iterable[Fault]]
    until_described: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a rule does not hold."""

    rule: Rule
    fault: Fault
    is_warning: bool = False

    @property
    def family(self) -> str:
        """The family of the file: the folder of a group, or the name of a file of enumerations."""
        return _family(self.fault.location.file)

    def __str__(self) -> str:
        return f"{self.fault} [{self.rule.id}]"


def _family(file: str) -> str:
    return file.split("/")[1].removesuffix(".yaml") if "/" in file else ""


def lint(catalogue: Catalogue, rules: Iterable[Rule]) -> list[Finding]:
    """Everything that the rules find, in the order of files and lines."""
    described = {family.name for family in catalogue.families.values() if family.described}
    findings = [
        Finding(rule, fault, rule.until_described and _family(fault.location.file) not in described)
        for rule in rules
        for fault in rule.check(catalogue)
    ]
    return sorted(
        findings,
        key=lambda found: (found.fault.location.file, found.fault.location.line, found.rule.id, found.fault.message),
    )
