"""Divides code into units, which are statements and the first lines of blocks, and puts units together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

Role: TypeAlias = Literal["statement", "header", "docstring"]
"""What a unit is to its block; a header is the first lines of a class, a function or an `if`."""

STEP = "    "
_OTHER_LINE_ENDS = re.compile(r"[\r\f\v]")
"""Where a line may end for Python and not for us, or the other way round."""
_Block: TypeAlias = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.If
_STAND_INS: dict[type[_Block], str] = {
    ast.ClassDef: "class _:\n",
    ast.FunctionDef: "def _():\n",
    ast.AsyncFunctionDef: "def _():\n",
    ast.If: "if _:\n",
}


class Unit(NamedTuple):
    """Lines that are formatted in the same way wherever they occur.

    Attributes:
        blocks: the first lines of the blocks that it is in, with stand-ins for what they say.
        role: what it is to its block.
        kind: the name of its syntax (`Return`), with `@` before it where it is decorated.
        code: its lines, indented.
    """

    blocks: str
    role: Role
    kind: str
    code: str


class Piece(NamedTuple):
    """A unit in its place: behind how many blank lines."""

    unit: Unit
    blank_lines: int


def divide(code: str) -> Sequence[Piece] | None:
    """The units that code consists of, in order.

    Args:
        code: statements of a module, not indented.

    Returns:
        None where it cannot be divided: it is empty, or no Python, has comments on lines of their own, or two
        statements on one line.
    """
    if _OTHER_LINE_ENDS.search(code):
        return None
    try:
        return list(_Divider(code.split("\n")).all_of(ast.parse(code))) or None
    except (SyntaxError, ValueError):
        return None


def join(texts: Iterable[tuple[str, int]]) -> str:
    """Code that is put together from units' lines, each with the number of blank lines before it."""
    return "".join("\n" * blank_lines + lines + "\n" for lines, blank_lines in texts)


def indent_in(blocks: str) -> str:
    """The spaces before what is in some blocks."""
    return STEP * blocks.count("\n")


class _Divider:
    """Finds units in the lines of some code."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._done = 0
        """How many lines are in units."""

    def all_of(self, tree: ast.Module) -> Iterator[Piece]:
        """All units.

        Raises:
            ValueError: it cannot be divided.
        """
        yield from self._in_block(tree.body, "")
        self._blank_lines_until(len(self._lines))

    def _in_block(self, body: Sequence[ast.stmt], blocks: str) -> Iterator[Piece]:
        indent = indent_in(blocks)
        for position, node in enumerate(body):
            first = _first_line(node)
            blank_lines = self._blank_lines_until(first)
            block = self._as_block(node, indent)
            if block is None and _has_definitions(node):
                raise ValueError
            self._done = self._end_of_header(block) if block else node.end_lineno or 0
            is_docstring = position == 0 and _is_string(node)
            role: Role = "header" if block else "docstring" if is_docstring else "statement"
            code = "\n".join(self._lines[first : self._done])
            yield Piece(Unit(blocks, role, _kind(node), code), blank_lines)
            if block:
                yield from self._in_block(block.body, f"{blocks}{indent}{_STAND_INS[type(block)]}")

    def _blank_lines_until(self, first: int) -> int:
        """How many lines are between what is in units and a line; all of them must be blank."""
        if first < self._done or any(line.strip() for line in self._lines[self._done : first]):
            raise ValueError
        return first - self._done

    def _as_block(self, node: ast.stmt, indent: str) -> _Block | None:
        """A block whose body is indented as usual; None for other statements, and where `else` follows."""
        if not isinstance(node, _Block) or (isinstance(node, ast.If) and node.orelse):
            return None
        first = self._lines[_first_line(node.body[0])]
        return node if first.startswith(indent + STEP) and not first.startswith(f"{indent}{STEP} ") else None

    def _end_of_header(self, block: _Block) -> int:
        """The line behind a block's first lines, without the blank lines that may follow."""
        end = _first_line(block.body[0])
        while not self._lines[end - 1].strip():
            end -= 1
        if self._lines[end - 1].lstrip().startswith("#"):
            raise ValueError
        return end


def _first_line(node: ast.stmt) -> int:
    """The first line of a statement, from 0; decorators are part of it."""
    decorators = _decorators(node)
    return (decorators[0].lineno if decorators else node.lineno) - 1


def _decorators(node: ast.stmt) -> Sequence[ast.expr]:
    return node.decorator_list if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) else ()


def _has_definitions(node: ast.stmt) -> bool:
    """Whether a statement has classes or functions in it, which change the blank lines behind it."""
    if isinstance(node, _Block) and not isinstance(node, ast.If):
        return False  # it is one, in one line
    return hasattr(node, "body") and any(
        isinstance(inner, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) for inner in ast.walk(node)
    )


def _kind(node: ast.stmt) -> str:
    name = "String" if _is_string(node) else type(node).__name__
    return f"@{name}" if _decorators(node) else name


def _is_string(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
