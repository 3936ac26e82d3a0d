"""Which of the guide's pages the catalogue holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from connectgen.catalogue.model import FOREVER, Catalogue
from connectgen.importer.guide.paths import settle_paths
from connectgen.importer.guide.reader import read_guide
from connectgen.importer.paths import path_shape


@dataclass(slots=True)
class Coverage:
    """Pages by type, how many of them the catalogue holds, and those that it does not, with the reason."""

    pages: dict[str, int] = field(default_factory=dict[str, int])
    resource_pages: int = 0
    resource_pages_held: int = 0
    type_pages: int = 0
    type_pages_held: int = 0
    missing: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def coverage(catalogue: Catalogue, guide: Path) -> Coverage:
    """Compare the guide's pages with the catalogue.

    Args:
        catalogue: the whole catalogue.
        guide: the folder with the guide's pages.

    Raises:
        GuideError: a page cannot be read.
    """
    facts = read_guide(guide)
    found = Coverage(pages=dict(facts.pages))
    omitted = {omitted.entry: omitted.because for omitted in catalogue.omitted}
    oldest = catalogue.versions[0]
    addresses = {
        path_shape(ranged.value)
        for group in catalogue.groups
        for resource in group.resources
        for ranged in resource.paths
    }
    for resource in facts.resources:
        found.resource_pages += 1
        if any(path_shape(path.path) in addresses for path in settle_paths(resource.paths)):
            found.resource_pages_held += 1
        else:
            because = next((omitted[path.path] for path in resource.paths if path.path in omitted), None)
            ended = (resource.until or FOREVER) < oldest
            found.missing.append((resource.page, because or (f"ended before {oldest}.0" if ended else "not held")))
    for kind in facts.types:
        found.type_pages += 1
        if kind.name in catalogue.types:
            found.type_pages_held += 1
        else:
            ended = (kind.until or FOREVER) < oldest
            reason = omitted.get(kind.name) or (f"ended before {oldest}.0" if ended else "not held")
            found.missing.append((kind.page, f"{kind.name}: {reason}"))
    return found
