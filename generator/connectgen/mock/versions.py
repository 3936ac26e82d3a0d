"""The Surfaces that are served, each made when first asked for, and what the other versions have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from connectgen.catalogue.model import Catalogue, Release
from connectgen.mock.shapes import Shapes
from connectgen.resolver import UnknownVersionError, surface_at
from connectgen.surface import Surface, SurfaceOperation

T = TypeVar("T")
Key = tuple[str, str, str]


class Versions:
    """All versions of a catalogue.

    Args:
        catalogue: a validated catalogue.
        served: the versions that are served; all where empty.

    Raises:
        UnknownVersionError: the catalogue lacks one of them.
    """

    def __init__(self, catalogue: Catalogue, served: tuple[int, ...] = ()) -> None:
        self._catalogue = catalogue
        self.known = catalogue.versions
        for version in served:
            if version not in self.known:
                raise UnknownVersionError(
                    f"there is no version {version}.0: the catalogue has {self.known[0]}.0 to {self.known[-1]}.0"
                )
        self.served = tuple(version for version in self.known if not served or version in served)
        self.releases: dict[int, Release] = {release.version: release for release in catalogue.releases}
        self._operations: dict[int, dict[Key, SurfaceOperation]] = {}
        self._shapes: dict[int, Shapes] = {}
        self._below: dict[int, dict[str, SurfaceOperation]] = {}

    def surface(self, version: int) -> Surface:
        """What exists at a version."""
        return surface_at(self._catalogue, version)

    def shapes(self, version: int) -> Shapes:
        """The types of a version, ready to be walked through."""
        if version not in self._shapes:
            self._shapes[version] = Shapes(self.surface(version))
        return self._shapes[version]

    def operations(self, version: int) -> Iterator[SurfaceOperation]:
        """Every operation of a version."""
        for group in self.surface(version).groups:
            yield from group.operations

    def same_operation(self, version: int, operation: SurfaceOperation) -> SurfaceOperation | None:
        """An operation as it is at another version."""
        self._index(version)
        return self._operations[version].get((operation.family, operation.group, operation.name))

    def named(self, version: int, name: str) -> SurfaceOperation | None:
        """An operation of a version by its name in clients, `family.group.operation`."""
        family, _, rest = name.partition(".")
        group, _, own = rest.rpartition(".")
        self._index(version)
        return self._operations[version].get((family, group, own))

    def reading_below(self, version: int, path: str) -> SurfaceOperation | None:
        """The operation that reads one of what is at a path: a step below, a placeholder."""
        if version not in self._below:
            below: dict[str, SurfaceOperation] = {}
            for one in self.operations(version):
                if one.method == "GET" and one.path.endswith("}"):
                    below.setdefault(one.path.rpartition("/")[0], one)
            self._below[version] = below
        return self._below[version].get(path)

    def elsewhere(self, version: int, find: Callable[[int], T | None]) -> tuple[str, T] | None:
        """Which other versions have something.

        Args:
            version: the version that lacks it.
            find: gives the thing at a version, or None.

        Returns:
            When it is or was available, in words, and the thing at the nearest version; None where no version has it.
        """
        found = {other: thing for other in self.known if other != version and (thing := find(other)) is not None}
        if not found:
            return None
        nearest = min(found, key=lambda other: (abs(other - version), other < version))
        return self._when(version, min(found), max(found)), found[nearest]

    def _index(self, version: int) -> None:
        if version not in self._operations:
            self._operations[version] = {(one.family, one.group, one.name): one for one in self.operations(version)}

    def _when(self, version: int, first: int, last: int) -> str:
        if last < version:
            return f"is available until {last}.0"
        if first > version:
            if last == self.known[-1]:
                return f"is available from {first}.0"
            return f"is available in {first}.0 only" if first == last else f"is available from {first}.0 to {last}.0"
        return f"is available until {version - 1}.0 and again later"
