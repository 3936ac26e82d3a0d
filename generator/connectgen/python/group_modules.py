"""Modules of groups: operations put together, split where a module would be too long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import cast

from connectgen.naming import group_class
from connectgen.python.docstrings import docstring, sentence
from connectgen.python.layout import tidy
from connectgen.python.pieces import OperationPieces, Operations, Pieces, merge, sorted_unions
from connectgen.python.views import OperationView
from connectgen.surface import SurfaceGroup

_MAX_LINES = 1_450


class GroupModules:
    """Makes the modules of groups; one that versions have in common is made once.

    Args:
        pieces: what they are put together from.
    """

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._groups: dict[object, Sequence[tuple[str, str]]] = {}

    def of(self, group: SurfaceGroup, operations: Operations) -> Sequence[tuple[str, str]]:
        """A group's modules: the name of each, and its text."""
        key = (group.family, group.name, tuple((id(operation), item) for operation, item in operations))
        if key not in self._groups:
            text = self._group_text(group, operations)
            short = text.count("\n") <= _MAX_LINES
            self._groups[key] = [(group.name, text)] if short else self._long_group(group, operations)
        return self._groups[key]

    def _long_group(self, group: SurfaceGroup, operations: Operations) -> Sequence[tuple[str, str]]:
        """A group past the limit: parts of its operations in modules of their own, joined by inheritance."""
        share = 1
        while True:
            share += 1
            size = -(-len(operations) // share)
            parts = [operations[start : start + size] for start in range(0, len(operations), size)]
            texts = [
                self._group_text(group, part, f"{group_class(group.name)}{number}")
                for number, part in enumerate(parts, 1)
            ]
            if all(text.count("\n") <= _MAX_LINES for text in texts):
                break
        names = [f"{group.name}_{number}" for number in range(1, len(texts) + 1)]
        name = group_class(group.name)
        lines = [
            f'"""Operations of the group {group.family}.{group.name}."""',
            "",
            "from __future__ import annotations",
            "",
        ]
        for number, module in enumerate(names, 1):
            lines.append(f"from .{module} import Async{name}{number}, {name}{number}")
        for prefix in ("", "Async"):
            bases = ", ".join(f"{prefix}{name}{number}" for number in range(1, len(names) + 1))
            lines += ["", "", f"class {prefix}{name}({bases}):", f"    {docstring(sentence(group.summary), [], [], 4)}"]
        whole = "\n".join(lines) + "\n"
        return [(group.name, self._pieces.code(whole)), *zip(names, texts, strict=True)]

    def _group_text(self, group: SurfaceGroup, operations: Operations, name: str | None = None) -> str:
        made = [self._pieces.of_operation(operation, item) for operation, item in operations]
        needs = merge(needs for one in made for needs in one.needs)
        uploads = any(
            re.search(r"\bUpload\b", argument.annotation) for item in made for argument in _view(item).arguments
        )
        hidden = bool(self._pieces.hidden.get((group.family, group.name)))
        core = ["AsyncGroup", "Operation", "RequestOptions", "SyncGroup"]
        if any("pagination=Pagination(" in one.description for one in made):
            core.append("Pagination")
        if any(one.iterator for one in made):
            core += ["AsyncPager", "Pager"]
        if uploads:
            core.append("Upload")
        imports = self._pieces.imports(needs, core, "...models", builtins=hidden and _mentions(made, "builtins."))
        classes = [
            {
                "name": f"{prefix}{name or group_class(group.name)}",
                "base": f"{prefix or 'Sync'}Group",
                "methods": "\n".join(
                    self._pieces.formatted(piece).rstrip("\n") + "\n"
                    for item in made
                    for piece in (item.async_methods if prefix else item.methods)
                ),
            }
            for prefix in ("", "Async")
        ]
        text = self._pieces.templates.render_values(
            "sf_connect/version/groups/group.py.jinja",
            {
                "family": group.family,
                "name": group.name,
                "imports": imports,
                "unions": [
                    self._pieces.formatted(self._pieces.union(union)).rstrip("\n")
                    for union in sorted_unions(needs.unions)
                ],
                "descriptions": [self._pieces.formatted(item.description).rstrip("\n") for item in made],
                "classes": classes,
                "documentation": docstring(sentence(group.summary), [], [], 4),
            },
        )
        return tidy(text)


def _view(item: OperationPieces) -> OperationView:
    return cast("OperationView", item.viewed.view)


def _mentions(made: Iterable[OperationPieces], text: str) -> bool:
    return any(text in piece for item in made for piece in (item.description, *item.methods))
