"""The page of a comparison in Chromium: accessible, in both themes and at every width, with and without its script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from connectgen.diff.formats.html import html
from connectgen.diff.report import Layout
from connectgen.diff.sections import GROUPINGS, Grouping
from diff.reports import report_of
from diff.small import write
from diff.test_command import EDITS, run
from support.accessibility import require_axe, violations
from support.reference import browser as running_browser
from support.reference import opened

SIZES = [("light", 1400), ("light", 360), ("dark", 1400), ("dark", 800), ("dark", 360)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """31.0 to 32.0: groups that are gone, replacements, warnings, long names."""
    file = tmp_path_factory.mktemp("large") / "diff.html"
    file.write_text(html(report_of(31, 32)), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small catalogue, with names that look like markup."""
    spec = write(tmp_path_factory.mktemp("page") / "spec", *EDITS)
    assert run(spec, "65.0", "67.0", "--format", "html", "--output", "diff.html").returncode == 0
    return spec.parent / "diff.html"


@pytest.mark.parametrize(("theme", "width"), SIZES)
def test_axe_finds_nothing(large: Path, browser: Browser, theme: str, width: int) -> None:
    require_axe()
    with opened(browser, color_scheme=theme, viewport={"width": width, "height": 900}, bypass_csp=True) as (page, _):
        page.goto(large.as_uri())
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert violations(page) == []


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_axe_finds_nothing_however_it_is_grouped(tmp_path: Path, browser: Browser, grouping: Grouping) -> None:
    require_axe()
    file = tmp_path / "diff.html"
    file.write_text(html(report_of(66, 67), Layout(grouping)), encoding="utf-8")
    with opened(browser, bypass_csp=True) as (page, _):
        page.goto(file.as_uri())
        assert violations(page) == []


@pytest.mark.parametrize("width", [360, 800, 1400])
def test_nothing_is_wider_than_the_window(large: Path, browser: Browser, width: int) -> None:
    with opened(browser, viewport={"width": width, "height": 900}) as (page, _):
        page.goto(large.as_uri())
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_headings_go_from_the_report_to_sections_to_groups(large: Path) -> None:
    levels = [int(level) for level in re.findall(r"<h(\d)", large.read_text(encoding="utf-8"))]
    assert levels[:2] == [1, 2]
    assert set(levels) == {1, 2, 3}
    assert all(after - before <= 1 for before, after in pairwise(levels))


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_theme_follows_the_system_and_can_be_chosen(small: Path, browser: Browser) -> None:
    with opened(browser, color_scheme="dark") as (page, _):
        page.goto(small.as_uri())
        dark = background(page)
        page.get_by_role("button", name="Light or dark").click()
        assert background(page) != dark
        page.reload()
        assert background(page) != dark
    with opened(browser, color_scheme="dark", java_script_enabled=False) as (page, _):
        page.goto(small.as_uri())
        assert page.locator("body").evaluate("(one) => getComputedStyle(one).backgroundColor") == dark


def test_without_its_script_every_change_can_be_read(large: Path, browser: Browser) -> None:
    with opened(browser, java_script_enabled=False) as (page, _):
        page.goto(large.as_uri())
        assert page.locator(".change").count() == len(report_of(31, 32).changes)
        expect(page.get_by_role("button", name="Light or dark")).to_be_hidden()
        page.locator("details.fold summary").first.click()
        expect(page.locator("details.fold[open] .change").first).to_be_visible()


def test_filters_open_what_is_folded_and_hide_what_is_empty(large: Path, browser: Browser) -> None:
    with opened(browser) as (page, _):
        page.goto(large.as_uri())
        page.get_by_label("Severity").select_option("breaking")
        breaking = report_of(31, 32).counts["breaking"]
        expect(page.locator("#shown")).to_have_text(f"{breaking} shown")
        expect(page.locator("h2:visible")).to_have_count(1)
        assert page.locator("details.fold:visible").count() == page.locator("details.fold[open]:visible").count()
        page.get_by_label("Words").fill("nothing like it")
        expect(page.locator("h2:visible")).to_have_count(0)
        expect(page.locator("#shown")).to_have_text("0 shown")
        assert page.url.endswith("#text=nothing+like+it&severity=breaking")


def test_a_link_to_a_folded_change_opens_its_fold(large: Path, browser: Browser) -> None:
    with opened(browser) as (page, _):
        folded = next(
            fold.changes[0].id
            for section in report_of(31, 32).sections("severity")
            for groups in section.families.values()
            for notes in groups
            for fold in notes.folds
        )
        page.goto(f"{large.as_uri()}#{folded}")
        expect(page.locator(f'[id="{folded}"]')).to_be_in_viewport()


def test_text_of_the_catalogue_stays_text(small: Path, browser: Browser) -> None:
    with opened(browser) as (page, _):
        page.goto(small.as_uri())
        expect(page.get_by_text("<Odd> | `x`", exact=False).first).to_be_visible()
        assert page.locator("odd").count() == 0
