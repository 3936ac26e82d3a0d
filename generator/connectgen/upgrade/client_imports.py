"""The client's package in the code: imports, dotted names, texts that name it, and names that the new one lacks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from connectgen.upgrade.edits import At, Edit, Note, Rename, Step

_LOADS = frozenset(
    ["import_module", "__import__", "find_spec", "importorskip", "patch", "setattr", "delattr", "resolve_name", "cast"]
)
_LOADED = frozenset(["multiple", "object", "dict"])
"""`patch.object` and the like take no dotted name first, though it does no harm where they do."""


class Exports:
    """What a version's package has, by module.

    Args:
        files: its files.
        version: the version, 45.
    """

    def __init__(self, files: Mapping[str, str], version: int) -> None:
        self._files = files
        self._root = f"sf_connect/v{version}"

    def has_module(self, inside: Sequence[str]) -> bool:
        """Whether there is a module: `("models", "feeds_elements")`."""
        return self._path(inside) is not None

    def has(self, inside: Sequence[str], name: str) -> bool:
        """Whether a module has a name."""
        if list(inside) == ["models"]:
            return name in self.models or self.has_module([*inside, name])
        path = self._path(inside)
        return path is not None and (name in self._names(path) or self.has_module([*inside, name]))

    @cached_property
    def models(self) -> frozenset[str]:
        """The names of the models, and of what else `models` has."""
        for node in ast.parse(self._files[f"{self._root}/models/_names.py"]).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "NAMES":
                listed: dict[str, str] = ast.literal_eval(node.value)
                return frozenset(name for names in listed.values() for name in names.split())
        return frozenset()

    def _path(self, inside: Sequence[str]) -> str | None:
        base = "/".join([self._root, *inside])
        return next((path for path in (f"{base}.py", f"{base}/__init__.py") if path in self._files), None)

    def _names(self, path: str) -> frozenset[str]:
        found: set[str] = set()
        for node in ast.parse(self._files[path]).body:
            match node:
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                    found.add(name)
                case ast.Import(names=names) | ast.ImportFrom(names=names):
                    found.update(one.asname or one.name for one in names)
                case ast.Assign(targets=targets):
                    found.update(one.id for one in targets if isinstance(one, ast.Name))
                case ast.AnnAssign(target=ast.Name(id=name)):
                    found.add(name)
                case _:
                    pass
        return frozenset(found)


class ClientImports:
    """Finds the old package in a file.

    Args:
        tree: the file.
        lines: its lines.
        old: the version that is to be replaced, 45.
        new: the other, 67.
        exports: what the packages of both have.
    """

    def __init__(
        self, tree: ast.Module, lines: Sequence[str], old: int, new: int, exports: tuple[Exports, Exports]
    ) -> None:
        self._tree = tree
        self._lines = lines
        self._old, self._new = f"v{old}", f"v{new}"
        self._before, self._after = exports
        self._package = f"sf_connect.{self._old}"
        self._word = re.compile(rf"\bsf_connect\.{self._old}\b")
        self.unsure: list[int] = []
        """Lines whose import is written so that it is left alone."""

    def edits(self) -> Iterator[Edit]:  # noqa: C901  one case for each form
        """The edits that make the imports those of the new package."""
        names = False
        for node in ast.walk(self._tree):
            match node:
                case ast.Import(names=aliases):
                    yield from (self._at(one.lineno, one.col_offset) for one in aliases if self._is_ours(one.name))
                case ast.ImportFrom(module="sf_connect", level=0, names=aliases):
                    for one in aliases:
                        if one.name == self._old:
                            names = names or one.asname is None
                            yield self._rename(one.lineno, one.col_offset + len(self._old))
                case ast.ImportFrom(module=str(module), level=0) if self._is_ours(module):
                    yield from self._from(node)
                case ast.Attribute(value=ast.Name(id="sf_connect"), attr=attr) if attr == self._old:
                    yield self._rename(node.end_lineno or node.lineno, node.end_col_offset or 0)
                case ast.Call():
                    yield from (self._texts(node.args[:2]) if _name(node.func) in _LOADS | _LOADED else ())
                case ast.arg(annotation=ast.expr() as annotation) | ast.AnnAssign(annotation=annotation):
                    yield from self._texts([annotation])
                case ast.FunctionDef(returns=ast.expr() as returns) | ast.AsyncFunctionDef(
                    returns=ast.expr() as returns
                ):
                    yield from self._texts([returns])
                case _:
                    pass
        if names:
            for node in ast.walk(self._tree):
                if isinstance(node, ast.Name) and node.id == self._old:
                    yield self._rename(node.lineno, node.end_col_offset or 0)

    def notes(self, types: frozenset[str]) -> Iterator[Note]:
        """Comments on names that the new package lacks.

        Args:
            types: names of types of the old version: what became of these is known already.
        """
        modules: set[str] = set()
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Import):
                for one in node.names:
                    inside = one.name.split(".")[2:] if self._is_ours(one.name) else []
                    if inside and not self._after.has_module(inside):
                        yield self._gone(node.lineno, one.name)
                    if one.asname and inside == ["models"]:
                        modules.add(one.asname)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level and self._is_ours(node.module):
                inside = node.module.split(".")[2:]
                modules |= {one.asname or one.name for one in node.names if not inside and one.name == "models"}
                if inside and not self._after.has_module(inside):
                    yield self._gone(node.lineno, node.module)
                    continue
                for one in node.names:
                    known = one.name == "*" or one.name in types or self._after.has(inside, one.name)
                    if not known and self._before.has(inside, one.name):
                        yield self._gone(one.lineno, f"{node.module}.{one.name}")
        yield from self._attributes(modules, types)

    def _attributes(self, modules: set[str], types: frozenset[str]) -> Iterator[Note]:
        gone = self._before.models - self._after.models - types
        for node in ast.walk(self._tree) if modules and gone else ():
            if isinstance(node, ast.Attribute) and node.attr in gone:
                of = node.value
                if isinstance(of, ast.Name) and of.id in modules:
                    yield self._gone(node.lineno, f"{self._package}.models.{node.attr}")

    def _gone(self, line: int, name: str) -> Note:
        inside = name.removeprefix(f"{self._package}.")
        last = inside.rpartition(".")[2]
        where = f"; import {last} from sf_connect.{self._new}.models" if last in self._after.models else ""
        text = f"sf_connect.{self._new} has no {inside}{where or '; take it out, or keep the client of both for it'}."
        return Note(line, "name-removed", name, text)

    def _is_ours(self, module: str) -> bool:
        return module == self._package or module.startswith(f"{self._package}.")

    def _from(self, node: ast.ImportFrom) -> Iterator[Edit]:
        line = self._lines[node.lineno - 1].encode()
        found = re.match(rb"from[ \t]+sf_connect\." + self._old.encode(), line[node.col_offset :])
        if found:
            yield self._rename(node.lineno, node.col_offset + found.end())
        else:
            self.unsure.append(node.lineno)

    def _at(self, line: int, column: int) -> Edit:
        return self._rename(line, column + len(self._package))

    def _rename(self, line: int, end: int) -> Edit:
        return Rename(At(line, end), self._old, self._new)

    def _texts(self, nodes: Sequence[ast.expr]) -> Iterator[Edit]:
        for top in nodes:
            for node in ast.walk(top):
                if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                    continue
                if self._word.search(node.value) and node.end_lineno == node.lineno:
                    new = self._word.sub(f"sf_connect.{self._new}", node.value)
                    yield Rename(At(node.lineno, node.end_col_offset or 0), node.value, new)


def mentions(tree: ast.Module, version: int) -> list[int]:
    """Lines with a text that names a version of the client, or is put together to name one; docstrings are none."""
    word = re.compile(rf"\b[vV]?{version}\.0\b|\bsf[-_.]connect[-_.]v(?:{version}\b|$)")
    plain = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return sorted(
        {
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in plain
            if word.search(node.value)
        }
    )


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def steps_of(edits: Sequence[Edit], old: str, new: str) -> list[Step]:
    """The edits of imports as steps: where one is refused, a comment asks for it."""
    return [
        Step(one, Note(one.at.line, "import-moved", f"sf_connect.{old}", f"import this from sf_connect.{new}."))
        for one in edits
    ]
