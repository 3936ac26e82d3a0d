"""Values on their way out, in URLs, forms and bodies; and bodies coming in that nobody foresaw."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.server import Server
from sf_connect.core import (
    UNSET,
    Input,
    Model,
    Operation,
    RequestOptions,
    ResponseDecodeError,
    UnsetType,
    discriminated_union,
    field,
    input_union,
    literal,
    untagged_union,
)
from sf_connect.core.wire.decoding import decode
from sf_connect.core.wire.encoding import encode, to_builtins
from sf_connect.core.wire.properties import read_property

Send = Callable[..., Any]
CALL: Operation[Any] = Operation("f.g.call", "POST", "/chatter/{place}", dict)
NOON = datetime.datetime(2020, 1, 2, 12, 0, 0, 5000, tzinfo=datetime.UTC)


class InnerInput(Input):
    text: str | UnsetType | None = UNSET
    number: int | UnsetType | None = UNSET


class PlainInput(Input):
    text: str | UnsetType | None = UNSET
    names: list[str] | UnsetType | None = UNSET


class TimedInput(PlainInput):
    when: datetime.datetime | UnsetType | None = UNSET


class OuterInput(Input):
    plain: PlainInput | UnsetType | None = UNSET
    inner: InnerInput | UnsetType | None = UNSET
    several: list[AnySegmentInput] | UnsetType | None = UNSET
    by_name: dict[str, InnerInput] | UnsetType | None = field(name="byName", default=UNSET)
    anything: object | UnsetType = UNSET
    ratio: float | UnsetType | None = UNSET
    day: datetime.date | UnsetType | None = UNSET
    either: Either | UnsetType | None = UNSET


class Node(Model):
    type: str | None = None
    number: int | None = None
    when: datetime.datetime | None = None
    day: datetime.date | None = None
    ratio: float | None = None
    flag: bool | None = None
    text: str | None = None
    child: AnyNode | None = None
    children: list[AnyNode] | None = None
    by_name: dict[str, AnyNode] | None = field(name="byName", default=None)
    anything: object = None
    either: Either2 | None = None


class Leaf(Node):
    more: list[list[int]] | None = None


class Other(Model):
    text: str | None = None
    numbers: list[int] | None = None


if TYPE_CHECKING:
    AnySegmentInput = PlainInput | TimedInput
    Either = PlainInput | InnerInput
    AnyNode = Leaf | Node
    Either2 = Other | Node
else:
    AnySegmentInput = input_union(
        "type", {"Plain": "PlainInput", "Timed": "TimedInput"}, fallback="PlainInput", module=__name__
    )
    Either = untagged_union("PlainInput", "InnerInput", module=__name__)
    AnyNode = discriminated_union("type", {"Leaf": "Leaf", "Twig": "Leaf"}, fallback="Node", module=__name__)
    Either2 = untagged_union("Other", "AnyNode", module=__name__)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (2**31, "2147483648"),
        (10**18 - 1, "999999999999999999"),
        (-(2**40), "-1099511627776"),
        (0.5, "0.5"),
        (Decimal("1.50"), "1.50"),
        (True, "true"),
        (False, "false"),
        (NOON, "2020-01-02T12:00:00.005Z"),
        (NOON.astimezone(datetime.timezone(datetime.timedelta(hours=2))), "2020-01-02T12:00:00.005Z"),
        (datetime.date(2020, 1, 2), "2020-01-02"),
        (["a", 1, True], "a,1,true"),
        (("a", "b"), "a,b"),
        ({"b", "a"}, "a,b"),
        ("", ""),
    ],
)
def test_values_in_urls_and_forms(send: Send, server: Server, value: object, written: str) -> None:
    send(CALL, ("place",), query={"q": value, "left": None}, form={"f": value, "left": None})
    assert parse_qs(urlsplit(server.last.target).query, keep_blank_values=True) == {"q": [written]}
    assert parse_qs(server.last.body.decode(), keep_blank_values=True) == {"f": [written]}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (10**18, "too large"),
        (-(10**18), "too large"),
        ([1, 10**20], "too large"),
        (float("nan"), "finite"),
        (float("-inf"), "finite"),
        (datetime.datetime(2020, 1, 2), "no time zone"),  # noqa: DTZ001
    ],
)
def test_values_that_the_api_does_not_take(send: Send, server: Server, value: object, words: str) -> None:
    for place in ({"query": {"q": value}}, {"form": {"f": value}}, {"body": {"b": [{"c": value}]}}):
        with pytest.raises(ValueError, match=words):
            send(CALL, ("place",), **place)
    with pytest.raises(ValueError, match=words):
        send(CALL, (value,))
    assert server.received == []


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (OuterInput(plain=PlainInput(text="x", names=None)), {"plain": {"text": "x", "names": None}}),
        (OuterInput(inner=InnerInput(number=2**31)), {"inner": {"number": "2147483648"}}),
        (OuterInput(by_name={"a": InnerInput(number=-(2**31))}), {"byName": {"a": {"number": "-2147483648"}}}),
        (OuterInput(several=[TimedInput(when=NOON)]), {"several": [{"when": "2020-01-02T12:00:00.005Z"}]}),
        (OuterInput(either=InnerInput(number=2**40)), {"either": {"number": "1099511627776"}}),
        (
            OuterInput(anything=[{"a": 2**31, "b": NOON}]),
            {"anything": [{"a": "2147483648", "b": "2020-01-02T12:00:00.005Z"}]},
        ),
        (OuterInput(day=datetime.date(2020, 1, 2), ratio=0.5), {"day": "2020-01-02", "ratio": 0.5}),
        (OuterInput(anything=None), {"anything": None}),
        ([InnerInput(number=2**31)], [{"number": "2147483648"}]),
    ],
)
def test_bodies(body: object, sent: object) -> None:
    assert json.loads(encode(body)) == sent


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("where are you?", '"where are you\\?"'),
        ("a*b", '"a\\*b"'),
        ('say "yes"', '"say \\"yes\\""'),
        ("C:\\temp", '"C:\\\\temp"'),
        ("plain", '"plain"'),
    ],
)
def test_texts_that_are_searched_for_as_they_are(send: Send, server: Server, text: str, searched: str) -> None:
    send(CALL, ("place",), query={"q": literal(text)})
    assert parse_qs(urlsplit(server.last.target).query) == {"q": [searched]}
    with pytest.raises(ValueError, match="the text to search for is empty"):
        literal(" ")


_FINITE = st.floats(allow_nan=False, allow_infinity=False)
_SCALARS = st.none() | st.booleans() | st.integers(-(10**18) + 1, 10**18 - 1) | _FINITE | st.text(max_size=5)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
_NUMBERS = st.integers(-(10**18) + 1, 10**18 - 1)
_TIMES = st.integers(0, 2**37).map(lambda seconds: datetime.datetime.fromtimestamp(seconds, datetime.UTC))
_INNER = st.builds(InnerInput, text=st.text(), number=_NUMBERS | st.none() | st.just(UNSET))
_OUTER = st.builds(
    OuterInput,
    plain=st.builds(PlainInput, text=st.text() | st.none(), names=st.lists(st.text())) | st.just(UNSET),
    inner=_INNER | st.just(UNSET),
    several=st.lists(st.builds(TimedInput, when=_TIMES | st.none()) | st.builds(PlainInput, text=st.text()))
    | st.just(UNSET),
    by_name=st.dictionaries(st.text(), _INNER) | st.just(UNSET),
    anything=st.recursive(_NUMBERS | _TIMES | st.text() | _FINITE, st.lists) | st.just(UNSET),
    ratio=_FINITE | st.none(),
    either=_INNER | st.just(UNSET),
)


@given(_OUTER)
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_the_quick_way_writes_what_the_careful_way_writes(body: OuterInput) -> None:
    assert encode(body) == msgspec.json.encode(to_builtins(body))


_NODES = st.recursive(
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["Leaf", "Twig", "Newer", None]),
            "number": _JSON,
            "when": _JSON | st.sampled_from(["2020-01-02T12:00:00.000Z", "2020-01-02", "soon"]),
            "day": _JSON | st.just("2020-01-02"),
            "ratio": _JSON,
            "flag": _JSON,
            "text": _JSON,
            "more": _JSON,
            "anything": _JSON,
            "extra": _JSON,
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {"type": st.sampled_from(["Leaf", "Newer"])},
        optional={
            "child": inner | _JSON,
            "children": st.lists(inner | _JSON, max_size=4) | _JSON,
            "byName": st.dictionaries(st.text(max_size=2), inner | _JSON, max_size=3) | _JSON,
            "either": inner | _JSON,
        },
    ),
    max_leaves=8,
)


@given(_NODES, st.sampled_from([Node, AnyNode, Either2]))
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_comes_becomes_an_object_and_loses_nothing(sent: dict[str, Any], wanted: Any) -> None:
    made = decode(json.dumps(sent).encode(), wanted, "GET /x")
    assert isinstance(made, Node | Other)
    if not isinstance(made, Node):
        return
    assert made.anything == sent.get("anything")
    for name in ("number", "text", "flag"):
        value, got = sent.get(name), read_property(made, name)
        if isinstance(value, list | dict):
            assert got == value
        assert (got is None) == (value is None)
    if wanted is AnyNode and sent.get("type") == "Newer":
        assert made.raw_properties == sent


@given(st.binary(max_size=60) | _JSON.map(lambda value: json.dumps(value).encode()), st.booleans())
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_comes_gives_a_result_or_our_own_exception(body: bytes, xml: bool) -> None:
    for wanted in (Node, AnyNode, Either2, list[AnyNode], dict[str, Node], str, int, list[int], object):
        try:
            decode(body, wanted, "GET /x", xml=xml)
        except ResponseDecodeError as error:
            assert "GET /x" in str(error)  # noqa: PT017


_TAGS = st.sampled_from(["node", "type", "number", "child", "children", "text", "either", "byName", "x"])
_XML = st.recursive(
    st.text(alphabet="ab 1<&é", max_size=4).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
    lambda inner: st.lists(
        st.builds(
            lambda tag, kind, content: f"<{tag}{kind}>{content}</{tag}>",
            _TAGS,
            st.sampled_from(["", ' type="Leaf"', ' type="Newer"', ' nil="true"']),
            inner,
        ),
        max_size=4,
    ).map("".join),
    max_leaves=10,
)


@given(_XML)
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_document_comes_becomes_an_object(content: str) -> None:
    for wanted in (Node, AnyNode):
        assert isinstance(decode(f"<root>{content}</root>".encode(), wanted, "GET /x", xml=True), Node)


@pytest.mark.parametrize("value", ["ä", "a\tb\n", "a\x7f", "\U0001f600"])
def test_header_values_that_no_header_can_hold(send: Send, server: Server, value: str) -> None:
    with pytest.raises(ValueError, match="the header 'X-Key' has") as refused:
        send(CALL, ("place",), headers={"X-Key": value})
    assert value not in str(refused.value)
    assert server.received == []


def test_header_values_that_are_no_text(send: Send, server: Server) -> None:
    with pytest.raises(TypeError, match="the header 'X-Key' must be a str, not int"):
        send(CALL, ("place",), options=RequestOptions(headers={"X-Key": 5}))  # type: ignore[dict-item]
    assert server.received == []


class Title(str):
    """As libraries of templates have them."""


class Amount(float):
    """As libraries of figures have them."""


class Count(int):
    pass


class Moment(datetime.datetime):
    pass


class Day(datetime.date):
    pass


class Order(Input):
    title: str | UnsetType = UNSET
    more: object = UNSET


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (Title("a"), "a"),
        (Amount(1.5), 1.5),
        (Count(5), 5),
        (Count(2**40), str(2**40)),
        (Moment(2020, 1, 2, tzinfo=datetime.UTC), "2020-01-02T00:00:00.000Z"),
        (Day(2020, 1, 2), "2020-01-02"),
    ],
)
def test_subclasses_are_sent_as_what_they_are(send: Send, server: Server, value: Any, sent: Any) -> None:
    for body in ({"title": "x", "more": [value]}, Order(title="x", more=[value])):
        send(CALL, ("place",), body=body)
        assert json.loads(server.last.body) == {"title": "x", "more": [sent]}
    send(CALL, ("place",), body=Order(title=Title("only a text")))
    assert json.loads(server.last.body) == {"title": "only a text"}


@pytest.mark.parametrize(
    ("value", "error", "told"),
    [
        (Count(10**18), ValueError, "too large"),
        (Amount("inf"), ValueError, "finite"),
        (Moment(2020, 1, 2), ValueError, "no time zone"),
        (object(), TypeError, "an object of object cannot be sent"),
    ],
)
def test_subclasses_are_held_to_the_same(
    send: Send, server: Server, value: Any, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        send(CALL, ("place",), body={"a": value})
    assert server.received == []
