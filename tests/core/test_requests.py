"""What goes over the wire: URLs, parameters, headers and bodies."""

from __future__ import annotations

import datetime
import enum
import io
import json
from collections.abc import Callable
from decimal import Decimal
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from core.server import Answer, Server
from sf_connect.core import UNSET, Input, Operation, RequestOptions, UnsetType, Upload, field

Send = Callable[..., Any]
GET: Operation[Any] = Operation("f.g.get", "GET", "/chatter/users/{userId}", dict, site=True)
LIST: Operation[Any] = Operation("f.g.list", "GET", "/chatter/users", dict)
POST: Operation[Any] = Operation("f.g.post", "POST", "/chatter/users", dict, retry="unsafe")
DELETE: Operation[None] = Operation("f.g.delete", "DELETE", "/chatter/users/{userId}", None, status=(204,))
BASE = "/services/data/v67.0"


class PostInput(Input):
    subject_id: str | UnsetType | None = field(name="subjectId", default=UNSET)
    when: datetime.datetime | UnsetType = UNSET
    count: int | UnsetType = UNSET


def query(server: Server) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(server.last.target).query, keep_blank_values=True))


@pytest.mark.parametrize(
    ("argument", "written"),
    [
        ("005xx", "005xx"),
        ("a/../b", "a%2F..%2Fb"),
        ("a b?c#d%2F", "a%20b%3Fc%23d%252F"),
        ("ü", "%C3%BC"),
        (["1", "2/3"], "1,2%2F3"),
        (7, "7"),
    ],
)
def test_path_arguments_stay_one_segment(send: Send, server: Server, argument: object, written: str) -> None:
    send(GET, (argument,))
    assert server.last.target == f"{BASE}/chatter/users/{written}"


@pytest.mark.parametrize("argument", ["", ".", "..", []])
def test_path_arguments_that_would_change_the_path_are_refused(send: Send, server: Server, argument: object) -> None:
    with pytest.raises(ValueError, match="cannot be part of a path"):
        send(GET, (argument,))
    assert server.received == []


class Sort(str, enum.Enum):  # noqa: UP042  as many programs have them
    NEWEST = "CreatedDateDesc"


def test_an_enumeration_is_its_value(send: Send, server: Server) -> None:
    send(LIST, query={"sort": Sort.NEWEST, "several": [Sort.NEWEST]})
    assert query(server) == {"sort": "CreatedDateDesc", "several": "CreatedDateDesc"}
    send(POST, form={"sort": Sort.NEWEST})
    assert server.last.body == b"sort=CreatedDateDesc"
    send(GET, (Sort.NEWEST,))
    assert server.last.target == f"{BASE}/chatter/users/CreatedDateDesc"


def test_ids_in_a_path_are_joined_by_commas(send: Send, server: Server) -> None:
    for ids in (["a b", "cd", "e/f"], ("a b", "cd", "e/f"), {"e/f", "cd", "a b"}):
        send(GET, (ids,))
        assert server.last.target.split("?")[0].endswith("/a%20b,cd,e%2Ff")
    for wrong in ([], [""], ["a", ""], ["a", ".."]):
        with pytest.raises(ValueError, match="cannot be part of a path"):
            send(GET, (wrong,))


@pytest.mark.parametrize("argument", [None, PostInput(subject_id="005xx")])
def test_a_path_argument_that_is_no_value_is_refused(send: Send, server: Server, argument: object) -> None:
    """An id that a response lacked, or a whole response in place of its id."""
    with pytest.raises(TypeError, match=r"user_id \(userId\): \w+ cannot be part of a path: pass an id"):
        send(GET, (argument,))
    assert server.received == []


@pytest.mark.parametrize("file", ["report.pdf", b"content", io.BytesIO(b"content"), Path("report.pdf")])
def test_a_file_that_is_no_upload_is_refused(send: Send, server: Server, file: object) -> None:
    told = r"file_data \(fileData\) takes a file as Upload\(…\) of sf_connect.core, not "
    with pytest.raises(TypeError, match=told):
        send(POST, parts={"fileData": file})
    assert server.received == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"retries": 1}, r"options takes RequestOptions\(…\) of sf_connect.core, not dict"),
        (RequestOptions(format="yaml"), "format is 'json' or 'xml', not 'yaml'"),
    ],
)
def test_settings_of_a_wrong_type_are_refused(send: Send, server: Server, options: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        send(LIST, options=options)
    assert server.received == []


def test_query_values(send: Send, server: Server) -> None:
    values = {
        "a": True,
        "b": False,
        "c": ["x", "y"],
        "d": datetime.datetime(2011, 2, 25, 19, 24, 31, tzinfo=datetime.timezone(datetime.timedelta(hours=1))),
        "e": datetime.date(2011, 2, 25),
        "f": Decimal("1E+2"),
        "g": None,
        "h": "a&b=c d+ü",
        "i": 0,
    }
    send(LIST, query=values)
    assert query(server) == {
        "a": "true",
        "b": "false",
        "c": "x,y",
        "d": "2011-02-25T18:24:31.000Z",
        "e": "2011-02-25",
        "f": "100",
        "h": "a&b=c d+ü",
        "i": "0",
    }


def test_a_time_without_zone_is_refused(send: Send, server: Server) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        send(LIST, query={"since": datetime.datetime(2011, 2, 25)})  # noqa: DTZ001
    assert server.received == []


def test_headers(send: Send, server: Server) -> None:
    send(LIST, headers={"X-Key": 5, "X-None": None})
    headers = server.last.headers
    assert headers["Authorization"] == "Bearer 00D-secret-token"
    assert headers["Accept"] == "application/json"
    assert headers["User-Agent"].endswith("(API 67.0)")
    assert headers["X-Key"] == "5"
    assert "X-None" not in headers


def test_header_values_cannot_start_a_new_header(send: Send, server: Server) -> None:
    with pytest.raises(ValueError, match="X-Key") as refused:
        send(LIST, headers={"X-Key": "hidden\r\nX-Other: 1"})
    assert "hidden" not in str(refused.value)
    assert server.received == []


def test_options_of_client_and_call(send: Send, server: Server) -> None:
    client = {"options": RequestOptions(locale="de", exclude=("/body",), query={"x": 1}, theme="Classic")}
    call = RequestOptions(include=("/id", "/body/text"), entity_encoding=False, filter_group="Small", query={"y": 2})
    send(LIST, client=client, options=call)
    assert query(server) == {"include": "/id|/body/text", "filterGroup": "Small", "x": "1", "y": "2"}
    headers = server.last.headers
    assert headers["Accept-Language"] == "de"
    assert headers["X-Connect-Theme"] == "Classic"
    assert headers["X-Chatter-Entity-Encoding"] == "false"


@pytest.mark.parametrize(
    "options", [RequestOptions(include=("/a",), exclude=("/b",)), RequestOptions(include=("body",))]
)
def test_wrong_filters_are_refused(send: Send, server: Server, options: RequestOptions) -> None:
    with pytest.raises(ValueError, match="include"):
        send(LIST, options=options)
    assert server.received == []


def test_delete_takes_no_filter_group(send: Send, server: Server) -> None:
    server.answer(Answer(204, b""))
    assert send(DELETE, ("005",), options=RequestOptions(filter_group="Big")) is None
    assert query(server) == {}


def test_site(send: Send, server: Server) -> None:
    send(GET, ("me",), site="0DB/1")
    assert server.last.target == f"{BASE}/connect/communities/0DB%2F1/chatter/users/me"
    send(LIST, site="0DB")
    assert server.last.target == f"{BASE}/chatter/users"


def test_site_of_a_resource_below_connect(send: Send, server: Server) -> None:
    """Inside a site its own /connect is left out; a part that only begins so is not."""
    operation: Operation[dict[str, object]] = Operation("f.g.get", "GET", "/connect/topics/{id}", dict, site=True)
    send(operation, ("0TO",), site="0DB")
    assert server.last.target == f"{BASE}/connect/communities/0DB/topics/0TO"
    other: Operation[dict[str, object]] = Operation("f.g.list", "GET", "/connected/{id}", dict, site=True)
    send(other, ("1",), site="0DB")
    assert server.last.target == f"{BASE}/connect/communities/0DB/connected/1"


def test_body(send: Send, server: Server) -> None:
    when = datetime.datetime(2011, 2, 25, 18, 24, 31, 5678, tzinfo=datetime.UTC)
    send(POST, body=PostInput(subject_id=None, when=when, count=2**31))
    assert server.last.headers["Content-Type"].startswith("application/json")
    assert json.loads(server.last.body) == {
        "subjectId": None,
        "when": "2011-02-25T18:24:31.005Z",
        "count": "2147483648",
    }
    send(POST, body=PostInput())
    assert server.last.body == b"{}"


def test_integers_that_the_api_cannot_take_are_refused(send: Send, server: Server) -> None:
    with pytest.raises(ValueError, match="too large"):
        send(POST, body=PostInput(count=10**18))
    assert server.received == []


def test_form(send: Send, server: Server) -> None:
    send(POST, form={"text": "a&b ü", "flag": True, "none": None})
    assert server.last.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(server.last.body.decode())) == {"text": "a&b ü", "flag": "true"}


def test_body_and_form_exclude_each_other(send: Send, server: Server) -> None:
    with pytest.raises(ValueError, match="pass a body or the arguments text, not both"):
        send(POST, form={"text": "a"}, body=PostInput())
    send(POST, form={"text": None}, body=PostInput())
    assert len(server.received) == 1


def parts(server: Server) -> list[tuple[str, str | None, str, bytes]]:
    whole = message_from_bytes(
        b"Content-Type: " + server.last.headers["Content-Type"].encode() + b"\r\n\r\n" + server.last.body
    )
    return [
        (
            str(part.get_param("name", header="content-disposition")),
            part.get_filename(),
            part.get_content_type(),
            bytes(part.get_payload(decode=True)),  # type: ignore[arg-type]
        )
        for part in whole.get_payload()  # type: ignore[union-attr]
    ]


@pytest.mark.parametrize("kind", ["bytes", "path", "file", "iterator"])
def test_upload(send: Send, server: Server, tmp_path: Path, kind: str) -> None:
    content = bytes(range(256)) * 3000
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    given: dict[str, Any] = {
        "bytes": content,
        "path": path,
        "file": io.BytesIO(content),
        "iterator": iter([content[:1000], content[1000:]]),
    }
    upload = Upload(given[kind], filename='b"\r\n.bin', content_type="image/png")
    send(POST, body=PostInput(subject_id="1"), parts={"fileUpload": upload})
    assert [part[:3] for part in parts(server)] == [
        ("json", None, "application/json"),
        ("fileUpload", "b%22%0D%0A.bin", "image/png"),
    ]
    assert parts(server)[0][3] == b'{"subjectId":"1"}'
    assert server.last.body.count(content) == 1
    assert ("Content-Length" in server.last.headers) == (kind != "iterator")


def test_upload_without_body_carries_the_form_fields(send: Send, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "name.txt"
    path.write_bytes(b"abc")
    send(POST, form={"title": "T"}, parts={"fileData": Upload(path), "none": None})
    assert [(name, filename, content) for name, filename, _, content in parts(server)] == [
        ("title", None, b"T"),
        ("fileData", "name.txt", b"abc"),
    ]


def test_options_show_no_values_of_headers() -> None:
    options = RequestOptions(headers={"X-Secret": "hidden"}, query={"key": "hidden"}, locale="de")
    assert repr(options) == "RequestOptions(query=['key'], headers=['X-Secret'], locale='de')"
