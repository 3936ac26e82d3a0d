"""Reads YAML into plain values that know their lines; refuses what the catalogue's dialect leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import yaml

from connectgen.catalogue.faults import Fault, quoted
from connectgen.catalogue.model import Location
from connectgen.catalogue.yaml_errors import conflict_line, explain

MAX_DEPTH = 20
"""Deeper nesting than this is no catalogue."""
MAX_KEY = 200
"""Characters of the longest key: no name of an API is longer."""
MAX_DIGITS = 25
"""Characters of the longest number: 64 bits have 20 digits."""


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


class RefusedError(Exception):
    """The content of a line is refused; says why, and what to do."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        self.line, self.message, self.remedy = line, message, remedy


_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_TRUE_FALSE = {"true": True, "false": False}
_AMBIGUOUS = {"yes", "no", "on", "off", "y", "n", "null", "~", ""}
_UNKNOWN = 0
_QUOTED = ("'", '"', "|", ">")
_KEY_THAT_OPENS = re.compile(r"([A-Za-z_$@][\w.$@-]*)( |:)[\[{]")
_COLON_OR_EQUALS = re.compile(r"([A-Za-z_]+)[:=]([^:=\s]+)")
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
    marker = conflict_line(text)
    if marker is not None:
        return None, [Fault(Location(name, marker), "a marker of a merge conflict is left", "resolve the conflict")]
    try:
        value = _Builder(text, MAX_DEPTH).build()
        if value is None:
            raise RefusedError(1, "the file is empty", "write the key that its schema asks for, or delete the file")
        return value, []
    except RefusedError as refused:
        return None, [Fault(Location(name, refused.line), refused.message, refused.remedy)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = f"{error.context or ''} {error.problem or ''}"
        line, message, remedy = explain(problem, text, mark.line if mark else 0, mark.column if mark else 0)
        return None, [Fault(Location(name, line), f"YAML cannot be read: {message}", remedy)]
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        return None, [
            Fault(Location(name, line), "holds a character that YAML forbids", "remove the control character")
        ]


def read_text(text: str) -> Any:
    """The value of a text in the catalogue's dialect.

    Raises:
        RefusedError: something is not of the dialect.
        yaml.YAMLError: it is no YAML.
    """
    return _Builder(text, MAX_DEPTH).build()


class TreeBuilder:
    """Turns the parser's events into values that know their lines. What a dialect allows, its subclass says.

    Args:
        text: the YAML.
        max_depth: how deep it may be nested.
    """

    max_key = MAX_KEY
    """How many characters a key has at most."""

    def __init__(self, text: str, max_depth: int) -> None:
        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._events: Iterator[Any] = iter(cast("Any", yaml).parse(text, Loader=loader))
        self._max_depth = max_depth
        self._depth = 0

    def scalar(self, event: Any, line: int) -> Any:
        """The value of a scalar."""
        raise NotImplementedError

    def check(self, event: Any, line: int) -> None:
        """Raise RefusedError where the dialect leaves out what begins here."""
        raise NotImplementedError

    def check_value(self, key: str, event: Any, line: int) -> None:
        """Raise RefusedError where the dialect leaves out the scalar that a key has."""

    def build(self) -> Any:
        """The value of the whole text, None where it is empty.

        Raises:
            RefusedError: something is refused.
            yaml.YAMLError: it is no YAML.
        """
        next(self._events)  # stream start
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            return None
        value = self._value(next(self._events))
        next(self._events)  # document end
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise RefusedError(event.start_mark.line + 1, "a second YAML document begins", "keep one document a file")
        return value

    def _value(self, event: Any) -> Any:
        line: int = event.start_mark.line + 1
        self.check(event, line)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, line)
        self._depth += 1
        if self._depth > self._max_depth:
            raise RefusedError(line, f"is nested deeper than {self._max_depth} levels", "flatten it")
        value = self._mapping(line) if isinstance(event, yaml.MappingStartEvent) else self._sequence(line)
        self._depth -= 1
        return value

    def _mapping(self, line: int) -> LineDict:
        mapping = LineDict(line)
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key_line: int = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                raise RefusedError(key_line, "a key is not plain text", "use a name as key")
            self.check(event, key_line)
            key = str(cast("Any", event).value)
            if len(key) > self.max_key:
                raise RefusedError(key_line, f"a key has {len(key):,} characters: {quoted(key)}", "shorten it")
            if key in mapping:
                remedy = f"keep one of them; the first is in line {mapping.lines[key]}"
                raise RefusedError(key_line, f"the key {quoted(key)} occurs twice", remedy)
            mapping.lines[key] = key_line
            following = next(self._events)
            if isinstance(following, yaml.ScalarEvent):
                self.check_value(key, following, key_line)
            mapping[key] = self._value(following)
        return mapping

    def _sequence(self, line: int) -> LineList:
        sequence = LineList(line)
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            sequence.lines.append(event.start_mark.line + 1)
            sequence.append(self._value(event))
        return sequence


class _Builder(TreeBuilder):
    """The catalogue's dialect: no anchor, no tag, nothing that two readers read differently."""

    def scalar(self, event: Any, line: int) -> Any:
        if event.style in _QUOTED:
            return event.value
        try:
            return _plain(event.value)
        except RefusedError as refused:
            refused.line = line
            raise

    def check(self, event: Any, line: int) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise RefusedError(line, "anchors and aliases are not used here", "write the value out")
        if event.tag is not None:
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise RefusedError(line, f"the tag {quoted(shown)} is not used here", "remove the tag")

    def check_value(self, key: str, event: Any, line: int) -> None:
        if opened := _KEY_THAT_OPENS.match(key):
            message = "no space is after the colon of" if opened[2] == ":" else "no colon is after"
            raise RefusedError(line, f"{message} {opened[1]}", f"write {opened[1]}: and a space before the bracket")
        if event.value or event.style in _QUOTED or event.anchor is not None or event.tag is not None:
            return
        remedy = "write it, or indent what belongs to the key further"
        if before := _COLON_OR_EQUALS.fullmatch(key):
            remedy = f"write {before[1]}: {before[2]}"
        elif key.isdigit():
            remedy = (
                f"write a version or number with a point: 39.{key}" if key == "0" else "write a number with a point"
            )
        elif " " in key or not key.isascii():
            remedy = "put a text with a comma in straight quotes"
        raise RefusedError(line, f"a value is missing: the key {quoted(key)} has none", remedy)


@lru_cache(maxsize=10_000)
def _plain(text: str) -> str | int | float | bool:
    """A scalar without quotes. Spellings that YAML 1.1 and 1.2 read differently are refused rather than guessed.

    Most are written again and again, as versions and types are. The caller knows the line of one that is refused.
    """
    lower = text.lower()
    if lower in _TRUE_FALSE and text in ("true", "false"):
        return _TRUE_FALSE[text]
    if lower in _AMBIGUOUS or lower in _TRUE_FALSE:
        shown = f"the value {text!r} means different things to different readers" if text else "a value is missing"
        raise RefusedError(
            _UNKNOWN,
            shown,
            ("write true or false, or put it in quotes" if text else "write the value, or remove the key"),
        )
    if _NUMBER.fullmatch(text) and len(text) > MAX_DIGITS:
        raise RefusedError(_UNKNOWN, f"a number has {len(text):,} characters", "correct it, or put it in quotes")
    if _NUMBER.fullmatch(text) and not (len(text) > 1 and text[0] == "0" and text[1] != "."):
        return float(text) if "." in text else int(text)
    if _ODD_NUMBER.fullmatch(text):
        raise RefusedError(_UNKNOWN, f"the value {quoted(text)} looks like a number or a date", "put it in quotes")
    return text
