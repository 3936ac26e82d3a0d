"""The comparison in the browser is what `connectgen diff` says: the same changes for fifty pairs of versions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import permutations

import pytest
from playwright.sync_api import Browser, Page, expect

from connectgen.diff.jump import Jumps, compare_over
from connectgen.site.comparisons import rectangles
from support.real import real_catalogue, real_surface
from support.reference import Site, opened

PAIRS = random.Random(25).sample(list(permutations(real_catalogue().versions, 2)), 48)
JUMPS = Jumps(real_surface)
TAKEN = """async ([before, after]) => (await connectSite.changes(before, after)).map(
  (one) => [one.rule, one.subject, one.before, one.after, one.replacement, one.severity, one.landed])"""


@pytest.fixture(scope="module")
def page(real_site: Site, browser: Browser) -> Iterator[Page]:
    with opened(browser) as (page, _):
        page.goto(real_site.url("compare.html"))
        page.wait_for_function("() => Boolean(connectSite.changes)")
        yield page


@pytest.mark.parametrize(("before", "after"), [(45, 67), (67, 45), *PAIRS])
def test_a_pair_of_versions_has_the_changes_of_diff(page: Page, before: int, after: int) -> None:
    expected = [
        [one.rule.id, one.subject, one.before, one.after, one.replacement, one.severity, one.landed]
        for one in JUMPS.compare(before, after)
    ]
    shown = page.evaluate(TAKEN, [before, after])
    assert sorted(map(repr, shown)) == sorted(map(repr, expected))


def test_what_comparisons_share_changes_none() -> None:
    """`connectgen diff` makes one, and the tests above make many that remember what they have in common."""
    for before, after in ((67, 45), PAIRS[-1]):
        assert JUMPS.compare(before, after) == compare_over(before, after, real_surface)


def test_the_table_filters_and_its_url_leads_back(real_site: Site, browser: Browser) -> None:
    with opened(browser) as (page, _):
        page.goto(real_site.url("compare.html?from=45.0&to=67.0"))
        expect(page.locator("#count")).to_contain_text("45.0 → 67.0: 51 breaking")
        severities = page.locator("tbody tr td:first-child")
        expect(severities.first).to_have_text("breaking")
        page.get_by_label("Severity").select_option("breaking")
        page.get_by_label("Words").fill("head_list")
        rows = page.locator("tbody tr")
        expect(rows).to_have_count(1)
        expect(rows.first).to_contain_text("experience.sites.head_list")
        expect(rows.first).to_contain_text("Use experience.sites.list instead.")
        address = page.url
        page.goto(real_site.url("index.html"))
        page.goto(address)
        expect(rows).to_have_count(1)
        page.get_by_label("From").select_option("67")
        expect(page.locator("#count")).to_have_text("Choose two different versions.")


def test_a_long_table_is_shown_whole_when_asked_for(real_site: Site, browser: Browser) -> None:
    with opened(browser) as (page, _):
        page.goto(real_site.url("compare.html?from=30.0&to=67.0"))
        expect(page.locator("tbody tr")).to_have_count(300)
        page.get_by_role("button", name="Show all").click()
        assert page.locator("tbody tr").count() > 1000


def test_rectangles_hold_the_pairs_and_no_others() -> None:
    pairs = sorted(random.Random(1).sample([(a, b) for a in range(12) for b in range(12)], 60))
    held = [
        (before, after)
        for begin, end, first, last in rectangles(pairs)
        for before in range(begin, end + 1)
        for after in range(first, last + 1)
    ]
    assert sorted(held) == pairs
    assert rectangles([(a, b) for a in range(30, 40) for b in range(50, 60)]) == [(30, 39, 50, 59)]
