"""Unknown properties: found wherever they are, kept where asked for, and mixed up with nothing."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, cast

import msgspec
import pytest

from core.server import Answer, Server
from sf_connect.core import (
    Hooks,
    Model,
    Operation,
    PageToken,
    Pagination,
    RawResponse,
    RequestOptions,
    ResponseDecodeError,
    UnknownEvent,
    discriminated_union,
    field,
    unknown_properties,
    untagged_union,
)
from sf_connect.core.features.pagination import AsyncPager, Pager
from sf_connect.core.wire.decoding import decode
from sf_connect.core.wire.shadows import current_shadows
from sf_connect.core.wire.unknown_properties import has_none

Send = Callable[..., Any]


class Person(Model):
    name: str | None = None
    type: Literal["User"] | str | None = None  # noqa: PYI051  as in generated classes


class PersonDetail(Model):
    name: str | None = None
    type: Literal["User"] | str | None = None  # noqa: PYI051  as in generated classes
    phone: str | None = None


class Team(Model):
    name: str | None = None
    type: Literal["Team"] | str | None = None  # noqa: PYI051  as in generated classes
    lead: AnyParent | None = None


class Record(Model):
    name: str | None = None
    type: str | None = None


class Shape(Model):
    corners: int | None = None


class Circle(Shape):
    radius: int | None = None


class Item(Model):
    id: str | None = None
    parent: AnyParent | None = None
    owner: TeamOrPersonOrDetail | None = None
    holder: PersonOrRecord | None = None
    crew: PersonOrListOfPerson | None = None
    shapes: dict[str, AnyShape] | None = None
    grid: list[list[AnyShape]] | None = None
    details: dict[str, object] | None = None


class Page(Model):
    items: list[Item] | None = None
    current_page_token: PageToken | None = field(default=None, name="currentPageToken")
    next_page_token: PageToken | None = field(default=None, name="nextPageToken")


if TYPE_CHECKING:
    AnyParent = Person | Team | Record
    AnyShape = Circle | Shape
    TeamOrPersonOrDetail = Team | Person | PersonDetail
    PersonOrRecord = Person | Record
    PersonOrListOfPerson = Person | list[Person]
else:
    AnyParent = discriminated_union(
        "type", {"User": "Person", "Team": "Team"}, fallback="Record", module=__name__, is_open=True
    )
    AnyShape = discriminated_union("kind", {"Circle": "Circle"}, fallback="Shape", module=__name__)
    TeamOrPersonOrDetail = untagged_union("Team", "Person", "PersonDetail", module=__name__)
    PersonOrRecord = untagged_union("Person", "Record", module=__name__)
    PersonOrListOfPerson = untagged_union("Person", items="Person", module=__name__)

GET_PAGE: Operation[Page] = Operation(
    "f.things.list",
    "GET",
    "/chatter/things",
    Page,
    pagination=Pagination("next-token", items="items", next="nextPageToken", parameter="pageToken"),
)
EVERYWHERE = {
    "currentPageToken": 0,
    "newer": {"a": 1},
    "items": [
        {
            "id": "1",
            "parent": {"type": "Invoice__c", "name": "x", "newer": 1},
            "owner": {"type": "User", "name": "x", "newer": 2},
            "holder": {"type": "Case", "name": "x", "newer": 3},
            "crew": [{"name": "y"}, {"name": "x", "newer": 7}],
            "shapes": {"a/b": {"kind": "Circle", "radius": 1, "newer": 4}, "c": {"kind": "New", "newer": 5}},
            "grid": [[{"kind": "Circle"}, {"kind": "Circle", "newer": 6}]],
            "details": {"newer": "is known: all that is sent is kept"},
        },
        {"id": "2", "parent": {"type": "Team", "lead": {"type": "Lead", "newer": None}}},
    ],
}
FOUND = {
    "/newer": {"a": 1},
    "/items/0/parent/newer": 1,
    "/items/0/owner/newer": 2,
    "/items/0/holder/newer": 3,
    "/items/0/crew/1/newer": 7,
    "/items/0/shapes/a~1b/newer": 4,
    "/items/0/shapes/c/newer": 5,
    "/items/0/grid/0/1/newer": 6,
    "/items/1/parent/lead/newer": None,
}


def read(value: Any, *, keep_raw: bool = True) -> Page:
    made = decode(json.dumps(value).encode(), Page, "GET /x", keep_raw=keep_raw)
    assert isinstance(made, Page)
    return made


def test_unknown_properties_are_found_in_every_nesting() -> None:
    assert unknown_properties(read(EVERYWHERE)) == FOUND


def test_discriminators_count_as_known() -> None:
    page = read({"items": [{"shapes": {"a": {"kind": "Circle"}, "b": {"kind": "Newer"}}}]})
    assert unknown_properties(page) == {}
    shape = (page.items or [])[0].shapes["b"]  # type: ignore[index]
    assert unknown_properties(shape) == {}
    assert shape.raw_properties == {"kind": "Newer"}


def test_without_keep_raw_nothing_is_kept_and_the_error_names_the_remedy() -> None:
    page = read(EVERYWHERE, keep_raw=False)
    assert page.raw_properties is None
    with pytest.raises(ValueError, match=r"does not keep what was sent: call with RequestOptions\(keep_raw=True\)"):
        unknown_properties(page)


@pytest.mark.parametrize("skipped", [b'"a\xef": 1', b'"a": "\xff"', b'"a": {"\xc0": 0}'])
def test_what_is_skipped_need_not_be_text(skipped: bytes) -> None:
    """Fuzzing found it: what no type reads is not checked when it is decoded."""
    page = decode(b"{%s}" % skipped, Page, "GET /x", keep_raw=True)
    with pytest.raises(ResponseDecodeError, match="not valid JSON in a part that its type skips"):
        unknown_properties(page)
    with pytest.raises(ResponseDecodeError):
        assert page.raw_properties


def test_what_was_sent_is_mixed_up_with_nothing() -> None:
    kept, plain = read(EVERYWHERE), read(EVERYWHERE, keep_raw=False)
    assert kept == plain
    assert plain == kept
    assert repr(kept) == repr(plain)
    assert msgspec.to_builtins(kept) == msgspec.to_builtins(plain)
    assert msgspec.json.encode(kept) == msgspec.json.encode(plain)
    assert kept.raw_properties == EVERYWHERE


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda found: pickle.loads(pickle.dumps(found))])
def test_copies_keep_what_was_sent(again: Callable[[Page], Page]) -> None:
    kept = read(EVERYWHERE)
    made = again(kept)
    assert made == kept
    assert unknown_properties(made) == FOUND


def test_a_strict_copy_says_that_there_is_none() -> None:
    known = {"items": [{"id": "1", "parent": {"type": "User"}, "shapes": {"a": {"kind": "Circle"}}}]}
    assert has_none(json.dumps(known).encode(), Page)
    assert not has_none(json.dumps({**known, "newer": 1}).encode(), Page)
    assert not has_none(b'{"items": [{"owner": {"type": "User", "newer": 1}}]}', Page)


def test_ordinary_records_have_no_mark_of_the_unknown() -> None:
    for _ in range(2):  # the first time, and when the type of record is known
        page = read({"items": [{"parent": {"type": "Account", "name": "Acme"}}]}, keep_raw=False)
        (item,) = page.items or ()
        assert isinstance(item.parent, Record)
        assert (item.parent.type, item.parent.name, item.parent.raw_properties) == ("Account", "Acme", None)


def test_a_record_without_its_type_keeps_what_was_sent() -> None:
    (item,) = read({"items": [{"parent": {"name": "Acme", "newer": 1}}]}, keep_raw=False).items or ()
    assert isinstance(item.parent, Record)
    assert item.parent.raw_properties == {"name": "Acme", "newer": 1}


def test_types_of_records_are_noted_once_and_read_fast() -> None:
    sent = {"items": [{"parent": {"type": "Order"}, "holder": {"type": "Asset"}}]}
    read(sent, keep_raw=False)
    read(sent, keep_raw=False)
    known = current_shadows()
    read(sent, keep_raw=False)
    assert current_shadows() is known
    known.decoders[Page].plain.decode(json.dumps(sent).encode())


def test_no_flood_of_types_makes_decoders_grow_without_end() -> None:
    for start in range(0, 400, 100):
        read({"items": [{"parent": {"type": f"T{start + one}"}} for one in range(100)]}, keep_raw=False)
    read({}, keep_raw=False)
    assert max(map(len, current_shadows().noted.values())) == 300
    (item,) = read({"items": [{"parent": {"type": "T399", "name": "x"}}]}, keep_raw=False).items or ()
    assert isinstance(item.parent, Record)
    assert item.parent.name == "x"


@pytest.mark.parametrize(
    ("sent", "model"),
    [
        ({"type": "User", "name": "x"}, Person),
        ({"type": "User", "name": "x", "phone": "5"}, PersonDetail),
        ({"type": "User", "phone": None}, PersonDetail),
        ({"type": "Team"}, Team),
        ({"type": "Newer", "phone": "5"}, PersonDetail),
        ({"lead": {"type": "Team"}}, Team),
    ],
)
def test_a_property_decides_where_it_can_and_the_shape_elsewhere(sent: dict[str, Any], model: type[Model]) -> None:
    (item,) = read({"items": [{"owner": sent}]}, keep_raw=False).items or ()
    assert isinstance(item.owner, model)
    assert {name: value for name, value in sent.items() if value} == msgspec.to_builtins(item.owner)
    assert "refused" not in repr(item.owner)


@pytest.mark.parametrize(
    ("sent", "made"),
    [
        ({"name": "y"}, Person(name="y")),
        ([{"name": "y"}, {"name": "z"}], [Person(name="y"), Person(name="z")]),
        ([{"name": ["odd"]}], [Person(name=cast("Any", ["odd"]))]),
        ([], []),
        ([7], [7]),
        ("later", "later"),
        (None, None),
    ],
)
def test_one_or_a_list_is_read_into_classes(sent: object, made: object) -> None:
    """What is neither stays as it came."""
    items = read({"items": [{"crew": sent}]}).items
    assert items is not None
    assert items[0].crew == made


def test_an_unknown_property_in_such_a_list_alone_is_found() -> None:
    assert unknown_properties(read({"items": [{"crew": [{"name": "y", "newer": 1}]}]})) == {"/items/0/crew/0/newer": 1}
    assert unknown_properties(read({"items": [{"crew": [{"name": "y"}]}]})) == {}


@pytest.mark.parametrize(("sent", "token"), [(0, "0"), ("x", "x"), (None, None), (10**19, str(10**19))])
def test_page_tokens_that_are_numbers_read_as_text(sent: object, token: str | None) -> None:
    assert read({"currentPageToken": sent}).current_page_token == token


def test_items_of_a_pager_keep_their_own_part(use: Send, server: Server) -> None:
    pages = [
        {"nextPageToken": 1, "items": [{"id": "1", "newer": 1}, {"id": "2"}]},
        {"nextPageToken": None, "items": [{"id": "3", "newer": 3}]},
    ]
    server.respond = lambda received: Answer(body=json.dumps(pages["pageToken=1" in received.target]).encode())

    def collect(client: Any) -> Any:
        arguments = (GET_PAGE, ((), None, None, None, None), RequestOptions(keep_raw=True))
        if hasattr(client, "close"):
            return list(Pager(client._dispatcher, *arguments))

        async def collected() -> list[Any]:
            return [item async for item in AsyncPager(client._dispatcher, *arguments)]

        return collected()

    found = use(collect)
    assert [dict(unknown_properties(item)) for item in found] == [{"/newer": 1}, {}, {"/newer": 3}]
    assert found[1] == Item(id="2")


def test_a_hook_gets_names_and_shapes_and_no_values(send: Send, server: Server) -> None:
    body = {**EVERYWHERE, "list": [1], "text": "secret", "number": 1.5, "yes": True}
    server.respond = lambda _: Answer(body=json.dumps(body).encode())
    events: list[UnknownEvent] = []
    send(GET_PAGE, client={"hooks": Hooks(on_unknown=events.append)})
    (event,) = events
    assert event.request.operation == "f.things.list"
    assert event.properties == {
        "/newer": "object",
        "/list": "array",
        "/text": "string",
        "/number": "number",
        "/yes": "boolean",
        "/items/*/parent/newer": "number",
        "/items/*/owner/newer": "number",
        "/items/*/holder/newer": "number",
        "/items/*/crew/*/newer": "number",
        "/items/*/shapes/*/newer": "number",
        "/items/*/grid/*/*/newer": "number",
        "/items/*/parent/lead/newer": "null",
    }
    assert "secret" not in repr(event)


def test_a_hook_is_not_called_where_everything_is_known(send: Send, server: Server) -> None:
    server.respond = lambda _: Answer(body=b'{"items": [{"id": "1"}]}')
    events: list[UnknownEvent] = []
    send(GET_PAGE, client={"hooks": Hooks(on_unknown=events.append)})
    assert events == []


def test_a_list_and_a_map_are_taken_too() -> None:
    items = decode(b'[{"id": "1", "newer": 1}, {"id": "2"}]', list[Item], "GET /x", keep_raw=True)
    assert unknown_properties(items) == {"/0/newer": 1}
    assert unknown_properties({"anything": 1}) == {}


def test_a_raw_response_is_taken(use: Send, server: Server) -> None:
    server.respond = lambda _: Answer(body=b'{"items": [], "newer": 1}')

    def fetch(client: Any) -> Any:
        call = client._dispatcher.prepare(GET_PAGE)
        received = client._dispatcher.receive(call)
        if hasattr(client, "close"):
            return RawResponse(call, received)

        async def awaited() -> RawResponse[Page]:
            return RawResponse(call, await received)

        return awaited()

    assert unknown_properties(use(fetch)) == {"/newer": 1}


HEAD_THING: Operation[None] = Operation("f.things.head", "HEAD", "/chatter/things/{thingId}", None)


def test_head_returns_nothing_and_its_headers_come_raw(use: Send, send: Send, server: Server) -> None:
    server.respond = lambda _: Answer(headers={"ETag": "v1"})
    assert send(HEAD_THING, ("1",)) is None

    def fetch(client: Any) -> Any:
        call = client._dispatcher.prepare(HEAD_THING, ("1",))
        received = client._dispatcher.receive(call)
        if hasattr(client, "close"):
            return RawResponse(call, received)

        async def awaited() -> RawResponse[None]:
            return RawResponse(call, await received)

        return awaited()

    assert use(fetch).headers["etag"] == "v1"
