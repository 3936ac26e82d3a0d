"""The lines of a Python file, counted as the language counts them, and the statements that they belong to."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text, and how it is written to the disk."""

    text: str
    encoding: str

    @property
    def data(self) -> bytes:
        """The file's content."""
        return self.text.encode(self.encoding)


def read_source(data: bytes) -> Source:
    """Decode a file as Python does.

    Raises:
        SyntaxError: it names an encoding that there is not, or is not in it.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    try:
        return Source(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        raise SyntaxError(f"it is not {encoding}") from error


def lines_of(text: str) -> list[str]:
    """The lines with their ends; form feeds and other separators end none."""
    return _LINE.findall(text)


class Statements:
    """Where the statements of a file begin and end.

    Args:
        tree: the file as a syntax tree.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.tops = [(_first_line(one), one.end_lineno or one.lineno) for one in tree.body]
        spans = sorted(set(_headers(tree)))
        self._spans = spans
        self._starts = [start for start, _ in spans]

    def anchor(self, line: int) -> int | None:
        """The first line of the innermost statement that has a line in its head, or is on it; None between them."""
        for number in range(bisect_right(self._starts, line) - 1, -1, -1):
            start, end = self._spans[number]
            if end >= line:
                return start
            if line - start > 10_000:
                break
        return None

    def top(self, line: int) -> tuple[int, int] | None:
        """The first and the last line of the module's statements that have a line."""
        for start, end in self.tops:
            if start <= line <= end:
                return start, end
        return None


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def _headers(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """The lines of each simple statement, and of the head of each that has a body."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt | ast.ExceptHandler):
            for decorator in getattr(node, "decorator_list", []):
                yield decorator.lineno, decorator.end_lineno or decorator.lineno
            body: list[ast.stmt] | None = getattr(node, "body", None) or _cases(node)
            end = node.end_lineno or node.lineno
            yield node.lineno, (max(node.lineno, _first_line(body[0]) - 1) if body else end)
        elif isinstance(node, ast.match_case):
            yield node.pattern.lineno, max(node.pattern.lineno, _first_line(node.body[0]) - 1)


def _cases(node: ast.AST) -> list[ast.stmt] | None:
    """Something that begins where the first case of a `match` does."""
    if not isinstance(node, ast.Match) or not node.cases:
        return None
    return [ast.Pass(lineno=node.cases[0].pattern.lineno, end_lineno=None, col_offset=0)]
