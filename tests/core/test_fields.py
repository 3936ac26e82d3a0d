"""The fields of generated classes are those that msgspec reads, each annotation once."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

import msgspec
import pytest

from sf_connect.core import UNSET, Input, Listed, Model, UnsetType, discriminated_union, field
from sf_connect.core.wire.fields import fields_of
from sf_connect.core.wire.variants import tagged


class Reference(Model):
    id: str | None = None
    label: ClassVar[str] = "reference"


class Text(Reference):
    text: str | None = field(name="plainText", default=None)


class Letter(Reference):
    written: datetime.datetime | None = None
    kind: Listed["very formal", "short note"] | None = None  # noqa: F722  values, not names
    parts: list[AnyPart] | None = None


class LetterInput(Input):
    to: str
    urgent: bool | UnsetType = UNSET
    copies: int = 1
    lines: list[str] = field(default_factory=list)


AnyPart: Any = discriminated_union("type", {"Text": "Text"}, fallback="Reference", module=__name__)


@pytest.mark.parametrize("model", [Reference, Text, Letter, LetterInput, tagged(Text, "type", "Text")])
def test_fields_are_those_that_msgspec_reads(model: type[msgspec.Struct]) -> None:
    assert tuple(fields_of(model)) == msgspec.structs.fields(model)


def test_fields_of_a_class_are_read_once() -> None:
    assert fields_of(Letter) is fields_of(Letter)


def test_no_class_makes_msgspec_read_annotations_of_the_bases() -> None:
    read = [
        one.__name__
        for one in Letter.__mro__
        if one.__module__.startswith("sf_connect.core") and "__annotations__" in vars(one)
    ]
    assert read == []
