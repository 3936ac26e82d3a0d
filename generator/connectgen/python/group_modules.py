"""Modules of groups: operations put together, by resource where one module would be too long."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import cast

from connectgen.catalogue.types import TypeExpression
from connectgen.naming import group_class
from connectgen.python.annotations import Needs
from connectgen.python.docstrings import docstring
from connectgen.python.file_texts import FileText, KnownTexts
from connectgen.python.fragments import Fragments, OperationFragments, Operations, merge, sorted_unions
from connectgen.python.group_parts import Subjects, long_groups
from connectgen.python.keys import Keys
from connectgen.python.layout import tidy
from connectgen.python.views import OperationView
from connectgen.surface import Surface, SurfaceGroup, SurfaceOperation
from connectgen.texts import sentence

_EVERY_METHOD = (
    "Every method takes `options`, the settings of that call (`RequestOptions`), and raises `SFConnectError` where the "
    "call fails: `APIStatusError` where the server responds with an error, `TypeError` or `ValueError` for arguments "
    "that cannot be sent."
)
"""What no method repeats."""
_EVERY_ITERATOR = (
    "Methods that iterate over all pages (`iter…`) also take `limit`, the most items; `start`, a pager's "
    "`resume_token`, to go on where it stopped; and `read_ahead`, True to read the next page while the items of a page "
    "are used."
)
_EVERY_WAITER = (
    "Methods that wait (`wait_for_…`) also take `interval`, seconds between the first two calls (1 where the API asks "
    "for none); `backoff`, by what each interval is longer than the one before, up to 30 seconds; `total_timeout`, "
    "seconds within which it must end; and `progress`, called with a `WaitEvent` after each response that says that it "
    "goes on. They raise `WaitFailedError` where it ends in another state than it should, and `WaitTimeoutError` where "
    "it has not ended within `total_timeout`; both have the last `response`."
)


class GroupModules:
    """Makes the modules of groups; one that versions have in common is made once.

    A group that is too long for a module is a package: the operations on its own resource in the package itself, those
    of each other resource in a module. The class has the group's name in each, so that errors and `help()` show it,
    and the package's inherits from those of its modules.

    Args:
        fragments: what they are put together from.
        surfaces: all versions of the catalogue; they decide together which groups are split.
        keys: the keys of what they are put together from.
        known: what earlier runs know of their texts.
    """

    def __init__(self, fragments: Fragments, surfaces: Sequence[Surface], keys: Keys, known: KnownTexts) -> None:
        self._fragments = fragments
        self._keys = keys
        self._known = known
        self._long = long_groups(surfaces)
        self._subjects = Subjects(surfaces)
        self._groups: dict[object, Sequence[tuple[str, FileText]]] = {}

    def of(self, group: SurfaceGroup, operations: Operations) -> Sequence[tuple[str, FileText]]:
        """A group's modules: the path of each in its family's folder, and its text."""
        key = (group.family, group.name, tuple((id(operation), item) for operation, item in operations))
        if key not in self._groups:
            if (group.family, group.name) in self._long:
                self._groups[key] = list(self._package(group, operations))
            else:
                text = self._module(group, operations, f"{group.family}.{group.name}", "...models")
                self._groups[key] = [(f"{group.name}.py", text)]
        return self._groups[key]

    def _package(self, group: SurfaceGroup, operations: Operations) -> Iterable[tuple[str, FileText]]:
        by_subject: dict[str, list[tuple[SurfaceOperation, TypeExpression | None]]] = defaultdict(list)
        for operation, item in operations:
            by_subject[self._subjects.of(operation) or ""].append((operation, item))
        own = by_subject.pop("", [])
        title = f"{group.family}.{group.name}"
        yield f"{group.name}/__init__.py", self._module(group, own, title, "....models", sorted(by_subject))
        for subject, part in sorted(by_subject.items()):
            yield f"{group.name}/{subject}.py", self._module(group, part, f"{title}: {subject}", "....models")

    def _module(
        self, group: SurfaceGroup, operations: Operations, title: str, models: str, parts: Sequence[str] = ()
    ) -> FileText:
        """A module, with what it has of the modules beside it."""

        def key() -> str:
            keys = [self._keys.of_operation(operation, item) for operation, item in operations]
            name = group_class(group.name, self._fragments.modules)
            summary = sentence(self._fragments.mentions.in_python(group.summary))
            hides = bool(self._fragments.hidden.get((group.family, group.name)))
            return self._keys.of("group", keys, title, models, list(parts), name, summary, hides)

        return self._known.text(
            key,
            lambda: self._text(group, operations, title, models, parts),
            lambda: self._fragments.prepare_operations(operations),
        )

    def _text(self, group: SurfaceGroup, operations: Operations, title: str, models: str, parts: Sequence[str]) -> str:
        made = [self._fragments.of_operation(operation, item) for operation, item in operations]
        needs = merge(needs for one in made for needs in one.needs)
        name = group_class(group.name, self._fragments.modules)
        headers = [_header(f"{prefix}{name}", parts, f"{prefix or 'Sync'}Group") for prefix in ("", "Async")]
        self._fragments.formatter.announce(headers)
        imports = self._imports(group, made, needs, models, parts)
        classes = [
            {
                "header": self._fragments.formatted(header).rstrip().removesuffix("pass").rstrip(),
                "methods": "\n".join(
                    self._fragments.formatted(fragment).rstrip("\n") + "\n"
                    for item in made
                    for fragment in (item.async_methods if prefix else item.methods)
                ),
            }
            for prefix, header in zip(("", "Async"), headers, strict=True)
        ]
        text = self._fragments.templates.render_values(
            "sf_connect/version/groups/group.py.jinja",
            {
                "title": title,
                "imports": imports,
                "unions": [
                    self._fragments.formatted(self._fragments.union(union)).rstrip("\n")
                    for union in sorted_unions(needs.unions)
                ],
                "descriptions": [
                    self._fragments.formatted(description).rstrip("\n")
                    for item in made
                    for description in (item.description, *item.waits)
                ],
                "classes": classes,
                "documentation": docstring(
                    sentence(self._fragments.mentions.in_python(group.summary)), [], [], 4, list(_of_all(made))
                ),
            },
        )
        return tidy(text)

    def _imports(
        self, group: SurfaceGroup, made: Sequence[OperationFragments], needs: Needs, models: str, parts: Sequence[str]
    ) -> str:
        uploads = any(
            re.search(r"\bUpload\b", argument.annotation) for item in made for argument in _view(item).arguments
        )
        hidden = bool(self._fragments.hidden.get((group.family, group.name)))
        core = [] if parts else ["AsyncGroup", "SyncGroup"]
        core += ["Operation", "RequestOptions"] if made else []
        core += ["Pagination"] if any("pagination=Pagination(" in one.description for one in made) else []
        core += ["AsyncPager", "Pager"] if any(one.iterator for one in made) else []
        waits = any(one.waits for one in made)
        core += ["Wait", "WaitEvent"] if waits else []
        first = ["from collections.abc import Callable"] if waits else []
        core += ["Upload"] if uploads else []
        core += ["deprecated"] if any(_view(item).deprecated for item in made) else []
        builtins = hidden and _mentions(made, "builtins.")
        imports = self._fragments.imports(needs, core, models, builtins=builtins, first=first)
        if not parts:
            return imports
        own = self._fragments.formatted(f"from . import {', '.join(parts)}\n")
        return f"{imports}\n{own}".strip("\n")


def _header(name: str, parts: Sequence[str], base: str) -> str:
    """A class without a body, which inherits from those of its parts or else from the runtime's; not formatted."""
    bases = ", ".join(f"{part}.{name}" for part in parts) or base
    return f"class {name}({bases}):\n    pass\n"


def _of_all(made: Sequence[OperationFragments]) -> Iterable[str]:
    """What the methods have in common, and none of them repeats."""
    yield _EVERY_METHOD
    if any(one.iterator for one in made):
        yield _EVERY_ITERATOR
    if any(one.waits for one in made):
        yield _EVERY_WAITER


def _view(item: OperationFragments) -> OperationView:
    return cast("OperationView", item.viewed.view)


def _mentions(made: Iterable[OperationFragments], text: str) -> bool:
    return any(text in fragment for item in made for fragment in (item.description, *item.methods))
