"""What docs/new-release.md shows of generating, building and trying a new version's client is what a run prints."""

from __future__ import annotations

import code
import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from test_new_release import connectgen, copy_of_repository, environment, git
from whole.test_release_page import EDITS, FILE, replace, section

_LONG = 1_200
"""Seconds that generating or building may take on a machine that is busy."""
_IMPORT = ("import", "openapi", FILE.name, "--family", "badges", "--no-ask")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository after sections 1 to 4 of the page, committed."""
    folder = copy_of_repository(tmp_path_factory.mktemp("wheel") / "repository")
    (folder / FILE.name).write_bytes(FILE.read_bytes())
    begun = connectgen(folder, "release", "begin", "68.0")
    assert begun.returncode == 0, begun.stdout + begun.stderr
    done = connectgen(folder, *_IMPORT, "--new-family", "--accept", "ends", "--accept", "additions")
    assert done.returncode == 0, done.stdout + done.stderr
    for name, old, new in EDITS:
        replace(folder / "spec" / name, old, new)
    (folder / FILE.name).unlink()
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "The release")
    return folder


def printed_in_docs(number: int, command: str) -> list[str]:
    """What a section shows below a command that `make` prints."""
    found = re.search(rf"^    {re.escape(command)}\n((?:    (?!\$ ).*\n)+)", section(number), re.MULTILINE)
    assert found, command
    return [line[4:] for line in found[1].splitlines()]


def test_sections_6_and_7_show_what_is_printed(released: Path) -> None:
    for number, command in ((6, "generate"), (7, "wheels")):
        done = connectgen(released, command, "68.0", timeout=_LONG)
        printed = (done.stdout + done.stderr).splitlines()  # progress goes to the other stream
        assert sorted(printed) == sorted(printed_in_docs(number, f".venv/bin/connectgen {command} 68.0")), command
    names = sorted(path.name for path in (released / "dist").iterdir() if not path.name.startswith("."))
    assert names == " ".join(printed_in_docs(7, "$ ls dist")).split()


def test_the_client_behaves_as_shown(released: Path) -> None:
    if not (released / "generated" / "sf-connect-v68").is_dir():
        connectgen(released, "generate", "68.0", timeout=_LONG)
    lines = [line[4:] for line in section(7).splitlines() if line.startswith("    ")]
    session = lines[next(index for index, line in enumerate(lines) if line.startswith(">>> ")) :]
    last = max(index for index, line in enumerate(session) if line.startswith(">>> ")) + 2
    path = os.pathsep.join(str(released / part) for part in ("generated/sf-connect-v68", "core"))
    script = "import runpy, sys; from whole.test_release_wheel import replay; replay(sys.stdin.read())"
    done = subprocess.run(
        [sys.executable, "-c", script],
        input="\n".join(session[:last]), cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False,
        env={**environment(released), "PYTHONPATH": os.pathsep.join((path, environment(released)["PYTHONPATH"], "."))},
    )  # fmt: skip
    assert done.stdout.splitlines() == session[:last], done.stdout + done.stderr


def replay(session: str) -> None:
    """Print a session at Python's prompt with what it prints today."""
    console = code.InteractiveConsole()
    for line in session.splitlines():
        if not line.startswith(">>> "):
            continue
        print(line)
        written = io.StringIO()
        with contextlib.redirect_stdout(written):
            console.push(line.removeprefix(">>> "))
        print(written.getvalue(), end="")
