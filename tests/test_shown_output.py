"""Output and figures that docs/ shows are those of a run today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from show_output import ROW, as_shown, output_of, pages, row_of, shown_commands
from support.command import ROOT, connectgen, environment
from support.node import require_redocly

REMEDY = "run .venv/bin/python tests/show_output.py"
COMMANDS = [
    pytest.param(page, match[1], match[2], id=f"{page.stem}-{match[1]}")
    for page in pages()
    for match in shown_commands(page.read_text(encoding="utf-8"))
]
ROWS = [match.groups() for match in ROW.finditer((ROOT / "docs" / "diff.md").read_text(encoding="utf-8"))]


APPLICATION = """\
from sf_connect.v31 import Connect


def clean_up(client: Connect, item_id: str) -> None:
    client.feeds.items.delete(item_id)


def clean_up_untyped(client, item_id):
    client.feeds.items.delete(item_id)
"""
"""The code that docs/diff.md lists the uses of."""


def test_the_list_for_an_application_is_what_the_command_prints(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "app.py").write_text(APPLICATION, encoding="utf-8")
    command = "diff 31.0 32.0 --used-by app"
    done = connectgen(*command.split(), cwd=tmp_path, env=environment(COLUMNS="80"))
    assert done.stderr == ""
    shown = f"    $ connectgen {command}\n{as_shown(done.stdout)}\n"
    assert shown in (ROOT / "docs" / "diff.md").read_text(encoding="utf-8"), shown


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
