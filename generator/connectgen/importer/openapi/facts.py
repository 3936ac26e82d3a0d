"""Reads what is beside a schema's shape: versions, limits, defaults and known values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from connectgen.catalogue.yaml_reader import LineDict
from connectgen.importer.openapi.availability import Statements, statements_in
from connectgen.importer.openapi.document import Document, is_array, is_object
from connectgen.importer.openapi.leftovers import Leftovers
from connectgen.importer.yaml_files import Plain

OLDEST_VERSION = 20
"""No Connect REST API is older."""
_PROSE = re.compile(r"\s{1,3}[-–—:]\s.*", re.DOTALL)
_NUMERIC = frozenset(["Integer", "Long", "Double"])
_LISTS_OF_TEXTS = ("String", "list<String>")
_OF_VALUE = ("default", "minimum", "maximum", "maxLength", "maxItems")
_MISFIT = {
    "default": "the catalogue keeps a text, a number or a boolean of the value's own type",
    "minimum": "a limit of numbers that are of the value's size",
    "maximum": "a limit of numbers that are of the value's size",
    "maxLength": "a limit of a String that its known values keep",
    "maxItems": "a limit of a list with at least one item",
}
"""Why a field of a schema is left out where it does not fit the type."""
_UNKNOWN = "it is none of the values that are listed"


class Facts:
    """Reads facts of one file.

    Args:
        document: the file.
        newest: the newest version that the catalogue has, or is about to get.
        version: the version that the file describes: nothing later than it is taken.
        remark: called with remarks.
        left: collects what is left out.
    """

    def __init__(
        self, document: Document, newest: int, version: int, remark: Callable[[str, str], None], left: Leftovers
    ) -> None:
        self._document = document
        self._newest = newest
        self._version = version
        self._remark = remark
        self._left = left
        self.still_to_come: list[int] = []
        """Lines of what comes with a version after the file's."""

    def statements_of(self, owner: LineDict) -> Statements:
        """What the description of something says."""
        return statements_in(self._document.text_at(owner, "description"))

    def versions(self, owner: LineDict) -> Plain | None:
        """Since when and until when something exists.

        Returns:
            The keys `since` and `until`, as far as they are known; None for what comes with a later version.

        Raises:
            SourceError: a version that does not exist.
        """
        told = self.statements_of(owner)
        line = owner.line_of("description")
        since = self._number(owner, "x-since", told.since)
        until = self._number(owner, "x-until", told.until)
        if told.unread is not None and since is None:
            self._remark(f"line {line}", f"“{told.unread}” names no version that could be read")
        for version in (since, until):
            if version is not None and version < OLDEST_VERSION:
                message = f"names the version {version}.0, which no Connect REST API has"
                raise self._document.error(line, message, "correct it")
            if version is not None and version > self._newest + 1:
                raise self._document.error(
                    line,
                    f"names the version {version}.0, but the catalogue has no later one than {self._newest}.0",
                    f"correct it, or give --release {self._newest + 1}.0 where that version is out",
                )
        if since is not None and since > self._version:
            self.still_to_come.append(line)
            return None
        found: Plain = {}
        if since is not None:
            found["since"] = float(since)
        if until is not None and until <= self._version:
            found["until"] = float(until)
        if since is not None and until is not None and until < since:
            raise self._document.error(line, f"ends with {until}.0, before it begins with {since}.0", "correct it")
        return found

    def _number(self, owner: LineDict, key: str, told: int | None) -> int | None:
        written = owner.get(key)
        if written is None:
            return told
        if not re.fullmatch(r"[1-9][0-9]{1,2}(?:\.0)?", str(written)):
            raise self._document.error(owner.line_of(key), f"{key} is no version: {str(written)[:40]!r}", "write 67.0")
        return int(float(str(written)))

    @staticmethod
    def extension(owner: LineDict, key: str) -> str | None:
        """The text of an extension."""
        value = owner.get(key)
        return value if isinstance(value, str) else None

    def limits(self, schema: LineDict, type_text: str) -> Plain:
        """Known values, default and limits of a value of a type; what does not fit the type is noted as left out."""
        fact = self._values(schema, type_text)
        told = self.statements_of(schema)
        default = schema.get("default")
        if default is None and told.default is not None:
            default = _typed(told.default, type_text)
        if _fits(default, type_text) and default in fact.get("values", [default]):
            fact["default"] = default
        if type_text in _NUMERIC:
            fact |= self._numeric(schema, told, type_text)
        longest = max(map(len, fact.get("values", ())), default=0)
        if type_text == "String" and _is_count(schema.get("maxLength")) and schema["maxLength"] >= longest:
            fact["max_length"] = schema["maxLength"]
        if type_text.startswith("list<") and _is_count(schema.get("maxItems")):
            fact["max_items"] = schema["maxItems"]
        for field in _OF_VALUE:
            if schema.get(field) is not None and _KEYS.get(field, field) not in fact:
                is_odd = field == "default" and _fits(default, type_text)
                self._left.note(f"schema {field}", _UNKNOWN if is_odd else _MISFIT[field], schema.line_of(field))
        self._inside(schema)
        return fact

    def _values(self, schema: LineDict, type_text: str) -> Plain:
        """The known values of a value, of its items, or of the alternatives that are texts."""
        holders = [schema]
        if is_object(schema.get("items")):
            holders.append(self._document.resolved(schema["items"], schema["items"].line)[0])
        options = [option for option in alternatives(schema) if is_object(option)]
        holders += [self._document.resolved(option, option.line)[0] for option in options]
        found: dict[str, None] = {}
        for holder in holders:
            values = known_values(holder)
            if values and type_text in _LISTS_OF_TEXTS:
                found |= dict.fromkeys(values)
            elif values:
                self._left.note("schema enum", "values are kept of a String and of a list of them", holder.line)
            self._odd_values(holder)
        return {"values": list(found)} if found else {}

    def _odd_values(self, holder: LineDict) -> None:
        written = _enumerated(holder)
        line = holder.line_of("enum")
        others = [value for value in written if value is not None and text_of(value) is None]
        if others:
            self._left.note("schema enum", "only texts can be known values", line)
        if any(isinstance(value, str) and not value.strip() for value in written):
            self._left.note("schema enum", "an empty text is no known value", line)
        for value in written:
            if isinstance(value, str) and len(value) > _LONG and _PROSE.search(value):
                own = _PROSE.sub("", value)[:_LONG]
                self._remark(f"line {line}", f"the value {own!r} is before prose, which is no part of it")

    def _inside(self, schema: LineDict) -> None:
        """Note limits of a list's items and of a map's values: the catalogue has those of the whole value."""
        for field in ("items", "additionalProperties"):
            inner = schema.get(field)
            if not is_object(inner):
                continue
            target = self._document.resolved(inner, inner.line)[0]
            for own in _OF_VALUE:
                if target.get(own) is not None and "properties" not in target:
                    reason = f"inside of {field}: only whole values have it"
                    self._left.note(f"schema {own}", reason, target.line_of(own))
            if field == "additionalProperties" and known_values(target):
                self._left.note("schema enum", "values are kept of a String and of a list of them", target.line)

    @staticmethod
    def _numeric(schema: LineDict, told: Statements, type_text: str) -> Plain:
        fact: Plain = {}
        for key, own in (("minimum", told.minimum), ("maximum", told.maximum)):
            value = schema.get(key, own)
            if isinstance(value, int | float) and not isinstance(value, bool) and _reaches(type_text, value):
                fact[key] = value
        return fact


_KEYS = {"maxLength": "max_length", "maxItems": "max_items"}
_LONG = 40
"""A value longer than this may have prose behind it."""


_BITS = {"Integer": 32, "Long": 64}


def _reaches(type_text: str, value: float) -> bool:
    """Whether a number is one that a type may have."""
    bits = _BITS.get(type_text)
    return bits is None or -(2 ** (bits - 1)) <= value <= 2 ** (bits - 1) - 1


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _enumerated(schema: LineDict) -> list[Any]:
    """The values of a schema as the file has them."""
    written = schema.get("enum", schema.get("x-extensible-enum"))
    return list(written) if is_array(written) else constants(schema)


def text_of(value: Any) -> str | None:
    """A known value as a text: that of a whole number or a boolean too, which YAML makes of what has no quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else None


def alternatives(schema: LineDict) -> list[Any]:
    """The alternatives of a schema, but for null."""
    options = schema.get("oneOf", schema.get("anyOf"))
    written = options if is_array(options) else ()
    return [option for option in written if not (is_object(option) and option.get("type") == "null")]


def known_values(schema: LineDict) -> list[str]:
    """The values that a schema lists, without the prose that some files put behind them."""
    found = [value if isinstance(value, str) else text_of(value) for value in _enumerated(schema)]
    texts = [_PROSE.sub("", text) if len(text) > _LONG else text for text in found if text is not None]
    return [text for text in dict.fromkeys(text.strip() for text in texts) if text and text != "[object Object]"]


def constants(schema: LineDict) -> list[Any]:
    """The values of a schema that is a constant, or one of several; none where it is anything else."""
    if "const" in schema:
        return [schema["const"]]
    options = schema.get("oneOf", schema.get("anyOf"))
    if not is_array(options) or "properties" in schema:
        return []
    living = [option for option in options if not (is_object(option) and option.get("type") == "null")]
    found = [option["const"] for option in living if is_object(option) and "const" in option]
    return found if len(found) == len(living) else []


def _typed(text: str, type_text: str) -> Any:
    """A default from prose, as a value of the type; None where it is none."""
    plain = text.replace(",", "")
    if type_text in ("Integer", "Long") and re.fullmatch(r"-?\d+", plain):
        return int(plain)
    if type_text == "Double" and re.fullmatch(r"-?\d+(?:\.\d+)?", plain):
        return float(plain)
    if type_text == "Boolean" and plain in ("true", "false"):
        return plain == "true"
    return text if type_text == "String" else None


def _fits(value: Any, type_text: str) -> bool:
    if isinstance(value, bool):
        return type_text == "Boolean"
    if isinstance(value, int):
        return type_text in _NUMERIC
    if isinstance(value, float):
        return type_text == "Double"
    return isinstance(value, str) and type_text == "String"


_HOLDERS = {"list": "list", "array": "list", "map": "map"}


def holder_in(schema: LineDict, description: str) -> str | None:
    """`list` or `map` where the description says so of alternatives that are described without it."""
    if not ("oneOf" in schema or "anyOf" in schema) or "type" in schema:
        return None
    found = re.match(r"\s*(List|Array|Map)\s+of\b", description)
    return _HOLDERS[found[1].lower()] if found else None


def kind_of(values: list[Any]) -> str:
    """The type of constants, where all of them are of one."""
    kinds = {next((name for kind, name in _KINDS if isinstance(value, kind)), "Any") for value in values}
    return kinds.pop() if len(kinds) == 1 else "Any"


_KINDS = ((bool, "Boolean"), (int, "Integer"), (float, "Double"), (str, "String"))


def is_long(schema: LineDict) -> bool:
    """Whether a limit says that a whole number may need more than 32 bits."""
    limits = [schema.get("minimum"), schema.get("maximum")]
    return any(isinstance(limit, int | float) and not -(2**31) <= limit < 2**31 for limit in limits)
