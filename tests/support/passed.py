"""Checks by other people's programs that passed before: over the same bytes the same program finds the same."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from support.command import ROOT

AGAIN = "CONNECTGEN_CHECK_AGAIN"
"""With this environment variable nothing counts as checked."""
_MARKS = ROOT / ".cache" / "tests" / "passed"
_TOOLS = (ROOT / "requirements-dev.txt", ROOT / "package-lock.json")
"""The versions of all tools, and the hashes of their files."""


def check_unless_passed(name: str, inputs: Iterable[Path], check: Callable[[], None]) -> None:
    """Make a check, unless it passed when it was last made, and all that it depends on is the same since.

    It suits what looks at files alone: a validator, a type checker, a generator. What runs our own code always runs.

    Args:
        name: the check's, unlike all others.
        inputs: the files and folders that it looks at, and the test's own module.
        check: makes it, and raises where it fails; then it counts as not made.
    """
    state = _state_of([*_TOOLS, Path(__file__), *inputs])
    mark = _MARKS / name
    if AGAIN not in os.environ and mark.is_file() and mark.read_text(encoding="utf-8") == state:
        return
    check()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(state, encoding="utf-8")


def _state_of(inputs: Iterable[Path]) -> str:
    """A hash of Python's version and of all files; of what is in a folder, its path counts too."""
    digest = hashlib.sha256(sys.version.encode())
    for root in inputs:
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and path.suffix != ".pyc":
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"\n{path.relative_to(root).as_posix()} {content}".encode())
    return digest.hexdigest()
