"""What a site is made from, and digests of it: of everything, and of what comparisons depend on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from connectgen.catalogue.model import NO_NOTES, Location
from connectgen.site.history import History
from connectgen.surface import SurfaceOperation, SurfaceType

_PACKAGE = Path(__file__).resolve().parents[1]
_CODE = ("*.py", "catalogue/**/*.py", "diff/*", "find/*.py", "mock/**/*.py", "python/*.py", "site/*.py")
_OF_COMPARISONS = ("diff/*", "site/comparisons.py", "site/data.py")
_NOWHERE = Location("", 0)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a site is made from.

    Attributes:
        catalogue: the catalogue's folder.
        overlay: a folder that is laid over it, or None.
        templates: the folder of templates.
        docs: the folder of guides, or None.
        cache: where work is remembered between runs, or None.
        out: the site's folder.
        name: how the catalogue's folder is named in pages, `spec/`.
    """

    catalogue: Path
    overlay: Path | None
    templates: Path
    docs: Path | None
    cache: Path | None
    out: Path
    name: str

    def digest(self) -> str:
        """A digest of everything that pages depend on."""
        digest = hashlib.blake2b(self.name.encode(), digest_size=20)
        _update(digest, _PACKAGE, _files(_PACKAGE, _CODE))
        for folder, pattern in (
            (self.catalogue, "**/*"),
            (self.overlay, "**/*"),
            (self.templates / "site", "**/*"),
            (self.docs, "*.md"),
        ):
            if folder is not None:
                _update(digest, folder, _files(folder, [pattern]))
        return digest.hexdigest()


def digest_of_comparisons(history: History) -> str:
    """A digest of what comparisons of versions depend on: the facts without what is said about them, and the code."""
    digest = hashlib.blake2b(digest_size=20)
    _update(digest, _PACKAGE, _files(_PACKAGE, _OF_COMPARISONS))
    for release in history.releases:
        digest.update(f"{release.version} {release.status}\n".encode())
    for timelines in (history.operations, history.types):
        for name, timeline in timelines.items():
            for one in timeline.stretches:
                digest.update(f"{name} {one.since}-{one.until} {_facts(one.fact)!r}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _facts(fact: SurfaceOperation | SurfaceType) -> SurfaceOperation | SurfaceType:
    """An operation or type without descriptions, places and notes, which no comparison looks at."""
    if isinstance(fact, SurfaceType):
        properties = tuple(
            replace(one, description=None, meanings=(), location=_NOWHERE, notes=NO_NOTES) for one in fact.properties
        )
        place = Location(fact.location.file, 0)
        return replace(fact, summary=None, guide=None, location=place, notes=NO_NOTES, properties=properties)
    path_parameters, parameters = (
        tuple(replace(one, description=None, meanings=(), location=_NOWHERE, notes=NO_NOTES) for one in several)
        for several in (fact.path_parameters, fact.parameters)
    )
    body = fact.body and replace(fact.body, description=None, location=_NOWHERE, notes=NO_NOTES)
    parts = tuple(replace(one, description=None, location=_NOWHERE, notes=NO_NOTES) for one in fact.parts)
    return replace(
        fact, summary="", description=None, guide=None, location=_NOWHERE, notes=NO_NOTES,
        path_parameters=path_parameters, parameters=parameters, body=body, parts=parts,
    )  # fmt: skip


def _files(folder: Path, patterns: Iterable[str]) -> list[Path]:
    return sorted({path for pattern in patterns for path in folder.glob(pattern) if path.is_file()})


def _update(digest: hashlib.blake2b, folder: Path, files: Iterable[Path]) -> None:
    for path in files:
        if "__pycache__" in path.parts:
            continue
        data = path.read_bytes()
        digest.update(f"\0{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
        digest.update(data)
