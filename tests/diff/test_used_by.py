"""Narrowed to what code uses: calls, arguments, models and attributes, each with file and line."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from connectgen.diff.formats.json_ import SCHEMA_FILE
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


def run(spec: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command over the code of a folder."""
    sides = ("66.0", "67.0", "--used-by", str(folder), "--catalogue", str(spec))
    return connectgen("diff", *sides, *options, cwd=spec.parent)


def report(spec: Path, folder: Path) -> dict[str, Any]:
    """The report as JSON."""
    result = run(spec, folder, "--format", "json")
    assert result.returncode == 0, result.stderr
    document = json.loads(result.stdout)
    jsonschema.validate(document, json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
    return document


def uses(spec: Path, folder: Path) -> dict[str, list[str]]:
    """The places by the id of the entry."""
    prefix = f"{folder}/"
    return {
        change["id"]: [use["place"].removeprefix(prefix) for use in change["uses"]]
        for change in report(spec, folder)["changes"]
    }


def test_everything_that_code_meets_is_named_with_file_and_line(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    assert uses(spec, tmp_path) == {
        "operation-removed:votes.polls.delete": ["app.py:13"],
        "parameter-removed:votes.polls.list(since)": ["app.py:7"],
        "response-property-removed:Poll.friends": ["app.py:9"],
        "request-property-removed:PollInput.note": ["app.py:11"],
        "request-property-became-required:PollInput.size": ["app.py:11"],
        "type-removed:ClosedPoll": ["app.py:2"],
    }


def test_a_method_that_waits_is_a_use_of_its_operation(tmp_path: Path) -> None:
    wait = "wait: {name: wait_for_polls, pending_status: [202]}"
    spec = write(tmp_path / "spec", *EDITS[:2], (wait, wait.replace("]}", "], until: 66.0}")))
    (tmp_path / "code").mkdir()
    code = (
        "from sf_connect.v66 import Connect\n\n\n"
        "def main(client: Connect) -> None:\n"
        '    for poll in client.votes.polls.wait_for_polls(since="2026", interval=2).polls or []:\n'
        "        print(poll.friends)\n"
    )
    (tmp_path / "code" / "app.py").write_text(code, encoding="utf-8")
    assert uses(spec, tmp_path / "code") == {
        "wait-removed:votes.polls.list": ["app.py:5"],
        "parameter-removed:votes.polls.list(since)": ["app.py:5"],
        "response-property-removed:Poll.friends": ["app.py:6"],
    }


def test_code_that_meets_nothing_has_an_empty_list_and_says_what_was_looked_at(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        'def main(client, m):\n    client.votes.polls.list(sort="Name")\n    m.PollInput(text="?", size=3).text\n',
        encoding="utf-8",
    )
    (tmp_path / "other.py").write_text("print(1)\n", encoding="utf-8")
    result = run(spec, tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines()[1:3] == [
        "nothing differs that the code is seen to use",
        "0 breaking, 0 warnings, 0 others",
    ]
    closing = result.stdout.splitlines()[3]
    assert closing.startswith("looked at 2 files, 1 client call recognised, 0 uses of a client not understood")


def test_a_file_that_is_no_python_is_left_out_and_told(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("from sf_connect.v66 import Connect\ndef main(:\n", encoding="utf-8")
    (tmp_path / "zero.py").write_bytes(b"a = 1\x00\n")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "lib.py").write_text("client.votes.polls.delete('1')\n", encoding="utf-8")
    result = run(spec, tmp_path)
    assert result.returncode == 0
    assert f"warning: {tmp_path / 'broken.py'}:2: cannot be read as Python" in result.stderr
    assert f"warning: {tmp_path / 'zero.py'}:1: cannot be read as Python" in result.stderr
    assert len(result.stderr.splitlines()) == 2
    assert "2 files not readable" in result.stdout
    assert run(spec, tmp_path, "--fail-on", "breaking").returncode == 4


@pytest.mark.parametrize(
    ("code", "said"),
    [(None, "holds no Python files"), ("print(1)\n", "none of the 1 Python file"), ("items = {}\n", "uses a client")],
)
def test_an_empty_or_wrong_folder_is_an_error(spec: Path, tmp_path: Path, code: str | None, said: str) -> None:
    if code is not None:
        (tmp_path / "app.py").write_text(code, encoding="utf-8")
    result = run(spec, tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr


def test_what_cannot_be_followed_is_named_and_changes_the_exit_code(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "from sf_connect.v66 import Connect\nfrom elsewhere import send\n\n\n"
        "def main(client: Connect, name: str) -> None:\n    getattr(client.votes, name)\n    send(client)\n"
        "    client.votes.polls.lst()\n",
        encoding="utf-8",
    )
    looked = report(spec, tmp_path)["looked_at"]
    assert [(one["place"], one["reason"]) for one in looked["not_understood"]] == [
        (f"{tmp_path}/app.py:6", "getattr with a name that is not literal"),
        (f"{tmp_path}/app.py:7", "a client, or a part of it, is passed to send, whose code was not read"),
        (f"{tmp_path}/app.py:8", "the group votes.polls has no operation lst"),
    ]
    assert "3 uses of a client not understood" in run(spec, tmp_path).stdout
    assert run(spec, tmp_path, "--fail-on", "breaking").returncode == 4
    assert run(spec, tmp_path).returncode == 0


SERVICE = """\
from sf_connect.v66 import Connect


class Service:
    def __init__(self, client: Connect) -> None:
        self.group = client.votes.polls
"""


def test_code_that_names_nothing_of_the_client_is_read_where_imports_lead_to_it(spec: Path, tmp_path: Path) -> None:
    """Neither of the two has a word of the client but a method's name: one imports the service, one is given it."""
    package = tmp_path / "acme"
    package.mkdir()
    (package / "__init__.py").write_text("from .service import Service\n", encoding="utf-8")
    (package / "service.py").write_text(SERVICE, encoding="utf-8")
    (tmp_path / "job.py").write_text(
        "import acme\nfrom tools import close\n\n\ndef run(service: acme.Service) -> None:\n"
        '    service.group.delete("07L")\n    close(service, "07L")\n',
        encoding="utf-8",
    )
    (tmp_path / "tools.py").write_text("def close(one, name):\n    one.group.delete(name)\n", encoding="utf-8")
    (tmp_path / "aside.py").write_text("def close(one, name):\n    one.group.delete(name)\n", encoding="utf-8")
    assert uses(spec, tmp_path) == {"operation-removed:votes.polls.delete": ["job.py:6", "tools.py:2"]}


DEEP = {
    "sum": "x = " + " + ".join(["1"] * 500) + "\n",
    "long sum": "x = " + " + ".join(["poll.friends"] * 5000) + "\n",
    "brackets": "x = " + "[" * 150 + "]" * 150 + "\n",
    "too many brackets": "x = " + "(" * 5000 + ")" * 5000 + "\n",
    "elif": "if x == 0:\n    pass\n" + "".join(f"elif x == {n}:\n    pass\n" for n in range(2000)),
    "attributes": "x = a" + ".b" * 5000 + "\n",
    "calls": "x = a" + ".b()" * 3000 + "\n",
    "blocks": "".join(f"{' ' * n}if x:\n" for n in range(90)) + " " * 90 + "pass\n",
    "not": "x = " + "not " * 3000 + "y\n",
    "empty brackets": "x: tuple[()] = ()\ndef f(a: list[()]) -> None: ...\n",
    "classes in a circle": "class A: ...\nclass B(A): ...\nclass A(B):\n    def f(self):\n        return self.g.friends\n"
    * 3,
    "lambdas": "x = " + "lambda: " * 500 + "1\n",
}


@pytest.mark.parametrize("name", list(DEEP))
def test_no_file_makes_it_fail(spec: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "deep.py").write_text(DEEP[name] + "import sf_connect.v66\n", encoding="utf-8")
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    result = run(spec, tmp_path)
    assert result.returncode == 0
    assert "Traceback" not in result.stderr
    assert "`DELETE /votes/polls/{pollId}` is gone" in " ".join(result.stdout.split())


def test_columns_of_a_checker_are_found_again_beside_other_letters(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "from sf_connect.v66 import Connect, models as m\n\x0c\n\ndef main(client: Connect, poll: m.Poll) -> None:\n"
        '    text = "\u2028\x85"\n    print(text, "ä€𝄞", poll.friends, "日本"); client.votes.polls.delete("é")  # type: ignore\n',
        encoding="utf-8-sig",
    )
    found = {change["id"]: change["uses"] for change in report(spec, tmp_path)["changes"]}
    at = f"{tmp_path}/app.py:6"
    certain = importlib.util.find_spec("pyrefly") is not None
    assert found == {
        "operation-removed:votes.polls.delete": [{"place": at, "certain": certain, "how": "calls"}],
        "response-property-removed:Poll.friends": [{"place": at, "certain": certain, "how": "reads"}],
    }


@pytest.mark.skipif(importlib.util.find_spec("pyrefly") is None, reason="the extra used-by is not installed")
def test_what_only_the_types_show_is_certain(spec: Path, tmp_path: Path) -> None:
    """The syntax does not follow these; the variable that holds a method is no further use of it."""
    (tmp_path / "app.py").write_text(
        "from sf_connect.v66 import Connect, models as m\n\n\n"
        "def last(polls: dict[str, m.Poll], clients: dict[str, Connect]) -> None:\n"
        "    print(polls.popitem()[1].friends)\n"
        "    remove = clients.popitem()[1].votes.polls.delete\n"
        '    remove("07L")\n',
        encoding="utf-8",
    )
    found = {change["id"]: change["uses"] for change in report(spec, tmp_path)["changes"]}
    assert found == {
        "operation-removed:votes.polls.delete": [{"place": f"{tmp_path}/app.py:6", "certain": True, "how": "calls"}],
        "response-property-removed:Poll.friends": [{"place": f"{tmp_path}/app.py:5", "certain": True, "how": "reads"}],
    }


def test_severity_is_the_worst_of_source_and_behaviour(tmp_path: Path) -> None:
    """A path that the client knows breaks no Python; a lowered limit breaks the wire, and here may be met."""
    edits = [
        (
            "path: /votes/polls/{pollId}",
            'path: /votes/poll/{pollId}\n    formerly: [{path: "/votes/polls/{pollId}", until: 66.0}]',
        ),
    ]
    spec = write(tmp_path / "spec", *edits, EDITS[1])
    app = tmp_path / "app"
    app.mkdir()
    (app / "app.py").write_text(CODE, encoding="utf-8")
    assert list(uses(spec, app)) == ["response-property-removed:Poll.friends"]


NOTEBOOK: dict[str, Any] = {
    "cells": [
        {"cell_type": "markdown", "source": "# Polls", "metadata": {}},
        {
            "cell_type": "code",
            "source": ["%load_ext autoreload\n", "from sf_connect import (\n", "    v66 as sf,\n", ")\n"],
            "metadata": {},
        },
        {"cell_type": "code", "source": "%%bash\nrm *", "metadata": {}},
        {
            "cell_type": "code",
            "source": "%%time\npoll: sf.models.Poll = None\ngetattr(poll, 'friends')\nfor x in poll.friends: pass",
            "metadata": {},
        },
    ],
    "metadata": {"kernelspec": {"language": "python"}},
    "nbformat": 4,
}


def test_cells_of_notebooks_are_read(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(json.dumps(NOTEBOOK), encoding="utf-8")
    (tmp_path / "a_ipynb.py").write_text("print(1)\n", encoding="utf-8")
    certain = importlib.util.find_spec("pyrefly") is not None
    (change,) = report(spec, tmp_path)["changes"]
    assert change["id"] == "response-property-removed:Poll.friends"
    assert change["uses"] == [
        {"place": f"{tmp_path}/a.ipynb:cell 4:{line}", "certain": certain, "how": "reads"} for line in (3, 4)
    ]
    assert run(spec, tmp_path, "--fail-on", "breaking").returncode == 1
    shown = run(spec, tmp_path, "--format", "github").stdout
    assert f"file={tmp_path}/a.ipynb,line=1,title=response-property-removed::cell 4:4: " in shown


def test_notebooks_and_cells_that_cannot_be_read_are_told(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.ipynb").write_text('{"cells": "import sf_connect.v66"', encoding="utf-8")
    (tmp_path / "aside.ipynb").write_text("{}", encoding="utf-8")
    cells = [*NOTEBOOK["cells"][:2], {"cell_type": "code", "source": "def f(:", "metadata": {}}]
    (tmp_path / "cell.ipynb").write_text(json.dumps({**NOTEBOOK, "cells": cells}), encoding="utf-8")
    result = run(spec, tmp_path, "--fail-on", "breaking")
    assert result.returncode == 4
    told = [line.removeprefix(f"warning: {tmp_path}/").partition(" (")[0] for line in result.stderr.splitlines()]
    assert told == [
        "broken.ipynb:1: cannot be read as a notebook",
        "cell.ipynb:cell 3: cannot be read as Python",
    ]
    assert "2 files not readable" in " ".join(result.stdout.split())


@pytest.mark.parametrize("form", ["terminal", "markdown", "html", "junit", "github", "json"])
def test_every_format_tells_the_possible_and_what_was_looked_at(spec: Path, tmp_path: Path, form: str) -> None:
    (tmp_path / "app.py").write_text(
        "from sf_connect.v66 import Connect\n\n\ndef main(client):\n    client.votes.polls.delete('1')\n",
        encoding="utf-8",
    )
    shown = run(spec, tmp_path, "--format", form).stdout
    assert "possibl" in shown or '"certain": false' in shown
    assert "1 client call recognised" in shown or '"client_calls": 1' in shown
