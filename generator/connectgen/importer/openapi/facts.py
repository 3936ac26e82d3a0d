"""Reads what is beside a schema's shape: versions, limits, defaults and known values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from connectgen.catalogue.yaml_reader import LineDict
from connectgen.importer.openapi.availability import Statements, statements_in
from connectgen.importer.openapi.document import Document, is_array, is_object
from connectgen.importer.yaml_files import Plain

OLDEST_VERSION = 20
"""No Connect REST API is older."""
_PROSE = re.compile(r"\s{1,3}[-–—:]\s.*", re.DOTALL)
_NUMERIC = frozenset(["Integer", "Long", "Double"])


class Facts:
    """Reads facts of one file.

    Args:
        document: the file.
        newest: the newest version that the catalogue has, or is about to get.
        version: the version that the file describes: nothing later than it is taken.
        remark: called with remarks.
    """

    def __init__(self, document: Document, newest: int, version: int, remark: Callable[[str, str], None]) -> None:
        self._document = document
        self._newest = newest
        self._version = version
        self._remark = remark
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
        """Known values, default and limits of a value of a type."""
        fact: Plain = {}
        values = known_values(schema)
        if not values and is_object(schema.get("items")):
            values = known_values(self._document.resolved(schema["items"], schema["items"].line)[0])
        if values and type_text in ("String", "list<String>"):
            fact["values"] = values
        told = self.statements_of(schema)
        default = schema.get("default")
        if default is None and told.default is not None:
            default = _typed(told.default, type_text)
        if _fits(default, type_text):
            fact["default"] = default
        if type_text in _NUMERIC:
            fact |= self._numeric(schema, told)
        if type_text == "String" and isinstance(schema.get("maxLength"), int):
            fact["max_length"] = schema["maxLength"]
        if type_text.startswith("list<") and isinstance(schema.get("maxItems"), int):
            fact["max_items"] = schema["maxItems"]
        return fact

    @staticmethod
    def _numeric(schema: LineDict, told: Statements) -> Plain:
        fact: Plain = {}
        for key, own in (("minimum", told.minimum), ("maximum", told.maximum)):
            value = schema.get(key, own)
            if isinstance(value, int | float) and not isinstance(value, bool):
                fact[key] = value
        return fact


def known_values(schema: LineDict) -> list[str]:
    """The values that a schema lists, without the prose that some files put behind them."""
    written = schema.get("enum", schema.get("x-extensible-enum"))
    values = written if is_array(written) else constants(schema)
    texts = [_PROSE.sub("", value) if len(value) > 40 else value for value in values if isinstance(value, str)]
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
