"""Walks the surfaces of all versions of the real catalogue: nothing newer or older, dangling, or made twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from connectgen.catalogue.model import Span
from connectgen.catalogue.types import TypeExpression, names_in
from connectgen.surface import Surface, SurfaceOperation, SurfaceType
from support.real import real_surface
from support.versions import VERSIONS


@pytest.fixture(scope="module")
def surfaces() -> dict[int, Surface]:
    """Every version's surface, from one reading of the catalogue."""
    return {version: real_surface(version) for version in VERSIONS}


def operations(surface: Surface) -> Iterator[SurfaceOperation]:
    """All operations of a surface."""
    for group in surface.groups:
        yield from group.operations


def facts(surface: Surface) -> Iterator[tuple[str, Span]]:
    """Everything of a surface that has versions, with a name to show."""
    for operation in operations(surface):
        name = f"{operation.family}.{operation.group}.{operation.name}"
        yield name, operation.span
        body = (operation.body,) if operation.body else ()
        for value in (*operation.path_parameters, *operation.parameters, *body):
            yield f"{name}({value.name})", value.span
        for part in operation.parts:
            yield f"{name}({part.name})", part.span
    for kind in surface.types.values():
        yield kind.name, kind.span
        for item in kind.properties:
            yield f"{kind.name}.{item.name}", item.span


def references(surface: Surface) -> Iterator[tuple[str, str]]:
    """Who refers to which type."""
    for operation in operations(surface):
        expressions: list[TypeExpression] = [
            value.type for value in (*operation.path_parameters, *operation.parameters)
        ]
        expressions += [operation.body.type] if operation.body else []
        expressions += [operation.returns] if operation.returns else []
        yield from ((operation.name, name) for expression in expressions for name in names_in(expression))
    for kind in surface.types.values():
        yield from ((kind.name, name) for item in kind.properties for name in names_in(item.type))
        if kind.extends:
            yield kind.name, kind.extends
        if kind.discriminator:
            yield from ((kind.name, name) for name in kind.discriminator.values.values())


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_is_newer_or_older_than_its_version(surfaces: dict[int, Surface], version: int) -> None:
    """Every operation, parameter, body, part, type and property exists at the version that shows it.

    Types marked as unreferenced stand in every version, so theirs are not asked.
    """
    reached = _reached(surfaces[version])
    wrong = [
        f"{name} {span}"
        for name, span in facts(surfaces[version])
        if version not in span and (name.split(".")[0] not in surfaces[version].types or name.split(".")[0] in reached)
    ]
    assert not wrong


def _reached(surface: Surface) -> set[str]:
    """The types that operations reach, over properties, bases and kinds."""
    following: dict[str, list[str]] = {}
    for owner, name in references(surface):
        following.setdefault(owner, []).append(name)
    waiting = [name for operation in operations(surface) for name in following.get(operation.name, [])]
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += following.get(name, [])
    return reached


@pytest.mark.parametrize("version", VERSIONS)
def test_every_reference_resolves_and_every_placeholder_is_a_parameter(
    surfaces: dict[int, Surface], version: int
) -> None:
    """No name leads out of the surface, and an address asks for what its operation takes, in its order."""
    surface = surfaces[version]
    assert sum(1 for _ in operations(surface)) > 100
    assert not [pair for pair in references(surface) if pair[1] not in surface.types]
    for operation in operations(surface):
        placeholders = re.findall(r"\{(\w+)\}", operation.path)
        assert [item.name for item in operation.path_parameters] == placeholders, operation.location


@pytest.mark.parametrize("version", VERSIONS)
def test_names_are_unique_in_their_group(surfaces: dict[int, Surface], version: int) -> None:
    """No operation hides another."""
    names = [(one.family, one.group, one.name) for one in operations(surfaces[version])]
    assert len(set(names)) == len(names)


def test_versions_share_what_is_the_same(surfaces: dict[int, Surface]) -> None:
    """What is equal in two neighbouring versions is one object."""
    copies: list[str] = []
    for version in VERSIONS[1:]:
        before, now = surfaces[version - 1], surfaces[version]
        earlier = {(one.family, one.group, one.name): one for one in operations(before)}
        for one in operations(now):
            other = earlier.get((one.family, one.group, one.name))
            copies += [f"{one.name} of {version}.0"] if other is not one and other == one else []
        for name, kind in now.types.items():
            known: SurfaceType | None = before.types.get(name)
            copies += [f"{name} of {version}.0"] if known is not kind and known == kind else []
    assert copies == []
