"""A group too long for a module is a package, with a module for each resource, and still one class with one name."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from connectgen.catalogue.loader import load_catalogue
from connectgen.python.group_parts import Subjects
from connectgen.resolver import surface_at
from support.command import connectgen, environment, generate_arguments

pytestmark = pytest.mark.usefixtures("remembered")

RESOURCES = {
    "/garden/beds": None,
    "/garden/beds/batch/{bedIds}": None,
    "/garden/beds/{bedId}": None,
    "/garden/beds/{bedId}/actions/dig": None,
    "/garden/beds/{bedId}/bed-flowers": "flowers",
    "/garden/beds/{bedId}/bed-flowers/{flowerId}": "flowers",
    "/garden/beds/{bedId}/flowers/actions/pick": "flowers",
    "/garden/beds/batch/{bedIds}/weeds": "weeds",
    "/garden/beds/{bedId}/yield": "yield_",
    "/garden/visitors/{visitorId}/beds": "visitors",
    "/garden/sheds/{shedId}/tools": "sheds",
    "/garden/rakes": "rakes",
}
SHOW = """
import inspect, json, pydoc, sys
from sf_connect.v33 import AsyncConnect, Connect
beds = Connect("https://acme.example", token="t").garden.beds
assert not [name for name in sys.modules if "groups.archive" in name]
asynchronous = AsyncConnect("https://acme.example", token="t").garden.beds
try:
    beds.get_flowers_4()
except TypeError as error:
    told = str(error)
print(json.dumps({
    "classes": [f"{type(one).__module__}.{type(one).__qualname__}" for one in (beds, asynchronous)],
    "methods": [sorted(name for name in dir(one) if name.startswith("get_")) for one in (beds, asynchronous)],
    "told": told,
    "signature": str(inspect.signature(type(beds).get_flowers_4)),
    "plain": inspect.isfunction(type(beds).get_flowers_4)
    and inspect.iscoroutinefunction(type(asynchronous).get_flowers_4),
    "help": pydoc.plain(pydoc.render_doc(type(beds))),
}))
"""


def resources() -> str:
    """A file of resources, each with as many parameters as make the group too long."""
    lines = ["summary: Beds and what grows there.", "resources:"]
    for number, (path, subject) in enumerate(RESOURCES.items()):
        placeholders = ", ".join(f"{name}: Id" for name in re.findall(r"{(\w+)}", path))
        lines += [f"  - path: {path}", f"    since: {30 if number < 5 else 33}.0"]
        lines += [f"    parameters: {{{placeholders}}}", "    operations:", "      GET:"]
        lines += [f"        name: get_{subject or 'beds'}_{number}", f"        summary: Read number {number}."]
        lines += ["        returns: Label", "        parameters:"]
        lines += [f"          size{item}: {{type: Integer, description: number {item}}}" for item in range(20)]
    return "\n".join(lines) + "\n"


@pytest.fixture
def beds(catalogue: Path) -> Path:
    """The small catalogue with a long group."""
    (catalogue / "resources/garden/beds.yaml").write_text(resources(), encoding="utf-8")
    return catalogue


def generate(catalogue: Path, out: Path, *versions: str) -> Path:
    """The folder with the packages of some versions."""
    done = connectgen(*generate_arguments(catalogue, out, *versions), cwd=out.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def modules(out: Path, version: int) -> list[str]:
    """The modules of the long group at a version."""
    folder = out / f"sf-connect-v{version}/sf_connect/v{version}/groups/garden/beds"
    return sorted(path.stem for path in folder.glob("*.py"))


def test_an_operation_is_about_the_resource_that_its_path_names(beds: Path) -> None:
    surfaces = [surface_at(load_catalogue(beds), version) for version in range(30, 34)]
    subjects = Subjects(surfaces)
    group = next(group for group in surfaces[-1].groups if group.name == "beds")
    assert {operation.path: subjects.of(operation) for operation in group.operations} == RESOURCES


def test_a_groups_name_may_be_two_segments(catalogue: Path) -> None:
    """As `/ssot/semantic/models/{modelId}/metrics` is of `semantic_models`."""
    text = resources().replace("/garden/beds", "/garden/flower/beds").replace("/bed-flowers", "/flowers")
    (catalogue / "resources/garden/flower_beds.yaml").write_text(text, encoding="utf-8")
    surface = surface_at(load_catalogue(catalogue), 33)
    group = next(group for group in surface.groups if group.name == "flower_beds")
    subjects = Subjects([surface])
    of_beds = [operation for operation in group.operations if operation.path.startswith("/garden/flower/beds")]
    assert [subjects.of(operation) for operation in of_beds] == [
        subject for path, subject in RESOURCES.items() if path.startswith("/garden/beds")
    ]


def test_all_versions_have_the_modules_whose_resources_they_have(beds: Path, tmp_path: Path) -> None:
    out = generate(beds, tmp_path / "out", "30.0", "33.0")
    assert modules(out, 30) == ["__init__", "flowers"]
    assert modules(out, 33) == ["__init__", "flowers", "rakes", "sheds", "visitors", "weeds", "yield_"]
    flowers = "sf-connect-v{0}/sf_connect/v{0}/groups/garden/beds/weeds.py"
    before = (out / flowers.format(33)).read_bytes()
    path = beds / "resources/garden/beds.yaml"
    more = "  - path: /garden/beds/{bedId}/birds\n    parameters: {bedId: Id}\n    operations:\n"
    more += "      GET: {name: list_birds, summary: Count birds.}\n"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    generate(beds, out, "33.0")
    assert modules(out, 33) == ["__init__", "birds", "flowers", "rakes", "sheds", "visitors", "weeds", "yield_"]
    assert (out / flowers.format(33)).read_bytes() == before


def test_a_user_sees_one_class_with_the_groups_name(beds: Path, tmp_path: Path) -> None:
    out = generate(beds, tmp_path / "out", "33.0")
    own = environment()
    own["PYTHONPATH"] += os.pathsep + str(out / "sf-connect-v33")
    done = subprocess.run([sys.executable, "-c", SHOW], env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    folder = "sf_connect.v33.groups.garden.beds"
    assert shown["classes"] == [f"{folder}.Beds", f"{folder}.AsyncBeds"]
    names = sorted(f"get_{subject or 'beds'}_{number}" for number, subject in enumerate(RESOURCES.values()))
    assert shown["methods"] == [names, names]
    assert shown["told"] == "Beds.get_flowers_4() missing 1 required positional argument: 'bed_id'"
    assert shown["signature"].startswith("(self, bed_id: 'str', *, size0: 'int | None' = None,")
    assert shown["plain"]
    assert f"Methods inherited from {folder}.flowers.Beds:" in shown["help"]
    assert "Beds1" not in shown["help"]


def test_a_groups_class_hides_no_type(catalogue: Path, tmp_path: Path) -> None:
    text = (catalogue / "resources/garden/plants.yaml").read_text(encoding="utf-8")
    (catalogue / "resources/garden/plants.yaml").unlink()
    (catalogue / "resources/garden/label.yaml").write_text(text, encoding="utf-8")
    out = generate(catalogue, tmp_path / "out", "33.0")
    made = (out / "sf-connect-v33/sf_connect/v33/groups/garden/label.py").read_text(encoding="utf-8")
    assert "\nclass LabelOperations(SyncGroup):" in made
    assert "\nclass AsyncLabelOperations(AsyncGroup):" in made
