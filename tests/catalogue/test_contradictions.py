"""Facts that cannot be true together, pair by pair: each pair is one line, found by one rule."""

from __future__ import annotations

import pytest

from connectgen.catalogue.loader import check_catalogue
from connectgen.catalogue.validator import RULES

RES, TYP = "resources/feeds/polls.yaml", "types/feeds/polls.yaml"
NAME = "      name: String\n"
GET, VOTE = "GET: {name: get,", "        body: PollInput\n        returns: Poll\n"
LIST = "      items: list<String>\n      next: Url\n      more: Boolean\n      total: Integer\n"


def of_name(value: str, more: str = "") -> tuple[str, str]:
    """`User.name` with another fact, and perhaps more properties after it."""
    return NAME, f"      name: {value}\n{more}"


def of_get(keys: str) -> tuple[str, str]:
    """`get` with more keys."""
    return GET, f"GET: {{name: get, {keys},"


def of_vote(keys: str, *, body: str = VOTE) -> tuple[str, str]:
    """`vote` with more keys."""
    return VOTE, f"{body}        {keys}\n"


def pages(keys: str) -> tuple[tuple[str, str], ...]:
    """`get` with pages of a user's items."""
    parameters = "parameters: {page: Integer, size: Integer, token: String}"
    return (
        of_get(f"{parameters}, pagination: {{{keys}}}"),
        ("owner: {type: User,", "items: list<User>\n      owner: {type: User,"),
    )


def another(keys: str) -> tuple[tuple[str, str], ...]:
    """Another resource, which ended with 66.0."""
    operations = "operations: {GET: {name: other, summary: Other.}}"
    return (("resources:\n", f"resources:\n  - {{path: /other, until: 66.0, {keys}, {operations}}}\n"),)


CONTRADICTIONS: list[tuple[str, str, tuple[tuple[str, str], ...]]] = [
    # (the two facts, the rule that finds them, what is changed in the small catalogue)
    ("type and values", "values-of-text", (of_name('{type: Integer, values: ["1"]}'),)),
    ("type and minimum", "limits-fit-type", (of_name("{type: String, minimum: 1}"),)),
    ("type and maximum", "limits-fit-type", (of_name("{type: Boolean, maximum: 1}"),)),
    ("Integer and a broken maximum", "limits-fit-type", (of_name("{type: Integer, maximum: 1.5}"),)),
    ("Integer and a maximum past 32 bits", "limits-fit-type", (of_name("{type: Integer, maximum: 3000000000}"),)),
    ("type and max_length", "limits-fit-type", (of_name("{type: Integer, max_length: 1}"),)),
    ("type and max_items", "limits-fit-type", (of_name("{type: String, max_items: 1}"),)),
    ("minimum and maximum", "minimum-below-maximum", (of_name("{type: Integer, minimum: 3, maximum: 2}"),)),
    ("values and max_length", "values-keep-limits", (of_name('{type: String, values: ["long"], max_length: 2}'),)),
    ("a value and itself", "value-twice", (of_name('{type: String, values: ["a", "a"]}'),)),
    ("type and default", "default-fits", (of_name('{type: Integer, default: "1"}'),)),
    ("Boolean and default", "default-fits", (of_name('{type: Boolean, default: "true"}'),)),
    ("String and default", "default-fits", (of_name("{type: String, default: 1}"),)),
    ("Integer and a broken default", "default-fits", (of_name("{type: Integer, default: 1.5}"),)),
    ("Date and default", "default-fits", (of_name('{type: Date, default: "2026-02-30"}'),)),
    ("list and default", "default-fits", (of_name('{type: list<String>, default: "a"}'),)),
    ("a type of the catalogue and default", "default-fits", (("owner: {type: User,", 'owner: {type: User, default: "a",'),)),
    ("default and values", "default-fits", (of_name('{type: String, values: ["a"], default: "b"}'),)),
    ("default and minimum", "default-fits", (of_name("{type: Integer, minimum: 2, default: 1}"),)),
    ("default and maximum", "default-fits", (of_name("{type: Integer, maximum: 2, default: 3}"),)),
    ("default and max_length", "default-fits", (of_name('{type: String, max_length: 2, default: "abc"}'),)),
    ("optional and condition", "required-fits", (("required: {PATCH: true}", "condition: when open"),)),
    ("required and condition", "required-fits", (("required: {PATCH: true}", "required: true, condition: when open"),)),
    ("response and required", "required-fits", (of_name("{type: String, required: true}"),)),
    ("result and required", "required-fits", (("returns: Poll}", "returns: {type: Poll, required: true}}"),)),
    ("path and required", "required-fits", (("{pollId: Id}", "{pollId: {type: Id, required: true}}"),)),
    ("method and required by method", "required-fits", (("choice: {type: Id, since", "choice: {type: Id, required: {POST: true}, since"),)),
    ("result and default", "keys-have-effect", (("returns: Poll}", 'returns: {type: Poll, default: "a"}}'),)),
    ("body and minimum", "keys-have-effect", (("body: PollInput", "body: {type: PollInput, minimum: 1}"),)),
    ("path and default", "keys-have-effect", (("{pollId: Id}", '{pollId: {type: Id, default: "a"}}'),)),
    ("request and filter group", "filter-group-of-response", (("required: {PATCH: true}", "group: Small"),)),
    ("replaced by itself", "replacement-beside", (of_name("{type: String, replaced_by: name, until: 66.0}"),)),
    ("replaced by what ends too", "replacement-beside", (of_name("{type: String, replaced_by: title, until: 66.0}", "      title: {type: String, until: 66.0}\n"),)),
    ("Binary and property", "binary-is-whole", (of_name("Binary"),)),
    ("Binary and body", "binary-is-whole", (("body: PollInput", "body: PollInput | Binary"),)),
    ("Binary and list", "binary-is-whole", (("returns: Poll}", "returns: Poll | list<Binary>}"),)),
    ("parameter and type of the catalogue", "parameter-is-text", (("choice: {type: Id, since", "other: PollInput\n          choice: {type: Id, since"),)),
    ("an option and itself", "union-options", (of_name("String | String"),)),
    ("Any and other options", "union-options", (of_name("{type: Any | String, because: so}"),)),
    ("a date and any text", "union-options", (of_name("Date | Id"),)),
    ("a date and a time", "union-options", (of_name("list<Date | DateTime>"),)),
    ("extends and itself", "extends-circle", (("  User:\n", "  User:\n    extends: User\n"),)),
    ("property and inherited property", "redefined-property", (("  User:\n", "  User:\n    extends: Base\n"), of_name("String", "  Base:\n    properties:\n      name: Integer\n"))),
    ("extends and direction", "type-direction", (("  User:\n", "  User:\n    extends: PollInput\n"),)),
    ("reference after the type's end", "types-exist-where-used", (("  User:\n", "  User:\n    until: 66.0\n"),)),
    ("reference before the type's beginning", "types-exist-where-used", (("  User:\n", "  User:\n    since: 67.0\n"),)),
    ("site_since and end", "resource-versions", another("site: optional, site_since: 67.0")),
    ("former path and end", "resource-versions", another("formerly: [{path: /old, until: 66.0}]")),
    ("path and former path", "resource-versions", (('"/chatter/polls/{pollId}"', '"/polls/{pollId}"'),)),
    ("path and alias", "path-placeholders", another("aliases: [/other/of/it]")),
    ("alias and path of another", "path-once", (("    site: optional\n", "    aliases: [\"/surveys/{pollId}\"]\n"), *another("parameters: {id: Id}"), ("path: /other,", "path: \"/surveys/{id}\",")) ),
    ("two filter groups at a time", "value-versions", (("{value: Small, until: 66.0}", "{value: Small, until: 67.0}"),)),
    ("supported and retired_in", "releases-agree", (("status: supported}\n  - {version: 66.0", 'status: supported, retired_in: "Summer"}\n  - {version: 66.0'),)),
    ("retired after supported", "releases-agree", (("\"Summer '26\", status: supported", "\"Summer '26\", status: retired"),)),
    ("two names of releases", "releases-agree", (("Summer '26", "Spring '26"),)),
    ("first_date and the calendar", "releases-agree", (("\"Summer '26\",", "\"Summer '26\", first_date: \"2026-13-01\","),)),
    ("HEAD and returns", "method-carries", (("GET: {name: get,", "HEAD: {name: head, summary: Head., returns: Poll}\n      GET: {name: get,"),)),
    ("DELETE and body", "method-carries", (("      PATCH:", "      DELETE: {name: delete, summary: Delete., body: PollInput}\n      PATCH:"),)),
    ("GET and parts", "method-carries", (of_get("parts: {file: {}}"),)),
    ("GET and form", "method-carries", (of_get("parameters: {a: {type: Id, in: form}}"),)),
    ("json_part and no parts", "method-carries", (of_vote("json_part: data"),)),
    ("json_part and a part", "method-carries", (of_vote("parts: {json: {}}"),)),
    ("a part and a parameter", "method-carries", (of_vote("parts: {choice: {}}"),)),
    ("two parts named by the caller", "method-carries", (of_vote("parts: {a: {named_by_caller: true}, b: {named_by_caller: true}}"),)),
    ("204 and returns", "statuses-agree", (of_vote("status: [204]"),)),
    ("special_status and status", "statuses-agree", (of_vote("special_status: {202: later}"),)),
    ("code and kind", "statuses-agree", (("code: 200", "code: 404"),)),
    ("idempotency and header", "idempotency-key", (of_vote("idempotency: {header: Key}\n        retry: key"),)),
    ("idempotency and property", "idempotency-key", (of_vote("idempotency: {property: key}\n        retry: key"),)),
    ("header and its name", "parameter-place", (("choice: {type: Id, since", "a:b: {type: Id, in: header}\n          choice: {type: Id, since"),)),
    ("header and the client's own", "parameter-place", (("choice: {type: Id, since", "Authorization: {type: Id, in: header}\n          choice: {type: Id, since"),)),
    ("path parameter and place", "parameter-place", (("{pollId: Id}", "{pollId: {type: Id, in: query}}"),)),
    ("site and communityId", "path-placeholders", (("path: /polls/{pollId}", "path: /sites/{communityId}/polls/{pollId}"), ("{pollId: Id}", "{pollId: Id, communityId: Id}"))),
    ("a path and a site's path", "path-once", (("    operations:\n", '    operations:\n      PUT: {name: put, summary: Put.}\n'), ("  - path: /polls/{pollId}\n", '  - path: "/connect/communities/{communityId}/polls/{pollId}"\n    parameters: {communityId: Id, pollId: Id}\n    operations:\n      GET: {name: other, summary: Other.}\n  - path: /polls/{pollId}\n'))),
    ("operation replaced by itself", "operation-replaced", (of_get("replaced_by: feeds.polls.get, until: 66.0"),)),
    ("omitted and there", "omitted-is-absent", (("summary: Polls.", 'summary: Polls.\nomitted: {"GET /polls/{pollId}": none}'),)),
    ("omitted property and there", "omitted-is-absent", (("types:\n", "omitted: {User.name: none}\ntypes:\n"),)),
    ("style and next", "pagination-style", pages("style: next-url, items: items")),
    ("style and parameter", "pagination-style", pages("style: offset, items: items")),
    ("none and parameter", "pagination-style", pages("style: none, items: items, parameter: page")),
    ("next-url and first", "pagination-style", pages("style: next-url, items: items, next: owner.name, first_page: 1")),
    ("parameter and size", "pagination-style", pages("style: offset, items: items, parameter: page, size: page")),
    ("pagination and no result", "pagination-style", ((" returns: Poll}", " pagination: {style: none}}"),)),
    ("items and the result", "pagination-properties", pages("style: none, items: itens")),
    ("items and type", "pagination-properties", pages("style: none, items: owner")),
    ("next and type", "pagination-properties", pages("style: next-url, items: items, next: owner")),
    ("total and type", "pagination-properties", pages("style: none, items: items, total: owner.name")),
    ("pages and no items", "pagination-properties", pages("style: offset, parameter: page")),
    ("parameter and the operation", "pagination-parameters", pages("style: offset, items: items, parameter: pag")),
    ("size and type", "pagination-parameters", pages("style: offset, items: items, parameter: page, size: token")),
    ("discriminator and type", "discriminator-property", (("  User:\n", '  User:\n    discriminator: {property: age, values: {"a": User}}\n'), of_name("String", "      age: Integer\n"))),
    ("discriminator and variants", "discriminator-variants", (("  User:\n", '  User:\n    discriminator: {property: nam, values: {"a": User}}\n'),)),
    ("variant and its variants", "discriminator-variants", (("  User:\n", '  User:\n    discriminator: {property: name, values: {"a": Other}}\n'), of_name("String", '  Other:\n    discriminator: {property: name, values: {"b": Other}}\n    properties:\n      name: String\n'))),
    ("variant and its values", "discriminator-values", (("  User:\n", '  User:\n    discriminator: {property: name, values: {"a": Other}}\n'), of_name("String", '  Other:\n    properties:\n      name: {type: String, values: ["b"]}\n'))),
    ("failure and no property", "failure-property", (("  User:\n", "  User:\n    failure: {success: false}\n"),)),
    ("failure and type", "failure-property", (("  User:\n", "  User:\n    failure: {ok: any}\n"), of_name("String", "      ok: Boolean\n"))),
    ("failure and request", "failure-property", (("  PollInput:\n", "  PollInput:\n    failure: {choice: false}\n"),)),
    ("operation and iterator", "operation-name", (("name: vote", "name: iter_votes"),)),
    ("operation and module", "operation-name", (("name: vote", "name: datetime"),)),
    ("type and scalar", "type-name", (of_name("String", "  String:\n    unreferenced: Nobody.\n"),)),
    ("type and builtin", "type-name", (of_name("String", "  ValueError:\n    unreferenced: Nobody.\n"),)),
    ("type and runtime", "type-name", (of_name("String", "  RequestOptions:\n    unreferenced: Nobody.\n"),)),
    ("type and group", "type-name", (of_name("String", "  Polls:\n    unreferenced: Nobody.\n  PollsOperations:\n    unreferenced: Nobody.\n"),)),
    ("type and union", "union-name", (of_name("User | Poll", "  UserOrPoll:\n    unreferenced: Nobody.\n"),)),
    ("enumeration and none", "enumeration-exists", (of_name("{type: String, values: Pets}"),)),
    ("description and described_by_name", "described-once", (of_name("{type: String, description: a, described_by_name: true}"),)),
    ("style and no list", "list-style", (of_get("parameters: {a: {type: Id, style: commas}}"),)),
    ("wait and property", "wait-fits", (of_get("wait: {property: status, done: [Done]}"),)),
    ("wait and operation", "wait-fits", (of_get("wait: {operation: feeds.polls.git}"),)),
    ("wait and operation without one", "wait-fits", (of_get("wait: {operation: feeds.polls.vote}"),)),
    ("wait and both", "wait-fits", (of_vote("wait: {operation: feeds.polls.get, interval: 2}"), of_get("wait: {property: owner.name, done: [Done]}"))),
    ("wait and another's name", "wait-fits", (of_vote("wait: {operation: feeds.polls.get, name: wait_for_run}"), of_get("wait: {property: owner.name, done: [Done]}"))),
    ("wait and no end", "wait-fits", (of_get("wait: {interval: 2}"),)),
    ("wait and POST", "wait-fits", (of_vote("wait: {property: owner.name, done: [Done]}"),)),
    ("wait and status", "wait-fits", (of_get("wait: {pending_status: [202]}"),)),
    ("wait and Boolean", "wait-fits", (of_get("wait: {property: owner.name, done: [true]}"),)),
    ("wait and Integer", "wait-fits", (of_get("wait: {property: votes, done: [Done]}"),)),
    ("wait and ended", "wait-fits", (of_get("wait: {ended: end}"),)),
    ("wait and one more value", "wait-fits", (of_get("wait: {property: owner.name, done: [a]}"), of_name('{type: String, values: ["a", "b"]}'))),
    ("wait and no value", "wait-fits", (of_get("wait: {property: owner.name, done: [a, c]}"), of_name('{type: String, values: ["a"]}'))),
    ("done and failed", "wait-fits", (of_get("wait: {property: owner.name, done: [Done], failed: [Done]}"),)),
    ("wait and name", "wait-name", (of_get("wait: {name: await_run, property: owner.name, done: [Done]}"),)),
    ("wait and wait", "wait-name", (of_get("wait: [{property: owner.name, done: [Done]}, {property: owner.name, done: [End]}]"),)),
    ("operation and wait", "operation-name", (("name: vote", "name: wait_for_votes"),)),
    ("pages and no next operation", "pagination-parameters", pages("style: next-token, items: items, next: owner.name, parameter: token, continued_by: feeds.polls.git")),
    ("pages and another result", "pagination-parameters", pages("style: next-token, items: items, next: owner.name, parameter: page, continued_by: feeds.polls.other") + another("since: 66.0")),
    ("pages and continued", "pagination-style", pages("style: offset, items: items, parameter: page, continued_by: feeds.polls.get")),
    ("replaced type and no type", "type-replaced", (("  User:\n", "  User:\n    until: 66.0\n    replaced_by: Person\n"), ("owner: {type: User, since: 66.0, group: [{value: Small, until: 66.0}, {value: Big, since: 67.0}]}", "owner: {type: User, since: 66.0, until: 66.0}"))),
    ("a key and unsafe", "idempotency-key", (of_vote("idempotency: {property: choice}\n        retry: unsafe"),)),
    ("parameter and map", "parameter-is-text", (of_get("parameters: {a: map<String>}"),)),
    ("parameter and list of lists", "parameter-is-text", (of_get("parameters: {a: list<list<String>>}"),)),
    ("Python name and Python", "python-name", (of_name("{type: String, python_name: class}"),)),
    ("Python name and another's", "python-name", (of_name("{type: String, python_name: age}", "      Age: Integer\n"),)),
    ("Python name and the client's argument", "python-name", (of_get("parameters: {a: {type: Id, python_name: options}}"),)),
    ("Python name and a path parameter's", "python-name", (of_get("parameters: {a: {type: Id, python_name: poll_id}}"),)),
    ("code and no code", "note-code", (of_name("{type: String, because: page-says-so}"),)),
    ("omitted and no method", "omitted-is-absent", (("summary: Polls.", 'summary: Polls.\nomitted: {"GOT /polls": none}'),)),
    ("field and inherited field", "inherited-field", (("  User:\n", "  User:\n    extends: Base\n"), of_name("String", "  Base:\n    properties:\n      Name: String\n"))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "changes"), [case[1:] for case in CONTRADICTIONS], ids=[case[0] for case in CONTRADICTIONS]
)
def test_two_facts_that_cannot_both_be_true_are_one_line(
    make_catalogue, rule: str, changes: tuple[tuple[str, str], ...]
) -> None:
    _, faults = check_catalogue(make_catalogue(*changes))
    assert [fault.rule for fault in faults] == [rule], [str(fault) for fault in faults]
    assert faults[0].remedy
    assert "\n" not in str(faults[0])


@pytest.mark.parametrize(
    ("file", "rule"),
    [
        (f"resources/{family}/some.yaml", "family-name")
        for family in ("close", "batch", "raw", "site", "options", "cached_property", "str", "sync")
    ]
    + [("resources/feeds/cached_property.yaml", "group-name"), ("resources/feeds/pol_ls.yaml", "")]
    + [("resources/feeds/po_lls.yaml", ""), ("resources/message/parts.yaml", "")],
)  # fmt: skip
def test_names_of_files_do_not_hide_what_the_client_uses(make_catalogue, file: str, rule: str) -> None:
    text = "summary: Some.\nresources:\n  - {path: /some, operations: {GET: {name: get, summary: Get.}}}\n"
    _, faults = check_catalogue(make_catalogue(**{file: text}))
    assert [fault.rule for fault in faults] == ([rule] if rule else []), [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("", "Sort: {values: [Name]}"),
        ("enumeration-used", "Sort: {values: [Name]}\n  Order: {values: [Name]}"),
        ("enumeration-name", "Sort: {values: [Name]}\n  Url: {values: [Name]}"),
        ("enumeration-values", "Sort: {values: [Name, Name]}"),
        ("enumeration-values", "Sort: {values: [{value: Name, replaced_by: Names}]}"),
    ],
)
def test_an_enumeration_and_what_it_holds(make_catalogue, rule: str, text: str) -> None:
    files = {"enumerations/feeds.yaml": f"enumerations:\n  {text}\n"}
    used = (
        "{type: String, values: Sort}, url: {type: String, values: Url}"
        if "Url:" in text
        else "{type: String, values: Sort}"
    )
    properties = NAME.replace("String", used).replace("}, url:", "}\n      url:")
    _, faults = check_catalogue(make_catalogue((NAME, properties), **files))
    assert [fault.rule for fault in faults] == ([rule] if rule else []), [str(fault) for fault in faults]


def test_a_type_and_an_enumeration_of_one_name_are_one_line(make_catalogue) -> None:
    files = {"enumerations/feeds.yaml": "enumerations:\n  User: {values: [Name]}\n"}
    _, faults = check_catalogue(make_catalogue(of_name("{type: String, values: User}"), **files))
    assert [str(fault) for fault in faults] == [
        f"enumerations/feeds.yaml:2: the enumeration User has the name of what is defined in {TYP}:9; rename one, or remove it"
    ]


@pytest.mark.parametrize(
    ("file", "rule"), [("types/message/parts.yaml", "module-name"), ("types/message/items.yaml", "")]
)
def test_files_of_types_do_not_take_the_modules_of_others(make_catalogue, file: str, rule: str) -> None:
    _, faults = check_catalogue(make_catalogue(**{file: "types:\n  Spare: {unreferenced: Nobody needs it.}\n"}))
    assert [fault.rule for fault in faults] == ([rule] if rule else []), [str(fault) for fault in faults]


def test_every_rule_is_shown_to_find_something() -> None:
    shown = {rule for _, rule, _ in CONTRADICTIONS} | {"family-name", "group-name", "module-name"}
    shown |= {  # tests/catalogue/test_faults.py
        "operation-versions", "type-versions", "one-fact-at-a-time", "type-exists", "any-has-reason", "type-referenced"
    }  # fmt: skip
    shown |= {"enumeration-used", "enumeration-name", "enumeration-values"}
    assert {rule.id for rule in RULES} == shown
