"""The walks of docs/architecture.md: a real call and a real run of the generator enter the modules that they name."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from sf_connect.testing import MockServer
from support.command import ROOT, SMALL_CATALOGUE, environment

TRACER = """\
import json, sys
from pathlib import Path

entered = set()

def note(frame, event, _):
    if event == "call" and frame.f_code.co_name != "<module>":
        entered.add(frame.f_code.co_filename)

PROGRAM
sys.setprofile(None)
folder = Path(sys.argv[1])
print(json.dumps([Path(file).relative_to(folder).as_posix() for file in entered if Path(file).is_relative_to(folder)]))
"""
CALL = """\
from sf_connect.core import APIStatusError, RateLimiter
from sf_connect.v33 import Connect, models as m

client = Connect(sys.argv[2], token=sys.argv[3], rate_limiter=RateLimiter(100))
sys.setprofile(note)
client.garden.plants.create(m.PlantInput(name="Oak", kind="Tree"))
try:
    client.garden.plants.get_label("nobody")
except APIStatusError:
    pass
"""
GENERATE = """\
from click.testing import CliRunner
from connectgen.cli.main import main

sys.setprofile(note)
done = CliRunner().invoke(main, ["generate", "--no-cache", "--catalogue", sys.argv[2], "--out", sys.argv[3]])
assert done.exit_code == 0, done.output
"""
ELSEWHERE = re.compile(r"families/|groups/|templates/")
"""Modules of the generated package, which step 1 names for the real catalogue."""
TYPES_ONLY = {"transport/hooks.py"}
"""Modules with named tuples alone: no code of theirs runs."""


def steps(title: str) -> list[list[str]]:
    """The modules that each step of a walk names."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (walk,) = re.findall(rf"^## {title}.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    found = re.split(r"^\d+\. ", walk, flags=re.MULTILINE)[1:]
    return [[name for name in re.findall(r"`([a-z_/]+\.py)`", step) if not ELSEWHERE.match(name)] for step in found]


def trace(program: str, folder: Path, *arguments: str, package: Path | None = None) -> set[str]:
    """The modules below a folder of which a program calls something."""
    own = environment()
    if package:
        own["PYTHONPATH"] = os.pathsep.join([str(package), own["PYTHONPATH"]])
    command = [sys.executable, "-c", TRACER.replace("PROGRAM", program), str(folder), *arguments]
    done = subprocess.run(command, env=own, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def not_entered(title: str, entered: set[str], count: int) -> list[str]:
    """The modules that a walk of so many steps names and a run does not enter."""
    named = steps(title)
    assert len(named) == count
    return sorted({name for step in named for name in step} - entered - TYPES_ONLY)


def test_a_call_enters_the_modules_of_walk_1(small_packages: Path) -> None:
    with MockServer(["--catalogue", str(SMALL_CATALOGUE)]) as server:
        entered = trace(
            CALL, ROOT / "core" / "sf_connect" / "core", server.url, server.token,
            package=small_packages / "sf-connect-v33",
        )  # fmt: skip
    assert not_entered("Walk 1:", entered, 10) == []


def test_generating_enters_the_modules_of_walk_2(tmp_path: Path) -> None:
    entered = trace(GENERATE, ROOT / "generator" / "connectgen", str(SMALL_CATALOGUE), str(tmp_path / "generated"))
    assert not_entered("Walk 2:", entered, 9) == []
    assert not_entered("Walk 2:", entered - {"naming.py"}, 9) == ["naming.py"]
