"""What the tests of generation ask of a run, and the change that they make to the catalogue."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

Edit = Callable[[str, str, str], None]
Generate = Callable[..., subprocess.CompletedProcess[str]]
CHANGE = ("types/archive/pictures.yaml", "What is said about a picture.", "What a person says of a picture.")


def times_of(folder: Path) -> dict[str, int]:
    """When each file was last written, in nanoseconds."""
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def assert_plain(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The command ended with this code and without a traceback; all it printed."""
    text = done.stdout + done.stderr
    assert done.returncode == code, text
    assert "Traceback" not in text
    return text
