"""Importers see everything written out, and write what they change in the short form; the rest of a file stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectgen.catalogue.loader import check_catalogue
from connectgen.importer.short_files import ShortFiles, emit_short
from connectgen.importer.yaml_files import Change, parse_plain

RESOURCES = """\
# yaml-language-server: $schema=../../schema/resources.schema.json
summary: Polls.
defaults: {since: 66.0, site: optional}
parameters:
  # of the poll, not of its choice
  pollId: {type: Id, description: id of the poll}
  sort: {type: String, values: PollSort}
  size: Integer
resources:
  - path: /polls/{pollId}
    operations:
      # the only one with a HEAD
      GET: {name: get, summary: Read a poll., parameters: {sort: {}, size: {}}, returns: Poll}
      HEAD: true
  - path: /polls/{pollId}/votes
    since: 67.0
    operations:
      GET: {name: list_votes, summary: List the votes., parameters: {sort: {}}, returns: Poll}
"""
TYPES = """\
defaults: {group: Small}
types:
  Poll:
    since: 66.0
    properties:
      id: Id  # of the poll
      sort: {type: String, values: PollSort}
"""
ENUMERATIONS = """\
enumerations:
  PollSort: {values: ["Name", {value: "Date", since: 67.0, description: newest first}]}
"""
RELEASES = """\
format: 2
releases:
  - {version: 66.0, name: "Spring '26", status: supported}
  - {version: 67.0, name: "Summer '26", status: supported}
"""
FILE = "resources/feeds/polls.yaml"
TYPE_FILE = "types/feeds/polls.yaml"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A small catalogue in the short form."""
    texts = {
        FILE: RESOURCES,
        TYPE_FILE: TYPES,
        "enumerations/feeds.yaml": ENUMERATIONS,
        "releases.yaml": RELEASES,
        "status_codes.yaml": "status_codes:\n  - {code: 200, phrase: OK, summary: It worked., kind: success}\n",
    }
    for name, text in texts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert check_catalogue(tmp_path)[1] == []
    return tmp_path


def test_a_file_is_read_with_everything_written_out(spec: Path) -> None:
    entry = ShortFiles(spec).read(FILE)["resources"][0]
    assert entry["since"] == 66.0
    assert entry["site"] == "optional"
    assert entry["parameters"] == {"pollId": {"type": "Id", "description": "id of the poll"}}
    values = {"type": "String", "values": ["Name", {"value": "Date", "since": 67.0}]}
    assert entry["operations"]["GET"]["parameters"] == {"sort": values, "size": "Integer"}
    assert entry["operations"]["HEAD"]["name"] == "head"
    assert entry["operations"]["HEAD"]["parameters"] == {"sort": values, "size": "Integer"}


def test_nothing_to_change_leaves_the_text(spec: Path) -> None:
    assert ShortFiles(spec).edited(FILE, []) == RESOURCES


def test_a_new_parameter_like_the_files_is_written_without_its_facts(spec: Path) -> None:
    change = Change(("resources", 1, "operations", "GET", "parameters", "size"), "Integer")
    text = ShortFiles(spec).edited(FILE, [change])
    assert text == RESOURCES.replace(
        "the votes., parameters: {sort: {}}", "the votes., parameters: {sort: {}, size: {}}"
    )


def test_head_follows_what_changes_in_get_unless_it_is_told(spec: Path) -> None:
    change = Change(("resources", 0, "operations", "GET", "until"), 66.0)
    text = ShortFiles(spec).edited(FILE, [change])
    assert "HEAD: {until: none}" in text
    both = [change, Change(("resources", 0, "operations", "HEAD", "until"), 66.0)]
    assert "HEAD: true" in ShortFiles(spec).edited(FILE, both)


def test_what_a_default_says_differently_is_taken_back(spec: Path) -> None:
    text = ShortFiles(spec).edited(FILE, [Change(("resources", 1, "site"), None)])
    assert "    site: none\n    since: 67.0\n" in text
    assert "# of the poll, not of its choice" in text
    assert "# the only one with a HEAD" in text


def test_a_new_resource_is_written_in_the_short_form(spec: Path) -> None:
    entry = {
        "path": "/polls/{pollId}/end",
        "site": "optional",
        "since": 66.0,
        "parameters": {"pollId": {"type": "Id", "description": "id of the poll"}},
        "operations": {"POST": {"name": "end", "summary": "End a poll."}},
    }
    text = ShortFiles(spec).edited(FILE, [Change(("resources", 1), entry)])
    assert "  - path: /polls/{pollId}/end\n    operations:\n      POST: {name: end, summary: End a poll.}\n" in text
    (spec / FILE).write_text(text, encoding="utf-8")
    assert ShortFiles(spec).read(FILE)["resources"][1] == entry


def test_a_parameter_that_nothing_has_any_more_leaves_the_file(spec: Path) -> None:
    removed = [Change(("resources", 0, "operations", method, "parameters", "size"), None) for method in ("GET", "HEAD")]
    text = ShortFiles(spec).edited(FILE, removed)
    assert "size" not in text
    (spec / FILE).write_text(text, encoding="utf-8")
    assert check_catalogue(spec)[1] == []


def test_an_enumeration_stays_where_its_values_are_the_same(spec: Path) -> None:
    fact = {
        "type": "String",
        "group": "Small",
        "values": ["Name", {"value": "Date", "since": 67.0}],
        "description": "order",
    }
    text = ShortFiles(spec).edited(TYPE_FILE, [Change(("types", "Poll", "properties", "sort"), fact)])
    assert "      sort: {type: String, values: PollSort, description: order}\n" in text
    assert "      id: Id  # of the poll\n" in text


def test_a_value_more_than_the_enumeration_has_is_listed_at_the_fact(spec: Path) -> None:
    fact = {"type": "String", "group": "Small", "values": ["Name", {"value": "Date", "since": 67.0}, "Votes"]}
    text = ShortFiles(spec).edited(TYPE_FILE, [Change(("types", "Poll", "properties", "sort"), fact)])
    assert 'values: ["Name", {value: "Date", since: 67.0}, "Votes"]' in text


def test_a_new_property_has_the_types_group_and_since(spec: Path) -> None:
    changes = [
        Change(("types", "Poll", "properties", "votes"), {"type": "Integer", "since": 66.0, "group": "Small"}),
        Change(("types", "Poll", "properties", "raw"), {"type": "String", "since": 67.0}),
    ]
    text = ShortFiles(spec).edited(TYPE_FILE, changes)
    assert "      votes: Integer\n      raw: {type: String, since: 67.0, group: none}\n" in text


def test_a_new_file_says_once_what_its_entries_share() -> None:
    entries = [
        {"path": f"/polls/{{pollId}}/{end}", "since": 66.0, "parameters": {"pollId": "Id"}, "operations": {"GET": get}}
        for end, get in (
            ("a", {"name": "get_a", "summary": "Get a."}),
            ("b", {"name": "get_b", "summary": "Get b."}),
        )
    ]
    text = emit_short("resources", {"summary": "Polls.", "resources": entries})
    assert "defaults: {since: 66.0}\nparameters:\n  pollId: Id\nresources:\n" in text
    assert "since" not in parse_plain(text)["resources"][0]
