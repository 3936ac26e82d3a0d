"""What a value of an enumeration means, and where others may come: how it reaches what is made of the catalogue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from catalogue.conftest import CatalogueMaker
from connectgen.catalogue.loader import check_catalogue, load_catalogue
from connectgen.resolver import surface_at
from support.command import connectgen

SORT = """\
enumerations:
  PollSort:
    values:
      - {value: "Newest", description: latest vote first}
      - {value: "Oldest", until: 65.0, description: earliest vote first}
      - "Votes"
      - {value: "Best", description: most votes first, replaced_by: "Votes"}
"""
USES = ("      votes: [", "      sort: {type: String, values: PollSort}\n      votes: [")
SENT = (
    "      choice: {type: Id, required",
    "      order: {type: String, values: PollSort}\n      choice: {type: Id, required",
)


def catalogue_with(make_catalogue: CatalogueMaker, sort: str = SORT) -> Path:
    return make_catalogue(USES, SENT, **{"enumerations/feeds.yaml": sort})


def schema_of(root: Path, version: str, type_name: str, name: str) -> dict[str, Any]:
    done = connectgen("openapi", version, "--catalogue", str(root), "--no-cache", cwd=root)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["components"]["schemas"][type_name]["properties"][name]
    return found


def test_a_meaning_is_in_the_surface_of_the_versions_that_have_the_value(make_catalogue: CatalogueMaker) -> None:
    catalogue = load_catalogue(catalogue_with(make_catalogue))
    sorts = {
        version: next(one for one in surface_at(catalogue, version).types["Poll"].properties if one.name == "sort")
        for version in (65, 67)
    }
    assert dict(sorts[65].meanings)["Oldest"] == "earliest vote first"
    assert sorts[67].values == ("Newest", "Votes", "Best")
    assert sorts[67].meanings == (
        ("Newest", "latest vote first"),
        ("Best", "most votes first; use `Votes` instead"),
    )


def test_a_meaning_is_in_the_document(make_catalogue: CatalogueMaker) -> None:
    root = catalogue_with(make_catalogue)
    assert schema_of(root, "67.0", "Poll", "sort")["x-enumDescriptions"] == {
        "Newest": "latest vote first",
        "Best": "most votes first; use `Votes` instead",
    }


def test_a_meaning_is_in_the_docstring(make_catalogue: CatalogueMaker, tmp_path: Path) -> None:
    root = catalogue_with(make_catalogue)
    done = connectgen("generate", "67.0", "--catalogue", str(root), "--out", str(tmp_path / "out"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    models = [path.read_text(encoding="utf-8") for path in tmp_path.glob("out/*/sf_connect/v67/models/*.py*")]
    shown = " ".join(" ".join(models).split()).replace("\\n", " ")
    assert (
        "- `Newest`: latest vote first - `Votes` - `Best`: most votes first; use `Votes` instead" in shown
    )  # one a line


def test_a_meaning_is_shown(make_catalogue: CatalogueMaker) -> None:
    root = catalogue_with(make_catalogue)
    done = connectgen("show", "Poll.sort", "--at", "67.0", "--catalogue", str(root), cwd=root)
    assert '{value: "Newest", description: latest vote first}' in done.stdout
    assert "Oldest" not in done.stdout
    assert "# PollSort, enumerations/feeds.yaml:2" in done.stdout


@pytest.mark.parametrize(
    ("opened", "sent", "received"),
    [
        ("", "enum", "x-extensible-enum"),
        ("responses", "enum", "x-extensible-enum"),
        ("requests", "x-extensible-enum", "enum"),
        ("both", "x-extensible-enum", "x-extensible-enum"),
        ("none", "enum", "enum"),
    ],
)
def test_where_other_values_may_come(make_catalogue: CatalogueMaker, opened: str, sent: str, received: str) -> None:
    text = SORT.replace("  PollSort:\n", f"  PollSort:\n    open: {opened}\n") if opened else SORT
    root = catalogue_with(make_catalogue, text)
    keys = {"enum", "x-extensible-enum"}
    assert keys & schema_of(root, "67.0", "PollInput", "order").keys() == {sent}
    assert keys & schema_of(root, "67.0", "Poll", "sort").keys() == {received}


def test_values_in_a_list_of_their_own_have_meanings_too(make_catalogue: CatalogueMaker) -> None:
    written = '["Newest", {value: "Best", description: most votes first, replaced_by: "Newst"}]'
    root = make_catalogue((USES[0], f"      sort: {{type: String, values: {written}}}\n      votes: ["))
    catalogue, faults = check_catalogue(root)
    (fault,) = faults
    assert str(fault) == (
        "types/feeds/polls.yaml:4: the value 'Best' of property sort is replaced by 'Newst', which is not beside it; "
        "did you mean Newest?"
    )
    assert catalogue is not None
    sort = next(one for one in surface_at(catalogue, 67).types["Poll"].properties if one.name == "sort")
    assert dict(sort.meanings)["Best"].startswith("most votes first")
