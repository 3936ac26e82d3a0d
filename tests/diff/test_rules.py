"""Each kind of fact, changed once, gives exactly the entry of its rule, with what it reaches."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from connectgen.catalogue.loader import load_catalogue
from connectgen.diff.change import Change
from connectgen.diff.compare import compare
from connectgen.diff.report import describe_change
from connectgen.diff.rules import Rule, rules
from connectgen.resolver import surface_at
from diff.small import write
from support.kept import VERDICTS
from support.real import real_surface

KEPT = Path(__file__).with_name("verdicts.txt")
LIST, CREATE, GET = "votes.polls.list", "votes.polls.create", "votes.polls.get"
SORT = 'sort: {type: String, values: ["Name", "Date"], default: "Name"}'
GET_LINE = "      GET: {name: get, summary: One poll., returns: Poll}\n"
NOTE = 'note: {type: String, default: "A", values: ["A", "B"]}'
STATE = 'state: {type: String, values: ["New", "Old"], replaced_by: title}'
SIZE = "size: {type: Integer, minimum: 1, maximum: 10}"
PAGINATION = "        pagination: {style: next-url, items: polls, next: nextPageUrl}\n"

# (what is replaced, by what, the entries)
CASES: list[tuple[str, str, list[str]]] = [
    (GET_LINE, GET_LINE + "      HEAD: {name: head, summary: Is it there.}\n", ["operation-added:votes.polls.head"]),
    (GET_LINE, "", [f"operation-removed:{GET}"]),
    ("path: /votes/polls/{pollId}", "path: /votes/poll/{pollId}", ["operation-moved:*get", "operation-moved:*delete"]),
    ("      DELETE: {name: delete", "      PUT: {name: delete", ["operation-method-changed:votes.polls.delete"]),
    ("{name: get,", "{name: read,", [f"operation-renamed:{GET}"]),
    ("    requires: [chatter]\n", "", ["chatter-no-longer-required:*list", "chatter-no-longer-required:*create"]),
    ("    site: optional\n", "", ["site-address-removed:*list", "site-address-removed:*create"]),
    ("parameters: {pollId: {type: Id}}", "requires: [chatter]\n    parameters: {pollId: Id}", ["chatter-required:*get", "chatter-required:*delete"]),
    ("parameters: {pollId: {type: Id}}", "site: optional\n    parameters: {pollId: Id}", ["site-address-added:*get", "site-address-added:*delete"]),
    ("        stage: beta\n", "", [f"stage-changed:{CREATE}"]),
    ("status: [201]", "status: [201, 202]", [f"success-status-added:{CREATE}=202"]),
    ("One poll., returns: Poll}", "One poll., returns: Poll, status: [201]}", [f"success-status-removed:{GET}=200", f"success-status-added:{GET}=201"]),
    ("{409: it is still being made}", "{409: it is made}", [f"special-status-changed:{CREATE}"]),
    ("One poll., returns: Poll}", "One poll., returns: Poll, pagination: {style: next-url, items: friends, next: title}}", [f"pagination-added:{GET}"]),
    (PAGINATION, "", [f"pagination-removed:{LIST}"]),
    (PAGINATION, "        pagination: {style: none, items: polls}\n", [f"pagination-removed:{LIST}"]),
    ("next: nextPageUrl}", "next: nextPageUrl, size: pageSize}", [f"pagination-changed:{LIST}"]),
    ("One poll., returns: Poll}", "One poll., returns: Poll, wait: {property: title, done: [a]}}", [f"wait-added:{GET}"]),
    ("        wait: {name: wait_for_polls, pending_status: [202]}\n", "", [f"wait-removed:{LIST}"]),
    ("pending_status: [202]", "pending_status: [202], ended: nextPageUrl", [f"wait-changed:{LIST}"]),
    ("One poll., returns: Poll}", "One poll., returns: Poll, retry: unsafe}", [f"retry-changed:{GET}"]),
    ("        retry_statuses: [409]\n", "", [f"retried-status-removed:{CREATE}=409"]),
    ("        retry_statuses: [409]\n", "        retry_statuses: [409, 429]\n", [f"retried-status-added:{CREATE}=429"]),
    ("One poll., returns: Poll}", "One poll., returns: Poll, parameters: {K: {type: String, in: header}}, idempotency: {header: K}}", [f"idempotency-key-added:{GET}", f"parameter-added:{GET}(K)"]),
    ("        idempotency: {header: Poll-Key}\n", "", [f"idempotency-key-removed:{CREATE}"]),
    ("idempotency: {header: Poll-Key}", "idempotency: {property: text}", [f"idempotency-key-moved:{CREATE}"]),
    ("One poll., returns: Poll}", "One poll., returns: Poll, batch: false}", [f"batch-refused:{GET}"]),
    ("One poll., returns: Poll}", "One poll., returns: Poll, xml: false}", [f"xml-withdrawn:{GET}"]),
    ("json_part: poll\n", "json_part: json\n", [f"json-part-renamed:{CREATE}"]),
    ("/{pollId}\n    parameters: {pollId:", "/{id}\n    parameters: {id:", ["path-parameter-renamed:*get(id)", "path-parameter-renamed:*delete(id)"]),
    ("{pollId: {type: Id}}", "{pollId: Integer}", ["path-parameter-type-changed:*", "path-parameter-type-changed:*"]),
    ("{pollId: {type: Id}}", "{pollId: String}", ["path-parameter-type-refined:*", "path-parameter-type-refined:*"]),
    ("{pollId: {type: Id}}", "{pollId: Date}", ["path-parameter-python-type-changed:*", "path-parameter-python-type-changed:*"]),
    (SORT, SORT + "\n          q: String", [f"parameter-added:{LIST}(q)"]),
    (SORT, SORT + "\n          q: {type: String, required: true}", [f"parameter-added-required:{LIST}(q)"]),
    ("          since: DateTime\n", "", [f"parameter-removed:{LIST}(since)"]),
    ("since: DateTime", "since: {type: DateTime, in: header}", [f"parameter-place-changed:{LIST}(since)"]),
    ("since: DateTime", "since: Integer", [f"parameter-type-changed:{LIST}(since)"]),
    ("ids: {type: list<Id>", "ids: {type: list<String>", [f"parameter-type-refined:{LIST}(ids)"]),
    ("since: DateTime", "since: String", [f"parameter-python-type-changed:{LIST}(since)"]),
    ("since: DateTime", "since: {type: DateTime, required: true}", [f"parameter-became-required:{LIST}(since)"]),
    ("since: DateTime", "since: {type: DateTime, required: conditional, condition: when late}", [f"parameter-became-conditional:{LIST}(since)"]),
    ("{type: String, required: conditional, condition: when there is no sort}", "String", [f"parameter-became-optional:{LIST}(scope)"]),
    ("when there is no sort", "when there are no ids", [f"parameter-condition-changed:{LIST}(scope)"]),
    ('values: ["Name", "Date"]', 'values: ["Name", "Date", "Votes"]', [f"parameter-value-added:{LIST}(sort)=Votes"]),
    ('values: ["Name", "Date"]', 'values: ["Name"]', [f"parameter-value-removed:{LIST}(sort)=Date"]),
    ("maximum: 100, default: 25", "maximum: 50, default: 25", [f"parameter-limit-narrowed:{LIST}(pageSize) maximum"]),
    ("minimum: 1, maximum: 100", "minimum: 5, maximum: 100", [f"parameter-limit-narrowed:{LIST}(pageSize) minimum"]),
    ("max_items: 50", "max_items: 500", [f"parameter-limit-widened:{LIST}(ids) most items"]),
    ("in: header, max_length: 255", "in: header", [f"parameter-limit-widened:{CREATE}(Poll-Key) most length"]),
    ("maximum: 100, default: 25", "maximum: 100, default: 100", [f"parameter-default-changed:{LIST}(pageSize)"]),
    ("        body: PollInput\n", "        body: ShortPollInput\n", [f"body-type-changed:{CREATE}(body)"]),
    ("        body: PollInput\n", "        body: {type: PollInput, required: false}\n", [f"body-became-optional:{CREATE}(body)"]),
    ("One poll., returns: Poll}", "One poll., returns: Poll, body: PollInput}", [f"body-added-required:{GET}(body)"]),
    ("One poll., returns: Poll}", "One poll., returns: Poll, body: {type: PollInput, required: false}}", [f"body-added:{GET}(body)"]),
    ("One poll., returns: Poll}", "One poll., returns: OpenPoll}", [f"result-type-changed:{GET} result"]),
    ("Close a poll., ", "Close a poll., returns: Poll, ", ["success-status-removed:votes.polls.delete=204", "success-status-added:votes.polls.delete=200", "result-added:votes.polls.delete result"]),
    ("returns: Poll\n        status: [201]", "status: [201]", [f"result-removed:{CREATE} result"]),
    ("{picture: {max_bytes: 1000}}", "{picture: {max_bytes: 1000}, sound: {}}", [f"part-added:{CREATE}(sound)"]),
    ("{picture: {max_bytes: 1000}}", "{picture: {max_bytes: 1000}, sound: {required: true}}", [f"part-added-required:{CREATE}(sound)"]),
    ("        parts: {picture: {max_bytes: 1000}}\n        json_part: poll\n", "", [f"json-part-renamed:{CREATE}", f"part-removed:{CREATE}(picture)"]),
    ("{picture: {max_bytes: 1000}}", "{picture: {required: true, max_bytes: 1000}}", [f"part-became-required:{CREATE}(picture)"]),
    ("{picture: {max_bytes: 1000}}", "{picture: {max_bytes: 10}}", [f"part-limit-lowered:{CREATE}(picture)"]),
    ("{picture: {max_bytes: 1000}}", "{picture: {}}", [f"part-limit-raised:{CREATE}(picture)"]),
    (NOTE, NOTE + "\n      more: String", ["request-property-added:PollInput.more"]),
    (NOTE, NOTE + "\n      more: {type: String, required: true}", ["request-property-added-required:PollInput.more"]),
    (f"      {NOTE}\n", "", ["request-property-removed:PollInput.note"]),
    (SIZE, SIZE.replace("Integer", "Double"), ["request-property-type-changed:PollInput.size"]),
    (SIZE, SIZE.replace("Integer", "Long"), ["request-property-type-refined:PollInput.size"]),
    ("reason: {type: String", "reason: {type: Date", ["request-property-python-type-changed:PollInput.reason"]),
    (SIZE, SIZE.replace("Integer", "Integer, required: true"), ["request-property-became-required:PollInput.size"]),
    ("text: {type: String, required: true", "text: {type: String", ["request-property-became-optional:PollInput.text"]),
    ("required: true, max_length: 80", "required: conditional, condition: when new, max_length: 80", ["request-property-became-optional:PollInput.text"]),
    (SIZE, SIZE.replace("Integer", "Integer, required: conditional, condition: when big"), ["request-property-became-conditional:PollInput.size"]),
    ("when it is long", "when it is short", ["request-property-condition-changed:PollInput.reason"]),
    ('values: ["A", "B"]', 'values: ["A", "B", "C"]', ["request-property-value-added:PollInput.note=C"]),
    ('values: ["A", "B"]', 'values: ["A"]', ["request-property-value-removed:PollInput.note=B"]),
    ("required: true, max_length: 80", "required: true, max_length: 8", ["request-property-limit-narrowed:PollInput.text most length"]),
    ("minimum: 1, maximum: 10}", "minimum: 0, maximum: 10}", ["request-property-limit-widened:PollInput.size minimum"]),
    ('note: {type: String, default: "A"', 'note: {type: String, default: "B"', ["request-property-default-changed:PollInput.note"]),
    (STATE, STATE + "\n      more: String", ["response-property-added:Poll.more"]),
    ("      friends: list<Poll>\n", "", ["response-property-removed:Poll.friends"]),
    ("      success: Boolean\n", "      success: String\n", ["response-property-type-changed:Poll.success"]),
    ("properties: {winner: Id}", "properties: {winner: String}", ["response-property-type-refined:ClosedPoll.winner"]),
    ("properties: {winner: Id}", "properties: {winner: Date}", ["response-property-python-type-changed:ClosedPoll.winner"]),
    ('values: ["New", "Old"]', 'values: ["New", "Old", "Odd"]', ["response-property-value-added:Poll.state=Odd"]),
    ('values: ["New", "Old"]', 'values: ["New"]', ["response-property-value-removed:Poll.state=Old"]),
    ("group: Small, max_length: 80", "group: Big, max_length: 80", ["response-property-group-changed:Poll.title"]),
    ("group: Small, max_length: 80", "group: Small, max_length: 8", ["response-property-limit-changed:Poll.title most length"]),
    ('max_length: 80, default: "none"', "max_length: 80", ["response-property-default-changed:Poll.title"]),
    ("  Spare: {", "  More: {summary: New., unreferenced: It is new., properties: {a: Id}}\n  Spare: {", ["type-added:More"]),
    ("  Spare: {summary: Nobody refers to it., unreferenced: It is spare., properties: {part: String}}\n", "", ["type-removed:Spare"]),
    ("It takes none., extends: Poll,", "It takes none., extends: OpenPoll,", ["base-type-changed:ClosedPoll", "response-property-added:ClosedPoll.votes"]),
    ('{"Open": OpenPoll, "Closed": ClosedPoll}', '{"Open": OpenPoll, "Closed": ClosedPoll, "Done": ClosedPoll}', ["kind-added:Poll=Done"]),
    ('"Open": OpenPoll, "Closed": ClosedPoll}', '"Open": OpenPoll}, fallback: ClosedPoll', ["kind-removed:Poll=Closed", "fallback-changed:Poll"]),
    ('"Closed": ClosedPoll}', '"Closed": ClosedPoll}, fallback: OpenPoll', ["fallback-changed:Poll"]),
    ("path: /votes/polls/{pollId}\n    parameters: {pollId: {type: Id}}", "path: /votes/{kind}/{pollId}\n    parameters: {pollId: {type: Id}, kind: String}", [*(f"operation-moved:*{one}" for one in ("get", "delete")), *(f"path-parameter-added:*{one}(pollId)" for one in ("get", "delete")), *(f"path-parameter-renamed:*{one}(kind)" for one in ("get", "delete")), *(f"path-parameter-type-refined:*{one}(kind)" for one in ("get", "delete"))]),
    ("          since: DateTime\n", "          since: DateTime\n          a: {type: String, required: true}\n          b: {type: String, required: true}\n", [f"parameter-added-required:{LIST}(a)", f"parameter-added-required:{LIST}(b)"]),
    ('"Short": ShortPollInput, "Long": LongPollInput}', '"Short": ShortPollInput, "Long": LongPollInput, "L": LongPollInput}', ["request-kind-added:PollInput=L"]),
    ('"Short": ShortPollInput, "Long": LongPollInput}', '"Short": ShortPollInput}, fallback: LongPollInput', ["request-kind-removed:PollInput=Long", "fallback-changed:PollInput"]),
    ("discriminator: {property: type", "discriminator: {property: state", ["discriminator-changed:Poll"]),
    ("    xml: poll\n", "    xml: vote\n", ["xml-name-changed:Poll"]),
    ("    item: question\n", "    item: row\n", ["xml-name-changed:Poll"]),
    ("failure: {success: false}", "failure: {success: false, state: any}", ["failure-changed:Poll"]),
    ("Close a poll., replaced_by: votes.polls.create", "Close a poll.", ["replacement-named:votes.polls.delete"]),
    ("oldName: {type: String, replaced_by: sort}", "oldName: String", [f"replacement-named:{LIST}(oldName)"]),
    ('"Old"], replaced_by: title', '"Old"]', ["replacement-named:Poll.state"]),
    ("name: \"Spring '26\", status: supported", "name: \"Spring '26\", status: retired", ["version-retired:release"]),
]  # fmt: skip
# The same edits the other way round, where that is another rule.
REVERSED: list[tuple[str, str, list[str]]] = [
    ("path: /votes/polls/{pollId}\n    parameters: {pollId: {type: Id}}", "path: /votes/{kind}/{pollId}\n    parameters: {pollId: {type: Id}, kind: Id}", [*(f"operation-moved:*{one}" for one in ("get", "delete")), *(f"path-parameter-removed:*{one}(pollId)" for one in ("get", "delete")), *(f"path-parameter-renamed:*{one}(pollId)" for one in ("get", "delete"))]),
    ("One poll., returns: Poll}", "One poll., returns: Poll, batch: false}", [f"batch-allowed:{GET}"]),
    ("One poll., returns: Poll}", "One poll., returns: Poll, xml: false}", [f"xml-offered:{GET}"]),
    ("One poll., returns: Poll}", "One poll., returns: Poll, body: PollInput}", [f"body-removed:{GET}(body)"]),
    ("        body: PollInput\n", "        body: {type: PollInput, required: false}\n", [f"body-became-required:{CREATE}(body)"]),
    ("{picture: {max_bytes: 1000}}", "{picture: {required: true, max_bytes: 1000}}", [f"part-became-optional:{CREATE}(picture)"]),
    ("name: \"Spring '26\", status: supported", "name: \"Spring '26\", status: retired", ["version-supported:release"]),
]  # fmt: skip
NEVER_ALONE = {
    "arguments-reordered": "two parameters that must be given",
    "group-removed": "a group that is gone takes its operations along",
    "family-removed": "a family that is gone takes its groups along",
    "body-became-conditional": "a body that may be left out becomes conditional",
    "body-type-refined": "two scalars as bodies",
    "body-python-type-changed": "two scalars as bodies",
    "result-type-refined": "two scalars as results",
    "result-python-type-changed": "two scalars as results",
    "path-parameter-value-added": "a placeholder with values",
    "path-parameter-value-removed": "a placeholder with values",
}


def differences(before: Path, after: Path) -> list[Change]:
    """What differs at 66.0."""
    return compare(*(surface_at(load_catalogue(folder), 66) for folder in (before, after)))


def fits(change: Change, pattern: str) -> bool:
    """Whether an entry is the expected one; `*` stands for the beginning of a name."""
    rule, _, subject = pattern.partition(":")
    return change.rule.id == rule and (
        change.subject.endswith(subject[1:]) if subject.startswith("*") else change.subject == subject
    )


def check(changes: list[Change], expected: list[str]) -> None:
    """Exactly the expected entries, in whatever order."""
    shown = [change.id for change in changes]
    assert len(changes) == len(expected), shown
    for pattern in expected:
        assert any(fits(change, pattern) for change in changes), (pattern, shown)


@pytest.mark.parametrize(("old", "new", "expected"), CASES, ids=[f"{n}-{case[2][0]}" for n, case in enumerate(CASES)])
def test_one_changed_fact_is_one_entry(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    check(differences(write(tmp_path / "before"), write(tmp_path / "after", (old, new))), expected)


@pytest.mark.parametrize(("old", "new", "expected"), REVERSED, ids=[case[2][0] for case in REVERSED])
def test_the_other_way_round(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    check(differences(write(tmp_path / "before", (old, new)), write(tmp_path / "after")), expected)


def test_nothing_differs_from_itself(tmp_path: Path) -> None:
    assert differences(write(tmp_path / "before"), write(tmp_path / "after")) == []


SCALARS = ("One poll., returns: Poll}", "One poll., body: {type: %s, required: false}, returns: %s}")
SCALAR_CASES = [
    (("String", "String"), ("Id", "Id"), [f"body-type-refined:{GET}(body)", f"result-type-refined:{GET} result"]),
    (("String", "String"), ("Date", "Date"), [f"body-python-type-changed:{GET}(body)", f"result-python-type-changed:{GET} result"]),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), SCALAR_CASES)
def test_bodies_and_results_that_are_scalars(
    tmp_path: Path, before: tuple[str, str], after: tuple[str, str], expected: list[str]
) -> None:
    sides = [write(tmp_path / str(n), (SCALARS[0], SCALARS[1] % side)) for n, side in enumerate((before, after))]
    check(differences(*sides), expected)


def test_placeholders_with_values_and_conditional_bodies(tmp_path: Path) -> None:
    placeholder = "{pollId: {type: Id}}"
    body = "        body: PollInput\n"
    before = write(
        tmp_path / "before",
        (placeholder, '{pollId: {type: Id, values: ["me", "you"]}}'),
        (body, "        body: {type: PollInput, required: false}\n"),
    )
    after = write(
        tmp_path / "after",
        (placeholder, '{pollId: {type: Id, values: ["me", "it"]}}'),
        (body, "        body: {type: PollInput, required: conditional, condition: when new}\n"),
    )
    expected = [f"body-became-conditional:{CREATE}(body)"]
    for name in ("get", "delete"):
        expected += [f"path-parameter-value-added:votes.polls.{name}(pollId)=it"]
        expected += [f"path-parameter-value-removed:votes.polls.{name}(pollId)=you"]
    check(differences(before, after), expected)


def test_arguments_that_must_be_given_are_given_in_an_order(tmp_path: Path) -> None:
    a, b = (f"          {name}: {{type: String, required: true}}\n" for name in "ab")
    since = "          since: DateTime\n"
    before, after = (
        write(tmp_path / "before", (since, since + a + b)),
        write(tmp_path / "after", (since, b + since + a)),
    )
    check(differences(before, after), [f"arguments-reordered:{LIST}"])


def test_a_property_that_moves_to_the_base_is_still_there(tmp_path: Path) -> None:
    """Extracted to the type that is extended, or back: neither the wire nor a class of Python loses it."""
    before = write(tmp_path / "before", ("      success: Boolean\n", "      success: Boolean\n      winner: Id\n"))
    after = write(
        tmp_path / "after",
        ("properties: {winner: Id}", "properties: {}"),
        ("      success: Boolean\n", "      success: Boolean\n      winner: Id\n"),
    )
    assert differences(before, after) == []
    assert differences(after, before) == []


def test_what_a_type_no_longer_inherits_is_gone(tmp_path: Path) -> None:
    """Another base: its properties come, those of the old one go, and nothing is said of the base itself."""
    aside = "  Aside: {summary: More., unreferenced: It is spare., extends: %s, properties: {a: Id}}\n  Spare: {"
    sides = [write(tmp_path / base, ("  Spare: {", aside % base)) for base in ("Spare", "PollPage")]
    expected = ["base-type-changed:Aside", "response-property-removed:Aside.part"]
    expected += ["response-property-added:Aside.polls", "response-property-added:Aside.nextPageUrl"]
    check(differences(*sides), expected)


def test_the_order_of_a_union_says_nothing(tmp_path: Path) -> None:
    before = write(tmp_path / "before", ("      friends: list<Poll>\n", "      friends: list<OpenPoll | PollPage>\n"))
    after = write(tmp_path / "after", ("      friends: list<Poll>\n", "      friends: list<PollPage | OpenPoll>\n"))
    assert differences(before, after) == []


def test_with_which_methods_a_property_is_required_is_told(tmp_path: Path) -> None:
    texts = [f"text: {{type: String, required: {{{method}: true}}, max_length: 80" for method in ("POST", "PUT")]
    sides = [
        write(tmp_path / str(n), ("text: {type: String, required: true, max_length: 80", text))
        for n, text in enumerate(texts)
    ]
    check(differences(*sides), ["request-property-condition-changed:PollInput.text"])


def test_a_group_and_a_family_that_vanish_have_entries_of_their_own(tmp_path: Path) -> None:
    more = "summary: More.\nresources:\n  - path: /{}/more\n    operations:\n      GET: {{name: get, summary: More., returns: Poll}}\n"
    before, after = write(tmp_path / "before"), write(tmp_path / "after")
    for family, group in (("votes", "others"), ("surveys", "answers")):
        path = before / "resources" / family / f"{group}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(more.format(family), encoding="utf-8")
    expected = ["group-removed:votes.others", "operation-removed:votes.others.get"]
    expected += ["family-removed:surveys", "group-removed:surveys.answers", "operation-removed:surveys.answers.get"]
    check(differences(before, after), expected)


def test_every_rule_is_shown() -> None:
    shown = {pattern.partition(":")[0] for _, _, patterns in (*CASES, *REVERSED) for pattern in patterns}
    assert {*shown, *NEVER_ALONE} == set(rules())


def test_a_changed_type_is_one_entry_with_every_operation_that_it_reaches(tmp_path: Path) -> None:
    """The poll refers to itself, and lists and answers hold it; that is one cause all the same."""
    changes = differences(
        write(tmp_path / "before"), write(tmp_path / "after", ("success: Boolean", "success: String"))
    )
    assert [(reach.operation, reach.direction) for reach in changes[0].reaches] == [
        (CREATE, "response"),
        (GET, "response"),
        (LIST, "response"),
    ]
    assert changes[0].families == ("votes",)


DATED = re.compile(r"`([^`]+)`.*?(?<!`)\b(ended with|from|in|with) (\d\d)\.0")
"""An example that says in which version something came or went."""


@pytest.mark.parametrize(
    "rule", [rule for rule in rules().values() if DATED.search(rule.example)], ids=lambda one: one.id
)
def test_an_example_with_a_version_is_one_that_the_catalogue_has(rule: Rule) -> None:
    example = DATED.search(rule.example)
    assert example is not None
    landed = int(example[3]) + (example[2] == "ended with")
    changes = compare(real_surface(landed - 1), real_surface(landed))
    assert example[1] in {
        told for change in changes if change.rule == rule for told in (change.subject, change.before, change.after)
    }


def test_what_the_client_sees_to_is_said(tmp_path: Path) -> None:
    moved = write(tmp_path / "after", ("path: /votes/polls/{pollId}", "path: /votes/poll/{pollId}"))
    first = differences(write(tmp_path / "before"), moved)[0]
    assert (first.rule.id, first.rule.wire, first.rule.source) == ("operation-moved", "breaking", "none")
    assert describe_change(first).endswith("the client knows the path.")
    assert [rule.id for rule in rules().values() if rule.handled and rule.source == "breaking"] == []


def table_of_verdicts(known: Mapping[str, Rule] = rules()) -> str:
    """Every rule with all of its verdicts, a line each."""
    lines = [
        f"{rule.id:<44}{rule.effect:<9}{rule.direction:<9}wire {rule.wire:<9}source {rule.source:<9}"
        f"behaviour {rule.behaviour:<9}severity {rule.severity}{'  the client knows it' if rule.handled else ''}"
        for rule in known.values()
    ]
    return "\n".join(lines) + "\n"


def test_the_whole_table_of_verdicts_is_as_it_was_decided() -> None:
    """A verdict that changes is a promise that changes: the changelog says so too."""
    VERDICTS.compare(KEPT, table_of_verdicts())


def test_verdicts_follow_from_effect_and_direction() -> None:
    known = rules()
    assert (known["parameter-removed"].wire, known["parameter-added"].wire) == ("breaking", "info")
    assert (known["request-property-value-removed"].wire, known["response-property-value-removed"].wire) == (
        "breaking",
        "info",
    )
    assert (known["request-property-value-added"].wire, known["response-property-value-added"].wire) == (
        "info",
        "warning",
    )
    assert (known["operation-moved"].wire, known["operation-moved"].source) == ("breaking", "none")
    assert known["operation-renamed"].severity == "breaking"


def test_what_replaces_a_removed_property_is_told(tmp_path: Path) -> None:
    gone = write(tmp_path / "after", (f"      {STATE}\n", ""))
    (change,) = differences(write(tmp_path / "before"), gone)
    assert (change.id, change.replacement, change.before) == ("response-property-removed:Poll.state", "title", "String")
