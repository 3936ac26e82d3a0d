"""What is no field of a type is refused with the name of the field that was meant."""

from __future__ import annotations

import copy
import inspect
import pickle
import traceback
from typing import Any

import msgspec
import pytest

from sf_connect.core import UNSET, Input, MessageBody, Model, UnsetType, field, input_union, replace


class Body(Input, kw_only=True):
    message_segments: list[int] | UnsetType = field(name="messageSegments", default=UNSET)


class Post(Input, kw_only=True):
    """A request as a generator would write it."""

    __secret__ = ("password",)

    subject_id: str | UnsetType = field(name="subjectId", default=UNSET)
    body: Body | UnsetType = UNSET
    class_: str | UnsetType = field(name="class", default=UNSET)
    owner: str | UnsetType = field(name="OwnerId__c", default=UNSET)
    password: str | UnsetType = UNSET


class Group(Post, kw_only=True):
    name: str
    title: str


class Segment(Input, kw_only=True):
    pass


class Text(Segment, kw_only=True):
    text: str
    type: str = "Text"


AnySegment: Any = input_union("type", {"Text": "Text"}, fallback="Segment", module=__name__)


class Message(MessageBody, kw_only=True):
    segments: list[AnySegment] | UnsetType = UNSET


class Cart(Model, kw_only=True):
    """A response, as tests make them for the mock."""

    cart_id: str | None = field(name="cartId", default=None)


CASES = {
    "response": (Cart, {"cartId": "x"}, "Cart has no field 'cartId'; did you mean 'cart_id'?"),
    "misspelt": (Post, {"bodyy": 1}, "Post has no field 'bodyy'; did you mean 'body'?"),
    "api-name": (
        Body,
        {"messageSegments": []},
        "Body has no field 'messageSegments'; did you mean 'message_segments'?",
    ),
    "other-name": (Post, {"OwnerId__c": "x"}, "Post has no field 'OwnerId__c'; did you mean 'owner'?"),
    "near-api-name": (Post, {"subjectIds": "x"}, "Post has no field 'subjectIds'; did you mean 'subject_id'?"),
    "keyword": (Post, {"class": "x"}, "Post has no field 'class'; did you mean 'class_'?"),
    "nothing-near": (Post, {"xyzzy": 1}, "Post has no field 'xyzzy'"),
    "several": (Post, {"bodyy": 1, "xyzzy": 2}, "Post has no fields 'bodyy' (did you mean 'body'?) and 'xyzzy'"),
    "missing": (Group, {"title": "x"}, "Group lacks name"),
    "all-missing": (Group, {}, "Group lacks name and title"),
    "misspelt-required": (Group, {"nam": "x"}, "Group has no field 'nam'; did you mean 'name'?"),
    "inherited": (Group, {"subjctId": "x"}, "Group has no field 'subjctId'; did you mean 'subject_id'?"),
}


def wrong(model: Any, *args: Any, **fields: Any) -> object:
    """What no type checker would pass."""
    return model(*args, **fields)


@pytest.mark.parametrize(("model", "fields", "message"), CASES.values(), ids=CASES)
def test_class_and_field_are_named(model: Any, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError) as caught:
        wrong(model, **fields)
    assert str(caught.value) == message
    assert caught.value.__context__ is None


def test_fields_are_not_taken_by_position() -> None:
    with pytest.raises(TypeError) as caught:
        wrong(Post, "me", body=1)
    assert str(caught.value) == "Post takes its fields by name, as in Post(subject_id=…), not by position"


def test_no_value_is_in_message_or_frames() -> None:
    """The caller's own frame aside, which has what the caller gave."""
    with pytest.raises(TypeError) as caught:
        wrong(Post, passwrd="hidden-7f3", password="hidden-8c1")
    assert str(caught.value) == "Post has no field 'passwrd'; did you mean 'password'?"
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    (frame,) = [one for one in shown.stack if one.filename.endswith("wire/construction.py")]
    assert "hidden" not in repr(frame.locals)


def test_what_is_right_is_as_before() -> None:
    post = Post(subject_id="me", body=Body(message_segments=[1]))
    assert msgspec.json.encode(post) == b'{"subjectId":"me","body":{"messageSegments":[1]}}'
    assert post == copy.deepcopy(post) == pickle.loads(pickle.dumps(post))
    assert replace(post, subject_id="you").subject_id == "you"
    assert list(inspect.signature(Post).parameters) == ["subject_id", "body", "class_", "owner", "password"]
    assert msgspec.json.decode(b'{"subjectId": "me"}', type=Post) == Post(subject_id="me")
    assert [one.name for one in msgspec.structs.fields(Group)][-2:] == ["name", "title"]


def test_an_error_of_ones_own_is_unchanged() -> None:
    class Strict(Input, kw_only=True):
        number: int

        def __post_init__(self) -> None:
            raise TypeError("mine")

    with pytest.raises(TypeError, match=r"^mine$"):
        Strict(number=1)


def test_texts_are_not_shared() -> None:
    """What a text is copied from stays empty."""
    first, second = Message.text("a", ["b", ""], Text(text="c")), Message.text()
    assert first == Message(segments=[Text(text=one) for one in "abc"])
    assert second == Message(segments=[])
    with pytest.raises(TypeError, match="a part of a text is a string or a segment, not int"):
        wrong(Message.text, 1)
