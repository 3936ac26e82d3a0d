"""Core's next major with older clients beside it: pip says so, and the import is one clear message."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from wheels.checkout import Checkout

NEXT_MAJOR = (
    ("core/pyproject.toml", 'version = "0.1.0"', 'version = "1.0.0"'),
    ("core/sf_connect/core/series.py", 'SERIES = "0.1"', 'SERIES = "1"'),
    ("templates/python/core.jinja", ">=0.1,<0.2", ">=1,<2"),
    ("templates/python/core.jinja", 'series = "0.1"', 'series = "1"'),
)
OLDER = (
    "ImportError: sf-connect-v33 needs sf-connect-core 0.1.x, and 1.x is installed: "
    "pip install --upgrade sf-connect-v33 brings releases that go together (pip check lists what else does not fit)"
)
NEWER = OLDER.replace("core 0.1.x, and 1.x", "core 1.x, and 0.1.x").replace("v33", "v32")


class Environment:
    """A real environment, and pip for it, without the network."""

    def __init__(self, folder: Path, variables: dict[str, str]) -> None:
        self.folder, self._variables = folder, variables
        if not folder.exists():
            venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
        self.python = str(folder / "bin" / "python")

    def copy(self, folder: Path) -> Environment:
        """The same again, elsewhere."""
        return Environment(shutil.copytree(self.folder, folder, symlinks=True), self._variables)

    def pip(self, *arguments: str, code: int = 0) -> str:
        """What pip said."""
        command = [sys.executable, "-m", "pip", "--no-input", "--python", self.python, *arguments]
        done = subprocess.run(command, env=self._variables, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run its interpreter."""
        return subprocess.run(
            [self.python, "-I", *arguments], capture_output=True, text=True, check=False, cwd=self.folder
        )


@pytest.fixture(scope="module")
def newer(pristine: Checkout, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of wheels of core 1.0.0, and of clients for that."""
    made = pristine.copy(tmp_path_factory.mktemp("newer") / "checkout")
    for edit in NEXT_MAJOR:
        made.edit(*edit)
    made.run("generate")
    made.run("wheels", "--dist", "newer")
    return str(made.folder / "newer")


@pytest.fixture(scope="module")
def older(pristine: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """One with core 0.1.0 and the client for 33.0. Not to be changed."""
    made = Environment(tmp_path_factory.mktemp("older") / "environment", pristine.environment())
    made.pip("install", "--no-compile", "--find-links", str(pristine.dist), "sf-connect-v33")
    assert made.run("-c", "import sf_connect.v33").returncode == 0
    return made


@pytest.fixture(scope="module")
def mixed(older: Environment, newer: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Environment, str]:
    """The same with the client for 32.0, which brought core 1.0.0, and what pip said of it. Not to be changed."""
    made = older.copy(tmp_path_factory.mktemp("mixed") / "environment")
    return made, made.pip("install", "--no-compile", "--find-links", newer, "sf-connect-v32")


def test_an_older_client_beside_a_newer_core_is_one_clear_message(
    mixed: tuple[Environment, str], tmp_path: Path
) -> None:
    environment, said = mixed[0].copy(tmp_path / "environment"), mixed[1]
    assert "sf-connect-v33 33.0.0 requires sf-connect-core<0.2,>=0.1.0, but you have sf-connect-core 1.0.0" in said

    assert environment.run("-c", "import sf_connect.v32").returncode == 0
    for place in ("sf_connect.v33", "sf_connect.v33.models", "sf_connect.v33.client"):
        done = environment.run("-c", f"import {place}")
        assert (done.returncode, done.stderr.splitlines()[-1]) == (1, OLDER)
    assert OLDER in environment.run("-m", "sf_connect.v33").stderr
    assert "sf-connect-v33 33.0.0 has requirement sf-connect-core<0.2,>=0.1.0" in environment.pip("check", code=1)

    client = next(environment.folder.rglob("site-packages/sf_connect/core/client.py"))
    client.unlink()  # whatever else the next major lacks, this is said first
    assert environment.run("-c", "import sf_connect.v33").stderr.splitlines()[-1] == OLDER


def test_what_the_message_says_to_do_helps(mixed: tuple[Environment, str], newer: str, tmp_path: Path) -> None:
    environment = mixed[0].copy(tmp_path / "environment")
    # The client for 33.0 has a release for the next major here; its version is the same, so it is forced.
    environment.pip(
        "install", "--no-compile", "--find-links", newer, "--upgrade", "--force-reinstall", "sf-connect-v33"
    )
    assert environment.run("-c", "import sf_connect.v33, sf_connect.v32").returncode == 0
    environment.pip("check")


def test_a_newer_client_beside_an_older_core_is_one_too(older: Environment, newer: str, tmp_path: Path) -> None:
    environment = older.copy(tmp_path / "environment")
    environment.pip("install", "--no-compile", "--no-deps", "--find-links", newer, "sf-connect-v32")
    done = environment.run("-c", "import sf_connect.v32")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, NEWER)
