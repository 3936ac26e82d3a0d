"""What is known of the real packages' texts by their keys is what would be made, after edits of the real catalogue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from connectgen.catalogue.model import Catalogue, Property, TypeDefinition
from connectgen.catalogue.types import Scalar, ScalarType
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
    maker = PackageMaker(
        _surfaces(catalogue),
        default_templates(),
        cache,
        Unformatted(),
        generator="this one",
    )
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
    return replace(
        first,
        name=name,
        python_name=None,
        type=_TEXT,
        description="Another one",
        values=(),
    )


def _with_property(catalogue: Catalogue, item: Property, type_name: str) -> Catalogue:
    owner = catalogue.types[type_name]
    return _with_type(catalogue, replace(owner, properties=(*owner.properties, item)))


def _add_property(catalogue: Catalogue) -> Catalogue:
    return _with_property(catalogue, _property(catalogue, "anotherName"), "FeedItem")


def _add_a_type_named_as_a_class_of_operations(catalogue: Catalogue) -> Catalogue:
    name = class_name(next(group.name for group in catalogue.groups if group.family == "feeds"))
    return _with_type(
        catalogue,
        replace(catalogue.types["Topic"], name=name, unreferenced="for a test"),
    )


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


@pytest.mark.parametrize(
    "edit",
    [
        _add_property,
        _add_a_type_named_as_a_class_of_operations,
        _swap_operations_of_two_modules,
    ],
)
def test_after_an_edit_what_is_known_is_what_would_be_made(
    edit: Callable[[Catalogue], Catalogue],
    before: dict[tuple[int, str], str],
    cache: Path,
) -> None:
    edited = edit(real_catalogue())
    after = _made(edited)
    assert after != before
    hashes, made = _known(edited, cache)
    assert hashes == after
    assert 0 < made < len(hashes) // 2
    assert _known(edited, cache) == (after, 0)


def test_another_generator_knows_none_of_the_texts(cache: Path) -> None:
    surfaces = _surfaces(real_catalogue())
    maker = PackageMaker(surfaces, default_templates(), cache, Unformatted(), generator="another one")
    _, files = next(iter(maker.planned([45])))
    assert not any(file.is_known for file in files.values())
