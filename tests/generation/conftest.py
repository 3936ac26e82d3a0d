"""A copied catalogue, generated as often as a test likes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from support.command import COMMAND, connectgen, environment, generate_arguments


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where packages go; nothing is there yet."""
    return tmp_path / "generated"


@pytest.fixture
def generated(out: Path, remembered: None, small_packages: Path) -> None:
    """The output of a first run over the catalogue, and what it remembers: `generate()` is the second."""
    junk = shutil.ignore_patterns("__pycache__")
    shutil.copytree(small_packages, out, ignore=junk)


@pytest.fixture
def generate(catalogue: Path, out: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Generate from the copied catalogue; further arguments are those of the command."""

    def run(*arguments: str, command: Sequence[str] = COMMAND, **env: str) -> subprocess.CompletedProcess[str]:
        own = environment(**env) if env else None
        return connectgen(*generate_arguments(catalogue, out, *arguments), cwd=tmp_path, env=own, command=command)

    return run
