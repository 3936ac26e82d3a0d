"""A type's module is its subject: what is added elsewhere moves no type, but where it closes a circle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest

from connectgen.catalogue.model import Catalogue, Location, Operation, Property, Span, TypeDefinition, Value
from connectgen.catalogue.subjects import circles, subject_of
from connectgen.catalogue.types import Named
from connectgen.lint.rules import lint
from connectgen.lint.subjects import RULES
from connectgen.python.modules import assign_modules
from connectgen.resolver import surface_at
from support.real import real_catalogue
from support.versions import NEWEST, SAMPLE

NEW = "QuiteNewThing"
SPAN = Span(NEWEST, NEWEST)


@pytest.fixture(scope="module")
def real() -> Catalogue:
    """The real catalogue."""
    return real_catalogue()


@pytest.fixture(scope="module")
def known(real: Catalogue) -> Mapping[str, str]:
    """The module of each type of the real catalogue."""
    return modules(real)


def modules(catalogue: Catalogue) -> dict[str, str]:
    """The module of each type of the newest versions: an old one, one between, the newest."""
    return dict(assign_modules([surface_at(catalogue, version) for version in SAMPLE]))


def property_of(name: str, location: Location) -> Property:
    """A property that holds a type."""
    return Property(name="quiteNew", type=Named(name), span=SPAN, location=location)


def with_types(catalogue: Catalogue, *types: TypeDefinition) -> Catalogue:
    """The catalogue with other types, or types as they are now."""
    return replace(catalogue, types={**catalogue.types, **{one.name: one for one in types}})


def edit(choose: Random, catalogue: Catalogue, known: Mapping[str, str], kind: str) -> Catalogue:
    """Something that comes with a release: a type, a property that refers to another type, an operation."""
    names = sorted(known)
    beside = catalogue.types[choose.choice(names)]
    if kind == "type":
        suffix = choose.choice(["", "Input"])
        made = TypeDefinition(
            name=f"{NEW}{suffix}", summary="New.", span=SPAN, location=beside.location, unreferenced="for a test",
            properties=(property_of(choose.choice(names), beside.location),),
        )  # fmt: skip
        return with_types(catalogue, made)
    if kind == "property":
        changed = (*beside.properties, property_of(choose.choice(names), beside.location))
        return with_types(catalogue, replace(beside, properties=changed))
    number = choose.randrange(len(catalogue.groups))
    group = catalogue.groups[number]
    resource = group.resources[0]
    returned = Value(type=Named(choose.choice(names)), span=SPAN, location=resource.location)
    operation = Operation(
        method="PUT", name="do_anew", summary="New.", span=SPAN, location=resource.location, returns=(returned,)
    )  # fmt: skip
    newest = replace(resource, span=SPAN, operations=(operation,), site=None)
    groups = list(catalogue.groups)
    groups[number] = replace(group, resources=(*group.resources, newest))
    return replace(catalogue, groups=tuple(groups))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("kind", ["type", "property", "operation"])
def test_what_is_added_moves_no_other_type_unless_it_closes_a_circle(
    real: Catalogue, known: Mapping[str, str], kind: str, seed: int
) -> None:
    edited = edit(Random(seed), real, known, kind)
    after = modules(edited)
    moved = {name: (known[name], after[name]) for name in known if after[name] != known[name]}
    found = list(lint(edited, RULES))
    assert bool(moved) <= bool(found), "types moved, and the linter does not say so"
    if kind == "operation":
        assert not moved
    for finding in found:
        joined = finding.fault.message.split(" refer to one another")[0].split(", ")
        assert {before for before, _ in moved.values()} <= set(joined)
        assert {now for _, now in moved.values()} <= {min(joined)}


def test_files_of_the_real_catalogue_refer_one_way(real: Catalogue) -> None:
    assert list(lint(real, RULES)) == []
    assert all(module == subject_of_name(real, name) for name, module in modules(real).items())


def subject_of_name(catalogue: Catalogue, name: str) -> str:
    """The subject of a type of the catalogue."""
    definition = catalogue.types[name]
    return subject_of(definition.location, is_input=definition.is_input)


@pytest.mark.parametrize(
    ("file", "is_input", "subject"),
    [
        ("types/commerce/carts.yaml", False, "commerce_carts"),
        ("types/commerce/carts.yaml", True, "commerce_carts_inputs"),
        ("types/commerce/carts_2.yaml", False, "commerce_carts"),
        ("types/garden/inputs.yaml", True, "garden_inputs"),
        ("types/data360/query_v1_v2.yaml", False, "data360_query_v1_v2"),
    ],
)
def test_the_file_is_the_subject(file: str, is_input: bool, subject: str) -> None:
    assert subject_of(Location(file, 1), is_input=is_input) == subject


@pytest.mark.parametrize(
    ("references", "found"),
    [
        ({"a": ["b"], "b": ["c"], "c": []}, []),
        ({"a": ["b"], "b": ["a"], "c": ["a"]}, [["a", "b"]]),
        ({"a": ["a"]}, []),
        ({"d": ["e"], "e": ["f", "x"], "f": ["d"], "b": ["a", "d"], "a": ["b"]}, [["a", "b"], ["d", "e", "f"]]),
    ],
)
def test_circles(references: Mapping[str, list[str]], found: list[list[str]]) -> None:
    assert circles(references) == found
