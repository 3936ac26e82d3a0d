"""Finds Node and the pinned tools that need it, and says why a check cannot run."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
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


def require_jsforce() -> Path:
    """A folder in which Node finds the pinned jsforce; it is installed when first needed, as it takes 100 MB.

    Skips the running test where that cannot be, or fails it.
    """
    wanted = ROOT / "tests" / "mock" / "jsforce"
    installed = ROOT / ".cache" / "jsforce"
    lock = (wanted / "package-lock.json").read_bytes()
    if (installed / "package-lock.json").is_file() and (installed / "package-lock.json").read_bytes() == lock:
        return installed
    if shutil.which("npm") is None:
        _require("needs Node and npm, which are not installed")
    installed.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=installed.parent) as name:
        shutil.copytree(wanted, name, dirs_exist_ok=True)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=name, capture_output=True, text=True, timeout=500, check=False)
        if done.returncode:
            _require(f"npm could not install jsforce: {done.stderr.strip()[:500]}")
        shutil.rmtree(installed, ignore_errors=True)
        Path(name).rename(installed)  # whole or not at all
        Path(name).mkdir()  # for the end of the block
    return installed


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
