"""Decoding into models: families of classes, odd values, and what must not cost the whole response."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import pytest

from sf_connect.core import Model, ResponseDecodeError, discriminated_union, field, require, untagged_union
from sf_connect.core.wire.decoding import decode


class Segment(Model):
    text: str | None = None
    type: str | None = None


class TextSegment(Segment):
    pass


class MentionSegment(Segment):
    user_id: str | None = field(name="userId", default=None)
    inner: list[AnySegment] | None = None


class Small(Model):
    id: str | None = None


class Large(Model):
    id: str | None = None
    title: str | None = None


class Holder(Model):
    segment: AnySegment | None = None
    segments: list[AnySegment] | None = None
    by_name: dict[str, AnySegment] | None = field(name="byName", default=None)
    either: Either | None = None
    mixed: Mixed | None = None
    partly: Partly | None = None
    loose: AnyLoose | None = None
    when: datetime.datetime | None = None
    day: datetime.date | None = None
    number: int | None = None
    holder: Holder | None = None
    anything: object = None


if TYPE_CHECKING:
    AnySegment = TextSegment | MentionSegment | Segment
    AnyLoose = TextSegment | dict[str, object]
    Either = Small | Large
    Mixed = Small | AnySegment
    Undescribed = dict[str, object]
    Partly = Small | Undescribed
else:
    AnySegment = discriminated_union(
        "type", {"Text": "TextSegment", "Mention": "MentionSegment"}, fallback="Segment", module=__name__
    )
    AnyLoose = discriminated_union("type", {"Text": "TextSegment"}, fallback=None, module=__name__)
    Either = untagged_union("Small", "Large", module=__name__)
    Mixed = untagged_union("Small", "AnySegment", module=__name__)
    Undescribed = dict[str, object]
    Partly = untagged_union("Undescribed", "Small", module=__name__)


def read(**value: Any) -> Holder:
    made = decode(json.dumps(value).encode(), Holder, "GET /x")
    assert isinstance(made, Holder)
    return made


MENTION = {"type": "Mention", "text": "@x", "userId": "005", "inner": [{"type": "Text", "text": "t"}]}


def test_variants_decode_to_their_class_wherever_they_are() -> None:
    holder = read(
        segment=MENTION, segments=[{"type": "Text"}, MENTION], byName={"a": MENTION}, holder={"segment": MENTION}
    )
    for found in (holder.segment, holder.segments[1], holder.by_name["a"], holder.holder.segment):  # type: ignore[index, union-attr]
        assert isinstance(found, MentionSegment)
        assert (found.type, found.user_id, found.raw_properties) == ("Mention", "005", None)
        assert [isinstance(inner, TextSegment) for inner in found.inner or ()] == [True]
    assert isinstance(holder.segments[0], TextSegment)  # type: ignore[index]


@pytest.mark.parametrize(
    "value", [{"type": "Newer", "text": "t", "more": [1]}, {"text": "t"}, {"type": None, "text": "t"}]
)
def test_unknown_variants_keep_what_was_sent(value: dict[str, Any]) -> None:
    segment = read(segment=value).segment
    assert isinstance(segment, Segment)
    assert not isinstance(segment, TextSegment | MentionSegment)
    assert segment.text == "t"
    assert segment.raw_properties == value
    assert segment.raw_properties == value
    assert "sent" not in repr(segment)


def test_a_union_without_fallback_keeps_the_raw_value() -> None:
    assert read(loose={"type": "Newer", "x": 1}).loose == {"type": "Newer", "x": 1}
    assert isinstance(read(loose={"type": "Text"}).loose, TextSegment)


def test_one_of_takes_the_class_that_fits_best() -> None:
    assert type(read(either={"id": "1"}).either) is Small
    assert type(read(either={"id": "1", "title": "t"}).either) is Large
    assert type(read(either={"unknown": 1}).either) is Small
    assert isinstance(read(mixed={"type": "Mention", "userId": "1"}).mixed, MentionSegment)
    assert type(read(mixed={"id": "1"}).mixed) is Small


def test_what_may_be_of_an_undescribed_type_loses_nothing() -> None:
    assert type(read(partly={"id": "1"}).partly) is Small
    assert read(partly={"id": "1", "rank": 3}).partly == {"id": "1", "rank": 3}


def test_null_and_absence_read_as_none() -> None:
    nothing = read()
    for name in ("segment", "segments", "by_name", "either", "when", "number"):
        assert getattr(nothing, name) is None
    assert read(segment=None, segments=None, either=None, when=None, number=None) == nothing


@pytest.mark.parametrize(
    ("sent", "time"),
    [
        ("2011-02-25T18:24:31.000Z", datetime.datetime(2011, 2, 25, 18, 24, 31, tzinfo=datetime.UTC)),
        ("2011-02-25T18:24:31.000+0000", datetime.datetime(2011, 2, 25, 18, 24, 31, tzinfo=datetime.UTC)),
        ("2011-02-25", datetime.datetime(2011, 2, 25, tzinfo=datetime.UTC)),
        ("yesterday", "yesterday"),
        (1298658271000, 1298658271000),
        ("", ""),
    ],
)
def test_times(sent: object, time: object) -> None:
    holder = read(when=sent, number=1, holder={"when": sent})
    assert holder.when == time
    assert holder.holder is not None
    assert holder.holder.when == time
    assert holder.number == 1


@pytest.mark.parametrize(("sent", "number"), [("5", 5), (3.0, 3), (5, 5), (2**40, 2**40), ("five", "five"), (3.5, 3.5)])
def test_numbers(sent: object, number: object) -> None:
    assert read(number=sent).number == number


def test_odd_values_do_not_cost_the_response() -> None:
    holder = read(
        segments=[{"text": 5, "type": "Text"}, "odd", MENTION],
        holder="odd",
        day=[1],
        segment={"type": "Text", "text": ["t"]},
    )
    assert holder.holder == "odd"
    assert holder.day == [1]
    assert holder.segments is not None
    assert holder.segments[0].text == 5
    assert isinstance(holder.segments[2], MentionSegment)
    assert isinstance(holder.segment, TextSegment)
    assert holder.segment.text == ["t"]


def test_unknown_properties_are_passed_over() -> None:
    assert read(unknown={"a": 1}, number=1) == read(number=1)


@pytest.mark.parametrize("value", [None, True, 5, "x", [1, {"a": None}], {"a": [1.5]}])
def test_what_may_be_anything_is_kept(value: object) -> None:
    assert read(anything=value).anything == value
    assert read(anything=value, when="yesterday").anything == value


def test_containers_and_scalars() -> None:
    (segment,) = decode(b'[{"type":"Text"}]', list[AnySegment], "GET /x")
    assert isinstance(segment, TextSegment)
    assert decode(b'{"a":{"id":"1"}}', dict[str, Small], "GET /x") == {"a": Small(id="1")}
    assert decode(b'"text"', str, "GET /x") == "text"
    with pytest.raises(ResponseDecodeError, match="begins: text"):
        decode(b"text", str, "GET /x")


@pytest.mark.parametrize("odd", [b'"\xff"', b"1e999999", b"9" * 5000])
def test_unknown_variants_that_cannot_be_decoded_cost_only_themselves(odd: bytes) -> None:
    body = b'{"segment": {"type": "New", "text": "t", "odd": ' + odd + b'}, "number": 1}'
    made = decode(body, Holder, "GET /x")
    assert (made.number, made.segment.text) == (1, "t")
    with pytest.raises(ResponseDecodeError, match="raw_properties cannot be decoded"):
        _ = made.segment.raw_properties


@pytest.mark.parametrize("value", ["x", "", 0, False, [], {}])
def test_what_is_there_is_present(value: object) -> None:
    assert require(value) is value


def test_a_required_value_that_is_none_raises() -> None:
    with pytest.raises(LookupError, match="the response has no post's id: a filter"):
        require(None, "post's id")
