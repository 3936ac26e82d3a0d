"""The files of an application: read as syntax trees, each with the name by which others import it."""

from __future__ import annotations

import ast
import re
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from connectgen.diff.usage.notebooks import Notebook, NotebookError, read_notebook
from connectgen.diff.usage.things import Module, Scope

T = TypeVar("T")
_ALWAYS = frozenset(["Connect", "AsyncConnect", "sf_connect", "models", "getattr", "hasattr", "filter_group"])
_IMPORT = re.compile(rb"^[ \t]*(?:from[ \t]+[\w.]+[ \t]+)?import\b[^\n(]*(?:\([^)]*\))?", re.MULTILINE)
_PACKAGE = re.compile(rb"sf_connect\.v\d+")
_FROM = re.compile(rb"\bfrom[ \t]+sf_connect[ \t]+import\b([^\n(]*(?:\([^)]*\))?)")
_WORD = re.compile(rb"\w+")
_LEFT_OUT = ("node_modules", "__pycache__", "site-packages")
_DEEP = 20_000
"""Frames that a deeply nested expression may take; the thread below has the stack for them."""
_STACK = 512 * 1024 * 1024


@dataclass(slots=True)
class Project:
    """The modules of a folder.

    Attributes:
        modules: those that could be read and may concern a client, by their dotted name.
        files: how many files there are.
        unreadable: a line a file that could not be read.
        imports_client: whether any file names a client's package.
        versions: the packages of clients that files name.
        notebooks: by the path that their code would have as a file, each with its own.
    """

    modules: dict[str, Module] = field(default_factory=dict[str, Module])
    files: int = 0
    unreadable: list[str] = field(default_factory=list[str])
    versions: set[str] = field(default_factory=set[str])
    notebooks: dict[Path, tuple[Path, Notebook]] = field(default_factory=dict[Path, tuple[Path, Notebook]])
    _endings: dict[str, str] = field(default_factory=dict[str, str])

    def find(self, name: str) -> Module | None:
        """The module that an import means; the folder need not be the root of imports."""
        if name in self.modules:
            return self.modules[name]
        if not self._endings:
            for full in sorted(self.modules, key=len, reverse=True):
                parts = full.split(".")
                for start in range(1, len(parts)):
                    self._endings[".".join(parts[start:])] = full
        ending = self._endings.get(name)
        return self.modules[ending] if ending else None

    def place(self, file: str, line: int) -> tuple[str, int]:
        """Where a person finds a line of code; of a notebook, in its cell."""
        for path, notebook in self.notebooks.values():
            if str(path) == file:
                return notebook.place_in(file, line)
        return file, line

    def conftests(self) -> list[Module]:
        """The modules in which pytest looks for fixtures."""
        return [module for module in self.modules.values() if module.path.name == "conftest.py"]


def read_project(folder: Path, words: frozenset[str]) -> Project:
    """Read every Python file and notebook of a folder; nothing is executed.

    Args:
        folder: the application's folder.
        words: a file without any of them, and without a client's package, alone concerns no client. It is parsed
            where it imports a file that may concern one, or is imported by one.
    """
    project = Project()
    matters = re.compile(rb"\b(?:" + b"|".join(sorted(re.escape(word.encode()) for word in words | _ALWAYS)) + rb")\b")
    others: dict[Path, bytes] = {}
    chosen: dict[Path, bytes] = {}
    for path, source in _sources(folder, project):
        project.files += 1
        versions = _versions(source)
        project.versions |= versions
        (chosen if versions or b"sf_connect" in source or matters.search(source) else others)[path] = source
    _choose_neighbours(chosen, others)
    for path in sorted(chosen):
        _parse(path, chosen[path], folder, project)
    _check(others, project)
    for path in files_beside(folder):
        try:
            names_client = bool(_versions(path.read_bytes()))
        except OSError as error:
            project.unreadable.append(f"{path}:1: cannot be read ({error.strerror}); it is left out")
            continue
        if names_client:
            project.unreadable.append(f"{path}:1: it names a client, and {path.suffix} files are not looked at")
    return project


def _versions(source: bytes) -> set[str]:
    """The packages of clients that code names."""
    named = set(_PACKAGE.findall(source))
    named |= {b"sf_connect." + one for names in _FROM.findall(source) for one in re.findall(rb"\bv\d+", names)}
    return {one.decode() for one in named}


def _sources(folder: Path, project: Project) -> Iterator[tuple[Path, bytes]]:
    """The code of each file; that of a notebook under a name of its own."""
    for path in python_files(folder):
        try:
            yield path, path.read_bytes()
        except OSError as error:
            project.files += 1
            project.unreadable.append(f"{path}:1: cannot be read ({error.strerror}); it is left out")
    for path in files_named(folder, ".ipynb"):
        data = b""
        try:
            data = path.read_bytes()
            notebook = read_notebook(data)
        except (OSError, NotebookError) as error:
            project.files += 1
            if isinstance(error, OSError) or b"sf_connect" in data:
                project.unreadable.append(f"{path}:1: cannot be read as a notebook ({error}); it is left out")
            continue
        code = path.with_name(f"{re.sub(r'[^0-9A-Za-z]', '_', path.stem)}_ipynb.py")
        while code.exists() or code in project.notebooks:
            code = code.with_name(f"{code.stem}_.py")
        project.notebooks[code] = path, notebook
        yield code, notebook.code.encode()


def _choose_neighbours(chosen: dict[Path, bytes], others: dict[Path, bytes]) -> None:
    """Move what imports a chosen file, or is imported by one, to the chosen, until there is no more."""
    new = dict(chosen)
    imports = {path: frozenset(_WORD.findall(b" ".join(_IMPORT.findall(source)))) for path, source in others.items()}
    while new and others:
        names = {_name(path) for path in new}
        wanted = frozenset(
            word for source in new.values() for one in _IMPORT.findall(source) for word in _WORD.findall(one)
        )
        new = {path: others[path] for path in others if _name(path) in wanted or names & imports[path]}
        chosen.update(new)
        for path in new:
            del others[path]


def _name(path: Path) -> bytes:
    """The last part of the name by which a file is imported."""
    return (path.parent.name if path.stem == "__init__" else path.stem).encode()


def python_files(folder: Path) -> Iterator[Path]:
    """The Python files of a folder, without those of its environments and tools."""
    return files_named(folder, ".py")


def files_beside(folder: Path) -> Iterator[Path]:
    """Stubs and scripts without a window: Python as well, but they are not followed."""
    return files_named(folder, ".pyi", ".pyw")


def files_named(folder: Path, *endings: str) -> Iterator[Path]:
    """The files of a folder with one of these endings, without those of its environments and tools."""
    for path in sorted(one for ending in endings for one in folder.rglob(f"*{ending}")):
        inside = path.parts[len(folder.parts) : -1]
        if path.is_file() and not any(part.startswith(".") or part in _LEFT_OUT for part in inside):
            yield path


def _parse(path: Path, source: bytes, folder: Path, project: Project) -> None:
    try:
        tree = ast.parse(source, filename=str(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        project.unreadable.append(unreadable(path, error))
        return
    parts = list(path.relative_to(folder).with_suffix("").parts)
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    name = ".".join(parts)
    shown, notebook = project.notebooks.get(path, (path, None))
    project.modules[name] = Module(path, str(shown), name, tree, Scope({}, None), notebook)
    for cell in notebook.cells if notebook else ():
        if cell.fault:
            project.unreadable.append(f"{shown}:cell {cell.number}: cannot be read as Python ({cell.fault})")


def _check(skipped: Mapping[Path, bytes], project: Project) -> None:
    """A file that is not Python is reported even where it would not concern a client."""
    for path, source in skipped.items():
        if b"\x00" in source:
            project.unreadable.append(unreadable(path, ValueError("source code cannot contain null bytes")))


def unreadable(path: Path, error: BaseException) -> str:
    """The line that says why a file is left out."""
    line = getattr(error, "lineno", None) or 1
    why = "it is nested too deeply" if isinstance(error, RecursionError | MemoryError) else str(error)
    return f"{path}:{line}: cannot be read as Python ({why}); it is left out"


def deeply(work: Callable[[], T]) -> T:
    """Do work that may recurse as deeply as code is nested: in a thread with a stack for it."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:
            failed.append(error)

    with _limits():
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    if failed:
        raise failed[0]
    return done[0]


@contextmanager
def _limits() -> Generator[None, None, None]:
    limit, stack = sys.getrecursionlimit(), threading.stack_size(_STACK)
    sys.setrecursionlimit(max(limit, _DEEP))
    try:
        yield
    finally:
        threading.stack_size(stack)
        sys.setrecursionlimit(limit)
