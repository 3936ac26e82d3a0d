"""Finds Node and the pinned tools that need it, and says why a check cannot run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


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


def _require(reason: str | None) -> None:
    if reason and os.environ.get("CONNECTGEN_REQUIRE_NODE"):
        pytest.fail(f"{reason} (CONNECTGEN_REQUIRE_NODE is set)")
    if reason:
        pytest.skip(reason)
