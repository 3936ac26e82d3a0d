"""Runs both type checkers, strict, over a text of Python; the lines in which they find something."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from support.command import ROOT


def wrong_lines(text: str) -> set[int]:
    """The lines that end with `# wrong`: those in which a checker is to find something."""
    return {number for number, line in enumerate(text.splitlines(), 1) if line.endswith("# wrong")}


def lines_by_mypy(text: str, folder: Path) -> tuple[set[int], str]:
    """The lines in which mypy finds something, and what it printed."""
    (folder / "sample.py").write_text(text, encoding="utf-8")
    options = ["--strict", "--namespace-packages", "--explicit-package-bases"]
    environment = {**os.environ, "MYPYPATH": str(ROOT / "core"), "MYPY_CACHE_DIR": str(ROOT / ".cache" / "mypy-sample")}
    return _lines([sys.executable, "-m", "mypy", *options, "sample.py"], folder, environment)


def lines_by_pyright(text: str, folder: Path) -> tuple[set[int], str]:
    """The lines in which pyright finds something, and what it printed."""
    (folder / "sample.py").write_text(text, encoding="utf-8")
    settings = {"extraPaths": [str(ROOT / "core")], "pythonVersion": "3.11", "typeCheckingMode": "strict"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [str(ROOT / "node_modules/.bin/pyright"), "--project", ".", "--pythonpath", sys.executable]
    return _lines(command, folder, dict(os.environ))


def _lines(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[set[int], str]:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    found = re.findall(r"sample\.py:(\d+)(?::\d+)?(?: -|:) error", done.stdout)
    return {int(number) for number in found}, done.stdout + done.stderr
