"""Texts that tests keep for a reviewer: compared, or written anew where a variable asks for it."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.command import ROOT

_MOST_LINES = 80


@dataclass(frozen=True)
class Kept:
    """What one file of tests keeps.

    Attributes:
        variable: the environment variable that has it written anew.
        tests: the file of tests, from the repository's root.
    """

    variable: str
    tests: str

    @property
    def command(self) -> str:
        """What writes it anew."""
        return f"{self.variable}=1 .venv/bin/python -m pytest {self.tests}"

    def compare(self, path: Path, text: str) -> None:
        """Compare a text with what is kept in a file, or keep it where that is asked."""
        if os.environ.get(self.variable):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        if kept != text:
            lines = difflib.unified_diff(kept.splitlines(), text.splitlines(), "kept", "now", n=0, lineterm="")
            shown = "\n".join(list(lines)[:_MOST_LINES])
            told = f"{path.relative_to(ROOT)} changed; read the difference; if it is right: {self.command}"
            pytest.fail(f"{told}\n{shown}", pytrace=False)


LISTING = Kept("CONNECTGEN_UPDATE_LISTING", "tests/whole/test_listing.py")
VERDICTS = Kept("CONNECTGEN_UPDATE_VERDICTS", "tests/diff/test_rules.py")
SNAPSHOTS = ".venv/bin/python -m pytest {tests} --snapshot-update"
"""What writes the snapshots of a file of tests anew."""
LIST_DIFFERENCES = "PYTHONPATH=tests .venv/bin/python -m recount.recount --guide ../shared/guide/pages --list"
"""What lists where the catalogue is not as the guide; each needs a reason, so that no command writes it."""
