"""Reads Python code as a syntax tree: which operations of a client it calls, and which names it passes and reads."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

Places = defaultdict[str, list[str]]


def _places() -> Places:
    return defaultdict(list)


def _places_of_pairs() -> defaultdict[tuple[str, str], list[str]]:
    return defaultdict(list)


@dataclass(slots=True)
class CodeUse:
    """What code uses, each name with the places (`file:line`) where it stands.

    Attributes:
        calls: operations, `family.group.operation`.
        arguments: an operation and the name of an argument that a call passes by keyword.
        classes: models that the code names.
        constructed: a model and the name of an argument that its construction passes by keyword.
        attributes: every attribute that is read or written, whatever it belongs to.
    """

    calls: Places = field(default_factory=_places)
    arguments: defaultdict[tuple[str, str], list[str]] = field(default_factory=_places_of_pairs)
    classes: Places = field(default_factory=_places)
    constructed: defaultdict[tuple[str, str], list[str]] = field(default_factory=_places_of_pairs)
    attributes: Places = field(default_factory=_places)


def read_code(path: Path, operations: AbstractSet[str], types: AbstractSet[str], use: CodeUse) -> None:
    """Note what one file uses.

    Args:
        path: the file.
        operations: the operations to look for.
        types: the models to look for.
        use: where to note it.

    Raises:
        SyntaxError, ValueError: the file is no Python.
        OSError: it cannot be read.
    """
    tree = ast.parse(path.read_bytes(), filename=str(path))
    _Reader(str(path), operations, types, use).visit(tree)


class _Reader(ast.NodeVisitor):
    """Follows chains of attributes, also where a family or a group of the client was given a name before."""

    def __init__(self, file: str, operations: AbstractSet[str], types: AbstractSet[str], use: CodeUse) -> None:
        self._file = file
        self._operations = operations
        self._groups = {name.rpartition(".")[0] for name in operations}
        self._families = {name.partition(".")[0] for name in operations}
        self._types = types
        self._use = use
        self._names: dict[str, tuple[str, ...]] = {}

    def _place(self, node: ast.expr | ast.alias) -> str:
        return f"{self._file}:{node.lineno}"

    def _chain(self, node: ast.expr) -> tuple[str, ...]:
        """The names of a chain, outermost last: `client.site("x").feeds.news` → site, feeds, news."""
        names: list[str] = []
        while True:
            match node:
                case ast.Attribute(value=value, attr=attr):
                    names.append(attr)
                    node = value
                case ast.Call(func=func):
                    node = func
                case ast.Name(id=name):
                    return (*self._names.get(name, (name,)), *reversed(names))
                case _:
                    return tuple(reversed(names))

    def _operation(self, node: ast.expr) -> str | None:
        name = ".".join(self._chain(node)[-3:])
        return name if name in self._operations else None

    def visit_Assign(self, node: ast.Assign) -> None:
        """`news = client.feeds.news`: what is called on `news` is called on the group."""
        chain = self._chain(node.value) if isinstance(node.value, ast.Attribute) else ()
        known = ".".join(chain[-2:]) in self._groups or (chain and chain[-1] in self._families)
        for target in node.targets:
            if isinstance(target, ast.Name):
                if known:
                    self._names[target.id] = chain
                else:
                    self._names.pop(target.id, None)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """An operation that is named without being called (`batch.add(client.x.y.z, …)`) counts too."""
        operation = self._operation(node)
        if operation:
            self._use.calls[operation].append(self._place(node))
        elif node.attr in self._types:
            self._use.classes[node.attr].append(self._place(node))
        self._use.attributes[node.attr].append(self._place(node))
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        """A model that was imported by its name."""
        if node.id in self._types:
            self._use.classes[node.id].append(self._place(node))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """An import of a model by its name breaks when the model is gone."""
        for alias in node.names:
            if alias.name in self._types:
                self._use.classes[alias.name].append(self._place(alias))
                if alias.asname:
                    self._names[alias.asname] = (alias.name,)

    def visit_Call(self, node: ast.Call) -> None:
        """What a call passes by keyword; also through `batch.add(operation, …)`."""
        target = self._operation(node.func)
        if target is None and node.args:
            target = self._operation(node.args[0])
        chain = self._chain(node.func)
        kind = chain[-1] if chain and chain[-1] in self._types else None
        for keyword in node.keywords:
            if keyword.arg is None:
                continue
            if target:
                self._use.arguments[target, keyword.arg].append(f"{self._file}:{keyword.value.lineno}")
            if kind:
                self._use.constructed[kind, keyword.arg].append(f"{self._file}:{keyword.value.lineno}")
        if kind and isinstance(node.func, ast.Name) and node.func.id != kind:
            self._use.classes[kind].append(self._place(node))
        self.generic_visit(node)
