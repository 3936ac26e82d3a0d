"""Data 360, from the vendor's file: complete, from the right version on, and the same after a second import."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from connectgen.importer.openapi.importing import ImportRequest, import_openapi
from connectgen.surface import Surface, SurfaceOperation
from connectgen.undocumented import documented
from openapi.importing import contents
from support.command import ROOT

FILE = ROOT.parent / "shared" / "data360" / "openapi-67.0.yaml"
Surfaces = Callable[[int], Surface]


def operations(surface: Surface) -> dict[str, SurfaceOperation]:
    """What the file has: all that is documented."""
    return {
        f"{group.name}.{one.name}": one
        for group in documented(surface).groups
        if group.family == "data360"
        for one in group.operations
    }


def data360_types(surface: Surface) -> set[str]:
    types = documented(surface).types
    return {name for name, kind in types.items() if kind.location.file.startswith("types/data360/")}


def test_figures(surfaces: Surfaces) -> None:
    surface = surfaces(67)
    assert len(operations(surface)) == 211  # 212 in the file, which has one of them twice
    assert len([group for group in documented(surface).groups if group.family == "data360"]) == 26
    # 850 schemas, 14 of them sent and received or described in place; 3 that the file's examples alone have
    assert len(data360_types(surface)) == 867
    assert all(one.path.startswith("/ssot/") for one in operations(surface).values())
    assert not [name for name, one in operations(surface).items() if one.returns and one.xml]  # JSON only


def test_each_version_has_what_it_has(surfaces: Surfaces) -> None:
    counts = {version: len(operations(surfaces(version))) for version in (51, 52, 54, 57, 60, 64, 67)}
    assert counts == {51: 0, 52: 11, 54: 14, 57: 31, 60: 104, 64: 196, 67: 211}
    assert "data_graphs.activate" not in operations(surfaces(66))
    assert operations(surfaces(67))["data_graphs.activate"].path == "/ssot/data-graphs/{dataGraphName}/actions/activate"
    assert data360_types(surfaces(51)) == set()


def test_facts_of_versions(surfaces: Surfaces) -> None:
    def names(version: int) -> set[str]:
        return {item.name for item in surfaces(version).types["SegmentInput"].properties}

    assert "dataSpace" in names(58)
    assert "dataSpace" not in names(59)
    data = {
        version: next(item for item in surfaces(version).types["QueryV2Result"].properties if item.name == "data").type
        for version in (54, 55)
    }
    assert data[54] != data[55]


def test_kinds_and_pages(surfaces: Surfaces) -> None:
    surface = surfaces(67)
    schedule = surface.types["ScheduleInfo"].discriminator
    assert schedule is not None
    assert (schedule.property, schedule.values["None"]) == ("frequency", "NoSchedule")
    assert surface.types["NoSchedule"].extends is not None
    node = surface.types["DataTransformNode"].discriminator
    assert node is not None
    assert node.values["load"] == node.values["Load"] == "LoadNode"
    listed = operations(surface)["data_streams.list"].pagination
    assert listed is not None
    assert (listed.style, listed.items, listed.next, listed.size) == ("next-url", "dataStreams", "nextPageUrl", "limit")


def test_words_are_not_those_of_the_importer(surfaces: Surfaces) -> None:
    surface = surfaces(67)
    mechanical = re.compile(r"(?:Read|Check|Create|Update|Replace|Delete): ")
    for name, one in operations(surface).items():
        assert not mechanical.match(one.summary), name
    assert not [name for name in data360_types(surface) if re.search(r"(?:Representation|Output)$", name)]


@pytest.fixture
def vendors_file() -> Path:
    if not FILE.is_file():
        pytest.skip("needs the vendor's file openapi-67.0.yaml of Data 360, which is not ours to keep here")
    return FILE


@pytest.mark.parametrize("complete", [False, True])
def test_a_second_import_changes_and_asks_nothing(tmp_path: Path, vendors_file: Path, complete: bool) -> None:
    spec = Path(shutil.copytree(ROOT / "spec", tmp_path / "spec"))
    before = contents(spec)
    lines = list(import_openapi(ImportRequest(file=vendors_file, family="data360", spec_dir=spec, complete=complete)))
    assert contents(spec) == before
    assert lines[0] == "Read: 143 paths, 211 operations, 850 of 852 schemas"
    assert not any("question" in line for line in lines)
    assert len([line for line in lines if "Only in the catalogue, and kept: " in line]) == 1  # what is undocumented too


def test_a_first_import_is_a_valid_catalogue(tmp_path: Path, vendors_file: Path) -> None:
    spec = Path(shutil.copytree(ROOT / "spec", tmp_path / "spec", ignore=shutil.ignore_patterns("data360")))
    lines = list(import_openapi(ImportRequest(file=vendors_file, family="data360", spec_dir=spec, new_family=True)))
    assert "864 types added" in lines
    assert "2 things come with a later version and were left out" in lines
