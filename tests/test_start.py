"""The command line starts with little: what only some commands need is imported by these."""

from __future__ import annotations

import subprocess
import sys

import pytest

from support.command import environment

_HELP = """
import sys
from connectgen.cli import main
main(["--help"], standalone_mode=False)
print(*sorted(sys.modules), file=sys.stderr)
"""
_SLOW = ("importlib.metadata", "black", "jinja2", "yaml", "asyncio", "connectgen.catalogue.loader")


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """The modules that `connectgen --help` imports."""
    done = subprocess.run(
        [sys.executable, "-c", _HELP], env=environment(), capture_output=True, text=True, check=True, timeout=60
    )
    assert "generate" in done.stdout
    return set(done.stderr.split())


@pytest.mark.parametrize("module", _SLOW)
def test_help_imports_nothing_slow(imported: set[str], module: str) -> None:
    assert "connectgen.cli.main" in imported
    assert module not in imported
