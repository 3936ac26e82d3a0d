"""Gives every schema the name of a type: the one a person chose, or one from its title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from connectgen.catalogue.rules.names import type_name_fault
from connectgen.importer.endings import without_ending
from connectgen.importer.openapi.known import Known
from connectgen.naming import class_name, type_name

_LONGEST = 120
"""Characters of a name before its ending: the catalogue takes it with a family's name before it and a number too."""
_ENDINGS = re.compile(r"(?:\s+(?:Output|Representation|Rep))+$")


class TypeNames:
    """The names of types, each given once.

    Args:
        known: what the catalogue has.
        family: the family of new types.
    """

    def __init__(self, known: Known, family: str) -> None:
        self._known = known
        self._family = family
        self._taken = set(known.taken)
        self._given: dict[tuple[str, bool], str] = {}
        self.matched: dict[tuple[str, bool], str] = {}
        """Types of the catalogue that schemas were found to be."""

    def name(self, key: str, title: str, *, is_input: bool) -> str:
        """The name of a schema's type.

        Args:
            key: how the file calls the schema.
            title: its title, may be empty.
            is_input: whether the type is sent.
        """
        given = self._given.get((key, is_input)) or self.matched.get((key, is_input))
        given = given or self._known.type_names.get((key, is_input))
        if given is None:
            given = next(name for name in self._candidates(key, title, is_input=is_input) if self._is_free(name))
            self._taken.add(given)
        self._given[key, is_input] = given
        return given

    def _is_free(self, name: str) -> bool:
        is_name = re.fullmatch(r"[A-Z][A-Za-z0-9]*", name) is not None
        return is_name and name not in self._taken and type_name_fault(name, "type") is None

    def _candidates(self, key: str, title: str, *, is_input: bool) -> Iterator[str]:
        from_title, from_key = _both(key, title, is_input=is_input)
        prefix = class_name(self._family)
        own = [name for name in (from_title, from_key) if name]
        yield from own
        yield from (f"{prefix}{name}" for name in own)
        last = f"{prefix}{from_key or from_title}".removesuffix("Input")
        yield from (f"{last}{number}{'Input' if is_input else ''}" for number in count(2))


def plain_candidates(key: str, title: str, *, is_input: bool) -> list[str]:
    """The names that a schema's type would have if nothing else had them: after its title, and after its key."""
    whole = _usable(key, is_input=is_input)
    return [name for name in dict.fromkeys((*_both(key, title, is_input=is_input), whole)) if name]


def without_base(key: str) -> str:
    """A schema's key as the name of a type, endings and all."""
    return re.sub(r"[^0-9A-Za-z]+", "", key)


def _both(key: str, title: str, *, is_input: bool) -> tuple[str, str]:
    plain = re.sub(r"[^0-9A-Za-z]+", " ", key).title().replace(" ", "") if "/" in key else key
    own = _usable(without_ending(plain), is_input=is_input)
    return _usable(_ENDINGS.sub("", title), is_input=is_input), own


def _usable(text: str, *, is_input: bool) -> str:
    """A type's name from a text: what is received does not end in Input, what is sent does."""
    name = type_name(text, is_input=is_input)
    if len(name) > _LONGEST:
        name = name.removesuffix("Input")[:_LONGEST] + ("Input" if is_input else "")
    if not is_input:
        while name.endswith("Input"):
            name = name.removesuffix("Input")
    return "" if name in ("", "Input") else name
