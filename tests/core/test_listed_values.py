"""Values that the API lists: at run time any text, and the values of each enumeration."""

# ruff: noqa: F821, UP037  ruff takes the values for names

from __future__ import annotations

import json
from typing import Any, get_type_hints

import msgspec
import pytest

from sf_connect.core import UNSET, Input, Listed, Model, Unlisted, UnsetType, values_of
from sf_connect.core.cli.values import choices_of, takes_json, value_of
from sf_connect.core.wire.encoding import encode
from sf_connect.core.wire.listed_values import values_in

Sort = Listed["Name", "Date"]


class Page(Model):
    sort: Sort | None = None
    state: Listed["New"] | None = None
    parts: list[Listed["A", "B"]] | None = None


class PageInput(Input):
    sort: Sort | Unlisted | UnsetType | None = UNSET
    parts: list[Listed["A", "B"] | Unlisted] | UnsetType | None = UNSET


def test_a_newer_value_arrives_as_a_text() -> None:
    page = msgspec.json.decode(b'{"sort": "Size", "state": "Old", "parts": ["C"]}', type=Page)
    assert (page.sort, page.state, page.parts) == ("Size", "Old", ["C"])
    assert page.sort == Unlisted("Size")


def test_a_value_that_is_not_listed_is_a_plain_text() -> None:
    assert type(Unlisted("Size")) is str
    assert json.loads(encode(PageInput(sort=Unlisted("Size"), parts=[Unlisted("C"), "A"]))) == {
        "sort": "Size",
        "parts": ["C", "A"],
    }


def test_the_values_of_an_enumeration_are_in_order() -> None:
    assert values_of(Sort) == ("Name", "Date")
    assert values_in(Sort | None) == ("Name", "Date")
    assert get_type_hints(PageInput)["sort"] == str | UnsetType | None


@pytest.mark.parametrize("other", [str, "Name", Page, 5, None, dict[str, str]])
def test_what_is_no_enumeration_has_no_values(other: object) -> None:
    with pytest.raises(TypeError, match=r"values_of takes an enumeration of the models, such as m\.FeedSort, not"):
        values_of(other)


def test_the_command_line_offers_listed_values_and_takes_others() -> None:
    hint: Any = get_type_hints(PageInput, include_extras=True)["sort"]
    assert choices_of(hint) == ("Name", "Date")
    assert value_of("Size", hint) == "Size"
    assert not takes_json(hint)
