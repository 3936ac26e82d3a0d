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
    """

    id: str
    explanation: str
    check: Callable[[Catalogue], Iterable[Fault]]


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a rule does not hold."""

    rule: Rule
    fault: Fault

    def __str__(self) -> str:
        return f"{self.fault} [{self.rule.id}]"


def lint(catalogue: Catalogue, rules: Iterable[Rule]) -> list[Finding]:
    """Everything that the rules find, in the order of files and lines."""
    findings = [Finding(rule, fault) for rule in rules for fault in rule.check(catalogue)]
    return sorted(
        findings,
        key=lambda found: (
            found.fault.location.file,
            found.fault.location.line,
            found.rule.id,
            found.fault.message,
        ),
    )
