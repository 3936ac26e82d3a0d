"""Divides code into units, which are statements and the first lines of blocks, and puts units together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias, cast

Role: TypeAlias = Literal["statement", "header", "docstring"]
"""What a unit is to its block; a header is the first lines of a class, a function or an `if`."""

STEP = "    "
_OTHER_LINE_ENDS = re.compile(r"[\r\f\v]")
"""Where a line may end for Python and not for us, or the other way round."""
_DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_WITH_BODY = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
_STAND_INS: dict[type[ast.stmt], str] = {
    ast.ClassDef: "class _:\n",
    ast.FunctionDef: "def _():\n",
    ast.AsyncFunctionDef: "def _():\n",
    ast.If: "if _:\n",
}
"""The first lines of blocks that are divided, with placeholders for what they say."""


class Unit(NamedTuple):
    """Lines that are formatted in the same way wherever they occur.

    Attributes:
        blocks: the first lines of the blocks that it is in, with placeholders for what they say.
        role: what it is to its block.
        syntax: its name (`Return`), with `@` before it where it is decorated.
        code: its lines, indented.
    """

    blocks: str
    role: Role
    syntax: str
    code: str


class Piece(NamedTuple):
    """A unit in its place: behind how many blank lines."""

    unit: Unit
    blank_lines: int


def divide(code: str) -> Sequence[Piece]:
    """The units that code consists of, in order.

    Args:
        code: statements of a module, not indented.

    Returns:
        Nothing where it cannot be divided: it is no Python, or has comments on lines of their own, two statements on
        one line, or definitions in other blocks than `if`, classes and functions.
    """
    if _OTHER_LINE_ENDS.search(code):
        return ()
    divider = _Divider(code.split("\n"))
    try:
        divider.add(ast.parse(code).body, "", "")
        divider.end()
    except (SyntaxError, ValueError):
        return ()
    return divider.pieces


def join(texts: Iterable[tuple[str, int]]) -> str:
    """Code that is put together from units' lines, each with the number of blank lines before it."""
    return "".join("\n" * blank_lines + lines + "\n" for lines, blank_lines in texts)


def indent_in(blocks: str) -> str:
    """The spaces before what is in some blocks."""
    return STEP * blocks.count("\n")


class _Divider:
    """Finds units in the lines of some code."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.pieces: list[Piece] = []
        self._lines = lines
        self._done = 0
        """How many lines are in units."""

    def add(self, body: Iterable[ast.stmt], blocks: str, indent: str) -> None:
        """Add the units of a block.

        Raises:
            ValueError: it cannot be divided.
        """
        role: Role = "docstring"
        for node in body:
            syntax = node.__class__
            first = _first_line(node)
            blank_lines = self._blank_lines_until(first)
            inner = self._inner(node, indent) if syntax in _STAND_INS else None
            if inner:
                self._done = self._end_of_header(inner[0])
                self._append(blocks, "header", _syntax(node), first, blank_lines)
                self.add(inner, f"{blocks}{indent}{_STAND_INS[syntax]}", indent + STEP)
            else:
                self._done = node.end_lineno or 0
                name = _syntax(node)
                if isinstance(node, _WITH_BODY) and any(isinstance(one, _DEFINITIONS) for one in ast.walk(node)):
                    raise ValueError
                self._append(blocks, role if name == "String" else "statement", name, first, blank_lines)
            role = "statement"

    def end(self) -> None:
        """Check that all lines are in units.

        Raises:
            ValueError: there are others.
        """
        self._blank_lines_until(len(self._lines))

    def _append(self, blocks: str, role: Role, syntax: str, first: int, blank_lines: int) -> None:
        code = self._lines[first] if self._done == first + 1 else "\n".join(self._lines[first : self._done])
        self.pieces.append(Piece(Unit(blocks, role, syntax, code), blank_lines))

    def _blank_lines_until(self, first: int) -> int:
        """How many lines are between what is in units and a line; all of them must be blank."""
        blank_lines = first - self._done
        if blank_lines < 0 or (blank_lines and "".join(self._lines[self._done : first]).strip()):
            raise ValueError
        return blank_lines

    def _inner(self, node: ast.stmt, indent: str) -> Sequence[ast.stmt] | None:
        """The body of a block where it is indented as usual; None elsewhere, and where `else` follows."""
        if isinstance(node, ast.If) and node.orelse:
            return None
        body = cast("Sequence[ast.stmt]", vars(node)["body"])
        line = self._lines[_first_line(body[0])]
        return body if line.startswith(indent + STEP) and not line.startswith(f"{indent}{STEP} ") else None

    def _end_of_header(self, first: ast.stmt) -> int:
        """The line behind a block's first lines, without the blank lines that may follow."""
        end = _first_line(first)
        while not self._lines[end - 1].strip():
            end -= 1
        if self._lines[end - 1].lstrip().startswith("#"):
            raise ValueError
        return end


def _first_line(node: ast.stmt) -> int:
    """The first line of a statement, from 0; decorators are part of it."""
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    return (decorators[0].lineno if decorators else node.lineno) - 1


def _syntax(node: ast.stmt) -> str:
    """What decides about the blank lines around a statement, whatever its text."""
    if isinstance(node, ast.Expr):
        is_string = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return "String" if is_string else "Expr"
    return f"{'@' if getattr(node, 'decorator_list', ()) else ''}{node.__class__.__name__}"
