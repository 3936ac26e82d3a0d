"""A headless Chromium that loads a page, runs its scripts and tells what the page then is."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def executable() -> str:
    """The browser's path; the test skips where there is none, unless that is forbidden."""
    browser = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if browser is None:
        if os.environ.get("CONNECTGEN_REQUIRE_BROWSER"):
            pytest.fail("Chromium is not installed, and CONNECTGEN_REQUIRE_BROWSER is set")
        pytest.skip("Chromium is not installed")
    return browser


def loaded(address: str) -> str:
    """The page at an address once it has loaded."""
    browser = executable()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [browser, *_FLAGS, f"--user-data-dir={profile}", "--virtual-time-budget=2000", "--dump-dom", address]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
