"""A catalogue with every kind of fact once, for tests that change one of them."""

from __future__ import annotations

from pathlib import Path

RELEASES = """\
releases:
  - {version: 65.0, name: "Winter '26", status: retired}
  - {version: 66.0, name: "Spring '26", status: supported}
  - {version: 67.0, name: "Summer '26", status: supported}
format: 2
"""
STATUS_CODES = "status_codes:\n  - {code: 200, phrase: OK, summary: It worked., kind: success}\n"
RESOURCES = """\
summary: Polls and votes.
resources:
  - path: /votes/polls
    site: optional
    requires: [chatter]
    operations:
      GET:
        name: list
        summary: Open polls, newest first.
        parameters:
          sort: {type: String, values: ["Name", "Date"], default: "Name"}
          pageSize: {type: Integer, minimum: 1, maximum: 100, default: 25}
          since: DateTime
          scope: {type: String, required: conditional, condition: when there is no sort}
          ids: {type: list<Id>, max_items: 50}
          oldName: {type: String, replaced_by: sort}
        returns: PollPage
        status: [200, 202]
        pagination: {style: next-url, items: polls, next: nextPageUrl}
        wait: {name: wait_for_polls, pending_status: [202]}
      POST:
        name: create
        summary: Open a poll.
        parameters:
          Poll-Key: {type: String, in: header, max_length: 255}
        body: PollInput
        parts: {picture: {max_bytes: 1000}}
        json_part: poll
        returns: Poll
        status: [201]
        special_status: {409: it is still being made}
        stage: beta
        retry: key
        idempotency: {header: Poll-Key}
        retry_statuses: [409]
  - path: /votes/polls/{pollId}
    parameters: {pollId: {type: Id}}
    operations:
      GET: {name: get, summary: One poll., returns: Poll}
      DELETE: {name: delete, summary: Close a poll., replaced_by: votes.polls.create}
"""
TYPES = """\
types:
  PollPage:
    summary: Some polls.
    properties:
      polls: list<Poll>
      nextPageUrl: Url
  Poll:
    summary: A question.
    xml: poll
    item: question
    failure: {success: false}
    discriminator: {property: type, values: {"Open": OpenPoll, "Closed": ClosedPoll}}
    properties:
      type: String
      success: Boolean
      title: {type: String, group: Small, max_length: 80, default: "none"}
      state: {type: String, values: ["New", "Old"], replaced_by: title}
      friends: list<Poll>
  OpenPoll: {summary: It takes votes., extends: Poll, properties: {votes: Integer}}
  ClosedPoll: {summary: It takes none., extends: Poll, properties: {winner: Id}}
  PollInput:
    summary: What to ask.
    xml: pollInput
    discriminator: {property: kind, values: {"Short": ShortPollInput, "Long": LongPollInput}}
    properties:
      kind: String
      text: {type: String, required: true, max_length: 80}
      note: {type: String, default: "A", values: ["A", "B"]}
      reason: {type: String, required: conditional, condition: when it is long}
      size: {type: Integer, minimum: 1, maximum: 10}
  ShortPollInput: {summary: A short one., extends: PollInput, properties: {limit: Integer}}
  LongPollInput: {summary: A long one., extends: PollInput, properties: {pages: Integer}}
  Spare: {summary: Nobody refers to it., unreferenced: It is spare., properties: {part: String}}
"""
FILES = {
    "releases.yaml": RELEASES,
    "status_codes.yaml": STATUS_CODES,
    "resources/votes/polls.yaml": RESOURCES,
    "types/votes/polls.yaml": TYPES,
}


def write(root: Path, *edits: tuple[str, str]) -> Path:
    """Write the catalogue; each edit replaces a piece of text that stands in it exactly once."""
    files = dict(FILES)
    for old, new in edits:
        found = [name for name, text in files.items() if old in text]
        assert len(found) == 1, (old, found)
        assert files[found[0]].count(old) == 1, old
        files[found[0]] = files[found[0]].replace(old, new)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
