"""Finds Node and the pinned pyright, and says why a check that needs them cannot run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def missing_pyright(root: Path = ROOT) -> str | None:
    """The reason why pyright cannot be run here, or None where it can."""
    if shutil.which("node") is None:
        return "needs Node, which is not installed"
    if not (root / "node_modules" / ".bin" / "pyright").exists():
        return "needs the pinned pyright: run `npm ci`"
    return None


def require_pyright() -> None:
    """Skip the running test where pyright is missing; fail it where CONNECTGEN_REQUIRE_NODE forbids skipping."""
    reason = missing_pyright()
    if reason and os.environ.get("CONNECTGEN_REQUIRE_NODE"):
        pytest.fail(f"{reason} (CONNECTGEN_REQUIRE_NODE is set)")
    if reason:
        pytest.skip(reason)
