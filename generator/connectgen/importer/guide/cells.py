"""Reads the cells of the guide's tables: versions, filter groups, types, required or not, listed values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from connectgen.importer.guide.page import LINK, clean
from connectgen.naming import type_name

_NUMBER = r"(\d{2})[.,]\d"
_RANGE = re.compile(_NUMBER + r"\s*(?:[–—-]|\bto\b|\bthrough\b)\s*" + _NUMBER)
_ONLY = re.compile(_NUMBER + r"\s*only", re.IGNORECASE)
_SINGLE = re.compile(_NUMBER)
_GROUP = re.compile(r"(Small|Medium|Big|Large)\s*,?\s*([^SMBL]*)", re.IGNORECASE)

_LIST_OF = re.compile(r"(?:A |An )?(?:[Ll]ist|[Aa]rray|[Cc]ollection) of ")

_SCALARS = {
    "string": "String",
    "str": "String",
    "text": "String",
    "enum": "String",
    "id": "Id",
    "boolean": "Boolean",
    "bool": "Boolean",
    "integer": "Integer",
    "int": "Integer",
    "long": "Long",
    "double": "Double",
    "number": "Double",
    "float": "Double",
    "decimal": "Decimal",
    "bigdecimal": "Decimal",
    "big decimal": "Decimal",
    "currency": "Double",
    "percent": "Double",
    "date": "DateTime",
    "datetime": "DateTime",
    "date time": "DateTime",
    "date/time": "DateTime",
    "iso8601 date": "DateTime",
    "url": "Url",
    "uri": "Url",
    "binary": "Binary",
    "blob": "Binary",
    "base64": "String",
    "object": "Any",
    "map": "map<Any>",
    "uuid": "String",
    "time": "String",
    "binary data": "Binary",
    "byte[]": "Binary",
    "short": "Integer",
    "timestamp": "DateTime",
    "email": "String",
    "phone": "String",
    "json": "Any",
    "any": "Any",
    "list": "list<Any>",
    "array": "list<Any>",
}


@lru_cache(maxsize=8_192)
def versions(text: str) -> tuple[int | None, int | None]:
    """`29.0–31.0` → (29, 31), `35.0 only` → (35, 35), `23.0` → (23, None)."""
    if match := _RANGE.search(text):
        return int(match[1]), int(match[2])
    if match := _ONLY.search(text):
        return int(match[1]), int(match[1])
    if match := _SINGLE.search(text):
        return int(match[1]), None
    return None, None


def filter_groups(text: str) -> list[tuple[str, int | None, int | None]]:
    """`Small 29.0–31.0Medium 32.0` → both groups with their versions."""
    return [*_filter_groups(text)]


@lru_cache(maxsize=8_192)
def _filter_groups(text: str) -> tuple[tuple[str, int | None, int | None], ...]:
    groups: list[tuple[str, int | None, int | None]] = []
    for match in _GROUP.finditer(text):
        name = match[1].capitalize()
        groups.append(("Big" if name == "Large" else name, *versions(match[2])))
    return tuple(groups)


class TypeReader:
    """Turns the guide's names of types into type expressions of the catalogue.

    Args:
        responses: normalised title → name of a response type.
        requests: the same of request types.
        ids: id of a page → name of the type that it describes.
    """

    def __init__(self, responses: Mapping[str, str], requests: Mapping[str, str], ids: Mapping[str, str]) -> None:
        self._known = {False: responses, True: requests}
        self._ids = ids

    def read(self, cell: str, *, is_input: bool) -> tuple[str, str | None]:
        """The type expression of a cell, and what is unsure about it. An unknown name gives `?Name`."""
        text = clean(cell).strip(" .")
        for title, name in LINK.findall(cell):
            if name in self._ids and self._ids[name].endswith("Input") == is_input:
                text = text.replace(clean(title), f"@{self._ids[name]}@")
        if match := _LIST_OF.match(text):
            text = f"{text[match.end() :]}[]"
        return self._expression(text, is_input), None

    def _expression(self, text: str, is_input: bool) -> str:
        text = text.strip()
        if not text:
            return "?"
        if match := re.fullmatch(r"(.+?)\s*\[\s*\]", text):
            return f"list<{self._expression(match[1], is_input)}>"
        if match := re.fullmatch(r"(?:List|Set|Array|Collection|list|array)\s*<\s*(.+?)\s*>", text):
            return f"list<{self._expression(match[1], is_input)}>"
        if match := re.fullmatch(r"[Mm]ap\s*<\s*(?:String|ID|Id)\s*,\s*(.+?)\s*>", text):
            return f"map<{self._expression(match[1], is_input)}>"
        if match := re.fullmatch(r"@(\w+)@", text):
            return match[1]
        if text.lower() in _SCALARS:
            return _SCALARS[text.lower()]
        if name := self.known(text, is_input=is_input):
            return name
        if text.endswith(" Enum"):
            return "String"
        first = re.match(r"(String|Integer|Boolean|Long|Double|ID|Id)\b", text)
        if first:
            return _SCALARS[first[1].lower()]
        parts = re.split(r",?\s+(?:or|OR)\s+|\s*\|\s*", text)
        if len(parts) > 1 and all(parts):
            return " | ".join(dict.fromkeys(self._expression(part, is_input) for part in parts))
        return "?" + type_name(text, is_input=is_input)

    def linked(self, title: str, page_id: str, *, is_input: bool) -> str | None:
        """The name of the type that a link leads to: by the page's id, else by the link's text."""
        found = self._ids.get(page_id)
        return found if found and found.endswith("Input") == is_input else self.known(title, is_input=is_input)

    def known(self, title: str, *, is_input: bool) -> str | None:
        """The name of the type of that title."""
        key = normal(title)
        titles = self._known[is_input]
        for candidate in (
            key,
            f"{key}input" if is_input else f"{key}output",
            key.removesuffix("output"),
            key.rstrip("s"),
        ):
            if candidate in titles:
                return titles[candidate]
        return None


def normal(title: str) -> str:
    """A title without case, spaces and punctuation."""
    return re.sub(r"[^a-z0-9]", "", title.lower())


@lru_cache(maxsize=8_192)
def required(cell: str) -> bool | str:
    """Whether a `Required or Optional` cell says required, optional, or sometimes one and sometimes the other."""
    text = clean(cell)
    if not text or re.match(r"(?i)(optional|no\b|false|not )", text):
        return "conditional" if re.search(r"Required\b", text) else False
    if re.fullmatch(r"(?i)(required|yes|true)\W*", text):
        return True
    return "conditional" if re.match(r"(?i)(required|yes)", text) else False


_VALUES = re.compile(
    r"(?:[Vv]alues are|[Oo]ne of (?:these|the following) values|[Vv]alid values are|[Pp]ossible values are)\s*:\s*(.*)"
)


def values(cell: str) -> list[str]:
    """The values that a description lists, where they are single words each with an explanation or run together."""
    match = _VALUES.search(clean(cell))
    if not match:
        return []
    text = match[1]
    if "—" in text:
        found = re.findall(r"(?:^|[.)a-z\]\"”])\s?([A-Z][A-Za-z0-9_]*)\s?—", text)
        return list(dict.fromkeys(found))
    text = text.split(".")[0].split(" ")[0]
    if re.fullmatch(r"[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)*", text):
        return []  # words run together: where one ends cannot be determined from capitals
    return []


def default(cell: str, expression: str) -> int | None:
    """The default number that a description states."""
    if expression not in ("Integer", "Long"):
        return None
    match = re.search(r"default (?:value |size |page size )?is (\d+)", clean(cell))
    return int(match[1]) if match else None


_BETWEEN = re.compile(r"(?i)\b(?:from|between) (\d+) (?:through|and|to) (\d[\d,]*)\b(?! (?:characters|items|IDs))")
_ITEMS = re.compile(r"(?i)\b(?:list of |specify |include |contain |pass )?up to (\d[\d,]*)\b(?! characters)")
_CHARACTERS = re.compile(
    r"(?i)(?:(?:up to|maximum (?:length )?(?:is|of)|limit(?: is| of)?|exceed) (\d[\d,]*) characters"
    r"|\b(\d[\d,]*)[ -]characters? (?:limit|maximum|max))"
)


def limits(cell: str, expression: str) -> dict[str, int]:
    """The limits that a description states: of a number its range, of a list its items, of a string its characters."""
    text = clean(cell)
    if expression in ("Integer", "Long", "Double"):
        match = _BETWEEN.search(text)
        if not match:
            return {}
        # Zero has a meaning of its own on some pages, beside the range that they state.
        zero = re.search(r"(?i)\b(?:pass in|default (?:size|value) is) 0\b", text)
        return {"minimum": 0 if zero else _whole(match[1]), "maximum": _whole(match[2])}
    if expression.startswith("list<"):
        match = _ITEMS.search(text)
        # Two numbers for two cases (by owner, by protocol) are no limit of the list.
        certain = match and not re.match(r"[^.]*\bor \d|.*HTTP/1", text[match.end() :])
        return {"max_items": _whole(match[1])} if match and certain else {}
    if expression == "String":
        match = _CHARACTERS.search(text)
        return {"max_length": _whole(match[1] or match[2])} if match else {}
    return {}


def _whole(text: str) -> int:
    return int(text.rstrip(",").replace(",", ""))
