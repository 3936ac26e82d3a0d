"""Every package of the real catalogue imports; operations of the oldest and newest do what the catalogue says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from connectgen.python.line_breaks import LINE_LENGTH
from support.command import ROOT, bytecode_of, environment
from support.versions import NEWEST, OLDEST, VERSIONS

CALLER = Path(__file__).with_name("caller.py")
IMPORTER = Path(__file__).with_name("importer.py")


def run(packages: Path, version: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python with core, one package and the tests' own modules importable."""
    own = environment(**bytecode_of(packages), BLACK_CACHE_DIR=str(ROOT / ".cache" / "black"))
    folders = [str(packages / f"sf-connect-v{version}"), str(ROOT / "tests")]
    own["PYTHONPATH"] = os.pathsep.join([own["PYTHONPATH"], *folders])
    return subprocess.run(
        [sys.executable, *arguments], env=own, capture_output=True, text=True, timeout=200, check=False
    )


@pytest.fixture(scope="module")
def imports(packages: Path) -> dict[str, dict[str, Any]]:
    """What became of the imports of every version, each in an interpreter that imported no package before."""
    own = environment(**bytecode_of(packages))
    command = [sys.executable, str(IMPORTER), *(str(packages / f"sf-connect-v{version}") for version in VERSIONS)]
    done = subprocess.run(command, env=own, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    return {one["package"]: one for one in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_module_imports(imports: dict[str, dict[str, Any]], version: int) -> None:
    """All modules of a package, each file of it."""
    found = imports[f"sf-connect-v{version}"]
    assert not found["failure"], found["failure"]
    assert found["modules"] > 20


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_every_operation_asks_for_what_the_catalogue_says(packages: Path, version: int) -> None:
    """Method, path, query, headers and body as they reach a server, and the answer decoded, sync and async."""
    done = run(packages, version, str(CALLER), str(version))
    assert done.returncode == 0, done.stderr
    count, faults = json.loads(done.stdout)
    assert count > 200
    assert not faults, f"{len(faults)} of {count}:\n" + "\n".join(faults[:60])


def test_no_file_is_too_long_to_read(packages: Path) -> None:
    """At most 1,500 lines, whatever a version has."""
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in packages.rglob("*.py")}
    assert len(lengths) > 5_000
    assert {path.name: count for path, count in lengths.items() if count > 1_500} == {}


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_black_has_the_last_word(packages: Path, version: int) -> None:
    """Modules are put together from parts that black laid out; it leaves the whole as it is."""
    command = ["black", "--check", f"--line-length={LINE_LENGTH}", "--target-version=py311"]
    files = [
        str(path) for path in (packages / f"sf-connect-v{version}").rglob("*.py")
    ]  # a folder that git ignores is none
    done = run(packages, version, "-m", *command, *files)
    assert done.returncode == 0, done.stderr
    assert f"{len(files)} files would be left unchanged" in done.stderr
