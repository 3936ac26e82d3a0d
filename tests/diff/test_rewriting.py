"""Over the real catalogue: what changes nothing gives no entry, in either direction; what changes something gives its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from connectgen.catalogue.loader import load_catalogue
from connectgen.catalogue.model import Catalogue
from connectgen.diff.compare import compare
from connectgen.resolver import surface_at
from diff.rewriting import Rewriting
from support.command import ROOT
from support.real import real_surface
from support.shared import kept
from support.versions import NEWEST

SEED = 17
VERSIONS = (31, 45, 58, NEWEST)
KINDS = {
    "enumeration inlined", "enumeration extracted", "HEAD: true", "HEAD shortened", "parameter shared",
    "parameter of a path left to the file", "default since", "default site", "default requires", "default xml",
    "default group", "since spelled out", "until spelled out",
    "group of a type",
}  # fmt: skip


_MOST_FILES = 8_000
"""Four catalogues of today have 2,000."""


@pytest.fixture(scope="module")
def memory() -> Path:
    """Where the generator remembers what it read; the same seed makes the same files of the same catalogue."""

    def tidy(folder: Path) -> None:
        if len(list(folder.rglob("*"))) > _MOST_FILES:
            shutil.rmtree(folder)

    return kept("rewritten", tidy)


def test_rewriting_without_another_meaning_gives_no_entry(tmp_path: Path, memory: Path) -> None:
    rewriting = Rewriting(ROOT / "spec", SEED)
    before = {name: str(document) for name, document in rewriting.files.items()}
    rewriting.keep_meaning()
    assert sum(str(document) != before[name] for name, document in rewriting.files.items()) > 300
    check(load_catalogue(rewriting.write(tmp_path / "spec"), memory))


def check(rewritten: Catalogue) -> None:
    """No entry, in either direction."""
    for version in VERSIONS:
        sides = real_surface(version), surface_at(rewritten, version)
        for one, other in (sides, sides[::-1]):
            assert [change.id for change in compare(one, other, with_reach=False)] == []


def test_what_is_said_once_or_spelled_out_gives_no_entry(tmp_path: Path, memory: Path) -> None:
    """Enumerations, defaults of files, shared parameters, HEAD from GET, versions and groups of types: there and back."""
    rewriting = Rewriting(ROOT / "spec", SEED)
    done = rewriting.shorten().done
    assert min(done[kind] for kind in KINDS) > 10, done
    check(load_catalogue(rewriting.write(tmp_path / "spec"), memory))


def test_all_rewritings_at_once_give_no_entry(tmp_path: Path, memory: Path) -> None:
    rewriting = Rewriting(ROOT / "spec", SEED)
    rewriting.keep_meaning()
    rewriting.shorten()
    check(load_catalogue(rewriting.write(tmp_path / "spec"), memory))


def test_random_edits_of_each_kind_are_found(tmp_path: Path, memory: Path) -> None:
    rewriting = Rewriting(ROOT / "spec", SEED)
    rewriting.keep_meaning()
    expected = rewriting.edit(edits=8, current=real_surface(NEWEST).types)
    assert len(expected) > 60
    edited = load_catalogue(rewriting.write(tmp_path / "spec"), memory)
    changes = compare(real_surface(NEWEST), surface_at(edited, NEWEST), with_reach=False)
    found = {change.id for change in changes}
    assert sorted(expected - found) == []
    edited = {owner(one) for one in expected}
    assert [change.id for change in changes if owner(change.id) not in edited] == []


def owner(change: str) -> str:
    """The operation or type that an entry is about."""
    subject = change.partition(":")[2].partition("(")[0].partition("=")[0]
    return subject if subject[:1].islower() else subject.partition(".")[0]
