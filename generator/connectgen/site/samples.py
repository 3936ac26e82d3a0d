"""Samples as Python, laid out, and which parameters a sample call sets."""

from __future__ import annotations

import json

from connectgen.samples.values import Made, Tree, Value
from connectgen.surface import SurfaceOperation, SurfaceParameter


def python(tree: Tree, indent: int, width: int) -> str:
    """A tree as an expression in Python, laid out over lines where it is long.

    Args:
        tree: the tree.
        indent: how far the line is indented on which it begins.
        width: how long a line may be.
    """
    flat = _flat(tree)
    if len(flat) + indent <= width or isinstance(tree, Value):
        return flat
    inner = indent + 4
    margin, end = "\n" + " " * inner, "\n" + " " * indent
    match tree:
        case Made():
            lines = [f"{name}={python(value, inner, width)}," for name, _, value in tree.fields]
            return f"m.{tree.name}({margin}{margin.join(lines)}{end})"
        case list():
            return f"[{margin}{margin.join(f'{python(value, inner, width)},' for value in tree)}{end}]"
        case dict():
            lines = [f"{json.dumps(key)}: {python(value, inner, width)}," for key, value in tree.items()]
            return f"{{{margin}{margin.join(lines)}{end}}}"


def _flat(tree: Tree) -> str:
    match tree:
        case Value(python, _):
            return python
        case Made():
            return f"m.{tree.name}({', '.join(f'{name}={_flat(value)}' for name, _, value in tree.fields)})"
        case list():
            return f"[{', '.join(map(_flat, tree))}]"
        case dict():
            return f"{{{', '.join(f'{json.dumps(key)}: {_flat(value)}' for key, value in tree.items())}}}"


def needed_parameters(operation: SurfaceOperation) -> list[SurfaceParameter]:
    """The parameters beside the path that a call must set; the body replaces those of the form."""
    return [
        item
        for item in operation.parameters
        if item.required is True and not (item.place == "form" and operation.body is not None)
    ]
