"""Models to plain values and JSON and back: equal, with their variants; and what is shown of them in IPython."""

from __future__ import annotations

import copy
import datetime
import json
import math
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.lib.pretty import pretty
from msgspec import UNSET, UnsetType

from connectgen.naming import is_reserved_field
from core.test_models import MENTION, Holder, MentionSegment, Segment, Small, TextSegment, read
from sf_connect.core import Input, Model, field, input_union, untagged_union
from sf_connect.core.wire.decoding import decode

NEWER = {"type": "Newer", "text": "t", "rank": {"of": [1, None]}, "byName": 3}
ZONE = datetime.timezone(datetime.timedelta(hours=2))


class PartInput(Input):
    text: str
    part_type: str | UnsetType | None = field(default=UNSET, name="partType")


class LinkInput(PartInput):
    url_name: str | UnsetType | None = field(default=UNSET, name="urlName")
    part_type: str | UnsetType | None = field(default="Link", name="partType")


class BodyInput(Input):
    subject_id: str | UnsetType | None = field(default=UNSET, name="subjectId")
    parts: list[AnyPartInput] | UnsetType | None = UNSET
    either: PartOrSmallInput | UnsetType | None = UNSET
    by_key: dict[str, PartInput] | UnsetType | None = field(default=UNSET, name="byKey")
    when: datetime.datetime | UnsetType | None = UNSET
    day: datetime.date | UnsetType | None = UNSET
    amount: str | UnsetType | None = UNSET
    anything: object = UNSET
    nodes_or_map: NodesInputOrAnyMap | UnsetType | None = field(default=UNSET, name="nodesOrMap")


class SmallInput(Input):
    small_id: str = field(name="smallId")


class NodesInput(Input):
    node_id: str = field(name="nodeId")
    more_text: str | UnsetType | None = field(default=UNSET, name="moreText")


if TYPE_CHECKING:
    AnyPartInput = LinkInput | PartInput
    PartOrSmallInput = PartInput | SmallInput
    NodesInputOrAnyMap = NodesInput | dict[str, object]
else:
    AnyPartInput = input_union("partType", {"Link": "LinkInput"}, fallback="PartInput", module=__name__)
    PartOrSmallInput = untagged_union("PartInput", "SmallInput", module=__name__)
    NodesInputOrAnyMap = untagged_union("NodesInput", module=__name__, maps=True)


def holder() -> Holder:
    return read(
        segment=MENTION,
        segments=[{"type": "Text"}, NEWER, MENTION],
        byName={"a": MENTION, "by name": NEWER},
        holder={"segment": NEWER, "either": {"id": "1", "title": "t"}, "partly": {"id": "1", "rank": 3}},
        loose={"type": "Newer", "byName": 1},
        when="2011-02-25T18:24:31.123456Z",
        day="2011-02-25",
        number="five",
        anything={"by_name": [1, None, {"byName": 2}]},
    )


def body() -> BodyInput:
    return BodyInput(
        subject_id=None,
        parts=[PartInput(text="a"), LinkInput(text="b", url_name="c")],
        either=SmallInput(small_id="1"),
        by_key={"a key": PartInput(text="a")},
        when=datetime.datetime(2011, 2, 25, 18, 24, 31, 5, tzinfo=ZONE),
        day=datetime.date(2011, 2, 25),
        amount="12.50",
        anything={"urlName": [1]},
    )


@pytest.mark.parametrize("use_api_names", [True, False])
@pytest.mark.parametrize("made", [holder(), body(), Holder(), BodyInput()])
def test_a_round_trip_ends_where_it_began(made: Any, use_api_names: bool) -> None:
    plain = made.to_dict(use_api_names=use_api_names)
    again = type(made).from_dict(json.loads(json.dumps(plain)), use_api_names=use_api_names)
    assert again == made
    assert type(made).from_json(made.to_json(use_api_names=use_api_names), use_api_names=use_api_names) == made
    assert again.to_dict(use_api_names=use_api_names) == plain


@pytest.mark.parametrize("use_api_names", [True, False])
@pytest.mark.parametrize(
    "value",
    [
        NodesInput(node_id="1"),
        NodesInput(node_id="1", more_text="a"),
        {},
        {"moreText": "lacks what the class requires", "more_text": "in both spellings"},
        {"nodeId": "1", "node_id": "1", "title": "has what the class does not"},
    ],
)
def test_an_object_is_of_the_class_or_stays_a_map(value: NodesInput | dict[str, object], use_api_names: bool) -> None:
    made = BodyInput(nodes_or_map=value)
    again = BodyInput.from_dict(made.to_dict(use_api_names=use_api_names), use_api_names=use_api_names)
    assert again.nodes_or_map == value


def test_variants_are_kept_also_those_that_are_newer() -> None:
    made = Holder.from_dict(holder().to_dict())
    known, newer = (made.segments or [])[2], (made.segments or [])[1]
    assert isinstance(known, MentionSegment)
    assert isinstance((known.inner or [])[0], TextSegment)
    assert type(newer).__name__ == "Segment"
    assert newer.raw_properties == NEWER
    assert newer.to_dict() == NEWER
    again = type(newer).from_dict(newer.to_dict())
    assert again == newer
    assert again.raw_properties == NEWER
    assert isinstance(type(known).from_dict(known.to_dict()), MentionSegment)
    assert Segment.from_dict(NEWER).text == "t"


def test_names_are_those_of_the_api_or_of_python() -> None:
    assert body().to_dict()["byKey"] == {"a key": {"text": "a"}}
    assert body().to_dict(use_api_names=False)["by_key"] == {"a key": {"text": "a"}}
    assert body().to_dict(use_api_names=False)["parts"][1]["url_name"] == "c"
    assert body().to_dict(use_api_names=False)["anything"] == {"urlName": [1]}
    assert holder().to_dict(use_api_names=False)["by_name"]["a"]["user_id"] == "005"
    assert holder().to_dict(use_api_names=False)["by_name"]["by name"]["byName"] == 3


def test_only_what_is_set_is_in_the_result_and_nothing_is_shared() -> None:
    assert Holder(number=1).to_dict() == {"number": 1}
    assert BodyInput(subject_id=None).to_dict() == {"subjectId": None}
    made = body()
    before = copy.deepcopy(made)
    plain = made.to_dict()
    plain["anything"]["urlName"].append(2)
    plain["parts"].clear()
    assert made == before
    given_values: dict[str, Any] = {"anything": {"a": [1]}}
    built = BodyInput.from_dict(given_values)
    given_values["anything"]["a"].append(2)
    assert built.anything == {"a": [1]}


def test_models_within_plain_values_and_times_are_taken() -> None:
    when = datetime.datetime(2011, 2, 25, tzinfo=datetime.UTC)
    made = BodyInput.from_dict({"parts": [PartInput(text="a")], "when": when, "day": when.date()})
    assert made == BodyInput(parts=[PartInput(text="a")], when=when, day=when.date())
    assert made.to_json() == '{"parts":[{"text":"a"}],"when":"2011-02-25T00:00:00.000Z","day":"2011-02-25"}'
    assert BodyInput(amount="1").to_json(indent=2) == '{\n  "amount": "1"\n}'
    assert BodyInput.from_dict({"amount": 12.5}).amount == 12.5  # type: ignore[comparison-overlap]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"subjectIdd": "x"}, "BodyInput has no property 'subjectIdd'; did you mean 'subjectId'?"),
        ({"subject_id": "x"}, "BodyInput has no property 'subject_id' (with use_api_names=False it has)"),
        ({"parts": [{"partType": "Link"}]}, r"LinkInput (parts[0]) needs the property 'text'"),
        ({"parts": [{"text": "", "url": ""}]}, "PartInput (parts[0]) has no property 'url'"),
        ({"byKey": {"a": {"text": 5, "x": 1}}}, "PartInput (byKey.a) has no property 'x'"),
        ({"subjectId": ["x"]}, "BodyInput (subjectId): Expected `str | null`, got `array`"),
        ({"when": "yesterday"}, "BodyInput (when): Invalid RFC3339 encoded datetime"),
        ({"either": {"smallId": True}}, "SmallInput (either.smallId): Expected `str`, got `bool`"),
    ],
)
def test_what_a_request_would_lose_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        BodyInput.from_dict(values)


def test_messages_name_properties_as_the_caller_does() -> None:
    with pytest.raises(ValueError, match="BodyInput has no property 'subject_idd'; did you mean 'subject_id'"):
        BodyInput.from_dict({"subject_idd": "x"}, use_api_names=False)
    with pytest.raises(ValueError, match=r"SmallInput \(either\) needs the property 'small_id'"):
        BodyInput.from_dict({"either": {}}, use_api_names=False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "Holder.from_json takes a JSON object: Input data was truncated"),
        ("[1]", "Holder.from_json takes a JSON object, not list in JSON"),
        (b"\xff", "Holder.from_json takes a JSON object: "),
        ("[" * 100_000, "Holder.from_json takes a JSON object: "),
    ],
)
def test_what_is_no_json_object_is_refused_by_name(text: str | bytes, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        Holder.from_json(text)


def test_what_json_cannot_hold_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"Holder\.from_dict takes a dict, not list"):
        Holder.from_dict([])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"Holder\.anything is an object of object, which JSON cannot hold"):
        Holder(anything=object()).to_dict()
    with pytest.raises(TypeError, match="anything is an object of bytes"):
        BodyInput.from_dict({"anything": [b""]})
    with pytest.raises(ValueError, match=r"Holder\.anything is nan, which JSON cannot hold"):
        Holder(anything=[math.nan]).to_json()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
SEGMENTS = st.fixed_dictionaries(
    {"type": st.sampled_from(["Text", "Mention", "Newer", "", None])},
    optional={"text": JSON, "userId": JSON, "inner": JSON, "more": JSON},
)
HOLDERS = st.fixed_dictionaries(
    {},
    optional={
        "segment": SEGMENTS | JSON,
        "segments": st.lists(SEGMENTS, max_size=3) | JSON,
        "byName": st.dictionaries(st.text(), SEGMENTS, max_size=3),
        "either": JSON,
        "mixed": SEGMENTS | JSON,
        "partly": JSON,
        "loose": SEGMENTS,
        "when": JSON,
        "number": JSON,
        "anything": JSON,
    },
)


@given(HOLDERS)
def test_whatever_a_server_sends_survives_a_round_trip(sent: dict[str, Any]) -> None:
    made = decode(json.dumps(sent).encode(), Holder, "GET /x")
    assert Holder.from_dict(made.to_dict()) == made
    assert Holder.from_json(made.to_json()) == made


def test_the_names_are_no_properties() -> None:
    for name in ("from_dict", "from_json", "to_dict", "to_json"):
        assert is_reserved_field(name)
        assert callable(getattr(Model, name))


def test_repr_leaves_out_what_is_not_set() -> None:
    assert repr(Holder(number=0, segments=[])) == "Holder(segments=[], number=0)"
    assert repr(BodyInput(subject_id=None, parts=[PartInput(text="a")])) == (
        "BodyInput(subject_id=None, parts=[PartInput(text='a')])"
    )
    assert repr(Small()) == "Small()"


def test_ipython_shows_lines_that_end_somewhere() -> None:
    many = [{"type": "Mention", "text": "@" * 500, "userId": "005", "inner": [MENTION] * 40}] * 200
    made = read(segments=many, holder={"segments": many, "anything": {str(number): number for number in range(100)}})
    text = pretty(made)
    assert len(text.splitlines()) < 100
    assert max(map(len, text.splitlines())) < 300
    assert "… 19" in text
    assert text.startswith("Holder(\n    segments=[\n        MentionSegment(\n")
    assert pretty(Small(id="1")) == "Small(id='1')"
    assert pretty([Small(id="1")]) == "[Small(id='1')]"
    assert "hidden" not in text
