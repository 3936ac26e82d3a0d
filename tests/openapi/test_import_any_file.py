"""A third file in the vendor's manner, all spellings mixed: what of it enters the catalogue, from the file alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from connectgen.catalogue.loader import load_catalogue
from connectgen.importer.openapi.importing import ImportRefusedError, ImportRequest, import_openapi
from connectgen.resolver import surface_at
from openapi.importing import contents
from support.command import ROOT

LIBRARY = ROOT / "tests" / "fixtures" / "openapi" / "library.yaml"


SMALL_THEN_MEDIUM = [{"value": "Small", "since": 31.0, "until": 32.0}, {"value": "Medium", "since": 33.0}]


def bring(catalogue: Path, **more: Any) -> list[str]:
    """Import the third file as the family `archive`, of which the catalogue has a part."""
    given = {"file": LIBRARY, "family": "archive", "spec_dir": catalogue, "release": 34, "accept": ["matches"], **more}
    return list(import_openapi(ImportRequest(**given)))


@pytest.fixture
def imported(catalogue: Path) -> Path:
    """The small catalogue with the third file in it, as far as nobody is asked; its older cards were allowed."""
    bring(catalogue, accept=["matches"], allow_changes=["archive.library_cards.*", "Card*"])
    return catalogue


def entries(catalogue: Path, kind: str) -> dict[str, Any]:
    """All types, or all resources by their path."""
    found: dict[str, Any] = {}
    for path in sorted((catalogue / kind).glob("*/*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        found |= document["types"] if kind == "types" else {entry["path"]: entry for entry in document["resources"]}
    return found


def test_every_spelling_of_versions_and_groups_is_read(imported: Path) -> None:
    properties = entries(imported, "types")["Card"]["properties"]
    assert {name: {**fact, "type": 0} for name, fact in properties.items() if isinstance(fact, dict)} == {
        "p01": {"type": 0, "since": 32.0, "group": "Small"},
        "p02": {"type": 0, "since": 31.0, "until": 32.0, "group": "Big"},
        "p03": {"type": 0, "since": 33.0, "group": "Medium"},
        "p04": {"type": 0, "since": 31.0, "until": 33.0},
        "p05": {"type": 0, "since": 32.0},
        "p06": {"type": 0, "since": 33.0},
        "p07": {"type": 0, "since": 32.0, "until": 32.0},
        "p08": {"type": 0, "until": 32.0},
        "p09": {"type": 0, "since": 31.0, "until": 32.0},
        "p10": {"type": 0, "since": 31.0, "until": 31.0},
        "p11": {"type": 0, "since": 31.0, "group": SMALL_THEN_MEDIUM},
        "p12": {"type": 0, "since": 33.0},
        "p14": {"type": 0, "until": 33.0},
        "p15": {"type": 0, "since": 31.0, "until": 34.0},
    }  # fmt: skip
    assert properties["p16"] == "Double"
    assert "p13" not in properties  # of a version after the file's


def test_operations_have_their_versions_defaults_and_bodies(imported: Path) -> None:
    cards = entries(imported, "resources")["/connect-free/cards"]
    assert cards["since"] == 32.0
    assert cards["operations"]["GET"]["parameters"] == {
        "pageSize": {"type": "Integer", "since": 33.0, "default": 25, "minimum": 1, "maximum": 250},
        "language": "String",  # its default holds only where a language lacks
        "newest": {"type": "Boolean", "since": 34.0, "default": False},
    }
    post = cards["operations"]["POST"]
    assert (post["since"], post["body"], post["json_part"]) == (34.0, "CardInput", "cardInput")
    assert post["parts"] == {"photo": {}}
    scan = entries(imported, "resources")["/connect-free/cards/scans"]["operations"]["PUT"]
    assert scan["parts"] == {"file": {}}
    assert scan["parameters"] == {"title": {"type": "String", "in": "form"}}
    assert "xml" not in cards["operations"]["GET"]  # a file that names JSON alone says nothing of XML


def test_prose_says_what_is_required(imported: Path) -> None:
    assert entries(imported, "types")["CardInput"]["properties"] == {
        "name": {"type": "String", "required": True},
        "code": {"type": "String", "required": {"PUT": True, "PATCH": "conditional"}},
        "shelfId": {"type": "Id", "required": "conditional"},
        "notes": {"type": "list<String>", "max_items": 3},
    }


def test_what_old_resources_and_types_gain_begins_with_the_file(imported: Path) -> None:
    """Also under an owner that the file does not date, and in a family that is not the file's."""
    shelves = entries(imported, "resources")["/archive/shelves"]
    assert shelves["since"] == 31.0
    assert shelves["operations"]["DELETE"]["since"] == 34.0
    assert shelves["operations"]["GET"]["parameters"]["colour"] == {"type": "String", "since": 34.0}
    assert "width" not in shelves["operations"]["GET"]["parameters"]
    types = entries(imported, "types")
    assert types["ShelfPage"]["properties"]["floor"] == {"type": "Integer", "since": 34.0, "group": "Medium"}
    assert types["Book"]["properties"]["cover"]["type"] == "list<Card | String>"
    assert types["Shelf"]["schema"] == "LibraryShelf"
    label = entries(imported, "resources")["/garden/plants/{plantId}/label"]["operations"]["GET"]
    assert label["parameters"]["script"]["since"] == 34.0
    loaded = load_catalogue(imported)
    methods = {
        version: {one.name for group in groups if group.name == "shelves" for one in group.operations}
        for version, groups in ((version, surface_at(loaded, version).groups) for version in (33, 34))
    }
    assert methods[34] - methods[33] == {"delete"}


def test_what_has_no_date_is_asked_about(catalogue: Path) -> None:
    lines = bring(catalogue, allow_changes=["archive.library_cards.*", "Card*"], dry_run=True)
    asked = [line.strip() for line in lines if "gives no version" in line]
    assert asked == [
        "/archive/shelves GET width: is new here, and the source gives no version",
        "ShelfPage lamp: is new here, and the source gives no version",
    ]


def test_the_report_lists_what_is_not_taken(catalogue: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    bring(catalogue, allow_changes=["archive.library_cards.*", "Card*"], dry_run=True, report_file=report)
    text = report.read_text(encoding="utf-8")
    for field in ("operation deprecated", "schema pattern", "schema xml"):
        assert f"`{field}`: left out" in text
    for field in ("schema minProperties", "schema x-order", "parameters in cookie", "operation operationId"):
        assert f"`{field}`: left out" in text


def test_the_past_changes_only_where_it_is_allowed(catalogue: Path) -> None:
    before = contents(catalogue)
    with pytest.raises(ImportRefusedError) as refused:
        bring(catalogue)
    assert "archive.library_cards.list: the operation would be added (32.0–33.0)" in str(refused.value)
    assert "--allow-change NAME" in str(refused.value)
    assert contents(catalogue) == before
    bring(catalogue, accept=["matches", "additions"])
    assert contents(catalogue) != before


def test_a_second_import_changes_nothing(imported: Path) -> None:
    before = contents(imported)
    lines = bring(imported)
    assert "0 files written" in lines
    assert contents(imported) == before
