"""The catalogue's files as the recount reads them: plain mappings, as PyYAML gives them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from connectgen.importer.short_files import ShortFiles

SITE = re.compile(r"^/connect/communities/[^/]+(?=/)")
Fact = dict[str, Any]
NOT_OF_THE_GUIDE = ("data360",)
"""Families that another source describes, the vendor's OpenAPI file."""


@dataclass
class Address:
    """A resource at one of its addresses, present or former, with the versions of that address."""

    resource: dict[str, Any]
    path: str
    since: float | None
    until: float | None
    former: bool = False

    @cached_property
    def segments(self) -> list[str]:
        """The parts of the path, that of a site left out."""
        return _segments(self.path)


@dataclass
class Catalogue:
    """Resources by address, types by name, and what the files say is left out, each with the reason."""

    addresses: list[Address]
    types: dict[str, dict[str, Any]]
    omitted: dict[str, str]
    _found: dict[str, list[Address]] = field(default_factory=dict[str, list[Address]])

    @classmethod
    def read(cls, spec: Path) -> Catalogue:
        """Read every file of resources and of types."""
        files = ShortFiles(spec)  # fills in what the short form leaves out; what the facts are is read here
        addresses: list[Address] = []
        types: dict[str, dict[str, Any]] = {}
        omitted: dict[str, str] = {}
        for path in sorted((spec / "resources").rglob("*.yaml")):
            if path.parent.name in NOT_OF_THE_GUIDE:
                continue
            content = files.read(path.relative_to(spec).as_posix())
            omitted |= content.get("omitted") or {}
            for resource in content.get("resources") or []:
                addresses += _addresses(resource)
        for path in sorted((spec / "types").rglob("*.yaml")):
            if path.parent.name in NOT_OF_THE_GUIDE:
                continue
            content = files.read(path.relative_to(spec).as_posix())
            omitted |= content.get("omitted") or {}
            types |= content.get("types") or {}
        return cls(addresses, types, omitted)

    def at(self, uri: str) -> list[Address]:
        """The resources whose present or former address fits an address of the guide."""
        if uri not in self._found:
            self._found[uri] = self._look_up(uri)
        return self._found[uri]

    def _look_up(self, uri: str) -> list[Address]:
        # in a site, `/connect` is left out: /connect/communities/{id}/files for /connect/files
        wanted = [_segments(uri), ["connect", *_segments(uri)] if SITE.match(uri) else []]
        found = [one for one in self.addresses if any(_fits(one.segments, want) for want in wanted)]
        # an address that is there word for word hides one that fits by a placeholder
        bare = [_bare(want) for want in wanted]
        literal = [one for one in found if _bare(one.segments) in bare]
        return literal or found

    def linked(self, links: dict[str, str]) -> dict[str, str]:
        """The types of the pages that a page links to, by the words of the link."""
        by_guide = {definition.get("guide"): name for name, definition in self.types.items()}
        return {words: by_guide[target] for words, target in links.items() if target in by_guide}

    def kinds(self, name: str) -> list[str]:
        """The classes that an object of a type may be, where one of its properties tells which."""
        discriminator = self.types.get(name, {}).get("discriminator") or {}
        return list((discriminator.get("values") or {}).values())

    def properties(self, name: str) -> dict[str, list[Fact]]:
        """A type's properties, those of the types that it extends included."""
        found: dict[str, list[Fact]] = {}
        seen: set[str] = set()
        while name in self.types and name not in seen:
            seen.add(name)
            own = {key: facts(value) for key, value in (self.types[name].get("properties") or {}).items()}
            found = {**found, **{key: value for key, value in own.items() if key not in found}}
            name = self.types[name].get("extends", "")
        return found


def _addresses(resource: dict[str, Any]) -> list[Address]:
    former = resource.get("formerly") or []
    last = max((one.get("until", 0) for one in former), default=None)
    since = resource.get("since") if last is None else last + 1
    found = [Address(resource, resource["path"], since, resource.get("until"))]
    found += [
        Address(resource, one["path"], one.get("since", resource.get("since")), one.get("until"), former=True)
        for one in former
    ]
    return found


def facts(value: Any) -> list[Fact]:
    """A fact in its long form: one mapping for each range of versions."""
    return [one if isinstance(one, dict) else {"type": one} for one in (value if isinstance(value, list) else [value])]


def _segments(uri: str) -> list[str]:
    return SITE.sub("", uri).strip("/").split("/")


def _bare(segments: list[str]) -> list[str]:
    return [re.sub(r"[{}$]", "", segment) for segment in segments]


def _fits(path: list[str], wanted: list[str]) -> bool:
    return len(path) == len(wanted) and all(
        have.lower() == want.lower() or "{" in have for have, want in zip(path, wanted, strict=True)
    )
