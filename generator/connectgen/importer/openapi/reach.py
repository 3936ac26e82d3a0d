"""What of an operation concerns callers: which responses are successes, which headers a client sends itself."""

from __future__ import annotations

import re

from connectgen.catalogue.yaml_reader import LineDict

SENT_BY_CLIENTS = frozenset(["authorization", "accept", "content-type"])
"""Headers that a client sends itself."""


def successes(responses: LineDict) -> dict[str, int]:
    """The keys of an operation's responses that are successes, each with its status.

    `2XX` is 200 where no other success is listed, and so is `default` where nothing else is listed at all.
    """
    exact = {code: int(code) for code in responses if re.fullmatch(r"2\d\d", code)}
    if exact:
        return exact
    ranges = {code: 200 for code in responses if code.upper() == "2XX"}
    listed = [code for code in responses if not code.startswith("x-")]
    return ranges or ({"default": 200} if listed == ["default"] else {})
