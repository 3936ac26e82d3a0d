"""Checks the Python in documents and docstrings against the newest client; prints what is wrong as JSON.

A process of its own: `python -m examples.documents FILE…`, with core and the packages importable.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from support.versions import NEWEST

_PACKAGE: Any = importlib.import_module(f"sf_connect.v{NEWEST}")
Connect, AsyncConnect = _PACKAGE.Connect, _PACKAGE.AsyncConnect

# What the documents call their clients.
CLIENTS = {"client", "later", "shop", "old", "connect_client", "connect_async_client"}
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LEFT_OUT = re.compile(r"(?<=\(self), …(?=\))")
_OPERATION = re.compile(r"\bclient(?:\.[a-z]\w*){3}\b")


def main(paths: list[str]) -> None:
    """Print the faults in these files, and how many operations they name."""
    faults: list[str] = []
    operations = 0
    with Connect("https://acme.my.salesforce.com", token="none") as client:
        for path in map(Path, paths):
            for line, tree in _trees(path, faults):
                for node in ast.walk(tree):
                    operations += isinstance(node, ast.Attribute) and _chain(node) is not None
                    faults += [f"{path}:{line + node.lineno}: {fault}" for fault in _faults(client, node)]
    print(json.dumps({"faults": faults, "operations": operations}))


def _trees(path: Path, faults: list[str]) -> Iterator[tuple[int, ast.AST]]:
    """The blocks of a document, or the operations that a module names, parsed, each with the lines before it."""
    text = path.read_text(encoding="utf-8")
    found = _BLOCK.finditer(text) if path.suffix == ".md" else _OPERATION.finditer(text)
    for block in found:
        code = _LEFT_OUT.sub("", block.group(block.lastindex or 0)).replace("…", "...")
        line = text.count("\n", 0, block.start(block.lastindex or 0))
        try:
            flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            yield line, compile(code, str(path), "exec", flags)
        except SyntaxError as error:
            faults.append(f"{path}:{line + (error.lineno or 1)}: {error.msg}")


def _faults(client: Any, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sf_connect"):
        yield from _faults_of_import(node)
    elif isinstance(node, ast.Attribute) and (names := _chain(node)) and _operation(client, names) is None:
        yield f"client.{'.'.join(names)} does not exist"
    elif isinstance(node, ast.Call):
        yield from _faults_of_call(client, node)


def _faults_of_import(node: ast.ImportFrom) -> Iterator[str]:
    module = importlib.import_module(node.module or "")
    for alias in node.names:
        if not hasattr(module, alias.name):
            try:
                importlib.import_module(f"{node.module}.{alias.name}")
            except ImportError:
                yield f"{node.module} has no {alias.name}"


def _faults_of_call(client: Any, node: ast.Call) -> Iterator[str]:
    """Arguments that the callee does not have; `client.batch().add(operation, …)` and the like pass theirs on."""
    called = node.func
    if (
        isinstance(called, ast.Attribute)
        and not _chain(called)
        and node.args
        and isinstance(node.args[0], ast.Attribute)
    ):
        called = node.args[0]
    operation = _callee(client, called)
    if operation is None:
        return
    known = inspect.signature(operation).parameters
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in known.values()):
        return
    for keyword in node.keywords:
        if keyword.arg and keyword.arg not in known:
            yield f"{ast.unparse(called)} has no argument {keyword.arg}"


def _callee(client: Any, called: ast.expr) -> object:
    if isinstance(called, ast.Attribute):
        if isinstance(called.value, ast.Name) and called.value.id in {"Connect", "AsyncConnect"}:
            return getattr(Connect if called.value.id == "Connect" else AsyncConnect, called.attr, None)
        return _operation(client, names) if (names := _chain(called)) else None
    return Connect if isinstance(called, ast.Name) and called.id in {"Connect", "AsyncConnect"} else None


def _chain(node: ast.Attribute) -> tuple[str, str, str] | None:
    """Family, group and operation, where the attribute is an operation of a client."""
    match node:
        case ast.Attribute(
            value=ast.Attribute(value=ast.Attribute(value=ast.Name(id=name), attr=family), attr=group), attr=operation
        ) if (name in CLIENTS):
            return family, group, operation
    return None


def _operation(client: Any, names: tuple[str, str, str]) -> object:
    found: object = client
    for name in names:
        found = getattr(found, name, None)
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
