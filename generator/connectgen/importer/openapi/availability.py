"""Takes facts out of the prose of a description: versions, filter groups, limits, defaults, who needs it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from connectgen.importer.guide.cells import filter_groups
from connectgen.importer.openapi.version_texts import versions_in

_MARK = r"[*_`~\s]{0,12}"
# “**Filter Group:** Small”, “_Filter group: Small_”, “Filter Group and Version: Small, 62.0”,
# “Filter group – Small 29.0–31.0, Medium 32.0”.
_GROUP = re.compile(
    rf"Filter{_MARK}Groups?{_MARK}(?:and{_MARK}Versions?{_MARK})?(?:[:=–—-]|is){_MARK}(?P<rest>(?:Small|Medium|Big|Large)(?![A-Za-z])[^\n]{{0,200}})",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"(?:[Vv]alues?\s+(?:are|is)\s+from|[Rr]ange\s+is|to\s+return(?:,?\s+from)?|[Mm]ust\s+be\s+(?:from|between)|from|[Ii]nteger)\s+`?(-?[\d,]+)`?"
    r"\s{0,3}(?:through|to|and|–|—)\s{0,3}`?(-?[\d,]+)`?"
)
_DEFAULT = re.compile(
    r"(?:\b[Dd]efault(?:\s+value|\s+size|\s+number\s+of\s+\w+)?\s+is\s+|\bdefaults\s+to\s+)"
    r"(?:`(?!null`)([A-Za-z_]\w*|-?\d[\d,]*(?:\.\d+)?)`|(-?\d[\d,]*(?:\.\d+)?|true|false)(?=[.,;)\s]|$))"
)
_UNSET = re.compile(
    r"^(?:if|when|where|unless)\b(?:[^.]*\b(?:unspecified|omitted|unset|absent|missing|no\s+value)\b"
    r"|\s+(?:you\s+(?:don['’]t|do\s+not)\s+(?:specify|provide|set)|(?:it['’]?s|it\s+is|a\s+value\s+is|this\s+\w+\s+is|none\s+is|not)?\s*"
    r"(?:n['’]t|not)?\s*(?:specified|provided|set)))",
    re.IGNORECASE,
)
_METHODS = re.compile(r"\b([Rr]equired|[Oo]ptional)\s+for\s+`?(POST|PATCH|PUT)`?(?:\s+and\s+`?(POST|PATCH|PUT)`?)?\b")
_ONE_OF_THEM = re.compile(
    r"\b(?:[Aa]t\s+least\s+one|[Oo]ne)\s+(?:of\s+(?:the|these)\s+)?(?:property|properties|parameters?|fields?|values?)\s+(?:is|are)\s+required"
    r"(?:\s+for\s+`?(POST|PATCH|PUT)`?)?"
)
_REQUIRED_IF = re.compile(
    r"(?:^|[.\n]\s{0,3})[*_]{0,2}Required\s+(?:if|when|unless|only\s+(?:if|when))\b", re.MULTILINE
)


@dataclass(slots=True)
class Statements:
    """What a description states beside its prose.

    Attributes:
        since, until: versions as whole numbers.
        unread: a statement of versions that could not be understood.
        group: filter group, or several with versions.
        minimum, maximum, default: of a value.
        required_for: methods for which a value is said to be required.
        optional_for: methods for which it is said to be optional.
        conditional_for: methods for which it is required in some cases; `""` where no method is named.
    """

    since: int | None = None
    until: int | None = None
    unread: str | None = None
    group: Any = None
    minimum: int | None = None
    maximum: int | None = None
    default: str | None = None
    required_for: list[str] = field(default_factory=list[str])
    optional_for: list[str] = field(default_factory=list[str])
    conditional_for: list[str] = field(default_factory=list[str])


@lru_cache(maxsize=8192)
def statements_in(description: str) -> Statements:
    """Read a description; what is returned is shared, so that nobody changes it.

    Args:
        description: Markdown, as the file has it.
    """
    told = Statements()
    if not description:
        return told
    versions = versions_in(description)
    told.since, told.until, told.unread = (versions.since, versions.until, versions.unread)
    if found := _GROUP.search(description):
        told.group = _group(found["rest"])
    if found := _BETWEEN.search(description):
        lowest, highest = (int(number.replace(",", "")) for number in found.groups())
        if lowest < highest:
            told.minimum, told.maximum = lowest, highest
    told.default = _default(description)
    for found in _METHODS.finditer(_ONE_OF_THEM.sub("", description)):
        methods = told.required_for if found[1].lower() == "required" else told.optional_for
        methods += [method for method in found.groups()[1:] if method and method not in methods]
    if found := _ONE_OF_THEM.search(description):
        told.conditional_for.append(found[1] or "")
    elif _REQUIRED_IF.search(description):
        told.conditional_for.append("")
    return told


def _group(text: str) -> Any:
    """One group, or a list where it changed over the versions."""
    groups = filter_groups(text.split("Available")[0])
    if len({name for name, _, _ in groups}) < 2 or any(since is None for _, since, _ in groups):
        return groups[0][0]
    ranged = [{"value": name, "since": since, "until": until} for name, since, until in groups]
    return [
        {key: float(value) if isinstance(value, int) else value for key, value in group.items() if value is not None}
        for group in ranged
    ]


def _default(description: str) -> str | None:
    """The default that holds whenever nothing is sent; one that holds only in some cases is none."""
    sentences = re.split(
        r"(?<=[.!?])\s+(?=[A-Z`])|\n\s*\n", " ".join(description.split()) if "\n\n" not in description else description
    )
    for sentence in sentences:
        plain = " ".join(sentence.split())
        found = _DEFAULT.search(plain)
        if found is None:
            continue
        before = plain[: found.start()]
        condition = re.search(r"\b(?:[Ii]f|[Ww]hen|[Ww]here|[Uu]nless|[Ff]or|[Ii]n\s+(?:API\s+)?versions?)\b", before)
        if condition is None or _UNSET.match(before[condition.start() :]):
            return found[1] or found[2]
    return None
