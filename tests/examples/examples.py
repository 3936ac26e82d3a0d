"""Finds the guide's JSON examples that are whole bodies, and tells where each does not fit its type.

Run `python tests/examples/examples.py --guide DIR [--list]`; DIR holds the guide's pages as Markdown.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from connectgen.catalogue.loader import load_catalogue
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
from connectgen.importer.guide.addresses import address
from connectgen.importer.guide.reader import read_guide
from connectgen.resolver import surface_at
from connectgen.surface import Surface, SurfaceProperty

ROOT = Path(__file__).resolve().parents[2]
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u00ad\ufeff]")
_FENCE = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
_TEXTS = frozenset([ScalarType.STRING, ScalarType.ID, ScalarType.DATE, ScalarType.DATETIME, ScalarType.URL])


@dataclass(frozen=True)
class Example:
    """One JSON example: the page, which of the page's JSON examples it is (from 1), and what it holds."""

    page: str
    number: int
    value: Any

    @property
    def id(self) -> str:
        """How the list of exceptions names it."""
        return f"{self.page}#{self.number}"


@dataclass
class Checked:
    """An example, the type that it fits best, the version of it, and where it does not fit."""

    example: Example
    type_name: str
    version: int
    problems: list[str] = field(default_factory=list[str])


def examples(guide: Path) -> Iterator[Example]:
    """Every code example of the guide that is JSON, whole as it stands."""
    for path in sorted(guide.glob("*.md")):
        text = _INVISIBLE.sub("", path.read_text(encoding="utf-8")).replace("\u00a0", " ")
        blocks = _FENCE.findall(text.partition("\n## Code Examples")[2].partition("\n## Related Topics")[0])
        number = 0
        for block in blocks:
            if block.lstrip()[:1] in ("{", "["):
                try:
                    value = json.loads(block)
                except ValueError:
                    continue
                number += 1
                yield Example(path.stem, number, value)


class Checker:
    """Fits examples to the types of their pages."""

    def __init__(self, catalogue: Catalogue, guide: Path) -> None:
        self._catalogue = catalogue
        self._newest = catalogue.versions[-1]
        self._surfaces: dict[int, Surface] = {}
        self._facts = read_guide(guide)

    @cached_property
    def _candidates(self) -> dict[str, list[TypeExpression]]:
        """The types that each page's examples may have: its own, or what its resource takes and gives."""
        found: dict[str, list[TypeExpression]] = {}
        for kind in self._facts.types:
            if kind.name in self._catalogue.types:
                found.setdefault(kind.page, []).append(Named(kind.name))
        by_address: dict[str, list[TypeExpression]] = {}
        for group in self._catalogue.groups:
            for resource in group.resources:
                types = [
                    value.type for operation in resource.operations for value in (*operation.bodies, *operation.returns)
                ]
                for ranged in resource.paths:
                    by_address.setdefault(address(ranged.value), []).extend(types)
        for resource in self._facts.resources:
            for path in resource.paths:
                for form in (path.path, path.path.replace("/connect/communities/{communityId}", "", 1)):
                    found.setdefault(resource.page, []).extend(by_address.get(address(form), []))
                    found[resource.page].extend(by_address.get(address(f"/connect{form}"), []))
        return found

    def check(self, example: Example) -> Checked | None:
        """How an example fits the type of its page best: the type itself, a list of it, or a body that holds it.

        It may be of a version in which the type was otherwise. None where the page tells no type.
        """
        candidates = self._candidates.get(example.page, [])
        best: Checked | None = None
        for version in (self._newest, *reversed(self._catalogue.versions[:-1])):
            for expression in candidates:
                if self._exists(expression, version):
                    problems = list(self._fit(example.value, expression, "", version))
                    if best is None or len(problems) < len(best.problems):
                        best = Checked(example, format_type(expression), version, problems)
            if best and not best.problems:
                return best
        for expression in self._holders(candidates):
            if not list(self._fit(example.value, expression, "", self._newest)):
                return Checked(example, format_type(expression), self._newest)
        return best

    def _exists(self, expression: TypeExpression, version: int) -> bool:
        return all(name in self._surface(version).types for name in names_in(expression))

    def _holders(self, candidates: list[TypeExpression]) -> list[TypeExpression]:
        """Lists of the candidates, and the types that hold one of them, up to two steps away."""
        found: list[TypeExpression] = [ListOf(expression) for expression in candidates]
        inner = {name for expression in candidates for name in names_in(expression)}
        types = self._surface(self._newest).types
        for _ in range(2):
            outer = {
                kind.name
                for kind in types.values()
                if any(inner & set(names_in(item.type)) for item in kind.properties)
            }
            found += [Named(name) for name in sorted(outer)]
            inner = outer
        return found

    def _surface(self, version: int) -> Surface:
        if version not in self._surfaces:
            self._surfaces[version] = surface_at(self._catalogue, version)
        return self._surfaces[version]

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
        surface = self._surface(version)
        properties = self._properties(surface, self._kind(surface, value, name))
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
    checker = Checker(load_catalogue(ROOT / "spec"), given.guide)
    found = [(example, checker.check(example)) for example in examples(given.guide)]
    fit = sum(1 for _, checked in found if checked and not checked.problems)
    print(
        f"{len(found)} examples: {fit} fit, {sum(1 for _, checked in found if checked is None)} on pages without a type"
    )
    for example, checked in found if given.list else []:
        if checked and checked.problems:
            print(f"{example.id} as {checked.type_name}: {'; '.join(checked.problems[:6])}")


if __name__ == "__main__":
    main()
