"""Counts the guide's facts again, without the importer, and looks for each in the catalogue.

Run `PYTHONPATH=tests .venv/bin/python -m recount.recount --guide DIR [--list]`; DIR holds the guide's pages.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import yaml

from recount.beyond import count_beyond
from recount.counts import Recount
from recount.pages import Page, addresses_by_description, addresses_by_title, read_page
from recount.resource_pages import count_overview, count_resource
from recount.spec_files import Catalogue
from recount.type_pages import count_type

ROOT = Path(__file__).resolve().parents[2]
DIFFERENCES = Path(__file__).with_name("differences.yaml")


def read_pages(guide: Path) -> list[Page]:
    """All pages but indexes; where an address was lost on its own page, the other pages tell it."""
    pages = [read_page(path) for path in sorted(guide.glob("*.md"))]
    titled, described = addresses_by_title(pages), addresses_by_description(pages)
    pages = [page for page in pages if not page.title.endswith("Knowledge Index")]
    for page in pages:
        for section in page.sections:
            if section.methods and section.lost and len(page.sections) == 1:
                section.uris = titled.get(page.title) or described.get(page.introduction) or section.uris
    return pages


def recount(guide: Path, spec: Path = ROOT / "spec") -> Recount:
    """Compare all pages of the guide with the catalogue."""
    catalogue = Catalogue.read(spec)
    result = Recount()
    for page in read_pages(guide):
        count_overview(page, catalogue, result)
        if page.is_resource:
            count_resource(page, catalogue, result)
        elif not any(section.methods for section in page.sections):
            count_type(page, catalogue, result)
    count_beyond(catalogue, result)
    return result


def listed_differences() -> dict[str, dict[str, str]]:
    """The differences that are known, by kind, each with its reason."""
    return yaml.safe_load(DIFFERENCES.read_text(encoding="utf-8"))["differences"]


def main() -> None:
    """Print the counts and, if asked, each difference."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--guide", type=Path, required=True, help="the folder with the guide's pages")
    arguments.add_argument("--list", action="store_true", help="list each difference that is not listed yet")
    given = arguments.parse_args()
    if not given.guide.is_dir():
        arguments.error(f"{given.guide} is no folder; name the one that holds the guide's pages")
    listed = listed_differences()
    for kind, count in recount(given.guide).counts.items():
        new = {miss: detail for miss, detail in count.misses.items() if miss not in listed.get(kind, {})}
        print(
            f"{kind}: {count.total} in the guide, {count.percent:.2f} % in the catalogue; "
            f"{len(count.explained)} explained there, {len(count.misses) - len(new)} listed, {len(new)} open"
        )
        for miss, detail in new.items() if given.list else ():
            print(f"  {miss}{f' -- the catalogue has {detail}' if detail else ''}")


if __name__ == "__main__":
    main()
