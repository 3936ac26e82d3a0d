"""Reads since when and until when something exists from prose, in every spelling that the vendor's sources use."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = r"[*_`~\s]{0,12}"  # never more: what is unbounded twice in a row takes long on a hostile text
_SEASONS = {"spring": 0, "summer": 1, "winter": 2}
# “62.0”, “v62.0”, “62”, “62,0”, “Winter '25”, “Winter ’25 (62.0)”, “Winter 2025”.
_RELEASE = r"(?:Winter|Spring|Summer)\s{0,3}['’‘]?(?:20)?\d\d\b"
_VERSION = rf"(?:(?:API\s+)?(?:versions?\s+)?v?\.?\s?\d{{1,4}}(?:[.,]\d{{0,2}})?(?![\d%])|{_RELEASE})"
_DASH = r"\s{0,3}(?:–|—|-|‑|to|through|thru|until|up\s+to|and\s+up\s+to)\s{1,3}|\s{0,3}[–—‑-]\s{0,3}"
_NOTE = r"(?:\s{0,3}\([^()\n]{0,40}\))?"
_SPAN = re.compile(
    rf"(?P<since>{_VERSION}){_NOTE}(?:(?:{_DASH})(?:and\s+including\s+)?(?P<until>{_VERSION})|\s{{1,3}}(?P<tail>only|and\s+earlier|"
    rf"or\s+earlier|and\s+before))?",
    re.IGNORECASE,
)
_JOINT = r"(?:in|since|from|as\s+of|starting\s+(?:in|with|from|at)|beginning\s+(?:in|with)|with)"
# A statement of its own: “**Available Version:** 60.0”, also misspelt or marked in part, “_Available in: v62.0_”,
# “Availability: 62.0”, “Introduced in 62.0”, “Available in API version 60.0 and later”.
_STATEMENT = re.compile(
    rf"(?:\*\*|__|^|[.>;:)]\s|\(|\n){_MARK}(?:"
    rf"(?P<label>Avail\w{{0,12}}ble{_MARK}(?:API{_MARK})?Versions?|Availability|Available{_MARK}(?:in|since|from){_MARK}:|(?:API\s)?Versions?{_MARK}:)"
    rf"{_MARK}[:=–—-]?{_MARK}"
    rf"|(?:Avail\w{{0,12}}ble|Introduced|Added|New){_MARK}(?P<only>only\s+)?{_JOINT}{_MARK}(?:the\s+)?:?{_MARK})"
    r"(?P<rest>[^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_THIS = (
    r"(?:this|the)\s+(?:(?:request|response)\s+)?"
    r"(?:resource|parameter|property|value|body|field|operation|method|endpoint|feature|header|type)"
)
_SENTENCE = re.compile(
    rf"\b{_THIS}\s+(?:is|was|are)\s+(?:only\s+)?(?:available|supported)\s+(?:only\s+)?{_JOINT}\s+(?P<rest>[^\n.]{{0,60}}(?:\.\d)?[^\n.]{{0,30}})",
    re.IGNORECASE,
)
_NOT = r"(?:isn't|isn’t|is\s+not|is\s+no\s+longer|aren't|aren’t|are\s+not|are\s+no\s+longer)"
_ENDS = (
    re.compile(
        rf"\b(?:In|As\s+of|Starting\s+(?:in|with)|Since|From)\s+(?P<first>{_VERSION})(?:\s+and\s+(?:later|above|after|higher)|\s+onwards?)?,\s+"
        rf"{_THIS}\s+{_NOT}\s+(?:available|supported)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:not|no\s+longer|isn't|isn’t)\s+(?:available|supported)\s+(?:in|from|since|as\s+of|starting\s+(?:in|with))\s+(?:the\s+)?"
        rf"(?P<first>{_VERSION})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:removed|retired|discontinued)\s+(?:in|from|since|as\s+of|starting\s+(?:in|with)|with)\s+(?:the\s+)?(?P<first>{_VERSION})",
        re.IGNORECASE,
    ),
)
_LASTS = (
    re.compile(rf"\bAvailable\s+(?:only\s+)?(?:through|until|up\s+to)\s+(?P<last>{_VERSION})", re.IGNORECASE),
    re.compile(
        rf"\b(?:not|isn't|isn’t|no\s+longer)\s+(?:available|supported)\s+after\s+(?P<last>{_VERSION})", re.IGNORECASE
    ),
    re.compile(rf"\b(?:removed|retired|ended)\s+after\s+(?P<last>{_VERSION})", re.IGNORECASE),
)


@dataclass(slots=True)
class Versions:
    """What a text says of versions.

    Attributes:
        since, until: versions as whole numbers.
        unread: a statement of versions that could not be understood.
    """

    since: int | None = None
    until: int | None = None
    unread: str | None = None


def versions_in(text: str) -> Versions:
    """Read a description.

    Args:
        text: Markdown, as the file has it.
    """
    found = Versions()
    for statement in _STATEMENT.finditer(text):
        if _take(statement, found):
            break
        if statement["label"] and found.unread is None and not re.match(r"(?:status|of\b)", statement["rest"]):
            found.unread = statement["rest"].strip(" *_`")[:60] or "nothing"
    if found.since is None and found.until is None:
        for sentence in _SENTENCE.finditer(text):
            only = "only" in sentence[0].lower()
            if _take(sentence, found, only=only):
                break
    if found.since is not None:
        found.unread = None
    _end(text, found)
    return found


def version_of(text: str) -> int | None:
    """A version as a whole number: of “62.0”, “v62” or “Winter '25”."""
    if named := re.search(r"(Winter|Spring|Summer)\s{0,3}['’‘]?(?:20)?(\d\d)\b", text, re.IGNORECASE):
        season, year = _SEASONS[named[1].lower()], int(named[2])
        return 30 + (year - 14) * 3 + season - (3 if season == 2 else 0)
    number = re.search(r"\d{1,4}", text)
    return int(number[0]) if number else None


def _take(statement: re.Match[str], found: Versions, *, only: bool = False) -> bool:
    span = _SPAN.match(statement["rest"].lstrip(" *_`"))
    if span is None:
        return False
    first, last = version_of(span["since"]), (version_of(span["until"]) if span["until"] else None)
    tail = (span["tail"] or "").lower()
    only = only or tail == "only" or bool("only" in statement.re.groupindex and statement["only"])
    if tail.endswith(("earlier", "before")):
        first, last = None, first
    found.since, found.until = first, first if only and last is None else last
    return True


def _end(text: str, found: Versions) -> None:
    for pattern in _ENDS:
        if found.until is None and (ended := pattern.search(text)):
            first = version_of(ended["first"])
            found.until = None if first is None else first - 1
    for pattern in _LASTS:
        if found.until is None and (ended := pattern.search(text)):
            found.until = version_of(ended["last"])
