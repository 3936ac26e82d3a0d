"""What counts as a change of core's public interface: its `__all__`, not the modules behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connectgen.wheels.interface import breaks_and_news

FACE = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from msgspec import UNSET
    from house.core.rooms import Base, Door, open_door
__all__ = ["UNSET", "Base", "Door", "open_door"]
"""
ROOMS = """
class Base:
    def lock(self) -> None: ...
class Door(Base):
    def open(self, far: int) -> None: ...
def open_door(door: Door) -> None: ...
def oil(door: Door) -> None: ...
"""
Compare = Callable[[str, str], tuple[list[str], list[str]]]


@pytest.fixture
def compare(tmp_path: Path) -> Compare:
    """What breaks, and what is gone, when `__init__.py` and `rooms.py` become others."""

    def write(side: str, face: str, rooms: str) -> Path:
        folder = tmp_path / side / "house" / "core"
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(face, encoding="utf-8")
        (folder / "rooms.py").write_text(rooms, encoding="utf-8")
        return tmp_path / side

    def run(face: str, rooms: str) -> tuple[list[str], list[str]]:
        sides = write("before", FACE, ROOMS), write("after", face, rooms)
        breaking, _ = breaks_and_news("house.core", *sides)
        _, gone = breaks_and_news("house.core", *reversed(sides))
        return breaking, gone

    return run


def test_the_same_breaks_nothing(compare: Compare) -> None:
    assert compare(FACE, ROOMS) == ([], [])


def test_a_name_outside_all_may_go(compare: Compare) -> None:
    assert compare(FACE, ROOMS.replace("def oil", "def grease")) == ([], [])


def test_a_name_that_left_all_is_gone(compare: Compare) -> None:
    assert compare(FACE.replace(', "open_door"', ""), ROOMS)[1] == ["house.core.open_door"]


def test_a_method_that_went_is_named_as_users_import_its_class(compare: Compare) -> None:
    lines, gone = compare(FACE, ROOMS.replace("def open(", "def push("))
    assert (lines, gone) == (["house.core.Door.open: public object was removed"], ["house.core.Door.open"])


def test_an_argument_that_went_is_gone(compare: Compare) -> None:
    assert compare(FACE, ROOMS.replace(", far: int", ""))[1] == ["house.core.Door.open(far)"]


def test_a_name_of_all_that_no_module_defines_is_gone(compare: Compare) -> None:
    assert compare(FACE, ROOMS.replace("def open_door", "def open_gate"))[1] == ["house.core.open_door"]
