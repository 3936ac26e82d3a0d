"""On a terminal `generate` draws a bar and `diff` has colours; anywhere else both give plain lines."""

from __future__ import annotations

import os
import pty
from pathlib import Path

from diff.small import write
from support.command import COMMAND, SMALL_CATALOGUE, SMALL_VERSIONS, connectgen, environment, generate_arguments


def on_a_terminal(folder: Path, *arguments: str) -> str:
    """What a command shows on a terminal, escape sequences included."""
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - the child becomes the command
        os.chdir(folder)
        os.execvpe(COMMAND[0], [*COMMAND, *arguments], environment(TERM="xterm", COLUMNS="80"))
    shown = b""
    try:
        while piece := os.read(terminal, 4096):
            shown += piece
    except OSError:
        pass  # Linux ends a closed terminal so
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown
    return shown.decode()


def test_a_bar_on_a_terminal_and_plain_lines_elsewhere(tmp_path: Path) -> None:
    shown = on_a_terminal(tmp_path, *generate_arguments(SMALL_CATALOGUE, tmp_path / "one"))
    assert "[####" in shown
    assert "4 packages written" in shown
    done = connectgen(*generate_arguments(SMALL_CATALOGUE, tmp_path / "two"), cwd=tmp_path)
    assert "[####" not in done.stderr + done.stdout
    assert "\r" not in done.stderr + done.stdout
    names = [f"sf-connect-v{version.removesuffix('.0')}" for version in SMALL_VERSIONS]
    assert [line.partition(": new, ")[0] for line in done.stderr.splitlines()] == names


def test_colours_on_a_terminal_alone(tmp_path: Path) -> None:
    spec = write(
        tmp_path / "spec",
        ("{name: delete, summary: Close a poll.,", "{name: delete, summary: Close a poll., until: 66.0,"),
    )
    arguments = ("diff", "66.0", "67.0", "--catalogue", str(spec))
    shown = on_a_terminal(tmp_path, *arguments)
    assert "\x1b[31m\x1b[1mBREAKING: 1\x1b[0m" in shown
    assert "\x1b[1mvotes.polls.create\x1b[0m instead." in shown
    assert "`" not in shown
    full = on_a_terminal(tmp_path, *arguments, "--full")
    assert "\x1b[31mBREAKING\x1b[0m votes.polls.delete: " in full
    assert "\x1b" not in connectgen(*arguments, cwd=tmp_path).stdout
