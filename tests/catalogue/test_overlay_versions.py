"""What an overlay does not say of an entry that the catalogue has stays: versions, filter groups, notes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from connectgen.catalogue.loader import check_catalogue, load_catalogue
from connectgen.catalogue.model import FOREVER, Catalogue, FilterGroup, Ranged, Span
from connectgen.resolver import surface_at
from support.command import SMALL_CATALOGUE

TYPES = "types/garden/plants.yaml"
PATHS = "resources/garden/plants.yaml"
OF_SITE = "/connect/communities/{communityId}/garden"

Lay = Callable[..., Path]


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """Writes one file of an overlay and returns its folder."""

    def write(text: str, file: str = TYPES, folder: str = "ours") -> Path:
        path = tmp_path / folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return tmp_path / folder

    return write


def _spans(catalogue: Catalogue, name: str) -> dict[str, tuple[int, int]]:
    return {one.name: (one.span.since, one.span.until) for one in catalogue.types[name].properties}


def test_an_end_alone_leaves_the_beginning(lay: Lay) -> None:
    text = "types: {Rake: {summary: A rake., until: 32.0, properties: {teeth: {type: Integer, until: 32.0}}}}"
    laid = load_catalogue(SMALL_CATALOGUE, overlay=lay(text))
    assert laid.types["Rake"].span == Span(31, 32)
    assert _spans(laid, "Rake") == {"teeth": (31, 32)}
    has = {version: "Rake" in surface_at(laid, version).types for version in laid.versions}
    assert has == {30: False, 31: True, 32: True, 33: False}


def test_properties_that_say_nothing_end_with_their_type(lay: Lay, tmp_path: Path) -> None:
    """As they do where the same end is written into the catalogue."""
    laid = load_catalogue(SMALL_CATALOGUE, overlay=lay("types: {Tree: {summary: x, until: 32.0, properties: {}}}"))
    spec = shutil.copytree(SMALL_CATALOGUE, tmp_path / "spec")
    path = spec / TYPES
    path.write_text(path.read_text("utf-8").replace("    extends: Plant\n    since: 31.0\n", "    extends: Plant\n    since: 31.0\n    until: 32.0\n"), "utf-8")  # fmt: skip
    written = load_catalogue(spec)
    assert (laid.types["Tree"].span, _spans(laid, "Tree")) == (written.types["Tree"].span, _spans(written, "Tree"))
    assert _spans(laid, "Tree") == {"rings": (31, 32), "nests": (31, 32)}


def test_a_new_property_has_the_versions_of_the_catalogues_type(lay: Lay) -> None:
    laid = load_catalogue(SMALL_CATALOGUE, overlay=lay("types: {Rake: {summary: x, properties: {handle: String}}}"))
    assert laid.types["Rake"].span == Span(31, FOREVER)
    assert _spans(laid, "Rake") == {"teeth": (31, FOREVER), "handle": (31, FOREVER)}


def test_an_earlier_beginning_is_that_of_all_that_states_none(lay: Lay) -> None:
    laid = load_catalogue(SMALL_CATALOGUE, overlay=lay("types: {Rake: {summary: x, since: 30.0}}"))
    assert _spans(laid, "Rake") == {"teeth": (30, FOREVER)}


def test_what_a_property_states_stays_where_its_type_changes(lay: Lay, tmp_path: Path) -> None:
    """Also where it is what the type said before."""
    spec = shutil.copytree(SMALL_CATALOGUE, tmp_path / "spec")
    path = spec / TYPES
    path.write_text(path.read_text("utf-8").replace("teeth: {type: Integer,", "teeth: {type: Integer, since: 31.0,"), "utf-8")  # fmt: skip
    laid = load_catalogue(spec, overlay=lay("types: {Rake: {summary: x, since: 30.0}}"))
    assert (laid.types["Rake"].span.since, _spans(laid, "Rake")) == (30, {"teeth": (31, FOREVER)})


@pytest.mark.parametrize("entry", ["until: 30.0", "since: none, until: 30.0"])
def test_a_range_that_ends_before_it_begins_is_one_fault_of_the_overlay(lay: Lay, entry: str) -> None:
    overlay = lay(f"defaults: {{since: 33.0}}\ntypes:\n  Rake: {{summary: x, {entry}}}\n")
    faults = [str(one) for one in check_catalogue(SMALL_CATALOGUE, overlay=overlay)[1]]
    told = "Rake: with what the catalogue says, since 31.0 is after until 30.0; state both here, or correct one"
    assert faults == [f"{overlay}/{TYPES}:3: {told}"]


def test_the_defaults_of_an_overlays_file_hold_for_what_it_adds(lay: Lay) -> None:
    text = "defaults: {since: 33.0}\ntypes:\n  Plant: {summary: x, properties: {moss: Id}}\n  Spade: {summary: A spade., unreferenced: why}\n"  # fmt: skip
    laid = load_catalogue(SMALL_CATALOGUE, overlay=lay(text))
    assert (laid.types["Plant"].span, laid.types["Spade"].span) == (Span(), Span(33, FOREVER))
    assert _spans(laid, "Plant")["moss"] == (0, FOREVER)


@pytest.mark.parametrize(("given", "expected"), [("", "Small"), ("group: Big, ", "Big")])
def test_a_types_filter_group_is_that_of_the_properties_of_both(
    lay: Lay, tmp_path: Path, given: str, expected: FilterGroup
) -> None:
    spec = shutil.copytree(SMALL_CATALOGUE, tmp_path / "spec")
    path = spec / TYPES
    path.write_text(path.read_text("utf-8").replace("  Rake:\n", "  Rake:\n    group: Small\n"), "utf-8")
    overlay = lay(f"types: {{Rake: {{summary: x, {given}properties: {{handle: String}}}}}}")
    laid = load_catalogue(spec, overlay=overlay)
    groups = {one.name: one.groups for one in laid.types["Rake"].properties}
    group = (Ranged(expected, Span(31, FOREVER)),)
    assert groups == {"teeth": group, "handle": group}


def test_each_note_is_a_key_of_its_own(lay: Lay, tmp_path: Path) -> None:
    spec = shutil.copytree(SMALL_CATALOGUE, tmp_path / "spec")
    path = spec / TYPES
    path.write_text(path.read_text("utf-8").replace("  Rake:\n", "  Rake:\n    was: {since: 30.0}\n    because: an old letter\n"), "utf-8")  # fmt: skip
    laid = load_catalogue(spec, overlay=lay("types: {Rake: {summary: x, because: We know better.}}"))
    notes = laid.types["Rake"].notes
    assert (notes.was, notes.because) == ({"since": 30.0}, "We know better.")


def test_an_operation_that_is_replaced_has_the_versions_of_the_catalogues_path(lay: Lay) -> None:
    text = """\
summary: x
defaults: {since: 33.0}
resources:
  - path: /garden/plants/{plantId}/move/{pageSize}
    operations: {PUT: {name: move, summary: Move a plant., body: MoveInput}}
"""
    laid = load_catalogue(SMALL_CATALOGUE, overlay=lay(text, PATHS))
    (moved,) = [one for group in laid.groups for one in group.resources if "/move/" in one.path]
    assert (moved.span, moved.operations[0].span) == (Span(31, FOREVER), Span(31, FOREVER))


def test_an_end_of_a_path_is_that_of_its_operations(lay: Lay) -> None:
    text = f"""\
summary: x
resources:
  - path: {OF_SITE}
    until: 32.0
    operations: {{POST: {{name: water, summary: Water a site's garden., returns: Label}}}}
"""
    laid = load_catalogue(SMALL_CATALOGUE, overlay=lay(text, PATHS))
    (garden,) = [one for group in laid.groups for one in group.resources if one.path == OF_SITE]
    assert garden.span == Span(32, 32)
    assert {one.method: one.span for one in garden.operations} == {"GET": Span(32, 32), "POST": Span(32, 32)}
