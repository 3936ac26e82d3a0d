"""Each rule of the linter finds what it is for in a catalogue that breaks it once, and nothing in the one before."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectgen.catalogue.loader import load_catalogue
from connectgen.lint.all_rules import RULES
from connectgen.lint.rules import lint
from support.command import connectgen

RELEASES = 'releases:\n  - {version: 30.0, name: "Spring \'14", status: supported}\nformat: 2\n'
STATUS_CODES = "status_codes:\n  - {code: 200, phrase: OK, summary: It worked., kind: success}\n"
RESOURCES = """\
summary: What people vote on, and their votes.
resources:
  - path: /polls
    operations:
      GET:
        name: list
        summary: List open polls, newest first.
        parameters:
          fields: {type: String, description: names of properties to send}
          page: {type: Integer, description: number of polls on a page}
        returns: PollPage
        pagination: {style: next-url, items: polls, next: nextPageUrl, size: page}
      POST:
        name: create
        summary: Create a question to vote on.
        parameters:
          Poll-Key: {type: String, in: header, description: key that makes a second attempt safe}
        body: {type: PollInput, description: question to ask}
        returns: Poll
        retry: key
        idempotency: {header: Poll-Key}
      HEAD: {name: head, summary: Check that polls can be read.}
  - path: /polls/{pollId}/picture
    parameters: {pollId: {type: Id, described_by_name: true}}
    operations:
      GET: {name: download_picture, summary: Download the picture as a file., returns: Binary, batch: false}
      DELETE: {name: delete_picture, summary: Delete the picture of a poll.}
"""
TYPES = """\
types:
  PollPage:
    summary: Some polls, and where the next ones are.
    properties:
      polls: {type: list<Poll>, description: questions on this page}
      nextPageUrl: {type: Url, description: where the next page is}
  Poll:
    summary: A question with its choices.
    failure: {success: false}
    discriminator: {property: type, values: {"Open": OpenPoll}}
    properties:
      type: {type: String, description: whether it is open or closed}
      success: {type: Boolean, described_by_name: true}
      title: {type: Any, because: It comes as text or as parts., description: the question that is asked}
  OpenPoll:
    summary: It takes votes.
    extends: Poll
    properties:
      votes: {type: Integer, description: number of people who chose it}
  PollInput:
    summary: What the poll asks.
    properties:
      choices: {type: list<String>, required: conditional, condition: when it is no draft, description: what to vote on}
"""
FAMILIES = "families:\n  votes: {summary: Ask people., described: true}\n"
CREATE = RESOURCES[RESOURCES.index("        name: create") : RESOURCES.index("      HEAD:")]
POLL_ID = "    parameters: {pollId: {type: Id, described_by_name: true}}\n"
OTHER_PLACEHOLDERS = f"""\
{POLL_ID}    operations: {{GET: {{name: get_it, summary: Get one of the polls., returns: Poll}}}}
  - path: /polls/{{pollId}}/owner
{POLL_ID.replace("type: Id", "type: Integer")}\
    operations: {{GET: {{name: get_owner, summary: Get the poll of an owner., returns: Poll}}}}
  - path: /polls/{{pollId}}/scan
{POLL_ID}"""
VOTES = "votes: {type: Integer, description: number of people who chose it}"
DELETED = "{name: delete_picture, summary: Delete the picture of a poll.}"
BROKEN = [
    ("group-summary", RESOURCES, "What people vote on, and their votes.", "Polls."),
    ("operation-summary", RESOURCES, "Create a question to vote on.", '"Create: Poll."'),
    ("operation-summary", RESOURCES, "List open polls, newest first.", "List open polls"),
    ("type-summary", TYPES, "A question with its choices.", "A poll."),
    ("type-summary", TYPES, "    summary: What the poll asks.\n", ""),
    (
        "vague-input",
        RESOURCES,
        "names of properties to send}",
        "names of properties to send}\n          to: {type: String, described_by_name: true}",
    ),
    ("description-form", TYPES, "what to vote on", "what to vote on."),
    ("condition", TYPES, ", condition: when it is no draft", ""),
    ("condition", TYPES, "when it is no draft", "It is no draft"),
    ("importers-note", TYPES, "It comes as text or as parts.", '"importer: the page leaves the type open"'),
    ("similar-properties", TYPES, VOTES, f"{VOTES}\n      Votes: {{type: Integer, described_by_name: true}}"),
    (
        "collection-pagination",
        RESOURCES,
        "        pagination: {style: next-url, items: polls, next: nextPageUrl, size: page}\n",
        "",
    ),
    ("idempotency", RESOURCES, "        retry: key\n", ""),
    ("failure", TYPES, "    failure: {success: false}\n", ""),
    ("binary-batch", RESOURCES, ", batch: false", ""),
    (
        "post-reads",
        RESOURCES,
        CREATE,
        "        name: find\n        summary: Find a poll.\n        body: {type: PollInput, description: question to ask}\n",
    ),
    (
        "required-default",
        TYPES,
        "list<String>, required: conditional, condition: when it is no draft",
        "String, required: true, default: none",
    ),
    ("placeholder-type", RESOURCES, POLL_ID, OTHER_PLACEHOLDERS),
    ("id-type", RESOURCES, "{pollId: {type: Id", "{pollId: {type: String"),
    ("time-type", TYPES, VOTES, "closingTime: {type: String, described_by_name: true}"),
    ("similar-values", TYPES, VOTES, 'colour: {type: String, values: ["Red", "red"], described_by_name: true}'),
    (
        "same-summary",
        RESOURCES,
        DELETED,
        f"{DELETED}\n      PUT: {{name: delete_all_pictures, summary: Delete the picture of a poll.}}",
    ),
    ("same-summary", TYPES, "It takes votes.", "What the poll asks."),
    ("verb-first", RESOURCES, "name: create\n        summary: Create", "name: poll_create\n        summary: Poll"),
    ("verb-first", RESOURCES, "name: head, summary: Check", "name: exists, summary: Exists"),
    ("verb-first", RESOURCES, "name: download_picture, summary: Download", "name: delete_it, summary: Delete"),
    ("verb-first", RESOURCES, "name: delete_picture, summary: Delete", "name: get_it, summary: Get"),
    ("group-repeated", RESOURCES, "name: list", "name: list_polls"),
    ("undescribed", TYPES, "{type: list<Poll>, description: questions on this page}", "list<Poll>"),
    (
        "undescribed",
        TYPES,
        VOTES,
        f'{VOTES}\n      colour: {{type: String, values: ["Red"], description: colour of ink}}',
    ),
    ("undescribed", RESOURCES, "{type: PollInput, description: question to ask}", "PollInput"),
    ("summary-verb", RESOURCES, "List open polls", "Read open polls"),
    ("summary-verb", RESOURCES, "Download the picture", "Get the picture"),
    ("unmarked-name", TYPES, "where the next page is", "where the page after nextPageUrl is"),
    ("unmarked-name", RESOURCES, "question to ask", "question as create_poll asks it"),
    ("same-description", TYPES, "where the next page is", "questions on this page"),
    ("repeats-name", TYPES, "where the next page is", "the url of the next page"),
    ("one-word", TYPES, "where the next page is", "URL"),
    ("word-not-to-write", TYPES, "where the next page is", "specifies where the next page is"),
    ("word-not-to-write", RESOURCES, "question to ask", "question if asked for"),
]
OF_LISTS = {"equal-values", "nearly-equal-values"}
COLOURS = """\
enumerations:
  Colour:
    values: ["Red", "Green", "Blue"]
    note: {note}
"""


def write(root: Path, resources: str, types: str) -> Path:
    """A catalogue of one group."""
    for name, text in {
        "releases.yaml": RELEASES,
        "status_codes.yaml": STATUS_CODES,
        "families.yaml": FAMILIES,
        "resources/votes/polls.yaml": resources,
        "types/votes/polls.yaml": types,
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def test_nothing_is_found_in_a_good_catalogue(tmp_path: Path) -> None:
    assert lint(load_catalogue(write(tmp_path, RESOURCES, TYPES)), RULES) == []


@pytest.mark.parametrize(("rule", "text", "old", "new"), BROKEN)
def test_a_rule_finds_what_breaks_it(tmp_path: Path, rule: str, text: str, old: str, new: str) -> None:
    assert text.count(old) == 1
    resources = RESOURCES.replace(old, new) if text is RESOURCES else RESOURCES
    types = TYPES.replace(old, new) if text is TYPES else TYPES
    found = lint(load_catalogue(write(tmp_path, resources, types)), RULES)
    assert {one.rule.id for one in found} == {rule}
    assert all(one.fault.location.file.endswith("votes/polls.yaml") and one.fault.remedy for one in found)


def test_subjects_that_refer_to_one_another_in_a_circle_are_found(tmp_path: Path) -> None:
    spec = write(
        tmp_path,
        RESOURCES,
        TYPES.replace("title: {type: Any", "ballot: {type: Ballot, described_by_name: true}\n      title: {type: Any"),
    )
    ballot = "types:\n  Ballot:\n    summary: It is secret.\n    properties:\n      {}\n"
    path = spec / "types/votes/ballots.yaml"
    path.write_text(ballot.format("paper: {type: String, described_by_name: true}"), encoding="utf-8")
    assert lint(load_catalogue(spec), RULES) == []
    path.write_text(ballot.format("polls: {type: list<OpenPoll>, described_by_name: true}"), encoding="utf-8")
    (found,) = lint(load_catalogue(spec), RULES)
    assert found.rule.id == "subject-circle"
    told = "votes_ballots, votes_polls refer to one another in a circle (Ballot → OpenPoll, Poll → Ballot)"
    assert (found.fault.message, found.fault.location.file) == (told, "types/votes/ballots.yaml")


@pytest.mark.parametrize(
    ("values", "note", "found"),
    [
        ('"Red", "Blue"', "of flags", []),  # two of three are chance
        ('"Red"', "of flags", []),
        ('"Red", "Green", "Blue"', "of flags", ["equal-values"]),
        ('"Blue", "Red", "Green"', "of flags", ["equal-values"]),
        ('"Red", "Green", "Blue"', "of flags; OpenPoll.colour may grow alone", []),
        ('"Red", "Green", "Blue"', "of flags; OpenPoll.colours may grow alone", ["equal-values"]),
        ('"Red", "Green", "Blue", "Black"', "of flags", ["nearly-equal-values"]),
        ('"Red", "Green", "Blue", "Black"', "OpenPoll.colour has Black as well", []),
        ('"Red", "Green", "Blue", "Black", "White", "Grey"', "of flags", []),
    ],
)
def test_lists_that_look_alike_are_one_or_told_apart(tmp_path: Path, values: str, note: str, found: list[str]) -> None:
    listed = (
        "votes: {type: String, values: Colour, description: its colour}\n"
        f"      colour: {{type: String, values: [{values}], description: of its flag}}"
    )
    spec = write(
        tmp_path, RESOURCES, TYPES.replace("votes: {type: Integer, description: number of people who chose it}", listed)
    )
    (spec / "enumerations").mkdir()
    (spec / "enumerations/votes.yaml").write_text(COLOURS.format(note=note), encoding="utf-8")
    rules = [rule for rule in RULES if rule.id in OF_LISTS]
    assert [one.rule.id for one in lint(load_catalogue(spec), rules)] == found


def test_every_rule_is_shown_to_find_something() -> None:
    assert {rule.id for rule in RULES} == {"subject-circle", *OF_LISTS, *(rule for rule, *_ in BROKEN)}


def test_the_command_lists_findings_and_tells_by_its_exit_code(tmp_path: Path) -> None:
    spec = write(tmp_path / "spec", RESOURCES.replace("Create a question to vote on.", '"Create: Poll."'), TYPES)
    result = connectgen("lint", "--catalogue", str(spec), cwd=tmp_path)
    assert result.returncode == 1
    assert result.stdout.startswith("resources/votes/polls.yaml:13: the summary of votes.polls.create says nothing new")
    assert result.stdout.endswith("[operation-summary]\n")
    assert connectgen("lint", "--catalogue", str(spec), "--rule", "failure", cwd=tmp_path).returncode == 0
    assert connectgen("lint", "--catalogue", str(spec), "--family", "none", cwd=tmp_path).returncode == 2
    listed = connectgen("lint", "--rules", cwd=tmp_path)
    assert listed.returncode == 0
    assert [line.split(":")[0] for line in listed.stdout.splitlines()] == [rule.id for rule in RULES]


def test_what_is_undescribed_is_an_error_from_the_day_its_family_is_described(tmp_path: Path) -> None:
    undescribed = TYPES.replace("{type: list<Poll>, description: questions on this page}", "list<Poll>")
    spec = write(tmp_path / "spec", RESOURCES, undescribed)

    described = connectgen("lint", "--catalogue", str(spec), cwd=tmp_path)
    (spec / "families.yaml").write_text(FAMILIES.replace(", described: true", ""), encoding="utf-8")
    warned = connectgen("lint", "--catalogue", str(spec), cwd=tmp_path)
    listed = connectgen("lint", "--catalogue", str(spec), "--warnings", "--family", "votes", cwd=tmp_path)

    assert (described.returncode, warned.returncode, listed.returncode) == (1, 0, 0)
    assert described.stdout.endswith("[undescribed]\n")
    assert warned.stdout.endswith("nothing found by 31 rules; 1 warning\n")
    assert listed.stdout.startswith("types/votes/polls.yaml:5: PollPage.polls has no description")


def test_a_family_that_nothing_describes_is_found(tmp_path: Path) -> None:
    spec = write(tmp_path, RESOURCES, TYPES)
    (spec / "families.yaml").unlink()
    assert "the family votes has no description" in {one.fault.message for one in lint(load_catalogue(spec), RULES)}
