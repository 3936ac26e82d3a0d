"""Reads YAML into plain values that know their lines; refuses what the catalogue's dialect leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import Location

MAX_DEPTH = 20
"""Deeper nesting than this is no catalogue."""


class LineDict(dict[str, Any]):
    """A mapping that knows the line of each key."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """The line of a key, or of the mapping where it lacks the key."""
        return self.lines.get(key, self.line)


class LineList(list[Any]):
    """A list that knows the line of each item."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


class _RefusedError(Exception):
    def __init__(self, line: int, message: str, remedy: str) -> None:
        self.line, self.message, self.remedy = line, message, remedy


_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_TRUE_FALSE = {"true": True, "false": False}
_AMBIGUOUS = {"yes", "no", "on", "off", "y", "n", "null", "~", ""}
_ODD_NUMBER = re.compile(r"[-+.]?[0-9][0-9a-fA-FxXoO_:.,eE+-]*")


def read_yaml(path: Path, name: str) -> tuple[Any, list[Fault]]:
    """Read one file.

    Args:
        path: the file.
        name: how faults call it.

    Returns:
        The value (mappings are `LineDict`, lists `LineList`) or None, and the faults found.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
    except OSError as error:
        return None, [Fault(Location(name, 1), f"cannot be read ({error.strerror})", "make it a readable file")]
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return None, [Fault(Location(name, line), "is not UTF-8", "save the file as UTF-8")]
    try:
        return _Builder(text).build(), []
    except _RefusedError as refused:
        return None, [Fault(Location(name, refused.line), refused.message, refused.remedy)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        message, remedy = (
            f"YAML cannot be read: {error.problem or error.context}",
            "check indentation, quotes and colons",
        )
        if mark and "\t" in _indentation(text, mark.line):
            message, remedy = "YAML cannot be read: a tab stands in the indentation", "indent with spaces"
        return None, [Fault(Location(name, line), message, remedy)]
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        return None, [
            Fault(Location(name, line), "holds a character that YAML forbids", "remove the control character")
        ]


def _indentation(text: str, line: int) -> str:
    """The blanks before what stands in a line, counted from 0."""
    whole = (text.split("\n") + [""] * (line + 1))[line]
    return whole[: len(whole) - len(whole.lstrip())]


class _Builder:
    """Turns the parser's events into values."""

    def __init__(self, text: str) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=loader))
        self._depth = 0

    def build(self) -> Any:
        next(self._events)  # stream start
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            raise _RefusedError(1, "the file is empty", "write the key that its schema asks for, or delete the file")
        value = self._value(next(self._events))
        next(self._events)  # document end
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise _RefusedError(event.start_mark.line + 1, "a second YAML document begins", "keep one document a file")
        return value

    def _value(self, event: Any) -> Any:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _RefusedError(line, "anchors and aliases are not used here", "write the value out")
        if event.tag is not None:
            raise _RefusedError(line, f"the tag {event.tag} is not used here", "remove the tag")
        if isinstance(event, yaml.ScalarEvent):
            return event.value if event.style in ("'", '"', "|", ">") else _plain(event.value, line)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _RefusedError(line, f"nested deeper than {MAX_DEPTH} levels", "flatten it")
        value = self._mapping(line) if isinstance(event, yaml.MappingStartEvent) else self._sequence(line)
        self._depth -= 1
        return value

    def _mapping(self, line: int) -> LineDict:
        mapping = LineDict(line)
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key_line = event.start_mark.line + 1
            key = event.value if isinstance(event, yaml.ScalarEvent) else None
            if key is None:
                raise _RefusedError(key_line, "a key is not plain text", "use a name as key")
            if event.anchor is not None or event.tag is not None:
                raise _RefusedError(key_line, f"the key {key!r} has an anchor or a tag", "remove it")
            if key in mapping:
                remedy = f"keep one of them; the first is in line {mapping.lines[key]}"
                raise _RefusedError(key_line, f"the key {key!r} stands twice", remedy)
            mapping.lines[key] = key_line
            mapping[key] = self._value(next(self._events))
        return mapping

    def _sequence(self, line: int) -> LineList:
        sequence = LineList(line)
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            sequence.lines.append(event.start_mark.line + 1)
            sequence.append(self._value(event))
        return sequence


def _plain(text: str, line: int) -> str | int | float | bool:
    """A scalar without quotes. Spellings that YAML 1.1 and 1.2 read differently are refused rather than guessed."""
    lower = text.lower()
    if lower in _TRUE_FALSE and text in ("true", "false"):
        return _TRUE_FALSE[text]
    if lower in _AMBIGUOUS or lower in _TRUE_FALSE:
        shown = f"the value {text!r} means different things to different readers" if text else "a value is missing"
        raise _RefusedError(
            line, shown, "write true or false, or put it in quotes" if text else "write the value, or remove the key"
        )
    if _NUMBER.fullmatch(text) and not (len(text) > 1 and text[0] == "0" and text[1] != "."):
        return float(text) if "." in text else int(text)
    if _ODD_NUMBER.fullmatch(text):
        raise _RefusedError(line, f"the value {text!r} looks like a number or a date", "put it in quotes")
    return text
