"""Measures what is published: wheels and source distributions of everything, all anew and with nothing to do."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import NEWEST, Figure, environment
from benchmarks.processes import Run, run
from connectgen.wheels.contents import MOST_BYTES


def figures(workplace: Path, repeats: int) -> Iterator[Figure]:
    """Measure in a folder of its own.

    Args:
        workplace: where packages, wheels and the cache go.
        repeats: how often each short measurement is made; the median counts.
    """
    generated, dist = workplace / "to-publish", workplace / "dist"

    def connectgen(*arguments: str) -> Run:
        return run([sys.executable, "-m", "connectgen", *arguments], cwd=workplace, env=environment(), memory=False)

    def wheels() -> float:
        return connectgen("wheels", "--generated", str(generated), "--dist", str(dist)).seconds

    connectgen("generate", "--out", str(generated))
    cold: list[float] = []
    for _ in range(min(repeats, 3)):
        shutil.rmtree(dist, ignore_errors=True)
        cold.append(wheels())
    count = len(list(dist.glob("*.whl")))
    yield Figure.of(f"wheels, {count} wheels and source distributions, cold", cold, "s", 90)
    yield Figure.of("wheels, nothing changed", (wheels() for _ in range(repeats)), "s", 3)
    (newest,) = dist.glob(f"sf_connect_v{NEWEST}-*.whl")
    yield Figure(f"  size of the wheel of {NEWEST}.0", newest.stat().st_size / 1_000, "kB", MOST_BYTES / 1_000)
