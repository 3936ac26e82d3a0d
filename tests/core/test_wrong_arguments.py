"""A request type that is made with a wrong argument: the message names the class and the nearest property."""

from __future__ import annotations

from typing import Any

import pytest

from sf_connect.core import UNSET, Input, UnsetType, field


class NamedInput(Input):
    name: str
    subject_id: str | UnsetType = field(default=UNSET, name="subjectId")
    made: list[str] = field(default_factory=lambda: fail())
    __secret__ = ("name",)


def fail() -> list[str]:
    raise TypeError("of the default")


@pytest.mark.parametrize(
    ("arguments", "named", "message"),
    [
        ((), {"name": "a", "subjectId": "b"}, "NamedInput has no property 'subjectId'; did you mean subject_id?"),
        ((), {"name": "a", "subjct": "b"}, "NamedInput has no property 'subjct'; did you mean subject_id?"),
        ((), {"nam": "a"}, "NamedInput has no property 'nam'; did you mean name?"),
        ((), {"other": "a"}, "NamedInput has no property 'other'"),
        (("a",), {}, "NamedInput takes its properties by name, such as NamedInput(name=…)"),
        ((), {}, "NamedInput needs name"),
        ((), {"name": "a"}, "of the default"),
    ],
)
def test_a_wrong_argument_names_class_and_nearest_property(
    arguments: tuple[Any, ...], named: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError) as caught:
        NamedInput(*arguments, **named)
    assert str(caught.value) == message
    made = NamedInput(name="a", made=[])
    assert (made.name, made.subject_id, made.made) == ("a", UNSET, [])


def test_a_wrong_argument_keeps_no_secret_in_a_frame_of_ours() -> None:
    with pytest.raises(TypeError, match="no property") as caught:
        NamedInput(name="h1dden", other=1)  # type: ignore[call-arg]
    frames = [one.frame.f_locals for one in caught.traceback[1:]]
    assert frames
    assert "h1dden" not in repr(frames)
