"""Marks what changes as deprecated in a copy of the old client's package, so that a type checker reports its uses.

Operations are found by the package's public shape: the client's properties give families, theirs give groups, theirs
have methods. Where their modules are does not matter.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from connectgen.diff.usage.client_names import CLIENT_CLASSES, ClientNames

MARK = "connectgen:"
"""Begins the message of a mark; what is marked follows."""


_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be marked."""

    families: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    operations: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    fields: frozenset[tuple[str, str]] = frozenset()
    """A type and the Python name of one of its own properties."""


@dataclass(slots=True)
class _File:
    path: str
    module: str
    lines: list[str]
    tree: ast.Module
    edits: list[tuple[int, int, list[str]]] = field(default_factory=list[tuple[int, int, list[str]]])
    """Lines from one to before another, and what replaces them."""


class Marker:
    """Marks one version's package.

    Args:
        files: the package's files by path.
        names: what the client calls things.
        wanted: what is to be marked.
    """

    def __init__(self, files: Mapping[str, str], names: ClientNames, wanted: Wanted) -> None:
        self._texts = files
        self._names = names
        self._wanted = wanted
        self._files: dict[str, _File] = {}
        self._seen: set[tuple[str, str, str]] = set()

    def marked(self) -> dict[str, str]:
        """The files, marked."""
        client = next((path for path in self._texts if path.endswith("/client.py")), None)
        if client is not None:
            for name in sorted(CLIENT_CLASSES):
                self._mark_client(self._file(client), name)
        self._mark_models()
        result = dict(self._texts)
        for file in self._files.values():
            if file.edits:
                result[file.path] = _edited(file)
        return result

    def _file(self, path: str) -> _File:
        if path not in self._files:
            text = self._texts[path]
            module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            self._files[path] = _File(path, module, text.splitlines(), ast.parse(text))
        return self._files[path]

    def _mark_client(self, file: _File, name: str) -> None:
        for method in _methods(file, name):
            family = method.name
            if family in self._names.families and method.returns is not None:
                self._mark_property(file, method, f"family {family}", wanted=family in self._wanted.families)
                for owner, class_name in self._classes(file, ast.unparse(method.returns)):
                    self._mark_family(owner, class_name, family)

    def _mark_family(self, file: _File, name: str, family: str) -> None:
        for method in _methods(file, name):
            group = f"{family}.{method.name}"
            if group in self._names.groups and method.returns is not None:
                self._mark_property(file, method, f"group {group}", wanted=group in self._wanted.groups)
                if any(one.startswith(f"{group}.") for one in self._wanted.operations):
                    for owner, class_name in self._classes(file, ast.unparse(method.returns)):
                        self._mark_group(owner, class_name, group)

    def _mark_group(self, file: _File, name: str, group: str) -> None:
        if (file.path, name, group) in self._seen:
            return
        self._seen.add((file.path, name, group))
        for method in _methods(file, name):
            found = self._names.method(group, method.name)
            if found and found[0] in self._wanted.operations:
                file.edits.append((_start(method), _start(method), [_mark(f"operation {found[0]}", 4)]))
                _drop_own_marks(file, method)

    def _mark_property(self, file: _File, method: _Function, what: str, *, wanted: bool) -> None:
        """A cached property is made a plain one: of another a checker does not report the use."""
        if not wanted or (file.path, str(method.lineno), what) in self._seen:
            return
        self._seen.add((file.path, str(method.lineno), what))
        for decorator in method.decorator_list:
            if isinstance(decorator, ast.Name):
                file.edits.append((decorator.lineno, decorator.lineno + 1, ["    @_connectgen_property"]))
        file.edits.append((method.lineno, method.lineno, [_mark(what, 4)]))

    def _classes(self, file: _File, name: str, depth: int = 0) -> Iterable[tuple[_File, str]]:
        """The class that a name stands for in a file, and those that it derives from, each with its file."""
        owner = self._file_of(file, name)
        if owner is None or depth > 5:
            return
        node = next((one for one in owner.tree.body if isinstance(one, ast.ClassDef) and one.name == name), None)
        if node is None:
            return
        yield owner, name
        for base in node.bases:
            if isinstance(base, ast.Name):
                yield from self._classes(owner, base.id, depth + 1)
            elif isinstance(base, ast.Attribute) and isinstance(base.value, ast.Name):
                module = self._file_of(owner, base.value.id)  # a group in several modules: `setup.Social`
                if module is not None:
                    yield from self._classes(module, base.attr, depth + 1)

    def _file_of(self, file: _File, name: str) -> _File | None:
        """The file that a class of a file is in, or that a module's name in it stands for."""
        if any(isinstance(one, ast.ClassDef) and one.name == name for one in file.tree.body):
            return file
        for node in ast.walk(file.tree):
            if isinstance(node, ast.ImportFrom) and any((one.asname or one.name) == name for one in node.names):
                module = _absolute(file, node).replace(".", "/")
                for path in (f"{module}/{name}.py", f"{module}.py", f"{module}/__init__.py"):
                    if path in self._texts:
                        return self._file(path)
        return None

    def _mark_models(self) -> None:
        owners = {owner for owner, _ in self._wanted.fields} | self._wanted.classes
        for path, text in self._texts.items():
            if "/models" not in path or not any(f"class {owner}(" in text for owner in owners):
                continue
            file = self._file(path)
            for node in file.tree.body:
                if isinstance(node, ast.ClassDef) and node.name in owners:
                    self._mark_model(file, node)

    def _mark_model(self, file: _File, node: ast.ClassDef) -> None:
        if node.name in self._wanted.classes:
            file.edits.append((node.lineno, node.lineno, [_mark(f"class {node.name}", 0)]))
            _drop_own_marks(file, node)
        marked = False
        for one in node.body:
            if not (isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)):
                continue
            if (node.name, one.target.id) in self._wanted.fields:
                lines = _as_property(node.name, one.target.id, ast.unparse(one.annotation))
                file.edits.append((one.lineno, (one.end_lineno or one.lineno) + 1, lines))
                marked = True
        if marked:
            end = (node.end_lineno or node.lineno) + 1
            file.edits.append((end, end, ["", "    def __init__(self, **_: object) -> None: ..."]))


def _as_property(owner: str, name: str, annotation: str) -> list[str]:
    return [
        "    @_connectgen_property",
        _mark(f"read {owner}.{name}", 4),
        f"    def {name}(self) -> {annotation}: ...  # type: ignore",
        f"    @{name}.setter",
        _mark(f"write {owner}.{name}", 4),
        f"    def {name}(self, value: {annotation}) -> None: ...",
    ]


def _drop_own_marks(file: _File, node: _Function | ast.ClassDef) -> None:
    """Take away what the package itself calls deprecated: a checker reports one message only."""
    for one in node.decorator_list:
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "deprecated":
            file.edits.append((one.lineno, (one.end_lineno or one.lineno) + 1, []))


def _mark(what: str, indent: int) -> str:
    return f"{' ' * indent}@typing_extensions.deprecated({json.dumps(MARK + what)})"


def _start(node: _Function) -> int:
    return min([node.lineno, *(one.lineno for one in node.decorator_list)])


def _methods(file: _File, name: str) -> list[_Function]:
    for node in file.tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return [one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    return []


def _absolute(file: _File, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = file.module.split(".")
    drop = node.level - (1 if file.path.endswith("/__init__.py") else 0)
    base = parts[: len(parts) - drop] if drop else parts
    return ".".join([*base, *([node.module] if node.module else [])])


def _edited(file: _File) -> str:
    lines: list[str] = []
    at = 1
    for start, end, text in sorted(file.edits, key=lambda edit: (edit[0], edit[1])):
        lines += file.lines[at - 1 : start - 1]
        lines += text
        at = max(end, at)
    lines += file.lines[at - 1 :]
    imports = ["from builtins import property as _connectgen_property", "import typing_extensions"]
    position = next((n for n, line in enumerate(lines) if line.startswith("from __future__")), -1)
    return "\n".join([*lines[: position + 1], *imports, *lines[position + 1 :]]) + "\n"
