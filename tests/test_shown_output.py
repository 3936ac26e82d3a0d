"""Output and figures that docs/ shows are those of a run today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import show_output
from show_output import ROW, as_shown, other_cell, output_of, own_cell, pages, shown_commands, write_documents
from support.command import ROOT, environment, in_this_process
from support.node import require_redocly
from support.passed import check_unless_passed

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
    done = in_this_process(command.split(), tmp_path, environment(COLUMNS="80"))
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
def test_the_comparison_with_another_tool_is_current(before: str, after: str, tmp_path: Path) -> None:
    require_redocly()
    text = (ROOT / "docs" / "diff.md").read_text(encoding="utf-8")
    ((own, other),) = re.findall(rf"^\| {before}, {after} \| (.*) \| (.*) \|$", text, re.MULTILINE)
    assert own == own_cell(before, after), REMEDY
    documents = write_documents(tmp_path, (before, after))
    (tmp_path / "shown").write_text(other, encoding="utf-8")

    def compare() -> None:
        assert other == other_cell(documents), REMEDY

    how = (Path(__file__), Path(show_output.__file__))
    check_unless_passed(f"redocly-diff-{before}-{after}", [*how, tmp_path], compare)
