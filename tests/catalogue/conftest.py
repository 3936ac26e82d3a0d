"""A small catalogue on disk that a test changes in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

RELEASES = """\
releases:
  - {version: 65.0, name: "Winter '26", status: supported}
  - {version: 66.0, name: "Spring '26", status: supported}
  - {version: 67.0, name: "Summer '26", status: supported}
format: 2
"""
STATUS_CODES = """\
status_codes:
  - {code: 200, phrase: OK, summary: It worked., kind: success}
"""
RESOURCES = """\
summary: Polls.
resources:
  - path: /polls/{pollId}
    formerly:
      - {path: "/chatter/polls/{pollId}", until: 65.0}
    site: optional
    requires: [chatter]
    parameters: {pollId: Id}
    operations:
      GET: {name: get, summary: Read a poll., returns: Poll}
      PATCH:
        name: vote
        summary: Vote in a poll.
        since: 66.0
        parameters:
          choice: {type: Id, since: 67.0, values: ["a", {value: "b", since: 67.0}]}
        body: PollInput
        returns: Poll
"""
TYPES = """\
types:
  Poll:
    properties:
      votes: [{type: Integer, until: 66.0}, {type: Long, since: 67.0}]
      owner: {type: User, since: 66.0, group: [{value: Small, until: 66.0}, {value: Big, since: 67.0}]}
  PollInput:
    properties:
      choice: {type: Id, required: {PATCH: true}}
  User:
    properties:
      name: String
"""

CatalogueMaker = Callable[..., Path]


@pytest.fixture
def make_catalogue(tmp_path: Path) -> CatalogueMaker:
    """Write the catalogue; each argument replaces a piece of text, which must be there, with another."""

    def make(*changes: tuple[str, str], **files: str) -> Path:
        texts = {
            "releases.yaml": RELEASES,
            "status_codes.yaml": STATUS_CODES,
            "resources/feeds/polls.yaml": RESOURCES,
            "types/feeds/polls.yaml": TYPES,
            **files,
        }
        for old, new in changes:
            touched = [name for name, text in texts.items() if old in text]
            assert len(touched) == 1, f"{old!r} stands in {touched}"
            texts[touched[0]] = texts[touched[0]].replace(old, new, 1)
        for name, text in texts.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return make
