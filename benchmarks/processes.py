"""Runs a process and measures it: seconds from start to end, processor time, and peak memory with its children's."""

from __future__ import annotations

import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SAMPLE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Run:
    """A finished process. `processor` is its seconds of processor time; `peak_mb` is None without /proc."""

    seconds: float
    processor: float
    peak_mb: float | None
    output: str


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], memory: bool = False, expect: int = 0) -> Run:
    """Run a command to its end.

    Args:
        command: program and arguments.
        cwd: working directory.
        env: the whole environment.
        memory: sample memory too, which costs a little time.
        expect: the exit code it must have.

    Raises:
        RuntimeError: it ended with another exit code.
    """
    spent = _spent_by_children()
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    sampler = _MemorySampler(process.pid) if memory else None
    if sampler:
        sampler.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - started
    peak = sampler.stop() if sampler else None
    if process.returncode != expect:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{output[-2000:]}")
    return Run(seconds, _spent_by_children() - spent, peak, output)


def _spent_by_children() -> float:
    """Seconds of processor time of all processes that were started here and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class _MemorySampler(threading.Thread):
    """Sums the proportional set sizes of a process and its descendants, so that shared pages count once."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._done = threading.Event()
        self._peak_kb = 0

    def run(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            self._peak_kb = max(self._peak_kb, sum(_memory_kb(pid) for pid in _family(self._pid)))

    def stop(self) -> float | None:
        """End sampling; the peak in MB (10^6 bytes), None where nothing could be read."""
        self._done.set()
        self.join()
        return self._peak_kb * 1024 / 1e6 or None


def _family(pid: int) -> list[int]:
    family = [pid]
    for member in family:
        try:
            for task in Path(f"/proc/{member}/task").iterdir():
                family += map(int, (task / "children").read_text(encoding="ascii").split())
        except OSError:
            continue
    return family


def _memory_kb(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        return 0
    return 0
