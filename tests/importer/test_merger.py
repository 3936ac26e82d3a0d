"""The merger adds, updates and asks; it never overwrites what a person decided, and never leaves half a file."""

from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectgen.importer.guide.merger import MergeReport, merge_wanted
from connectgen.importer.wanted import Wanted
from connectgen.importer.yaml_files import YamlFileError, read_plain

RESOURCE = "resources/chatter/groups.yaml"
TYPES = "types/chatter/groups.yaml"


def wanted() -> Wanted:
    """A small source: one resource with two methods and the types they use."""
    return Wanted(
        resources={
            "/chatter/groups/{groupId}": {
                "path": "/chatter/groups/{groupId}",
                "site": "optional",
                "since": 30.0,
                "guide": "connect_resources_example",
                "parameters": {"groupId": "Id"},
                "operations": {
                    "GET": {"summary": "Read: Example.", "returns": "Example"},
                    "PATCH": {
                        "summary": "Update: Example.",
                        "since": 32.0,
                        "parameters": {"kind": {"type": "String", "since": 33.0, "values": ["No", "12:30"]}},
                        "body": "ExampleInput",
                        "returns": "Example",
                    },
                },
            }
        },
        types={
            "Example": {
                "summary": "Example.",
                "since": 30.0,
                "properties": {"id": "Id", "name": {"type": "String", "since": 31.0}},
            },
            "ExampleInput": {
                "summary": "Example.",
                "since": 32.0,
                "properties": {"name": {"type": "String", "required": True}},
            },
        },
    )


def merge(spec: Path, source: Wanted, *, dry_run: bool = False, accept_changes: bool = False) -> MergeReport:
    """Merge a copy of the source, so that a test can use it again."""
    return merge_wanted(copy.deepcopy(source), spec, dry_run, accept_changes=accept_changes)


def edit(file: Path, old: str, new: str) -> None:
    """What a person does in an editor."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def snapshot(spec: Path) -> dict[str, bytes]:
    return {path.relative_to(spec).as_posix(): path.read_bytes() for path in sorted(spec.rglob("*")) if path.is_file()}


def test_fills_an_empty_catalogue(tmp_path: Path) -> None:
    report = merge(tmp_path, wanted())
    assert report.written == [RESOURCE, TYPES]
    assert (tmp_path / RESOURCE).read_text(encoding="utf-8") == (
        "# yaml-language-server: $schema=../../schema/resources.schema.json\n"
        'summary: "Chatter: groups."\n'
        "resources:\n"
        "  - path: /chatter/groups/{groupId}\n"
        "    site: optional\n"
        "    since: 30.0\n"
        "    guide: connect_resources_example\n"
        "    parameters:\n"
        "      groupId: Id\n"
        "    operations:\n"
        '      GET: {name: get, summary: "Read: Example.", returns: Example}\n'
        "      PATCH:\n"
        "        name: update\n"
        '        summary: "Update: Example."\n'
        "        since: 32.0\n"
        "        parameters:\n"
        '          kind: {type: String, since: 33.0, values: ["No", "12:30"]}\n'
        "        body: ExampleInput\n"
        "        returns: Example\n"
    )


def test_second_run_changes_nothing(tmp_path: Path) -> None:
    merge(tmp_path, wanted())
    before = snapshot(tmp_path)
    report = merge(tmp_path, wanted())
    assert (report.written, report.questions, report.added) == ([], [], {})
    assert snapshot(tmp_path) == before


def test_new_types_that_do_not_fit_into_a_file_begin_another(tmp_path: Path) -> None:
    merge(tmp_path, wanted())
    source = wanted()
    long: dict[str, Any] = {"summary": "One more.", "since": 30.0}
    long["properties"] = {f"p{number}": "String" for number in range(100)}
    for number in range(40):
        source.types[f"Example{number}"] = copy.deepcopy(long)
        source.types["Example"]["properties"][f"example{number}"] = f"Example{number}"
    report = merge(tmp_path, source)
    files = {file: (tmp_path / file).read_text("utf-8") for file in report.written}
    assert list(files) == [TYPES, *(TYPES.replace(".yaml", f"_{number}.yaml") for number in (2, 3, 4))]
    assert all(text.count("\n") <= 1_500 for text in files.values())
    assert sorted(name for text in files.values() for name in yaml.safe_load(text)["types"]) == sorted(source.types)
    assert merge(tmp_path, source).written == []

    source.types["Example"]["properties"]["last"] = "ExampleLast"
    source.types["ExampleLast"] = long
    assert merge(tmp_path, source).written == [TYPES, TYPES.replace(".yaml", "_4.yaml")]


def test_dry_run_reports_and_writes_nothing(tmp_path: Path) -> None:
    report = merge(tmp_path, wanted(), dry_run=True)
    assert report.written == [RESOURCE, TYPES]
    assert report.added["types"] == ["Example", "ExampleInput"]
    assert snapshot(tmp_path) == {}


def test_new_entries_are_added_and_comments_kept(tmp_path: Path) -> None:
    merge(tmp_path, wanted())
    edit(tmp_path / RESOURCE, "resources:\n", "# why the order\n\nresources:\n")
    edit(tmp_path / RESOURCE, "groupId: Id\n", "groupId: Id  # a group\n")
    edit(tmp_path / TYPES, "  ExampleInput:\n", "  # sent, not received\n  ExampleInput:\n")
    source = wanted()
    operations = source.resources["/chatter/groups/{groupId}"]["operations"]
    operations["DELETE"] = {"summary": "Delete: Example."}
    operations["GET"]["parameters"] = {"detail": "Boolean"}
    source.types["Example"]["properties"]["size"] = {"type": "Integer", "since": 40.0}
    source.types["ExampleAlbum"] = {"properties": {"cover": "Url"}}
    source.types["Example"]["properties"]["album"] = "ExampleAlbum"
    source.resources["/chatter/groups"] = {
        "path": "/chatter/groups",
        "operations": {"GET": {"summary": "List: Examples.", "returns": "list<Example>"}},
    }
    report = merge(tmp_path, source)
    assert report.questions == []
    text = (tmp_path / RESOURCE).read_text(encoding="utf-8")
    assert "# why the order\n\nresources:\n" in text
    assert "groupId: Id  # a group\n" in text
    assert '      DELETE: {name: delete, summary: "Delete: Example."}\n' in text
    resources = read_plain(tmp_path / RESOURCE)["resources"]
    assert [entry["path"] for entry in resources] == ["/chatter/groups", "/chatter/groups/{groupId}"]
    assert resources[1]["operations"]["GET"]["parameters"] == {"detail": "Boolean"}
    types = (tmp_path / TYPES).read_text(encoding="utf-8")
    assert "      size: {type: Integer, since: 40.0}\n      album: ExampleAlbum\n  ExampleAlbum:\n" in types
    assert "  # sent, not received\n  ExampleInput:\n" in types
    before = snapshot(tmp_path)
    assert merge(tmp_path, source).written == []
    assert snapshot(tmp_path) == before


def test_a_persons_words_and_names_stay(tmp_path: Path) -> None:
    merge(tmp_path, wanted())
    edit(tmp_path / RESOURCE, "name: update", "name: change")
    edit(tmp_path / RESOURCE, '"Read: Example."', "Reads one example.")
    edit(tmp_path / RESOURCE, "Chatter: groups.", "Groups of people.")
    edit(tmp_path / TYPES, "id: Id", 'id: {type: Id, description: "which one"}')
    before = snapshot(tmp_path)
    report = merge(tmp_path, wanted(), accept_changes=True)
    assert (report.written, report.questions) == ([], [])
    assert snapshot(tmp_path) == before


def test_a_difference_is_asked_and_left(tmp_path: Path) -> None:
    merge(tmp_path, wanted())
    source = wanted()
    source.types["Example"]["properties"]["name"]["since"] = 33.0
    before = snapshot(tmp_path)
    report = merge(tmp_path, source)
    assert [(question.where, question.text) for question in report.questions] == [
        ("Example name", "since is 31.0 here, the source says 33.0")
    ]
    assert snapshot(tmp_path) == before


def test_a_difference_is_taken_over_on_demand(tmp_path: Path) -> None:
    merge(tmp_path, wanted())
    source = wanted()
    source.types["Example"]["properties"]["name"] = {"type": "Url", "since": 33.0}
    source.types["Example"]["until"] = 60.0
    source.resources["/chatter/groups/{groupId}"]["operations"]["GET"]["returns"] = [
        {"type": "Example", "until": 40.0},
        {"type": "Any", "because": "importer: x", "since": 41.0},
    ]
    report = merge(tmp_path, source, accept_changes=True)
    assert report.questions == []
    assert len(report.updated) == 4
    types = read_plain(tmp_path / TYPES)["types"]
    assert types["Example"]["properties"]["name"] == {"type": "Url", "since": 33.0}
    assert types["Example"]["until"] == 60.0
    assert merge(tmp_path, source).written == []


def test_a_correction_is_kept_while_the_source_says_the_same(tmp_path: Path) -> None:
    merge(tmp_path, wanted())
    corrected = "{type: String, since: 32.0, was: {since: 31.0}, because: seen on a server}"
    edit(tmp_path / TYPES, "{type: String, since: 31.0}", corrected)
    before = snapshot(tmp_path)
    report = merge(tmp_path, wanted(), accept_changes=True)
    assert (report.questions, report.corrections_kept) == ([], 1)
    assert snapshot(tmp_path) == before


def test_a_correction_is_asked_again_when_the_source_changed(tmp_path: Path) -> None:
    merge(tmp_path, wanted())
    corrected = "{type: String, since: 32.0, was: {since: 31.0}, because: seen on a server}"
    edit(tmp_path / TYPES, "{type: String, since: 31.0}", corrected)
    source = wanted()
    source.types["Example"]["properties"]["name"]["since"] = 35.0
    before = snapshot(tmp_path)
    report = merge(tmp_path, source, accept_changes=True)
    assert [question.text for question in report.questions] == [
        "since was corrected from 31.0 to 32.0, but the source now says 35.0"
    ]
    assert snapshot(tmp_path) == before


def test_a_reasoned_fact_is_never_taken_over(tmp_path: Path) -> None:
    merge(tmp_path, wanted())
    edit(tmp_path / TYPES, "id: Id", "id: {type: String, because: longer ids were seen}")
    before = snapshot(tmp_path)
    report = merge(tmp_path, wanted(), accept_changes=True)
    assert [question.kept_by_person for question in report.questions] == [True]
    assert snapshot(tmp_path) == before


def test_what_only_the_catalogue_has_is_kept_and_told(tmp_path: Path) -> None:
    merge(tmp_path, wanted())
    source = wanted()
    del source.types["Example"]["properties"]["name"]
    before = snapshot(tmp_path)
    assert merge(tmp_path, source, accept_changes=True).only_in_catalogue == ["Example name"]
    assert snapshot(tmp_path) == before


def test_a_crash_before_the_move_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    merge(tmp_path, wanted())
    before = snapshot(tmp_path)
    source = wanted()
    source.types["Example"]["properties"]["size"] = "Integer"

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        merge(tmp_path, source)
    assert snapshot(tmp_path) == before


def test_a_damaged_file_stops_the_merge_in_one_line(tmp_path: Path) -> None:
    merge(tmp_path, wanted())
    edit(tmp_path / TYPES, "properties:\n", "properties: [\n")
    before = snapshot(tmp_path)
    with pytest.raises(YamlFileError) as error:
        merge(tmp_path, wanted())
    assert "types/chatter/groups.yaml:" in str(error.value)
    assert "\n" not in str(error.value)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    "text", ["No", "12:30", "a: b", "x # y", 'say "so"', "back\\slash", "{{ x }}", "1.0", "2020-01-01", "~", "é…"]
)
def test_text_reads_back_as_it_was(tmp_path: Path, text: str) -> None:
    source = wanted()
    fact: dict[str, Any] = {"type": "String", "values": [text], "default": text, "description": text}
    source.types["Example"]["summary"] = text
    source.types["Example"]["properties"]["name"] = fact
    source.types["Example"]["properties"]["y"] = "Double"
    merge(tmp_path, source)
    example = yaml.safe_load((tmp_path / TYPES).read_text(encoding="utf-8"))["types"]["Example"]
    assert example["summary"] == text
    assert example["properties"]["name"] == fact
    assert example["properties"]["y"] == "Double"


def test_what_a_person_left_out_stays_out(tmp_path: Path) -> None:
    merge(tmp_path, wanted())
    edit(tmp_path / TYPES, "types:\n", "omitted: {ExampleInput.name: the page repeats another's table}\ntypes:\n")
    edit(
        tmp_path / TYPES,
        "      name: {type: String, required: true}\n",
        "      title: {type: String, source: a page}\n",
    )
    edit(
        tmp_path / RESOURCE,
        "resources:\n",
        "omitted:\n"
        '  "PATCH /chatter/groups/{id} kind": it belongs to another page\n'
        '  "DELETE /chatter/groups/{id}": the page is wrong\n'
        "resources:\n",
    )
    before = snapshot(tmp_path)
    report = merge(tmp_path, wanted())
    assert snapshot(tmp_path) == before
    assert report.corrections_kept == 2
    assert [question.where for question in report.questions] == [f"{RESOURCE}: DELETE /chatter/groups/{{id}}"]
    assert report.only_in_catalogue == ["/chatter/groups/{groupId} PATCH kind"]


@pytest.mark.parametrize(
    ("source", "ours"),
    [
        ("String", "Id"),
        ("String", "{type: String, values: ['A', 'B']}"),
        ({"type": "String", "required": "conditional"}, "{type: String, required: {PATCH: true}}"),
        ({"type": "list<Any>", "because": "importer: no page describes a type Thing"}, "list<Example>"),
        (
            {"type": "list<Any>", "because": "importer: no page describes a type Thing"},
            "[{type: list<Example>, until: 33.0, because: two in turn}, {type: list<String>, since: 34.0}]",
        ),
    ],
)
def test_what_says_the_same_more_exactly_is_no_question(tmp_path: Path, source: Any, ours: str) -> None:
    changed = wanted()
    changed.types["ExampleInput"]["properties"]["name"] = source
    merge(tmp_path, changed)
    document = yaml.safe_load((tmp_path / TYPES).read_text(encoding="utf-8"))
    written = next(
        line for line in (tmp_path / TYPES).read_text().splitlines() if "name:" in line and "31.0" not in line
    )
    assert document
    edit(tmp_path / TYPES, written, f"      name: {ours}")
    before = snapshot(tmp_path)
    report = merge(tmp_path, changed)
    assert report.questions == []
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "        returns: Example\n",
            "        returns: [{type: Other, until: 32.0, because: it gives two}, {type: Example, since: 33.0}]\n",
        ),
        ("    since: 30.0\n", "    since: 24.0\n    was: {since: 30.0}\n    because: it moved\n"),
    ],
)
def test_a_silent_source_does_not_stand_against_a_persons_reason(tmp_path: Path, old: str, new: str) -> None:
    merge(tmp_path, wanted())
    edit(tmp_path / RESOURCE, old, new)
    before = snapshot(tmp_path)
    assert merge(tmp_path, wanted()).questions == []
    assert snapshot(tmp_path) == before
