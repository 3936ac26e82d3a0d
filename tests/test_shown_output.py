"""Output and figures that docs/ shows are those of a run today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from show_output import ROW, as_shown, output_of, pages, row_of, shown_commands
from support.command import ROOT
from support.node import require_redocly

REMEDY = "run .venv/bin/python tests/show_output.py"
COMMANDS = [
    pytest.param(page, match[1], match[2], id=f"{page.stem}-{match[1]}")
    for page in pages()
    for match in shown_commands(page.read_text(encoding="utf-8"))
]
ROWS = [match.groups() for match in ROW.finditer((ROOT / "docs" / "diff.md").read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("page", "command", "shown"), COMMANDS)
def test_what_a_page_shows_is_what_the_command_prints(page: Path, command: str, shown: str) -> None:
    assert as_shown(output_of(command)) == shown, f"{page.name}: {REMEDY}"


def test_enough_is_compared() -> None:
    assert len(COMMANDS) >= 6
    assert len(ROWS) >= 4


@pytest.mark.parametrize(("before", "after"), ROWS)
def test_the_comparison_with_another_tool_is_current(before: str, after: str) -> None:
    require_redocly()
    text = (ROOT / "docs" / "diff.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| {before}, {after} \|.*$", text, re.MULTILINE)
    assert row == row_of(before, after), REMEDY
