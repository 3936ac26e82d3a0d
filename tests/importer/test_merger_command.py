"""`connectgen import guide`: bad input ends in one clear line, and the real guide fills a catalogue."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.loader import check_catalogue
from connectgen.catalogue.model import Location
from connectgen.cli.import_guide import guide_command
from connectgen.importer import checking

PROJECT = Path(__file__).parents[2]
PAGES = PROJECT.parent / "shared" / "guide" / "pages"

RESOURCE_PAGE = """---
title: "Lamp"
---

# Lamp

Resource

```

```

Available version

40.0

HTTP methods

GET

Response body for GET

[Lamp Output](x/y/connect_responses_lamp_output.htm "A lamp.")

## Code Examples

```
/connect/zones/lampId
```
"""
RESPONSE_PAGE = """# Lamp Output

| Property Name | Type | Description | Filter Group and Version | Available Version |
| --- | --- | --- | --- | --- |
| isLit | Boolean | Tells if it burns. | Small, 40.0 | 40.0 |
| colour | String | Its colour. | Small, 41.0 | 41.0 |
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(guide_command, [str(argument) for argument in arguments])


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """An empty catalogue: releases and status codes only."""
    folder = tmp_path / "spec"
    folder.mkdir()
    for name in ("releases.yaml", "status_codes.yaml"):
        shutil.copy(PROJECT / "spec" / name, folder / name)
    return folder


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A guide of two pages."""
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "lamp.md").write_text(RESOURCE_PAGE, encoding="utf-8")
    (folder / "lamp-output.md").write_text(RESPONSE_PAGE, encoding="utf-8")
    return folder


def test_pages_become_a_valid_catalogue(pages: Path, spec: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    done = run(pages, "--catalogue", spec, "--report", report)
    assert done.exit_code == 0, done.output
    catalogue, faults = check_catalogue(spec)
    assert faults == []
    assert catalogue is not None
    assert [resource.path for group in catalogue.groups for resource in group.resources] == ["/connect/zones/{lampId}"]
    assert [item.name for item in catalogue.types["LampOutput"].properties] == ["isLit", "colour"]
    assert "Pages read: 2" in report.read_text(encoding="utf-8")
    assert "1 resource added\n1 operation added\n1 type added\n" in done.output
    assert "Facts taken: 1 resource, 1 operation, 0 parameters, 1 path parameter, 1 type, 2 properties" in done.output


def test_what_a_person_decided_stays(pages: Path, spec: Path) -> None:
    """A name and a reasoned fact; one without a reason is asked about, and taken over on demand only."""
    assert run(pages, "--catalogue", spec).exit_code == 0
    types = next((spec / "types").rglob("*.yaml"))
    resources = next((spec / "resources").rglob("*.yaml"))
    text = types.read_text(encoding="utf-8")
    lit, colour = "isLit: {type: Boolean, since: 40.0", "colour: {type: String, since: 41.0"
    assert text.count(lit) == text.count(colour) == 1, text
    text = text.replace(lit, "isLit: {type: String, was: {type: Boolean}, because: It may be unknown., since: 40.0")
    types.write_text(text.replace(colour, "colour: {type: Integer, since: 41.0"), encoding="utf-8")
    named = resources.read_text(encoding="utf-8")
    resources.write_text(named.replace("name: ", "name: light_", 1), encoding="utf-8")
    decided = (types.read_bytes(), resources.read_bytes())

    again = run(pages, "--catalogue", spec)

    assert again.exit_code == 0
    assert "0 files written" in again.output
    assert "1 correction kept" in again.output
    assert "1 question:" in again.output
    assert (types.read_bytes(), resources.read_bytes()) == decided
    taken = run(pages, "--catalogue", spec, "--accept-changes", "--allow-change", "LampOutput.colour")
    assert "1 fact updated" in taken.output
    now = types.read_text(encoding="utf-8")
    assert "colour: {type: String" in now
    assert "isLit: {type: String, was" in now
    assert resources.read_bytes() == decided[1]


def test_the_past_changes_only_where_it_is_allowed(pages: Path, spec: Path, tmp_path: Path) -> None:
    """A page that says more of old versions, and one that says something else, are refused with the list."""
    assert run(pages, "--catalogue", spec).exit_code == 0
    before = {path: path.read_bytes() for path in spec.rglob("*.yaml")}
    page = pages / "lamp-output.md"
    new_row = "| glow | String | How. | Small, 42.0 | 42.0 |\n"
    page.write_text(RESPONSE_PAGE.replace("| colour | String", "| colour | Integer") + new_row, encoding="utf-8")
    report = tmp_path / "report.md"
    refused = run(pages, "--catalogue", spec, "--accept-changes", "--report", report)
    assert refused.exit_code == 1
    assert "2 things would change in older versions:\n" in refused.output
    assert "  LampOutput.colour: type would become Integer, it is String (41.0–66.0)\n" in refused.output
    assert "  LampOutput.glow: it would be added (42.0–66.0)\n" in refused.output
    assert "nothing was written; allow them with --allow-change NAME" in refused.output
    assert "- `LampOutput.glow`: LampOutput.glow: it would be added" in report.read_text(encoding="utf-8")
    assert {path: path.read_bytes() for path in spec.rglob("*.yaml")} == before
    added = run(pages, "--catalogue", spec, "--accept", "additions")
    assert (added.exit_code, "1 fact added" in added.output) == (0, True), added.output
    changed = run(pages, "--catalogue", spec, "--accept-changes", "--allow-change", "LampOutput.*")
    assert (changed.exit_code, "1 fact updated" in changed.output) == (0, True), changed.output


def test_what_is_to_be_allowed_must_exist(pages: Path, spec: Path, tmp_path: Path) -> None:
    """A name that nothing has is wrong usage, also where nothing would change; one that has no change is not."""
    assert run(pages, "--catalogue", spec).exit_code == 0
    report = tmp_path / "report.md"
    before = {path: path.read_bytes() for path in spec.rglob("*.yaml")}
    for page in (RESPONSE_PAGE, RESPONSE_PAGE.replace("| colour | String", "| colour | Integer")):
        (pages / "lamp-output.md").write_text(page, encoding="utf-8")
        wanted = ("--accept-changes", "--allow-change", "LampOutput.color", "--report", report)
        done = run(pages, "--catalogue", spec, *wanted)
        said = (
            "--allow-change LampOutput.color: nothing in the catalogue has this name; did you mean LampOutput.colour?\n"
        )
        assert (done.exit_code, done.output) == (2, said)
        assert not report.exists()
        assert {path: path.read_bytes() for path in spec.rglob("*.yaml")} == before
    assert run(pages, "--catalogue", spec, "--allow-change", "Lamp*").exit_code == 0


def test_dry_run_writes_nothing(pages: Path, spec: Path) -> None:
    before = sorted(spec.rglob("*"))
    done = run(pages, "--catalogue", spec, "--dry-run")
    assert done.exit_code == 0
    assert "would be written" in done.output
    assert sorted(spec.rglob("*")) == before


@pytest.mark.parametrize("what", ["missing", "file", "empty", "no guide"])
def test_a_folder_without_pages_is_wrong_usage(what: str, spec: Path, tmp_path: Path) -> None:
    folder = tmp_path / "guide"
    if what == "file":
        folder.write_text("", encoding="utf-8")
    if what == "empty":
        folder.mkdir()
    if what == "no guide":
        shutil.copytree(PROJECT / "docs", folder)
    done = run(folder, "--catalogue", spec)
    assert (done.exit_code, done.output.count("\n")) == (2, 1)
    assert "name the folder that holds the guide's pages" in done.output
    assert not (spec / "resources").exists()
    assert str(folder) in done.output


def test_a_report_that_cannot_be_written_keeps_the_catalogue_as_it_is(pages: Path, spec: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run(pages, "--catalogue", spec, "--report", tmp_path / "file" / "report.md")
    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert "report.md: cannot be written" in done.output
    assert not (spec / "resources").exists()


def test_an_unreadable_page_is_named(pages: Path, spec: Path) -> None:
    (pages / "bad.md").write_bytes(b"# \xff\xfe")
    done = run(pages, "--catalogue", spec)
    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert "bad.md" in done.output
    assert not (spec / "resources").exists()


@pytest.mark.parametrize("hidden", ["\x07", "\x1b[31m", "\u202e", "\x85"])
def test_a_control_character_never_becomes_part_of_a_name(pages: Path, spec: Path, hidden: str) -> None:
    page = pages / "lamp-output.md"
    page.write_text(RESPONSE_PAGE.replace("isLit", f"is{hidden}Lit"), encoding="utf-8")
    done = run(pages, "--catalogue", spec)
    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert f"lamp-output.md: line 5 holds the control character U+{ord(hidden[0]):04X}" in done.output
    assert not (spec / "resources").exists()


def test_a_catalogue_that_would_be_at_fault_is_not_written(
    pages: Path, spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The validator sees what would be written before it is; it is made to find a fault in the copy."""

    def find_fault(root: Path, cache: Path | None = None) -> tuple[None, list[Fault]]:
        return None, [] if root == spec else [Fault(Location("types/a/b.yaml", 3), "is odd", "correct it")]

    monkeypatch.setattr(checking, "check_catalogue", find_fault)
    report = tmp_path / "report.md"
    done = run(pages, "--catalogue", spec, "--report", report)
    assert done.exit_code == 1
    assert done.output == "types/a/b.yaml:3: is odd; correct it\nthe catalogue would be at fault; nothing was written\n"
    assert not (spec / "resources").exists()


@pytest.mark.skipif(not PAGES.is_dir(), reason="the guide's pages are not here")
def test_the_real_guide_fills_a_catalogue_once(spec: Path) -> None:
    assert run(PAGES, "--catalogue", spec).exit_code == 0
    catalogue, faults = check_catalogue(spec)
    assert faults == []
    assert catalogue is not None
    assert sum(len(group.resources) for group in catalogue.groups) > 600
    again = run(PAGES, "--catalogue", spec)
    assert "0 files written" in again.output
    assert "questions" not in again.output
