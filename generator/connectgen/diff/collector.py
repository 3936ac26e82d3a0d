"""Collects changes, and puts them into the one order that every report keeps."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from connectgen.catalogue.model import Location
from connectgen.diff.change import Change, Reach
from connectgen.diff.rules import VERDICTS, Verdict, rules
from connectgen.undocumented import Undocumented


class Collector:
    """What a comparison has found so far.

    Args:
        undocumented: what of each side is undocumented: it may change, so that it gives warnings at most.
    """

    def __init__(self, *undocumented: Undocumented) -> None:
        self.changes: list[Change] = []
        self._undocumented = undocumented

    def add(
        self,
        rule: str,
        subject: str,
        location: Location,
        before: str | None = None,
        after: str | None = None,
        *,
        replacement: str | None = None,
        path: str | None = None,
        reaches: Iterable[Reach] = (),
        most: Verdict = "breaking",
    ) -> None:
        """Note a change; `most` is the worst that it can be, whatever its rule says."""
        chosen = rules()[rule]
        reached, families = _in_order(reaches if isinstance(reaches, frozenset) else frozenset(reaches))
        is_undocumented = any(side.has(subject) for side in self._undocumented)
        worst: Verdict = "warning" if is_undocumented and most == "breaking" else most
        self.changes.append(
            Change(
                rule=chosen,
                subject=subject,
                before=before,
                after=after,
                replacement=replacement,
                path=path,
                families=families,
                reaches=reached,
                location=location,
                most=most,
                severity=VERDICTS[max(VERDICTS.index(chosen.severity), VERDICTS.index(worst))],
                is_undocumented=is_undocumented,
            )
        )

    def sorted(self) -> list[Change]:
        """The changes, the worst first."""
        return in_order(self.changes)


@lru_cache(maxsize=8192)
def _in_order(reaches: frozenset[Reach]) -> tuple[tuple[Reach, ...], tuple[str, ...]]:
    """Operations in order, and their families: a hundred changes of a type reach the same ones."""
    return tuple(sorted(reaches)), tuple(sorted({reach.operation.partition(".")[0] for reach in reaches}))


def in_order(changes: Iterable[Change]) -> list[Change]:
    """The order of every report: the worst first (of these what changes silently), then by subject and rule."""
    return sorted(
        changes,
        key=lambda change: (VERDICTS.index(change.severity), not change.is_silent, change.subject, change.rule.id),
    )
