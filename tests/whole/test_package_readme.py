"""What a package's README shows, on its page at the package index, is right in its version: run, and type-checked."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sf_connect.testing import MockServer
from support.command import ROOT
from support.passed import check_unless_passed
from support.versions import NEWEST, OLDEST

SF = """#!{python}
import json, sys
shown = {{"instanceUrl": {url!r}}} if sys.argv[1:3] == ["org", "display"] else {{"accessToken": "mock-token"}}
print(json.dumps({{"status": 0, "result": shown}}))
"""
VERSIONS = [OLDEST, 45, NEWEST]


class Readme(NamedTuple):
    """The README of a version, and where its package is."""

    version: int
    text: str
    path: str

    @property
    def blocks(self) -> list[str]:
        """Its Python."""
        return re.findall(r"^```python\n(.*?)^```$", self.text, re.MULTILINE | re.DOTALL)

    @property
    def commands(self) -> list[list[str]]:
        """What it types into a terminal."""
        return [
            shlex.split(line)
            for line in re.findall(r"^    (\w.*)$", re.sub(r"(?s)```.*?```", "", self.text), re.MULTILINE)
        ]


@pytest.fixture(scope="module")
def readmes(packages: Path) -> list[Readme]:
    return [read(packages, version) for version in VERSIONS]


@pytest.fixture(params=range(len(VERSIONS)), ids=map(str, VERSIONS))
def readme(request: pytest.FixtureRequest, readmes: list[Readme]) -> Readme:
    return readmes[request.param]


def read(packages: Path, version: int) -> Readme:
    """The README of a generated package."""
    folder = packages / f"sf-connect-v{version}"
    path = os.pathsep.join([str(folder), str(ROOT / "core")])
    return Readme(version, (folder / "README.md").read_text(encoding="utf-8"), path)


@pytest.fixture(scope="module")
def running_mock() -> Iterator[MockServer]:
    with MockServer(["--items", "30"]) as server:
        yield server


@pytest.fixture
def mock(running_mock: MockServer) -> MockServer:
    """The mock, as if it was started for the test alone."""
    running_mock.reset()
    return running_mock


def run(
    readme: Readme, folder: Path, url: str, *command: str, python_path: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python where `sf` knows the mock's login."""
    (folder / "sf").write_text(SF.format(python=sys.executable, url=url), encoding="utf-8")
    (folder / "sf").chmod(0o755)
    environment = {**os.environ, "PATH": str(folder), "PYTHONPATH": python_path or readme.path}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_programs_run(readme: Readme, mock: MockServer, tmp_path: Path) -> None:
    assert len(readme.blocks) == 3
    mock.respond("GET /query", {"totalSize": 5, "done": True, "records": []}, version=f"{readme.version}.0")
    text = "\n".join(readme.blocks).replace("https://acme.my.salesforce.com", mock.url).replace("…", "mock-token")
    (tmp_path / "example.py").write_text(text, encoding="utf-8")
    done = run(readme, tmp_path, mock.url, "example.py")
    (asked,) = [call for call in mock.calls() if "/query" in call["target"]]
    assert done.returncode == 0, done.stderr
    assert f"/v{readme.version}.0/query?q=SELECT+Name+FROM+Account" in asked["target"]
    assert ("RetiredVersionWarning" in done.stderr) == (readme.version == OLDEST)
    assert ("is retired since" in readme.text) == (readme.version == OLDEST)
    name, *shown = done.stdout.splitlines()
    subscriptions, after = shown[:30], shown[30:]
    assert len(set(subscriptions)) == 30
    assert after[0].startswith("400 INVALID_ID_FIELD Invalid identifier: nobody")
    assert after[1:] == ["5", name, *subscriptions]


def test_the_commands_work(readme: Readme, mock: MockServer, tmp_path: Path) -> None:
    installs = [command for command in readme.commands if command[0] == "pip"]
    assert installs == [["pip", "install", f"sf-connect-v{readme.version}"], ["pip", "install", "sf-connect-core[cli]"]]
    find, show, call = [command[1:] for command in readme.commands if command[0] == "python"]
    found = run(readme, tmp_path, mock.url, *find)
    assert json.loads(found.stdout)[0]["operation"] == "chatter.users.follow", found.stderr
    shown = run(readme, tmp_path, mock.url, *show)
    assert "chatter.users.get(user_id: str" in json.loads(shown.stdout)["signature"], shown.stderr
    called = run(readme, tmp_path, mock.url, *call)
    assert json.loads(called.stdout)["name"], called.stderr


def test_it_fits_two_screens(readme: Readme) -> None:
    assert len(readme.text.splitlines()) <= 100


def test_mypy_passes_the_programs(readmes: list[Readme], tmp_path: Path) -> None:
    def check() -> None:
        files = [file for readme in readmes for file in save_programs(readme, tmp_path)]
        command = ["-m", "mypy", "--strict", "--namespace-packages", "--explicit-package-bases"]
        environment = {**os.environ, "MYPYPATH": os.pathsep.join(paths_of(readmes))}
        done = subprocess.run(
            [sys.executable, *command, "--cache-dir", str(ROOT / ".cache" / "mypy-readme"), *files],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"no issues found in {2 * len(VERSIONS)} source files" in done.stdout

    check_unless_passed("readmes-mypy", seen_by_checkers(readmes), check)


@pytest.mark.node
def test_pyright_passes_the_programs(readmes: list[Readme], tmp_path: Path) -> None:
    def check() -> None:
        for readme in readmes:
            save_programs(readme, tmp_path)
        settings = {"extraPaths": paths_of(readmes), "pythonVersion": "3.11", "typeCheckingMode": "strict"}
        (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
        command = [str(ROOT / "node_modules/.bin/pyright"), "--outputjson", "--pythonpath", sys.executable]
        done = subprocess.run(
            [*command, "--project", str(tmp_path)], capture_output=True, text=True, check=False, timeout=300
        )
        found = json.loads(done.stdout)
        assert found["summary"]["filesAnalyzed"] == 2 * len(VERSIONS)
        assert found["generalDiagnostics"] == []

    check_unless_passed("readmes-pyright", seen_by_checkers(readmes), check)


def seen_by_checkers(readmes: list[Readme]) -> list[Path]:
    """All that a checker's word depends on: this file, core and the packages with their READMEs."""
    return [Path(__file__), *(Path(path) for path in paths_of(readmes))]


def paths_of(readmes: list[Readme]) -> list[str]:
    """Where a checker finds core and the packages of all versions at once."""
    return list(dict.fromkeys(path for readme in readmes for path in readme.path.split(os.pathsep)))


def save_programs(readme: Readme, folder: Path) -> list[str]:
    """The programs as files: the login and what uses its client together, the asynchronous one by itself."""
    login, use, later = readme.blocks
    names = [f"plain{readme.version}.py", f"later{readme.version}.py"]
    for name, text in zip(names, (f"{login}\n{use}", later), strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    return names
