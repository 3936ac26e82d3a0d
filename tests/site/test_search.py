"""Search in the browser finds what `connectgen find` finds, in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page

from connectgen.find.index import IndexMaker
from connectgen.find.search import Index
from connectgen.iterators import names_of_iterators
from connectgen.mentions import Mentions
from support.real import real_surfaces
from support.reference import Site, opened

SEARCHES = list(yaml.safe_load((Path(__file__).parents[1] / "find" / "searches.yaml").read_text(encoding="utf-8")))
MORE = [
    "GET https://acme.my.site.com/shop/services/data/v62.0/commerce/webstores/0ZE000000000001/carts/current?x=y",
    "/services/data/v30.0/commerce/webstores/0ZE000000000001/carts/current",
    "GET /services/data/v64.0/connect/communities/0DB000000000001/members?pageSize=25",
    "curl https://acme.my.salesforce.com/services/data/v62.0/chatter/feed-elements -d @body.json",
    "/chatter/usres/me/folowing",
    "https://acme.example/services/data/v67.0/connect/communities/0DB000000000001/chatter/feeds/news/me/feed-elements",
    "zzzzqqqq", "", "   ",
    "the", "é", "_", "…", "a" * 500, "%E0%A4%A", "/%E0%A4%A/x", "__proto__", "constructor", "toString",
    "<script>", "head", "batch", "iter", "updte segmnt", "kategorie", "delete", "HEAD /chatter/users", "WeeklyDigest",
]  # fmt: skip
FOUND = """async (text) => {
  await connectSite.script("assets/search.js");
  const index = await connectSite.index();
  return index.search(text, 5).map((one) => [one.entry.name, connectSite.callOf(one), one.because]);
}"""


@pytest.fixture(scope="module")
def page(real_site: Site, browser: Browser) -> Iterator[Page]:
    with opened(browser) as (page, _):
        page.goto(real_site.url("statuses.html"))
        yield page


@pytest.fixture(scope="module")
def index() -> Index:
    surfaces = real_surfaces()
    return Index(IndexMaker(names_of_iterators(surfaces), Mentions(surfaces)).text(surfaces))


@pytest.mark.parametrize("text", [*SEARCHES, *MORE])
def test_the_browser_finds_what_the_command_finds(text: str, page: Page, index: Index) -> None:
    expected = [[one.entry.name, one.call, one.because] for one in index.search(text, 5)]
    assert page.evaluate(FOUND, text) == expected
