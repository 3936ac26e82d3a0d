"""Breaks long lines of rendered code where black does, so that black finds nothing to change: else it formats twice.

This covers the lines that templates emit, not Python: black has the last word, and corrects what is laid out otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LINE_LENGTH = 100
_STEP = "    "
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_STRING_OR_SIGN = re.compile(r'"(?:[^"\\]|\\.)*"|[()\[\]{},|]')
_OTHER = re.compile(r"""['"#\\]""")
"""What no line has outside of strings that can be broken here: other strings, comments."""


def break_lines(code: str) -> str:
    """Rendered code with its long lines broken; docstrings stay as they are.

    Args:
        code: statements, each on one line but for docstrings.
    """
    lines: list[str] = []
    in_docstring = False
    for line in code.split("\n"):
        was_in_docstring = in_docstring
        in_docstring ^= line.count('"""') % 2 == 1
        if len(line) <= LINE_LENGTH or was_in_docstring or '"""' in line or _OTHER.search(_STRING.sub("", line)):
            lines.append(line)
        else:
            text = line.lstrip(" ")
            lines += _statement(text, line[: len(line) - len(text)])
    return "\n".join(lines)


def _statement(text: str, indent: str) -> list[str]:
    """The lines of a statement that is too long for one."""
    pairs = list(_pairs(text))
    if text.startswith(("def ", "async def ")):
        return _bracketed(text, indent, pairs[:1])
    if text.startswith("from ") and " import " in text and not pairs:
        before, names = text.split(" import ", 1)
        return [f"{indent}{before} import (", *(f"{indent}{_STEP}{name}," for name in names.split(", ")), f"{indent})"]
    if pairs and text[pairs[-1][1] + 1 :] in ("", ":", ": ..."):
        lines = _bracketed(text, indent, pairs[-1:])
        return lines if len(lines[0]) <= LINE_LENGTH else _assigned(text, indent)
    return _assigned(text, indent)


def _bracketed(text: str, indent: str, pair: list[tuple[int, int]]) -> list[str]:
    """A text that is broken behind and before its outermost brackets."""
    if not pair:
        return [indent + text]
    start, end = pair[0]
    inner = indent + _STEP
    before, within, after = text[: start + 1], text[start + 1 : end], text[end:]
    parts = _divided(within, ",")
    is_literal = not re.match(r"[\w)\]]", text[start - 1 : start])
    if len(inner) + len(within) <= LINE_LENGTH and (not is_literal or len(parts) == 1):
        return [indent + before, inner + within, indent + after]
    if len(parts) == 1:
        return [indent + before, *_alternatives(within, inner), indent + after]
    lines = [line for part in parts for line in _part(part, inner)]
    return [indent + before, *lines, indent + after]


def _part(text: str, indent: str) -> list[str]:
    """One of several parts between brackets, with the comma behind it."""
    if len(indent) + len(text) + 1 <= LINE_LENGTH:
        return [f"{indent}{text},"]
    *lines, last = _annotated(text, indent) or _closed(text, indent)
    return [*lines, f"{last},"]


def _annotated(text: str, indent: str) -> list[str]:
    """An argument or field whose annotation is a union, which brackets then surround; nothing for others."""
    name, _, rest = text.partition(": ")
    annotation, equals, default = rest.partition(" = ")
    if not name.isidentifier() or len(_divided(annotation, "|")) < 2:
        return []
    return [f"{indent}{name}: (", *_alternatives(annotation, indent + _STEP), f"{indent}){equals}{default}"]


def _assigned(text: str, indent: str) -> list[str]:
    """An assignment with brackets around its value, or, where that is no help, around its annotation."""
    name, equals, value = text.partition(" = ")
    if not equals or len(indent) + len(name) + len(" = (") > LINE_LENGTH:
        return _annotated(text, indent) or [indent + text]
    return [f"{indent}{name} = (", *_alternatives(value, indent + _STEP), f"{indent})"]


def _closed(text: str, indent: str) -> list[str]:
    """A text that is broken in its last brackets, where it ends with them."""
    pairs = list(_pairs(text))
    return _bracketed(text, indent, pairs[-1:] if pairs and pairs[-1][1] == len(text) - 1 else [])


def _alternatives(text: str, indent: str) -> list[str]:
    """A union in one line, or each of its parts in one."""
    if len(indent) + len(text) <= LINE_LENGTH or not text.strip():
        return [indent + text]
    first, *others = _divided(text, "|")
    parts = [first, *(f"| {other}" for other in others)]
    fits = [len(indent) + len(part) <= LINE_LENGTH for part in parts]
    return [
        line
        for part, is_short in zip(parts, fits, strict=True)
        for line in ([indent + part] if is_short else _closed(part, indent))
    ]


def _divided(text: str, sign: str) -> list[str]:
    """The parts between signs, where these are outside of brackets and strings."""
    parts: list[str] = []
    start = 0
    for position in _outside(text):
        if text[position] == sign:
            parts.append(text[start:position].strip())
            start = position + 1
    last = text[start:].strip()
    return [*parts, last] if last else parts


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    """Where the outermost brackets open and close."""
    opened = -1
    for position in _outside(text):
        if text[position] in "([{":
            opened = position
        elif text[position] in ")]}":
            yield opened, position


def _outside(text: str) -> Iterator[int]:
    """Where signs are outside of brackets and strings; those of the outermost brackets are, too."""
    depth = 0
    for found in _STRING_OR_SIGN.finditer(text):
        sign = found[0]
        if sign in "([{":
            depth += 1
            if depth == 1:
                yield found.start()
        elif sign in ")]}":
            depth -= 1
            if depth == 0:
                yield found.start()
        elif depth == 0 and sign in ",|":
            yield found.start()
