"""`connectgen show` prints an entry with everything filled in, and where each inherited fact stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connectgen.catalogue.short_form import expand
from connectgen.catalogue.yaml_reader import read_text
from connectgen.cli.show import show_command
from connectgen.importer.emit import emit_document
from connectgen.importer.yaml_files import parse_plain

RESOURCES = """\
summary: Polls.
defaults: {since: 66.0, site: optional}
parameters:
  pollId: {type: Id, description: id of the poll}
  sort: {type: String, values: PollSort, default: "Name"}
resources:
  - path: /polls/{pollId}
    operations:
      GET: {name: get, summary: Read a poll., parameters: {sort: {}}, returns: Poll}
      HEAD: {since: 67.0}
"""
TYPES = """\
defaults: {group: Small}
types:
  Poll:
    since: 66.0
    properties:
      votes: [{type: Integer, until: 66.0}, {type: Long, since: 67.0}]
      owner: {type: String, group: Big, because: page-says-so}
"""
FILES = {
    "enumerations/feeds.yaml": 'enumerations:\n  PollSort: {values: ["Name", {value: "Date", since: 67.0}]}\n',
    "notes.yaml": "notes:\n  page-says-so: the page says so\n",
    "resources/feeds/polls.yaml": RESOURCES,
    "types/feeds/polls.yaml": TYPES,
}


@pytest.fixture
def spec(make_catalogue, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue that says everything once."""
    root = make_catalogue(**FILES)
    monkeypatch.chdir(root)
    return root


def show(spec: Path, *arguments: str) -> Result:
    return CliRunner().invoke(show_command, [*arguments, "--catalogue", str(spec)])


def test_an_operation_has_what_its_file_says_for_all(spec: Path) -> None:
    assert show(spec, "feeds.polls.get").output.splitlines() == [
        "operation feeds.polls.get  # resources/feeds/polls.yaml:9",
        "  method: GET",
        "  path: /polls/{pollId}  # resources/feeds/polls.yaml:7",
        "  since: 66.0  # resources/feeds/polls.yaml:2",
        "  site: optional  # resources/feeds/polls.yaml:2",
        "  path_parameters:  # resources/feeds/polls.yaml:7",
        "    pollId: {type: Id, description: id of the poll}  # resources/feeds/polls.yaml:4",
        "  name: get",
        "  summary: Read a poll.",
        "  parameters:",
        "    sort:  # resources/feeds/polls.yaml:5",
        "      type: String  # resources/feeds/polls.yaml:5",
        '      values: ["Name", "Date"]  # PollSort, enumerations/feeds.yaml:2',
        '      default: "Name"  # resources/feeds/polls.yaml:5',
        "  returns: Poll",
    ]


def test_head_tells_what_it_has_from_get(spec: Path) -> None:
    lines = show(spec, "feeds.polls.head").output.splitlines()
    assert "  since: 67.0" in lines
    assert "  name: head" in lines
    assert "  parameters:  # resources/feeds/polls.yaml:9" in lines


def test_what_get_has_and_head_lacks_is_none(spec: Path) -> None:
    """What is shown could be written instead: HEAD would not get GET's parameter back."""
    get = "GET: {name: get, summary: Read a poll., parameters: {sort: {}, page: String}, status: [206], returns: Poll}"
    written = RESOURCES.replace(RESOURCES[RESOURCES.index("GET:") : RESOURCES.index("\n      HEAD")], get)
    written = written.replace("HEAD: {since: 67.0}", "HEAD: {parameters: {page: none}, status: none}")
    (spec / "resources/feeds/polls.yaml").write_text(written, encoding="utf-8")
    lines = show(spec, "feeds.polls.head").output.splitlines()
    assert "  status: none" in lines
    assert "    page: none" in lines
    facts = parse_plain("\n".join(line.partition("  # ")[0] for line in lines[1:]))
    head = {
        key: fact for key, fact in facts.items() if key not in ("method", "path", "since", "site", "path_parameters")
    }
    head["parameters"]["sort"]["values"] = "PollSort"
    written_out = parse_plain(written)
    written_out["resources"][0]["operations"]["HEAD"] = head
    assert meaning_of_head(emit_document("resources", written_out)) == meaning_of_head(written)


def meaning_of_head(text: str) -> object:
    """HEAD of the only resource with everything filled in."""
    document, faults = expand("resources", read_text(text), "polls.yaml")
    assert faults == []
    return document["resources"][0]["operations"]["HEAD"]


def test_a_type_at_a_version_has_only_what_holds_there(spec: Path) -> None:
    output = show(spec, "Poll", "--at", "66.0").output
    assert "Integer" in output
    assert "Long" not in output


def test_a_property_has_its_types_since_and_group(spec: Path) -> None:
    assert show(spec, "Poll.owner").output.splitlines() == [
        "property Poll.owner  # types/feeds/polls.yaml:7",
        "  type: String",
        "  group: Big",
        "  because: page-says-so  # the page says so",
        "  since: 66.0  # types/feeds/polls.yaml:4",
    ]


def test_an_enumeration_at_a_version(spec: Path) -> None:
    assert "Date" in show(spec, "PollSort").output
    assert "Date" not in show(spec, "PollSort", "--at", "66.0").output


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Pol", "there is no Pol; did you mean Poll?"),
        ("PollSrt", "there is no PollSrt; did you mean PollSort?"),
        ("feeds.polls.gett", "there is no feeds.polls.gett; did you mean feeds.polls.get or feeds.polls.head?"),
        ("Poll.vote", "Poll has no property vote; did you mean votes?"),
        ("x", "there is no x; name it Type, Type.property, Enumeration or family.group.operation"),
    ],
)
def test_a_name_that_is_not_there_is_one_line_that_helps(spec: Path, name: str, message: str) -> None:
    done = show(spec, name)
    assert (done.exit_code, done.output) == (1, f"{message}\n")


def test_what_is_not_there_yet_says_since_when(spec: Path) -> None:
    done = show(spec, "Poll", "--at", "65.0")
    assert (done.exit_code, done.output) == (1, "type Poll is not in 65.0: it exists since 66.0\n")
    assert show(spec, "Poll", "--at", "90.0").exit_code == 2
