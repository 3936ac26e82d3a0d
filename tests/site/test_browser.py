"""The site in a real browser, from the file system: search, versions, keyboard, no JavaScript, narrow screens."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from support.reference import Site, opened

CREATE = "operations/feeds.elements.create.html"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with opened(browser) as (page, _):
        yield page


def results(page: Page) -> list[str]:
    """The results of the search that are shown."""
    return page.locator("[role=option] code:first-of-type").all_inner_texts()


def test_search_finds_as_one_types_and_enter_opens_the_first_result(real_site: Site, page: Page) -> None:
    page.goto(real_site.url("index.html"))
    page.keyboard.press("/")
    page.keyboard.type("follow a record")
    expect(page.locator("[role=option]").first).to_contain_text("client.chatter.users.follow(user_id, …)")
    page.keyboard.press("Enter")
    page.wait_for_url("**/operations/chatter.users.follow.html")


def test_arrows_choose_and_escape_closes(real_site: Site, page: Page) -> None:
    page.goto(real_site.url(CREATE))
    page.keyboard.press("/")
    page.keyboard.type("cart item")
    expect(page.locator("[role=option]").nth(2)).to_be_visible()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_attribute("id", "found-0-1")
    assert (
        page.get_by_role("combobox", name="Search, or paste a URL").get_attribute("aria-activedescendant")
        == "found-0-1"
    )
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(chosen).to_have_attribute("id", f"found-0-{page.locator('[role=option]').count() - 1}")
    page.keyboard.press("Escape")
    expect(page.locator("#found-0")).to_be_hidden()


def test_a_pasted_url_finds_its_operation_and_fills_the_call(real_site: Site, page: Page) -> None:
    page.goto(real_site.url("index.html"))
    url = "GET https://acme.my.site.com/shop/services/data/v62.0/commerce/webstores/0ZE000000000001/carts/current?x=y"
    page.locator(".find input").fill(url)
    first = page.locator("[role=option]").first
    expect(first).to_contain_text("client.commerce.carts.get('0ZE000000000001', 'current', …)")


def test_types_and_lists_of_values_are_found_by_name(real_site: Site, page: Page) -> None:
    page.goto(real_site.url("index.html"))
    page.locator(".find input").fill("FeedItemInput")
    expect(page.locator("[role=option]").first).to_contain_text("type FeedItemInput")
    page.locator(".find input").fill("FeedElementVisibility")
    expect(page.locator("[role=option]").first).to_contain_text("values FeedElementVisibility")


def test_the_picker_shows_the_page_as_it_was(real_site: Site, page: Page) -> None:
    page.goto(real_site.url(CREATE))
    expect(page.locator("#originalFeedElementId")).to_be_hidden()
    page.get_by_label("Version").select_option("35")
    expect(page.locator("#absent")).to_have_text("As it is in 35.0.")
    expect(page.locator("#originalFeedElementId")).to_be_visible()
    assert "v=35.0" in page.url
    page.locator(".side a", has_text="publish_draft").click()
    page.wait_for_url("**/feeds.elements.publish_draft.html?v=35.0")
    expect(page.locator("#absent")).to_have_text("Not in 35.0: since 44.0. Shown as it is in 44.0.")


def test_a_link_with_a_version_shows_that_version(real_site: Site, page: Page) -> None:
    page.goto(real_site.url("types/FeedItem.html?v=31.0"))
    assert page.get_by_label("Version").input_value() == "31"
    absent = page.locator("#hasVerifiedComment")
    expect(absent).to_have_class(re.compile("absent"))
    expect(absent.locator(".when")).to_be_visible()
    expect(page.locator("#likes")).not_to_have_class(re.compile("absent"))
    page.get_by_label("Version").select_option("67")
    assert "v=" not in page.url


def test_a_version_that_there_is_not_is_the_newest(real_site: Site, page: Page) -> None:
    page.goto(real_site.url("types/FeedItem.html?v=999.0"))
    assert page.get_by_label("Version").input_value() == "67"


def test_a_fact_that_changed_is_shown_as_it_was(small_site: Site, page: Page) -> None:
    page.goto(small_site.url("operations/garden.plants.list.html"))
    expect(page.locator("#q .said:visible").first).to_contain_text("list of String")
    page.get_by_label("Version").select_option("31")
    expect(page.locator("#q .said:visible").first).to_have_text(re.compile("^String"))
    page.goto(small_site.url("operations/garden.plants.get_label.html?v=31.0"))
    expect(page.locator(".route:visible code")).to_have_text("/garden/labels/{plantId}")


def test_samples_are_tabs_that_the_keyboard_reaches(real_site: Site, page: Page) -> None:
    page.goto(real_site.url(CREATE))
    tabs = page.get_by_role("tab")
    assert tabs.all_inner_texts() == ["Python", "async", "curl"]
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tabpanel", name="Sample for curl")).to_be_visible()
    page.reload()
    expect(page.get_by_role("tabpanel", name="Sample for curl")).to_be_visible()


def test_a_type_opens_in_place_as_deep_as_one_likes(real_site: Site, page: Page) -> None:
    page.goto(real_site.url("types/FeedItem.html"))
    row = page.locator("#capabilities")
    row.get_by_role("button", name="Open FeedElementCapabilities here").click()
    inner = row.locator(".less > li", has_text="comments").first
    inner.get_by_role("button", name="Open CommentsCapability here").click()
    deepest = inner.locator(".less").first
    deepest.get_by_role("button", name="Open CommentPage here").click()
    expect(deepest.get_by_text("nextPageToken")).to_be_visible()
    row.get_by_role("button", name="Open FeedElementCapabilities here").click()
    expect(deepest).to_be_hidden()


def test_the_theme_follows_the_system_and_the_choice(real_site: Site, browser: Browser) -> None:
    with opened(browser, color_scheme="dark") as (page, _):
        page.goto(real_site.url("index.html"))
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_role("button", name="Use the light theme").click()
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (dark, light) == ("rgb(14, 18, 23)", "rgb(255, 255, 255)")
        page.goto(real_site.url("statuses.html"))
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


def test_without_javascript_pages_say_all_but_search_comparison_and_picker(real_site: Site, browser: Browser) -> None:
    with opened(browser, java_script_enabled=False) as (page, seen):
        page.goto(real_site.url(CREATE))
        expect(page.get_by_role("heading", name="feeds.elements.create")).to_be_visible()
        for name in ("Sample in Python", "Sample in asynchronous Python", "Sample for curl"):
            expect(page.get_by_role("region", name=name)).to_be_visible()
        expect(page.locator("#subjectId")).to_be_visible()
        expect(page.locator("input, select")).to_have_count(0)
        page.locator("[id='~response'] .sub summary").first.click()
        expect(page.locator("[id='~response'] .sub .less").first).to_be_visible()
        page.goto(real_site.url("compare.html"))
        expect(page.get_by_text("This table needs JavaScript.")).to_be_visible()
    assert all("/data/" not in url for url in seen.requests)


@pytest.mark.parametrize("width", [360, 900, 1440])
@pytest.mark.parametrize(
    "path",
    [
        "index.html", CREATE, "operations/data360.activations.create.html", "types/FeedItem.html",
        "values/FeedSort.html",        "families/cms.html", "versions/62.0.html", "versions/index.html", "compare.html",
        "matrix.html", "matrix/cms.html",
        "guides/diff.html", "guides/commands.html", "statuses.html",
    ],
)  # fmt: skip
def test_nothing_is_wider_than_the_screen(real_site: Site, browser: Browser, path: str, width: int) -> None:
    with opened(browser, viewport={"width": width, "height": 800}) as (page, _):
        page.goto(real_site.url(path))
        if path == "compare.html":
            expect(page.locator("tbody tr").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_data_are_loaded_on_first_use(real_site: Site, browser: Browser) -> None:
    with opened(browser) as (page, seen):
        page.goto(real_site.url(CREATE))
        page.wait_for_load_state()
        assert not [url for url in seen.requests if "/data/" in url or url.endswith("search.js")]
        page.locator(".find input").focus()
        page.wait_for_function("() => Boolean(connectSite.search)")
        page.wait_for_function("() => document.querySelectorAll('script[src*=\"data/search\"]').length === 1")
    assert [url.rpartition("/site/")[2] for url in seen.requests if "/data/" in url] == ["data/search.js"]
