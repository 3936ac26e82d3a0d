"""What docs/ shows of the commands is what they print: each `--help`, and the line for a catalogue without faults."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.command import ROOT, connectgen, environment

DOCS = sorted((ROOT / "docs").glob("*.md"))
_HELP = re.compile(r"^    \$ connectgen ([a-z ]*)--help\n((?:(?:    (?!\$ ).*)?\n)*)", re.MULTILINE)
SHOWN = [(path, *found) for path in DOCS for found in _HELP.findall(path.read_text(encoding="utf-8"))]
COMMANDS = {
    "",
    "generate",
    "validate",
    "lint",
    "report",
    "rules",
    "wheels",
    "release",
    "openapi",
    "import guide",
    "import openapi",
}


@pytest.mark.parametrize(
    ("path", "command", "shown"), SHOWN, ids=[f"{path.stem}-{one.strip()}" for path, one, _ in SHOWN]
)
def test_the_help_that_is_shown_is_the_help(path: Path, command: str, shown: str) -> None:
    said = connectgen(*command.split(), "--help", cwd=ROOT, env=environment(COLUMNS="80")).stdout
    printed = said.replace("python -m connectgen", "connectgen")
    text = re.sub(r"^    ", "", shown, flags=re.MULTILINE).strip()
    assert text == printed.strip(), f"{path.name} shows an old `connectgen {command}--help`"


def test_every_command_is_shown() -> None:
    assert {command.strip() for _, command, _ in SHOWN} >= COMMANDS


def test_the_figures_of_the_catalogue_are_those_of_today() -> None:
    said = connectgen("validate", cwd=ROOT).stdout.strip()
    shown = re.findall(r"no faults in \d+ versions, .*", (ROOT / "docs" / "commands.md").read_text(encoding="utf-8"))
    assert [line for line in shown if line not in said] == []
    assert shown
