"""What a source says of something new is made possible, and what was not taken is kept beside it."""

from __future__ import annotations

from typing import Any

import pytest

from connectgen.catalogue.model import Span
from connectgen.importer.possible import begin_early_enough, possible_fact
from connectgen.importer.ranges import in_owner
from connectgen.importer.wanted import Wanted

COVERED = Span(30, 67)


@pytest.mark.parametrize(
    ("fact", "is_marked"),
    [
        ({"type": "Integer", "default": 0, "minimum": 1}, True),
        ({"type": "Integer", "default": 300, "maximum": 250}, True),
        ({"type": "Integer", "default": 1, "minimum": 1, "maximum": 1}, False),
        ({"type": "Integer", "default": 5}, False),
        ({"type": "Boolean", "default": False, "minimum": 1}, False),
        ({"type": "String", "default": "0", "minimum": 1}, False),
    ],
)
def test_a_default_outside_of_its_limits_is_kept_and_marked(fact: dict[str, Any], is_marked: bool) -> None:
    made = possible_fact("parameters", fact)
    assert {key: value for key, value in made.items() if key != "unsure"} == fact
    assert made.get("unsure") == ("importer: the default is outside the limits" if is_marked else None)


def test_an_older_doubt_is_not_replaced() -> None:
    fact = {"type": "Integer", "default": 0, "minimum": 1, "unsure": "a person asks"}
    assert possible_fact("properties", fact) == fact


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("Feed", "String"),
        ("list<Feed>", "list<String>"),
        ("map<String>", "String"),
        ("Binary", "String"),
        ("list<Binary>", "list<String>"),
        ("Feed | String", "String"),
    ],
)
def test_a_parameter_of_a_type_that_only_a_body_can_hold_is_text(written: str, taken: str) -> None:
    fact = {"type": written, "since": 40.0}
    made = possible_fact("parameters", fact)
    assert made == {
        "type": taken,
        "since": 40.0,
        "was": {"type": written},
        "unsure": "importer: the source has a type that only a body can hold",
    }
    assert fact == {"type": written, "since": 40.0}
    assert possible_fact("properties", fact) == fact


@pytest.mark.parametrize("written", ["String", "Id", "list<Integer>", "DateTime", "Boolean"])
def test_a_parameter_that_is_text_stays_as_it_is(written: str) -> None:
    assert possible_fact("parameters", {"type": written}) == {"type": written}


def test_a_type_that_cannot_be_read_is_left_for_the_validator() -> None:
    assert possible_fact("parameters", {"type": "list<"}) == {"type": "list<"}


def chain() -> Wanted:
    """An operation of 31.0 whose result begins later, has another that begins later still, and one on its own."""
    wanted = Wanted()
    cord = {"type": "Cord", "since": 35.0}
    wanted.resources["/lamps"] = {
        "path": "/lamps",
        "since": 31.0,
        "operations": {"GET": {"name": "list", "returns": "Lamp", "parameters": {"q": {"type": "String"}}}},
    }
    wanted.types = {
        "Lamp": {"summary": "A lamp.", "since": 33.0, "properties": {"bulb": "Bulb", "cord": cord}},
        "Bulb": {"summary": "A bulb.", "since": 34.0, "unsure": "a person asks"},
        "Cord": {"summary": "A cord.", "since": 35.0},
        "Shade": {"summary": "A shade.", "since": 36.0},
    }  # fmt: skip
    return wanted


def test_new_types_begin_no_later_than_what_refers_to_them() -> None:
    """Also where that holds only once another of them begins earlier."""
    wanted = chain()
    begin_early_enough(wanted, {"Lamp", "Bulb", "Cord", "Shade"})
    lamp, bulb, cord, shade = (wanted.types[name] for name in ("Lamp", "Bulb", "Cord", "Shade"))
    assert ("since" in lamp, lamp["was"], lamp["unsure"]) == (
        False,
        {"since": 33.0},
        "importer: what refers to it is older",
    )
    assert ("since" in bulb, bulb["was"], bulb["unsure"]) == (False, {"since": 34.0}, "a person asks")
    assert cord == {"summary": "A cord.", "since": 35.0}
    assert shade == {"summary": "A shade.", "since": 36.0}


def test_types_that_the_catalogue_has_keep_their_beginning() -> None:
    wanted = chain()
    begin_early_enough(wanted, {"Cord", "Shade"})
    assert wanted.types == chain().types


def grouped(*groups: dict[str, Any]) -> Any:
    cut = in_owner({"type": "String", "group": list(groups)}, Span(), COVERED, lambda text: None)
    assert cut is not None
    return cut.get("group")


def test_a_filter_group_without_an_end_ends_where_the_next_begins() -> None:
    small, medium = {"value": "Small", "since": 31.0}, {"value": "Medium", "since": 33.0}
    assert grouped(small, medium) == [{"value": "Small", "since": 31.0, "until": 32.0}, medium]
    assert grouped(medium, small) == [medium, {"value": "Small", "since": 31.0, "until": 32.0}]
    ended = {"value": "Small", "since": 31.0, "until": 31.0}
    assert grouped(ended, medium) == [ended, medium]  # a gap that a source states stays


def test_filter_groups_outside_of_the_catalogues_versions_are_left_out() -> None:
    assert grouped({"value": "Small", "since": 26.0}, {"value": "Medium", "since": 29.0}) == [
        {"value": "Medium", "since": 29.0}
    ]
    assert grouped({"value": "Small", "since": 24.0, "until": 28.0}) is None
