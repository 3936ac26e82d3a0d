"""Measures `connectgen find` and a package's own `find`: a whole process each, from start to the printed result."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.figures import ROOT, Figure, environment
from benchmarks.processes import run

_COMMANDS = {
    "connectgen find, all versions": "connectgen",
    "python -m sf_connect.v67 find": "sf_connect.v67",
}
_SEARCH = ("find", "folow", "a", "record")


def figures(folder: Path, repeats: int) -> Iterator[Figure]:
    """Measure a search with a typing error, once the index is known."""
    env = environment(ROOT / "generated" / "sf-connect-v67")
    for what, module in (
        ("connectgen find, all versions", "connectgen"),
        ("python -m sf_connect.v67 find", "sf_connect.v67"),
    ):
        command = [sys.executable, "-m", module, *_SEARCH]
        run(command, cwd=folder, env=env)
        seconds = median(run(command, cwd=folder, env=env).seconds for _ in range(repeats))
        yield Figure(what, seconds, "s", at_most=0.5)
