"""Wheels of the real packages: all of them are built, none is too large, and two from an index work side by side."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from connectgen.wheels.contents import MOST_BYTES
from core.server import Answer, running
from support.command import ROOT, connectgen
from support.shared import kept
from support.versions import NEWEST, VERSIONS
from wheels.libraries import needed_by, pack_libraries
from wheels.package_index import running_index

BOTH = (NEWEST - 1, NEWEST)
CALLER = """
import importlib, sys
for version in sys.argv[2:]:
    with importlib.import_module(f"sf_connect.v{version}").Connect(sys.argv[1], token="t") as client:
        print(client.chatter.users.get("me").name)
"""


@pytest.fixture(scope="module")
def dist(packages: Path) -> Path:
    """The folder with wheels of everything, which are built anew where anything changed that they are made from."""

    def build(folder: Path) -> None:
        done = connectgen("wheels", "--generated", str(packages), "--dist", str(folder), cwd=ROOT, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr

    return kept("dist", build)


def test_everything_is_built(dist: Path) -> None:
    names = {"connectgen", "sf_connect", "sf_connect_core", *(f"sf_connect_v{version}" for version in VERSIONS)}
    for pattern in ("*.whl", "*.tar.gz", "sbom/*.cdx.json"):
        assert {path.name.split("-")[0] for path in dist.glob(pattern)} == names
        assert len(list(dist.glob(pattern))) == len(names)


def test_the_largest_wheel_is_small_enough(dist: Path) -> None:
    (wheel,) = dist.glob(f"sf_connect_v{NEWEST}-*.whl")
    assert wheel.stat().st_size <= MOST_BYTES


def test_two_versions_from_an_index_are_called_side_by_side(dist: Path, tmp_path: Path) -> None:
    pack_libraries(needed_by(ROOT / "core" / "pyproject.toml"), tmp_path / "libraries")
    environment = tmp_path / "environment"
    venv.EnvBuilder(with_pip=False, symlinks=True).create(environment)
    python = str(environment / "bin" / "python")
    with running_index(tmp_path / "index") as index:
        files = [
            str(path)
            for name in ("core", *(f"v{version}" for version in BOTH))
            for path in dist.glob(f"sf_connect_{name}-*")
        ]
        twine = [sys.executable, "-m", "twine", "upload", "--non-interactive", "--repository-url", index.url]
        subprocess.run([*twine, "--username", "a", "--password", "b", *files], check=True, capture_output=True)
        pip = [sys.executable, "-m", "pip", "--isolated", "--quiet", "--python", python, "install", "--no-compile"]
        sources = ["--index-url", f"{index.url}simple/", "--find-links", str(tmp_path / "libraries")]
        subprocess.run([*pip, *sources, *(f"sf-connect-v{version}" for version in BOTH)], check=True)
    with running() as server:
        server.answer(Answer(body=b'{"name": "Maria"}'))
        done = subprocess.run(
            [python, "-I", "-c", CALLER, server.url, *map(str, BOTH)], capture_output=True, text=True, check=False
        )
        targets = [received.target for received in server.received]
    assert done.stdout.split() == ["Maria", "Maria"], done.stderr
    assert targets == [f"/services/data/v{version}.0/chatter/users/me" for version in BOTH]
