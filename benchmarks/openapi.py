"""Measures OpenAPI: one version written, all versions written, the vendor's file of Data 360 read."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import NEWEST, ROOT, Figure, environment
from benchmarks.processes import Run, run

_DATA360 = ROOT.parent / "shared" / "data360" / "openapi-67.0.yaml"


def figures(workplace: Path, repeats: int) -> Iterator[Figure]:
    """Measure in a folder of its own.

    Args:
        workplace: where documents, the copied catalogue and the cache go.
        repeats: how often each short measurement is made; the median counts.
    """
    catalogue = Path(shutil.copytree(ROOT / "spec", workplace / "openapi-spec"))

    def connectgen(*arguments: str) -> Run:
        command = [sys.executable, "-m", "connectgen", *arguments, "--catalogue", str(catalogue)]
        return run(command, cwd=workplace, env=environment())

    connectgen("validate")  # fills the cache
    for form in ("json", "yaml"):
        seconds = [connectgen("openapi", f"{NEWEST}.0", "--output", f"one.{form}").seconds for _ in range(repeats)]
        yield Figure.of(f"openapi {NEWEST}.0, {form}", seconds, "s", 2)
    yield Figure("openapi --all", connectgen("openapi", "--all", "--output", "all").seconds, "s", 40)
    if _DATA360.is_file():
        shutil.rmtree(catalogue / "resources" / "data360")
        shutil.rmtree(catalogue / "types" / "data360")
        arguments = ("import", "openapi", str(_DATA360), "--family", "data360", "--new-family")
        seconds = [connectgen(*arguments, "--dry-run").seconds for _ in range(min(repeats, 3))]
        yield Figure.of("import openapi, the file of Data 360", seconds, "s", 10)
        connectgen(*arguments)
        yield Figure("  a second time", connectgen(*arguments).seconds, "s", 10)
