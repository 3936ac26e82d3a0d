"""Properties whose value follows from the class, and classes that narrow a property of the class that they extend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectgen.surface import SurfaceType


@dataclass(frozen=True, slots=True)
class Constant:
    """What a property of a class always is.

    Attributes:
        value: its value.
        values: its value, then those that it has in classes that extend the class.
    """

    value: str
    values: tuple[str, ...]


class Constants:
    """Constant and narrowed properties of types, over all versions.

    Args:
        types: the types of all versions.
    """

    def __init__(self, types: Sequence[SurfaceType]) -> None:
        self._bases = {resolved.name: resolved.extends for resolved in types if resolved.extends}
        self._properties: dict[str, set[str]] = defaultdict(set)
        for resolved in types:
            self._properties[resolved.name].update(item.name for item in resolved.properties)
        own = _discriminators(types)
        extending: dict[str, list[str]] = defaultdict(list)
        for name in own:
            for base in self._ancestors(name):
                extending[base].append(name)
        self._constants: dict[str, dict[str, Constant]] = {}
        for name, properties in own.items():
            below = [own[other] for other in extending[name]]
            self._constants[name] = {
                item: Constant(value, tuple(dict.fromkeys([value, *sorted(one[item] for one in below if item in one)])))
                for item, value in properties.items()
            }

    def of(self, name: str) -> Mapping[str, Constant]:
        """The properties of a request's type that have one value because they name it as a variant."""
        return self._constants.get(name, {})

    def narrows(self, name: str) -> bool:
        """Whether a class has a property of its own that a class which it extends has too."""
        if name not in self._bases:
            return False
        own = self._fields(name)
        return any(own & self._fields(base) for base in self._ancestors(name))

    def _fields(self, name: str) -> set[str]:
        return self._properties[name] | self.of(name).keys()

    def _ancestors(self, name: str) -> Iterator[str]:
        while name in self._bases:
            name = self._bases[name]
            yield name


def _discriminators(types: Iterable[SurfaceType]) -> dict[str, dict[str, str]]:
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
