"""What the mock answers: the same again, plausible, as asked by filters and headers, in pages that end."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest

from connectgen.identifiers import checked, is_id, prefix_for, record_id
from mock.conftest import Mock, running
from support.command import SMALL_CATALOGUE
from support.versions import NEWEST

ELEMENTS = "/chatter/feeds/news/me/feed-elements"


def values(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of an answer with the name of its property."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from values(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from values(one, name)
    else:
        yield name, value


def test_the_same_seed_and_request_give_the_same_answer(small: Mock) -> None:
    path = "/garden/plants?pageSize=5"
    first = small.ask(path).content
    assert small.ask(path).content == first
    for seed, same in (("1", True), ("2", False)):
        for other in running("32.0", "--catalogue", str(SMALL_CATALOGUE), "--seed", seed):
            answer = other.ask(path).content.replace(other.url.encode(), small.url.encode())
            assert (answer == first) is same


def test_record_ids_check_their_case() -> None:
    """An id of the guide's page on errors."""
    assert checked("0D5D0000000XZoH") == "0D5D0000000XZoHKAW"
    assert checked("005D0000001LL8O") == "005D0000001LL8OIAW"


@pytest.mark.parametrize(
    ("names", "prefix"),
    [
        (("userId",), "005"),
        (("groupId",), "0F9"),
        (("feedElementId",), "0D5"),
        (("commentId",), "0D7"),
        (("parentCommentId",), "0D7"),
        (("fileId",), "069"),
        (("communityId",), "0DB"),
        (("UserSummary",), "005"),
        (("GroupMember",), "0FB"),
        (("webstoreId",), "0ZE"),
    ],
)
def test_ids_begin_as_their_kind_of_record_does(names: tuple[str, ...], prefix: str) -> None:
    assert prefix_for(*names) == prefix


def test_values_are_plausible(real: Mock) -> None:
    me: Any = real.json("/chatter/users/me")
    assert me["id"].startswith("005")
    assert len(me["id"]) == 18
    assert me["id"] == checked(me["id"][:15])
    assert me["name"] == f"{me['firstName']} {me['lastName']}"
    assert re.fullmatch(r"[a-z]+@example\.com", me["email"])
    assert me["type"] == "User"
    assert me["url"] == f"/services/data/v{NEWEST}.0/chatter/users/{me['id']}"
    page: Any = real.json(ELEMENTS)
    for name, value in values(page):
        if name in ("createdDate", "modifiedDate"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z", value)
        if name == "id" and is_id(value):
            assert value == checked(value[:15])


def test_a_record_is_the_same_wherever_it_stands(real: Mock) -> None:
    """What a list says of a user is what the user's own address says."""
    listed: Any = real.json("/chatter/users?pageSize=3")
    for user in listed["users"]:
        alone: Any = real.json(f"/chatter/users/{user['id']}")
        assert (alone["name"], alone["email"]) == (user["name"], user["email"])


def test_an_id_of_15_characters_is_answered_with_18(real: Mock) -> None:
    answer: Any = real.json("/chatter/users/005D0000001LL8O")
    assert answer["id"] == "005D0000001LL8OIAW"


def test_kinds_are_mixed(small: Mock, real: Mock) -> None:
    page: Any = small.json("/garden/plants?pageSize=6")
    assert [plant["type"] for plant in page["plants"]] == ["Tree", "Bush", "Hedge"] * 2
    assert all(("rings" in plant) == (plant["type"] == "Tree") for plant in page["plants"])
    elements: Any = real.json(f"{ELEMENTS}?pageSize=30")
    kinds = {one["type"] for element in elements["elements"] for one in element["body"]["messageSegments"]}
    assert len(kinds) > 5


def test_recursion_ends(small: Mock, real: Mock) -> None:
    """A plant has neighbours, which are plants."""
    page: Any = small.json("/garden/plants?pageSize=4")
    neighbours = [neighbour for plant in page["plants"] for neighbour in plant["neighbours"]]
    assert len(neighbours) >= 4
    assert not any(far["neighbours"] for neighbour in neighbours for far in neighbour["neighbours"])
    assert len(real.ask(f"{ELEMENTS}?pageSize=1").content) < 60_000


def test_texts_say_what_their_segments_say(real: Mock) -> None:
    page: Any = real.json(ELEMENTS)
    body = page["elements"][0]["body"]
    assert body["text"] == "".join(segment.get("text") or "" for segment in body["messageSegments"])


def test_what_was_sent_comes_back(real: Mock) -> None:
    segments = [{"type": "Text", "text": "Hello "}, {"type": "Hashtag", "tag": "spring"}]
    made: Any = real.json(
        "/chatter/feed-elements",
        "POST",
        json={"subjectId": "me", "feedElementType": "FeedItem", "body": {"messageSegments": segments}},
    )
    first = made["body"]["messageSegments"][0]
    assert (first["type"], first["text"]) == ("Text", "Hello ")
    assert made["body"]["messageSegments"][1]["tag"] == "spring"
    assert made["feedElementType"] == "FeedItem"
    group: Any = real.json("/chatter/groups", "POST", json={"name": "Spring <fair>", "visibility": "PublicAccess"})
    assert (group["name"], group["visibility"]) == ("Spring &lt;fair&gt;", "PublicAccess")


def test_every_address_leads_somewhere(real: Mock) -> None:
    """Follow what the answers name, with the token where it is the API's and without elsewhere."""
    answers = [
        real.json("/chatter/users/me"),
        real.json(f"{ELEMENTS}?pageSize=6"),
        real.json("/connect/files/users/me"),
    ]
    addresses = {
        value
        for answer in answers
        for name, value in values(answer)
        if name.lower().endswith("url") and isinstance(value, str)
    }
    assert len(addresses) > 30
    for address in sorted(addresses):
        if address.startswith("/services"):
            got = real.ask(address)
        else:
            assert address.startswith(real.url)
            got = real.anyone.get(address)
        assert got.status_code == 200, f"{address}: {got.text[:200]}"


# Filters


def test_filter_groups_choose_properties(small: Mock) -> None:
    for group, there in (("Small", {"name"}), ("Medium", {"name"}), ("Big", None), (None, None)):
        page: Any = small.json("/garden/plants", params={"filterGroup": group} if group else {})
        shown = set(page["plants"][0])
        assert there is None or shown - {"type"} == there, group
    assert "nextPageUrl" in small.json("/garden/plants?pageSize=1&filterGroup=Small")  # type: ignore[operator]
    assert "nextPageUrl" not in small.json("/garden/plants?pageSize=1&filterGroup=Small", version="31.0")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("include=/plants/shrub/name", {"plants": [{"name"}]}),
        ("include=/plants/shrub/name|/plants/shrub/id", {"plants": [{"name", "id"}]}),
        ("include=/nextPageUrl", {"nextPageUrl": None}),
        ("include=/plantPage", {}),
        ("exclude=/plants", {"nextPageUrl": None}),
        ("include=/plants/shrub/price&filterGroup=Small", {"plants": [{"price", "name"}], "nextPageUrl": None}),
        ("exclude=/plants/shrub/name&filterGroup=Small", {"plants": [set()], "nextPageUrl": None}),
    ],
)
def test_include_and_exclude(small: Mock, query: str, shown: dict[str, Any]) -> None:
    """As the guide's tables have it; items of a list go by their name in XML."""
    page: Any = small.json(f"/garden/plants?pageSize=2&{query}")
    assert set(page) == set(shown)
    for plants in [shown["plants"]] if "plants" in shown else []:
        assert all(set(plant) - {"type"} == plants[0] for plant in page["plants"])


def test_filters_may_stand_in_the_body(small: Mock) -> None:
    body = {"name": "Oak", "kind": "Tree", "include": "/name"}
    made: Any = small.json("/garden/plants", "POST", json=body)
    assert set(made) - {"type"} == {"name"}


# Encoding and formats


def test_texts_are_encoded_unless_raw_is_asked_for(real: Mock) -> None:
    def texts(headers: dict[str, str]) -> str:
        return real.ask(f"{ELEMENTS}?pageSize=10", headers=headers).text

    encoded, raw = texts({}), texts({"X-Chatter-Entity-Encoding": "false"})
    assert "We&#39;re short" in encoded
    assert "We're short" not in encoded
    assert "We're short" in raw
    assert "&#39;" not in raw


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/garden/plants.xml?pageSize=2", {}), ("/garden/plants?pageSize=2", {"Accept": "application/xml"})],
)
def test_xml_on_demand(small: Mock, path: str, headers: dict[str, str]) -> None:
    answer = small.ask(path, headers=headers)
    assert answer.headers["content-type"] == "application/xml;charset=UTF-8"
    root = ET.fromstring(answer.content)
    assert root.tag == "plant-page"
    as_json: Any = small.json("/garden/plants?pageSize=2")
    plants = root.findall("plants/shrub")
    assert [plant.findtext("id") for plant in plants] == [plant["id"] for plant in as_json["plants"]]
    assert [plant.findtext("poisonous") for plant in plants] == [
        str(plant["poisonous"]).lower() for plant in as_json["plants"]
    ]


def test_json_where_any_format_will_do(small: Mock) -> None:
    page = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for accept in ("*/*", "application/json", page, "application/xml;q=0.5, application/json"):
        answer = small.ask("/garden/plants", headers={"Accept": accept})
        assert answer.headers["content-type"].startswith("application/json"), accept
    assert small.ask("/garden/plants.json", headers={"Accept": "application/xml"}).json()


def test_errors_in_xml(small: Mock) -> None:
    answer = small.ask("/garden/weeds.xml")
    assert answer.status_code == 404
    assert ET.fromstring(answer.content).findtext("Error/errorCode") == "NOT_FOUND"


def test_operations_without_xml_refuse_it(real: Mock) -> None:
    answer = real.ask("/commerce/payments/authorizations", "POST", headers={"Accept": "application/xml"}, json={})
    assert answer.status_code == 406


def test_a_word_in_the_place_of_an_id_does_not_come_back_as_an_id(real: Mock) -> None:
    store = "/commerce/webstores/0ZEMK00000000074AA"
    checkout: Any = real.json(f"{store}/checkouts/active")
    assert is_id(checkout["checkoutId"])
    same = real.json(f"{store}/checkouts/{checkout['checkoutId']}")
    assert same["checkoutId"] == checkout["checkoutId"]  # type: ignore[index]


def test_head_is_answered_as_get_is_but_without_a_body(small: Mock) -> None:
    answer = small.ask("/garden/plants", "HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert small.ask("/garden/plants").status_code == answer.status_code


# Pages


def walk(mock: Mock, path: str, items: str, following: str) -> list[Any]:
    """All items, page by page."""
    found: list[Any] = []
    pages = 0
    address: str | None = path
    while address:
        page: Any = mock.json(address)
        found += page[items]
        address, pages = page.get(following), pages + 1
        assert pages < 60
    return found


def test_next_addresses_lead_to_the_end(small: Mock) -> None:
    """However large the pages, the list is the same; no item comes twice."""
    small_pages = walk(small, "/garden/plants?pageSize=2&sort=Name", "plants", "nextPageUrl")
    large_pages = walk(small, "/garden/plants?pageSize=7&sort=Name", "plants", "nextPageUrl")
    assert small_pages == large_pages
    assert 5 <= len(small_pages) <= 40
    assert len({plant["id"] for plant in small_pages}) == len(small_pages)
    assert walk(small, "/garden/plants?pageSize=7&sort=Height", "plants", "nextPageUrl") != large_pages


def test_next_addresses_keep_site_filters_and_format(real: Mock, small: Mock) -> None:
    page: Any = real.json("/connect/communities/internal/chatter/users?pageSize=2&filterGroup=Small")
    assert page["nextPageUrl"].startswith(f"/services/data/v{NEWEST}.0/connect/communities/internal/chatter/users?")
    assert "filterGroup=Small" in page["nextPageUrl"]
    root = ET.fromstring(small.ask("/garden/plants.xml?pageSize=1").content)
    assert ET.fromstring(small.ask(root.findtext("nextPageUrl") or "").content).tag == "plant-page"


def test_second_addresses_in_a_site_have_no_connect_of_their_own(real: Mock) -> None:
    """As the guide writes them: /connect/topics is /connect/communities/{id}/topics in a site."""
    site = "/connect/communities/0DB000000000001AAA"
    topic: Any = real.json(f"{site}/topics/0TO000000000001AAA")
    assert topic["id"] == "0TO000000000001AAA"
    assert topic == real.json("/connect/topics/0TO000000000001AAA")
    assert real.ask(f"{site}/connect/topics/0TO000000000001AAA").status_code == 404
    user: Any = real.json(f"{site}/chatter/users/me")
    assert user == real.json("/chatter/users/me")


# Binary


def test_files_and_renditions(small: Mock) -> None:
    path = "/archive/pictures/001000000000001AAA"
    whole = small.ask(path)
    assert whole.headers["content-type"] == "application/octet-stream"
    assert len(whole.content) == int(whole.headers["content-length"]) > 500
    assert small.ask(f"{path}?rendition=PDF").content.startswith(b"%PDF")
    picture = small.ask(f"{path}?rendition=THUMB120BY90")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(picture.content[16:20]), int.from_bytes(picture.content[20:24])) == (120, 90)


def test_parts_of_files(small: Mock) -> None:
    path = "/archive/pictures/001000000000001AAA"
    whole = small.ask(path).content
    for asked, part in (("bytes=100-", whole[100:]), ("bytes=0-9", whole[:10]), ("bytes=-5", whole[-5:])):
        answer = small.ask(path, headers={"Range": asked})
        assert (answer.status_code, answer.content) == (206, part)
    assert small.ask(path, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416


def test_addresses_that_carry_a_token(real: Mock) -> None:
    """They open what they name, for nobody who changed them."""
    file: Any = real.json("/connect/files/069000000000001AAA", headers={"X-Connect-Bearer-Urls": "true"})
    address = file["downloadUrl"]
    assert "bearerToken=" in address
    assert real.anyone.get(real.url + address).status_code == 200
    assert real.anyone.get(real.url + address + "&x=1").status_code == 401
    assert real.anyone.get(real.url + address.replace("?", "?x=1&")).status_code == 401
    assert real.anyone.get(real.url + address.partition("?")[0]).status_code == 401


def test_ids_made_of_numbers_differ() -> None:
    made = {record_id("005", number) for number in range(5000)}
    assert len(made) == 5000
    assert all(is_id(one) and len(one) == 18 for one in made)
