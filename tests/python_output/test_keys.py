"""What is known of texts by their keys is what would be made: whatever changes a text changes its key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from connectgen.catalogue.model import Catalogue, Location, Operation, Property, TypeDefinition
from connectgen.catalogue.types import ListOf, Named, OneOf, Scalar, ScalarType
from connectgen.locations import default_templates
from connectgen.naming import class_name
from connectgen.python.formatting import Unformatted
from connectgen.python.packages import PackageMaker
from connectgen.resolver import surface_at
from connectgen.surface import Surface
from support.real import real_catalogue

_VERSIONS = (45, 67)
_TEXT = Scalar(ScalarType.STRING)


def _surfaces(catalogue: Catalogue) -> list[Surface]:
    return [surface_at(catalogue, version) for version in catalogue.versions]


def _made(catalogue: Catalogue) -> dict[tuple[int, str], str]:
    """The hashes of texts that are all made."""
    maker = PackageMaker(_surfaces(catalogue), default_templates(), None, Unformatted())
    planned = dict(maker.planned(_VERSIONS))
    return {(version, path): file.hash for version, files in planned.items() for path, file in files.items()}


def _known(catalogue: Catalogue, cache: Path) -> tuple[dict[tuple[int, str], str], int]:
    """The hashes of texts where what earlier runs remember is used, and how many had to be made; all are remembered."""
    maker = PackageMaker(_surfaces(catalogue), default_templates(), cache, Unformatted(), generator="this one")
    planned = dict(maker.planned(_VERSIONS))
    files = {(version, path): file for version, files in planned.items() for path, file in files.items()}
    made = sum(not file.is_known for file in files.values() if file.key)
    hashes = {place: file.hash for place, file in files.items()}
    maker.store(forget_others=False)
    return hashes, made


@pytest.fixture(scope="module")
def before() -> dict[tuple[int, str], str]:
    return _made(real_catalogue())


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    _known(real_catalogue(), folder)
    return folder


def _with_type(catalogue: Catalogue, *types: TypeDefinition) -> Catalogue:
    return replace(catalogue, types={**catalogue.types, **{one.name: one for one in types}})


def _property(catalogue: Catalogue, name: str, type_name: str = "FeedItem") -> Property:
    first = catalogue.types[type_name].properties[0]
    return replace(first, name=name, python_name=None, type=_TEXT, description="Another one", values=())


def _with_property(catalogue: Catalogue, item: Property, type_name: str) -> Catalogue:
    owner = catalogue.types[type_name]
    return _with_type(catalogue, replace(owner, properties=(*owner.properties, item)))


def _operations(catalogue: Catalogue) -> Iterator[tuple[int, int, int, Operation]]:
    for number, group in enumerate(catalogue.groups):
        for place, resource in enumerate(group.resources):
            for index, operation in enumerate(resource.operations):
                yield number, place, index, operation


def _with_operation(catalogue: Catalogue, number: int, place: int, index: int, operation: Operation) -> Catalogue:
    groups = list(catalogue.groups)
    resources = list(groups[number].resources)
    operations = list(resources[place].operations)
    operations[index] = operation
    resources[place] = replace(resources[place], operations=tuple(operations))
    groups[number] = replace(groups[number], resources=tuple(resources))
    return replace(catalogue, groups=tuple(groups))


def _add_property(catalogue: Catalogue) -> Catalogue:
    return _with_property(catalogue, _property(catalogue, "anotherName"), "FeedItem")


def _add_what_a_description_mentions(catalogue: Catalogue) -> Catalogue:
    """A name that no property has becomes one, so that descriptions of others write it as Python does."""
    owner = catalogue.types["Topic"]
    mentioning = replace(owner, summary=f"{owner.summary}, with `aNewName`")
    return _with_property(_with_type(catalogue, mentioning), _property(catalogue, "aNewName"), "FeedItem")


def _mention_only(catalogue: Catalogue) -> Catalogue:
    owner = catalogue.types["Topic"]
    return _with_type(catalogue, replace(owner, summary=f"{owner.summary}, with `aNewName`"))


def _move_a_type(catalogue: Catalogue) -> Catalogue:
    owner = catalogue.types["Topic"]
    return _with_type(catalogue, replace(owner, location=Location("types/chatter/elsewhere.yaml", 1)))


def _move_an_enumeration(catalogue: Catalogue) -> Catalogue:
    name, one = next(iter(catalogue.enumerations.items()))
    moved = replace(one, location=Location("enumerations/elsewhere.yaml", 1))
    return replace(catalogue, enumerations={**catalogue.enumerations, name: moved})


def _without_description_of_a_body(catalogue: Catalogue) -> tuple[Catalogue, str]:
    """An operation whose body is described by its type alone, and the name of that type."""
    for number, place, index, operation in _operations(catalogue):
        for body in operation.bodies[:1]:
            if isinstance(body.type, Named) and 67 in body.span and 67 in operation.span:
                bare = replace(operation, bodies=(replace(body, description=None),))
                return _with_operation(catalogue, number, place, index, bare), body.type.name
    raise AssertionError


def _add_a_type_named_as_a_class_of_operations(catalogue: Catalogue) -> Catalogue:
    name = class_name(next(group.name for group in catalogue.groups if group.family == "feeds"))
    return _with_type(catalogue, replace(catalogue.types["Topic"], name=name, unreferenced="for a test"))


def _hide_a_builtin(catalogue: Catalogue) -> Catalogue:
    for number, place, index, operation in _operations(catalogue):
        group = catalogue.groups[number]
        names = {one.name for resource in group.resources for one in resource.operations}
        if "list" not in names and 67 in operation.span and 67 in group.resources[place].span:
            return _with_operation(catalogue, number, place, index, replace(operation, name="list"))
    raise AssertionError


def _swap_operations_of_two_modules(catalogue: Catalogue) -> Catalogue:
    """Each module stays as it is, and the index of search has them in another order."""
    number = next(
        place for place, one in enumerate(catalogue.groups) if (one.family, one.name) == ("commerce", "carts")
    )
    group = catalogue.groups[number]
    resources = list(group.resources)
    of_items = ["cart-items" in resource.paths[0].value for resource in resources]
    place = next(place for place, (one, other) in enumerate(pairwise(of_items)) if one != other)
    resources[place : place + 2] = reversed(resources[place : place + 2])
    groups = list(catalogue.groups)
    groups[number] = replace(group, resources=tuple(resources))
    return replace(catalogue, groups=tuple(groups))


def _end_a_discriminator(catalogue: Catalogue) -> Catalogue:
    owner = next(one for one in catalogue.types.values() if one.discriminator and not one.is_input)
    return _with_type(catalogue, replace(owner, discriminator=None))


def _add_a_union_of_two(catalogue: Catalogue) -> Catalogue:
    item = replace(_property(catalogue, "either"), type=OneOf((Named("Topic"), ListOf(Named("FeedItem")))))
    return _with_property(catalogue, item, "FeedItem")


def _rename_in_python(catalogue: Catalogue) -> Catalogue:
    owner = catalogue.types["FeedItem"]
    first, *others = owner.properties
    return _with_type(catalogue, replace(owner, properties=(replace(first, python_name="quite_other"), *others)))


def _rename_everywhere(catalogue: Catalogue, name: str) -> Catalogue:
    """All properties of a name are called something else in Python, and so are those that descriptions mention."""
    types = [
        replace(
            owner,
            properties=tuple(
                replace(item, python_name="quite_other") if item.name == name else item for item in owner.properties
            ),
        )
        for owner in catalogue.types.values()
        if any(item.name == name for item in owner.properties)
    ]
    return _with_type(catalogue, *types)


def _rename_what_a_wait_looks_at(catalogue: Catalogue) -> Catalogue:
    return _rename_everywhere(
        catalogue,
        next(
            wait.property
            for _, _, _, operation in _operations(catalogue)
            for wait in operation.waits
            if wait.property and "." not in wait.property
        ),
    )


def _rename_what_replaces_another(catalogue: Catalogue) -> Catalogue:
    replaced = (item.replaced_by for owner in catalogue.types.values() for item in owner.properties if item.replaced_by)
    return _rename_everywhere(catalogue, next(name for name in replaced if "." not in name))


def _describe_a_family(catalogue: Catalogue) -> Catalogue:
    name, family = next(iter(catalogue.families.items()))
    return replace(catalogue, families={**catalogue.families, name: replace(family, summary="Something else")})


def _rename_a_release(catalogue: Catalogue) -> Catalogue:
    return replace(catalogue, releases=tuple(replace(one, name="Autumn '99") for one in catalogue.releases))


@pytest.mark.parametrize(
    "edit",
    [
        _add_property,
        _mention_only,
        _add_what_a_description_mentions,
        _move_a_type,
        _move_an_enumeration,
        _add_a_type_named_as_a_class_of_operations,
        _hide_a_builtin,
        _swap_operations_of_two_modules,
        _end_a_discriminator,
        _add_a_union_of_two,
        _rename_in_python,
        _rename_what_a_wait_looks_at,
        _rename_what_replaces_another,
        _describe_a_family,
        _rename_a_release,
    ],
)
def test_after_an_edit_what_is_known_is_what_would_be_made(
    edit: Callable[[Catalogue], Catalogue], before: dict[tuple[int, str], str], cache: Path
) -> None:
    edited = edit(real_catalogue())
    after = _made(edited)
    assert after != before
    hashes, made = _known(edited, cache)
    assert hashes == after
    assert 0 < made < len(hashes) // 2
    assert _known(edited, cache) == (after, 0)


def test_the_summary_of_a_type_describes_bodies(cache: Path) -> None:
    bare, name = _without_description_of_a_body(real_catalogue())
    _known(bare, cache)
    edited = _with_type(bare, replace(bare.types[name], summary="Something else"))
    assert _known(edited, cache)[0] == _made(edited)


def test_another_generator_knows_none_of_the_texts(cache: Path) -> None:
    surfaces = _surfaces(real_catalogue())
    maker = PackageMaker(surfaces, default_templates(), cache, Unformatted(), generator="another one")
    _, files = next(iter(maker.planned([45])))
    assert not any(file.is_known for file in files.values())
