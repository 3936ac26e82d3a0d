"""The distribution `sf-connect`: built, published and installed by its name."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from wheels.checkout import Checkout
from wheels.package_index import PackageIndex


def test_a_list_that_is_behind_is_not_built(built: Checkout) -> None:
    built.edit("umbrella/sf_connect/clients/releases.py", '    Client("33.0", ', '    Client("34.0", ')
    said = built.run("wheels", code=1)
    assert "umbrella/sf_connect/clients/releases.py: does not follow the list of releases" in said
    assert "run connectgen release begin 33.0" in said
    built.run("release", "begin", "33.0")
    assert "6 kept" in built.run("wheels")  # the figures of connectgen's README follow too


@pytest.fixture
def environment(
    released: Checkout, index: PackageIndex, libraries: Path, tmp_path: Path
) -> tuple[Path, list[str], dict[str, str]]:
    """An index with all that is published, and an empty environment: it, pip's command, pip's variables."""
    released.run("release", "publish", index.url)
    folder = tmp_path / "environment"
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    pip = [sys.executable, "-m", "pip", "--quiet", "--no-input", "--python", str(folder / "bin" / "python"), "install"]
    variables = released.environment()
    del variables["PIP_NO_INDEX"]
    return (
        folder,
        [*pip, "--no-compile", "--index-url", f"{index.url}simple/", "--find-links", str(libraries)],
        variables,
    )


def test_it_is_installed_by_its_name_and_says_which_clients_there_are(
    environment: tuple[Path, list[str], dict[str, str]],
) -> None:
    folder, pip, variables = environment
    subprocess.run([*pip, "sf-connect"], env=variables, check=True)
    assert not (folder / "bin" / "sf-connect-v33").exists()
    said = run(folder / "bin" / "sf-connect")
    assert "For new code take the newest version" in said
    rows = [line.split() for line in said.splitlines() if line[:1].isdigit()]
    assert [row[0] for row in rows] == ["33.0", "32.0", "31.0", "30.0"]
    assert "(retired in " in said
    assert run(folder / "bin" / "python", "-m", "sf_connect.clients") == said

    subprocess.run([*pip, "sf-connect[v33]"], env=variables, check=True)
    (row,) = [line for line in run(folder / "bin" / "sf-connect").splitlines() if line.startswith("33.0")]
    assert row.endswith(" 33.0.0")
    assert (
        run(folder / "bin" / "python", "-c", "from sf_connect.v33 import Connect; print(Connect.api_version)")
        == "33.0\n"
    )
    done = subprocess.run([folder / "bin" / "sf-connect", "33.0"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("Traceback")) == (2, 0)


def run(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd="/").stdout
