"""Compares a run with the committed figures of docs/benchmarks.md: what got worse by more than its spread."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import ROOT, Figure

DOCUMENT = ROOT / "docs" / "benchmarks.md"
_LINE = re.compile(
    r"^    (?P<what>.*?\S)\s+(?P<value>\d+(?:\.\d+)?) (?P<unit>MB|kB|ms|µs|s|×|/s)(?P<spread>(?= |$).*)$"
)
_SPREAD = re.compile(r"^\s*± (\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Committed:
    """A committed median, in its unit, and its spread where it was noted."""

    value: float
    unit: str
    spread: float = 0.0


def committed_figures(document: Path = DOCUMENT) -> dict[str, Committed]:
    """The figures of a document, by what they measure; the last of several that measure the same.

    Args:
        document: lines as a run prints them, indented by four spaces.
    """
    found: dict[str, Committed] = {}
    names = _Names()
    for line in document.read_text(encoding="utf-8").splitlines():
        if match := _LINE.match(line):
            spread = _SPREAD.match(match["spread"])
            value = Committed(float(match["value"]), match["unit"], float(spread[1]) if spread else 0.0)
            found[names.full(match["what"])] = value
    return found


def worse(figures: Iterable[Figure], committed: dict[str, Committed]) -> Iterator[str]:
    """A line for each figure that is worse than the committed one by more than the spread of either.

    Args:
        figures: what a run measured, in its order.
        committed: what `committed_figures` gave.
    """
    names = _Names()
    for figure in figures:
        before = committed.get(names.full(figure.what))
        if before is None or before.unit != figure.unit:
            continue
        loss = before.value - figure.value if figure.is_better_higher else figure.value - before.value
        rounding = 0.005 if before.value < 10 else 0.5
        if loss > max(figure.spread, before.spread) + rounding:
            yield (
                f"{figure.what.strip()}: {figure.number()} {figure.unit}, committed {before.value:g} {before.unit}, "
                f"spread {max(figure.spread, before.spread):.2g} {figure.unit}"
            )


class _Names:
    """Names of figures: an indented one belongs to the one above it."""

    def __init__(self) -> None:
        self._above: list[str] = []

    def full(self, what: str) -> str:
        depth = (len(what) - len(what.lstrip())) // 2
        self._above[depth:] = [what.strip()]
        return " / ".join(self._above)
