"""The Python interface of a generated client as its users see it, and what of it breaks their code when it changes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Signature:
    """What can be called, or made, with which arguments.

    Attributes:
        positional: arguments that may be passed by position, in order.
        named: those that can be passed by name only.
        required: those that must be passed.
    """

    positional: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Class:
    name: str
    bases: tuple[str, ...]
    methods: Mapping[str, Signature]
    fields: Mapping[str, bool]


Interface = Mapping[str, Signature]
"""By the name that users write: `feeds.elements.create`, `await feeds.elements.create`, `models.FeedItem`."""


def interface_of(package: Path) -> Interface:
    """Read the interface of a client.

    Args:
        package: the folder of its modules, `sf_connect/v67`.
    """
    found: dict[str, Signature] = {}
    for name, text in _modules(package, "*.py"):
        found |= _members(_classes(text), f"{name}.")
    for name, text in _modules(package, "families/*.py"):
        found |= _members(_classes(text), f"{name}.")
    for family in sorted((package / "groups").glob("*/")):
        for name, text in (*_modules(family, "*.py"), *_packages(family)):
            found |= _members(_classes(text), f"{family.name}.{name}.")
    models = {item.name: item for _, text in _modules(package, "models/*.py") for item in _classes(text)}
    for name, item in models.items():
        fields = _inherited(item, models)
        required = frozenset(field for field, has_default in fields.items() if not has_default)
        found[f"models.{name}"] = Signature((), tuple(sorted(fields)), required)
    for _, text in _modules(package, "models/enumerations_*.py"):
        found |= {f"models.{name}": Signature() for name in _aliases(text)}
    return found


def interface_breaks(before: Interface, after: Interface) -> list[str]:
    """What breaks the code of those who use a client, a line each."""
    lines: list[str] = []
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            lines.append(f"{name}: is gone")
            continue
        known = {*new.positional, *new.named}
        lines += [f"{name}({argument}): is gone" for argument in (*old.positional, *old.named) if argument not in known]
        lines += [
            f"{name}({argument}): can no longer be passed by position, or at another one"
            for position, argument in enumerate(old.positional)
            if argument in known and new.positional[position : position + 1] != (argument,)
        ]
        lines += [f"{name}({argument}): is required now" for argument in sorted(new.required - old.required)]
    return sorted(lines)


def interface_additions(before: Interface, after: Interface) -> list[str]:
    """What users of a client can call or pass that they could not before, a line each."""
    lines: list[str] = []
    for name, new in after.items():
        old = before.get(name)
        if old is None:
            lines.append(f"{name}: is new")
            continue
        known = {*old.positional, *old.named}
        lines += [f"{name}({argument}): is new" for argument in (*new.positional, *new.named) if argument not in known]
    return sorted(lines)


def _modules(folder: Path, pattern: str) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob(pattern)):
        if path.name != "__init__.py":
            yield path.stem, path.read_text(encoding="utf-8")


def _packages(folder: Path) -> Iterator[tuple[str, str]]:
    """The modules of long groups, each of which has a part of the class: by the group's name, and their texts."""
    for path in sorted(folder.glob("*/*.py")):
        yield path.parent.name, path.read_text(encoding="utf-8")


@cache
def _classes(text: str) -> tuple[_Class, ...]:
    """The classes of a module; versions share most modules' texts, so each is read once."""
    return tuple(
        _Class(
            node.name,
            tuple(base.id for base in node.bases if isinstance(base, ast.Name)),
            dict(_methods(node)),
            dict(_fields(node)),
        )
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )


def _aliases(text: str) -> Iterator[str]:
    """The enumerations of a module."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id != "__all__":
            yield node.targets[0].id


def _methods(node: ast.ClassDef) -> Iterator[tuple[str, Signature]]:
    for item in node.body:
        if not isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) or item.name.startswith("_"):
            continue
        arguments = item.args
        positional = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
        required = positional[: len(positional) - len(arguments.defaults)]
        named = [argument.arg for argument in arguments.kwonlyargs]
        required += [name for name, default in zip(named, arguments.kw_defaults, strict=True) if default is None]
        without_self = frozenset(required) - {"self"}
        yield item.name, Signature(tuple(name for name in positional if name != "self"), tuple(named), without_self)


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, bool]]:
    """Fields of a model, and whether each has a default."""
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            if isinstance(item.value, ast.Call):
                has_default = any(keyword.arg in ("default", "default_factory") for keyword in item.value.keywords)
            else:
                has_default = item.value is not None
            yield item.target.id, has_default


def _members(classes: tuple[_Class, ...], prefix: str) -> dict[str, Signature]:
    found: dict[str, Signature] = {}
    for item in classes:
        manner = "await " if item.name.startswith("Async") else ""
        found |= {f"{manner}{prefix}{name}": method for name, method in item.methods.items()}
    return found


def _inherited(item: _Class, models: Mapping[str, _Class]) -> dict[str, bool]:
    fields: dict[str, bool] = {}
    for base in item.bases:
        if base in models and base != item.name:
            fields |= _inherited(models[base], models)
    return fields | dict(item.fields)
