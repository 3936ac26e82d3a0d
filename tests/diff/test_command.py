"""The commands `diff` and `rules` as their users call them: filters, formats, exit codes, wrong input."""

from __future__ import annotations

import json
import re
import subprocess
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from connectgen.diff.formats.json_ import SCHEMA_FILE
from connectgen.diff.rules import rules
from diff.small import write
from support.command import ROOT, connectgen

# What differs between 65.0, 66.0 and 67.0 in the catalogue of these tests.
EDITS = [
    ("          since: DateTime\n", "          since: {type: DateTime, until: 65.0}\n"),
    (
        "      friends: list<Poll>\n",
        "      friends: {type: list<Poll>, until: 66.0}\n      fans: {type: Long, since: 67.0}\n",
    ),
    ('values: ["New", "Old"]', 'values: ["New", {value: "Old", until: 65.0}, {value: "<Odd> | `x`", since: 66.0}]'),
    ("{name: delete, summary: Close a poll.,", "{name: delete, summary: Close a poll., until: 65.0,"),
]
REMOVED = "operation-removed:votes.polls.delete"


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("diff") / "spec", *EDITS)


def run(spec: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return connectgen("diff", *arguments, "--catalogue", str(spec), cwd=spec.parent)


def entries(spec: Path, *arguments: str) -> dict[str, dict[str, object]]:
    """The entries of the JSON report by id."""
    result = run(spec, *arguments, "--format", "json")
    assert result.returncode == 0, result.stderr
    document = json.loads(result.stdout)
    jsonschema.validate(document, json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
    return {change["id"]: change for change in document["changes"]}


def test_the_terminal_shows_figures_then_the_worst_first(spec: Path) -> None:
    result = run(spec, "65.0", "67.0")
    assert result.returncode == 0
    assert result.stdout.splitlines() == [
        "Connect REST API 65.0 → 67.0",
        "3 breaking, 1 warning, 3 others",
        "",
        "by family      breaking  warnings    others",
        "(the release)         ·         ·         1",
        "votes                 3         1         2",
        "",
        "by version  breaking  warnings    others",
        "66.0               2         1         2",
        "67.0               1         ·         1",
        "",
        "BREAKING: 3",
        "  votes.polls",
        "    votes.polls.delete: Ended: `DELETE /votes/polls/{pollId}` is gone. Use",
        "      `votes.polls.create` instead. In 66.0.",
        "    votes.polls.list: The parameter `since` is gone. Stop passing it. In 66.0.",
        "    Poll: Responses no longer have `friends`. Stop reading it. In 67.0.",
        "      Reaches `votes.polls.create`, `votes.polls.get`, `votes.polls.list`.",
        "",
        "WARNINGS: 1",
        "  votes.polls",
        "    Poll: `state` has one more value: `<Odd> | ˋxˋ`. Handle a value that your",
        "      code does not know. In 66.0.",
        "      Reaches `votes.polls.create`, `votes.polls.get`, `votes.polls.list`.",
        "",
        "CHANGED: 3",
        "  the release",
        "    67.0 is supported; 65.0 is retired. In 66.0.",
        "  votes.polls",
        "    Poll",
        "      `state` no longer has the value `Old`. Stop using the value. In 66.0.",
        "      New property: `fans`. In 67.0.",
        "",
        "3 breaking, 1 warning, 3 others",
    ]


def test_a_jump_tells_in_which_version_each_change_landed(spec: Path) -> None:
    landed = {name: change["landed"] for name, change in entries(spec, "65.0", "67.0").items()}
    assert landed[REMOVED] == "66.0"
    assert landed["response-property-removed:Poll.friends"] == "67.0"
    back = entries(spec, "67.0", "65.0")
    assert back["operation-added:votes.polls.delete"]["landed"] == "66.0"


def test_backwards_each_entry_tells_before_which_version_it_was_so(spec: Path) -> None:
    lines = run(spec, "67.0", "65.0").stdout.splitlines()
    assert "    Poll: Responses no longer have `fans`. Stop reading it. As before 67.0." in lines
    assert "    votes.polls.list: New parameter: `since`. As before 66.0." in lines


def test_nothing_that_no_operation_reaches_breaks_a_caller() -> None:
    result = connectgen("diff", "30.0", "67.0", "--format", "json", cwd=ROOT)
    changes = {change["id"]: change for change in json.loads(result.stdout)["changes"]}
    breaking = [change for change in changes.values() if change["severity"] == "breaking"]
    assert len(breaking) > 100
    assert [change["id"] for change in breaking if not change["operations"]] == []
    # A type of the guide that no resource takes: it is there from its own version on.
    assert changes["type-added:BusinessObjectiveInput"]["landed"] == "59.0"


def test_all_formats_have_the_same_entries(spec: Path) -> None:
    ids = list(entries(spec, "65.0", "67.0"))
    names = [name.partition(":")[2] for name in ids]
    lines = run(spec, "65.0", "67.0", "--full").stdout.splitlines()
    found = [re.fullmatch(r"    (?:BREAKING|WARNING|info) (.*?): .* \[(.*)\]", line) for line in lines]
    assert sorted(f"{one[2]}:{one[1]}" for one in found if one) == sorted(ids)
    cases = ElementTree.fromstring(run(spec, "65.0", "67.0", "--format", "junit").stdout).findall("testcase")
    assert [f"{case.get('classname')}:{case.get('name')}" for case in cases] == ids
    assert [case.get("name") for case in cases if case.find("failure") is not None] == names[:3]
    annotations = run(spec, "65.0", "67.0", "--format", "github").stdout.splitlines()
    assert [line.split("title=")[1].split("::")[0] for line in annotations] == [name.partition(":")[0] for name in ids]
    assert annotations[0].startswith(
        "::error file=spec/types/votes/polls.yaml,line=18,title=response-property-removed::"
    )
    html = run(spec, "65.0", "67.0", "--format", "html").stdout
    assert sorted(re.findall(r'<li class="change \w+" id="([^"]*)"', html)) == sorted(map(escape, ids))
    markdown = run(spec, "65.0", "67.0", "--format", "markdown", "--full").stdout
    shown = [line.split("`: ")[0] for line in markdown.splitlines() if line.startswith("- ")]
    assert sorted(one.partition(" `")[2] for one in shown) == sorted(name.replace("`", "ˋ") for name in names)
    assert "## ❌ Breaking: 3" in markdown
    assert "## ⚠️ Warnings: 1" in markdown


def test_text_of_the_catalogue_is_escaped_everywhere(spec: Path) -> None:
    html = run(spec, "65.0", "67.0", "--format", "html").stdout
    assert "<Odd>" not in html
    assert "&lt;Odd&gt; | `x`" in html
    markdown = run(spec, "65.0", "67.0", "--format", "markdown").stdout
    assert "has one more value: `<Odd> | ˋxˋ`." in markdown
    assert "&lt;Odd&gt;" in run(spec, "65.0", "67.0", "--format", "junit").stdout


def test_a_report_goes_to_a_file_whole_or_not_at_all(spec: Path) -> None:
    result = run(spec, "65.0", "67.0", "--format", "html", "--output", "reports/diff.html")
    assert result.returncode == 0
    assert "3 breaking" in result.stderr
    assert (spec.parent / "reports/diff.html").read_text(encoding="utf-8").endswith("</html>\n")
    refused = run(spec, "65.0", "67.0", "--output", "reports/diff.html/more")
    assert refused.returncode == 3
    assert "cannot be written" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["65.0", "67.0"], 0),
        (["65.0", "67.0", "--fail-on", "breaking"], 1),
        (["65.0", "67.0", "--fail-on", "any", "--only", "info"], 1),
        (["65.0", "67.0", "--fail-on", "breaking", "--only", "info"], 0),
        (["65.0", "67.0", "--fail-on", "warning", "--only", "warning"], 1),
        (["66.0", "67.0", "--fail-on", "breaking", "--severity", "response-property-removed=info"], 0),
        (["66.0", "67.0", "--fail-on", "any", "--only", "warning"], 0),
    ],
)
def test_the_exit_code_tells_whether_the_threshold_is_reached(spec: Path, arguments: list[str], code: int) -> None:
    assert run(spec, *arguments).returncode == code


def test_filters_keep_what_reaches_a_path_or_a_family(spec: Path) -> None:
    assert REMOVED in entries(spec, "65.0", "66.0", "--path", "/votes/polls/*")
    assert "parameter-removed:votes.polls.list(since)" not in entries(spec, "65.0", "66.0", "--path", "/votes/polls/*")
    assert entries(spec, "65.0", "66.0", "--family", "votes") == entries(spec, "65.0", "66.0")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["65.0", "68.0"], 2, "there is no version 68.0: the catalogue has 65.0 to 67.0"),
        (["65.0", "65.0"], 2, "65.0 is compared with itself"),
        (["65", "66.0"], 2, "'65' is no version; write it as in 66.0"),
        (["65.0@main", "66.0"], 2, "is not under git"),
        (["65.0", "66.0", "--severity", "no-rule=info"], 2, "there is no rule no-rule"),
        (["65.0", "66.0", "--severity", "type-added=awful"], 2, "'awful' is no level"),
        (["65.0", "66.0", "--family", "nobody"], 2, "there is no family nobody: votes"),
        (["65.0", "66.0", "--path", "votes"], 2, "no path fits 'votes'; a pattern is for whole paths, such as"),
        (["65.0", "66.0", "--used-by", "/nowhere"], 2, "does not exist"),
        (["65.0", "66.0", "--group-by", "famly"], 2, "'famly' is not one of 'severity', 'family', 'version', 'rule'"),
        (["65.0", "66.0", "--summary", "--format", "json"], 2, "--summary is for --format terminal, markdown, html;"),
        (["65.0", "66.0", "--group-by", "rule", "--format", "junit"], 2, "junit always has every change"),
        (["65.0", "66.0", "--full", "--format", "github"], 2, "--full is for --format terminal, markdown, html;"),
        (["65.0", "66.0", "--summary", "--full"], 2, "--summary shows no changes, so that --full has nothing"),
    ],
)
def test_wrong_input_is_one_clear_line(spec: Path, arguments: list[str], code: int, words: str) -> None:
    result = run(spec, *arguments)
    assert result.returncode == code
    assert words in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_a_catalogue_at_fault_is_told_from_wrong_usage(tmp_path: Path) -> None:
    broken = write(tmp_path / "spec", ("returns: PollPage", "returns: Pole"))
    result = run(broken, "65.0", "66.0")
    assert result.returncode == 3
    assert "there is no type Pole" in result.stderr


def test_a_released_version_is_compared_with_the_same_one_now(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", "-C", str(tmp_path), *identity, *arguments], check=True, capture_output=True)

    write(tmp_path / "spec")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "First")
    git("tag", "v1.0.0")
    write(tmp_path / "spec", ("      success: Boolean\n", "      success: String\n"))
    changes = entries(tmp_path / "spec", "66.0@v1.0.0", "66.0")
    assert list(changes) == ["response-property-type-changed:Poll.success"]
    assert changes["response-property-type-changed:Poll.success"]["landed"] is None
    unknown = run(tmp_path / "spec", "66.0@v9", "66.0")
    assert unknown.returncode == 2
    assert "there is no git ref v9" in unknown.stderr
    option = run(tmp_path / "spec", "66.0@--output=x", "66.0")
    assert option.returncode == 2
    write(tmp_path / "spec", ("returns: PollPage", "returns: Pole"))
    git("add", ".")
    git("commit", "-qm", "Broken")
    git("tag", "broken")
    write(tmp_path / "spec")
    at_fault = run(tmp_path / "spec", "66.0@broken", "66.0")
    assert at_fault.returncode == 3
    assert "the catalogue at broken has faults" in at_fault.stderr


IGNORE = """\
ignore:
  - {rule: operation-removed, subject: "votes.polls.*", reason: nobody deletes}
  - {rule: "response-property-*", subject: Poll.friends, reason: not read, expires: "2999-01-31"}
"""


def test_an_ignore_file_takes_away_what_it_means(spec: Path, tmp_path: Path) -> None:
    file = tmp_path / "ignore.yaml"
    file.write_text(IGNORE, encoding="utf-8")
    result = run(spec, "65.0", "67.0", "--ignore", str(file))
    assert result.returncode == 0
    assert "votes.polls.delete" not in result.stdout
    assert "`friends`" not in result.stdout
    assert result.stdout.endswith("1 breaking, 1 warning, 3 others; 2 ignored\n")
    assert result.stderr == ""


def test_what_expired_or_matches_nothing_gives_a_warning(spec: Path, tmp_path: Path) -> None:
    file = tmp_path / "ignore.yaml"
    file.write_text(IGNORE.replace("2999", "1999").replace("votes.polls.*", "votes.none.*"), encoding="utf-8")
    result = run(spec, "65.0", "67.0", "--ignore", str(file), "--only", "breaking")
    assert "Responses no longer have `friends`" in result.stdout
    assert result.stderr.splitlines() == [
        f"warning: {file}:3: response-property-*:Poll.friends expired on 1999-01-31; it is reported again",
        f"warning: {file}:2: operation-removed:votes.none.* matches nothing; remove it",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ignore: [{rule: type-added}]", ":1: an entry has no reason"),
        ("ignore:\n  - {reason: because}", ":2: an entry names neither rule nor subject"),
        ("ignore:\n  - {rule: tipe-added, reason: x}", ":2: there is no rule tipe-added"),
        ("ignore:\n  - {rule: type-added, reason: x, until: soon}", ":2: unknown key 'until'"),
        ("ignore:\n  - {rule: type-added, reason: x, expires: soon}", ":2: soon is no date"),
        ("ignored: []", ":1: is no ignore file"),
        ("ignore: [", "YAML cannot be read"),
        ("- a", ":1: is no ignore file"),
    ],
)
def test_a_malformed_ignore_file_is_wrong_usage(spec: Path, tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "ignore.yaml"
    file.write_text(text, encoding="utf-8")
    result = run(spec, "65.0", "67.0", "--ignore", str(file))
    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_rules_are_listed_and_explained(tmp_path: Path) -> None:
    listed = connectgen("rules", cwd=tmp_path)
    assert [line.split()[0] for line in listed.stdout.splitlines()] == list(rules())
    explained = connectgen("rules", "operation-moved", cwd=tmp_path)
    assert explained.stdout.splitlines() == [
        "operation-moved: breaking",
        "",
        "The same operation at another path. The client knows it; code that sends its own requests does not.",
        "Example: `/chatter/files/{fileId}` became `/connect/files/{fileId}` in 36.0.",
        "",
        "effect: changed, on requests",
        "on the wire: breaking",
        "in Python source: none",
        "in behaviour: none",
    ]
    unknown = connectgen("rules", "operation-moving", cwd=tmp_path)
    assert unknown.returncode == 2
    assert "there is no rule operation-moving; perhaps operation-added" in " ".join(unknown.stderr.split())
