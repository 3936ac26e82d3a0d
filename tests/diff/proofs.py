"""What proves each verdict: an edit of the small catalogue, code and a request that were right before it.

Which verdict the code and the request show is for `test_proofs.py` to see; nothing here says what a rule decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from diff.small import write

Edit = tuple[str, str]
LIST, ONE, CLOSED = "/votes/polls", "/votes/polls/07L000000000001AAA", "/votes/polls/07L000000000002AAA"
GET_LINE = "      GET: {name: get, summary: One poll., returns: Poll}\n"
GET_END = "One poll., returns: Poll}"
SORT = 'sort: {type: String, values: ["Name", "Date"], default: "Name"}'
NOTE = 'note: {type: String, default: "A", values: ["A", "B"]}'
STATE = 'state: {type: String, values: ["New", "Old"], replaced_by: title}'
SIZE = "size: {type: Integer, minimum: 1, maximum: 10}"
SINCE = "          since: DateTime\n"
PAGINATION = "        pagination: {style: next-url, items: polls, next: nextPageUrl}\n"
WAIT = "        wait: {name: wait_for_polls, pending_status: [202]}\n"
PLACEHOLDER = "{pollId: {type: Id}}"
BODY = "        body: PollInput\n"
PICTURE = "{picture: {max_bytes: 1000}}"
PARTS = "        parts: {picture: {max_bytes: 1000}}\n        json_part: poll\n"
KINDS = '"Open": OpenPoll, "Closed": ClosedPoll}'
INPUT_KINDS = '"Short": ShortPollInput, "Long": LongPollInput}'
SPARE = "  Spare: {summary: Nobody refers to it., unreferenced: It is spare., properties: {part: String}}\n"
ASIDE = "  Aside: {{summary: More., unreferenced: It is spare., {}}}\n"
HOLDING = (
    SPARE,
    SPARE
    + "  Holder: {summary: Holds., unreferenced: It is spare., properties: {open: OpenPoll, closed: ClosedPoll}}\n",
)
LATE = (
    (
        SPARE,
        SPARE
        + "  LatePoll: {summary: Late., extends: Poll, properties: {late: String}}\n"
        + "  LatePollInput: {summary: Late., extends: PollInput, properties: {late: String}}\n",
    ),
    ("      polls: list<Poll>\n", "      polls: list<Poll>\n      latest: LatePoll\n"),
    ("properties: {limit: Integer}", "properties: {limit: Integer, latest: LatePollInput}"),
)
"""One more variant of each, which may be one that is read and sent, or not."""
MORE = "summary: More.\nresources:\n  - path: /{}/more\n    operations:\n      GET: {{name: get, summary: More., returns: Poll}}\n"
WITH_ID = ("      success: Boolean\n", "      success: Boolean\n      pollId: Id\n")
BATCH_OF_MANY = {
    "resources/batches/batches.yaml": """\
summary: Several at once.
resources:
  - path: /connect/batch
    operations:
      POST: {name: send, summary: Several at once., body: BatchCollectionInput, returns: BatchResults}
""",
    "types/batches/batches.yaml": """\
types:
  BatchCollectionInput: {summary: Several., properties: {batchRequests: {type: list<BatchInput>, required: true}}}
  BatchInput: {summary: One., properties: {method: {type: String, required: true}, url: {type: String, required: true}}}
  BatchResults: {summary: What came of them., properties: {hasErrors: Boolean, results: list<BatchResultItem>}}
  BatchResultItem: {summary: What came of one., properties: {statusCode: Integer}}
""",
}


@dataclass(frozen=True)
class Ask:
    """A request, and what must be true of a response that a caller of before can use.

    Attributes:
        fits: looks at the response; by default every success fits.
        times: how often it is sent; all responses must be the same then.
    """

    method: str = "GET"
    path: str = LIST
    params: dict[str, Any] = field(default_factory=dict[str, Any])
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    files: list[tuple[str, Any]] | None = None
    fits: Callable[[httpx2.Response], bool] = lambda response: response.is_success
    times: int = 1


@dataclass(frozen=True)
class Proof:
    """What shows the verdicts of one rule.

    Attributes:
        after: edits that only the newer catalogue has.
        before: edits that only the older one has.
        files: further files of the older one.
    shared: further files of both.
        breaks: code that a checker accepts before, and refuses after, where something breaks in source.
        keeps: code of the same kind that is right on both sides.
        brings: code that is right after only.
        ask: a request that is right before.
        settings: settings of the mock.
    """

    after: tuple[Edit, ...] = ()
    before: tuple[Edit, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    shared: Mapping[str, str] = field(default_factory=dict[str, str])
    breaks: str = ""
    keeps: str = ""
    brings: str = ""
    ask: Ask = field(default_factory=Ask)
    settings: dict[str, Any] = field(default_factory=dict[str, Any])

    def write(self, root: Path) -> tuple[Path, Path]:
        """Write both catalogues."""
        older, newer = write(root / "before", *self.before), write(root / "after", *self.after)
        for folder, files in ((older, {**dict(self.files), **self.shared}), (newer, self.shared)):
            for name, text in files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        return older, newer


def edit(old: str, new: str, **more: Any) -> Proof:
    """One edit of the newer catalogue."""
    return Proof(after=((old, new),), **more)


def back(old: str, new: str, **more: Any) -> Proof:
    """One edit of the older catalogue."""
    return Proof(before=((old, new),), **more)


def owner(kind: str) -> tuple[Edit, ...]:
    """Polls with an owner."""
    return (("      success: Boolean\n", f"      success: Boolean\n      owner: {kind}\n"),)


def batch(path: str) -> Ask:
    """A batch of one request, which must go well."""
    body = {"batchRequests": [{"method": "GET", "url": f"/v66.0{path}"}]}
    return Ask("POST", "/connect/batch", json=body, fits=lambda one: one.is_success and not one.json()["hasErrors"])


def both(shared: Edit, old: str, new: str, **more: Any) -> Proof:
    """One edit of both catalogues, and one of the newer."""
    return Proof(before=(shared,), after=(shared, (old, new)), **more)


def variants(before: Edit, after: Edit, **more: Any) -> Proof:
    """One edit of each catalogue, where there is one more class that can be a variant."""
    return Proof(before=(*LATE, before), after=(*LATE, after), **more)


def closing(before: str, after: str, **more: Any) -> Proof:
    """An operation that both have, with something of its own on each side."""
    sides = [
        ((GET_LINE, f"{GET_LINE}      POST: {{name: close, summary: Close it., {side}}}\n"),)
        for side in (before, after)
    ]
    return Proof(before=sides[0], after=sides[1], **more)


def post(body: Any = None, **more: Any) -> Ask:
    """Open a poll."""
    return Ask("POST", LIST, json={"text": "?", **(body or {})}, **more)


def upload(name: str = "poll", size: int = 10, files: tuple[str, ...] = ("picture",)) -> Ask:
    """Open a poll in a multipart request."""
    parts: list[tuple[str, Any]] = [(name, (None, '{"text": "?"}', "application/json"))]
    parts += [(one, (f"{one}.png", b"x" * size, "image/png")) for one in files]
    return Ask("POST", LIST, files=parts)


def has(key: str, kind: type | None = None) -> Callable[[httpx2.Response], bool]:
    """A response is an object with a property (of a type)."""

    def fits(response: httpx2.Response) -> bool:
        if not response.is_success or not response.content:
            return False
        found = response.json().get(key)
        return found is not None and (kind is None or isinstance(found, kind))

    return fits


def says(key: str, *values: str) -> Callable[[httpx2.Response], bool]:
    """A property has one of some values."""
    return lambda response: response.is_success and response.json().get(key) in values


POLLS = "client.votes.polls"
CREATE = f'{POLLS}.create(m.PollInput(text="?"))'
EVERY_KIND = """\
match client.votes.polls.get("07L"):
    case m.OpenPoll():
        print(1)
    case m.ClosedPoll():
        print(2)
    case other:
        assert_never(other)"""
STATES = """\
match poll.state:
    case "New" | "Old" | None:
        print(1)
    case other:
        assert_never(other)"""
READ = "print(poll.title, poll.state, poll.success, poll.friends)"

PROOFS: dict[str, Proof] = {
    "operation-added": edit(GET_LINE, GET_LINE + "      HEAD: {name: head, summary: Is it there.}\n", brings=f'{POLLS}.head("07L")'),
    "operation-removed": edit(GET_LINE, "", breaks=f'{POLLS}.get("07L")', ask=Ask(path=ONE)),
    "group-removed": Proof(files=(("resources/votes/others.yaml", MORE.format("votes")),), breaks="client.votes.others", ask=Ask(path="/votes/more")),
    "family-removed": Proof(files=(("resources/surveys/answers.yaml", MORE.format("surveys")),), breaks="client.surveys", ask=Ask(path="/surveys/more")),
    "operation-moved": edit("path: /votes/polls/{pollId}", "path: /votes/poll/{pollId}", ask=Ask(path=ONE)),
    "operation-method-changed": edit("      DELETE: {name: delete", "      PUT: {name: delete", ask=Ask("DELETE", ONE)),
    "operation-renamed": edit("{name: get,", "{name: read,", breaks=f'{POLLS}.get("07L")', ask=Ask(path=ONE)),
    "site-address-added": edit(PLACEHOLDER, PLACEHOLDER + "\n    site: optional", ask=Ask(path=ONE)),
    "site-address-removed": edit("    site: optional\n", "", ask=Ask(path="/connect/communities/0DB000000000001AAA/votes/polls")),
    "chatter-required": edit("parameters: {pollId: {type: Id}}", "requires: [chatter]\n    parameters: {pollId: Id}", ask=Ask(path=ONE)),
    "chatter-no-longer-required": edit("    requires: [chatter]\n", ""),
    "stage-changed": edit("        stage: beta\n", "", ask=post()),
    "success-status-added": edit("status: [201]", "status: [201, 202]", ask=post()),
    "success-status-removed": back("status: [201]", "status: [201, 202]", ask=post()),
    "special-status-changed": edit("{409: it is still being made}", "{409: it is made}", ask=post()),
    "pagination-added": back(PAGINATION, "", brings=f"for one in {POLLS}.iter():\n    print(one)"),
    "pagination-removed": edit(PAGINATION, "", breaks=f"for one in {POLLS}.iter():\n    print(one)"),
    "pagination-changed": Proof(
        before=(("      nextPageUrl: Url\n", "      nextPageUrl: Url\n      moreUrl: Url\n"), ("next: nextPageUrl}", "next: moreUrl}")),
        after=(("      nextPageUrl: Url\n", "      nextPageUrl: Url\n      moreUrl: Url\n"),),
        ask=Ask(params={"pageSize": 2}, fits=lambda response: "/votes/polls?" in response.json()["moreUrl"]),
        settings={"items": 5},
    ),
    "wait-added": edit(GET_END, GET_END.replace("}", ", wait: {property: title, done: [a]}}"), brings=f'print({POLLS}.wait_for_end("07L").title)', ask=Ask(path=ONE)),
    "wait-removed": edit(WAIT, "", breaks=f"print({POLLS}.wait_for_polls().polls)", ask=Ask()),
    "wait-changed": edit("pending_status: [202]", "pending_status: [202], ended: nextPageUrl", ask=Ask()),
    "retry-changed": edit("One poll., returns: Poll}", "One poll., returns: Poll, retry: unsafe}", ask=Ask(path=ONE)),
    "retried-status-added": edit("        retry_statuses: [409]\n", "        retry_statuses: [409, 429]\n", ask=post()),
    "retried-status-removed": edit("        retry_statuses: [409]\n", "", ask=post()),
    "idempotency-key-added": back("        idempotency: {header: Poll-Key}\n", "", ask=post(headers={"Poll-Key": "k"})),
    "idempotency-key-removed": both(WITH_ID, "        idempotency: {header: Poll-Key}\n", "", ask=post(headers={"Poll-Key": "k"}, times=2), settings={"keeps_state": True}),
    "idempotency-key-moved": both(WITH_ID, "idempotency: {header: Poll-Key}", "idempotency: {property: note}", ask=post(headers={"Poll-Key": "k"}, times=2), settings={"keeps_state": True}),
    "path-parameter-renamed": edit("/{pollId}\n    parameters: {pollId:", "/{id}\n    parameters: {id:", breaks=f'{POLLS}.get(poll_id="07L")', keeps=f'{POLLS}.get("07L")', ask=Ask(path=ONE)),
    "path-parameter-type-changed": edit(PLACEHOLDER, "{pollId: Integer}", breaks=f'{POLLS}.get("07L")', ask=Ask(path=ONE)),
    "path-parameter-type-refined": edit(PLACEHOLDER, "{pollId: String}", ask=Ask(path=ONE)),
    "path-parameter-python-type-changed": Proof(before=((PLACEHOLDER, "{pollId: String}"),), after=((PLACEHOLDER, "{pollId: Date}"),), breaks=f'{POLLS}.get("2026-11-29")', ask=Ask(path="/votes/polls/2026-11-29")),
    "path-parameter-added": edit("path: /votes/polls/{pollId}\n    parameters: {pollId: {type: Id}}", "path: /votes/polls/{pollId}/{kind}\n    parameters: {pollId: {type: Id}, kind: Id}", breaks=f'{POLLS}.get("07L")', ask=Ask(path=ONE)),
    "path-parameter-removed": back("path: /votes/polls/{pollId}\n    parameters: {pollId: {type: Id}}", "path: /votes/polls/{pollId}/{kind}\n    parameters: {pollId: {type: Id}, kind: Id}", breaks=f'{POLLS}.get("07L", "07L")', ask=Ask(path=f"{ONE}/07L000000000001AAA")),
    "path-parameter-value-added": Proof(before=((PLACEHOLDER, '{pollId: {type: String, values: ["me"]}}'),), after=((PLACEHOLDER, '{pollId: {type: String, values: ["me", "it"]}}'),), keeps=f'{POLLS}.get("me")', brings=f'{POLLS}.get("it")', ask=Ask(path="/votes/polls/me")),
    "path-parameter-value-removed": Proof(before=((PLACEHOLDER, '{pollId: {type: String, values: ["me", "it"]}}'),), after=((PLACEHOLDER, '{pollId: {type: String, values: ["me"]}}'),), breaks=f'{POLLS}.get("it")', ask=Ask(path="/votes/polls/it")),
    "arguments-reordered": Proof(
        before=((SINCE, "          a: {type: String, required: true}\n          b: {type: Integer, required: true}\n"),),
        after=((SINCE, "          b: {type: Integer, required: true}\n          a: {type: String, required: true}\n"),),
        breaks=f'{POLLS}.list("x", 1)',
        ask=Ask(params={"a": "x", "b": 1}),
    ),
    "batch-allowed": back(GET_END, GET_END.replace("}", ", batch: false}"), shared=BATCH_OF_MANY, ask=Ask(path=ONE)),
    "batch-refused": edit(GET_END, GET_END.replace("}", ", batch: false}"), shared=BATCH_OF_MANY, ask=batch(ONE)),
    "xml-offered": back(GET_END, GET_END.replace("}", ", xml: false}"), ask=Ask(path=ONE)),
    "xml-withdrawn": edit(GET_END, GET_END.replace("}", ", xml: false}"), ask=Ask(path=ONE, headers={"Accept": "application/xml"}, fits=lambda response: response.is_success and "xml" in response.headers["content-type"])),
    "json-part-renamed": edit("json_part: poll\n", "json_part: json\n", ask=upload()),
    "parameter-added": edit(SORT, SORT + "\n          q: String", keeps=f'{POLLS}.list(sort="Name")', brings=f'{POLLS}.list(q="x")'),
    "parameter-added-required": edit(SORT, SORT + "\n          q: {type: String, required: true}", breaks=f'{POLLS}.list(sort="Name")'),
    "parameter-removed": edit(SINCE, "", breaks=f"{POLLS}.list(since=when)", ask=Ask(params={"since": "2026-11-29T00:00:00.000Z"})),
    "parameter-place-changed": edit("since: DateTime", "since: {type: DateTime, in: header}", ask=Ask(params={"since": "2026-11-29T00:00:00.000Z"})),
    "parameter-type-changed": edit("since: DateTime", "since: Integer", breaks=f"{POLLS}.list(since=when)", ask=Ask(params={"since": "2026-11-29T00:00:00.000Z"})),
    "parameter-type-refined": edit("ids: {type: list<Id>", "ids: {type: list<String>", ask=Ask(params={"ids": "07L000000000001AAA"})),
    "parameter-python-type-changed": edit("since: DateTime", "since: String", breaks=f"{POLLS}.list(since=when)", ask=Ask(params={"since": "2026-11-29T00:00:00.000Z"})),
    "parameter-became-required": edit("since: DateTime", "since: {type: DateTime, required: true}", breaks=f"{POLLS}.list()"),
    "parameter-became-optional": back("since: DateTime", "since: {type: DateTime, required: true}", breaks=f"{POLLS}.list(when)", keeps=f"{POLLS}.list(since=when)", ask=Ask(params={"since": "2026-11-29T00:00:00.000Z"})),
    "parameter-became-conditional": edit("since: DateTime", "since: {type: DateTime, required: conditional, condition: when late}"),
    "parameter-condition-changed": edit("when there is no sort", "when there are no ids"),
    "parameter-value-added": edit('values: ["Name", "Date"]', 'values: ["Name", "Date", "Votes"]', keeps=f'{POLLS}.list(sort="Date")', brings=f'{POLLS}.list(sort="Votes")', ask=Ask(params={"sort": "Date"})),
    "parameter-value-removed": edit('values: ["Name", "Date"]', 'values: ["Name"]', breaks=f'{POLLS}.list(sort="Date")', ask=Ask(params={"sort": "Date"})),
    "parameter-limit-narrowed": edit("maximum: 100, default: 25", "maximum: 50, default: 25", ask=Ask(params={"pageSize": 80})),
    "parameter-limit-widened": edit("max_items: 50", "max_items: 500", ask=Ask(params={"ids": "07L000000000001AAA"})),
    "parameter-default-changed": edit("maximum: 100, default: 25", "maximum: 100, default: 100"),
    "body-added": closing("status: [204]", "status: [204], body: {type: PollInput, required: false}", keeps=f'{POLLS}.close("07L")', brings=f'{POLLS}.close("07L", m.PollInput(text="?"))', ask=Ask("POST", ONE)),
    "body-added-required": closing("status: [204]", "status: [204], body: PollInput", breaks=f'{POLLS}.close("07L")', ask=Ask("POST", ONE)),
    "body-removed": closing("status: [204], body: PollInput", "status: [204]", breaks=f'{POLLS}.close("07L", m.PollInput(text="?"))', ask=Ask("POST", ONE, json={"text": "?"})),
    "body-type-changed": edit(BODY, "        body: ShortPollInput\n", breaks=f'{POLLS}.create(m.LongPollInput(text="?", pages=1))', ask=post({"kind": "Long", "pages": 1})),
    "body-type-refined": closing("status: [204], body: String", "status: [204], body: Id", ask=Ask("POST", ONE, json="07L000000000001AAA")),
    "body-python-type-changed": closing("status: [204], body: String", "status: [204], body: Date", breaks=f'{POLLS}.close("07L", "2026-11-29")', ask=Ask("POST", ONE, json="2026-11-29")),
    "body-became-required": closing("status: [204], body: {type: PollInput, required: false}", "status: [204], body: PollInput", breaks=f'{POLLS}.close("07L")', ask=Ask("POST", ONE)),
    "body-became-optional": closing("status: [204], body: PollInput", "status: [204], body: {type: PollInput, required: false}", keeps=f'{POLLS}.close("07L", m.PollInput(text="?"))', ask=Ask("POST", ONE, json={"text": "?"})),
    "body-became-conditional": closing("status: [204], body: {type: PollInput, required: false}", "status: [204], body: {type: PollInput, required: conditional, condition: when new}", ask=Ask("POST", ONE)),
    "result-added": closing("status: [200]", "status: [200], returns: Poll", keeps=f'{POLLS}.close("07L")', brings=f'print({POLLS}.close("07L").title)', ask=Ask("POST", ONE)),
    "result-removed": edit("returns: Poll\n        status: [201]", "status: [201]", breaks=f"print({CREATE}.title)", ask=post(fits=has("title"))),
    "result-type-changed": edit(GET_END, "One poll., returns: PollPage}", breaks=f'print({POLLS}.get("07L").title)', ask=Ask(path=ONE, fits=has("title"))),
    "result-type-refined": Proof(before=((GET_END, "One poll., returns: String}"),), after=((GET_END, "One poll., returns: Id}"),), ask=Ask(path=ONE, fits=lambda response: response.is_success and isinstance(response.json(), str))),
    "result-python-type-changed": Proof(before=((GET_END, "One poll., returns: String}"),), after=((GET_END, "One poll., returns: Date}"),), breaks=f'print({POLLS}.get("07L").upper())', ask=Ask(path=ONE, fits=lambda response: response.is_success and isinstance(response.json(), str))),
    "part-added": edit(PICTURE, "{picture: {max_bytes: 1000}, sound: {}}", keeps=f'{POLLS}.create(m.PollInput(text="?"), picture=Upload(b"x"))', brings=f'{POLLS}.create(m.PollInput(text="?"), sound=Upload(b"x"))', ask=upload()),
    "part-added-required": edit(PICTURE, "{picture: {max_bytes: 1000}, sound: {required: true}}", breaks=f'{POLLS}.create(m.PollInput(text="?"), picture=Upload(b"x"))', ask=upload()),
    "part-removed": back(PICTURE, "{picture: {max_bytes: 1000}, sound: {}}", breaks=f'{POLLS}.create(m.PollInput(text="?"), sound=Upload(b"x"))', ask=upload(files=("picture", "sound"))),
    "part-became-required": edit(PICTURE, "{picture: {required: true, max_bytes: 1000}}", breaks=CREATE, ask=post()),
    "part-became-optional": back(PICTURE, "{picture: {required: true, max_bytes: 1000}}", keeps=f'{POLLS}.create(m.PollInput(text="?"), picture=Upload(b"x"))', ask=upload()),
    "part-limit-lowered": edit(PICTURE, "{picture: {max_bytes: 10}}", ask=upload(size=100)),
    "part-limit-raised": edit(PICTURE, "{picture: {}}", ask=upload()),
    "request-property-added": edit(NOTE, NOTE + "\n      more: String", keeps=CREATE, brings='m.PollInput(text="?", more="x")', ask=post()),
    "request-property-added-required": edit(NOTE, NOTE + "\n      more: {type: String, required: true}", breaks=CREATE, ask=post()),
    "request-property-removed": edit(f"      {NOTE}\n", "", breaks='m.PollInput(text="?", note="A")', ask=post({"note": "A"})),
    "request-property-type-changed": edit(SIZE, "size: String", breaks='m.PollInput(text="?", size=3)', ask=post({"size": 3})),
    "request-property-type-refined": edit(SIZE, SIZE.replace("Integer", "Long"), ask=post({"size": 3})),
    "request-property-python-type-changed": edit("reason: {type: String", "reason: {type: Date", breaks='m.PollInput(text="?", reason="2026-11-29")', ask=post({"reason": "2026-11-29"})),
    "request-property-became-required": edit(SIZE, SIZE.replace("Integer", "Integer, required: true"), breaks=CREATE, ask=post()),
    "request-property-became-optional": edit("text: {type: String, required: true", "text: {type: String", keeps=CREATE, ask=post()),
    "request-property-became-conditional": edit(SIZE, SIZE.replace("Integer", "Integer, required: conditional, condition: when big"), ask=post()),
    "request-property-condition-changed": edit("when it is long", "when it is short", ask=post()),
    "request-property-value-added": edit('values: ["A", "B"]', 'values: ["A", "B", "C"]', keeps='m.PollInput(text="?", note="B")', brings='m.PollInput(text="?", note="C")', ask=post({"note": "B"})),
    "request-property-value-removed": edit('values: ["A", "B"]', 'values: ["A"]', breaks='m.PollInput(text="?", note="B")', ask=post({"note": "B"})),
    "request-property-limit-narrowed": edit("required: true, max_length: 80", "required: true, max_length: 8", ask=post({"text": "x" * 20})),
    "request-property-limit-widened": edit("minimum: 1, maximum: 10}", "minimum: 0, maximum: 10}", ask=post({"size": 1})),
    "request-property-default-changed": edit('note: {type: String, default: "A"', 'note: {type: String, default: "B"', ask=post()),
    "response-property-added": edit(STATE, STATE + "\n      more: String", keeps=READ, brings="print(poll.more)", ask=Ask(path=ONE, fits=has("title"))),
    "response-property-removed": edit("      friends: list<Poll>\n", "", breaks="print(poll.friends)", ask=Ask(path=ONE, fits=has("friends"))),
    "response-property-type-changed": edit("votes: Integer", "votes: list<String>", breaks="votes: int | None = opened.votes", ask=Ask(path=ONE, fits=has("votes", int))),
    "response-property-type-refined": Proof(before=owner("Id"), after=owner("String"), ask=Ask(path=ONE, fits=has("owner", str))),
    "response-property-python-type-changed": Proof(before=owner("Id"), after=owner("Date"), breaks="text: str | None = poll.owner", ask=Ask(path=ONE, fits=has("owner", str))),
    "response-property-value-added": edit('values: ["New", "Old"]', 'values: ["New", "Old", "Odd"]', breaks=STATES, keeps=READ, ask=Ask(path=ONE, fits=has("state", str))),
    "response-property-value-removed": edit('values: ["New", "Old"]', 'values: ["New"]', keeps=READ, ask=Ask(path=ONE, fits=says("state", "New", "Old"))),
    "response-property-group-changed": edit("group: Small, max_length: 80", "group: Big, max_length: 80", ask=Ask(path=ONE, fits=has("title"))),
    "response-property-limit-changed": edit("group: Small, max_length: 80", "group: Small, max_length: 8", ask=Ask(path=ONE, fits=has("title"))),
    "response-property-default-changed": edit('max_length: 80, default: "none"', "max_length: 80", ask=Ask(path=ONE, fits=has("title"))),
    "type-added": edit("  Spare: {", "  More: {summary: New., unreferenced: It is new., properties: {a: Id}}\n  Spare: {", keeps="m.Spare(part='x')", brings="m.More(a='x')"),
    "type-removed": edit(SPARE, "", breaks="m.Spare(part='x')"),
    "base-type-changed": Proof(before=((SPARE, SPARE + ASIDE.format("extends: Spare, properties: {winner: Id}")),), after=((SPARE, SPARE + ASIDE.format("extends: PollPage, properties: {winner: Id}")),), breaks="held: m.Spare = m.Aside()", keeps="m.Aside(winner='x')"),
    "kind-added": variants((KINDS, f'{KINDS}, fallback: OpenPoll'), (KINDS, KINDS.replace("}", ', "Late": LatePoll}, fallback: OpenPoll')), breaks=EVERY_KIND, keeps=READ, ask=Ask(path=ONE, fits=has("type", str))),
    "kind-removed": variants((KINDS, KINDS.replace("}", ', "Late": LatePoll}, fallback: OpenPoll')), (KINDS, f'{KINDS}, fallback: OpenPoll'), breaks="held: m.AnyPoll = m.LatePoll()", keeps=READ, ask=Ask(path=ONE, fits=says("type", "Open", "Closed", "Late"))),
    "request-kind-added": variants((INPUT_KINDS, f"{INPUT_KINDS}, fallback: ShortPollInput"), (INPUT_KINDS, INPUT_KINDS.replace("}", ', "Late": LatePollInput}, fallback: ShortPollInput')), keeps=f'{POLLS}.create(m.LongPollInput(text="?"))', brings=f'{POLLS}.create(m.LatePollInput(text="?"))', ask=post({"kind": "Long", "pages": 1})),
    "request-kind-removed": variants((INPUT_KINDS, INPUT_KINDS.replace("}", ', "Late": LatePollInput}, fallback: ShortPollInput')), (INPUT_KINDS, f"{INPUT_KINDS}, fallback: ShortPollInput"), breaks=f'{POLLS}.create(m.LatePollInput(text="?"))', ask=post({"kind": "Late", "late": "x"})),
    "fallback-changed": edit(KINDS, f"{KINDS}, fallback: OpenPoll", breaks="held: m.AnyPoll = poll", keeps=READ, ask=Ask(path=ONE, fits=says("type", "Open", "Closed"))),
    "discriminator-changed": both(HOLDING, '    discriminator: {property: type, values: {"Open": OpenPoll, "Closed": ClosedPoll}}\n', "", breaks="held: m.AnyPoll = opened", ask=Ask(path=ONE, fits=says("type", "Open", "Closed"))),
    "xml-name-changed": edit("    xml: poll\n", "    xml: vote\n", ask=Ask(path=ONE)),
    "failure-changed": edit("failure: {success: false}", "failure: {success: false, state: any}", ask=Ask(path=ONE)),
    "replacement-named": edit("Close a poll., replaced_by: votes.polls.create", "Close a poll.", ask=Ask("DELETE", ONE)),
    "version-retired": edit("name: \"Spring '26\", status: supported", "name: \"Spring '26\", status: retired", settings={"retired_are_gone": True}),
    "version-supported": back("name: \"Spring '26\", status: supported", "name: \"Spring '26\", status: retired"),
}  # fmt: skip
