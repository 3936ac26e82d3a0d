"""Shapes of units: all that black looks at. Units of one shape are laid out alike, so black is asked for the shape.

black decides by sorts of tokens and by lengths; of names it knows keywords alone, and of strings their quotes and
escapes. Where it leaves a shape as it is, it leaves each unit of that shape as it is.
"""

from __future__ import annotations

import re
from itertools import pairwise

from connectgen.naming import KEYWORDS
from connectgen.python.line_breaks import LINE_LENGTH
from connectgen.python.statements import Unit

_KEPT = KEYWORDS | {"_", "case", "match", "type", "print", "exec"}
"""Names that mean something to black, or did in an older Python."""
_TOKEN = re.compile(r'"[^"\\\n]*"|[A-Za-z_]\w*(?P<prefixed>")?|[0-9][\w.]*|(?P<other>[\'"\\#])')
_UNUSUAL = re.compile(r"[^\n -~]")
_STRING = re.compile(r'( *""")([^"\\]*)(""")')
_LONG_ENTRY = re.compile(r'^( *)"[^"\\\n]*": """[^"\\]*""",$', re.MULTILINE)
"""An entry with a string of several lines: there is nothing in it to break."""
_OPENING = re.compile(
    r" *(?:(?:async )?def \w+\("
    r"|(?:\w+(?:: [\w.\[\], \"]+)? = |return )?(?:await )?[\w.]+\("
    r"|\w+ = \{"
    r"|from [\w.]+ import \()"
)
"""The first line of what black breaks in these brackets, however long the names before them are."""


def shape_of(unit: Unit) -> Unit | None:
    """A unit with the shape of this one, and with the same shape as it; None where that is unknown.

    Args:
        unit: lines of code.
    """
    if _UNUSUAL.search(unit.code):
        return None
    code = _shape_of_string(unit.code) if unit.syntax == "String" else _shape_of_code(unit.code)
    return None if code is None else unit._replace(code=code)


def _shape_of_code(code: str) -> str | None:
    shortened = _LONG_ENTRY.sub(r'\1"s": "s",', code)
    keeps_lengths = not _fits_whatever_the_names(shortened)
    if '"""' in shortened or (keeps_lengths and shortened != code):
        return None
    parts: list[str] = []
    end = 0
    for found in _TOKEN.finditer(shortened):
        if found["prefixed"] or found["other"]:
            return None
        parts += [shortened[end : found.start()], _placeholder(found[0], keeps_length=keeps_lengths)]
        end = found.end()
    shape = "".join([*parts, shortened[end:]])
    return shape if keeps_lengths else _without_repetitions(shape, 2)


def _without_repetitions(text: str, most: int) -> str:
    """A text with at most so many equal lines in a row."""
    lines: list[str] = []
    for line in text.split("\n"):
        if lines[-most:] != [line] * most:
            lines.append(line)
    return "\n".join(lines)


def _placeholder(token: str, *, keeps_length: bool) -> str:
    """What stands for a name or a string; numbers, keywords and `__names__` stay."""
    if token.startswith('"'):
        return f'"{"s" * (len(token) - 2)}"' if keeps_length else '"s"'
    if token in _KEPT or token[0].isdigit() or token.startswith("__"):
        return token
    return "a" * len(token) if keeps_length else "a"


def _fits_whatever_the_names(code: str) -> bool:
    """Whether black would leave these lines alone with shorter names, too.

    One line that fits is not broken, and brackets with a comma before the closing one are not joined: what is between
    them is again lines that fit.
    """
    lines = code.split("\n")
    if max(map(len, lines)) > LINE_LENGTH:
        return False
    if len(lines) == 1:
        return True
    return _OPENING.fullmatch(lines[0]) is not None and all(
        line.endswith((",", "(", "[", "{")) for line, _ in pairwise(lines)
    )


def _shape_of_string(code: str) -> str | None:
    """A docstring's shape: its lines' indents, without what repeats the line before."""
    found = _STRING.fullmatch(code)
    if found is None or len(code) - code.rfind("\n") > LINE_LENGTH:  # the last line may get its quotes behind it
        return None
    lines = found[2].split("\n")
    if any(line.endswith(" ") and line.strip() for line in lines):
        return None
    first, *others = [line[: len(line) - len(line.lstrip(" "))] + ("x" if line.strip() else "") for line in lines]
    return found[1] + "\n".join([first, _without_repetitions("\n".join(others), 1)] if others else [first]) + found[3]
