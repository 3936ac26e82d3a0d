"""What all pages are made from: the history, the changes of each release, and what writes text and code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from connectgen.diff.change import Change
from connectgen.diff.jump import Jumps
from connectgen.diff.sentences import subject_of
from connectgen.iterators import names_of_iterators
from connectgen.mentions import Mentions
from connectgen.python.annotations import Annotator
from connectgen.python.operation_views import Writers
from connectgen.python.unions import union_names
from connectgen.site.history import History, Interval
from connectgen.site.markup import Writer, anchor, bar, code, intervals_data, intervals_text
from connectgen.surface import Surface


@dataclass
class Context:
    """One site.

    Attributes:
        history: the catalogue over all versions.
        templates: the folder of templates.
        catalogue_name: how the catalogue's folder is named where a place in it is shown, `spec/`.
        guides: the title of each guide, by the name of its page.
    """

    history: History
    templates: Path
    catalogue_name: str = "spec/"
    guides: Mapping[str, str] = field(default_factory=dict[str, str])

    @cached_property
    def by_version(self) -> Mapping[int, Surface]:
        """Each version."""
        return {surface.version: surface for surface in self.history.surfaces}

    @cached_property
    def jumps(self) -> Jumps:
        """Compares versions."""
        return Jumps(lambda version: self.by_version[version])

    @cached_property
    def steps(self) -> Mapping[int, Sequence[Change]]:
        """What each version changed of the one before it."""
        versions = sorted(self.by_version)
        return {after: self.jumps.compare(before, after) for before, after in pairwise(versions)}

    @cached_property
    def changes_of(self) -> Mapping[str, Sequence[Change]]:
        """The changes of each operation and type, newest first."""
        found: dict[str, list[Change]] = {}
        for version in sorted(self.steps, reverse=True):
            for change in self.steps[version]:
                found.setdefault(subject_of(change).owner, []).append(change)
        return found

    @cached_property
    def iterators(self) -> Mapping[tuple[str, str], Mapping[str, str]]:
        """The methods that iterate over pages."""
        return names_of_iterators(self.history.surfaces)

    @cached_property
    def writers(self) -> Writers:
        """Writes signatures in Python."""
        types = [one.fact for timeline in self.history.types.values() for one in timeline.stretches]
        annotator = Annotator(
            frozenset(one.name for one in types if one.discriminator), union_names(self.history.surfaces)
        )
        return Writers(annotator, Mentions(self.history.surfaces), {one.name: one.summary or "" for one in types})

    @cached_property
    def families(self) -> Mapping[str, Mapping[str, list[str]]]:
        """The operations of each group of each family, in order of the families' names."""
        found: dict[str, dict[str, list[str]]] = {}
        for name in self.history.operations:
            family, group, _ = name.split(".")
            found.setdefault(family, {}).setdefault(group, []).append(name)
        return {family: found[family] for family in sorted(found)}

    def summary_of_family(self, family: str) -> str:
        """What a family is for."""
        described = self.history.catalogue.families.get(family)
        return described.summary if described else f"Groups of {family}."

    @cached_property
    def _environments(self) -> dict[str, Environment]:
        return {root: self._environment(root) for root in ("", "../")}

    def writer(self, root: str) -> Writer:
        """Writes links from a page, whose way to the site's root is `root`."""
        history = self.history
        return Writer(root, history.types, history.operations, history.enumerations, self._has_member)

    def _has_member(self, owner: str, member: str) -> bool:
        return any(item.name == member for one in self.history.types[owner].stretches for item in one.fact.properties)

    def _environment(self, root: str) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(self.templates / "site"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        writer = self.writer(root)
        newest = self.history.newest

        def since(intervals: tuple[Interval, ...]) -> str:
            return intervals_text(intervals, newest)

        filters: Any = {
            "prose": writer.prose,
            "name": writer.code,
            "type": writer.type,
            "signature": writer.signature,
            "code": code,
            "anchor": anchor,
            "bar": bar,
            "spans": intervals_data,
            "since": since,
        }
        known: Any = {
            "root": root,
            "first": self.history.first,
            "newest": newest,
            "families": list(self.families),
            "releases": self.history.releases,
            "url_of": writer.url_of,
            "guides": self.guides,
            "catalogue_name": self.catalogue_name,
        }
        environment.filters.update(filters)
        environment.globals.update(known)
        return environment

    def template(self, name: str, root: str = "../") -> Template:
        """A template, whose links lead from a page at `root`."""
        return self._environments[root].get_template(name)

    def render(self, name: str, root: str = "../", **values: object) -> str:
        """A page or a part of one."""
        return self.template(name, root).render(values)

    def part(self, name: str, root: str = "../", **values: object) -> Markup:
        """A part of a page, to be put into others as it is."""
        return Markup(self.render(name, root, **values))  # noqa: S704  the template escaped its values
