"""Code in notebooks: read from the cells, magics hidden, and written back; the rest of the file stays."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from connectgen.diff.usage.lines import lines_of

_PYTHON = frozenset(["time", "timeit", "capture", "prun"])
"""Magics of cells that hold Python below them."""
_MAGIC = re.compile(r"(?P<indent>[ \t]*)(?:(?P<target>[\w, \t]+=[ \t]*)?[%!](?!=)|\?|[\w.]+\?{1,2}[ \t]*$)")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


LARGEST = 20_000_000
"""Bytes of a notebook that is read; its output may be large."""


class NotebookError(ValueError):
    """A file is no notebook that can be read."""


@dataclass(slots=True)
class Cell:
    """A cell of code.

    Attributes:
        number: which cell it is, from 1, of all cells.
        pieces: where each text of the source is in the file: one a line, or one for all.
        text: its source.
        is_list: whether the source is a list of lines.
        start: its first line in the code that is taken from the notebook.
        fault: why it is left out, empty where it is not.
        magics: the lines that are no Python, by their number in the cell from 0.
    """

    number: int
    pieces: list[tuple[int, int]]
    text: str
    is_list: bool
    start: int = 0
    fault: str = ""
    magics: dict[int, str] = field(default_factory=dict[int, str])


class Notebook:
    """A notebook.

    Args:
        text: the file.

    Raises:
        NotebookError: it is no notebook with cells in Python.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            content = json.loads(text)
            cells = content["cells"]
            language = content.get("metadata", {}).get("kernelspec", {}).get("language", "python")
            kinds = [cell["cell_type"] for cell in cells]
            sources = [cell["source"] for cell in cells]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise NotebookError(f"no notebook of format 4 ({type(error).__name__})") from None
        if language != "python":
            raise NotebookError(f"its language is {language}")
        self.cells: list[Cell] = []
        pieces = list(_sources(text))
        if len(pieces) != len(cells):
            raise NotebookError("its cells have no source of their own")
        line = 1
        self._code: list[str] = []
        for number, (kind, source, found) in enumerate(zip(kinds, sources, pieces, strict=True), 1):
            if kind != "code":
                continue
            whole = source if isinstance(source, str) else "".join(source)
            cell = Cell(number, found, whole, not isinstance(source, str), line)
            shown = _hidden(cell)
            self.cells.append(cell)
            self._code.append(shown)
            line += shown.count("\n")

    @property
    def code(self) -> str:
        """The Python of all cells, as one file."""
        return "".join(self._code)

    def cell_of(self, line: int) -> Cell:
        """The cell that a line of the code is in."""
        return next(cell for cell in reversed(self.cells) if cell.start <= line)

    def place_of(self, line: int) -> str:
        """Where a line of the code is: `cell 3:2`."""
        cell = self.cell_of(line)
        return f"cell {cell.number}:{line - cell.start + 1}"

    def place_in(self, file: str, line: int) -> tuple[str, int]:
        """The same for a file, as a name with the cell, and the line in that: `report.ipynb:cell 3`, 2."""
        cell = self.cell_of(line)
        return f"{file}:cell {cell.number}", line - cell.start + 1

    def rewritten(self, code: str, starts: Sequence[int]) -> str:
        """The file with other code in its cells.

        Args:
            code: the code of all cells.
            starts: the first line of each cell in it.
        """
        lines = lines_of(code)
        result = self.text
        ends = [*(start - 1 for start in starts[1:]), len(lines)]
        for cell, start, end in reversed(list(zip(self.cells, starts, ends, strict=True))):
            new = _unhidden(cell, lines[start - 1 : end])
            if not cell.fault and new != cell.text:
                result = _replaced(result, cell, new)
        return result


def read_notebook(data: bytes) -> Notebook:
    """Read a notebook.

    Raises:
        NotebookError: it is none, or has no cells in Python.
    """
    if len(data) > LARGEST:
        raise NotebookError(f"it has more than {LARGEST // 1_000_000} MB")
    try:
        return Notebook(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise NotebookError(str(error)) from None


def _hidden(cell: Cell) -> str:
    """The cell as Python that has as many lines, and ends with a line end."""
    lines = lines_of(cell.text) or [""]
    if not lines[-1].endswith(("\n", "\r")):
        lines[-1] += "\n"
    first = lines[0].lstrip()
    if first.startswith("%%"):
        name = re.match(r"%%(\w*)", first)
        if name is None or name[1] not in _PYTHON:
            cell.magics = dict(enumerate(lines))
            return "".join("pass\n" for _ in lines)
        cell.magics[0] = lines[0]
        lines[0] = "pass\n"
    goes_on = False
    for number, line in enumerate(lines):
        if number in cell.magics:
            continue
        found = _MAGIC.match(line)
        if (found and not _is_python(line)) or goes_on:
            cell.magics[number] = line
            target = (found["target"] or "") if found and not goes_on else ""
            goes_on = line.rstrip().endswith("\\")
            lines[number] = f"{found['indent'] if found else ''}{target}{'None' if target else 'pass'}\n"
    shown = "".join(lines)
    try:
        ast.parse(shown)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        cell.fault = str(error)
        return "".join("pass\n" for _ in lines)
    return shown


def _is_python(line: str) -> bool:
    """A line that continues an expression may begin like a magic: `% values`."""
    return bool(re.match(r"[ \t]*%[ \t]", line))


def _unhidden(cell: Cell, lines: Sequence[str]) -> str:
    """The new source of a cell: its magics are put back where they were; comments may have come above them."""
    shown = lines_of(_hidden_lines(cell))
    result: list[str] = []
    number = 0
    for line in lines:
        if number in cell.magics and line == shown[number]:
            result.append(cell.magics[number])
            number += 1
        else:
            result.append(line)
            is_same = number < len(shown) and line == shown[number]
            number += is_same or not line.lstrip().startswith("# connectgen ")
    text = "".join(result)
    return text if cell.text.endswith(("\n", "\r")) or not text.endswith("\n") else text[:-1]


def _hidden_lines(cell: Cell) -> str:
    again = Cell(cell.number, cell.pieces, cell.text, cell.is_list, cell.start)
    return _hidden(again)


def _replaced(text: str, cell: Cell, new: str) -> str:
    """The file with another source of one cell, in the form that it has."""
    start, end = cell.pieces[0][0], cell.pieces[-1][1]
    plain = text[start:end].isascii()
    if not cell.is_list:
        return text[:start] + json.dumps(new, ensure_ascii=plain) + text[end:]
    between = text[cell.pieces[0][1] : cell.pieces[1][0]] if len(cell.pieces) > 1 else ",\n    "
    shown = between.join(json.dumps(line, ensure_ascii=plain) for line in lines_of(new))
    return text[:start] + shown + text[end:]


def _sources(text: str) -> Iterator[list[tuple[int, int]]]:
    """Where the texts of `source` are, for each cell."""
    path: list[str] = []
    key = ""
    expects_key: list[bool] = []
    found: list[tuple[int, int]] = []
    for token in _TOKEN.finditer(text):
        one = token[0]
        if one in "{[":
            path.append(key if one == "{" else f"{key}[]")
            expects_key.append(one == "{")
            key = ""
        elif one in "}]":
            inside = path.pop()
            expects_key.pop()
            key = ""
            if one == "]" and inside == "source[]" and _in_cell(path):
                yield found
                found = []
        elif one == ",":
            if expects_key:
                expects_key[-1] = not path[-1].endswith("[]")
            key = ""
        elif one == ":":
            continue
        elif expects_key and expects_key[-1]:
            key = str(json.loads(one))
            expects_key[-1] = False
        elif path[-1:] == ["source[]"] and _in_cell(path[:-1]):
            found.append(token.span())
        elif key == "source" and _in_cell(path):
            yield [token.span()]


def _in_cell(path: Sequence[str]) -> bool:
    return list(path) == ["", "cells[]", ""]
