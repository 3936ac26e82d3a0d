"""The catalogue that the programs in `programs/` are written for: what 67.0 takes away from 66.0, and changes."""

from __future__ import annotations

from pathlib import Path

from diff.small import write as write_small

EDITS = [
    ("          since: DateTime\n", "          since: {type: DateTime, until: 66.0}\n"),
    (
        'sort: {type: String, values: ["Name", "Date"],',
        'sort: {type: String, values: ["Name", {value: "Date", until: 66.0}],',
    ),
    ("      friends: list<Poll>\n", "      friends: {type: list<Poll>, until: 66.0}\n"),
    ("{name: delete, summary: Close a poll.,", "{name: delete, summary: Close a poll., until: 66.0,"),
    (
        'note: {type: String, default: "A", values: ["A", "B"]}',
        'note: {type: String, default: "A", values: ["A", "B"], until: 66.0}',
    ),
    (
        "size: {type: Integer, minimum: 1, maximum: 10}",
        "size: [{type: Integer, minimum: 1, maximum: 10, until: 66.0}, {type: Integer, since: 67.0, required: true, minimum: 1, maximum: 10}]",
    ),
    ("  ClosedPoll: {summary:", "  ClosedPoll: {until: 66.0, summary:"),
    (
        'state: {type: String, values: ["New", "Old"],',
        "state: {type: String, values: PollState,",
    ),
    ("group: Small, max_length: 80", "group: [{value: Small, until: 66.0}, {value: Big, since: 67.0}], max_length: 80"),
]
OTHERS = {
    "enumerations/votes.yaml": """\
enumerations:
  PollState: {values: ["New", {value: "Old", until: 66.0}, {value: "Former", since: 67.0}]}
""",
    "resources/votes/ballots.yaml": """\
summary: Votes of polls.
resources:
  - path: /votes/polls/{pollId}/ballots
    parameters: {pollId: {type: Id}}
    operations:
      GET:
        name: list
        until: 66.0
        summary: Votes of a poll.
        returns: BallotPage
        pagination: {style: next-url, items: ballots, next: nextPageUrl}
      POST: {name: cast, until: 66.0, summary: Vote., body: BallotInput, returns: Ballot}
""",
    "resources/surveys/answers.yaml": """\
summary: What was said.
resources:
  - path: /surveys/answers
    operations:
      GET: {name: list, until: 66.0, summary: What was said., returns: SurveyPage}
""",
    "types/votes/ballots.yaml": """\
types:
  BallotPage: {summary: Some votes., properties: {ballots: list<Ballot>, nextPageUrl: Url}}
  Ballot: {summary: A vote., properties: {voter: String}}
  BallotInput: {summary: A vote to cast., properties: {voter: String}}
  SurveyPage: {summary: What was said., properties: {texts: list<String>}}
  PollSummary: {summary: The figures of a poll., properties: {total: Integer}}
  PollDigest: {summary: The figures of a poll., properties: {total: Integer}}
""",
}
SUMMARY = """\
  - path: /votes/polls/{pollId}/summary
    parameters: {pollId: {type: Id}}
    operations:
      GET:
        name: get_summary
        summary: The figures of a poll.
        returns: [{type: PollSummary, until: 66.0}, {type: PollDigest, since: 67.0}]
"""


def write(root: Path) -> Path:
    """Write the catalogue."""
    write_small(root, *EDITS)
    for name, text in OTHERS.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with (root / "resources/votes/polls.yaml").open("a", encoding="utf-8") as file:
        file.write(SUMMARY)
    return root
