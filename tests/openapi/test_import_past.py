"""What an import does to older versions: nothing that nobody allowed, whatever a file leaves out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from connectgen.catalogue.loader import load_catalogue
from connectgen.catalogue.model import Span
from connectgen.importer.openapi.importing import ImportRefusedError, ImportRequest, import_openapi
from connectgen.importer.ranges import with_span
from connectgen.importer.relative import settled_entry, settled_fact
from connectgen.importer.releases import covered_versions, name_of_release
from connectgen.resolver import surface_at
from openapi.importing import contents

FILE = """\
openapi: 3.0.3
info: {{title: Archive, version: "{version}.0"}}
paths:
  /archive/shelves:
    {method}:
      summary: Shelves
      tags: [Shelves]
      description: "{said}"
      responses: {{"204": {{description: Done}}}}
"""


def releases_up_to(catalogue: Path, newest: int) -> None:
    """Enter releases into the catalogue's list, as imports of other families would."""
    path = catalogue / "releases.yaml"
    lines = [
        f'  - {{version: {version}.0, name: "{name_of_release(version)}", status: supported}}\n'
        for version in range(34, newest + 1)
    ]
    path.write_text(path.read_text(encoding="utf-8") + "".join(lines), encoding="utf-8")


def bring(catalogue: Path, text: str, **more: Any) -> list[str]:
    file = catalogue.parent / "archive.yaml"
    file.write_text(text, encoding="utf-8")
    return list(import_openapi(ImportRequest(**{"file": file, "family": "archive", "spec_dir": catalogue, **more})))


def shelves(catalogue: Path) -> dict[str, Any]:
    document = yaml.safe_load((catalogue / "resources" / "archive" / "shelves.yaml").read_text(encoding="utf-8"))
    return document["resources"][0]["operations"]


def test_a_new_method_of_an_old_resource_begins_with_its_version(catalogue: Path) -> None:
    """Of version 68.0, under a resource that has been there since 31.0."""
    releases_up_to(catalogue, 68)
    bring(catalogue, FILE.format(version=68, method="delete", said="**Available Version:** 68.0"))
    assert shelves(catalogue)["DELETE"]["since"] == 68.0
    loaded = load_catalogue(catalogue)
    has = {
        version: any(one.name == "delete" for group in surface_at(loaded, version).groups for one in group.operations)
        for version in (60, 67, 68)
    }
    assert has == {60: False, 67: False, 68: True}


def test_what_ends_with_the_newest_version_ends(catalogue: Path) -> None:
    releases_up_to(catalogue, 68)
    bring(
        catalogue,
        FILE.format(version=68, method="delete", said="**Available Version:** 67.0–68.0"),
        accept=["additions"],
    )
    assert shelves(catalogue)["DELETE"]["until"] == 68.0
    assert covered_versions(catalogue) == Span(30, 68)
    assert with_span({}, Span(30, 68)) == {"since": 30.0, "until": 68.0}


def test_an_older_file_brings_nothing_newer_than_itself(catalogue: Path) -> None:
    releases_up_to(catalogue, 68)
    before = contents(catalogue)
    lines = bring(catalogue, FILE.format(version=67, method="delete", said="**Available Version:** 68.0"))
    assert "1 thing comes with a later version and was left out" in lines
    assert contents(catalogue) == before


def test_an_older_method_is_refused_or_allowed_by_name(catalogue: Path) -> None:
    text = FILE.format(version=33, method="delete", said="**Available Version:** 31.0")
    before = contents(catalogue)
    with pytest.raises(
        ImportRefusedError, match=r"archive\.shelves\.delete: the operation would be added \(31\.0–32\.0\)"
    ) as refused:
        bring(catalogue, text)
    assert "1 file would be written" in refused.value.lines
    assert contents(catalogue) == before
    bring(catalogue, text, allow_changes=["archive.shelves.delete"])
    assert "since" not in shelves(catalogue)["DELETE"]  # as old as its resource


def test_a_better_date_is_asked_and_taken_with_an_answer(catalogue: Path) -> None:
    """The answer to a question by its name is leave to change what it is about."""
    text = FILE.format(version=33, method="get", said="**Available Version:** 32.0")
    answers = catalogue.parent / "answers.yaml"
    lines = bring(catalogue, text, answers_file=answers)
    assert any("/archive/shelves GET: since is 31.0 here, the source says 32.0" in line for line in lines)
    written = answers.read_text(encoding="utf-8")
    assert "choices: [" in written
    document = yaml.safe_load(written)
    document["answers"]["date"]["/archive/shelves GET (since)"]["answer"] = "source"
    answers.write_text(yaml.safe_dump(document), encoding="utf-8")
    bring(catalogue, text, answers_file=answers)
    assert shelves(catalogue)["GET"]["since"] == 32.0


def test_versions_become_relative_to_the_owner_they_end_up_with() -> None:
    owner = Span(31, 40)
    assert settled_fact("properties", {"type": "String", "since": 30.0, "until": 50.0}, owner) == "String"
    assert settled_fact("properties", {"type": "String", "since": 33.0}, owner) == {"type": "String", "since": 33.0}
    assert settled_fact("properties", {"type": "String", "since": 41.0}, owner) is None
    assert settled_fact("properties", "String", owner) == "String"
    entry = {
        "since": 30.0,
        "parameters": {
            "a": {"type": "Id", "since": 31.0},
            "b": {"type": "String", "values": ["A", {"value": "B", "since": 35.0}], "since": 35.0},
        },
    }
    assert settled_entry(entry, owner) == {
        "parameters": {"a": "Id", "b": {"type": "String", "since": 35.0, "values": ["A", "B"]}}
    }
