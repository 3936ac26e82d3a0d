"""What is wrong with a text that is no YAML, in words of ours: which line, what it is, what to do."""

from __future__ import annotations

import re

_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
_TEXT_WITH_COLON = re.compile(r"""^\s*(?:- )?[\w.$@-]+: +(?P<text>[^'"{\[|>&*!%@`#\s][^{\[]*?:(?: .*)?)$""")
_TEXT_IN_BRACES = re.compile(r"""(?:description|summary|because|unsure|condition|source): +[^'"{}\[\],]*: """)
_AFTER_QUOTES = re.compile(r""":\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*[^\s,}\]#:]""")
_OPENED = {mark: re.compile(rf"[:,\[{{]\s*{mark}") for mark in ('"', "'")}
_OTHER_LIST = re.compile(r"(?:type|returns|body): +(([A-Z]\w*)\[(\w*)\])")
_NO_SPACE = re.compile(r"\s*(?:- )?([\w.$@-]+):[\[{]")
_NO_COLON = re.compile(r"\s*(?:- )?([\w$@][\w.$@-]*) +\{.*\}\s*$")
_NEW_ENTRY = re.compile(r"\s*(?:- )?[\w.$@-]+:(?: |$)")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""")
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
    lines += [""] * (line + 1 - len(lines))  # the parser counts other line breaks too, and names the line after the end
    here = lines[line]
    if "\t" in here[: len(here) - len(here.lstrip())]:
        return line + 1, "a tab is in the indentation", "indent with spaces"
    # The parser often notices a fault in the line after it.
    before = next((number for number in range(line - 1, -1, -1) if lines[number].strip()), line)
    for find in (_colon_in_text, _slip, _long_key):
        for number in dict.fromkeys((line, before)):
            if number < len(lines) and (found := find(lines[number], problem)):
                return number + 1, *found
    if quote := _open_quote(problem, here, lines, line):
        return quote
    if "cannot start any token" in problem:
        character = here[column : column + 1]
        return line + 1, f"a text without quotes begins with {character!r}", _QUOTES
    if "escape" in problem or "hexdecimal" in problem:
        return line + 1, "a backslash in double quotes begins no known sequence", "double it, or use single quotes"
    if "','" in problem or "flow" in problem:
        if before < line and _is_open(lines[before]) and _NEW_ENTRY.match(here):
            return before + 1, "a closing bracket is missing", "close what the line opens"
        return line + 1, "a comma or a closing bracket is missing, or a text needs quotes", "correct the brackets"
    if "end of stream" in problem:
        return before + 1, "the file ends within a value", "complete it"
    if "directive" in problem or "tag" in problem:
        return line + 1, "a text without quotes begins with % or !", _QUOTES
    return line + 1, "the indentation does not fit the lines before", "indent keys that belong together alike"


def _long_key(line: str, problem: str) -> tuple[str, str] | None:
    too_long = "expected ':'" in problem and len(line) > _LONGEST_KEY
    return (f"a key has more than {_LONGEST_KEY:,} characters", "shorten it") if too_long else None


def _slip(line: str, _problem: str) -> tuple[str, str] | None:
    """What is wrong with a line that has one of the usual slips, and what to do."""
    if found := _OTHER_LIST.search(line):
        item = found[3] or found[2]
        return f"{found[1]} is not how a list is written", f"did you mean list<{item}>?"
    if found := _NO_SPACE.match(line):
        return f"no space is after the colon of {found[1]}", f"write {found[1]}: and a space before the bracket"
    if found := _NO_COLON.match(line):
        return f"no colon is after {found[1]}", f"write {found[1]}: and a space before the bracket"
    return None


def _is_open(line: str) -> bool:
    """Whether a line opens more brackets than it closes."""
    bare = _QUOTED.sub("", line)
    return sum(map(bare.count, "{[")) > sum(map(bare.count, "}]"))


def _colon_in_text(line: str, _problem: str) -> tuple[str, str] | None:
    has_one = _TEXT_WITH_COLON.match(line) or _TEXT_IN_BRACES.search(line)
    return ("a text without quotes holds a colon", _QUOTES) if has_one else None


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
