"""The code of a folder: Python files and notebooks, copied so that it can be looked at; nothing of it is executed."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from connectgen.diff.usage.lines import Source, Statements, lines_of, read_source
from connectgen.diff.usage.notebooks import Notebook, NotebookError, read_notebook
from connectgen.diff.usage.project import files_named, python_files, unreadable

_VERSIONS = re.compile(r"\bsf_connect\.v(\d+)\b|\bfrom[ \t]+sf_connect[ \t]+import[ \t(]+v(\d+)\b")


@dataclass(slots=True)
class CodeFile:
    """A file of code.

    Attributes:
        path: the file.
        copy: its code where it is looked at.
        source: its code.
        notebook: the notebook that it is, or None.
        tree: its code as a syntax tree.
        versions: the versions of clients that it names.
    """

    path: Path
    copy: Path
    source: Source
    tree: ast.Module
    notebook: Notebook | None
    versions: frozenset[int]
    lines: list[str] = field(default_factory=list[str])
    _statements: Statements | None = None

    @property
    def statements(self) -> Statements:
        """Where its statements are."""
        if self._statements is None:
            self._statements = Statements(self.tree)
        return self._statements

    def place(self, line: int) -> str:
        """`app.py:3`, or `report.ipynb:cell 2:3`."""
        return f"{self.path}:{self.notebook.place_of(line) if self.notebook else line}"


@dataclass(slots=True)
class Sources:
    """The code of a folder.

    Attributes:
        files: what could be read, by the path of its copy.
        left_alone: what could not, and why: a line each.
        number: how many files there are.
        others: how many of them are for the client of another version only, by that version.
    """

    files: dict[str, CodeFile] = field(default_factory=dict[str, CodeFile])
    left_alone: list[str] = field(default_factory=list[str])
    number: int = 0
    others: Counter[int] = field(default_factory=Counter[int])

    def place(self, file: str, line: int) -> str:
        """Where a line of a copy is in the folder."""
        return self.files[file].place(line)


def read_sources(folder: Path, copies: Path, old: int) -> Sources:
    """Read the code of a folder, and copy what is for the old client, or for none.

    Args:
        folder: the folder.
        copies: where the copies go.
        old: the version of the client that the code is written for.
    """
    found = Sources()
    for path in python_files(folder):
        found.number += 1
        try:
            data = _read(path)
            source = read_source(data)
            tree = ast.parse(data, filename=str(path))
        except OSError as error:
            found.left_alone.append(f"{path}: cannot be read ({error.strerror or error})")
            continue
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            found.left_alone.append(unreadable(path, error).removesuffix("; it is left out"))
            continue
        _add(
            found, CodeFile(path, copies / path.relative_to(folder), source, tree, None, versions_in(source.text)), old
        )
    for path in files_named(folder, ".ipynb"):
        found.number += 1
        _add_notebook(found, path, copies / path.relative_to(folder), old)
    return found


def _read(path: Path) -> bytes:
    if path.is_symlink():
        raise OSError(0, "it is a link to another file")
    return path.read_bytes()


def versions_in(text: str) -> frozenset[int]:
    """The versions of clients that code names."""
    return frozenset(int(one or other) for one, other in _VERSIONS.findall(text))


def _add(found: Sources, file: CodeFile, old: int) -> None:
    others = sorted(file.versions - {old})
    if others and old in file.versions:
        named = " and ".join(f"v{other}" for other in others)
        found.left_alone.append(f"{file.path}: uses the client of {named} too; a person has to separate them")
        return
    if others:
        found.others.update(others)
        return
    file.lines = lines_of(file.source.text)
    file.copy.parent.mkdir(parents=True, exist_ok=True)
    file.copy.write_bytes(file.source.data)
    found.files[str(file.copy)] = file


def _add_notebook(found: Sources, path: Path, copy: Path, old: int) -> None:
    try:
        notebook = read_notebook(_read(path))
    except OSError as error:
        found.left_alone.append(f"{path}: cannot be read ({error.strerror or error})")
        return
    except NotebookError as error:
        found.left_alone.append(f"{path}: cannot be read as a notebook ({error})")
        return
    versions = versions_in(notebook.code)
    for cell in notebook.cells:
        if cell.fault:
            found.left_alone.append(f"{path}:cell {cell.number}: cannot be read as Python ({cell.fault})")
    name = copy.with_name(f"{re.sub(r'[^0-9A-Za-z]', '_', copy.stem)}_ipynb.py")
    while name.exists():
        name = name.with_name(f"{name.stem}_.py")
    _add(found, CodeFile(path, name, Source(notebook.code, "utf-8"), ast.parse(notebook.code), notebook, versions), old)


def texts_of(files: Mapping[str, CodeFile]) -> dict[str, list[str]]:
    """The lines of each file."""
    return {name: file.lines for name, file in files.items()}
