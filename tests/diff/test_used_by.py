"""Narrowed to what code uses: calls, arguments, models and attributes, each with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from diff.small import write
from support.command import connectgen

EDITS = [
    ("          since: DateTime\n", "          since: {type: DateTime, until: 66.0}\n"),
    ("      friends: list<Poll>\n", "      friends: {type: list<Poll>, until: 66.0}\n"),
    ("{name: delete, summary: Close a poll.,", "{name: delete, summary: Close a poll., until: 66.0,"),
    ("note: {type: String,", "note: {type: String, until: 66.0,"),
    (
        "size: {type: Integer, minimum: 1, maximum: 10}",
        "size: [{type: Integer, minimum: 1, maximum: 10, until: 66.0}, {type: Integer, since: 67.0, required: true, minimum: 1, maximum: 10}]",
    ),
    ("  ClosedPoll: {summary:", "  ClosedPoll: {until: 66.0, summary:"),
]
CODE = """\
from sf_connect.v66 import Connect, models as m
from sf_connect.v66.models import ClosedPoll


def main(client: Connect) -> None:
    polls = client.votes.polls
    for poll in polls.list(since="2026", sort="Name").polls or []:
        print(poll.title)
        for friend in poll.friends or []:
            print(friend)
    client.site("internal").votes.polls.create(m.PollInput(text="?", note="A"))
    batch = client.batch()
    batch.add(client.votes.polls.delete, "07L")
"""


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("used") / "spec", *EDITS)


def uses(spec: Path, folder: Path) -> tuple[dict[str, list[str]], str]:
    """The places by the id of the entry, and what was said on standard error."""
    result = connectgen(
        "diff", "66.0", "67.0", "--used-by", str(folder), "--catalogue", str(spec), "--format", "json", cwd=spec.parent
    )
    assert result.returncode == 0, result.stderr
    prefix = f"{folder}/"
    found = {
        change["id"]: [place.removeprefix(prefix) for place in change["uses"]]
        for change in json.loads(result.stdout)["changes"]
    }
    return found, result.stderr


def test_everything_that_code_meets_is_named_with_file_and_line(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    found, said = uses(spec, tmp_path)
    assert found == {
        "operation-removed:votes.polls.delete": ["app.py:13"],
        "parameter-removed:votes.polls.list(since)": ["app.py:7"],
        "response-property-removed:Poll.friends": ["app.py:9"],
        "request-property-removed:PollInput.note": ["app.py:11"],
        "request-property-became-required:PollInput.size": ["app.py:11"],
        "type-removed:ClosedPoll": ["app.py:2"],
        "kind-removed:Poll=Closed": ["app.py:7", "app.py:11"],
    }
    assert said == ""


def test_code_that_uses_nothing_of_it_has_an_empty_list(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        'def main(client, m):\n    client.votes.polls.list(sort="Name")\n    m.PollInput(text="?", size=3).text\n',
        encoding="utf-8",
    )
    found, _ = uses(spec, tmp_path)
    assert found == {
        "request-property-became-required:PollInput.size": ["app.py:3"],
        "kind-removed:Poll=Closed": ["app.py:2"],
    }


def test_a_file_that_is_no_python_is_left_out_and_told(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def main(:\n", encoding="utf-8")
    (tmp_path / "zero.py").write_bytes(b"a = 1\x00\n")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "lib.py").write_text("client.votes.polls.delete('1')\n", encoding="utf-8")
    found, said = uses(spec, tmp_path)
    assert found == {}
    assert f"warning: {tmp_path / 'broken.py'}:1: cannot be read as Python" in said
    assert f"warning: {tmp_path / 'zero.py'}:1: cannot be read as Python" in said
    assert len(said.splitlines()) == 2
