"""What is no value is refused in every place of a request, by the name of the argument, before anything is sent."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core.server import Server
from sf_connect.core import UNSET, Input, Model, Operation, RequestOptions

Send = Callable[..., Any]
CALL: Operation[Any] = Operation("f.g.call", "POST", "/chatter/{recordId}", dict)
PLACES: Mapping[str, Callable[[object], dict[str, Any]]] = {
    "path": lambda value: {"path": (value,)},
    "query": lambda value: {"query": {"recordId": value}},
    "form": lambda value: {"form": {"recordId": value}},
    "headers": lambda value: {"headers": {"recordId": value}},
    "options": lambda value: {"options": RequestOptions(query={"recordId": value})},
}


class User(Model):
    id: str | None = None


class UserInput(Input):
    id: str = "secret"


class Plain:
    def __repr__(self) -> str:
        return "secret"


class Sort(enum.Enum):
    NAME = "Name"
    WRONG = {"a": 1}  # noqa: RUF012


class Size(enum.IntEnum):
    LARGE = 3


class Colour(str, enum.Enum):  # noqa: UP042  what older programs have
    RED = "Red"


class Count:
    """An integer of another library."""

    def __index__(self) -> int:
        return 7


def sending(send: Send, place: str, value: object) -> Any:
    return send(CALL, **{"path": ("1",), **PLACES[place](value)})


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("value", "told"),
    [
        (User(id="secret"), "User"),
        (UserInput(), "UserInput"),
        ({"a": "secret"}, "dict is no value: pass a text, a number, a date or a list of these"),
        (b"secret", "bytes is no value: decode it to a str first"),
        ((text for text in ("secret",)), "generator is no value: make it a list"),
        ({"secret": 1}.keys(), "dict_keys is no value: make it a list"),
        (Plain(), "Plain is no value"),
        (UNSET, "UNSET is no value: pass None to omit it"),
        (["secret", None], "None is no item of a list"),
        (["secret", ["secret"]], "list is no value"),
        (["secret", Plain()], "Plain is no value"),
        ((User(id="secret"),), "User is no value: pass an id or a name"),
        (Sort.WRONG, "dict is no value"),
        (str, "type is no value"),
    ],
)
def test_what_is_no_value_is_refused(send: Send, server: Server, place: str, value: object, told: str) -> None:
    with pytest.raises(TypeError) as refused:
        sending(send, place, value)
    assert str(refused.value).startswith(f"record_id (recordId): {told}")
    assert "secret" not in str(refused.value)
    assert server.received == []


@pytest.mark.parametrize("place", PLACES)
def test_a_comma_in_an_item_of_a_list_is_refused(send: Send, server: Server, place: str) -> None:
    for several in (["secret,b", "c"], ("a", "secret,b"), {"secret,b"}):
        with pytest.raises(ValueError, match=r"^record_id \(recordId\): an item has a comma") as refused:
            sending(send, place, several)
        assert "secret" not in str(refused.value)
    assert server.received == []
    sending(send, place, "a,b")
    assert len(server.received) == 1


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Sort.NAME, "Name"),
        (Size.LARGE, "3"),
        (Colour.RED, "Red"),
        ([Sort.NAME, Colour.RED, Size.LARGE], "Name,Red,3"),
        (Count(), "7"),
        (uuid.UUID(int=5), "00000000-0000-0000-0000-000000000005"),
    ],
)
def test_members_of_enums_and_values_of_other_libraries_are_their_values(
    send: Send, server: Server, value: object, written: str
) -> None:
    sending(send, "query", value)
    assert parse_qs(urlsplit(server.last.target).query) == {"recordId": [written]}
    sending(send, "path", value)
    assert urlsplit(server.last.target).path.endswith(f"/chatter/{written}")
    sending(send, "form", value)
    assert parse_qs(server.last.body.decode()) == {"recordId": [written]}


def test_members_of_enums_in_bodies_are_their_values(send: Send, server: Server) -> None:
    send(CALL, ("1",), body={"sort": Sort.NAME, "several": [Colour.RED, Size.LARGE]})
    assert server.last.body == b'{"sort":"Name","several":["Red",3]}'
