"""Responses that are errors, or that cannot be read, and connections that fail."""

from __future__ import annotations

import gzip
import json
import pickle
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sf_connect.core as e
from core.server import Answer, Received, Server, running
from sf_connect.core import Model, Operation, RequestOptions, exceptions
from sf_connect.core.wire.decoding import decode

Send = Callable[..., Any]


class Thing(Model):
    name: str | None = None
    count: int | None = None
    things: list[Thing] | None = None


GET: Operation[Thing] = Operation("f.g.get", "GET", "/chatter/thing", Thing)
POST: Operation[Thing] = Operation("f.g.post", "POST", "/chatter/thing", Thing, retry="unsafe")
CONTENT: Operation[bytes] = Operation("f.g.content", "GET", "/chatter/thing", bytes)
ONCE = RequestOptions(max_retries=0)
BODY = b'[{"errorCode": "SOME_CODE", "message": "What went wrong"}, {"errorCode": "OTHER"}]'


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, e.RedirectError),
        (400, e.BadRequestError),
        (401, e.AuthenticationError),
        (403, e.PermissionDeniedError),
        (404, e.NotFoundError),
        (405, e.APIStatusError),
        (409, e.ConflictError),
        (410, e.GoneError),
        (412, e.PreconditionFailedError),
        (422, e.UnprocessableEntityError),
        (429, e.RateLimitError),
        (500, e.InternalServerError),
        (502, e.InternalServerError),
        (503, e.ServiceUnavailableError),
    ],
)
def test_each_status_has_its_exception(send: Send, server: Server, status: int, kind: type[e.APIStatusError]) -> None:
    server.answer(Answer(status, BODY, {"Retry-After": "1", "Set-Cookie": "sid=hidden"}))
    with pytest.raises(e.APIStatusError) as raised:
        send(GET, query={"q": "hidden"}, options=ONCE)
    error = raised.value
    assert type(error) is kind
    assert (error.status, error.error_code, error.message) == (status, "SOME_CODE", "What went wrong")
    assert [item["errorCode"] for item in error.errors] == ["SOME_CODE", "OTHER"]
    assert (error.method, error.path) == ("GET", "/services/data/v67.0/chatter/thing")
    assert error.headers["retry-after"] == "1"
    assert str(error).startswith(f"{status} SOME_CODE from GET /services/data/v67.0/chatter/thing: What went wrong")
    for shown in (str(error), repr(error), repr(vars(error))):
        assert "hidden" not in shown
        assert "secret" not in shown
    assert error.request == ("f.g.get", "GET", "/services/data/v67.0/chatter/thing")
    assert error.attempts == 1
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy)) == (kind, str(error))
    assert (copy.request, copy.attempts) == (error.request, 1)


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b"", None, ""),
        (b"<html>\n<b>Down</b></html>", None, "<html> <b>Down</b></html>"),
        (b"<Errors><Error><errorCode>C</errorCode><message>M</message></Error></Errors>", "C", "M"),
        (b'{"errorCode": "C", "message": "M"}', "C", "M"),
        (b'[{"errorCode": "C", "mess', None, '[{"errorCode": "C", "mess'),
        (b"[]", None, "[]"),
        (b'["text", null]', None, '["text", null]'),
        (b'[{"errorCode": 5, "message": ["x"]}]', "5", "['x']"),
        (b"\xff\xfe\x00", None, "\ufffd\ufffd"),
        (b"[" * 100_000, None, "[" * 200 + "…"),
        (b"null", None, "null"),
    ],
)
def test_bodies_of_errors_may_be_anything(
    send: Send, server: Server, body: bytes, code: str | None, message: str
) -> None:
    server.answer(Answer(400, body))
    with pytest.raises(e.BadRequestError) as raised:
        send(GET)
    assert (raised.value.error_code, raised.value.message) == (code, message)
    assert "\n" not in str(raised.value)


def test_a_message_is_one_line_whatever_the_code(send: Send, server: Server) -> None:
    code = "A\nERROR sf_connect: forged " + "x" * 5000
    server.answer(Answer(400, json.dumps([{"errorCode": code, "message": "a\nb"}]).encode()))
    with pytest.raises(e.BadRequestError) as raised:
        send(GET)
    assert raised.value.error_code == code
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 500


def test_gone_says_where_the_versions_are(send: Send, server: Server) -> None:
    server.answer(Answer(410, BODY))
    with pytest.raises(e.GoneError, match=r"/services/data lists the versions"):
        send(GET)


def test_a_redirect_is_not_followed(send: Send, server: Server) -> None:
    server.answer(Answer(302, b"", {"Location": f"{server.url}/elsewhere"}))
    with pytest.raises(e.RedirectError):
        send(GET)
    assert len(server.received) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"name": "x', b"[]", b"5", b"null", b'{"name": "\xff"}'])
def test_unreadable_responses(send: Send, server: Server, body: bytes) -> None:
    server.answer(Answer(200, body))
    with pytest.raises(e.ResponseDecodeError, match=r"GET /services/data/v67\.0/chatter/thing"):
        send(GET)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(200, b""), r"is empty \(status 200\)"),
        (Answer(200, b" \r\n"), "is empty"),
        (
            Answer(200, b"<!DOCTYPE html>\n<title>Maintenance</title>", {"Content-Type": "text/html; charset=UTF-8"}),
            "is text/html; charset=UTF-8, not JSON; it begins: <!DOCTYPE html> <title>Maintenance</title>",
        ),
        (Answer(200, b'{"name": "Ad', {"Content-Type": "application/json"}), 'truncated.*; it begins: {"name": "Ad'),
        (Answer(200, b"[1, 2]", {"Content-Type": "application/json"}), r"Expected `object`.*begins: \[1, 2\]"),
        (
            Answer(200, b"<Thing/>", {"Content-Type": "application/xml"}),
            "is application/xml, not JSON; it begins: <Thing",
        ),
        (Answer(200, b"x" * 5000), "it begins: x{200}…$"),
    ],
)
def test_unreadable_responses_say_what_they_are(send: Send, server: Server, answer: Answer, message: str) -> None:
    server.answer(answer)
    with pytest.raises(e.ResponseDecodeError, match=message) as raised:
        send(GET)
    assert raised.value.request == ("f.g.get", "GET", "/services/data/v67.0/chatter/thing")
    assert raised.value.attempts == 1


@pytest.mark.parametrize("broken", [{"cut": True}, {"reset": True}])
@pytest.mark.parametrize(
    ("status", "error", "told"),
    [
        (
            200,
            e.APIConnectionError,
            r'POST .*/thing got only a part of the response from 127.* \(\w+Error\); it begins: {"name": "Ada Love$',
        ),
        (400, e.BadRequestError, r'400 from POST .*/thing: {"name": "Ada Love \('),
    ],
)
def test_responses_that_are_cut_off_show_their_beginning(
    send: Send, server: Server, broken: dict[str, bool], status: int, error: type[Exception], told: str
) -> None:
    server.answer(Answer(status, b'{"name": "Ada Love', **broken))  # type: ignore[arg-type]
    with pytest.raises(error, match=told):
        send(POST)


@pytest.mark.parametrize("body", [b'[{"errorCode":"NOT_FOUND"}]', gzip.compress(b"<html>" * 9)[:-12]])
def test_an_error_whose_body_cannot_be_decompressed_has_its_status(send: Send, server: Server, body: bytes) -> None:
    server.answer(Answer(503, body, {"Content-Encoding": "gzip"}), Answer(404, body, {"Content-Encoding": "gzip"}))
    with pytest.raises(e.NotFoundError) as raised:
        send(GET)
    assert raised.value.attempts == 2


def test_responses_that_are_cut_off_before_they_begin(send: Send, server: Server) -> None:
    server.answer(Answer(200, b"", cut=True))
    with pytest.raises(e.APIConnectionError, match=r"only a part of the response from 127\S+: the server closed the"):
        send(POST)
    server.answer(Answer(drop=True))
    with pytest.raises(e.APIConnectionError, match=r"got no response from 127\S+: the server closed the connection"):
        send(POST)


def test_a_response_that_stops_midway(send: Send, server: Server) -> None:
    server.answer(Answer(200, b'{"name": "Ada"}', drip=5.0))
    with pytest.raises(e.APITimeoutError, match=r"only a part .*: nothing came for 1 seconds .*; it begins: {$"):
        send(POST, options=RequestOptions(timeout=1.0))


@pytest.mark.parametrize("status", [202, 204])
def test_responses_that_may_be_empty(send: Send, server: Server, status: int) -> None:
    server.answer(Answer(status, b""))
    assert send(GET) is None


def test_a_wrong_content_type_does_no_harm_to_what_can_be_read(send: Send, server: Server) -> None:
    server.answer(Answer(200, b'{"name": "x"}', {"Content-Type": "text/html"}))
    assert send(GET).name == "x"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_does_no_harm(send: Send, server: Server, encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith("e") else ""  # the others write it by themselves
    server.answer(Answer(200, f'{mark}{{"name": "Ada ü"}}'.encode(encoding)))
    assert send(GET).name == "Ada ü"
    server.answer(Answer(404, f"{mark}{BODY.decode()}".encode(encoding)))
    with pytest.raises(e.NotFoundError, match="What went wrong") as raised:
        send(GET)
    assert raised.value.error_code == "SOME_CODE"


@pytest.mark.parametrize("body", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe{", b"\xfe\xff\xd8\x00\x00\x7b"])
def test_a_byte_order_mark_without_json_behind_it(send: Send, server: Server, body: bytes) -> None:
    server.answer(Answer(200, body))
    with pytest.raises(e.ResponseDecodeError, match="cannot be read"):
        send(GET)


def test_the_docstring_shows_the_whole_tree() -> None:
    told = exceptions.__doc__ or ""
    classes = [
        item
        for item in (getattr(e, name) for name in e.__all__)
        if isinstance(item, type) and issubclass(item, e.SFConnectError)
    ]
    assert len(classes) > 20
    assert [item.__name__ for item in classes if item.__name__ not in told] == []


def test_broken_compression(send: Send, server: Server) -> None:
    server.answer(Answer(200, b"no gzip", {"Content-Encoding": "gzip"}))
    with pytest.raises(e.ResponseDecodeError, match="compressed"):
        send(GET)
    server.answer(Answer(200, gzip.compress(b'{"name": "x"}'), {"Content-Encoding": "gzip"}))
    assert send(GET).name == "x"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["name", "count", "things", "other"]), inner),
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_body_gives_a_result_or_one_of_our_exceptions(body: bytes) -> None:
    with suppress(e.ResponseDecodeError):
        assert isinstance(decode(body, Thing, "GET /x"), Thing)
    error = exceptions.api_error(400, body, "GET", "/x", {})
    assert isinstance(error, e.BadRequestError)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["name", "count", "errorCode", "message"]), inner),
).map(lambda value: json.dumps(value).encode())


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    status=st.sampled_from([200, 201, 202, 203, 301, 400, 401, 403, 410, 418, 429, 500, 503]),
    body=st.binary() | JSON_VALUES,
    headers=st.dictionaries(
        st.sampled_from(["Content-Type", "Content-Encoding", "Retry-After", "Location", "Content-Disposition"]),
        st.sampled_from(["application/json", "text/html", "gzip", "deflate", "br", "0", "-1", "99999999999", "x" * 50]),
    ),
    cut=st.booleans(),
)
def test_any_response_gives_a_result_or_one_of_our_exceptions(
    send_again: Send, server: Server, status: int, body: bytes, headers: dict[str, str], cut: bool
) -> None:
    server.answer(Answer(status, body, headers, cut=cut))
    with suppress(e.SFConnectError):
        assert isinstance(send_again(GET), Thing | None)
    with suppress(e.SFConnectError):
        assert isinstance(send_again(CONTENT), bytes)


@pytest.mark.parametrize("answer", [Answer(drop=True), Answer(body=b'{"a": 1}', cut=True)])
def test_broken_connections(send: Send, server: Server, answer: Answer) -> None:
    server.answer(answer)
    with pytest.raises(e.APIConnectionError) as raised:
        send(POST)
    assert len(server.received) == 1
    assert "secret" not in str(raised.value)
    server.answer(answer, answer, Answer(body=b'{"name": "x"}'))
    assert send(GET).name == "x"


def test_no_server(send: Send) -> None:
    with running() as ended:
        pass  # so that nothing listens on its port
    with pytest.raises(e.APIConnectionError):
        send(POST, client={"instance_url": ended.url})


def test_timeouts(send: Send, server: Server) -> None:
    release = threading.Event()

    def slow(received: Received) -> Answer:
        release.wait(20)
        return Answer()

    server.respond = slow
    try:
        with pytest.raises(e.APITimeoutError, match=r"0\.05 seconds"):
            send(GET, options=RequestOptions(timeout=0.05, max_retries=0))
    finally:
        release.set()


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (rb"Hello \ud83d", "Hello \ufffd"),
        (rb"\ude00 \ud83d\ud83d\ude00", "\ufffd \ufffd\U0001f600"),
        (rb"\\ud83d \\\ud83d", "\\ud83d \\\ufffd"),
        (rb"\uD83D\n\"", '\ufffd\n"'),
    ],
)
def test_half_a_character_makes_no_response_unreadable(send: Send, server: Server, sent: bytes, shown: str) -> None:
    server.answer(Answer(body=b'{"name": "%s", "unknown": "\\udc00", "count": 1}' % sent))
    assert send(GET) == Thing(name=shown, count=1)
    server.answer(Answer(body=b'{"name": "%s", "count": ' % sent))
    with pytest.raises(e.ResponseDecodeError):
        send(GET)
