"""axe-core finds nothing wrong with any kind of page, in both themes, wide and narrow."""

from __future__ import annotations

from typing import Literal

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


@pytest.mark.parametrize(("width", "themes"), [(1440, ("light", "dark")), (360, ("dark",))], ids=["wide", "narrow"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(
    real_site: Site, browser: Browser, path: str, width: int, themes: tuple[Literal["light", "dark"], ...]
) -> None:
    require_axe()
    first = {"color_scheme": themes[0], "viewport": {"width": width, "height": 900}}
    with opened(browser, bypass_csp=True, **first) as (page, _):
        page.goto(real_site.url(path))
        if path.startswith("compare"):
            expect(page.locator("tbody tr").first).to_be_visible()
        if path == "index.html":
            page.locator(".find input").fill("follow a record")
            expect(page.locator("[role=option]").first).to_be_visible()
        for theme in themes:
            page.emulate_media(color_scheme=theme)
            expect(page.locator("html")).to_have_attribute("data-theme", theme)
            assert violations(page) == []
