"""Uses that a type checker does not see: fields named by a text or a keyword, by a protocol, and in derived classes."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from diff.small import write
from support.command import connectgen

CHECKED = importlib.util.find_spec("pyrefly") is not None
EDITS = [
    ("      friends: list<Poll>\n", "      friends: {type: list<Poll>, until: 66.0}\n"),
    ("note: {type: String,", "note: {type: String, until: 66.0,"),
    ("properties: {pages: Integer}", "properties: {pages: {type: Integer, until: 66.0}, first: PollInput}"),
    ("{name: delete, summary: Close a poll.,", "{name: delete, summary: Close a poll., until: 66.0,"),
]
FRIENDS, NOTE, DELETE = (
    "response-property-removed:Poll.friends",
    "request-property-removed:PollInput.note",
    "operation-removed:votes.polls.delete",
)
PAGES = "request-property-removed:LongPollInput.pages"
BEGIN = """\
from sf_connect.core import replace
from sf_connect.v66 import Connect, models as m
from sf_connect.v66.groups.votes.polls import Polls
import dataclasses, operator, typing
from unittest import mock

def main(client: Connect, poll: m.OpenPoll, polls: list[m.OpenPoll], body: m.LongPollInput, other, fake) -> None:
"""


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("hidden") / "spec", *EDITS)


def uses(spec: Path, folder: Path, code: str) -> dict[str, list[tuple[int, bool, str]]]:
    """The uses by the id of the entry: line, whether it is certain, how."""
    (folder / "app.py").write_text(code, encoding="utf-8")
    sides = ("66.0", "67.0", "--used-by", str(folder), "--catalogue", str(spec), "--format", "json")
    result = connectgen("diff", *sides, cwd=spec.parent)
    assert result.returncode == 0, result.stderr
    return {
        change["id"]: [(int(one["place"].rpartition(":")[2]), one["certain"], one["how"]) for one in change["uses"]]
        for change in json.loads(result.stdout)["changes"]
    }


@pytest.mark.parametrize(
    ("line", "change", "is_certain"),
    [
        ("replace(poll, friends=[])", FRIENDS, True),
        ("dataclasses.replace(poll, friends=[])", FRIENDS, True),
        ("replace(m.LongPollInput(text='?'), note='A')", NOTE, True),
        ("replace(body, **{'note': 'A'})", NOTE, True),
        ("replace(other, friends=[])", FRIENDS, False),
        ("evolve(poll, friends=[])", FRIENDS, False),
        ("m.PollInput.from_dict({'text': '?', 'note': 'A'})", NOTE, True),
        ("given = {'note': 'A'}; m.LongPollInput.from_dict(given)", NOTE, True),
        ("m.PollInput.from_dict({**{'note': 'A'}})", NOTE, True),
        ("m.LongPollInput.from_dict({'text': '?', 'pages': 2})", PAGES, True),
        ("m.LongPollInput.from_dict({'first': {'note': 'A'}})", NOTE, False),
        ("replace(m.LongPollInput.from_dict({}), note='A')", NOTE, True),
        ("sorted(polls, key=operator.attrgetter('friends'))", FRIENDS, False),
        ("list(map(operator.attrgetter('friends'), polls))", FRIENDS, False),
        ("get = operator.attrgetter('title', 'friends'); get(poll)", FRIENDS, False),
        ("mock.patch.object(poll, 'friends', [])", FRIENDS, False),
        ("mock.patch.object(m.OpenPoll, 'friends', [])", FRIENDS, False),
        ("mock.patch('sf_connect.v66.models.OpenPoll.friends', [])", FRIENDS, False),
        ("fake.setattr('sf_connect.v66.groups.votes.polls.Polls.delete', print)", DELETE, False),
        ("mock.patch.multiple(m.OpenPoll, friends=[])", FRIENDS, False),
        ("mock.create_autospec(m.OpenPoll, friends=[])", FRIENDS, False),
        ("mock.Mock(spec=m.OpenPoll, friends=[])", FRIENDS, False),
        ("setattr(poll, 'friends', [])", FRIENDS, False),
        ("delattr(poll, 'friends')", FRIENDS, False),
        ("object.__setattr__(poll, 'friends', [])", FRIENDS, False),
        ("fake.setattr(client.votes.polls, 'delete', print)", DELETE, False),
        ("mock.patch.object(Polls, 'delete')", DELETE, False),
    ],
)  # fmt: skip
def test_fields_that_calls_name(spec: Path, tmp_path: Path, line: str, change: str, is_certain: bool) -> None:
    found = uses(spec, tmp_path, f"{BEGIN}    {line}\n")
    assert [(at, certain) for at, certain, _ in found.pop(change)] == [(8, is_certain and CHECKED)]
    assert not found


@pytest.mark.parametrize(
    "line",
    [
        "'friends'.replace('a', 'b')",
        "replace(poll, title='?')",
        "m.PollInput.from_dict({'text': 'note'})",
        "m.OpenPoll.from_dict({'note': 'A'})",
        "operator.attrgetter('title')(poll)",
        "mock.patch('sf_connect.v66.models.OpenPoll', []); mock.patch('a.OpenPoll.friends')",
        "other.object(poll, 'friends')",
    ],
)
def test_what_names_nothing_that_changes_is_no_use(spec: Path, tmp_path: Path, line: str) -> None:
    assert uses(spec, tmp_path, f"{BEGIN}    {line}\n") == {}


def test_a_name_that_is_not_literal_is_not_understood(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(f"{BEGIN}    sorted(polls, key=operator.attrgetter(other))\n", encoding="utf-8")
    sides = ("66.0", "67.0", "--used-by", str(tmp_path), "--catalogue", str(spec), "--fail-on", "breaking")
    result = connectgen("diff", *sides, cwd=spec.parent)
    assert result.returncode == 4
    assert "1 use of a client not understood" in " ".join(result.stdout.split())


PROTOCOL = """\
from typing import Generic, Protocol, TypeVar
from sf_connect.v66 import models as m

class Social(Protocol):
    @property
    def friends(self): ...

class Titled(Protocol):
    title: str | None

class Plain:
    friends: list[str]

def show(one: Social, plain: Plain | None = None) -> None: ...
def name(one: Titled) -> None: ...

def main(poll: m.OpenPoll) -> None:
    show(poll)
    show(one=poll)
    name(poll)
    show(*[poll])
"""


def test_a_model_that_is_passed_for_a_protocol_is_read(spec: Path, tmp_path: Path) -> None:
    """What is unpacked has no place of its own; the class that is no protocol asks for nothing."""
    assert uses(spec, tmp_path, PROTOCOL) == {FRIENDS: [(18, False, "reads"), (19, False, "reads")]}


DERIVED = """\
import dataclasses
from sf_connect.v66 import models as m
from sf_connect.v66.groups.votes.polls import Polls

@dataclasses.dataclass
class Mine(m.OpenPoll):
    friends: list[m.Poll] | None = None

class Further(Mine):
    title = "?"
    async def friends(self): ...

class Other(m.OpenPoll):
    def __init__(self) -> None:
        self.friends = []

class Own(Polls):
    def delete(self, poll_id): ...
    def list(self): ...

class Aside:
    friends: list[str]

def main(mine: Mine) -> None:
    print(mine.friends)
    Mine(friends=[])
    mine.friends = []
"""


def test_what_a_derived_class_has_its_own_of_is_a_use(spec: Path, tmp_path: Path) -> None:
    found = uses(spec, tmp_path, DERIVED)
    assert found.pop(DELETE) == [(18, CHECKED, "names")]
    assert [(line, how) for line, _, how in found.pop(FRIENDS)] == [
        (7, "names"), (11, "names"), (15, "writes"), (25, "reads"), (26, "passes"), (27, "writes"),
    ]  # fmt: skip
    assert not found


def test_stubs_that_name_a_client_are_told_as_not_looked_at(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import sf_connect.v66\n", encoding="utf-8")
    (tmp_path / "app.pyi").write_text("from sf_connect.v66 import Connect\n", encoding="utf-8")
    (tmp_path / "other.pyi").write_text("import sf_connect.core\n", encoding="utf-8")
    (tmp_path / "app.pyw").write_text("from sf_connect import v66\n", encoding="utf-8")
    sides = ("66.0", "67.0", "--used-by", str(tmp_path), "--catalogue", str(spec), "--fail-on", "breaking")
    result = connectgen("diff", *sides, cwd=spec.parent)
    assert result.returncode == 4
    assert [line.partition(f"{tmp_path}/")[2].partition(":")[0] for line in result.stderr.splitlines()] == [
        "app.pyi",
        "app.pyw",
    ]
