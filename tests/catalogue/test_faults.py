"""Every kind of fault gives one line with file, line and remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from connectgen.catalogue.loader import check_catalogue
from connectgen.catalogue.yaml_reader import read_yaml
from connectgen.cli.main import main
from support.command import ROOT

RES = "resources/feeds/polls.yaml"
TYP = "types/feeds/polls.yaml"

CASES = [
    # (what is replaced, by what, file, line, words of the message)
    ("summary: Polls.", "summary: Polls.\nsummary: Twice.", RES, 2, "'summary' occurs twice"),
    ("    site: optional", "     site: optional", RES, 6, "YAML cannot be read"),
    ("    site: optional", "    sight: optional", RES, 6, "unknown key 'sight'"),
    ("site: optional", "site: always", RES, 6, '"always" is not allowed'),
    ("requires: [chatter]", "requires: chatter", RES, 7, "wrong type"),
    ("requires: [chatter]", "requires: [{value: chatter, until: 68.0}]", RES, 3, "68.0, which does not exist"),
    ("since: 66.0\n        parameters", "since: 68.0\n        parameters", RES, 11, "68.0, which does not exist"),
    ("since: 66.0\n        parameters", "since: sixty\n        parameters", RES, 14, "wrong type"),
    ("since: 66.0\n        parameters", "since: 66.5\n        parameters", RES, 14, "66.5 is no version"),
    ("since: 66.0\n        parameters", 'since: "66.0"\n        parameters', RES, 14, '"66.0" has the wrong type'),
    ("choice: {type: Id, since: 67.0,", 'choice: {type: Id, since: "67.0",', RES, 16, ': "67.0" has the wrong type'),
    ("    site: optional", "\tsite: optional", RES, 6, "a tab is in the indentation"),
    ("  User:\n", "  user: {}\n  User:\n", TYP, 9, '"user" is not well formed'),
    ("      name: String", '      "+name": String', TYP, 11, '"+name" is not well formed'),
    ("choice: {type: Id, since: 67.0,", "choice: {type: Id, since: 65.0,", RES, 16, "outside its owner's versions"),
    ('{value: "b", since: 67.0}', '{value: "b", since: 66.0}', RES, 16, "outside its owner's versions"),
    ('"a", {', '"b", {', RES, 16, "'b' of parameter choice is listed twice"),
    ("returns: Poll}", "returns: Poll<}", RES, 10, "type"),
    ("returns: Poll}", "returns: Pole}", RES, 10, "there is no type Pole"),
    ("returns: Poll}", "returns: PollInput}", RES, 10, "refers to PollInput"),
    ("body: PollInput", "body: Poll", RES, 17, "refers to Poll"),
    ("name: vote", "name: get", RES, 11, "operation get occurs twice in feeds.polls"),
    ("name: vote", "name: class", RES, 11, "Python keyword"),
    ("parameters: {pollId: Id}", "parameters: {poll: Id}", RES, 3, "has {pollId}"),
    ("parameters: {pollId: Id}", "parameters: {pollId: Id, other: Id}", RES, 3, "other is in no path"),
    ("GET: {name: get,", "GET: {name: get, parameters: {pollId: Id},", RES, 10, "path parameter pollId is listed at"),
    ("GET: {name: get,", "GET: {name: get, parameters: {a: {type: Id, in: form}},", RES, 10, "GET has no form"),
    ('"/chatter/polls/{pollId}"', '"/../polls/{pollId}"', RES, 5, "not well formed"),
    ("Integer, until: 66.0", "Integer, until: 67.0", TYP, 4, "two facts for the same versions"),
    ("Integer, until: 66.0", "Integer, until: 64.0", TYP, 4, "before the catalogue's first version"),
    ("Long, since: 67.0", "Long, since: 67.0, until: 66.0", TYP, 4, "since 67.0 is after until 66.0"),
    ("votes: [{type: Integer", "votes: [{type: Any", TYP, 4, "Any without a reason"),
    ("owner: {type: User,", "owner: {type: String,", TYP, 9, "nothing refers to the type User"),
    ("  User:\n", "  User:\n    unreferenced: Nobody does.\n", TYP, 9, "marked unreferenced, but"),
    ("  User:\n", "  User:\n    extends: User\n", TYP, 9, "extends itself"),
    ("  User:\n", "  Operation:\n", TYP, 9, "'Operation' is a name that the generated code needs"),
    (
        "  User:\n",
        '  AnyUser: {properties: {}}\n  User:\n    discriminator: {property: name, values: {"a": User}}\n',
        TYP,
        9,
        "'AnyUser' is the name of the variants of User",
    ),
    ("name: String", "name: {type: Integer, minimum: 3, maximum: 2}", TYP, 11, "minimum above its maximum"),
    ("name: String", "name: &anchor String", TYP, 11, "anchors and aliases"),
    ("name: String", "name: !!python/object:os.system String", TYP, 11, "tag"),
    ("name: String", "name:", TYP, 11, "a value is missing"),
    ("name: String", "name: {type: String, values: [No]}", TYP, 11, "different things to different readers"),
    ("name: String", "name: {type: String, values: [12:30]}", TYP, 11, "looks like a number or a date"),
    ("name: String", 'name: {type: String, description: "a\\nb"}', TYP, 11, "not well formed"),
    ("name: String", "name: {type: String, replaced_by: title}", TYP, 11, "title, which is not beside it"),
    ("GET: {name: get,", "GET: {name: get, replaced_by: feeds.polls.see,", RES, 10, "no operation feeds.polls.see"),
    ("{version: 66.0,", "{version: 64.0,", "releases.yaml", 3, "64.0 follows 65.0"),
    ("kind: success", "kind: fine", "status_codes.yaml", 2, '"fine" is not allowed'),
]


@pytest.mark.parametrize(
    ("old", "new", "file", "line", "words"), CASES, ids=[case[4] + "-" + case[1] for case in CASES]
)
def test_a_fault_names_file_line_and_remedy(
    make_catalogue, old: str, new: str, file: str, line: int, words: str
) -> None:
    _, faults = check_catalogue(make_catalogue((old, new)))
    found = [fault for fault in faults if words in fault.message]
    assert found, [str(fault) for fault in faults]
    assert (found[0].location.file, found[0].location.line) == (file, line)
    assert found[0].remedy
    assert all("\n" not in str(fault) for fault in faults)


def test_the_small_catalogue_has_no_fault(make_catalogue) -> None:
    catalogue, faults = check_catalogue(make_catalogue())
    assert faults == []
    assert catalogue is not None
    assert catalogue.versions == (65, 66, 67)


def test_all_faults_in_one_run(make_catalogue) -> None:
    root = make_catalogue(("returns: Poll}", "returns: Pole}"), ("name: String", "name: 3"))
    result = CliRunner().invoke(main, ["validate", "--catalogue", str(root), "--no-cache"])
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert [line.split(": ")[0] for line in lines] == [f"{RES}:10", f"{TYP}:11", f"2 faults in {root}"]


def test_a_broken_file_gives_no_false_alarms_elsewhere(make_catalogue) -> None:
    """What a file that cannot be read would have defined is not reported as missing."""
    _, faults = check_catalogue(make_catalogue(("types:\n", "types: [\n")))
    assert {fault.location.file for fault in faults} == {TYP}


@pytest.mark.parametrize("text", ["summary: [", "sumary: Polls.", "\ufeff".encode("utf-16").decode("latin-1")])
def test_a_broken_resource_file_makes_no_type_look_unreferenced(make_catalogue, text: str) -> None:
    """Also not a type that only another type refers to, whose own place is in the broken file."""
    root: Path = make_catalogue()
    (root / RES).write_text(text, encoding="latin-1")
    _, faults = check_catalogue(root)
    assert {fault.location.file for fault in faults} == {RES}, [str(fault) for fault in faults]


def test_what_is_no_text_gives_no_false_alarms_elsewhere(make_catalogue) -> None:
    root: Path = make_catalogue()
    (root / TYP).write_text((root / TYP).read_text(encoding="utf-8"), encoding="utf-16")
    _, faults = check_catalogue(root)
    assert [str(fault) for fault in faults] == [f"{TYP}:1: is not UTF-8; save the file as UTF-8"]


@pytest.mark.parametrize("kind", ["folder", "link to nowhere"])
def test_what_is_no_file_is_one_clear_line(make_catalogue, kind: str) -> None:
    root: Path = make_catalogue()
    (root / TYP).unlink()
    ((root / TYP).mkdir() if kind == "folder" else (root / TYP).symlink_to("nowhere.yaml"))
    result = CliRunner().invoke(main, ["validate", "--catalogue", str(root), "--no-cache"])
    assert result.exit_code == 1
    assert result.output.startswith(f"{TYP}:1: cannot be read (")
    assert result.output.count("\n") == 2


def test_a_schema_that_cannot_be_used_is_one_clear_line(make_catalogue) -> None:
    root: Path = make_catalogue()
    shutil.copytree(ROOT / "spec" / "schema", root / "schema")
    (root / "schema" / "types.schema.json").write_text("{\n  1\n}", encoding="utf-8")
    (root / "schema" / "common.schema.json").unlink()
    _, faults = check_catalogue(root)
    assert {(fault.location.file, fault.location.line) for fault in faults} == {
        ("schema/common.schema.json", 1),
        ("schema/types.schema.json", 2),
    }


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("resources/stray.yaml", b"summary: x", "does not belong here"),
        ("types/feeds/notes.txt", b"hello", "does not belong here"),
        ("types/feeds/latin.yaml", "types: {A: {summary: é}}".encode("latin-1"), "not UTF-8"),
        ("types/feeds/empty.yaml", b"", "the file is empty"),
        ("types/feeds/control.yaml", b"types: {A: {summary: \x01}}", "character that YAML forbids"),
        ("types/feeds/two.yaml", b"types: {}\n---\ntypes: {}\n", "second YAML document"),
        ("types/feeds/deep.yaml", b"types: " + b"[" * 500 + b"]" * 500, "nested deeper"),
        ("types/feeds/twice.yaml", b"types: {User: {properties: {a: String}}}", "already defined"),
    ],
)
def test_a_file_that_cannot_be_used(make_catalogue, name: str, content: bytes, words: str) -> None:
    root: Path = make_catalogue()
    (root / name).write_bytes(content)
    _, faults = check_catalogue(root)
    assert any(words in fault.message for fault in faults), [str(fault) for fault in faults]


@pytest.mark.parametrize("name", ["releases.yaml", "status_codes.yaml"])
def test_a_missing_file(make_catalogue, name: str) -> None:
    root: Path = make_catalogue()
    (root / name).unlink()
    _, faults = check_catalogue(root)
    assert [str(fault) for fault in faults] == [f"{name}:1: is missing; write it (docs/catalogue-format.md)"]


def test_no_such_folder(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["validate", "--catalogue", str(tmp_path / "nowhere"), "--no-cache"])
    assert result.exit_code == 1
    assert "is no folder" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("text", ["?\n4", "a: [\x85\x85\x85", "? \u2028\u2028- :", "'\r\r\r"])
def test_yaml_that_ends_too_early_is_a_fault(tmp_path: Path, text: str) -> None:
    """Found by fuzzing: the parser names a line behind the last."""
    path = tmp_path / "a.yaml"
    path.write_bytes(text.encode())
    _, faults = read_yaml(path, "a.yaml")
    assert faults
