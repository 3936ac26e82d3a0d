"""Runs `connectgen` as its users do: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SMALL_CATALOGUE = ROOT / "tests" / "fixtures" / "catalogue"
SMALL_VERSIONS = ("30.0", "31.0", "32.0", "33.0")
COMMAND = [sys.executable, "-m", "connectgen"]


def environment(**extra: str) -> dict[str, str]:
    """The environment of a process that can import the generator and core from this checkout."""
    path = os.pathsep.join([str(ROOT / "generator"), str(ROOT / "core")])
    return {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "", **extra}


def generate_arguments(catalogue: Path, out: Path, *more: str) -> list[str]:
    """`generate` with a catalogue and an output folder of the test's own."""
    return ["generate", "--catalogue", str(catalogue), "--out", str(out), *more]


def connectgen(
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    timeout: float = 120,
    command: Sequence[str] = COMMAND,
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end.

    Args:
        arguments: as on the command line.
        cwd: the working directory; `.cache/` arises there.
        env: the whole environment, that of `environment()` where not given.
        timeout: seconds after which the run counts as hung.
        command: what the arguments are given to.
    """
    return subprocess.run(
        [*command, *arguments],
        cwd=cwd,
        env=dict(env) if env is not None else environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, by its path relative to it, in order; without bytecode and notes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {"__pycache__", ".connectgen"} & set(path.parts)
    }
