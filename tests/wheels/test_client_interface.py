"""What counts as a change of a client's interface: each operation by the name that users write, of long groups too."""

from __future__ import annotations

from pathlib import Path

from connectgen.wheels.client_interface import interface_breaks, interface_of

GROUP = """
class Beds({sync}):
    def get(self, bed_id: str, *, size: int | None = None) -> Bed: ...
class AsyncBeds({asynchronous}):
    async def get(self, bed_id: str, *, size: int | None = None) -> Bed: ...
"""
FLOWERS = GROUP.replace("get(", "list_flowers(").format(sync="SyncGroup", asynchronous="AsyncGroup")


def write(folder: Path, **modules: str) -> Path:
    """A client with a group, whose modules are these."""
    for name, text in {"models__beds": "class Bed(Model):\n    id: str | None = None\n", **modules}.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def long_group(folder: Path, flowers: str = FLOWERS) -> Path:
    """A client whose group is a package."""
    path = write(folder, groups__garden__beds__flowers=flowers) / "groups/garden/beds/__init__.py"
    path.write_text(GROUP.format(sync="flowers.Beds", asynchronous="flowers.AsyncBeds"), encoding="utf-8")
    return folder


def test_the_operations_of_a_long_group_are_those_of_all_its_modules(tmp_path: Path) -> None:
    found = interface_of(long_group(tmp_path))
    assert set(found) == {
        "garden.beds.get",
        "await garden.beds.get",
        "garden.beds.list_flowers",
        "await garden.beds.list_flowers",
        "models.Bed",
    }


def test_an_operation_that_goes_from_a_module_of_a_long_group_breaks(tmp_path: Path) -> None:
    before = interface_of(long_group(tmp_path / "before"))
    renamed = interface_of(long_group(tmp_path / "after", FLOWERS.replace("list_flowers", "list_all_flowers")))
    assert interface_breaks(before, renamed) == [
        "await garden.beds.list_flowers: is gone",
        "garden.beds.list_flowers: is gone",
    ]


def test_a_group_that_becomes_long_breaks_nothing(tmp_path: Path) -> None:
    one = GROUP.format(sync="SyncGroup", asynchronous="AsyncGroup")
    both = one + FLOWERS.replace("class Beds", "class Beds2").replace("AsyncBeds", "AsyncBeds2")
    before = interface_of(write(tmp_path / "before", groups__garden__beds=both))
    assert interface_breaks(before, interface_of(long_group(tmp_path / "after"))) == []


def test_an_enumeration_that_goes_breaks(tmp_path: Path) -> None:
    text = '__all__ = ["BedSize"]\n\nBedSize = Listed["Small", "Large"]\n"""How large."""\n'
    before = interface_of(write(tmp_path / "before", models__enumerations_garden=text))
    after = interface_of(write(tmp_path / "after", models__enumerations_garden="__all__ = []\n"))
    assert interface_breaks(before, after) == ["models.BedSize: is gone"]
    more = text.replace('"Large"', '"Large", "Huge"')
    assert interface_breaks(before, interface_of(write(tmp_path / "more", models__enumerations_garden=more))) == []
