"""Signatures of a client's methods, read from its package: names of arguments, their types, which go by position."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a method.

    Attributes:
        name: its name.
        annotation: its type, as the package writes it.
        by_position: whether it may be passed by position.
        is_required: whether a call must pass it.
    """

    name: str
    annotation: str
    by_position: bool
    is_required: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """What a method takes and gives."""

    parameters: tuple[Parameter, ...]
    returns: str

    @property
    def positional(self) -> tuple[Parameter, ...]:
        """The parameters that may be passed by position, in their order."""
        return tuple(one for one in self.parameters if one.by_position)

    def find(self, name: str) -> Parameter | None:
        """The parameter of a name."""
        return next((one for one in self.parameters if one.name == name), None)


class Signatures:
    """The signatures of one version's client.

    Args:
        files: the package, text by path (`sf_connect/v45/groups/feeds/elements.py`).
    """

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self._groups: dict[str, Mapping[str, Signature]] = {}

    def method(self, group: str, name: str) -> Signature | None:
        """The signature of a method of a group (`feeds.elements`); None where there is no such method."""
        if group not in self._groups:
            self._groups[group] = dict(self._read(group))
        return self._groups[group].get(name)

    def _read(self, group: str) -> Iterator[tuple[str, Signature]]:
        inside = f"/groups/{group.replace('.', '/')}"
        for path, text in self._files.items():
            at = path.find(inside)
            if at < 0 or not (path.endswith(".py") and path[at + len(inside)] in "./"):
                continue
            for node in ast.parse(text).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("Async"):
                    yield from ((one.name, _signature(one)) for one in node.body if isinstance(one, ast.FunctionDef))


def _signature(node: ast.FunctionDef) -> Signature:
    taken = node.args
    positional = [*taken.posonlyargs, *taken.args]
    defaults = len(positional) - len(taken.defaults)
    found = [_parameter(one, n < defaults, by_position=True) for n, one in enumerate(positional) if one.arg != "self"]
    for one, default in zip(taken.kwonlyargs, taken.kw_defaults, strict=True):
        found.append(_parameter(one, default is None, by_position=False))
    return Signature(tuple(found), ast.unparse(node.returns) if node.returns else "None")


def _parameter(node: ast.arg, is_required: bool, *, by_position: bool) -> Parameter:
    return Parameter(node.arg, ast.unparse(node.annotation) if node.annotation else "", by_position, is_required)
