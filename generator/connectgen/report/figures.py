"""The catalogue in figures: by family, and what each version has, gained and lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from connectgen.catalogue.descriptions import Place, descriptions
from connectgen.catalogue.model import Catalogue
from connectgen.resolver import surface_at
from connectgen.surface import Surface


@dataclass(slots=True)
class FamilyFigures:
    """How many entries of each type a family has, over all versions."""

    family: str
    groups: int = 0
    resources: int = 0
    operations: int = 0
    parameters: int = 0
    types: int = 0
    properties: int = 0


@dataclass(frozen=True, slots=True)
class VersionFigures:
    """What one version has, and how many operations and types came and went with it."""

    version: int
    release: str
    status: str
    operations: int
    types: int
    properties: int
    operations_came: int
    operations_went: int
    types_came: int
    types_went: int


def by_family(catalogue: Catalogue) -> list[FamilyFigures]:
    """One row a family, in alphabetical order; parameters and properties are counted by name."""
    rows: dict[str, FamilyFigures] = {}
    for group in catalogue.groups:
        row = rows.setdefault(group.family, FamilyFigures(group.family))
        row.groups += 1
        row.resources += len(group.resources)
        for resource in group.resources:
            row.operations += len(resource.operations)
            row.parameters += len({value.name for value in resource.parameters})
            row.parameters += sum(len({value.name for value in one.parameters}) for one in resource.operations)
    for definition in catalogue.types.values():
        family = definition.location.file.split("/")[1]
        row = rows.setdefault(family, FamilyFigures(family))
        row.types += 1
        row.properties += len({item.name for item in definition.properties})
    return [rows[family] for family in sorted(rows)]


@dataclass(slots=True)
class DescribedFigures:
    """How many places of a family are described, and how many there are; a name that says all is a description."""

    described: Counter[Place]
    all_of_them: Counter[Place]


def described_by_family(catalogue: Catalogue) -> dict[str, DescribedFigures]:
    """One row a family, in alphabetical order."""
    rows: dict[str, DescribedFigures] = {}
    for one in descriptions(catalogue):
        _, _, family = one.location.file.partition("/")
        if family:  # the sentences about families themselves are in one file
            row = rows.setdefault(family.split("/")[0].removesuffix(".yaml"), DescribedFigures(Counter(), Counter()))
            row.all_of_them[one.place] += 1
            row.described[one.place] += bool(one.text or one.described_by_name)
    return {family: rows[family] for family in sorted(rows)}


def by_version(catalogue: Catalogue) -> Iterator[VersionFigures]:
    """One row a version, oldest first; of the first, everything came."""
    operations: set[str] = set()
    types: set[str] = set()
    for release in catalogue.releases:
        surface = surface_at(catalogue, release.version)
        now, kinds = set(_operations(surface)), set(surface.types)
        yield VersionFigures(
            version=release.version,
            release=release.name,
            status=release.status,
            operations=len(now),
            types=len(kinds),
            properties=sum(len(kind.properties) for kind in surface.types.values()),
            operations_came=len(now - operations),
            operations_went=len(operations - now),
            types_came=len(kinds - types),
            types_went=len(types - kinds),
        )
        operations, types = now, kinds


def _operations(surface: Surface) -> Iterator[str]:
    return (f"{one.family}.{one.group}.{one.name}" for group in surface.groups for one in group.operations)


def pagination_styles(catalogue: Catalogue) -> Counter[str]:
    """How many operations page in which way."""
    return Counter(
        operation.pagination.style
        for group in catalogue.groups
        for resource in group.resources
        for operation in resource.operations
        if operation.pagination
    )
