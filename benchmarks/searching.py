"""Measures `connectgen find` and a package's own `find`: a whole process each, from start to the printed result."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.figures import NEWEST, ROOT, Figure, environment
from benchmarks.processes import run

_COMMANDS = {
    "connectgen find, all versions": "connectgen",
    f"python -m sf_connect.v{NEWEST} find": f"sf_connect.v{NEWEST}",
}
_SEARCH = ("find", "folow", "a", "record")


def figures(folder: Path, repeats: int) -> Iterator[Figure]:
    """Measure a search with a typing error, once the index is known."""
    env = environment(ROOT / "generated" / f"sf-connect-v{NEWEST}")
    for what, module in _COMMANDS.items():
        command = [sys.executable, "-m", module, *_SEARCH]
        run(command, cwd=folder, env=env)
        seconds = median(run(command, cwd=folder, env=env).seconds for _ in range(repeats))
        yield Figure(what, seconds, "s", at_most=0.5)
