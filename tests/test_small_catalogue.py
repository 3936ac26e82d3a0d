"""Everything that the small catalogue makes, in full text: what a reviewer reads when a template changes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from support.command import SMALL_CATALOGUE, SMALL_VERSIONS, connectgen, environment, files_of
from support.formatted import assert_black_changes_nothing

IMPORT_ALL = """
import importlib, pathlib, sys, warnings
warnings.simplefilter("error")
warnings.filterwarnings("ignore", category=FutureWarning)
root = pathlib.Path(sys.argv[1])
for path in sorted(root.rglob("*.py")):
    parts = path.relative_to(root).with_suffix("").parts
    importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
from_models = importlib.import_module(f"sf_connect.{sys.argv[2]}.models")
for name in dir(from_models):
    getattr(from_models, name)
"""


class PackageText(SingleFileSnapshotExtension):
    """One text file a package: each generated file under a line with its path."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


def package_folder(version: str) -> str:
    """`sf-connect-v33` for `33.0`."""
    return f"sf-connect-v{version.removesuffix('.0')}"


def test_the_small_catalogue_is_valid(tmp_path: Path) -> None:
    done = connectgen("validate", "--catalogue", str(SMALL_CATALOGUE), cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_one_package_for_each_version(small_packages: Path) -> None:
    made = sorted(path.name for path in small_packages.glob("sf-*"))
    assert made == [package_folder(version) for version in SMALL_VERSIONS]


@pytest.mark.parametrize("version", SMALL_VERSIONS)
def test_the_package_is_as_reviewed(version: str, small_packages: Path, snapshot: SnapshotAssertion) -> None:
    files = files_of(small_packages / package_folder(version))
    text = "".join(f"======== {path}\n{content.decode()}\n" for path, content in files.items())
    assert text == snapshot(extension_class=PackageText)


@pytest.mark.parametrize("version", SMALL_VERSIONS)
def test_every_module_and_model_imports(version: str, small_packages: Path, tmp_path: Path) -> None:
    folder = small_packages / package_folder(version)
    arguments = [str(folder), f"v{version.removesuffix('.0')}"]
    env = environment()
    env["PYTHONPATH"] += f":{folder}"
    done = subprocess.run(
        [sys.executable, "-B", "-c", IMPORT_ALL, *arguments], env=env, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_black_has_the_last_word(small_packages: Path) -> None:
    assert_black_changes_nothing(small_packages)
