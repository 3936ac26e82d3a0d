"""Unions of classes: what a decoded object is, how it compares, is copied and written again."""

from __future__ import annotations

import copy
import gc
import json
import pickle
import sys
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
import pytest

from sf_connect.core import Model, ResponseDecodeError, discriminated_union, field
from sf_connect.core.wire.decoding import decode


class Record(Model):
    id: str | None = None
    record_type: str | None = field(name="recordType", default=None)


class Tree(Record):
    rings: int | None = None


class Bush(Record):
    inner: AnyRecord | None = None


class Untold(Model):
    name: str | None = None


class Garden(Model):
    records: list[AnyRecord] | None = None
    only: AnyOnly | None = None
    untold: AnyUntold | None = None
    bare: AnyBare | None = None
    garden: Garden | None = None


if TYPE_CHECKING:
    AnyRecord = Tree | Bush | Record
    AnyOnly = Tree | Record
    AnyUntold = Untold
    AnyBare = Record
else:
    AnyRecord = discriminated_union(
        "recordType", {"Tree": "Tree", "Bush": "Bush", "Hedge": "Bush"}, fallback="Record", module=__name__
    )
    AnyOnly = discriminated_union("recordType", {"Tree": "Tree"}, fallback="Record", module=__name__)
    AnyUntold = discriminated_union("nameOfKind", {"A": "Untold", "B": "Untold"}, fallback=None, module=__name__)
    AnyBare = discriminated_union("recordType", {}, fallback="Record", module=__name__)


def read(*records: Any, **more: Any) -> Garden:
    made = decode(json.dumps({"records": records, **more}).encode(), Garden, "GET /x")
    assert isinstance(made, Garden)
    return made


def first(*records: Any) -> Any:
    return (read(*records).records or [None])[0]


@pytest.mark.parametrize("value", ["Bush", "Hedge"])
def test_the_discriminator_reads_as_it_was_sent(value: str) -> None:
    found = first({"id": "1", "recordType": value})
    assert isinstance(found, Bush)
    assert (found.record_type, found.id) == (value, "1")
    assert repr(found) == f"Bush(id='1', record_type={value!r})"


def test_a_discriminator_that_no_class_declares_is_an_attribute_too() -> None:
    found: Any = read(untold={"nameOfKind": "B", "name": "x"}).untold
    assert isinstance(found, Untold)
    assert found.name_of_kind == "B"
    assert read(untold={"nameOfKind": "C", "name": "x"}).untold == {"nameOfKind": "C", "name": "x"}


@pytest.mark.parametrize("told", [{}, {"recordType": None}, {"recordType": "Newer"}, {"recordType": 5}])
@pytest.mark.parametrize("place", ["records", "only", "bare"])
def test_an_absent_or_unknown_discriminator_is_the_fallback_class(place: str, told: dict[str, Any]) -> None:
    sent = {"id": "1", "extra": [1], **told}
    garden = read(sent) if place == "records" else read(**{place: sent})
    found = garden.records[0] if place == "records" and garden.records else getattr(garden, place)
    assert isinstance(found, Record)
    assert not isinstance(found, Tree | Bush)
    assert (found.id, found.record_type) == ("1", told.get("recordType"))
    assert found.raw_properties == sent
    assert "sent" not in repr(found)


def test_an_unknown_variant_costs_only_itself() -> None:
    garden = read(
        {"recordType": "Bush", "inner": {"recordType": "Newer", "id": "2"}},
        {"recordType": "Tree", "rings": "many"},
        {"recordType": "Tree", "rings": 3},
        garden={"records": [{"recordType": "Newest"}, {"recordType": "Tree", "rings": 4}]},
    )
    assert garden.records is not None
    bush, odd, tree = garden.records
    assert isinstance(bush, Bush)
    assert isinstance(bush.inner, Record)
    assert bush.inner.raw_properties == {"recordType": "Newer", "id": "2"}
    assert bush.raw_properties is None
    assert isinstance(odd, Tree)
    assert isinstance(tree, Tree)
    assert (odd.rings, tree.rings) == ("many", 3)
    assert garden.garden is not None
    assert [isinstance(one, Tree) for one in garden.garden.records or ()] == [False, True]


def test_decoded_objects_equal_those_of_a_program() -> None:
    found = first({"recordType": "Tree", "rings": 3})
    assert found == Tree(record_type="Tree", rings=3)
    assert Tree(record_type="Tree", rings=3) == found
    assert found == first({"recordType": "Tree", "rings": 3})
    assert found != Tree(record_type="Tree", rings=4)
    assert found != Record(record_type="Tree")
    assert found != "Tree"
    assert first({"recordType": "Newer"}) != first({"recordType": "Newer", "more": 1})


@pytest.mark.parametrize("sent", [{"recordType": "Tree", "rings": 3}, {"recordType": "Newer", "more": 1}])
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda found: pickle.loads(pickle.dumps(found))])
def test_decoded_objects_can_be_copied_and_cross_processes(sent: dict[str, Any], again: Any) -> None:
    found = first(sent)
    made = again(found)
    assert made == found
    assert type(made) is type(found)
    assert made.raw_properties == found.raw_properties


def test_decoded_objects_can_be_written_again() -> None:
    sent = {"records": [{"recordType": "Hedge", "id": "1", "inner": {"recordType": "Tree", "rings": 3}}]}
    garden = read(*sent["records"])
    assert json.loads(msgspec.json.encode(garden)) == sent
    assert msgspec.to_builtins(garden) == sent


def test_patterns_match_decoded_objects() -> None:
    match first({"recordType": "Tree", "rings": 3}):
        case Tree(rings=rings):
            assert rings == 3
        case other:
            pytest.fail(f"{other!r} is a tree")


@pytest.mark.parametrize("body", [b"null", b"[]", b'"x"', b"5", b"", b"{", b"<html>", b'{"records": [}', b"\xff"])
def test_what_is_no_such_response_is_refused(body: bytes) -> None:
    with pytest.raises(ResponseDecodeError, match="GET /x"):
        decode(body, Garden, "GET /x")


def test_deep_responses_raise() -> None:
    deep = '{"garden":' * 400 + '{"records":[{"recordType":"Newer"}]}' + "}" * 400
    garden: Any = decode(deep.encode(), Garden, "GET /x")
    for _ in range(20):
        garden = garden.garden
    assert isinstance(garden, Garden)
    with pytest.raises(ResponseDecodeError):
        decode(b'{"garden":' * 100_000, Garden, "GET /x")


def test_decoded_objects_go_when_nobody_holds_them() -> None:
    body = json.dumps({"records": [{"recordType": kind} for kind in ("Tree", "Newer")]}).encode()

    gc.freeze()  # what other tests left is not looked through
    try:
        decode(body, Garden, "GET /x")
        before = sys.getallocatedblocks()
        for _ in range(1000):
            decode(body, Garden, "GET /x")
        gc.collect()
        assert sys.getallocatedblocks() - before < 1000
    finally:
        gc.unfreeze()


class Outcome(Model):
    __failure__: ClassVar[Any] = {"success": False, "errors": "any", "hasErrors": True}

    success: bool | None = None
    errors: list[str] | None = None
    has_errors: bool | None = field(name="hasErrors", default=None)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"success": True, "errors": [], "hasErrors": False}, None),
        ({}, None),
        ({"success": None, "errors": None}, None),
        ({"success": False}, {"success": False}),
        ({"success": True, "errors": ["x"]}, {"errors": ["x"]}),
        (
            {"success": False, "errors": ["x"], "hasErrors": True},
            {"success": False, "errors": ["x"], "hasErrors": True},
        ),
    ],
)
def test_a_failure_inside_a_success_is_one_property(sent: dict[str, Any], told: dict[str, Any] | None) -> None:
    outcome: Outcome = decode(json.dumps(sent).encode(), Outcome, "POST /x")
    assert outcome.failure == told
