"""The reader over the real pages: nothing of a page is dropped in silence, and pages read by eye are read the same."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from connectgen.importer.guide.cells import limits, required, versions
from connectgen.importer.guide.facts import GuideFacts, ResourceFact
from connectgen.importer.guide.page import clean, read_page
from connectgen.importer.guide.reader import GuideError, read_guide
from connectgen.importer.guide.rows import is_property_table

_DEFAULT = Path(__file__).parents[3] / "shared" / "guide" / "pages"
PAGES = Path(os.environ.get("CONNECTGEN_GUIDE", _DEFAULT))
real_pages = pytest.mark.skipif(not PAGES.is_dir(), reason="the guide's pages are not here")


@pytest.fixture(scope="module")
def facts() -> GuideFacts:
    return read_guide(PAGES)


def _resource(facts: GuideFacts, path: str) -> ResourceFact:
    found = [one for one in facts.resources if path in {address.path for address in one.paths}]
    assert len(found) == 1, f"{path} stands in {len(found)} facts"
    return found[0]


@real_pages
def test_the_guide_is_read_whole(facts: GuideFacts) -> None:
    assert sum(facts.pages.values()) == len(list(PAGES.glob("*.md")))
    assert sum(len(resource.operations) for resource in facts.resources) >= 1090
    assert sum(fact.name.endswith("Input") for fact in facts.types) >= 500
    assert sum(not fact.name.endswith("Input") for fact in facts.types) >= 1130


@real_pages
def test_each_row_of_a_resource_page_is_a_fact_or_a_doubt(facts: GuideFacts) -> None:
    bodies = {fact.name: fact for fact in facts.types}
    told: dict[str, list[str]] = {doubt.page: [] for doubt in facts.doubts}
    for doubt in facts.doubts:
        told[doubt.page].append(doubt.reason)
    read: dict[str, set[str]] = {}
    for resource in facts.resources:
        names = read.setdefault(resource.page, set())
        names.update(resource.path_parameters)
        for operation in resource.operations:
            names.update(value.name for value in operation.parameters)
            if operation.body in bodies:
                names.update(value.name for value in bodies[operation.body].properties)
    for fact in facts.types:
        read.setdefault(fact.page, set()).update(value.name for value in fact.properties)
    lost = [
        f"{page}: {name}"
        for page in sorted({resource.page for resource in facts.resources})
        for table in read_page(PAGES / f"{page}.md").tables
        if is_property_table(table)
        for name in (clean(row[0]).replace(" ", "") for row in table.rows)
        if name not in read[page] and not any(name in reason or "no section" in reason for reason in told.get(page, []))
    ]
    assert lost == []


@real_pages
@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/connect/notifications", {"GET", "PATCH"}),
        ("/connect/notifications/status", {"GET"}),
        ("/commerce/webstores/{webstoreId}/checkouts/{activeOrCheckoutId}", {"DELETE", "GET", "PATCH"}),
        ("/chatter/group-memberships/{membershipId}", {"GET", "DELETE", "HEAD", "PATCH"}),
        ("/connect/organization", {"GET", "HEAD"}),
        ("/connect/folders/{folderId}/items", {"GET", "POST"}),
    ],
)
def test_a_resource_has_the_methods_of_its_own_section(facts: GuideFacts, path: str, methods: set[str]) -> None:
    assert {operation.method for operation in _resource(facts, path).operations} == methods


@real_pages
def test_parameters_below_a_label_that_begins_with_the_method_are_of_that_method(facts: GuideFacts) -> None:
    """`GET parameters` beside the usual `Request parameters for GET`."""
    resource = _resource(facts, "/chatter/feeds/isolated/feed-elements")
    parameters = {operation.method: {value.name for value in operation.parameters} for operation in resource.operations}
    assert {"page", "pageSize", "q", "sort"} <= parameters["GET"]
    assert parameters["HEAD"] == set()


@real_pages
def test_filter_groups_stand_below_several_headings(facts: GuideFacts) -> None:
    """`Filter Group or Version`, `Filter Group and Name`."""
    groups = {
        f"{fact.name}.{value.name}": [group for group, *_ in value.groups]
        for fact in facts.types
        if fact.name in ("Like", "PhoneNumber")
        for value in fact.properties
    }
    assert groups["Like.likedItem"] == ["Medium"]
    assert groups["PhoneNumber.phoneNumber"] == ["Small"]


@real_pages
def test_a_size_has_its_range_and_default(facts: GuideFacts) -> None:
    get = next(one for one in _resource(facts, "/connect/notifications").operations if one.method == "GET")
    size = next(value for value in get.parameters if value.name == "size")
    assert (size.type, size.minimum, size.maximum, size.default, size.since) == ("Integer", 1, 50, 10, 49)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("29.0–31.0", (29, 31)),
        ("29.0 - 31.0", (29, 31)),
        ("35.0 only", (35, 35)),
        ("61,0", (61, None)),
        ("23.0Groups are available in 29.0.", (23, None)),
        ("", (None, None)),
    ],
)
def test_versions_in_every_spelling(text: str, expected: tuple[int | None, int | None]) -> None:
    assert versions(text) == expected


@pytest.mark.parametrize(
    ("text", "expression", "expected"),
    [
        ("A number from 1 through 100.", "Integer", {"minimum": 1, "maximum": 100}),
        ("A list of up to 15 ids.", "list<Id>", {"max_items": 15}),
        ("It can hold up to 10,000 characters.", "String", {"max_length": 10000}),
        ("From 1 through 100. If you pass in 0, none come.", "Integer", {"minimum": 0, "maximum": 100}),
        ("A list of up to 10 names for an item or 100 for a record.", "list<String>", {}),
        ("A number of pages.", "Integer", {}),
    ],
)
def test_limits(text: str, expression: str, expected: dict[str, int]) -> None:
    assert limits(text, expression) == expected


def test_required_where_a_cell_names_a_condition() -> None:
    assert required("Required") is True
    assert required("Optional") is False
    assert required("Required unless the other is given") == "conditional"


def test_a_folder_without_pages_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match=re.escape(str(tmp_path))) as told:
        read_guide(tmp_path)
    assert "\n" not in str(told.value)
