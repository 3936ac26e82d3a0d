"""What a cell of a table says: a range of versions, a type, whether something is required, filter groups, values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connectgen.naming import type_name

FIRST_VERSION = 30.0
_RANGE = re.compile(r"(?:versions?\s*)?(\d+)[.,]0\s*(?:[-–—]|through)\s*(\d+)[.,]0", re.IGNORECASE)
_ONLY = re.compile(r"(\d+)[.,]0\s+only", re.IGNORECASE)
_PLAIN = re.compile(r"(?:(?:Small|Medium|Big),\s*)?(\d+)[.,]0?\b")
_GROUP = re.compile(r"(Small|Medium|Big),?\s*(\d+)[.,](?:0(?:\s*[-–—]\s*(\d+)[.,]0)?)?")
# one of several types, or a word for what is no type: `File SummaryGroup`, `A or B`, `Depends on type`
_SEVERAL = re.compile(r"[a-z]+ .*[a-z][A-Z]|[a-z][A-Z].* |\b[oO][rR]\b|^(?:One of|Depends|Various|Any |The type)")
_DEFAULT = re.compile(
    r"(?:(?:the|a) default(?: value)? is|defaults to|If unspecified, default is) ([A-Za-z0-9_]+)", re.IGNORECASE
)
_NUMBERS = {"zero": "0", "seven": "7"}
_BY_METHOD = re.compile(r"\b(?:creat|updat|add|post\b|put\b|patch\b)")
_TEXTS = frozenset(["String", "Id", "Date", "DateTime", "Url", "Decimal"])
_SCALARS: dict[str, frozenset[str]] = {
    "string": _TEXTS,
    "id": frozenset(["Id", "String"]),
    "boolean": frozenset(["Boolean"]),
    "integer": frozenset(["Integer", "Long"]),
    "long": frozenset(["Long"]),
    "double": frozenset(["Double"]),
    "decimal": frozenset(["Double", "Decimal"]),
    "date": frozenset(["Date", "DateTime"]),
    "datetime": frozenset(["DateTime"]),
    "object": frozenset(["Any", "map<Any>"]),
    "sobject": frozenset(["Any", "map<Any>"]),
    "enum": frozenset(["String"]),
    "connecturi": frozenset(["Url"]),
    "connect url": frozenset(["Url"]),
}


@dataclass(frozen=True)
class Range:
    """Versions from one to another; None at an end that is open or older than the catalogue."""

    since: float | None
    until: float | None

    @property
    def ended_before_the_first(self) -> bool:
        """Whether nothing of it is left in the catalogue's versions."""
        return self.until is not None and self.until < FIRST_VERSION

    def __str__(self) -> str:
        return f"{self.since or 'ever'}–{self.until or ''}"


def version_range(cell: str) -> Range | None:
    """The versions that a cell names first; None where it names none."""
    for pattern, is_range in ((_RANGE, True), (_ONLY, False)):
        if match := pattern.match(cell):
            return clipped(float(match[1]), float(match[2] if is_range else match[1]))
    match = _PLAIN.match(cell)
    return clipped(float(match[1]), None) if match else None


def clipped(since: float | None, until: float | None) -> Range:
    """A range without what is older than the catalogue."""
    return Range(since if since is not None and since > FIRST_VERSION else None, until)


def filter_groups(cell: str) -> list[tuple[str, Range]]:
    """The filter groups that a cell names, with their versions; one without an end gives way to the next."""
    named = [(match[1], float(match[2]), float(match[3]) if match[3] else None) for match in _GROUP.finditer(cell)]
    found: list[tuple[str, Range]] = []
    for name, since, until in named:
        later = [begins for _, begins, _ in named if begins > since]
        found.append((name, clipped(since, min(later) - 1 if until is None and later else until)))
    return found


def required(cell: str) -> set[str] | None:
    """How a catalogue may say it: `yes`, `no`, `some` (by method or on a condition); None where the cell is unclear."""
    text = cell.strip().rstrip(".").lower()
    if text == "required":
        return {"yes"}
    if text == "optional":
        return {"no"}
    if re.match(r"(?:required|optional)\b.*\b(?:required|optional|if|when|for|unless|with|don.t)\b", text):
        return {"yes", "some", "no"} if _BY_METHOD.search(text) else {"some", "no"} if text[0] == "o" else {"some"}
    return None


def how_required(fact: dict[str, Any], method: str) -> str:
    """How the catalogue says whether something is required, for an operation or for all: `yes`, `no` or `some`."""
    given = fact.get("required", False)
    if isinstance(given, dict):
        if not method:
            return "some"
        given = given.get(method, False)
    return "some" if given == "conditional" else "yes" if given else "no"


def type_agrees(cell: str, given: str, linked: dict[str, str]) -> bool | None:
    """Whether a type of the catalogue is what a cell says; None where the cell is no plain type.

    `linked` are the types of the pages that the page links to, by the words of the link.
    """
    text = re.sub(r"^ConnectApi\.", "", cell.strip()).rstrip(".")
    if text in ("List", "Collection"):
        return given.startswith("list<")
    if linked.get(text) == given:
        return True
    if text.endswith("[]"):
        return given.startswith("list<") and type_agrees(text[:-2], given[5:-1], linked) is not False
    if match := re.fullmatch(r"List<(.*)>", text):
        return given.startswith("list<") and type_agrees(match[1], given[5:-1], linked) is not False
    if match := re.fullmatch(r"Map<String, ?(.*?)>+", text):
        return given.startswith("map<") and type_agrees(match[1], given[4:-1], linked) is not False
    if text.lower() in _SCALARS:
        return given in _SCALARS[text.lower()]
    if text.endswith(" Enum"):
        return given == "String"
    if _SEVERAL.search(text) or not re.fullmatch(r"[A-Z][\w:,’'. -]*", text):
        return None
    if given.startswith(("list<", "map<")):
        return False
    wanted = _stem(type_name(text, is_input=False))
    # a page may leave out the family: Metric Field for Engagement Signal Metric Field
    return any(_stem(option.strip()).endswith(wanted) for option in given.split("|"))


def _stem(name: str) -> str:
    """A type's name without what pages use at random: capitals, plural, and what it is a representation of."""
    return re.sub(r"s?(?:input|output|representation)*s?$", "", name.lower())


def values(description: str) -> Iterator[str]:
    """The glued words that a description ends its list of values with: `Values are:AllEventTask`."""
    match = re.search(r"\bvalues(?: are)?:\s*([A-Za-z0-9_]+)$", description, re.IGNORECASE)
    if match:
        yield match[1]


def explained_values(description: str) -> list[str]:
    """The values that a description lists with an explanation each: `Values are:All—Everything.Own—What is yours.`."""
    match = re.search(r"\bvalues(?: are)?:(.*)", description, re.IGNORECASE)
    return re.findall(r"(?:^|[^\w\s])\s*([A-Z]\w+)\s?[—–]", match[1]) if match else []


def default(description: str) -> str | None:
    """The value that is taken where none is given, where a description names one."""
    match = _DEFAULT.search(description)
    word = match[1] if match else "the"
    return None if word in ("the", "determined", "one") else _NUMBERS.get(word, word)


def limits(description: str) -> tuple[int, int] | None:
    """The smallest and largest number that a description allows."""
    match = re.search(r"[Vv]alid values are (?:from|between) ([\d,]+) (?:through|and|to) ([\d,]+)", description)
    if match is None:
        return None
    none_too = re.search(r"pass in 0|default size is 0", description)  # said beside the range
    return (0 if none_too else int(match[1].replace(",", "")), int(match[2].replace(",", "")))
