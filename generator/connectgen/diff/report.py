"""What every format shows of a comparison: the two sides, the entries in their order, and how many of each severity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connectgen.diff.change import Change
from connectgen.diff.rules import VERDICTS, Verdict
from connectgen.diff.usage.looked_at import LookedAt


@dataclass(frozen=True, slots=True)
class Report:
    """A comparison, ready to be shown.

    Attributes:
        before: the one side as it was named, `45.0`.
        after: the other.
        changes: the entries in their order.
        ignored: how many the ignore file took away.
        catalogue: the catalogue's folder as a path prefix for places, `spec/`.
        narrowed_to: the folder of code that it was narrowed to, None where it is whole.
        looked_at: what was looked at in that folder.
    """

    before: str
    after: str
    changes: Sequence[Change]
    ignored: int = 0
    catalogue: str = "spec"
    narrowed_to: str | None = None
    looked_at: LookedAt | None = None

    def of(self, severity: Verdict) -> list[Change]:
        """The entries of one severity."""
        return [change for change in self.changes if change.severity == severity]

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many entries there are of each severity, worst first."""
        return {severity: len(self.of(severity)) for severity in VERDICTS}

    @property
    def title(self) -> str:
        """One line that says what is compared."""
        narrowed = f", as used by {self.narrowed_to}" if self.narrowed_to else ""
        return f"Connect REST API {self.before} → {self.after}{narrowed}"

    @property
    def summary(self) -> str:
        """One line with the figures."""
        counts = self.counts
        warnings, others = counts["warning"], counts["info"] + counts["none"]
        shown = f"{counts['breaking']} breaking, {warnings} warning{'s' if warnings != 1 else ''}"
        shown += f", {others} other{'s' if others != 1 else ''}"
        return f"{shown}; {self.ignored} ignored" if self.ignored else shown


def describe_change(change: Change) -> str:
    """What an entry says beside its rule and subject, in a few words; empty where there is nothing more to say."""
    parts: list[str] = []
    if change.subject.endswith(f"={change.after or change.before}"):
        pass  # the subject already names the value that came or went
    elif change.before is not None and change.after is not None:
        parts.append(f"{change.before} → {change.after}")
    elif change.before is not None:
        parts.append(f"was {change.before}")
    elif change.after is not None:
        parts.append(change.after)
    if change.replacement:
        parts.append(f"use {change.replacement}")
    if change.rule.handled:
        parts.append("the client knows it")
    if change.is_silent:
        parts.append("no error reports it")
    if change.is_undocumented:
        parts.append("undocumented")
    if change.landed is not None:
        parts.append(f"{'as before' if change.is_backwards else 'in'} {change.landed}.0")
    return "; ".join(parts)


def reach_words(change: Change, most: int = 3) -> str:
    """Which operations an entry reaches: `3 operations by request: a, b, c`."""
    names = list(dict.fromkeys(reach.operation for reach in change.reaches))
    if not names or names == [change.subject.partition("(")[0].partition("=")[0].partition(" ")[0]]:
        return ""
    shown = ", ".join(names[:most]) + (", …" if len(names) > most else "")
    directions = sorted({reach.direction for reach in change.reaches})
    plural = "s" if len(names) != 1 else ""
    return f"reaches {len(names)} operation{plural} by {' and '.join(directions)}: {shown}"
