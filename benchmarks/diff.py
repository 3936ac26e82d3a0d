"""Measures `connectgen diff`, the whole command: two neighbouring versions, and the oldest against the newest."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import NEWEST, OLDEST, ROOT, Figure, environment
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

    oldest, previous, newest = f"{OLDEST}.0", f"{NEWEST - 1}.0", f"{NEWEST}.0"
    yield Figure(f"diff {previous} {newest}, nothing remembered", seconds(previous, newest), "s")
    yield Figure.of(f"diff {previous} {newest}", (seconds(previous, newest) for _ in range(repeats)), "s", 1)
    yield Figure.of(f"diff {oldest} {newest}", (seconds(oldest, newest) for _ in range(repeats)), "s", 3)
