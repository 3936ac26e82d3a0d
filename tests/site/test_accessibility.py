"""axe-core finds nothing wrong with any kind of page, in both themes, wide and narrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from support.accessibility import require_axe, violations
from support.reference import Site, opened

PAGES = [
    "index.html", "operations/feeds.elements.create.html", "operations/commerce.carts.get.html?v=50.0",
    "types/FeedItem.html?v=45.0", "types/MessageSegmentInput.html", "values/FeedSort.html", "families/data360.html",
    "versions/62.0.html", "versions/index.html", "compare.html?from=45.0&to=50.0", "matrix.html", "matrix/cms.html",
    "guides/runtime.html", "statuses.html",
]  # fmt: skip


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 1440), ("dark", 360)])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(real_site: Site, browser: Browser, path: str, theme: str, width: int) -> None:
    require_axe()
    with opened(browser, color_scheme=theme, viewport={"width": width, "height": 900}, bypass_csp=True) as (page, _):
        page.goto(real_site.url(path))
        if path.startswith("compare"):
            expect(page.locator("tbody tr").first).to_be_visible()
        if path == "index.html":
            page.locator(".find input").fill("follow a record")
            expect(page.locator("[role=option]").first).to_be_visible()
        assert violations(page) == []
