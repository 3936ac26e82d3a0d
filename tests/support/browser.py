"""Finds Chromium, and says why a check in a browser cannot run."""

from __future__ import annotations

import os
import shutil

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str:
    """The browser's path; the test skips where there is none, unless that is forbidden."""
    browser = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if browser is None:
        if os.environ.get("CONNECTGEN_REQUIRE_BROWSER"):
            pytest.fail("Chromium is not installed, and CONNECTGEN_REQUIRE_BROWSER is set")
        pytest.skip("Chromium is not installed")
    return browser
