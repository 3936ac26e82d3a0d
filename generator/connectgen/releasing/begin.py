"""Begins an API version: the list of releases, the figures in documents, the list of clients, the CHANGELOG."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from connectgen.catalogue.faults import CatalogueError
from connectgen.catalogue.loader import check_catalogue
from connectgen.catalogue.model import Catalogue, Release
from connectgen.files import replace_file
from connectgen.importer.releases import FILE, name_of_release, with_release
from connectgen.releasing.figures import figures_of, outdated
from connectgen.wheels.faults import ReleaseError
from connectgen.wheels.umbrella import outdated_umbrella

_ADDED = re.compile(r"(?<=^## Unreleased\n\n### Added\n\n)", re.MULTILINE)
_UNRELEASED = re.compile(r"(?<=^## Unreleased\n\n)", re.MULTILINE)


def begin(root: Path, version: int, cache: Path | None) -> list[Path]:
    """Do what is mechanical when an API version comes; for the newest version, do again what is missing of it.

    Args:
        root: the repository.
        version: the version as a whole number, the one that follows the newest, or the newest itself.
        cache: where work is remembered.

    Returns:
        The files that were written; none where nothing was missing.

    Raises:
        CatalogueError: the catalogue has faults.
        ReleaseError: the version is neither the newest nor the next one.
        FileError: the disk refused; each file is as it was, or as it is to be, and a second run does the rest.
    """
    loaded, faults = check_catalogue(root / "spec", cache)
    if loaded is None or faults:
        raise CatalogueError(faults)
    newest = loaded.versions[-1]
    if version not in (newest, newest + 1):
        raise ReleaseError(
            f"{version}.0: the newest version is {newest}.0, so only {newest + 1}.0 can begin; "
            f"versions follow one another in {Path('spec') / FILE}"
        )
    texts: dict[Path, str] = {}
    if version > newest:
        texts[root / "spec" / FILE] = with_release(root / "spec", version)
        loaded = _with_release(loaded, version)
    texts.update(outdated(root, figures_of(loaded)))
    texts.update(outdated_umbrella(root, loaded.releases))
    texts.update(_changelog(root / "CHANGELOG.md", version, is_new=version > newest))
    for path, text in texts.items():
        replace_file(path, text)
    return list(texts)


def _with_release(catalogue: Catalogue, version: int) -> Catalogue:
    last = catalogue.releases[-1]
    release: Release = replace(last, version=version, name=name_of_release(version))
    return replace(catalogue, releases=(*catalogue.releases, release))


def _changelog(path: Path, version: int, *, is_new: bool) -> dict[Path, str]:
    """The CHANGELOG with a line for the version, where it lacks one."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if not is_new or f"API version {version}.0" in text:
        return {}
    line = f"- API version {version}.0 ({name_of_release(version)}): the client `sf-connect-v{version}`.\n"
    for place, before in ((_ADDED, ""), (_UNRELEASED, "### Added\n\n")):
        if place.search(text):
            end = "\n" if before else ""
            return {path: place.sub(lambda _match: before + line + end, text, count=1)}  # noqa: B023 - called at once
    raise ReleaseError(f"{path.name}: has no heading `## Unreleased`, so the line about {version}.0 has no place")
