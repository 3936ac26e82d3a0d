"""After each small edit of a catalogue, what is known of texts by their keys is what would be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectgen.catalogue.faults import CatalogueError
from connectgen.catalogue.loader import load_catalogue
from connectgen.catalogue.model import Catalogue
from connectgen.locations import default_templates
from connectgen.python.formatting import Unformatted
from connectgen.python.packages import PackageMaker
from connectgen.resolver import surface_at
from support.command import ROOT
from support.edits import Files, edits, read, write

_DEPENDENCIES = ROOT / "tests" / "fixtures" / "dependencies"
_Hashes = dict[tuple[int, str], str]


def _hashes(catalogue: Catalogue, cache: Path | None) -> tuple[_Hashes, PackageMaker, int]:
    """The hashes of all texts, what made them, and how many had to be made."""
    surfaces = [surface_at(catalogue, version) for version in catalogue.versions]
    maker = PackageMaker(surfaces, default_templates(), cache, Unformatted(), generator="this one")
    planned = dict(maker.planned(catalogue.versions))
    files = {(version, path): file for version, texts in planned.items() for path, file in texts.items()}
    made = sum(not file.is_known for file in files.values())
    return {place: file.hash for place, file in files.items()}, maker, made


@pytest.fixture(scope="module")
def files() -> Files:
    return read(_DEPENDENCIES)


def test_after_each_edit_what_is_known_is_what_would_be_made(files: Files, tmp_path: Path) -> None:
    folder, cache = tmp_path / "catalogue", tmp_path / "cache"
    folder.mkdir()
    cache.mkdir()
    write(files, folder)
    before, maker, all_made = _hashes(load_catalogue(folder, None), cache)
    maker.store(forget_others=True)
    valid = changing = 0
    for what, edited in edits(files):
        write(edited, folder)
        try:
            catalogue = load_catalogue(folder, None, keep=False)
        except CatalogueError:
            continue
        after = _hashes(catalogue, None)[0]
        known, _, made = _hashes(catalogue, cache)
        assert known == after, what
        assert made < all_made, what
        valid += 1
        changing += after != before
    assert changing > 100
    assert valid > 200
