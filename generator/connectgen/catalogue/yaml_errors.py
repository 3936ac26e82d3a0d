"""What is wrong with a text that is no YAML, in words of ours: which line, what it is, what to do."""

from __future__ import annotations

import re

_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
_TEXT_WITH_COLON = re.compile(r"""^\s*(?:- )?[\w.$@-]+: +(?P<text>[^'"{\[|>&*!%@`#\s][^{\[]*?:(?: .*)?)$""")
_TEXT_IN_BRACES = re.compile(r"""(?:description|summary|because|unsure|condition|source): +[^'"{}\[\],]*: """)
_AFTER_QUOTES = re.compile(r""":\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*[^\s,}\]#:]""")
_OPENED = {mark: re.compile(rf"[:,\[{{]\s*{mark}") for mark in ('"', "'")}
_LONGEST_KEY = 1_024
_QUOTES = "put the text in quotes"


def conflict_line(text: str) -> int | None:
    """The line of a marker that a merge left behind, None where there is none."""
    found = _CONFLICT.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def explain(problem: str, text: str, line: int, column: int) -> tuple[int, str, str]:
    """The line, what is wrong, and what to do.

    Args:
        problem: what the parser says.
        text: the whole text.
        line: the line that the parser names, from 0.
        column: the place in it, from 0.
    """
    lines = text.split("\n")
    here = lines[line] if line < len(lines) else ""
    if "\t" in here[: len(here) - len(here.lstrip())]:
        return line + 1, "a tab is in the indentation", "indent with spaces"
    # The parser often notices a fault in the line after it.
    before = next((number for number in range(line - 1, -1, -1) if lines[number].strip()), line)
    for number in dict.fromkeys((line, before)):
        if number < len(lines) and _has_colon_in_text(lines[number]):
            return number + 1, "a text without quotes holds a colon", _QUOTES
    for number in dict.fromkeys((line, before)):
        if "expected ':'" in problem and len(lines[number]) > _LONGEST_KEY:
            return number + 1, f"a key has more than {_LONGEST_KEY:,} characters", "shorten it"
    if quote := _open_quote(problem, here, lines, line):
        return quote
    if "cannot start any token" in problem:
        character = here[column : column + 1]
        return line + 1, f"a text without quotes begins with {character!r}", _QUOTES
    if "escape" in problem or "hexdecimal" in problem:
        return line + 1, "a backslash in double quotes begins no known sequence", "double it, or use single quotes"
    if "','" in problem or "flow" in problem:
        return line + 1, "a comma or a closing bracket is missing, or a text needs quotes", "correct the brackets"
    if "end of stream" in problem:
        return before + 1, "the file ends within a value", "complete it"
    if "directive" in problem or "tag" in problem:
        return line + 1, "a text without quotes begins with % or !", _QUOTES
    return line + 1, "the indentation does not fit the lines before", "indent keys that belong together alike"


def _has_colon_in_text(line: str) -> bool:
    return bool(_TEXT_WITH_COLON.match(line) or _TEXT_IN_BRACES.search(line))


def _open_quote(problem: str, here: str, lines: list[str], line: int) -> tuple[int, str, str] | None:
    """Where a quoted text has no end, or goes on after it."""
    # `summary: "One" and more`: what follows the quotes belongs to nothing.
    if _AFTER_QUOTES.search(here):
        return line + 1, "a text goes on after its quotes", "put all of it in quotes"
    if not any(part in problem for part in ("quoted scalar", "end of stream", "expected key", "','", "expected ':'")):
        return None
    for number, text in enumerate(lines[: line + 1]):
        for mark, opened in _OPENED.items():
            if opened.search(text) and text.count(mark) % 2:
                return number + 1, "a quoted text has no end in its line", f"add the closing {mark}"
    return None
