"""Takes facts out of the prose of a description: versions, filter groups, limits, defaults, who needs it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MARK = r"[*_`\s]{0,12}"  # never more: what is unbounded twice in a row takes long on a hostile text
_NUMBER = r"v?(?P<{0}>\d{{1,4}})(?:\.\d*)?"
# “**Available Version:** 60.0”, and with it “Available Versions”, “Availble Version”, “**Available Version: 61.0**”,
# “Available Version:*** 57.0”, “Available in API version 60.0 and later”, “Available since v60”, “57.0–58.0”.
_AVAILABLE = re.compile(
    rf"(?:\*\*|^|[.>]\s|\(){_MARK}Avail\w{{0,12}}ble{_MARK}"
    rf"(?:(?:API\s+)?Versions?\b|in\s+(?:(?:API|the)\s+)?versions?\b|since\b(?:\s+(?:API\s+)?version)?|from\s+(?:API\s+)?version\b)"
    rf"{_MARK}:?{_MARK}(?P<told>[^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_SINCE = re.compile(_NUMBER.format("since"), re.IGNORECASE)
_RANGE = re.compile(
    rf"{_NUMBER.format('since')}\s*(?:–|—|-|to|through|until|up to)\s*(?:and including\s+)?{_NUMBER.format('until')}",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    rf"\bIn\s+(?:API\s+)?versions?\s+{_NUMBER.format('first')}\s+and\s+(?:later|above|after),\s+"
    r"this\s+\w+\s+(?:isn't|isn’t|is\s+not|is\s+no\s+longer)\s+(?:available|supported)",
    re.IGNORECASE,
)
_NO_LONGER = re.compile(
    r"\b(?:(?:not|no\s+longer)\s+(?:available|supported)|removed|retired)\s+(?:(?:in|from|since|as\s+of)\s+)(?:API\s+)?(?:version\s+)?"
    rf"{_NUMBER.format('first')}",
    re.IGNORECASE,
)
_LAST = re.compile(
    rf"\bAvailable\s+(?:through|until|up\s+to)\s+(?:API\s+)?(?:version\s+)?{_NUMBER.format('until')}", re.IGNORECASE
)
_GROUP = re.compile(rf"Filter{_MARK}Group{_MARK}:{_MARK}(Small|Medium|Big)\b", re.IGNORECASE)
_BETWEEN = re.compile(
    r"(?:[Vv]alues?\s+(?:are|is)\s+from|[Rr]ange\s+is|to\s+return(?:,?\s+from)?|[Mm]ust\s+be\s+(?:from|between)|from)\s+`?(-?[\d,]+)`?\s+"
    r"(?:through|to|and)\s+`?(-?[\d,]+)`?"
)
_DEFAULT = re.compile(
    r"(?:\b[Dd]efault(?:\s+value|\s+number\s+of\s+\w+)?\s+is\s+|\bdefaults\s+to\s+)"
    r"(?:`(?!null`)([A-Za-z_]\w*|-?\d[\d,]*(?:\.\d+)?)`|(-?\d[\d,]*(?:\.\d+)?|true|false)(?=[.,;)\s]|$))"
)
_METHODS = re.compile(r"\b([Rr]equired|[Oo]ptional)\s+for\s+`?(POST|PATCH|PUT)`?(?:\s+and\s+`?(POST|PATCH|PUT)`?)?\b")


@dataclass(slots=True)
class Told:
    """What a description says beside its prose.

    Attributes:
        since, until: versions as whole numbers.
        unread: a statement of versions that could not be understood.
        group: filter group.
        minimum, maximum, default: of a value.
        required_for: methods for which a value is said to be required.
        optional_for: methods for which it is said to be optional.
    """

    since: int | None = None
    until: int | None = None
    unread: str | None = None
    group: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    default: str | None = None
    required_for: list[str] = field(default_factory=list[str])
    optional_for: list[str] = field(default_factory=list[str])


def told_by(description: str) -> Told:
    """Read a description.

    Args:
        description: Markdown, as the file has it.
    """
    told = Told()
    if not description:
        return told
    _versions(description, told)
    if found := _GROUP.search(description):
        told.group = found[1].capitalize()
    if found := _BETWEEN.search(description):
        lowest, highest = (int(number.replace(",", "")) for number in found.groups())
        if lowest < highest:
            told.minimum, told.maximum = lowest, highest
    if found := _DEFAULT.search(description):
        told.default = found[1] or found[2]
    for found in _METHODS.finditer(description):
        methods = told.required_for if found[1].lower() == "required" else told.optional_for
        methods += [method for method in found.groups()[1:] if method and method not in methods]
    return told


def _versions(description: str, told: Told) -> None:
    found = _AVAILABLE.search(description)
    if found:
        text = found["told"]
        if both := _RANGE.match(text.strip()):
            told.since, told.until = int(both["since"]), int(both["until"])
        elif first := _SINCE.match(text.strip()):
            told.since = int(first["since"])
        else:
            told.unread = text.strip()[:60] or "nothing"
    for pattern in (_NOT_AFTER, _NO_LONGER):
        if told.until is None and (ended := pattern.search(description)):
            told.until = int(ended["first"]) - 1
    if told.until is None and (last := _LAST.search(description)):
        told.until = int(last["until"])
