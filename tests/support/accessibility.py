"""axe-core over a page in a real browser: what it finds wrong, by the rules of WCAG AA and good practice."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page

from support.command import ROOT

_AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async () => (await axe.run(document, {
  preload: false,
  resultTypes: ["violations"],
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
})).violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ")}`)"""


def require_axe() -> None:
    """Skip the test where axe-core is not installed, unless that is forbidden."""
    if not _AXE.is_file():
        if os.environ.get("CONNECTGEN_REQUIRE_NODE"):
            pytest.fail("axe-core is not installed, and CONNECTGEN_REQUIRE_NODE is set")
        pytest.skip("needs the pinned axe-core: run `npm ci`")


def violations(page: Page) -> list[str]:
    """What axe-core finds in a page that is open; its context must bypass the page's Content-Security-Policy."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=_AXE)
    return list(page.evaluate(_RUN))
