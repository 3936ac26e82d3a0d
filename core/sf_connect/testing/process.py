"""Starts the process of a mock server and reads its output, so that it never blocks."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence

_STOP_SECONDS = 5.0


def started(options: Sequence[str]) -> subprocess.Popen[str]:
    """A new process of `connectgen mock` on a free port.

    Args:
        options: further options.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "connectgen", "mock", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )


def end(process: subprocess.Popen[str]) -> None:
    """End a process, at once where it does not end in peace."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Output:
    """The output of a process, read in threads so that the process never blocks."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self._errors: list[str] = []
        self._threads = [
            threading.Thread(target=self._read_lines, args=(process,), daemon=True),
            threading.Thread(target=self._read_errors, args=(process,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def first_line(self, seconds: float) -> str:
        """The first line, empty where none comes in time."""
        try:
            return self._lines.get(timeout=seconds)
        except queue.Empty:
            return ""

    def errors(self) -> str:
        """What was written to standard error, once the process has ended."""
        for thread in self._threads:
            thread.join(_STOP_SECONDS)
        return "".join(self._errors).strip()

    def _read_lines(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is not None:
            with process.stdout as lines:
                for line in lines:
                    self._lines.put(line.strip())
        self._lines.put("")

    def _read_errors(self, process: subprocess.Popen[str]) -> None:
        if process.stderr is not None:
            with process.stderr as lines:
                self._errors.extend(lines)


def why(output: str) -> str:
    """Why a process did not start, by its output."""
    if "No module named connectgen" in output:
        return 'connectgen is not installed: pip install "sf-connect-core[testing]"'
    return f"the mock did not start: {output or 'without any output'}"
