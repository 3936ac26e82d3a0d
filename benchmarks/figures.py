"""What a measurement is, how it is printed, and the environment that measured processes run in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

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

    def line(self) -> str:
        """The figure as a line of the report."""
        shown = f"{self.value:.2f}" if self.value < 10 and self.unit != "MB" else f"{self.value:.0f}"
        goal = "" if self.at_most is None else f"at most {self.at_most:g} {self.unit}"
        goal += "" if self.at_least is None else f"at least {self.at_least:g} {self.unit}"
        met = (self.at_most is None or self.value <= self.at_most) and self.value >= (self.at_least or 0)
        verdict = "" if met else "  MISSED"
        return f"{self.what:<58} {shown:>8} {self.unit:<3} {goal}{verdict}".rstrip()


def environment(*folders: Path) -> dict[str, str]:
    """An environment in which the generator, core and the given folders can be imported."""
    path = os.pathsep.join(str(folder) for folder in (ROOT / "generator", ROOT / "core", *folders))
    return {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "ignore"}
