"""What exists at a version, exactly."""

from __future__ import annotations

from dataclasses import fields

import pytest

from connectgen.catalogue.loader import load_catalogue
from connectgen.catalogue.model import (
    Catalogue,
    Group,
    KnownValue,
    Location,
    Notes,
    Operation,
    Pagination,
    Parameter,
    Property,
    Ranged,
    Release,
    Resource,
    Span,
    TypeDefinition,
    Value,
)
from connectgen.catalogue.types import (
    ListOf,
    MapOf,
    Named,
    OneOf,
    Scalar,
    ScalarType,
    TypeExpressionError,
    format_type,
    parse_type,
)
from connectgen.resolver import UnknownVersionError, surface_at
from connectgen.surface import SurfaceOperation, SurfaceParameter, SurfaceProperty, SurfaceType, SurfaceValue


@pytest.fixture
def surfaces(make_catalogue):
    catalogue = load_catalogue(make_catalogue())
    return {version: surface_at(catalogue, version) for version in catalogue.versions}


def test_operations_come_with_their_version(surfaces) -> None:
    names = {version: [op.name for op in surface.groups[0].operations] for version, surface in surfaces.items()}
    assert names == {65: ["get"], 66: ["get", "vote"], 67: ["get", "vote"]}


def test_the_address_of_the_version(surfaces) -> None:
    paths = {version: surface.groups[0].operations[0].path for version, surface in surfaces.items()}
    assert paths == {65: "/chatter/polls/{pollId}", 66: "/polls/{pollId}", 67: "/polls/{pollId}"}


def test_parameters_and_values_come_with_their_version(surfaces) -> None:
    assert surfaces[66].groups[0].operations[1].parameters == ()
    (choice,) = surfaces[67].groups[0].operations[1].parameters
    assert (choice.name, choice.values, choice.span.since) == ("choice", ("a", "b"), 67)


def test_a_property_that_changed(surfaces) -> None:
    types = {version: format_type(surface.types["Poll"].properties[0].type) for version, surface in surfaces.items()}
    assert types == {65: "Integer", 66: "Integer", 67: "Long"}


def test_types_are_there_when_something_reaches_them(surfaces) -> None:
    assert {version: list(surface.types) for version, surface in surfaces.items()} == {
        65: ["Poll"],
        66: ["Poll", "PollInput", "User"],
        67: ["Poll", "PollInput", "User"],
    }


def test_types_that_nothing_reaches_are_there_from_their_own_version_on(make_catalogue) -> None:
    spare = "types:\n  Spare: {unreferenced: Nobody needs it., properties: {one: {type: String, since: 67.0}}}\n"
    catalogue = load_catalogue(make_catalogue(**{"types/small/spare.yaml": spare}))
    assert ["Spare" in surface_at(catalogue, version).types for version in (66, 67)] == [False, True]


def test_filter_groups_and_requiredness(surfaces) -> None:
    groups = {version: surfaces[version].types["Poll"].properties[1].group for version in (66, 67)}
    assert groups == {66: "Small", 67: "Big"}
    (choice,) = surfaces[66].types["PollInput"].properties
    assert (choice.required, choice.required_for) == ("conditional", ("PATCH",))


def test_what_does_not_differ_is_one_object(surfaces) -> None:
    assert surfaces[66].groups[0].operations[0] is surfaces[67].groups[0].operations[0]
    assert surfaces[66].types["User"] is surfaces[67].types["User"]
    assert surfaces[66].types["Poll"] is not surfaces[67].types["Poll"]


def test_defaults_of_an_operation(surfaces) -> None:
    get, vote = surfaces[67].groups[0].operations
    assert (get.site, get.requires_chatter, get.status, get.retry) == (True, True, (200,), "safe")
    assert vote.retry == "unsafe"


def test_pages_have_only_what_their_properties_have(make_catalogue) -> None:
    """The list of votes came with 66.0, its next page with 67.0: an iterator may not promise more."""
    root = make_catalogue(
        ("returns: Poll}", "returns: Poll, pagination: {style: next-url, items: list, next: next.url, total: votes}}"),
        (
            "      owner:",
            "      list: {type: list<User>, since: 66.0}\n      next: {type: User, since: 66.0}\n      owner:",
        ),
        ("name: String", "name: String\n      url: {type: Url, since: 67.0}"),
    )
    catalogue = load_catalogue(root)
    pagination = {
        version: surface_at(catalogue, version).groups[0].operations[0].pagination for version in (65, 66, 67)
    }
    assert pagination[65] is None
    assert pagination[66] == Pagination(style="none", items="list", total="votes")
    assert pagination[67] == Pagination(style="next-url", items="list", next="next.url", total="votes")


def test_an_unknown_version(make_catalogue) -> None:
    with pytest.raises(UnknownVersionError, match=r"there is no version 29\.0: the catalogue has 65\.0 to 67\.0"):
        surface_at(load_catalogue(make_catalogue()), 29)


def test_the_memory_of_parsed_files_changes_nothing(make_catalogue, tmp_path_factory) -> None:
    root, memory = make_catalogue(), tmp_path_factory.mktemp("memory")
    first = load_catalogue(root, memory)
    again = load_catalogue(root, memory)
    assert (again.groups, again.types, again.releases) == (first.groups, first.types, first.releases)
    for path in (memory / "catalogue").iterdir():
        path.write_bytes(b"damaged")
    assert load_catalogue(root, memory).types == first.types


@pytest.mark.parametrize("text", ["String", "list<Feed>", "map<list<Feed>>", "Feed | list<Id>", "map<A | B>"])
def test_type_expressions_round_trip(text: str) -> None:
    assert format_type(parse_type(text)) == text


def test_type_expressions_parse() -> None:
    assert parse_type("list<A|B>") == ListOf(OneOf((Named("A"), Named("B"))))
    assert parse_type("map<Any>") == MapOf(Scalar(ScalarType.ANY))


@pytest.mark.parametrize("text", ["", "list<", "list<>", "A |", "lower", "A>", "list<A>B", "ü", "A B"])
def test_type_expressions_that_are_none(text: str) -> None:
    with pytest.raises(TypeExpressionError):
        parse_type(text)


def test_a_kind_with_a_version_of_its_own_is_there_before_its_properties(make_catalogue) -> None:
    """Without one it begins with its first property."""
    kinds = (
        "      name: String\n",
        (
            "      name: String\n"
            "  Pets:\n"
            '    discriminator: {property: kind, values: {"cat": Cat, "dog": Dog}, fallback: Pets}\n'
            "    properties:\n"
            "      kind: String\n"
            "  Cat: {extends: Pets, since: 66.0, properties: {lives: {type: Integer, since: 67.0}}}\n"
            "  Dog: {extends: Pets, properties: {bark: {type: String, since: 67.0}}}\n"
        ),
    )
    catalogue = load_catalogue(make_catalogue(kinds, ("owner: {type: User", "pets: Pets\n      owner: {type: User")))
    found = {version: surface_at(catalogue, version).types["Pets"].discriminator for version in (65, 66, 67)}
    assert {version: [*kind.values] for version, kind in found.items() if kind} == {
        65: [],
        66: ["cat"],
        67: ["cat", "dog"],
    }


@pytest.mark.parametrize(
    ("fact", "at_a_version", "renamed"),
    [
        (Parameter, SurfaceParameter, set()),
        (Property, SurfaceProperty, {"groups"}),
        (Value, SurfaceValue, set()),
        (Operation, SurfaceOperation, {"bodies"}),
        (TypeDefinition, SurfaceType, set()),
    ],
)
def test_the_surface_has_every_field_of_a_fact(fact: type, at_a_version: type, renamed: set[str]) -> None:
    assert {item.name for item in fields(fact)} - renamed <= {item.name for item in fields(at_a_version)}


def test_a_body_loses_nothing_at_a_version() -> None:
    where = Location("resources/lamps/lamps.yaml", 1)
    notes = Notes(because="a page said so")
    body = Value(
        type=Scalar(ScalarType.STRING), span=Span(30, 67), location=where, required={"POST": True}, condition="if lit",
        values=(KnownValue(value="a", span=Span(30, 66)), KnownValue(value="b", span=Span(67))), default="a", minimum=1, maximum=2, max_items=3,
        max_length=4, description="A body.", replaced_by="other", notes=notes,
    )  # fmt: skip
    operation = Operation(
        method="POST", name="light", summary="Light it.", span=Span(31), location=where, bodies=(body,)
    )
    resource = Resource(paths=(Ranged("/lamps", Span()),), span=Span(), location=where, operations=(operation,))
    group = Group(family="lamps", name="lamps", summary="Lamps.", location=where, resources=(resource,))
    release = Release(version=67, name="Summer", status="supported", location=where)
    catalogue = Catalogue(releases=(release,), status_codes=(), groups=(group,))
    resolved = surface_at(catalogue, 67).groups[0].operations[0].body
    assert resolved == SurfaceValue(
        name="body", type=body.type, span=Span(31, 67), location=where, required=True, condition="if lit",
        values=("b",), default="a", minimum=1, maximum=2, max_items=3, max_length=4, description="A body.",
        replaced_by="other", notes=notes,
    )  # fmt: skip
