"""Searches of the whole catalogue: what must come first, and how long one may take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectgen.find.index import IndexMaker
from connectgen.find.search import Index
from connectgen.iterators import names_of_iterators
from connectgen.mentions import Mentions
from connectgen.resolver import surface_at
from support.command import ROOT, connectgen
from support.real import real_catalogue, real_surface, real_surfaces
from support.versions import NEWEST

SEARCHES: dict[str, str] = yaml.safe_load((Path(__file__).parent / "searches.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def maker() -> IndexMaker:
    surfaces = real_surfaces()
    return IndexMaker(names_of_iterators(surfaces), Mentions(surfaces))


@pytest.fixture(scope="module")
def everything(maker: IndexMaker) -> Index:
    return Index(maker.text(real_surfaces()))


@pytest.fixture(scope="module")
def newest(maker: IndexMaker) -> Index:
    return Index(maker.text([real_surface(NEWEST)]))


def test_the_table_has_sixty_searches() -> None:
    assert len(SEARCHES) >= 60


@pytest.mark.parametrize(("search", "operation"), SEARCHES.items())
def test_the_right_operation_comes_first(search: str, operation: str, everything: Index, newest: Index) -> None:
    assert everything.search(search)[0].entry.name == operation
    assert newest.search(search)[0].entry.name == operation


def test_words_are_found_in_any_order(everything: Index) -> None:
    searches = ("add item to cart", "cart item add", "item cart add to")
    assert {everything.search(search)[0].entry.name for search in searches} == {"commerce.carts.add_item"}


def test_a_url_fills_the_call_with_its_ids(everything: Index) -> None:
    url = "GET https://acme.my.site.com/shop/services/data/v62.0/commerce/webstores/0ZE000000000001/carts/current?x=y"
    assert everything.search(url)[0].call == "client.commerce.carts.get('0ZE000000000001', 'current', …)"


def test_a_url_of_a_version_without_the_operation_says_so(everything: Index) -> None:
    found = everything.search("/services/data/v30.0/commerce/webstores/0ZE000000000001/carts/current")[0]
    assert (found.entry.name, found.because) == ("commerce.carts.get", "not in version 30.0")


def test_a_url_that_no_operation_has_finds_its_method_alone(everything: Index) -> None:
    found = everything.search("GET /services/data/v64.0/connect/communities/0DB000000000001/members?pageSize=25")
    assert {one.entry.method for one in found} == {"GET"}
    assert {one.because for one in found} == {"no operation has this URL; this one has some of its words"}


def test_a_curl_command_with_a_body_is_a_post(everything: Index) -> None:
    command = "curl https://acme.my.salesforce.com/services/data/v62.0/chatter/feed-elements -d @body.json"
    assert everything.search(command)[0].entry.name == "feeds.elements.create"


def test_a_property_of_a_type_says_whose_it_is(everything: Index) -> None:
    assert everything.search("isDeleteRestricted")[0].because == "Comment.isDeleteRestricted"


def test_every_operation_is_found_by_its_name_and_by_its_url(newest: Index) -> None:
    for entry in newest.operations:
        url = f"{entry.method} https://acme.my.salesforce.com/services/data/v{NEWEST}.0{entry.path}"
        assert entry.name in [found.entry.name for found in newest.search(url)], url
    for entry in newest.operations[::50]:
        assert newest.search(entry.name)[0].entry.name == entry.name


def test_the_index_is_the_same_each_time(maker: IndexMaker) -> None:
    catalogue = real_catalogue()
    surface = surface_at(catalogue, catalogue.versions[-1])
    surfaces = [surface_at(catalogue, version) for version in catalogue.versions]
    other = IndexMaker(names_of_iterators(surfaces), Mentions(surfaces))
    assert other.text([surface]) == maker.text([surface])


def test_the_command_prints_json() -> None:
    done = connectgen("find", "--json", "--limit", "1", "follow a record", cwd=ROOT)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    assert found == [{
        "call": "client.chatter.users.follow(user_id, …)",
        "operation": "chatter.users.follow",
        "iterator": None,
        "waiters": [],
        "summary": "Follow a record, person, topic or file; a group is joined instead.",
        "method": "POST",
        "path": "/chatter/users/{userId}/following",
        "site": True,
        "since": "23.0",
        "until": None,
        "because": None,
    }]  # fmt: skip
