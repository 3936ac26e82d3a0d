"""Finds the operation for a method and a path, over all versions at once, and says why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from connectgen.mock.refusal import RefusalError, refuse
from connectgen.mock.versions import Versions
from connectgen.surface import SurfaceOperation

_SITE = ("connect", "communities")
_CONNECT = "/connect/"
NOT_FOUND = "The requested resource does not exist"


@dataclass(frozen=True, slots=True)
class Match:
    """An operation and the values of its path; `site` is the site under whose second path it was asked."""

    operation: SurfaceOperation
    values: Mapping[str, str]
    site: str | None = None


@dataclass(slots=True)
class _Route:
    """One operation and the versions in which it is just so."""

    operation: SurfaceOperation
    versions: set[int] = field(default_factory=set[int])


class _Node:
    """A step of a path: what may follow literally, what may follow whatever it says, and what ends here."""

    __slots__ = ("any", "literal", "routes")

    def __init__(self) -> None:
        self.literal: dict[str, _Node] = {}
        self.any: _Node | None = None
        self.routes: dict[int, _Route] = {}

    def ends(self, segments: tuple[str, ...], place: int = 0) -> Iterator[_Node]:
        """Every node that a path leads to, literal steps first."""
        if place == len(segments):
            if self.routes:
                yield self
            return
        if (literal := self.literal.get(segments[place])) is not None:
            yield from literal.ends(segments, place + 1)
        if self.any is not None:
            yield from self.any.ends(segments, place + 1)


class Router:
    """The paths of all versions; a version is read in when it is first asked for.

    Args:
        versions: the Surfaces.
    """

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self._root = _Node()
        self._read: set[int] = set()

    def find(self, version: int, method: str, segments: tuple[str, ...]) -> Match:
        """The operation for a request.

        Args:
            version: the API version.
            method: the HTTP method.
            segments: the path after `/services/data/vNN.0/`, decoded.

        Raises:
            RefusalError: 404 where there is no such path, 405 where it does not take the method.
        """
        self._read_in(version)
        allowed: list[SurfaceOperation] = []
        for operation, site in self._at(version, segments):
            if operation.method == method:
                return Match(operation, _values(operation, segments, site), site)
            allowed.append(operation)
        for other in self._versions.known:
            self._read_in(other)
        if allowed:
            raise self._wrong_method(version, method, segments, allowed)
        raise self._unknown(version, segments)

    def methods(self, version: int, segments: tuple[str, ...]) -> list[str]:
        """The methods that a path takes at a version."""
        self._read_in(version)
        return sorted({operation.method for operation, _ in self._at(version, segments)})

    def _read_in(self, version: int) -> None:
        if version in self._read:
            return
        self._read.add(version)
        for operation in self._versions.operations(version):
            for path in (operation.path, *operation.aliases):
                routes = self._node_of(path).routes
                routes.setdefault(id(operation), _Route(operation)).versions.add(version)

    def _node_of(self, path: str) -> _Node:
        """The step in which a path ends."""
        node = self._root
        for segment in path.strip("/").split("/"):
            if segment.startswith("{"):
                node.any = node.any or _Node()
                node = node.any
            else:
                node = node.literal.setdefault(segment, _Node())
        return node

    def _at(self, version: int, segments: tuple[str, ...]) -> Iterator[tuple[SurfaceOperation, str | None]]:
        for operation, site, versions in self._all(segments):
            if version in versions:
                yield operation, site

    def _all(self, segments: tuple[str, ...]) -> Iterator[tuple[SurfaceOperation, str | None, set[int]]]:
        """Every operation of any version that a path fits, also by its second path in a site."""
        for node in self._root.ends(segments):
            for route in node.routes.values():
                yield route.operation, None, route.versions
        if segments[:2] != _SITE or len(segments) < 4:
            return
        for is_below_connect, own in _own_paths(segments):
            for node in self._root.ends(own):
                for route in node.routes.values():
                    if route.operation.site and is_below_connect == route.operation.path.startswith(_CONNECT):
                        yield route.operation, segments[2], route.versions

    def _wrong_method(
        self, version: int, method: str, segments: tuple[str, ...], allowed: list[SurfaceOperation]
    ) -> RefusalError:
        methods = sorted({operation.method for operation in allowed})
        message = f"HTTP Method '{method}' not allowed. Allowed are {','.join(methods)}"
        reason, entry = "unknown-method", allowed[0].location
        elsewhere = self._elsewhere(version, segments, method)
        if elsewhere:
            reason, entry = "other-versions", elsewhere[1].location
            message = f"{message}; {method} {elsewhere[1].path} {elsewhere[0]}"
        return refuse(405, "METHOD_NOT_ALLOWED", message, reason, entry, {"Allow": ", ".join(methods)})

    def _unknown(self, version: int, segments: tuple[str, ...]) -> RefusalError:
        elsewhere = self._elsewhere(version, segments, None)
        if elsewhere:
            message = f"{NOT_FOUND}; {elsewhere[1].path} {elsewhere[0]}"
            return refuse(404, "NOT_FOUND", message, "other-versions", elsewhere[1].location)
        if segments[:2] == _SITE and len(segments) > 3:
            found = (one for _, own in _own_paths(segments) for one, _ in self._at(version, own))
            outside = next(found, None)
            if outside:
                message = f"{NOT_FOUND}; {outside.path} has no second path in a site at {version}.0"
                return refuse(404, "NOT_FOUND", message, "no-path-in-a-site", outside.location)
        return refuse(404, "NOT_FOUND", NOT_FOUND, "unknown-path")

    def _elsewhere(
        self, version: int, segments: tuple[str, ...], method: str | None
    ) -> tuple[str, SurfaceOperation] | None:
        found: dict[int, SurfaceOperation] = {}
        for operation, _, versions in self._all(segments):
            if method is None or operation.method == method:
                for other in versions:
                    found.setdefault(other, operation)
        return self._versions.elsewhere(version, found.get)


def _own_paths(segments: tuple[str, ...]) -> tuple[tuple[bool, tuple[str, ...]], ...]:
    """The paths that a second one may be for, and whether they begin with `connect`, which it leaves out."""
    return (True, ("connect", *segments[3:])), (False, segments[3:])


def _values(operation: SurfaceOperation, segments: tuple[str, ...], site: str | None) -> dict[str, str]:
    pattern = operation.path.strip("/").split("/")
    own = segments[len(segments) - len(pattern) :] if site is None or pattern[0] != "connect" else segments[2:]
    return {step[1:-1]: given for step, given in zip(pattern, own, strict=True) if step.startswith("{")}
