"""Assembles the files of every version's package from formatted pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from connectgen.catalogue.types import TypeExpression
from connectgen.naming import class_name, group_class
from connectgen.python.annotations import Annotator, Needs, Union
from connectgen.python.docstrings import docstring, sentence
from connectgen.python.formatting import PieceFormatter
from connectgen.python.messages import BODY, MODULE, MessageParts, message_parts
from connectgen.python.modules import assign_modules
from connectgen.python.paging import item_of_page, names_of_iterators
from connectgen.python.templates import Templates
from connectgen.python.views import ModelView, OperationView, Viewed, iterator_view, model_view, operation_view
from connectgen.surface import Surface, SurfaceGroup, SurfaceOperation, SurfaceType

Files = Mapping[str, str]
T = TypeVar("T")
_MAX_LINES = 1_450
_HIDING = ("list", "dict", "str", "bool", "int", "float", "object", "bytes")


@dataclass(frozen=True)
class _OperationPieces:
    viewed: Viewed
    description: str
    methods: tuple[str, ...]
    async_methods: tuple[str, ...]
    iterator: Viewed | None = None

    @property
    def pieces(self) -> tuple[str, ...]:
        return (self.description, *self.methods, *self.async_methods)

    @property
    def needs(self) -> Iterable[Needs]:
        return (self.viewed.needs, *([self.iterator.needs] if self.iterator else []))


_Operations = Sequence[tuple[SurfaceOperation, TypeExpression | None]]
"""Operations of a group, each with the type of the items of its pages."""


class PackageMaker:
    """Makes the packages of some versions; what they have in common is rendered and formatted once.

    Args:
        surfaces: all versions of the catalogue (modules of types are assigned over all of them).
        templates: the folder of templates.
        memory: where formatted pieces are remembered, or None.
    """

    def __init__(self, surfaces: Sequence[Surface], templates: Path, memory: Path | None) -> None:
        self._surfaces = {surface.version: surface for surface in surfaces}
        self._templates = Templates(templates)
        self._formatter = PieceFormatter(memory)
        self._modules = assign_modules(surfaces)
        types = _distinct(resolved for surface in surfaces for resolved in surface.types.values())
        self._discriminated = frozenset(resolved.name for resolved in types if resolved.discriminator)
        self._constants = _constants(types)
        self._hidden = _hidden_builtins(surfaces)
        self._iterators = names_of_iterators(surfaces)
        self._viewed: dict[int, Viewed] = {}
        self._types: dict[int, Sequence[str]] = {}
        self._operations: dict[tuple[int, TypeExpression | None], _OperationPieces] = {}
        self._texts: dict[object, str] = {}
        self._groups: dict[object, Sequence[tuple[str, str]]] = {}
        self._formatted: dict[str, str] = {}

    def make(self, versions: Iterable[int]) -> Iterable[tuple[int, Files]]:
        """The files of each version's package, by their path in it."""
        wanted = [self._surfaces[version] for version in versions]
        self._prepare(wanted)
        for surface in wanted:
            yield surface.version, dict(self._package(surface))

    def remember(self, *, forget_others: bool) -> None:
        """Keep formatted pieces for the next run; forget those that a run over all versions had no use for."""
        self._formatter.remember(forget_others=forget_others)

    def _prepare(self, surfaces: Sequence[Surface]) -> None:
        pieces: list[str] = []
        for resolved in _distinct(resolved for surface in surfaces for resolved in surface.types.values()):
            pieces += self._type_pieces(resolved)
        for surface in surfaces:
            for group in surface.groups:
                for operation, item in _with_items(group, surface):
                    if (id(operation), item) not in self._operations:
                        made = self._operation_pieces(operation, item)
                        pieces += made.pieces
                        pieces += [self._union(union) for needs in made.needs for union in needs.unions]
        self._formatted.update(self._formatter.format_all(pieces))

    def _type_pieces(self, resolved: SurfaceType) -> Sequence[str]:
        if id(resolved) not in self._types:
            annotator = Annotator(self._discriminated)
            viewed = model_view(resolved, annotator, self._constants.get(resolved.name, {}))
            pieces = [self._templates.render("sf_connect/version/models/model.jinja", viewed.view)]
            if viewed.kinds:
                pieces.append(self._templates.render("sf_connect/version/models/kinds.jinja", viewed.kinds))
            pieces += [self._union(union) for union in _sorted(viewed.needs.unions)]
            self._viewed[id(resolved)] = viewed
            self._types[id(resolved)] = pieces
        return self._types[id(resolved)]

    def _union(self, union: Union) -> str:
        return self._templates.render("sf_connect/version/models/union.jinja", union)

    def _operation_pieces(self, operation: SurfaceOperation, item: TypeExpression | None) -> _OperationPieces:
        key = (id(operation), item)
        if key not in self._operations:
            group = (operation.family, operation.group)
            annotator = Annotator(self._discriminated, self._hidden.get(group, ()))
            name = self._iterators[group][operation.name] if item is not None else None
            viewed = operation_view(operation, annotator, name)
            iterator = None
            shown = [("method", viewed.view)]
            if name is not None and item is not None:
                iterator = iterator_view(operation, name, item, annotator)
                shown.append(("iterator", iterator.view))
            folder = "sf_connect/version/groups"
            methods, async_methods = (
                tuple(
                    self._templates.render(f"{folder}/{template}.jinja", view, asynchronous=asynchronous)
                    for template, view in shown
                )
                for asynchronous in (False, True)
            )
            description = self._templates.render(f"{folder}/description.jinja", viewed.view)
            self._operations[key] = _OperationPieces(viewed, description, methods, async_methods, iterator)
        return self._operations[key]

    def _package(self, surface: Surface) -> Iterable[tuple[str, str]]:
        version = f"{surface.version}.0"
        root = f"sf_connect/v{surface.version}"
        about = {
            "version": version,
            "distribution": f"sf-connect-v{surface.version}",
            "package": f"sf_connect.v{surface.version}",
            "release": surface.release.name,
            "retired_in": surface.release.retired_in if surface.release.status == "retired" else None,
        }
        families: dict[str, list[SurfaceGroup]] = {}
        for group in surface.groups:
            families.setdefault(group.family, []).append(group)
        named = [{"name": name, "module": name, "class_name": f"{class_name(name)}Family"} for name in sorted(families)]
        yield "pyproject.toml", self._static("pyproject.toml.jinja", **about)
        yield "README.md", self._static("README.md.jinja", shows_users=self._shows_users(surface), **about)
        yield f"{root}/py.typed", ""
        yield f"{root}/__init__.py", self._code("sf_connect/version/__init__.py.jinja", **about)
        yield f"{root}/client.py", self._code("sf_connect/version/client.py.jinja", families=named, **about)
        yield f"{root}/families/__init__.py", '"""Families of operations."""\n'
        yield f"{root}/groups/__init__.py", '"""Groups of operations, by family."""\n'
        for family, groups in sorted(families.items()):
            yield f"{root}/families/{family}.py", self._family(family, groups)
            yield f"{root}/groups/{family}/__init__.py", f'"""Groups of {family}."""\n'
            for group in groups:
                for module, text in self._group(group, _with_items(group, surface)):
                    yield f"{root}/groups/{family}/{module}.py", text
        yield from self._models(surface, f"{root}/models")

    def _shows_users(self, surface: Surface) -> bool:
        """Whether the version has what the README's example calls."""
        group = ("chatter", "users")
        names = {
            one.name for found in surface.groups if (found.family, found.name) == group for one in found.operations
        }
        return {"get", "list_followers"} <= names and self._iterators[group]["list_followers"] == "iter_followers"

    def _static(self, template: str, **values: object) -> str:
        return self._templates.render_values(template, values)

    def _code(self, template: str, **values: object) -> str:
        text = self._templates.render_values(template, values)
        return self._formatter.format_all([text])[text]

    def _family(self, family: str, groups: Sequence[SurfaceGroup]) -> str:
        shown = [
            {
                "name": group.name,
                "module": group.name,
                "class_name": group_class(group.name),
                "documentation": docstring(sentence(group.summary), [], [], 8),
            }
            for group in groups
        ]
        key = ("family", family, tuple((group.name, group.summary) for group in groups))
        if key not in self._texts:
            name = f"{class_name(family)}Family"
            template = "sf_connect/version/families/family.py.jinja"
            self._texts[key] = self._code(template, name=family, class_name=name, groups=shown)
        return self._texts[key]

    def _group(self, group: SurfaceGroup, operations: _Operations) -> Iterable[tuple[str, str]]:
        key = (group.family, group.name, tuple((id(operation), item) for operation, item in operations))
        if key not in self._groups:
            text = self._group_text(group, operations)
            short = text.count("\n") <= _MAX_LINES
            self._groups[key] = [(group.name, text)] if short else self._long_group(group, operations)
        return self._groups[key]

    def _long_group(self, group: SurfaceGroup, operations: _Operations) -> Sequence[tuple[str, str]]:
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
        return [(group.name, self._formatter.format_all([whole])[whole]), *zip(names, texts, strict=True)]

    def _group_text(self, group: SurfaceGroup, operations: _Operations, name: str | None = None) -> str:
        made = [self._operation_pieces(operation, item) for operation, item in operations]
        needs = _merge(needs for one in made for needs in one.needs)
        uploads = any(
            re.search(r"\bUpload\b", argument.annotation) for item in made for argument in _view(item).arguments
        )
        hidden = bool(self._hidden.get((group.family, group.name)))
        paging = "Paging, " if any("paging=Paging(" in one.description for one in made) else ""
        core = [f"from sf_connect.core.operations import AsyncGroup, Operation, {paging}RequestOptions, SyncGroup"]
        if any(one.iterator for one in made):
            core.append("from sf_connect.core.pages import AsyncPagedItems, PagedItems")
        if uploads:
            core.append("from sf_connect.core.uploads import Upload")
        imports = self._imports(needs, core, "...models", builtins=hidden and _mentions(made, "builtins."))
        classes = [
            {
                "name": f"{prefix}{name or group_class(group.name)}",
                "base": f"{prefix or 'Sync'}Group",
                "methods": "\n".join(
                    self._formatted[piece].rstrip("\n") + "\n"
                    for item in made
                    for piece in (item.async_methods if prefix else item.methods)
                ),
            }
            for prefix in ("", "Async")
        ]
        text = self._templates.render_values(
            "sf_connect/version/groups/group.py.jinja",
            {
                "family": group.family,
                "name": group.name,
                "imports": imports,
                "unions": [self._formatted[self._union(union)].rstrip("\n") for union in _sorted(needs.unions)],
                "descriptions": [self._formatted[item.description].rstrip("\n") for item in made],
                "classes": classes,
                "documentation": docstring(sentence(group.summary), [], [], 4),
            },
        )
        return tidy(text)

    def _imports(
        self,
        needs: Needs,
        core: Sequence[str],
        models: str,
        *,
        builtins: bool = False,
        own: str | None = None,
        first: Sequence[str] = (),
    ) -> str:
        lines = list(first)
        if builtins:
            lines.append("import builtins")
        if needs.datetime:
            lines.append("import datetime")
        typing = [
            name for name, needed in (("TYPE_CHECKING", bool(needs.unions)), ("Literal", needs.literal)) if needed
        ]
        if typing:
            lines.append(f"from typing import {', '.join(typing)}")
        core = list(core)
        if own is None and any(union.classes for union in needs.unions):
            core.append("from sf_connect.core.models import one_of")
        lines += ["", *sorted(core), ""]
        modules: dict[str, list[str]] = {}
        for name in needs.types:
            module = self._modules[name.removesuffix("Kinds") if name not in self._modules else name]
            if module != own:
                modules.setdefault(module, []).append(name)
        lines += [
            (
                f"from {models}{module} import {', '.join(sorted(names))}"
                if models == "."
                else f"from {models}.{module} import {', '.join(sorted(names))}"
            )
            for module, names in sorted(modules.items())
        ]
        text = "\n".join(lines).strip("\n") + "\n"
        return self._formatter.format_all([text])[text].strip("\n")

    def _models(self, surface: Surface, folder: str) -> Iterable[tuple[str, str]]:
        modules: dict[str, list[SurfaceType]] = {}
        for name, resolved in surface.types.items():
            modules.setdefault(self._modules[name], []).append(resolved)
        index: list[dict[str, str]] = []
        for module, members in sorted(modules.items()):
            key = ("models", module, tuple(id(resolved) for resolved in members))
            if key not in self._texts:
                self._texts[key] = self._model_module(module, members)
            yield f"{folder}/{module}.py", self._texts[key]
            names = [resolved.name for resolved in members]
            names += [f"{resolved.name}Kinds" for resolved in members if resolved.discriminator]
            index.append({"name": module, "names": _columns(sorted(names))})
        parts = message_parts(surface)
        if parts is not None:
            yield f"{folder}/{MODULE}.py", self._message_parts(parts)
            index.append({"name": MODULE, "names": _columns(sorted(one.name for one in parts.functions))})
        yield f"{folder}/__init__.py", self._code("sf_connect/version/models/__init__.py.jinja", modules=index)

    def _message_parts(self, parts: MessageParts) -> str:
        if parts not in self._texts:
            values = " ".join(one.value for one in parts.functions)
            named = [name for name in ("needed", "optional") if f"={name}(" in values]
            named = ["Part", "content", *named] if parts.begin else named
            core = [f"from sf_connect.core.messages import {', '.join(named)}"] if named else []
            typing = ["from collections.abc import Sequence", "from typing import Any"] if parts.begin else []
            if any("UNSET" in one.signature for one in parts.functions):
                core.append("from sf_connect.core.models import UNSET, UnsetType")
            imports = self._imports(Needs(types=set(parts.types)), core, ".", first=typing)
            exported = self._exported(one.name for one in parts.functions)
            template = f"sf_connect/version/models/{MODULE}.py.jinja"
            text = self._templates.render(template, parts, imports=imports, exported=exported, body=BODY)
            self._texts[parts] = self._formatter.format_all([text])[text]
        return self._texts[parts]

    def _exported(self, names: Iterable[str]) -> str:
        listing = f"__all__ = [{', '.join(repr(name) for name in sorted(names))}]\n"
        return self._formatter.format_all([listing])[listing].rstrip("\n")

    def _model_module(self, module: str, members: Sequence[SurfaceType]) -> str:
        ordered = _bases_first(members)
        viewed = [self._viewed[id(resolved)] for resolved in ordered]
        needs = _merge(item.needs for item in viewed)
        kinds = [item.kinds for item in viewed if item.kinds]
        for alias in kinds:
            needs.types.update(name for _, name in alias.values)
            needs.types.update([alias.otherwise] if alias.otherwise else [])
        needs.types.update(item.extends for item in viewed if item.extends)
        codes = [self._type_pieces(resolved) for resolved in ordered]
        definitions = [self._formatted[pieces[0]].strip("\n") for pieces in codes]
        aliases = list(dict.fromkeys(self._formatted[piece].strip("\n") for pieces in codes for piece in pieces[1:]))
        whole = "\n".join([*definitions, *aliases])
        wanted = [name for name in ("Input", "Model") if f"({name}," in whole]
        wanted += [name for name in ("UNSET", "UnsetType") if name in whole]
        wanted += [name for name in ("field", "input_kinds", "kinds", "one_of") if f" {name}(" in whole]
        core = [f"from sf_connect.core.models import {', '.join(wanted)}"] if wanted else []
        if "(MessageBody," in whole:
            core.append("from sf_connect.core.messages import MessageBody")
        if aliases:
            needs.unions.add(Union("", "", ()))
        imports = self._imports(needs, core, ".", own=module)
        exported = [*(view.view.name for view in viewed), *(alias.name for alias in kinds)]
        values = {
            "name": module.replace("_", " "),
            "imports": imports,
            "exported": self._exported(exported),
            "definitions": definitions,
            "aliases": aliases,
        }
        return tidy(self._templates.render_values("sf_connect/version/models/module.py.jinja", values))


def tidy(text: str) -> str:
    """At most two empty lines in a row, none at the end but the last line's end."""
    while "\n\n\n\n" in text:
        text = text.replace("\n\n\n\n", "\n\n\n")
    return text.strip("\n") + "\n"


def _columns(names: Sequence[str]) -> str:
    """Names in lines of bearable length."""
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > 96:
            lines.append("")
        lines[-1] += f"{name} "
    return "\n".join(line.rstrip() for line in lines)


def _view(item: _OperationPieces) -> OperationView:
    return cast("OperationView", item.viewed.view)


def _mentions(made: Iterable[_OperationPieces], text: str) -> bool:
    return any(text in piece for item in made for piece in (item.description, *item.methods))


def _with_items(group: SurfaceGroup, surface: Surface) -> _Operations:
    return [(operation, item_of_page(operation, surface.types)) for operation in group.operations]


def _distinct(items: Iterable[T]) -> list[T]:
    return list({id(item): item for item in items}.values())


def _sorted(unions: Iterable[Union]) -> list[Union]:
    return sorted(unions, key=lambda union: union.name)


def _merge(parts: Iterable[Needs]) -> Needs:
    whole = Needs()
    for part in parts:
        whole.types |= part.types
        whole.unions |= part.unions
        whole.datetime |= part.datetime
        whole.literal |= part.literal
    return whole


def _bases_first(members: Sequence[SurfaceType]) -> list[SurfaceType]:
    by_name = {resolved.name: resolved for resolved in members}
    ordered: dict[str, SurfaceType] = {}

    def add(resolved: SurfaceType) -> None:
        if resolved.extends in by_name and resolved.extends not in ordered:
            add(by_name[resolved.extends])
        ordered.setdefault(resolved.name, resolved)

    for resolved in members:
        add(resolved)
    return list(ordered.values())


def _constants(types: Iterable[SurfaceType]) -> dict[str, dict[str, str]]:
    """For inputs that are one value of a discriminator: the property and the value it always has."""
    found: dict[str, dict[str, set[str]]] = {}
    for resolved in types:
        if resolved.discriminator and resolved.is_input:
            for value, name in resolved.discriminator.values.items():
                found.setdefault(name, {}).setdefault(resolved.discriminator.property, set()).add(value)
    return {
        name: {item: next(iter(values)) for item, values in properties.items() if len(values) == 1}
        for name, properties in found.items()
    }


def _hidden_builtins(surfaces: Iterable[Surface]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Builtins that an operation's name hides in its group's class, in any version."""
    hidden: dict[tuple[str, str], set[str]] = {}
    for surface in surfaces:
        for group in surface.groups:
            names = {operation.name for operation in group.operations}.intersection(_HIDING)
            hidden.setdefault((group.family, group.name), set()).update(names)
    return {group: tuple(sorted(names)) for group, names in hidden.items()}


__all__ = ["Files", "ModelView", "PackageMaker", "tidy"]
