"""What a package's README shows, on its page at the package index, is right in its version: run, and type-checked."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from sf_connect.testing import MockServer
from support.command import ROOT
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


@pytest.fixture(params=VERSIONS)
def readme(request: pytest.FixtureRequest, packages: Path) -> Readme:
    folder = packages / f"sf-connect-v{request.param}"
    path = os.pathsep.join([str(folder), str(ROOT / "core")])
    return Readme(request.param, (folder / "README.md").read_text(encoding="utf-8"), path)


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


def test_the_programs_run(readme: Readme, tmp_path: Path) -> None:
    assert len(readme.blocks) == 3
    with MockServer(["--items", "30"]) as server:
        server.respond("GET /query", {"totalSize": 5, "done": True, "records": []}, version=f"{readme.version}.0")
        text = "\n".join(readme.blocks).replace("https://acme.my.salesforce.com", server.url).replace("…", "mock-token")
        (tmp_path / "example.py").write_text(text, encoding="utf-8")
        done = run(readme, tmp_path, server.url, "example.py")
        (asked,) = [call for call in server.calls() if "/query" in call["target"]]
    assert done.returncode == 0, done.stderr
    assert f"/v{readme.version}.0/query?q=SELECT+Name+FROM+Account" in asked["target"]
    assert ("RetiredVersionWarning" in done.stderr) == (readme.version == OLDEST)
    assert ("is retired since" in readme.text) == (readme.version == OLDEST)
    name, *shown = done.stdout.splitlines()
    subscriptions, after = shown[:30], shown[30:]
    assert len(set(subscriptions)) == 30
    assert after[0].startswith("400 INVALID_ID_FIELD Invalid identifier: nobody")
    assert after[1:] == ["5", name, *subscriptions]


def test_the_commands_work(readme: Readme, tmp_path: Path) -> None:
    installs = [command for command in readme.commands if command[0] == "pip"]
    assert installs == [["pip", "install", f"sf-connect-v{readme.version}"], ["pip", "install", "sf-connect-core[cli]"]]
    find, show, call = [command[1:] for command in readme.commands if command[0] == "python"]
    with MockServer([]) as server:
        found = run(readme, tmp_path, server.url, *find)
        assert json.loads(found.stdout)[0]["operation"] == "chatter.users.follow", found.stderr
        shown = run(readme, tmp_path, server.url, *show)
        assert "chatter.users.get(user_id: str" in json.loads(shown.stdout)["signature"], shown.stderr
        called = run(readme, tmp_path, server.url, *call)
        assert json.loads(called.stdout)["name"], called.stderr


def test_it_fits_two_screens(readme: Readme) -> None:
    assert len(readme.text.splitlines()) <= 100


def test_mypy_passes_the_programs(readme: Readme, tmp_path: Path) -> None:
    files = save_programs(readme, tmp_path)
    command = ["-m", "mypy", "--strict", "--namespace-packages", "--explicit-package-bases"]
    cache = ROOT / ".cache" / f"mypy-readme-{readme.version}"
    environment = {**os.environ, "MYPYPATH": readme.path}
    done = subprocess.run(
        [sys.executable, *command, "--cache-dir", str(cache), *files],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.node
def test_pyright_passes_the_programs(readme: Readme, tmp_path: Path) -> None:
    save_programs(readme, tmp_path)
    settings = {"extraPaths": readme.path.split(os.pathsep), "pythonVersion": "3.11", "typeCheckingMode": "strict"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [str(ROOT / "node_modules/.bin/pyright"), "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(
        [*command, "--project", str(tmp_path)], capture_output=True, text=True, check=False, timeout=300
    )
    found = json.loads(done.stdout)
    assert found["summary"]["filesAnalyzed"] == 2
    assert found["generalDiagnostics"] == []


def save_programs(readme: Readme, folder: Path) -> list[str]:
    """The programs as files: the login and what uses its client together, the asynchronous one by itself."""
    login, use, later = readme.blocks
    (folder / "plain.py").write_text(f"{login}\n{use}", encoding="utf-8")
    (folder / "later.py").write_text(later, encoding="utf-8")
    return ["plain.py", "later.py"]
