"""A standard stream that cannot be written is what the disk refuses: one line and exit code 3, from every command."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from support.command import COMMAND, SMALL_CATALOGUE, environment, generate_arguments

FULL = Path("/dev/full")
SMALL = ("--catalogue", str(SMALL_CATALOGUE))
COMMANDS = [
    ("diff", "30.0", "33.0", *SMALL),
    ("openapi", "33.0", *SMALL),
    ("find", "plants", *SMALL),
    ("show", "Plant", *SMALL),
    ("validate", *SMALL),
    ("lint", *SMALL),
    ("report", *SMALL),
    ("rules",),
    ("--help",),
    ("--version",),
    ("import", "--help"),
]


def _into(target: Path, *arguments: str, cwd: Path, stream: str = "stdout", **variables: str) -> tuple[int, str]:
    """The exit code of a command of which one stream goes to a file, and what the other stream shows."""
    other = "stderr" if stream == "stdout" else "stdout"
    with target.open("wb") as opened:
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=cwd,
            env=environment(**variables),
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=120,
            check=False,
            **{stream: opened, other: subprocess.PIPE},  # type: ignore[call-overload]
        )
    return done.returncode, done.stderr if stream == "stdout" else done.stdout


pytestmark = pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_output_that_cannot_be_written_is_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    shown = _into(FULL, *arguments, cwd=tmp_path, PYTHONUNBUFFERED="")
    assert shown == (3, "standard output: No space left on device\n")


def test_without_a_buffer_too(tmp_path: Path) -> None:
    shown = _into(FULL, "rules", cwd=tmp_path, PYTHONUNBUFFERED="1")
    assert shown == (3, "standard output: No space left on device\n")


def test_a_folder_that_was_written_is_not_what_failed(tmp_path: Path) -> None:
    code, shown = _into(FULL, *generate_arguments(SMALL_CATALOGUE, tmp_path / "out"), cwd=tmp_path)
    assert (code, shown.splitlines()[-1]) == (3, "standard output: No space left on device")


def test_an_error_that_cannot_be_shown_still_ends_with_its_code(tmp_path: Path) -> None:
    assert _into(FULL, "nothing-of-this-name", cwd=tmp_path, stream="stderr") == (3, "")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_closed_pipe_stays_silent(tmp_path: Path, unbuffered: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, "rules"],
        cwd=tmp_path,
        env=environment(PYTHONUNBUFFERED=unbuffered),
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=120,
        check=False,
    )
    os.close(writing)
    assert done.stderr == b""
