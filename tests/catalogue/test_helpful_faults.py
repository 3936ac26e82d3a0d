"""Faults help: they name what is near, nothing that follows from another, and quote little."""

from __future__ import annotations

import pytest

from connectgen.catalogue.loader import check_catalogue
from connectgen.catalogue.suggestions import MOST, limit_of, nearest

RES, TYP = "resources/feeds/polls.yaml", "types/feeds/polls.yaml"
ONE_LINE = [
    # (what is replaced, by what, the whole fault)
    ("returns: Poll}", "returns: Pol}", f"{RES}:10: there is no type Pol; did you mean Poll?"),
    (
        "returns: Poll}",
        "return: Poll}",
        f"{RES}:10: resources.0.operations.GET: unknown key 'return'; did you mean returns or retry?",
    ),
    (
        "since: 66.0\n        parameters",
        "sinse: 66.0\n        parameters",
        f"{RES}:14: resources.0.operations.PATCH: unknown key 'sinse'; did you mean since?",
    ),
    ("name: String", "name: Sting", f"{TYP}:11: there is no type Sting; did you mean String?"),
    (
        "name: String",
        "name: List<String>",
        f"{TYP}:11: 'List<String>' is neither a scalar, a type's name, list<…> nor map<…>; did you mean list<String>?",
    ),
    ("owner: {type: User,", "owner: {type: Usr,", f"{TYP}:5: there is no type Usr; did you mean User?"),
    (
        "owner: {type: User,",
        "owner: {type: Somebody,",
        f"{TYP}:5: there is no type Somebody; correct the name, or add the type under types/",
    ),
    (
        "type: Integer, until",
        "typ: Integer, until",
        f"{TYP}:4: types.Poll.properties.votes.0: unknown key 'typ'; did you mean type?",
    ),
    (
        "value: Small",
        "value: Smal",
        f'{TYP}:5: types.Poll.properties.owner.group.0.value: "Smal" is not allowed; did you mean Small?',
    ),
    ("      PATCH:", "      PACH:", f"{RES}:11: resources.0.operations: unknown key 'PACH'; did you mean PATCH?"),
    (
        "GET: {name: get,",
        "GET: {name: get, until: 66.0, replaced_by: feed.polls.vote,",
        f"{RES}:10: there is no operation feed.polls.vote; did you mean feeds.polls.vote?",
    ),
    (
        "GET: {name: get,",
        "GET: {name: get, until: 66.0, replaced_by: feeds.polls.vot,",
        f"{RES}:10: there is no operation feeds.polls.vot; did you mean feeds.polls.vote?",
    ),
    (
        "parameters: {pollId: Id}",
        "parameters: {polId: Id}",
        f"{RES}:3: /chatter/polls/{{pollId}} has {{pollId}}, but parameters lacks it; add pollId: Id to parameters, or correct polId there",
    ),
    (
        "since: 66.0\n        parameters",
        "since: 70.0\n        parameters",
        f"{RES}:11: operation vote names the version 70.0, which does not exist; the newest is 67.0 (releases.yaml)",
    ),
    (
        "since: 66.0\n        parameters",
        "since: 68.0\n        parameters",
        f"{RES}:11: operation vote names the version 68.0, which does not exist; the newest is 67.0 (releases.yaml); connectgen release begin 68.0 adds the next",
    ),
    (
        "    site: optional",
        "     site: optional",
        f"{RES}:6: YAML cannot be read: the indentation does not fit the lines before; indent keys that belong together alike",
    ),
    (
        "    site: optional",
        "\tsite: optional",
        f"{RES}:6: YAML cannot be read: a tab is in the indentation; indent with spaces",
    ),
    (
        "    site: optional",
        "<<<<<<< HEAD\n    site: optional",
        f"{RES}:6: a marker of a merge conflict is left; resolve the conflict",
    ),
    (
        "summary: Vote in a poll.",
        "summary: Vote: in a poll.",
        f"{RES}:13: YAML cannot be read: a text without quotes holds a colon; put the text in quotes",
    ),
    (
        "summary: Read a poll.",
        "summary: Read: a poll.",
        f"{RES}:10: YAML cannot be read: a text without quotes holds a colon; put the text in quotes",
    ),
    (
        "summary: Polls.",
        'summary: "Polls.',
        f'{RES}:1: YAML cannot be read: a quoted text has no end in its line; add the closing "',
    ),
    (
        "summary: Polls.",
        "summary: 'Polls' and",
        f"{RES}:1: YAML cannot be read: a text goes on after its quotes; put all of it in quotes",
    ),
    (
        "summary: Polls.",
        "summary: @polls",
        f"{RES}:1: YAML cannot be read: a text without quotes begins with '@'; put the text in quotes",
    ),
    (
        "name: String",
        "name:String",
        f'{TYP}:10: types.User.properties: "name:String" is one text; put a space after the colon',
    ),
    (
        "name: String",
        "name: User[]",
        f'{TYP}:11: types.User.properties.name: "User[]" is not how a type is written; did you mean list<User>?',
    ),
    (
        "votes: [{type: Integer,",
        "votes: [{type: List[User],",
        f"{TYP}:4: YAML cannot be read: List[User] is not how a list is written; did you mean list<User>?",
    ),
    (
        "name: String",
        "name: {type:String}",
        f"{TYP}:11: a value is missing: the key 'type:String' has none; write type: String",
    ),
    (
        "name: String",
        "name {type: String}",
        f"{TYP}:11: no colon is after name; write name: and a space before the bracket",
    ),
    (
        "name: String",
        "name:{type: String}",
        f"{TYP}:11: no space is after the colon of name; write name: and a space before the bracket",
    ),
    (
        "name: String",
        "name: {type: String\n      age: Integer",
        f"{TYP}:11: YAML cannot be read: a closing bracket is missing; close what the line opens",
    ),
    (
        "since: 66.0\n        parameters",
        "since: v66.0\n        parameters",
        f'{RES}:14: resources.0.operations.PATCH.since: "v66.0" has the wrong type; write 66.0, a number without quotes',
    ),
    (
        "name: String",
        "name: {type: String, since: 67,0}",
        f"{TYP}:11: a value is missing: the key '0' has none; write a version or number with a point: 39.0",
    ),
    (
        "name: String",
        "name: {type: String, description: “one, two”}",
        f"{TYP}:11: a value is missing: the key 'two”' has none; put a text with a comma in straight quotes",
    ),
    (
        "requires: [chatter]",
        "requires: chatter",
        f'{RES}:7: resources.0.requires: "chatter" has the wrong type; write a list: [chatter]',
    ),
    (
        "      PATCH:",
        "      OPTIONS:",
        f"{RES}:11: resources.0.operations: unknown key 'OPTIONS'; what may be here is DELETE, HEAD, PATCH, POST, PUT",
    ),
    (
        "name: String",
        "name: !!str String",
        f"{TYP}:11: the tag '!!str' is not used here; remove the tag",
    ),
    (
        "body: PollInput",
        "body: Poll",
        f"{RES}:17: body refers to Poll; a request needs a type whose name ends in Input",
    ),
    (
        "body: PollInput\n        returns: Poll",
        "body: PollInput\n        returns: PollInput",
        f"{RES}:18: returns refers to PollInput; an Input is never received",
    ),
    (
        "name: String",
        "name: {type: String, was: {typ: Id}, because: it is}",
        f'{TYP}:11: types.User.properties.name.was: "typ" is not allowed; did you mean type?',
    ),
    (
        "path: /polls/{pollId}",
        "path: /services/data/v67.0/polls/{pollId}",
        f'{RES}:3: resources.0.path: "/services/data/v67.0/polls/{{pollId}}" is not well formed; expected: /fixed/{{placeholder}}, relative to /services/data/vNN.0',
    ),
    (
        "resources:\n",
        "parameters: {pollID: Id}\nresources:\n",
        f"{RES}:2: nothing has the parameter 'pollID'; remove it from the file's parameters",
    ),
    (
        "parameters: {pollId: Id}\n    operations",
        "operations",
        f"{RES}:3: /chatter/polls/{{pollId}} has {{pollId}}, but parameters lacks it; add pollId: Id to them",
    ),
]
SHARED = "parameters: {pollID: Id}\nresources:\n"


@pytest.mark.parametrize(("old", "new", "whole"), ONE_LINE, ids=[case[1].strip()[:40] for case in ONE_LINE])
def test_a_mistake_is_one_line_that_helps(make_catalogue, old: str, new: str, whole: str) -> None:
    _, faults = check_catalogue(make_catalogue((old, new)))
    assert [str(fault) for fault in faults] == [whole]


def test_a_misspelt_placeholder_of_the_files_parameters_is_one_line(make_catalogue) -> None:
    changes = [
        ("resources:\n", SHARED),
        ("    parameters: {pollId: Id}\n", ""),
        ('"/chatter/polls/{pollId}"', "/chatter/polls"),
    ]
    _, faults = check_catalogue(make_catalogue(*changes))
    message = "the path has {pollId}, for which there is no parameter; did you mean {pollID}?"
    assert [str(fault) for fault in faults] == [f"{RES}:4: {message}"]


def test_what_follows_for_head_is_not_said_again(make_catalogue) -> None:
    get = "GET: {name: vote, summary: Read a poll., parameters: {a: {type: Id, in: form}}, returns: Poll}\n      HEAD: true"
    _, faults = check_catalogue(make_catalogue(("GET: {name: get, summary: Read a poll., returns: Poll}", get)))
    assert [fault.location.line for fault in faults] == [10, 12], [str(fault) for fault in faults]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "\n\n"])
def test_what_an_empty_file_may_have_held_is_not_missed(make_catalogue, text: str) -> None:
    _, faults = check_catalogue(make_catalogue(**{TYP: text}))
    assert [str(fault) for fault in faults] == [
        f"{TYP}:1: the file is empty; write the key that its schema asks for, or delete the file"
    ]


def test_a_type_that_is_defined_twice_is_one_line_with_both_places(make_catalogue) -> None:
    """Also what only the second definition refers to is not reported as left over."""
    again = "types:\n  User:\n    properties:\n      badge: Badge\n  Badge:\n    properties:\n      name: String\n"
    _, faults = check_catalogue(make_catalogue(**{"types/feeds/users.yaml": again}))
    first = f"the type User is already defined in {TYP}:9"
    assert [str(fault) for fault in faults] == [f"types/feeds/users.yaml:2: {first}; rename one, or remove it"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: String", "name: {type: Integer, default: " + "9" * 5_000 + "}"),
        ("name: String", "name: " + "list<" * 400 + "String" + ">" * 400),
        ("name: String", "name: " + "U" * 100_000),
        ("  User:\n", "  " + "U" * 100_000 + ": {}\n  User:\n"),
        ("  User:\n", "  " + "U" * 900 + ": {}\n  User:\n"),
        ("name: get,", "name: " + "g" * 100_000 + ","),
        ("path: /polls/{pollId}", "path: /" + "x" * 100_000 + "/{pollId}"),
        ("name: String", 'name: {type: String, description: "' + "word " * 20_000 + '"}'),
        ("site: optional", "site: " + "x" * 100_000),
        ("name: String", "name: !" + "x" * 100_000 + " String"),
    ],
    ids=["digits", "lists", "type", "key", "long key", "operation", "path", "description", "enumeration", "tag"],
)
def test_what_is_far_too_long_is_one_short_line(make_catalogue, old: str, new: str) -> None:
    _, faults = check_catalogue(make_catalogue((old, new)))
    assert len(faults) == 1, [str(fault)[:200] for fault in faults]
    assert len(str(faults[0])) < 300, str(faults[0])


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("sinse", ["since"]),
        ("UNTIL", ["until"]),
        ("utnil", ["until"]),
        ("x", []),
        ("conditional", ["condition"]),
        ("something", []),
        ("", []),
    ],
)
def test_only_names_within_the_distance_are_suggested(name: str, near: list[str]) -> None:
    assert nearest(name, ["since", "until", "condition", "type"]) == near


def test_at_most_three_names_are_suggested_nearest_first() -> None:
    assert nearest("abcdef", ["abcdxx", "abcdex", "abcxxx", "abcdefg", "abcde"]) == ["abcde", "abcdefg", "abcdex"]
    assert MOST == 3


def test_the_distance_is_a_third_of_the_name_from_one_to_three() -> None:
    assert [limit_of("x" * length) for length in (1, 3, 6, 9, 30)] == [1, 1, 2, 3, 3]
