"""The table of what lists say elsewhere agrees with the catalogue, and older versions go by it too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from connectgen.catalogue.types import ListOf, Named, Scalar, ScalarType, TypeExpression
from connectgen.mock.relations import Property, Relation, read_relations
from connectgen.mock.shapes import Shapes
from connectgen.surface import SurfaceOperation
from mock.conftest import Mock
from mock.least import surface
from support.versions import NEWEST

SHAPES = Shapes(surface(NEWEST))
OPERATIONS = {(one.method, one.path): one for group in surface(NEWEST).groups for one in group.operations}
RELATIONS = read_relations().all


def at(name: str, path: Property) -> TypeExpression | None:
    """The type of a property of a type; None where there is none."""
    expression: TypeExpression | None = Named(name)
    for step in path:
        if not isinstance(expression, Named):
            return None
        fact = SHAPES.properties(expression.name).get(step)
        expression = fact.type if fact else None
    return expression


def anywhere(path: Property) -> Iterator[TypeExpression]:
    """The types of a property, over all types that have it and are records."""
    for name in SHAPES.types:
        if "id" in SHAPES.properties(name) and (found := at(name, path)) is not None:
            yield found


def sent_names(operation: SurfaceOperation) -> set[str]:
    names = {item.name for item in operation.parameters}
    if operation.body is not None and isinstance(operation.body.type, Named):
        names |= set(SHAPES.properties(operation.body.type.name))
    return names


@pytest.mark.parametrize("relation", RELATIONS, ids=[one.list for one in RELATIONS])
def test_an_entry_names_what_the_catalogue_has(relation: Relation) -> None:
    if ("GET", relation.list) not in OPERATIONS:
        check_lists_elsewhere(relation)
        check_making(relation, "")
        return
    get = OPERATIONS["GET", relation.list]
    assert get.pagination is not None
    assert isinstance(get.returns, Named)
    assert relation.arranged_by <= {item.name for item in get.parameters}
    items = at(get.returns.name, tuple(str(get.pagination.items).split(".")))
    assert isinstance(items, ListOf)
    item = items.item.name if isinstance(items.item, Named) else ""
    for path, shown in relation.shown.items():
        types = set(anywhere(path))
        match shown.what:
            case "count":
                assert types == {Scalar(ScalarType.INTEGER)}, path
                assert shown.property is None or at(item, (shown.property,)), path
            case "page":
                assert get.returns in types, path
            case "is_mine":
                assert types == {Scalar(ScalarType.BOOLEAN)}, path
            case "mine" if shown.property is None:
                assert types, path
                assert all(isinstance(one, Named) and "id" in SHAPES.properties(one.name) for one in types), path
            case _:
                assert at(item, (str(shown.property),)) in types, path
    assert all(at(get.returns.name, (name,)) for name in relation.on_page)
    assert relation.mine_by is None or at(item, (relation.mine_by,))
    for path, part in relation.also_at.items():
        assert any(found == OPERATIONS["GET", path].returns for found in anywhere(part)), path
    check_lists_elsewhere(relation)
    assert relation.read_at is None or ("GET", relation.read_at) in OPERATIONS
    if relation.switch:
        assert relation.switch in sent_names(OPERATIONS["PATCH", relation.list])
    if relation.made_with or relation.sets or relation.made_of:
        check_making(relation, item)


def check_lists_elsewhere(relation: Relation) -> None:
    """The further lists exist, and the records that they are named by are known."""
    lists = {re.sub(r"\{\w+\}", "{}", path) for method, path in OPERATIONS if method == "GET"}
    for path, _ in relation.elsewhere:
        assert re.sub(r"\{\w+\}", "{}", path) in lists, path
        assert set(re.findall(r"\{(\w+)\}", path)) <= {relation.parameter, *relation.made_with}, path


def check_making(relation: Relation, item: str) -> None:
    """What a POST of the list needs and gives."""
    post = OPERATIONS["POST", relation.list]
    assert isinstance(post.returns, Named)
    classes = [post.returns.name]
    if relation.wraps:
        assert at(item, (relation.wraps,))
        held = [at(item, (place,)) for place, _ in relation.wrapped.values()]
        classes = [one.name for one in held if isinstance(one, Named)]
        assert len(classes) == len(relation.wrapped)
    for name, source in relation.made_with.items():
        assert any(at(one, (name,)) for one in classes), name
        assert source == "me" or source.strip("{}") in {relation.parameter, *sent_names(post)}, source
    assert set(relation.sets) <= sent_names(post)
    if relation.made_of:
        assert relation.made_of in sent_names(post)
        assert at(post.returns.name, (relation.response["items"],)) == ListOf(Named(item))
        assert at(post.returns.name, (relation.response["count"],)) == Scalar(ScalarType.INTEGER)


@pytest.mark.parametrize("version", ["32.0", "45.0", f"{NEWEST}.0"])
def test_every_count_is_that_of_its_list(keeping: Mock, version: str) -> None:
    """Of records that nobody has touched, wherever they are shown."""
    users: Any = keeping.json("/chatter/users?pageSize=4", version=version)
    for user in users["users"]:
        own = f"/chatter/users/{user['id']}"
        for path, name in (("followers", "followersCount"), ("groups", "groupCount")):
            listed: Any = keeping.json(f"{own}/{path}", version=version)
            assert user[name] == listed["total"]
        listed = keeping.json(f"{own}/following", version=version)
        assert user["followingCounts"]["total"] == listed["total"]
        assert user["mySubscription"] is None
    groups: Any = keeping.json("/chatter/groups?pageSize=4", version=version)
    for group in groups["groups"]:
        listed = keeping.json(f"/chatter/groups/{group['id']}/members", version=version)
        assert group["memberCount"] == listed["totalMemberCount"]
        assert (group["myRole"], group["mySubscription"]) == ("NotAMember", None)
    feed: Any = keeping.json("/chatter/feeds/news/me/feed-elements?pageSize=4", version=version)
    for element in feed["elements"]:
        for capability, path in (("chatterLikes", "chatter-likes"), ("comments", "comments")):
            own = f"/chatter/feed-elements/{element['id']}/capabilities/{path}/items"
            listed = keeping.json(own, version=version)
            page = element["capabilities"][capability]["page"]
            assert page["total"] == listed["total"]
            assert [one["id"] for one in page["items"]] == [one["id"] for one in listed["items"]][: len(page["items"])]
            if page["nextPageUrl"]:
                following: Any = keeping.json(page["nextPageUrl"])
                assert following["total"] == listed["total"]


def test_versions_share_what_is_liked(keeping: Mock) -> None:
    own = "/chatter/comments/0D7000000000001AAA"
    like: Any = keeping.json(f"{own}/likes", "POST", version="30.0")
    for version in ("30.0", "45.0", f"{NEWEST}.0"):
        comment: Any = keeping.json(own, version=version)
        assert comment["myLike"]["id"] == like["id"]
        page: Any = keeping.json(f"{own}/likes", version=version)
        assert page["total"] == comment["likes"]["total"]
    assert keeping.ask(f"/chatter/likes/{like['id']}", "DELETE", version="45.0").status_code == 204
    comment = keeping.json(own, version="30.0")
    assert comment["myLike"] is None


def test_without_state_counts_are_made_up_as_before(real: Mock) -> None:
    """What follows from the seed stays the same: only `--state` lets it agree."""
    own = "/chatter/feed-elements/0D5000000000001AAA/capabilities/chatter-likes"
    before: Any = real.json(own)
    real.json(f"{own}/items", "POST")
    assert real.json(own) == before
