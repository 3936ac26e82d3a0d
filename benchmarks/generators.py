"""Measures generation of 67.0 beside another generator, which reads the document that connectgen exports."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.figures import NEWEST, ROOT, Figure, environment
from benchmarks.processes import Run, run

_PEER = "openapi-python-client==0.26.2"
"""The peer as pip installs it."""
FOLDER = ROOT / ".cache" / "peers"


def install() -> None:
    """Install the peer into a virtual environment of its own, in `.cache`, if it is not there.

    Raises:
        subprocess.CalledProcessError: pip could not; it says why.
    """
    mark = FOLDER / "installed"
    if mark.is_file() and mark.read_text(encoding="utf-8") == _PEER:
        return
    venv.create(FOLDER, clear=True, with_pip=True)
    subprocess.run([str(FOLDER / "bin" / "python"), "-m", "pip", "install", "--quiet", _PEER], check=True)
    mark.write_text(_PEER, encoding="utf-8")


def figures(workplace: Path, repeats: int) -> Iterator[Figure]:
    """Measure both in turn, where `make bench-peers` installed the peer; nothing elsewhere.

    Args:
        workplace: where the document and the packages go.
        repeats: how often each is measured; the median of the pairs counts.
    """
    peer = FOLDER / "bin" / "openapi-python-client"
    if not peer.is_file():
        return
    document = workplace / "document.json"
    connectgen = [sys.executable, "-m", "connectgen"]
    export = [*connectgen, "openapi", f"{NEWEST}.0", "--format", "json", "--output", str(document)]
    run(export, cwd=ROOT, env=environment())
    path = os.pathsep.join([str(FOLDER / "bin"), os.environ.get("PATH", "")])  # it formats with ruff, if it finds it
    pairs: list[tuple[Run, Run]] = []
    for turn in range(min(repeats, 3)):
        theirs = [str(peer), "generate", "--path", str(document), "--output-path", str(workplace / f"peer{turn}")]
        ours = [*connectgen, "generate", f"{NEWEST}.0", "--no-cache", "--out", str(workplace / f"ours{turn}")]
        pairs.append(
            (run(theirs, cwd=workplace, env={**environment(), "PATH": path}), run(ours, cwd=ROOT, env=environment()))
        )
    yield Figure.of(f"openapi-python-client, from our document of {NEWEST}.0", (one.seconds for one, _ in pairs), "s")
    ratio = median(theirs.processor / ours.processor for theirs, ours in pairs)
    yield Figure.of("  times as long as ours, cold", (a.seconds / b.seconds for a, b in pairs), "×")
    yield Figure("  by processor time", ratio, "×")


if __name__ == "__main__":
    install()
