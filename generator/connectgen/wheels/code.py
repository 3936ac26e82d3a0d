"""A file without its texts: what of it counts when two releases are compared."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

# Found from left to right, so that nothing is taken for a comment that is inside a string, or the other way round.
_TOKEN = re.compile(
    r"""
      (?P<prefix> [rRuUbBfF]{0,2} )
                      (?: \"{3} (?:[^"\\] | \\. | "(?!"") )* \"{3}
                        | '{3} (?:[^'\\] | \\. | '(?!'') )* '{3}
                        | " (?:[^"\\\n] | \\. )* "
                        | ' (?:[^'\\\n] | \\. )* ' )
    | \#[^\n]*
    | [()\[\]{}]
    """,
    re.VERBOSE | re.DOTALL,
)
_TEXTS = ("README.md", "CHANGELOG.md")
"""Files that hold words alone."""
_INDEX = "_index.json"
_WORDS = (3, 6)
"""The places of an operation's summary, and of the version that it ended with, in its row of the index."""


def is_text(path: str) -> bool:
    """Whether a file, by its path in a distribution, holds words alone."""
    return path in _TEXTS


def code_hash(name: str, data: bytes) -> bytes:
    """The hash of what of a file is not words: of a module without docstrings and comments, of others all.

    Args:
        name: the file's name.
        data: what it holds.
    """
    return hashlib.sha256(_code(name, data)).digest()


def _code(name: str, data: bytes) -> bytes:
    try:
        if name.endswith(".py"):
            return without_texts(data.decode()).encode()
        if name == _INDEX:
            return _without_words(data)
    except (UnicodeDecodeError, ValueError):
        pass  # whatever it is, all of it counts
    return data


def without_texts(source: str) -> str:
    """A module without docstrings, comments, blank lines and spaces at the ends of lines; for comparisons only.

    A docstring is a string that is a statement of its own, so it is one below an attribute, too.
    """
    kept = "".join(_pieces(source))
    return "\n".join(line for line in (line.rstrip() for line in kept.split("\n")) if line)


_LINE_IN_STRING = "\0"
"""Stands for the end of a line inside a string, where blank lines count."""


def _pieces(source: str) -> Iterator[str]:
    depth, end = 0, 0
    for match in _TOKEN.finditer(source):
        found = match.group()
        if found in "([{":
            depth += 1
        elif found in ")]}":
            depth -= 1
        elif found[0] == "#" or (depth == 0 and _is_statement(source, match)):
            yield source[end : match.start()]
            end = match.end()
        elif "\n" in found:
            yield source[end : match.start()] + found.replace("\n", _LINE_IN_STRING)
            end = match.end()
    yield source[end:]


def _is_statement(source: str, match: re.Match[str]) -> bool:
    """Whether a string is all that its lines hold, and goes on no line before."""
    before = source[source.rfind("\n", 0, match.start()) + 1 : match.start()]
    if before.strip() or match["prefix"].lower() not in ("", "r", "u"):
        return False
    if source[: match.start() - len(before)].endswith("\\\n"):
        return False
    line_end = source.find("\n", match.end())
    after = source[match.end() : line_end if line_end >= 0 else len(source)].strip()
    return not after or after.startswith("#")


def _without_words(data: bytes) -> bytes:
    index: Any = json.loads(data)
    for row in index.get("operations", ()):
        for place in _WORDS:
            row[place] = None
    return json.dumps(index, sort_keys=True).encode()
