"""What type checkers know of pages, batches, kinds and parts of texts; and what they refuse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.command import ROOT
from support.passed import check_unless_passed

PROGRAM = '''\
"""A program that uses a generated client."""

from typing import Any, assert_type

from sf_connect.core import BatchItem
from sf_connect.core import Unlisted, values_of
from sf_connect.core import RequestOptions, WaitEvent, WaitFailedError, WaitTimeoutError
from sf_connect.core import path
from sf_connect.v33 import AsyncConnect, Connect, models as m
from sf_connect.v33.models.garden_plants import Plant, AnyPlant

client = Connect("https://example.invalid", token="t")

for plant in client.garden.plants.iter(page_size=5):
    assert_type(plant, AnyPlant)
assert_type(next(client.archive.shelves.iter_books("1")), m.Book)
assert_type(next(client.garden.plants.iter().pages()), m.PlantPage)
assert_type(next(client.archive.shelves.iter_labels("1")), str)
pager = client.garden.plants.iter(limit=5, read_ahead=True)
assert_type(pager.resume_token, str)
assert_type(next(client.garden.plants.iter(start=pager.resume_token)), AnyPlant)
client.garden.plants.iter(limit="5")  # WRONG
client.garden.plants.iter(start=5)  # WRONG


def see(event: WaitEvent[m.Label]) -> None:
    """What waiting reports."""
    assert_type(event.response, m.Label)
    assert_type(event.delay, float)


def see_plants(event: WaitEvent[m.PlantPage]) -> None:
    """What waiting for something else reports."""


assert_type(client.garden.plants.wait_for_label("1", interval=2, total_timeout=60, progress=see), m.Label)
client.garden.plants.wait_for_label("1", progress=lambda event: print(event.response.text))
client.garden.plants.wait_for_label()  # WRONG
client.garden.plants.wait_for_label("1", progress=see_plants)  # WRONG
client.garden.plants.wait_for_label("1", backof=2)  # WRONG
try:
    client.garden.plants.wait_for_label("1")
except WaitFailedError as failed:
    assert_type(failed.response_as(m.Label), m.Label)
    assert_type(failed.response, object)
    failed.response.text  # WRONG
except WaitTimeoutError as late:
    assert_type(late.response_as(m.Label).text, str | None)

batch = client.batch(halt_on_error=True)
label = batch.add(client.garden.plants.get_label, "1")
assert_type(label, BatchItem[m.Label])
assert_type(label.result, m.Label)
assert_type(batch.add(client.garden.plants.count).result, None)
assert_type(batch.add(client.garden.plants.list, page_size=1).result, m.PlantPage)
batch.add(client.garden.plants.get_label)  # WRONG
batch.add(client.garden.plants.get_label, 5)  # WRONG
batch.add(client.garden.plants.list, page_sice=1)  # WRONG
batch.add(len)  # WRONG

body = m.MessageBodyInput.text("x", m.mention("005"), m.bold("y", m.hyperlink("https://x", "z")), ["a", m.bold("b")])
assert_type(body, m.MessageBodyInput)
assert_type(m.mention("005"), m.MentionInput)
m.MessageBodyInput.text(5)  # WRONG
m.mention(next(client.garden.plants.iter()))
m.mention(m.PlantPage())  # WRONG
m.mention(None)  # WRONG
planted = client.garden.plants.create(name="Oak")
assert_type(planted, AnyPlant)
assert_type(client.garden.plants.create(m.PlantInput(kind="Tree"), x_garden_key="k"), AnyPlant)
assert_type(batch.add(client.garden.plants.create, name="Oak").result, AnyPlant)
assert_type(batch.add(client.garden.plants.create, m.PlantInput(kind="Tree")).result, AnyPlant)
assert_type(client.raw(client.garden.plants.create, name="Oak").parse(), AnyPlant)
client.garden.plants.create()  # WRONG
client.garden.plants.create(nam="Oak")  # WRONG
client.garden.plants.create(m.PlantInput(kind="Tree"), name="Oak")  # WRONG
batch.add(client.garden.plants.create)  # WRONG
batch.add(client.garden.plants.create, m.PlantInput(kind="Tree"), name="Oak")  # WRONG
m.LetterInput(body=body)
m.LetterInput(body=None)  # WRONG
m.LabelInput()  # WRONG
m.PlantInput(kind="Tree", count=None)
m.Plnt  # WRONG

client.garden.plants.list(sort="Planted")
client.garden.plants.list(sort="Plantd")  # WRONG
client.garden.plants.list(sort=Unlisted("Colour"))
client.garden.plants.list(sort=Unlisted(5))  # WRONG
client.garden.plants.iter(sort="Plantd")  # WRONG
batch.add(client.garden.plants.list, sort="Plantd")  # WRONG
client.archive.pictures.download("1", rendition="JPG")
m.PlantInput(kind="Tre")  # WRONG
m.PlantInput(kind=Unlisted("Fern"))
for value in values_of(m.PlantSort):
    assert_type(value, Any)
    client.garden.plants.list(sort=value)


def chosen(sort: m.PlantSort, text: str) -> m.PlantSort | Unlisted:
    """A value of an enumeration, and any other."""
    client.garden.plants.list(sort=sort)
    client.garden.plants.list(sort=text)  # WRONG
    return sort if text == "" else Unlisted(text)


def compared(tree: m.Tree) -> str:
    """Wrong values are found, new ones have a branch."""
    if tree.type == "Tre":  # WRONG
        return "never"
    if tree.type != "Tre":  # WRONG
        pass
    if "Tre" == tree.type:  # WRONG
        pass
    if tree.type == Unlisted("Fern"):
        return "new"
    if tree.type in ("Tree", "Bush"):
        return "old"
    match tree.type:
        case "Hedge":
            return "hedge"
        case _:
            return "newer"


RequestOptions(include=(path(m.PlantPage).plants.name, "/nextPageUrl"), format="xml", raise_on_failure=True)
RequestOptions(format="yaml")  # WRONG


def named(found: AnyPlant) -> str | None:
    """What every kind has needs no test of the kind."""
    if isinstance(found, m.Tree):
        assert_type(found.rings, int | None)
    return found.name


def kept(found: Plant) -> object:
    """What was sent, and what went wrong."""
    return found.raw_properties or found.failure


async def main() -> None:
    """The same, awaited."""
    async with AsyncConnect("https://example.invalid", token="t") as later:
        async for found in later.garden.plants.iter():
            assert_type(found, AnyPlant)
        async for page in later.garden.plants.iter().pages():
            assert_type(page, m.PlantPage)
        assert_type(await later.garden.plants.wait_for_label("1", progress=see), m.Label)
        promises = later.batch()
        assert_type(promises.add(later.garden.plants.get_label, "1"), BatchItem[m.Label])
        promises.add(client.garden.plants.get_label, "1")  # WRONG
        await promises.send()
'''
WRONG = [number for number, line in enumerate(PROGRAM.splitlines(), 1) if line.endswith("# WRONG")]


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The program, in a folder of its own."""
    file = tmp_path / "program.py"
    file.write_text(PROGRAM, encoding="utf-8")
    return file


def test_mypy(program: Path, small_packages: Path) -> None:
    """mypy, strict, finds what is wrong and nothing else."""
    path = os.pathsep.join([str(small_packages / "sf-connect-v33"), str(ROOT / "core")])
    command = [sys.executable, "-m", "mypy", "--strict", "--namespace-packages", "--explicit-package-bases"]
    options = ["--cache-dir", str(ROOT / ".cache" / "mypy-runtime-types"), "--no-error-summary", str(program)]
    environment = {**os.environ, "MYPYPATH": path}
    done = subprocess.run([*command, *options], cwd=program.parent, env=environment, capture_output=True, text=True)
    found = [line.split(":") for line in done.stdout.splitlines() if ": error:" in line]
    assert sorted({int(line[1]) for line in found if line[0].endswith("program.py")}) == WRONG, (
        done.stdout + done.stderr
    )
    assert all(line[0].endswith("program.py") for line in found), done.stdout


@pytest.mark.node
def test_pyright(program: Path, small_packages: Path) -> None:
    """pyright, strict, finds what is wrong and nothing else."""
    paths = [str(small_packages / "sf-connect-v33"), str(ROOT / "core")]
    settings = {"extraPaths": paths, "pythonVersion": "3.11", "typeCheckingMode": "strict", "include": ["program.py"]}
    project = program.parent / "pyrightconfig.json"
    project.write_text(json.dumps(settings), encoding="utf-8")
    command = [str(ROOT / "node_modules/.bin/pyright"), "--outputjson", "--pythonpath", sys.executable]

    def check() -> None:
        done = subprocess.run([*command, "--project", str(project)], capture_output=True, text=True, check=False)
        found = json.loads(done.stdout)["generalDiagnostics"]
        lines = sorted({one["range"]["start"]["line"] + 1 for one in found if one["severity"] == "error"})
        assert lines == WRONG, "\n".join(f"{one['range']['start']['line'] + 1}: {one['message']}" for one in found)

    read = [small_packages / "sf-connect-v33", ROOT / "core" / "sf_connect"]
    check_unless_passed("runtime-types", [Path(__file__), *read], check)
