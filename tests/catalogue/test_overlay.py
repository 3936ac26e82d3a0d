"""An overlay is laid over the catalogue: corrections and additions in the same format, validated together."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectgen.catalogue.loader import check_catalogue, load_catalogue
from connectgen.catalogue.model import Catalogue
from connectgen.resolver import surface_at
from mock.conftest import Mock
from sf_connect.testing import MockServer
from support.command import SMALL_CATALOGUE, connectgen, files_of, generate_arguments

OURS = {
    "resources/garden/plants.yaml": """\
summary: Plants, with what we know better.
resources:
  - path: /garden/plants/{plantId}/label
    operations:
      GET: {name: get_label, summary: Read a label as it is with us., since: 31.0, returns: OurLabel}
""",
    "resources/acme/tools.yaml": """\
summary: Tools of our own.
resources:
  - path: /acme/tools
    since: 32.0
    operations:
      GET: {name: list, summary: List tools., returns: ToolPage}
""",
    "types/acme/tools.yaml": """\
types:
  ToolPage: {summary: A page of tools., properties: {names: list<String>, total: Long}}
  OurLabel: {summary: A label as it is with us., properties: {text: String}}
""",
    "types/garden/plants.yaml": """\
types:
  LabelInput: {summary: What is said here does not count., properties: {text: {type: String, max_length: 20}, colour: String}}
""",
}


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """An overlay of a company."""
    for name, text in OURS.items():
        path = tmp_path / "ours" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "ours"


@pytest.fixture
def laid(ours: Path) -> Catalogue:
    return load_catalogue(SMALL_CATALOGUE, overlay=ours)


def test_an_entry_is_corrected_and_all_else_of_it_stays(laid: Catalogue) -> None:
    alone = load_catalogue(SMALL_CATALOGUE)
    label = laid.types["LabelInput"]
    assert label.summary == alone.types["LabelInput"].summary
    facts = {(item.name, item.max_length, item.required) for item in label.properties}
    assert facts == {("text", 20, False), ("colour", None, False)}
    (group,) = [one for one in surface_at(laid, 33).groups if one.name == "plants"]
    assert group.summary != "Plants, with what we know better."
    got = next(one for one in group.operations if one.name == "get_label")
    assert (got.summary, got.span.since) == ("Read a label as it is with us.", 31)
    assert {"update_label", "list"} <= {one.name for one in group.operations}


def test_what_an_overlay_states_of_a_whole_type_counts(ours: Path) -> None:
    path = ours / "types" / "garden" / "plants.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("LabelInput: {", "LabelInput: {xml: theLabel, "), "utf-8")
    alone, laid = (load_catalogue(SMALL_CATALOGUE, overlay=one).types["LabelInput"] for one in (None, ours))
    assert (alone.xml, laid.xml) == (None, "theLabel")
    assert (laid.span, laid.guide, laid.location) == (alone.span, alone.guide, alone.location)


def test_what_is_new_is_in_the_versions_that_it_names(laid: Catalogue) -> None:
    has = {version: any(one.family == "acme" for one in surface_at(laid, version).groups) for version in laid.versions}
    assert has == {30: False, 31: False, 32: True, 33: True}


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("types/acme/tools.yaml", "total: Long", "total: Lnog", "types/acme/tools.yaml:2: there is no type Lnog"),
        ("types/acme/tools.yaml", "total: Long", "total: [", "types/acme/tools.yaml:"),
        (
            "types/acme/tools.yaml",
            "ToolPage: {summary: A page of tools.",
            "ToolPage: {sumary: A",
            "types/acme/tools.yaml:2:",
        ),
        ("resources/garden/plants.yaml", "returns: OurLabel", "returns: OurLable", "resources/garden/plants.yaml:5:"),
    ],
)
def test_a_fault_names_the_overlays_file(ours: Path, file: str, old: str, new: str, told: str) -> None:
    path = ours / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    faults = [str(fault) for fault in check_catalogue(SMALL_CATALOGUE, overlay=ours)[1]]
    assert faults[0].startswith(f"{ours}/{told}"), faults


def test_a_fault_of_the_catalogue_names_the_catalogues_file(ours: Path, tmp_path: Path) -> None:
    """Both have the file, and only one is at fault."""
    spec = shutil.copytree(SMALL_CATALOGUE, tmp_path / "spec")
    path = spec / "types" / "garden" / "plants.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("leaves: Long", "leaves: Lnog"), encoding="utf-8")
    (fault,) = check_catalogue(spec, overlay=ours)[1]
    assert str(fault).startswith("types/garden/plants.yaml:22: there is no type Lnog")


def test_the_cache_keeps_overlay_and_catalogue_apart(ours: Path, tmp_path: Path) -> None:
    """The same file in both, remembered, is still the file of the one that it is read for."""
    copy = shutil.copytree(ours, tmp_path / "copy")
    for overlay in (ours, copy, ours):
        loaded = load_catalogue(SMALL_CATALOGUE, tmp_path / "cache", overlay=overlay)
        assert str(loaded.types["ToolPage"].location) == f"{overlay}/types/acme/tools.yaml:2"


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda folder: None, "is no folder"),
        (lambda folder: folder.mkdir(), "holds no files of resources, types or enumerations"),
        (lambda folder: (folder.mkdir(), (folder / "releases.yaml").write_text("")), "an overlay cannot have it"),
    ],
)
def test_what_is_no_overlay_is_one_clear_line(tmp_path: Path, make, told: str) -> None:  # type: ignore[no-untyped-def]
    make(tmp_path / "ours")
    done = connectgen(
        "validate", "--catalogue", str(SMALL_CATALOGUE), "--overlay", str(tmp_path / "ours"), cwd=tmp_path
    )
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert told in done.stdout


def test_generate_writes_it_and_takes_it_away_again(ours: Path, tmp_path: Path) -> None:
    arguments = generate_arguments(SMALL_CATALOGUE, tmp_path / "out")
    assert connectgen(*arguments, cwd=tmp_path).returncode == 0
    alone = files_of(tmp_path / "out")
    done = connectgen(*arguments, "--overlay", str(ours), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    module = tmp_path / "out" / "sf-connect-v32" / "sf_connect" / "v32" / "groups" / "acme" / "tools.py"
    assert "List tools." in module.read_text(encoding="utf-8")
    assert "up to date" in connectgen(*arguments, "--overlay", str(ours), "--check", cwd=tmp_path).stdout
    assert connectgen(*arguments, cwd=tmp_path).returncode == 0
    assert files_of(tmp_path / "out") == alone


def test_diff_compares_with_it(ours: Path, tmp_path: Path) -> None:
    sides = ("diff", "31.0", "32.0", "--catalogue", str(SMALL_CATALOGUE))
    assert "acme.tools.list" not in connectgen(*sides, cwd=tmp_path).stdout
    told = connectgen(*sides, "--overlay", str(ours), cwd=tmp_path).stdout
    assert "acme.tools.list" in told


@pytest.fixture
def served(ours: Path) -> Iterator[Mock]:
    with MockServer(["--catalogue", str(SMALL_CATALOGUE), "--overlay", str(ours)]) as server:
        made = Mock(server, "33.0")
        yield made
        made.close()


def test_the_mock_serves_it(served: Mock) -> None:
    assert set(served.json("/acme/tools")) == {"names", "total"}  # type: ignore[call-overload]
    assert served.ask("/acme/tools", version="31.0").status_code == 404
