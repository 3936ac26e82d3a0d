"""All pages of the site: links lead somewhere, nothing is loaded from elsewhere, sizes stay within bounds."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import pytest

from support.reference import Parsed, Site

MOST_OF_A_PAGE, MOST_OF_ALL, MOST_OF_SCRIPTS = 150_000, 60_000_000, 60_000


@pytest.fixture(scope="module")
def parsed(real_site: Site) -> Mapping[str, Parsed]:
    return {path: Parsed(real_site.text(path)) for path in real_site.pages()}


def test_every_link_leads_to_a_page_and_to_a_part_of_it(parsed: Mapping[str, Parsed]) -> None:
    ids = {path: set(page.ids) for path, page in parsed.items()}
    broken: list[str] = []
    for path, page in parsed.items():
        for link in set(page.links):
            parts = urlsplit(link)
            if parts.scheme:
                if parts.scheme not in ("https", "http"):
                    broken.append(f"{path}: {link}")
                continue
            target = (
                posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) if parts.path else path
            )
            if target not in ids or (parts.fragment and unquote(parts.fragment) not in ids[target]):
                broken.append(f"{path}: {link}")
    assert broken == []


def test_ids_of_a_page_are_different(parsed: Mapping[str, Parsed]) -> None:
    twice = {path: [one for one in set(page.ids) if page.ids.count(one) > 1] for path, page in parsed.items()}
    assert {path: ids for path, ids in twice.items() if ids} == {}


def test_pages_load_their_own_files_alone_and_have_no_scripts_of_their_own(
    real_site: Site, parsed: Mapping[str, Parsed]
) -> None:
    for path, page in parsed.items():
        folder = real_site.folder / posixpath.dirname(path)
        assert all((folder / one).is_file() for one in page.loads), path
        assert page.tags.count("script") == 2, path
        assert not [name for name in page.attributes if name.startswith("on") or name == "style"], path
    for path in ("assets/site.css", "assets/site.js", "assets/search.js", "assets/compare.js", "assets/theme.js"):
        assert "http://" not in real_site.text(path)
        assert "https://" not in real_site.text(path)
        assert "@import" not in real_site.text(path)
        assert "innerHTML" not in real_site.text(path)


def test_the_bounds_of_sizes_are_kept(real_site: Site) -> None:
    sizes = {path: (real_site.folder / path).stat().st_size for path in real_site.pages()}
    assert {path: size for path, size in sizes.items() if size > MOST_OF_A_PAGE} == {}
    assert sum(path.stat().st_size for path in real_site.folder.rglob("*") if path.is_file()) <= MOST_OF_ALL
    assert sum(path.stat().st_size for path in (real_site.folder / "assets").glob("*.js")) <= MOST_OF_SCRIPTS


def test_every_operation_type_list_and_release_has_a_page(real_site: Site) -> None:
    counts = {
        folder: len(list((real_site.folder / folder).glob("*.html"))) for folder in ("operations", "types", "values")
    }
    index = real_site.text("index.html")
    assert f"{counts['operations']} operations, {counts['types']} types and {counts['values']} lists of values" in index
    names = [path.casefold() for path in real_site.pages()]
    assert len(names) == len(set(names)), "two pages are one file where capitals do not count"
