"""Finds Node and the pinned tools that need it, and says why a check cannot run."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support.command import ROOT, environment


def missing_pyright(root: Path = ROOT) -> str | None:
    """The reason why pyright cannot be run here, or None where it can."""
    return missing_tool("pyright", root)


def missing_tool(name: str, root: Path = ROOT) -> str | None:
    """The reason why a tool of package.json cannot be run here, or None where it can."""
    if shutil.which("node") is None:
        return "needs Node, which is not installed"
    if not (root / "node_modules" / ".bin" / name).exists():
        return f"needs the pinned {name}: run `npm ci`"
    return None


def require_pyright() -> None:
    """Skip the running test where pyright is missing; fail it where CONNECTGEN_REQUIRE_NODE forbids skipping."""
    _require(missing_pyright())


def require_redocly() -> None:
    """The same for Redocly's linter."""
    _require(missing_tool("redocly"))


def run_redocly(*arguments: str) -> str:
    """What Redocly's command prints; it must succeed."""
    command = [str(ROOT / "node_modules" / ".bin" / "redocly"), *arguments]
    own = environment(REDOCLY_TELEMETRY="off", REDOCLY_SUPPRESS_UPDATE_NOTICE="true")
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=True, cwd=ROOT, env=own)
    return done.stdout + done.stderr


def _require(reason: str | None) -> None:
    if reason and os.environ.get("CONNECTGEN_REQUIRE_NODE"):
        pytest.fail(f"{reason} (CONNECTGEN_REQUIRE_NODE is set)")
    if reason:
        pytest.skip(reason)
