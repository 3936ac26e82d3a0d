"""Takes a page of the guide apart: title, lines, tables, links, code blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

LINK = re.compile(r"\[([^\]]*)\]\(\S*?/([A-Za-z0-9_.-]+)\.htm(?:#[^\s)]*)?(?:\s+\"[^\"]*\")?\)")
_ROW = re.compile(r"^\|(.*)\|\s*$")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u00ad\ufeff\u2060"))


# Control characters and those that turn the direction of text: none of them may hide in a name.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class PageError(ValueError):
    """A page cannot be used; the message says why, without the page's name."""


@dataclass(slots=True)
class Table:
    """A table: its heading's cells, its rows, and the line where it begins."""

    head: list[str]
    rows: list[list[str]]
    line: int


@dataclass(slots=True)
class Page:
    """A page, in parts."""

    name: str
    title: str
    lines: list[str]
    tables: list[Table] = field(default_factory=list[Table])
    code: list[str] = field(default_factory=list[str])
    links: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def read_page(path: Path) -> Page:
    """Read one page.

    Raises:
        OSError: it cannot be read.
        UnicodeDecodeError: it is not UTF-8.
        PageError: it holds a control character.
    """
    text = path.read_text(encoding="utf-8")
    if hidden := _CONTROL.search(text):
        line = text[: hidden.start()].count("\n") + 1
        raise PageError(f"line {line} holds the control character U+{ord(hidden[0]):04X}; remove it")
    text = text.translate(_INVISIBLE).replace("\u00a0", " ")
    if text.startswith("---"):
        text = text.split("\n---", 1)[-1]
    body, _, rest = text.partition("\n## Code Examples\n")
    examples, _, related = rest.partition("\n## Related Topics\n")
    if not rest:
        body, _, related = text.partition("\n## Related Topics\n")
    lines = [line.strip() for line in body.splitlines()]
    title = next((line[2:].strip() for line in lines if line.startswith("# ")), path.stem)
    page = Page(path.stem, title, lines, _tables(lines))
    page.code = re.findall(r"```[^\n]*\n(.*?)\n?```", examples, re.DOTALL)
    page.links = [(clean(text), name) for text, name in LINK.findall(body)]
    page.links += [
        (" ".join(text.split()), name)
        for text, name in re.findall(r"^- ((?:.|\n(?!- ))*?) \(\S*/([A-Za-z0-9_.-]+)\.htm", related, re.MULTILINE)
    ]
    return page


@lru_cache(maxsize=65_536)  # the guide says the same in many cells
def clean(text: str) -> str:
    """A cell's or line's words without links and emphasis."""
    text = LINK.sub(r"\1", text)
    return " ".join(text.replace("`", "").replace("**", "").replace("\\", "").split())


def _tables(lines: list[str]) -> list[Table]:
    tables: list[Table] = []
    current: Table | None = None
    for number, line in enumerate(lines):
        match = _ROW.match(line)
        if not match:
            current = None
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", match[1])]
        if current is None:
            current = Table([clean(cell) for cell in cells], [], number)
            tables.append(current)
        elif not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            current.rows.append(cells)
    return tables
