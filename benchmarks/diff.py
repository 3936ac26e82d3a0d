"""Measures `connectgen diff`, the whole command: two neighbouring versions, and the oldest against the newest."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.figures import ROOT, Figure, environment
from benchmarks.processes import run


def figures(workplace: Path, repeats: int) -> Iterator[Figure]:
    """Measure with the catalogue's files remembered, as in any run but the first.

    Args:
        workplace: working directory; the cache arises there.
        repeats: how often each comparison is made; the median counts.
    """

    def seconds(before: str, after: str) -> float:
        command = [sys.executable, "-m", "connectgen", "diff", before, after, "--catalogue", str(ROOT / "spec")]
        return run(command, cwd=workplace, env=environment()).seconds

    yield Figure("diff 66.0 67.0, nothing remembered", seconds("66.0", "67.0"), "s")
    yield Figure("diff 66.0 67.0", median(seconds("66.0", "67.0") for _ in range(repeats)), "s", 1)
    yield Figure("diff 30.0 67.0", median(seconds("30.0", "67.0") for _ in range(repeats)), "s", 3)
