"""Enters a new API version into the catalogue's list of releases."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from connectgen.catalogue.model import Span
from connectgen.importer.yaml_files import Change, Plain, apply_changes, check_meaning, edit_text, read_plain

FILE = "releases.yaml"
_SEASONS = ("Spring", "Summer", "Winter")


def newest_release(spec_dir: Path) -> int:
    """The newest version that the catalogue has.

    Raises:
        YamlFileError: the list cannot be read.
    """
    return int(_releases(spec_dir)[-1]["version"])


def name_of_release(version: int) -> str:
    """The name of the release that a version comes with: three a year, 30.0 was Spring '14.

    Args:
        version: as a whole number.
    """
    years, season = divmod(version - 30, 3)
    year = 14 + years + (season == 2)  # Winter is named after the year that is about to begin
    return f"{_SEASONS[season]} '{year % 100:02}"


def with_release(spec_dir: Path, version: int) -> str:
    """The list's text with one more release at its end; all else in it stays.

    Raises:
        YamlFileError: the list cannot be read.
    """
    path = spec_dir / FILE
    releases = _releases(spec_dir)
    entry: Plain = {"version": float(version), "name": name_of_release(version), "status": "supported"}
    change = Change(("releases", len(releases)), entry)
    text = edit_text(path.read_text(encoding="utf-8"), [change])
    check_meaning(path, text, apply_changes(read_plain(path), [change]))
    return text


def _releases(spec_dir: Path) -> list[Plain]:
    return cast("list[Plain]", read_plain(spec_dir / FILE)["releases"])


def covered_versions(spec_dir: Path) -> Span:
    """The versions that the catalogue covers, from its list of releases.

    Raises:
        YamlFileError: the list cannot be read.
    """
    versions = [int(release["version"]) for release in _releases(spec_dir)]
    return Span(min(versions), max(versions))
