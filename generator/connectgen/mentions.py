"""Names that descriptions mention in backquotes: the API's in the catalogue, Python's where a client shows them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from types import MappingProxyType

from connectgen.naming import python_name
from connectgen.surface import Surface, SurfaceProperty, SurfaceValue

MARKED = re.compile(r"`([^`]+)`")
"""A name that a description mentions."""
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_NO_NAMES: Mapping[str, str] = MappingProxyType({})


class Mentions:
    """Writes the names in descriptions as Python has them.

    A parameter or property has the Python name of the one beside what is described, or else that which all of its name
    have; values, types, operations and what nothing is called stay as they are.

    Args:
        surfaces: all versions of the catalogue.
    """

    def __init__(self, surfaces: Iterable[Surface]) -> None:
        self._names: dict[str, str] = {}
        self._values: set[str] = set()
        self._operations: set[str] = set()
        seen: set[int] = set()
        for surface in surfaces:
            for group in surface.groups:
                if id(group) in seen:
                    continue
                seen.add(id(group))
                for operation in group.operations:
                    self._operations.add(f"{operation.family}.{operation.group}.{operation.name}")
                    if id(operation) not in seen:
                        seen.add(id(operation))
                        self._take((*operation.path_parameters, *operation.parameters))
            for resolved in surface.types.values():
                if id(resolved) not in seen:
                    seen.add(id(resolved))
                    self._take(resolved.properties)

    def _take(self, values: Iterable[SurfaceValue]) -> None:
        for value in values:
            if value.name not in self._names:
                self._names[value.name] = python_name(value.name, value.python_name)
            if value.values:
                self._values.update(value.values)

    def in_python(self, text: str, beside: Mapping[str, str] = _NO_NAMES, values: Container[str] = ()) -> str:
        """A text with its names as Python has them.

        Args:
            text: a description, whose names are in backquotes.
            beside: the Python names of what is beside the thing described, by the API's.
            values: the known values of the thing described, which no name is confused with.
        """
        if "`" not in text:
            return text
        return MARKED.sub(lambda found: f"`{self._name(found[1], beside, values)}`", text)

    def meaning(self, name: str) -> tuple[object, ...]:
        """All that decides how a mentioned name is written, but for what is beside the thing described."""
        parts = name.split(".")
        return (name in self._operations, [(self._names.get(part), part in self._values) for part in parts])

    def _name(self, mentioned: str, beside: Mapping[str, str], values: Container[str]) -> str:
        if mentioned in values or mentioned in self._operations:
            return mentioned
        if mentioned in beside:
            return beside[mentioned]
        if not _PATH.fullmatch(mentioned):
            return mentioned
        first, *rest = mentioned.split(".")
        known = beside.get(first) or (None if first in self._values and not rest else self._names.get(first))
        if known is None or (not rest and known == first):
            return mentioned
        return ".".join([known, *(self._names.get(name, name) for name in rest)])


def names_beside(properties: Iterable[SurfaceProperty]) -> dict[str, str]:
    """The Python names of a type's properties, by the API's."""
    return {item.name: python_name(item.name, item.python_name) for item in properties}
