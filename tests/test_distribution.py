"""What is installed works without this checkout: the generator's wheel, and core with a generated package."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support.command import ROOT, files_of

PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
WITHOUT_NETWORK = ["--no-deps", "--no-build-isolation", "--no-index"]


def run(command: list[str], cwd: Path, *search_path: Path) -> str:
    """Run a command that sees only the given folders beside the installed libraries; what it printed."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, search_path)), "PYTHONWARNINGS": ""}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def unpacked_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generator's wheel, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    run([*PIP, "wheel", *WITHOUT_NETWORK, "--wheel-dir", str(folder), str(ROOT)], folder)
    (wheel,) = folder.glob("connectgen-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


@pytest.mark.parametrize("name", ["spec", "templates"])
def test_the_wheel_carries_catalogue_and_templates(unpacked_wheel: Path, name: str) -> None:
    assert files_of(unpacked_wheel / "connectgen" / "_data" / name) == files_of(ROOT / name)


def test_the_wheels_command_uses_what_the_wheel_carries(unpacked_wheel: Path, tmp_path: Path) -> None:
    said = run([sys.executable, "-m", "connectgen", "validate"], tmp_path, unpacked_wheel)
    assert str(unpacked_wheel) in said


def test_core_and_a_package_install_side_by_side(small_packages: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    packages = [str(ROOT / "core"), *(str(small_packages / f"sf-connect-v{version}") for version in (31, 33))]
    run([*PIP, "install", *WITHOUT_NETWORK, "--target", str(target), *packages], tmp_path)

    program = "import sf_connect.v31, sf_connect.v33, sf_connect.core as c; print(c.__file__)"
    said = run([sys.executable, "-c", program], tmp_path, target)

    assert said.startswith(str(target))
