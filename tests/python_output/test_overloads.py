"""Operations that take a body or form fields: each way has an overload, and what can have one value only has it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.command import ROOT, connectgen, generate_arguments

pytestmark = pytest.mark.usefixtures("remembered")

Edit = Callable[[str, str, str], None]
PLANTS = "resources/garden/plants.yaml"
FORM = "name: {type: String, in: form, required: true}"
FIELDS = f"""{FORM}
          plantKind: {{type: String, in: form, required: true, values: ["Wild"]}}
          bedId: {{type: Id, in: form, required: true}}
          note: {{type: String, in: form}}"""
SORT = "sort: {type: String, values: PlantSort,"
STATE = 'state: {type: String, required: true, values: ["New"]}'
PROGRAM = """
from sf_connect.core.features.call_recording import prepare_call
from sf_connect.core.transport.dispatchers import SyncDispatcher
from sf_connect.v33 import Connect, models as m

client = Connect("https://acme.example", token="t")

def show(operation, *args, **kwargs):
    try:
        request = prepare_call(SyncDispatcher, operation, args, kwargs)[1].request
        print(request.target, (request.content or b"").decode())
    except (TypeError, ValueError) as error:
        print(f"{type(error).__name__}: {error}")

plants = client.garden.plants
show(plants.create, name="Oak", bed_id="1")
show(plants.create, name="Oak", bed_id="1", plant_kind="Tame")
show(plants.create)
show(plants.create, name="Oak")
show(plants.create, note="x")
show(plants.create, m.PlantInput(kind="Tree"))
show(plants.create, m.PlantInput(kind="Tree"), name="Oak", bed_id="1")
show(plants.list)
show(plants.list, state="Old")
show(client.garden.plants.list, "Old")
batch = client.batch()
batch.add(plants.create, name="Oak", bed_id="1")
try:
    batch.add(plants.create)
except TypeError as error:
    print(error)
"""


@pytest.fixture
def package(catalogue: Path, edit: Edit, tmp_path: Path) -> Path:
    """The package of a catalogue in which fields of a form and a parameter can have one value only."""
    edit(PLANTS, FORM, FIELDS)
    edit(PLANTS, SORT, f"{STATE}\n          {SORT}")
    done = connectgen(*generate_arguments(catalogue, tmp_path / "out", "33.0"), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    return tmp_path / "out/sf-connect-v33"


def test_the_one_value_is_sent_and_what_lacks_is_named(package: Path) -> None:
    path = os.pathsep.join([str(package), str(ROOT / "core")])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    both = "name, bed_id (bedId)"
    base = "/services/data/v33.0/garden/plants"
    assert done.stdout.splitlines() == [
        f"{base} plantKind=Wild&name=Oak&bedId=1",
        f"{base} plantKind=Tame&name=Oak&bedId=1",
        "TypeError: garden.plants.create lacks name, bed_id (bedId); or pass a body",
        "TypeError: garden.plants.create lacks bed_id (bedId); or pass a body",
        "TypeError: garden.plants.create lacks name, bed_id (bedId); or pass a body",
        f'{base} {{"kind":"Tree"}}',
        f"ValueError: pass a body or the arguments {both}, not both: the API ignores the arguments beside a body",
        f"{base}?state=New ",
        f"{base}?state=Old ",
        f"{base}?state=Old ",
        "garden.plants.create lacks name, bed_id (bedId); or pass a body",
    ], done.stderr


def test_each_way_to_call_has_its_own_required_arguments(package: Path) -> None:
    tree = ast.parse((package / "sf_connect/v33/groups/garden/plants.py").read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "create"]
    body, form, whole = [ast.unparse(node.args) for node in found]
    assert body == "self, body: PlantInput, *, x_garden_key: str | None=None, options: RequestOptions | None=None"
    assert form == (
        "self, *, name: str, plant_kind: Listed['Wild'] | Unlisted='Wild', bed_id: str, note: str | None=None, "
        "x_garden_key: str | None=None, options: RequestOptions | None=None"
    )
    assert whole.startswith("self, body: PlantInput | None=None, *, name: str | None=None, plant_kind:")
    assert "Listed['Wild'] | Unlisted | None=None" in whole
