"""Measures the generator: all versions cold, nothing to do, one property added, and the validator."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import NEWEST, ROOT, Figure, environment
from benchmarks.processes import Run, run

_PROPERTIES = re.compile(r"^    properties:\n", re.MULTILINE)

_ALL_SURFACES = """
import sys
from pathlib import Path
from connectgen.catalogue.loader import load_catalogue
from connectgen.cli.short_run import one_short_run
from connectgen.resolver import surface_at
with one_short_run():
    catalogue = load_catalogue(Path(sys.argv[1]), Path(sys.argv[2]), keep=False)
    assert all(surface_at(catalogue, version).types for version in catalogue.versions)
"""


def figures(workplace: Path, repeats: int) -> Iterator[Figure]:
    """Measure in a folder of its own, which holds nothing yet.

    Args:
        workplace: where the copied catalogue, the packages and the cache go.
        repeats: how often each short measurement is made; the median counts.
    """
    catalogue = Path(shutil.copytree(ROOT / "spec", workplace / "spec"))
    versions = len(re.findall(r"version:", (catalogue / "releases.yaml").read_text(encoding="utf-8")))

    def connectgen(*arguments: str, memory: bool = False) -> Run:
        command = [sys.executable, "-m", "connectgen", *arguments, "--catalogue", str(catalogue)]
        return run(command, cwd=workplace, env=environment(), memory=memory)

    def generate(*arguments: str, memory: bool = False) -> Run:
        return connectgen("generate", "--out", str(workplace / "generated"), *arguments, memory=memory)

    cold: list[Run] = []
    for _ in range(min(repeats, 3)):
        shutil.rmtree(workplace / "generated", ignore_errors=True)
        cold.append(generate("--no-cache", memory=True))
    yield Figure.of(f"generate, {versions} versions, cold, --no-cache", (item.seconds for item in cold), "s", 15)
    yield Figure.of("  processor time", (item.processor for item in cold), "s")
    peaks = [item.peak_mb for item in cold if item.peak_mb]
    if peaks:
        yield Figure.of("  peak memory, summed over processes", peaks, "MB", 800)
    newest = [
        generate(f"{NEWEST}.0", "--no-cache", "--out", str(workplace / f"newest{turn}"))
        for turn in range(min(repeats, 3))
    ]
    yield Figure.of(f"generate {NEWEST}.0, cold, --no-cache", (item.seconds for item in newest), "s", 7)
    yield Figure.of("  processor time", (item.processor for item in newest), "s")

    generate()  # after other versions, a run notes that all are current
    yield Figure.of("generate, nothing to do", (generate().seconds for _ in range(repeats)), "s", 1)

    edited = _largest_types_file(catalogue)
    text = edited.read_text(encoding="utf-8")
    edits: list[Run] = []
    for turn in range(1 + min(repeats, 3)):
        added = f"    properties:\n      benchmarkProperty{turn}: String\n"
        edited.write_text(_PROPERTIES.sub(added, text, count=1), encoding="utf-8")
        edits.append(generate())
    # The first one fills the cache, which the runs without it did not.
    yield Figure.of("generate, one property added to one type", (item.seconds for item in edits[1:]), "s", 1.5)
    yield Figure.of("  processor time", (item.processor for item in edits[1:]), "s")
    edited.write_text(text, encoding="utf-8")

    validated = [connectgen("validate", "--no-cache").seconds for _ in range(min(repeats, 3))]
    yield Figure.of("validate, --no-cache", validated, "s", 2)
    connectgen("validate")  # fills the cache
    validated = [connectgen("validate").seconds for _ in range(repeats)]
    yield Figure.of("validate", validated, "s", 2)
    command = [sys.executable, "-c", _ALL_SURFACES, str(catalogue), str(workplace / ".cache")]
    resolved = [run(command, cwd=workplace, env=environment()).seconds for _ in range(repeats)]
    yield Figure.of("all surfaces, from the cache", resolved, "s", 1)


def _largest_types_file(catalogue: Path) -> Path:
    """The file whose change reaches most: the largest that has a type with properties."""
    files = (
        path for path in sorted((catalogue / "types").rglob("*.yaml")) if _PROPERTIES.search(path.read_text("utf-8"))
    )
    return max(files, key=lambda path: path.stat().st_size)
