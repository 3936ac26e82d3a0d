"""Sites that tests read: of the real catalogue, built once and kept, and of the small one; and a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from connectgen.site.build import build
from connectgen.site.inputs import Inputs
from support.command import ROOT, SMALL_CATALOGUE
from support.reference import Site
from support.reference import browser as running_browser
from support.shared import kept


def inputs(catalogue: Path, out: Path, *, docs: Path | None = None, cache: Path | None = None) -> Inputs:
    """What a site of the tests is made from."""
    return Inputs(catalogue, None, ROOT / "templates", docs, cache, out, "spec/")


@pytest.fixture(scope="session")
def real_site() -> Site:
    """The site of the real catalogue. Not to be changed: it is kept, so that only what changed is built anew."""

    def bring_up_to_date(folder: Path) -> None:
        build(inputs(ROOT / "spec", folder, docs=ROOT / "docs", cache=ROOT / ".cache"))

    return Site(kept("site", bring_up_to_date))


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of the small catalogue. Not to be changed."""
    folder = tmp_path_factory.mktemp("small") / "site"
    build(inputs(SMALL_CATALOGUE, folder))
    return Site(folder)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium, for the tests of a file."""
    with running_browser() as running:
        yield running
