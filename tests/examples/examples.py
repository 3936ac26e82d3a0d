"""Fits the guide's JSON examples to the catalogue's types, and tells where each does not fit.

Run `PYTHONPATH=tests .venv/bin/python -m examples.examples --guide DIR [--list]`; DIR holds the guide's pages.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectgen.catalogue.model import Catalogue
from connectgen.catalogue.types import (
    ListOf,
    MapOf,
    Named,
    OneOf,
    Scalar,
    ScalarType,
    TypeExpression,
    format_type,
    names_in,
)
from connectgen.resolver import surface_at
from connectgen.surface import Surface, SurfaceProperty
from examples.candidates import Candidates
from examples.reading import Example, examples
from support.real import real_catalogue

ROOT = Path(__file__).resolve().parents[2]
_TEXTS = frozenset([ScalarType.STRING, ScalarType.ID, ScalarType.DATE, ScalarType.DATETIME, ScalarType.URL])


@dataclass
class Checked:
    """An example, the type that it fits best, the version of it, and where it does not fit."""

    example: Example
    expression: TypeExpression
    version: int
    problems: list[str] = field(default_factory=list[str])

    @property
    def type_name(self) -> str:
        """The type as the catalogue spells it."""
        return format_type(self.expression)


class Checker:
    """Fits examples to the types of their pages."""

    def __init__(self, catalogue: Catalogue, guide: Path, spec: Path = ROOT / "spec") -> None:
        self._catalogue = catalogue
        self._newest = catalogue.versions[-1]
        self._surfaces: dict[int, Surface] = {}
        self._holders_of: dict[int, dict[str, set[str]]] = {}
        self._candidates = Candidates(catalogue, guide, spec)

    def check(self, example: Example) -> Checked | None:
        """How an example fits a type that its page tells best, in the newest version in which it does.

        Where it fits none, it may be a list of one, or a body that holds one. None where the page tells no type.
        """
        best: Checked | None = None
        told = list(self._candidates.of(example.page))
        for candidates in told:
            for version in (self._newest, *reversed(self._catalogue.versions[:-1])):
                for expression in candidates:
                    if self._exists(expression, version):
                        problems = list(self._fit(example.value, expression, "", version))
                        found = Checked(example, expression, version, problems)
                        if best is None or _rank(found) < _rank(best):
                            best = found
                if best and not best.problems:
                    return best
        return self._held(example, told[0] or told[1]) or best

    def _held(self, example: Example, candidates: list[TypeExpression]) -> Checked | None:
        """How the example fits as a list of a type, a body that holds one, or a part of one, without a problem."""
        for version in reversed(self._catalogue.versions):
            present = [expression for expression in candidates if self._exists(expression, version)]
            for expression in (*self._holders(present, version), *self._parts(present, version)):
                if not list(self._fit(example.value, expression, "", version)):
                    return Checked(example, expression, version)
            if found := self._property_alone(example, present, version):
                return found
        return None

    def _property_alone(self, example: Example, candidates: list[TypeExpression], version: int) -> Checked | None:
        """How the value fits of an example that is one property of some body, of which the page is about."""
        if not isinstance(example.value, dict) or len(example.value) != 1:
            return None
        ((name, value),) = example.value.items()
        wanted = {inner for one in candidates for inner in names_in(one)}
        for expression in self._properties_named(name, version):
            if wanted & set(self._with_kinds(expression, version)) and not list(
                self._fit(value, expression, "", version)
            ):
                return Checked(Example(example.page, example.number, value), expression, version)
        return None

    def _parts(self, candidates: list[TypeExpression], version: int) -> list[TypeExpression]:
        """The types that properties of the candidates have, apart from scalars."""
        names = [name for expression in candidates for name in names_in(expression)]
        kinds = [kind for name in names if (kind := self.surface(version).types.get(name))]
        types = dict.fromkeys(item.type for kind in kinds for item in kind.properties)
        return [expression for expression in types if list(names_in(expression))]

    def _with_kinds(self, expression: TypeExpression, version: int) -> Iterator[str]:
        """The names of the types that a value may be, the classes of a family among them."""
        for name in names_in(expression):
            yield name
            kind = self.surface(version).types.get(name)
            if kind and kind.discriminator:
                yield from kind.discriminator.values.values()

    def _properties_named(self, name: str, version: int) -> list[TypeExpression]:
        """The types that properties of a name have."""
        kinds = self.surface(version).types.values()
        return list(dict.fromkeys(item.type for kind in kinds for item in kind.properties if item.name == name))

    def _exists(self, expression: TypeExpression, version: int) -> bool:
        return all(name in self.surface(version).types for name in names_in(expression))

    def _holders(self, candidates: list[TypeExpression], version: int) -> list[TypeExpression]:
        """Lists of the candidates, and the types that hold one of them, up to two steps away."""
        found: list[TypeExpression] = [ListOf(expression) for expression in candidates]
        inner = {name for expression in candidates for name in names_in(expression)}
        holding = self._holding(version)
        for _ in range(2):
            inner = {holder for name in inner for holder in holding.get(name, ())}
            found += [Named(name) for name in sorted(inner)]
        return found

    def _holding(self, version: int) -> dict[str, set[str]]:
        """The types that hold a type, by its name."""
        if version not in self._holders_of:
            found: dict[str, set[str]] = {}
            for kind in self.surface(version).types.values():
                for item in kind.properties:
                    for name in names_in(item.type):
                        found.setdefault(name, set()).add(kind.name)
            self._holders_of[version] = found
        return self._holders_of[version]

    def surface(self, version: int) -> Surface:
        """What exists at a version; made once."""
        if version not in self._surfaces:
            self._surfaces[version] = surface_at(self._catalogue, version)
        return self._surfaces[version]

    def misfits(self, value: Any, expression: TypeExpression, version: int) -> list[str]:
        """Where a value does not fit a type at a version."""
        return list(self._fit(value, expression, "", version))

    def _fit(self, value: Any, expression: TypeExpression, where: str, version: int) -> Iterator[str]:
        if value is None:
            return
        match expression:
            case Scalar(kind):
                if not fits_scalar(value, kind):
                    yield f"{where}: {json.dumps(value)[:40]} is no {kind.value}"
            case ListOf(item):
                if not isinstance(value, list):
                    yield f"{where}: no list"
                    return
                for inner in value:
                    yield from self._fit(inner, item, f"{where}[]", version)
            case MapOf(item):
                if not isinstance(value, dict):
                    yield f"{where}: no map"
                    return
                for name, inner in value.items():
                    yield from self._fit(inner, item, f"{where}{{{name}}}", version)
            case OneOf(options):
                fits = [list(self._fit(value, option, where, version)) for option in options]
                yield from min(fits, key=len)
            case Named(name):
                yield from self._fit_type(value, name, where, version)

    def _fit_type(self, value: Any, name: str, where: str, version: int) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where}: no object, {name} is expected"
            return
        surface = self.surface(version)
        properties = self._properties(surface, self._kind(surface, value, name))
        for item in properties.values():
            if item.required is True and item.name not in value:
                yield f"{where}.{item.name}: {name} requires it"
        for key, inner in value.items():
            if key not in properties:
                yield f"{where}.{key}: {name} has no such property"
            else:
                yield from self._fit(inner, properties[key].type, f"{where}.{key}", version)

    def _kind(self, surface: Surface, value: dict[str, Any], name: str) -> str:
        resolved = surface.types.get(name)
        while resolved and resolved.discriminator:
            told = resolved.discriminator.values.get(str(value.get(resolved.discriminator.property)))
            if told is None or told == name:
                break
            name = told
            resolved = surface.types.get(name)
        return name

    def _properties(self, surface: Surface, name: str) -> dict[str, SurfaceProperty]:
        found: dict[str, SurfaceProperty] = {}
        current = surface.types.get(name)
        while current:
            found = {**{item.name: item for item in current.properties}, **found}
            current = surface.types.get(current.extends or "")
        return found


def _rank(checked: Checked) -> tuple[int, bool]:
    """The fewer problems the better; of two types without any, the input, for it demands more."""
    return len(checked.problems), not any(name.endswith("Input") for name in names_in(checked.expression))


def fits_scalar(value: Any, kind: ScalarType) -> bool:
    """Whether a JSON value can be of a scalar type; the guide often writes numbers and booleans as text."""
    if kind is ScalarType.ANY:
        return True
    if kind in _TEXTS:
        return isinstance(value, str)
    if isinstance(value, str):
        if kind is ScalarType.BOOLEAN:
            return value in ("true", "false")
        return re.fullmatch(r"-?\d+(?:\.\d+)?", value) is not None
    if kind is ScalarType.BOOLEAN:
        return isinstance(value, bool)
    if kind in (ScalarType.INTEGER, ScalarType.LONG):
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, int | float) and not isinstance(value, bool)


def main() -> None:
    """Print how many examples fit and, if asked, each problem."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--guide", type=Path, required=True, help="the folder with the guide's pages")
    arguments.add_argument("--list", action="store_true", help="list each problem")
    given = arguments.parse_args()
    checker = Checker(real_catalogue(), given.guide)
    found = [(example, checker.check(example)) for example in examples(given.guide) if not example.fault]
    fit = sum(1 for _, checked in found if checked and not checked.problems)
    print(f"{len(found)} examples: {fit} fit, {sum(1 for _, checked in found if checked is None)} tell no type")
    for example, checked in found if given.list else []:
        if checked is None:
            print(f"{example.id} tells no type")
        elif checked.problems:
            print(f"{example.id} as {checked.type_name}: {'; '.join(checked.problems[:6])}")


if __name__ == "__main__":
    main()
