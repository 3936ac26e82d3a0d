"""The prose in a file: Markdown without code; docstrings, strings and comments of Python; templates without Jinja."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^( *)```.*?^\1```[ ]*$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^(?: {4}|\t).*$", re.MULTILINE)
_LINK_TARGET = re.compile(r"\]\([^)]*\)")
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")
_COMMENT = re.compile(r"^.*?(#.*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Text:
    """A stretch of prose and the line where it begins; code in it is blank."""

    line: int
    prose: str


def _blank(pattern: re.Pattern[str], text: str) -> str:
    """The text without what fits the pattern, on the same lines; code within a sentence keeps its neighbours apart."""
    filler = "·" if pattern is _CODE else " "
    return pattern.sub(lambda match: re.sub(r"[^\n]", filler, match[0]), text)


def texts_of(path: Path) -> Iterator[Text]:
    """The prose of a file, by its type."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _of_python(text)
    elif path.suffix == ".md" or path.name.endswith(".md.jinja"):
        for pattern in (_JINJA, _FENCE, _INDENTED, _LINK_TARGET, _CODE):
            text = _blank(pattern, text)
        yield Text(1, text)
    elif path.name == "Makefile":
        yield Text(1, _blank(_CODE, _COMMENT.sub(lambda match: match[1] or "", text)))
    else:
        yield Text(1, _blank(_CODE, _blank(_JINJA, text)))


def _of_python(text: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
            yield Text(node.lineno, _blank(_CODE, node.value))
    block: list[str] = []
    begin = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        if block and token.start[0] != begin + len(block):
            yield Text(begin, _blank(_CODE, "\n".join(block)))
            block = []
        if not block:
            begin = token.start[0]
        block.append(token.string)
    if block:
        yield Text(begin, _blank(_CODE, "\n".join(block)))
