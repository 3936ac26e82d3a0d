"""The tutorial's programs print what docs/tutorial.md shows, and the examples of both READMEs run, against the mock."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sf_connect.testing import MockServer
from support.command import ROOT, connectgen

TEXT = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"^```python\n(.*?)^```\n(?:(?!^```).)*?^```text\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
(VERSION,) = set(re.findall(r"from sf_connect\.v(\d+) import", TEXT))
URL = "http://127.0.0.1:8080"


@pytest.fixture(scope="module")
def client_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated client of the version that the tutorial uses."""
    out = tmp_path_factory.mktemp("tutorial") / "generated"
    done = connectgen("generate", f"{VERSION}.0", "--out", str(out), cwd=ROOT, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr
    return out / f"sf-connect-v{VERSION}"


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(["--state"]) as server:
        yield server


def test_tutorial_has_a_program_for_each_of_its_steps() -> None:
    assert len(PROGRAMS) == TEXT.count("```python") == 5
    assert all(URL in program for program, _ in PROGRAMS)


@pytest.mark.parametrize(
    ("program", "shown"), PROGRAMS, ids=[f"step-{number}" for number in range(3, 3 + len(PROGRAMS))]
)
def test_program_prints_what_the_tutorial_shows(
    program: str, shown: str, client_folder: Path, server: MockServer, tmp_path: Path
) -> None:
    server.reset()
    done = run(program.replace(URL, server.url), client_folder, tmp_path)
    assert done.stderr == ""
    assert done.stdout == shown


@pytest.mark.parametrize(("readme", "printed"), [("README.md", 20), ("core/README.md", 0)])
def test_example_of_readme_runs(
    readme: str, printed: int, client_folder: Path, server: MockServer, tmp_path: Path
) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    for shown, used in {
        "https://acme.my.salesforce.com": server.url,
        'token="…"': f'token="{server.token}"',
        '"client_id": "…"': '"client_id": "mock-client"',
        '"client_secret": "…"': '"client_secret": "mock-secret"',
    }.items():
        program = program.replace(shown, used)
    assert "…" not in program
    done = run(program, client_folder, tmp_path)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) >= printed


def run(program: str, client_folder: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program with core and the client on its path."""
    file = folder / "first.py"
    file.write_text(program, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(client_folder), str(ROOT / "core")])}
    return subprocess.run(
        [sys.executable, str(file)], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
