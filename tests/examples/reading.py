"""Reads the guide's JSON examples, and mends by rule those that are no JSON as they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_INVISIBLE = re.compile("[\u200b\u200c\u200d\u00ad\ufeff]")
_FENCE = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
_IN_PROSE = re.compile(r'^\{ ".*\}$', re.MULTILINE)

_REPAIRS = (
    ("typographic quotes", r"[“”″]", '"'),
    ("single quotes", r"(?<=[:\[,{])(\s*)'([^'\n]*)'", r'\1"\2"'),
    ("comments", r"(?<=\s)//[^\n]*", ""),
    ("dots that leave something out", r'(?m)^\s*\.{2,3}\s*$|^\s*\.{2,3}(?=")|,\s*\.{2,4}(?=\s*\])', ""),
    ("a semicolon for a comma", r'";(?=\s*\n)', '",'),
    ("a type beside a name", r"(\w+): \w+ : ", r"\1: "),
    ("a quote behind the colon of a name", r'"(\w+): ?"(?=\w)', r'"\1":"'),
    ("a name without colon", r'(?m)^(\s*"\w+")[ \t]+(?=["\[{\d])', r"\1: "),
    ("a name without quotes", r"(?m)^(\s*)([A-Za-z]\w*)\s*:(?=[\s\"])", r'\1"\2":'),
    ("the first of two brackets", r"^\s*\{\s*(?=\{)", ""),
    ("a missing comma", r'((?:true|false|null|["\d\]}])[ \t]*)\n(?=\s*["{\[])', r"\1,\n"),
    ("a comma too many", r",(?=\s*[}\]])", ""),
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """One JSON example.

    Attributes:
        page: the name of the page's file, without suffix.
        number: which of the page's code examples that look like JSON it is, from 1.
        value: what it holds; None where it is no JSON even when mended.
        fault: why it is no JSON; empty where it is.
    """

    page: str
    number: str
    value: Any
    fault: str = ""

    @property
    def id(self) -> str:
        """How the list of differences names it."""
        return f"{self.page}#{self.number}"


def examples(guide: Path) -> Iterator[Example]:
    """Every code example of the guide that looks like JSON."""
    for path in sorted(guide.glob("*.md")):
        text = _INVISIBLE.sub("", path.read_text(encoding="utf-8")).replace("\u00a0", " ").replace("\u2002", " ")
        body, _, rest = text.partition("\n## Code Examples")
        blocks = _FENCE.findall(rest.partition("\n## Related Topics")[0])
        blocks += [re.sub(r"\\(?=[\[\]_*])", "", line) for line in _IN_PROSE.findall(body)]
        number = 0
        for block in blocks:
            if block.lstrip()[:1] in ("{", "["):
                number += 1
                yield from _read(path.stem, number, block)


def _read(page: str, number: int, block: str) -> Iterator[Example]:
    try:
        values = mended(block)
    except ValueError as error:
        yield Example(page, str(number), None, str(error))
        return
    for at, value in enumerate(values):
        yield Example(page, f"{number}{'abcdefgh'[at] if len(values) > 1 else ''}", value)


def mended(block: str) -> list[Any]:
    """The values of a code example: one, or several with commas between them.

    Raises:
        ValueError: it is no JSON, and none of the rules makes it so.
    """
    text = block.strip()
    for _, pattern, replacement in (("", r"(?!)", ""), *_REPAIRS):
        text = re.sub(pattern, replacement, text)
        found = _values(text)
        if found is not None:
            return found
    json.loads(text, strict=False)
    raise ValueError("what follows the value is no JSON")


def _values(text: str) -> list[Any] | None:
    """The values that a text holds, also with closing brackets too many or missing, or with commas between them."""
    found: list[Any] = []
    rest = text
    decoder = json.JSONDecoder(strict=False)
    while True:
        try:
            value, end = decoder.raw_decode(rest)
        except ValueError:
            return _closed(text) if not found else None
        found.append(value)
        rest = rest[end:].lstrip()
        if not rest.strip(",]} \n"):
            return found
        if not rest.startswith(","):
            return None
        rest = rest[1:].lstrip()


def _closed(text: str) -> list[Any] | None:
    for missing in ("}", "]", "}}", "}]", "]}"):
        try:
            return [json.loads(text + missing, strict=False)]
        except ValueError:
            continue
    return None
