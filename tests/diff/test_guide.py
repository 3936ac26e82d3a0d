"""What the guide's version columns say began or ended with a release is in the diff of that release, and nothing else.

Counted from the pages: the properties of types, and the parameters of operations, that exist on both sides of a
release; methods and the addresses that they are at; values that a description gives a version of their own.
What the catalogue has otherwise, or beside the guide, must say why or from where.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectgen.diff.change import Change
from connectgen.diff.compare import compare
from connectgen.naming import type_name
from connectgen.surface import Surface
from recount import cells
from recount.pages import Page
from recount.recount import read_pages
from recount.releases import FOR_EVER, Call, Recounted, read_releases, there
from recount.spec_files import Catalogue, facts
from recount.type_pages import lists_properties, named_rows
from support.command import ROOT
from support.real import real_surface
from support.versions import OLDEST, newest_with_guide

GUIDE = ROOT.parent / "shared" / "guide" / "pages"
VERSIONS = range(OLDEST + 1, newest_with_guide() + 1)
DIFFERENCES = Path(__file__).with_name("differences.yaml")
pytestmark = pytest.mark.skipif(not GUIDE.is_dir(), reason="the guide's pages are not at hand")

Properties = dict[tuple[str, str], list[tuple[int, int]]]
Changes = dict[int, set[str]]


def read_versions(pages: list[Page]) -> Properties:
    """The first and last versions of each property, by type and name, as the tables of the pages have them."""
    recounted: Properties = defaultdict(list)
    for page in pages:
        if page.is_resource or any(section.methods for section in page.sections):
            continue
        for table in page.tables:
            if not lists_properties(table) or table.column("available") is None:
                continue
            takes = page.is_input or table.column("required") is not None or bool(re.search(r"\bInput\b", page.title))
            for name, row in named_rows(table):
                if found := cells.version_range(table.cell(row, "available", "version")):
                    key = type_name(page.title, is_input=takes), name
                    recounted[key].append((int(found.since or 0), int(found.until or FOR_EVER)))
    return recounted


def expected(recounted: Properties, spec: Catalogue, surfaces: dict[int, Surface], *, begins: bool) -> Changes:
    """The properties that a release brings, or takes away, by the pages alone."""
    found: Changes = {version: set() for version in VERSIONS}
    for (page_type, name), ranges in recounted.items():
        owner = owner_of(spec, page_type, name)
        for version in VERSIONS:
            both = owner in surfaces[version - 1].types and owner in surfaces[version].types
            if both and changes_with(ranges, version, begins=begins):
                found[version].add(f"{owner}.{name}")
    return found


def owner_of(spec: Catalogue, type_: str, name: str) -> str | None:
    """The type, or the one that it extends, that has a property of its own."""
    while type_ in spec.types:
        if name in (spec.types[type_].get("properties") or {}):
            return type_
        type_ = spec.types[type_].get("extends", "")
    return None


def is_noted(spec: Catalogue, subject: str) -> bool:
    """Whether the catalogue says why a property is not as the guide has it."""
    type_, _, name = subject.partition(".")
    definition = spec.types[type_]
    recounted = [definition, *facts((definition.get("properties") or {})[name])]
    return has_note(recounted)


def was_dated(spec: Catalogue, subject: str, suffix: str, version: int) -> bool:
    """Whether the catalogue says that it corrects the version that the guide has a property begin or end with."""
    type_, _, name = subject.partition(".")
    key, dated = ("since", version) if suffix == "added" else ("until", version - 1)
    corrected = [fact for fact in facts(spec.types[type_]["properties"][name]) if has_note([fact])]
    return any((fact.get("was") or {}).get(key) == dated for fact in corrected)


@pytest.fixture(scope="module")
def surfaces() -> dict[int, Surface]:
    return {version: real_surface(version) for version in (OLDEST, *VERSIONS)}


@pytest.fixture(scope="module")
def spec() -> Catalogue:
    """The families that the guide describes, as their files have them."""
    return Catalogue.read(ROOT / "spec")


@pytest.mark.parametrize(("suffix", "at_least"), [("added", 1030), ("removed", 60)])
def test_each_release_has_what_began_or_ended_there(
    releases: Releases, pages: list[Page], recounted: Recounted, spec: Catalogue, suffix: str, at_least: int
) -> None:
    versions = read_versions(pages)
    for key, ranges in recounted.bodies.items():
        versions[key] = versions.get(key, []) + ranges
    wanted = expected(versions, spec, releases.surfaces, begins=suffix == "added")
    assert sum(map(len, wanted.values())) >= at_least, "too little was read from the pages"
    for version in VERSIONS:
        entries = {change.subject for change in releases.changes[version] if f"-property-{suffix}" in change.rule.id}
        of_the_guide = {subject for subject in entries if subject.partition(".")[0] in spec.types}
        lacking = {subject for subject in wanted[version] - entries if not was_dated(spec, subject, suffix, version)}
        assert not lacking, f"the guide has them change with {version}.0, the diff does not"
        beyond = {subject for subject in of_the_guide - wanted[version] if not is_noted(spec, subject)}
        assert not beyond, f"the diff has them change with {version}.0, the guide does not"


@dataclass(frozen=True)
class Releases:
    """What each release changes, and the operations of the guide's resources."""

    surfaces: dict[int, Surface]
    changes: dict[int, list[Change]]
    spec: Catalogue

    @cached_property
    def calls(self) -> dict[int, dict[Call, str]]:
        """The operations of each version by method and address."""
        known = {address.path for address in self.spec.addresses}
        return {
            version: {
                (one.method, one.path): f"{one.family}.{one.group}.{one.name}"
                for group in surface.groups
                for one in group.operations
                if one.path in known
            }
            for version, surface in self.surfaces.items()
        }

    @cached_property
    def names(self) -> dict[Call, str]:
        """The operations of all versions."""
        return {call: name for calls in self.calls.values() for call, name in calls.items()}

    @cached_property
    def resources(self) -> dict[str, tuple[dict[str, Any], str]]:
        """The resource and the method of each operation."""
        return {
            self.names[method, one.path]: (one.resource, method)
            for one in self.spec.addresses
            for method in one.resource["operations"]
            if (method, one.path) in self.names
        }

    def changed_calls(self, version: int, *, begins: bool) -> set[Call]:
        """The methods at addresses that a release brings or takes away, by the entries of the diff."""
        found: set[Call] = set()
        for change in self.changes[version]:
            if change.rule.id == f"operation-{'added' if begins else 'removed'}":
                method, path = str(change.after if begins else change.before).split()
                found.add((method, path))
            elif change.rule.id == "operation-moved" and change.subject in self.resources:
                found.add((self.resources[change.subject][1], str(change.after if begins else change.before)))
        return {call for call in found if call in self.names}

    def subjects(self, version: int, rules: str) -> set[str]:
        """The subjects of a release's entries of some rules, where they are about an operation or type of the guide."""
        found = {change.subject for change in self.changes[version] if re.fullmatch(rules, change.rule.id)}
        return {one for one in found if re.split(r"[(=]|\.(?=\w+=)", one)[0] in {*self.resources, *self.spec.types}}

    def notes_of(self, operation: str, parameter: str = "") -> bool:
        """Whether the catalogue says why an operation, or a parameter of it, is not as the guide has it."""
        resource, method = self.resources[operation]
        holder = resource["operations"][method]
        recounted = [resource, holder, *(resource.get("formerly") or [])]
        for key in ("parameters", "parts"):
            recounted += facts((holder.get(key) or {}).get(parameter, []))
        return has_note(recounted)


def has_note(recounted: Iterable[dict[str, Any]]) -> bool:
    """Whether one of some facts says why it is so, or where it is from."""
    return any(fact.get(key) for fact in recounted for key in ("source", "because", "unsure"))


def changes_with(ranges: list[tuple[int, int]], version: int, *, begins: bool) -> bool:
    """Whether what has some ranges of versions begins, or has ended, with a version."""
    was, is_there = there(ranges, version - 1), there(ranges, version)
    return is_there and not was if begins else was and not is_there


@pytest.fixture(scope="module")
def releases(surfaces: dict[int, Surface], spec: Catalogue) -> Releases:
    changes = {at: compare(surfaces[at - 1], surfaces[at], with_reach=False) for at in VERSIONS}
    return Releases(surfaces, changes, spec)


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    return read_pages(GUIDE)


@pytest.fixture(scope="module")
def recounted(pages: list[Page], spec: Catalogue) -> Recounted:
    return read_releases(pages, spec)


def check(kind: str, lacking: set[str], beyond: set[str]) -> None:
    """What a diff lacks is listed with a reason, all that is listed is lacking, and nothing is beyond the pages."""
    listed = set(yaml.safe_load(DIFFERENCES.read_text(encoding="utf-8")).get(kind) or {})
    assert not lacking - listed, f"the guide has these {kind} change, the diff does not"
    assert not listed - lacking, f"these {kind} are in {DIFFERENCES.name}, but no longer so; take them out"
    assert not beyond, f"the diff has these {kind} change, the guide does not, and no note says why"


@pytest.mark.parametrize(("begins", "at_least"), [(True, 850), (False, 80)])
def test_each_release_has_the_calls_that_began_or_ended_there(
    releases: Releases, recounted: Recounted, begins: bool, at_least: int
) -> None:
    """A call is a method at an address: resources and operations that came, went or moved."""
    read, lacking, beyond = 0, set[str](), set[str]()
    for version in VERSIONS:
        entries = releases.changed_calls(version, begins=begins)
        word = f"{'from' if begins else 'until'} {version if begins else version - 1}.0"
        wanted = {call for call, ranges in recounted.calls.items() if changes_with(ranges, version, begins=begins)}
        lacking |= {f"{method} {path} {word}" for method, path in wanted - entries}
        unclear = [one for one in recounted.unclear if changes_with([one.range], version, begins=begins)]
        lacking |= {f"{one.entry} {word}" for one in unclear if not one.calls & entries}
        allowed = wanted.union(*(one.calls for one in unclear))
        beyond |= {f"{' '.join(one)} {word}" for one in entries - allowed if not releases.notes_of(releases.names[one])}
        read += len(wanted) + len(unclear)
    check("calls that begin" if begins else "calls that end", lacking, beyond)
    assert read >= at_least


@pytest.mark.parametrize(("suffix", "at_least"), [("added", 200), ("removed", 8)])
def test_each_release_has_the_parameters_that_began_or_ended_there(
    releases: Releases, recounted: Recounted, suffix: str, at_least: int
) -> None:
    read, lacking, beyond = 0, set[str](), set[str]()
    for version in VERSIONS:
        entries = releases.subjects(version, rf"(?:parameter|part)-{suffix}(?:-required)?")
        on_both = {*releases.calls[version].values()} & {*releases.calls[version - 1].values()}
        wanted = {
            f"{releases.names[call]}({name})"
            for (call, name), ranges in recounted.parameters.items()
            if releases.names[call] in on_both and changes_with(ranges, version, begins=suffix == "added")
        }
        lacking |= {f"{one} {version}.0" for one in wanted - entries}
        beyond |= {f"{one} {version}.0" for one in entries - wanted if not releases.notes_of(*one[:-1].split("("))}
        read += len(wanted)
    check(f"parameters {suffix}", lacking, beyond)
    assert read >= at_least


def test_each_release_has_the_values_that_began_there(
    releases: Releases, recounted: Recounted, spec: Catalogue
) -> None:
    """A word of the pages may end with the value: where two have no mark between them, it is glued to the first."""
    read, lacking, beyond = 0, set[str](), set[str]()
    wanted: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for (owner, name, word), ranges in recounted.values.items():
        type_ = owner if isinstance(owner, str) else ""
        subject = (
            f"{releases.names[owner]}({name})" if isinstance(owner, tuple) else f"{owner_of(spec, type_, name)}.{name}"
        )
        wanted[min(since for since, _ in ranges)].add((subject, word))
    for version in VERSIONS:
        entries = releases.subjects(version, r".*-value-(?:added|removed)")
        for subject, word in wanted[version]:
            if not is_on_both_sides(releases, subject, version):
                continue
            read += 1
            mine = {one for one in entries if one.startswith(f"{subject}=") and word.endswith(one.partition("=")[2])}
            lacking |= set() if mine else {f"{subject}={word} {version}.0"}
            entries = entries - mine
        beyond |= {f"{one} {version}.0" for one in entries if not is_value_noted(releases, spec, one)}
    listed = set(yaml.safe_load(DIFFERENCES.read_text(encoding="utf-8"))["values of another source"])
    assert not listed - beyond, f"these values are in {DIFFERENCES.name}, but no longer so; take them out"
    check("values", lacking, beyond - listed)
    assert read >= 30


def is_on_both_sides(releases: Releases, subject: str, version: int) -> bool:
    """Whether a property or parameter is in a version and the one before."""
    owner, _, name = subject.rstrip(")").partition("(" if subject.endswith(")") else ".")
    for at in (version - 1, version):
        if subject.endswith(")"):
            groups = releases.surfaces[at].groups
            one = [
                each
                for group in groups
                for each in group.operations
                if owner == releases.names.get((each.method, each.path))
            ]
            held = [parameter.name for each in one for parameter in each.parameters]
        else:
            type_ = releases.surfaces[at].types.get(owner)
            held = [each.name for each in type_.properties] if type_ else []
        if name not in held:
            return False
    return True


def is_value_noted(releases: Releases, spec: Catalogue, entry: str) -> bool:
    """Whether the catalogue says why it has a value from some version."""
    subject, _, value = entry.partition("=")
    if subject.endswith(")"):
        return releases.notes_of(*subject[:-1].split("("))
    type_, _, name = subject.partition(".")
    known = facts(spec.types[type_]["properties"][name])
    given = [each for fact in known for each in fact.get("values") or [] if isinstance(each, dict)]
    return is_noted(spec, subject) or has_note(each for each in given if each["value"] == value)
