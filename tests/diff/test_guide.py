"""What the guide's version columns say began or ended with a release is in the diff of that release, and nothing else.

Counted from the pages of request and response bodies: the properties of types that exist on both sides of a release.
What the catalogue has otherwise, or beside the guide, must say why or from where.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from connectgen.catalogue.loader import load_catalogue
from connectgen.diff.compare import compare
from connectgen.naming import type_name
from connectgen.resolver import surface_at
from connectgen.surface import Surface
from recount import cells
from recount.pages import read_page
from recount.spec_files import Catalogue, facts
from recount.type_pages import lists_properties, named_rows
from support.command import ROOT

GUIDE = ROOT.parent / "shared" / "guide" / "pages"
VERSIONS = range(31, 68)
FOR_EVER = 99
pytestmark = pytest.mark.skipif(not GUIDE.is_dir(), reason="the guide's pages are not at hand")

Told = dict[tuple[str, str], list[tuple[int, int]]]
Changes = dict[int, set[str]]


def read_versions(guide: Path) -> Told:
    """The first and last versions of each property, by type and name, as the tables of the pages have them."""
    told: Told = defaultdict(list)
    for path in sorted(guide.glob("*.md")):
        page = read_page(path)
        if page.is_resource or any(section.methods for section in page.sections):
            continue
        for table in page.tables:
            if not lists_properties(table) or table.column("available") is None:
                continue
            takes = page.is_input or table.column("required") is not None or bool(re.search(r"\bInput\b", page.title))
            for name, row in named_rows(table):
                if found := cells.version_range(table.cell(row, "available", "version")):
                    key = type_name(page.title, is_input=takes), name
                    told[key].append((int(found.since or 0), int(found.until or FOR_EVER)))
    return told


def expected(told: Told, spec: Catalogue, surfaces: dict[int, Surface], *, begins: bool) -> Changes:
    """The properties that a release brings, or takes away, by the pages alone."""
    found: Changes = {version: set() for version in VERSIONS}
    for (page_type, name), ranges in told.items():
        owner = owner_of(spec, page_type, name)
        for version in VERSIONS:
            was, is_there = (any(since <= at <= until for since, until in ranges) for at in (version - 1, version))
            both = owner in surfaces[version - 1].types and owner in surfaces[version].types
            if both and (is_there and not was if begins else was and not is_there):
                found[version].add(f"{owner}.{name}")
    return found


def owner_of(spec: Catalogue, type_: str, name: str) -> str | None:
    """The type, or the one that it extends, that has a property of its own."""
    while type_ in spec.types:
        if name in (spec.types[type_].get("properties") or {}):
            return type_
        type_ = spec.types[type_].get("extends", "")
    return None


def is_noted(spec: Catalogue, subject: str) -> bool:
    """Whether the catalogue says why a property is not as the guide has it."""
    type_, _, name = subject.partition(".")
    definition = spec.types[type_]
    told = [definition, *facts((definition.get("properties") or {})[name])]
    return any(fact.get(key) for fact in told for key in ("source", "because", "unsure"))


@pytest.fixture(scope="module")
def surfaces() -> dict[int, Surface]:
    catalogue = load_catalogue(ROOT / "spec")
    return {version: surface_at(catalogue, version) for version in range(30, 68)}


@pytest.fixture(scope="module")
def spec() -> Catalogue:
    """The families that the guide describes, as their files have them."""
    return Catalogue.read(ROOT / "spec")


@pytest.mark.parametrize(("suffix", "at_least"), [("added", 1100), ("removed", 60)])
def test_each_release_has_what_began_or_ended_there(
    surfaces: dict[int, Surface], spec: Catalogue, suffix: str, at_least: int
) -> None:
    wanted = expected(read_versions(GUIDE), spec, surfaces, begins=suffix == "added")
    assert sum(map(len, wanted.values())) >= at_least, "too little was read from the pages"
    for version in VERSIONS:
        changes = compare(surfaces[version - 1], surfaces[version], with_reach=False)
        entries = {change.subject for change in changes if f"-property-{suffix}" in change.rule.id}
        of_the_guide = {subject for subject in entries if subject.partition(".")[0] in spec.types}
        assert not wanted[version] - entries, f"the guide has them change with {version}.0, the diff does not"
        beyond = {subject for subject in of_the_guide - wanted[version] if not is_noted(spec, subject)}
        assert not beyond, f"the diff has them change with {version}.0, the guide does not"
