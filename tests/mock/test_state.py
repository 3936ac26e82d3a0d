"""With `--state`, what was created, changed and deleted shows for the rest of the run; without, it does not."""

from __future__ import annotations

from typing import Any

import pytest

from connectgen.surface import SurfaceOperation
from mock.conftest import Mock
from mock.least import content_of, path_of, surface
from support.versions import NEWEST


def new_group(mock: Mock, name: str, **more: Any) -> Any:
    return mock.json("/chatter/groups", "POST", json={"name": name, "visibility": "PublicAccess"}, **more)


def test_a_group_lives_and_dies(keeping: Mock) -> None:
    group = new_group(keeping, "Rowers")
    address = f"/chatter/groups/{group['id']}"
    assert keeping.json(address) == group
    assert keeping.json(address) == keeping.json(f"/chatter/groups/{group['id'][:15]}")
    listed: Any = keeping.json("/chatter/groups")
    assert listed["groups"][0]["id"] == group["id"]
    assert listed["groups"][0]["name"] == "Rowers"

    changed: Any = keeping.json(address, "PATCH", json={"description": "Two boats"})
    assert (changed["name"], changed["description"]) == ("Rowers", "Two boats")
    again: Any = keeping.json(address)
    assert (again["name"], again["description"]) == ("Rowers", "Two boats")

    assert keeping.ask(address, "DELETE").status_code == 204
    gone = keeping.ask(address)
    assert (gone.status_code, gone.json()[0]["errorCode"]) == (404, "NOT_FOUND")
    assert gone.headers["x-mock-reason"].startswith("deleted: ")
    assert keeping.ask(f"{address}/members").status_code == 404
    assert keeping.ask(address, "DELETE").status_code == 404
    after: Any = keeping.json("/chatter/groups")
    assert group["id"] not in [one["id"] for one in after["groups"]]


def test_versions_and_sites_share_what_is_kept(keeping: Mock) -> None:
    group = new_group(keeping, "Rowers", version="45.0")
    for path in (f"/chatter/groups/{group['id']}", f"/connect/communities/internal/chatter/groups/{group['id']}"):
        for version in ("32.0", f"{NEWEST}.0"):
            read: Any = keeping.json(path, version=version)
            assert read["name"] == "Rowers"


def test_a_comment_shows_at_its_element(keeping: Mock) -> None:
    """It is created below the element, and read and deleted at an address of its own."""
    items = "/chatter/feed-elements/0D5000000000001AAA/capabilities/comments/items"
    body = {"body": {"messageSegments": [{"type": "Text", "text": "Agreed."}]}}
    comment: Any = keeping.json(items, "POST", json=body)
    listed: Any = keeping.json(items)
    assert listed["items"][0]["body"]["text"] == "Agreed."
    read: Any = keeping.json(f"/chatter/comments/{comment['id']}")
    assert read["body"]["text"] == "Agreed."
    other: Any = keeping.json(items.replace("0001AAA", "0002AAA"))
    assert comment["id"] not in [one["id"] for one in other["items"]]
    assert keeping.ask(f"/chatter/comments/{comment['id']}", "DELETE").status_code == 204
    listed = keeping.json(items)
    assert comment["id"] not in [one["id"] for one in listed["items"]]


def test_a_post_is_read_as_it_was_posted(keeping: Mock) -> None:
    body = {
        "feedElementType": "FeedItem",
        "subjectId": "me",
        "body": {"messageSegments": [{"type": "Text", "text": "Regatta on "}, {"type": "Hashtag", "tag": "sunday"}]},
    }
    element: Any = keeping.json("/chatter/feed-elements", "POST", json=body)
    read: Any = keeping.json(f"/chatter/feed-elements/{element['id']}")
    assert read["feedElementType"] == "FeedItem"
    assert [one["type"] for one in read["body"]["messageSegments"]] == ["Text", "Hashtag"]


def test_pages_count_what_was_created(keeping: Mock) -> None:
    made = [new_group(keeping, f"Group {number}")["id"] for number in range(7)]
    found: list[str] = []
    address = "/chatter/groups?pageSize=3"
    while address:
        page: Any = keeping.json(address)
        found += [one["id"] for one in page["groups"]]
        address = page["nextPageUrl"]
    assert found[:7] == made[::-1]
    assert len(set(found)) == len(found) > 7


def test_a_made_up_record_can_be_changed_and_deleted(keeping: Mock) -> None:
    listed: Any = keeping.json("/chatter/groups")
    first, second = (one["id"] for one in listed["groups"][:2])
    keeping.json(f"/chatter/groups/{first}", "PATCH", json={"name": "Renamed"})
    keeping.ask(f"/chatter/groups/{second}", "DELETE")
    again: Any = keeping.json("/chatter/groups")
    assert again["groups"][0]["name"] == "Renamed"
    assert second not in [one["id"] for one in again["groups"]]


def test_an_idempotency_key_gives_the_same_record_again(keeping: Mock) -> None:
    state = keeping.json("/__mock__/state")
    assert state == {"kept": {}, "deleted": []}
    new_group(keeping, "Rowers")
    new_group(keeping, "Rowers")
    state = keeping.json("/__mock__/state")
    assert len(state["kept"]) == 2  # type: ignore[index,call-overload]
    assert keeping.ask("/__mock__/state", "DELETE").status_code == 204
    assert keeping.json("/__mock__/state") == {"kept": {}, "deleted": []}


def test_without_state_nothing_is_kept(real: Mock) -> None:
    group = new_group(real, "Rowers")
    listed: Any = real.json("/chatter/groups")
    assert group["id"] not in [one["id"] for one in listed["groups"]]
    assert real.ask(f"/chatter/groups/{group['id']}", "DELETE").status_code == 204
    assert real.ask(f"/chatter/groups/{group['id']}").status_code == 200
    assert real.ask("/__mock__/state").status_code == 404


def related() -> list[tuple[SurfaceOperation, dict[str, SurfaceOperation]]]:
    """Every creating operation of the newest version with, beside its address, reading, listing and deleting ones."""
    by_path: dict[str, dict[str, SurfaceOperation]] = {}
    for group in surface(NEWEST).groups:
        for operation in group.operations:
            by_path.setdefault(operation.path, {})[operation.method] = operation
    found = []
    for path, methods in by_path.items():
        item = next(
            (one for other, one in by_path.items() if other.rpartition("/")[0] == path and other.endswith("}")), {}
        )
        whole = {"POST", "GET"} <= set(methods) and {"GET", "DELETE"} <= set(item)
        if whole and methods["POST"].returns != methods["GET"].returns:
            found.append((methods["POST"], {"list": methods["GET"], **item}))
    return found


RELATED = related()


@pytest.mark.parametrize("case", RELATED, ids=[create.path for create, _ in RELATED])
def test_every_related_resource_lives_and_dies(keeping: Mock, case: Any) -> None:
    """Create, read, list, change, delete, read again: for every resource related in the newest version."""
    create, others = case
    path = path_of(create)
    made = keeping.ask(path, "POST", **content_of(create, NEWEST))
    assert made.is_success, made.text
    kept: Any = keeping.json("/__mock__/state")
    (key,) = kept["kept"]
    value = key.rpartition("/")[2]
    assert value in made.text
    address, listed = f"{path}/{value}", {"params": content_of(others["list"], NEWEST)["params"]}
    assert value in keeping.ask(address).text
    assert value in keeping.ask(path, **listed).text
    for method in ("PATCH", "PUT"):
        if method in others:
            changed = keeping.ask(address, method, **content_of(others[method], NEWEST))
            assert changed.is_success, changed.text
            assert value in keeping.ask(address).text
    assert keeping.ask(address, "DELETE").is_success
    assert keeping.ask(address).status_code == 404
    assert value not in keeping.ask(path, **listed).text


def test_records_that_hold_others_of_their_class_can_be_created_one_after_another(keeping: Mock) -> None:
    """A managed topic lists its children, which are managed topics: those are not what was created beside it."""
    address = "/connect/communities/0DB000000000001AAA/managed-topics"
    made: list[Any] = [
        keeping.json(address, "POST", json={"managedTopicType": "Featured", "name": name})
        for name in ("Rowing", "Sailing", "Diving")
    ]
    assert len({topic["id"] for topic in made}) == 3
    listed: Any = keeping.json(address)
    assert [topic["id"] for topic in listed["managedTopics"][:3]] == [topic["id"] for topic in reversed(made)]
    assert all(made[0]["id"] not in [child["id"] for child in topic["children"]] for topic in made)
