"""The fields of generated classes are those that msgspec reads, each annotation once."""

from __future__ import annotations

import datetime
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
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


@pytest.mark.parametrize("again", [importlib.reload, lambda module: importlib.import_module(module.__name__)])
def test_a_module_that_is_imported_again_has_its_own_classes(
    again: Callable[[ModuleType], ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"letters_{tmp_path.name}"
    code = "from __future__ import annotations\nfrom sf_connect.core import Model\nclass Part(Model):\n    pass\n"
    (tmp_path / f"{name}.py").write_text(f"{code}class Letter(Model):\n    part: Part | None = None\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    first = importlib.import_module(name)
    assert fields_of(first.Letter)[0].type == first.Part | None
    if again is not importlib.reload:
        monkeypatch.delitem(sys.modules, name)
    old = first.Part
    second = again(first)
    assert second.Part is not old
    assert fields_of(second.Letter)[0].type == second.Part | None
