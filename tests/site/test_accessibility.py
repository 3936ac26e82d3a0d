"""axe-core finds nothing wrong with any kind of page, in both themes, wide and narrow."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser, expect

from support.command import ROOT
from support.reference import Site, opened

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PAGES = [
    "index.html", "operations/feeds.elements.create.html", "operations/commerce.carts.get.html?v=50.0",
    "types/FeedItem.html?v=45.0", "types/MessageSegmentInput.html", "values/FeedSort.html", "families/data360.html",
    "versions/62.0.html", "versions/index.html", "compare.html?from=45.0&to=50.0", "matrix.html", "matrix/cms.html",
    "guides/runtime.html", "statuses.html",
]  # fmt: skip
RUN = """async () => (await axe.run(document, {
  preload: false,
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
})).violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ")}`)"""


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 1440), ("dark", 360)])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(real_site: Site, browser: Browser, path: str, theme: str, width: int) -> None:
    if not AXE.is_file():
        if os.environ.get("CONNECTGEN_REQUIRE_NODE"):
            pytest.fail("axe-core is not installed, and CONNECTGEN_REQUIRE_NODE is set")
        pytest.skip("needs the pinned axe-core: run `npm ci`")
    with opened(browser, color_scheme=theme, viewport={"width": width, "height": 900}, bypass_csp=True) as (page, _):
        page.goto(real_site.url(path))
        if path.startswith("compare"):
            expect(page.locator("tbody tr").first).to_be_visible()
        if path == "index.html":
            page.locator(".find input").fill("follow a record")
            expect(page.locator("[role=option]").first).to_be_visible()
        page.add_script_tag(path=AXE)
        assert page.evaluate(RUN) == []
