"""What a measurement is, how it is printed, and the environment that measured processes run in."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from connectgen.importer.releases import covered_versions

ROOT = Path(__file__).resolve().parents[1]
_COVERED = covered_versions(ROOT / "spec")
OLDEST, NEWEST = _COVERED.since, _COVERED.until
VERSIONS = range(OLDEST, NEWEST + 1)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure and, where there is one, the most or the least it should be."""

    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    spread: float = 0.0
    """How far the middle half of the measurements lies apart; 0 of a single one."""

    @classmethod
    def of(
        cls,
        what: str,
        values: Iterable[float],
        unit: str,
        at_most: float | None = None,
        at_least: float | None = None,
    ) -> Figure:
        """The median of several measurements, with its spread."""
        values = list(values)
        low, _, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else (0.0, 0.0, 0.0)
        return cls(what, median(values), unit, at_most, at_least, high - low)

    @property
    def is_better_higher(self) -> bool:
        """Whether more is better: rates, what should be at least so much, how much longer others take."""
        return self.at_least is not None or self.unit == "/s" or (self.unit == "×" and self.at_most is None)

    def number(self) -> str:
        """The figure as it is printed, without its unit."""
        return f"{self.value:.2f}" if self.value < 10 and self.unit != "MB" else f"{self.value:.0f}"

    def line(self) -> str:
        """The figure as a line of the report."""
        goal = "" if self.at_most is None else f"at most {self.at_most:g} {self.unit}"
        goal += "" if self.at_least is None else f"at least {self.at_least:g} {self.unit}"
        met = (self.at_most is None or self.value <= self.at_most) and self.value >= (self.at_least or 0)
        verdict = "" if met else "  MISSED"
        spread = f"± {self.spread:.2g}" if self.spread else ""
        return f"{self.what:<58} {self.number():>8} {self.unit:<3} {spread:<8} {goal}{verdict}".rstrip()


def environment(*folders: Path) -> dict[str, str]:
    """An environment in which the generator, core and the given folders can be imported, and bytecode is kept."""
    path = os.pathsep.join(str(folder) for folder in (ROOT / "generator", ROOT / "core", *folders))
    given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**given, "PYTHONPATH": path, "PYTHONWARNINGS": "ignore"}
