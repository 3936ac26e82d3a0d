"""Rules about versions: releases, ranges within their owners', and facts that hold at the same time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import TypeVar

from connectgen.catalogue.faults import Fault, quoted
from connectgen.catalogue.model import (
    FOREVER,
    Catalogue,
    Location,
    Parameter,
    Property,
    Ranged,
    Span,
    Value,
)
from connectgen.catalogue.rules.rule import Facts, Rule

T = TypeVar("T")


def release_faults(catalogue: Catalogue) -> Iterator[Fault]:
    """What is wrong with the versions themselves, on which all else rests."""
    if not catalogue.releases:
        yield Fault(Location("releases.yaml", 1), "no release", "list at least one")
    for before, after in pairwise(catalogue.releases):
        if after.version != before.version + 1:
            message = f"{after.version}.0 follows {before.version}.0"
            yield Fault(after.location, message, "list every version once, oldest first")


def _releases_agree(facts: Facts) -> Iterator[Fault]:
    releases = facts.catalogue.releases
    names: dict[str, Location] = {}
    for release in releases:
        if release.name in names:
            message = f"two versions came with {quoted(release.name)}, the other in line {names[release.name].line}"
            yield Fault(release.location, message, "correct one of the names")
        names.setdefault(release.name, release.location)
        if release.retired_in and release.status != "retired":
            message = f"{release.version}.0 is supported, but has retired_in"
            yield Fault(release.location, message, "write status: retired, or remove retired_in")
        if release.first_date and not _is_date(release.first_date):
            yield Fault(
                release.location,
                f"there is no day {release.first_date}",
                "correct first_date",
            )
    for before, after in pairwise(releases):
        if after.status == "retired" and before.status == "supported":
            message = f"{after.version}.0 is retired, but the older {before.version}.0 is supported"
            yield Fault(after.location, message, "correct one of the two")
        if before.first_date and after.first_date and after.first_date < before.first_date:
            message = f"{after.version}.0 came before {before.version}.0, on {after.first_date}"
            yield Fault(after.location, message, "correct first_date")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    except ValueError:
        return False
    return True


def check_span(facts: Facts, span: Span, owner: Span, location: Location, what: str) -> Iterator[Fault]:
    """What is wrong with a range: its versions do not exist, or it reaches outside its owner's.

    An end that is the owner's is reported at the owner; a range that is empty, or of versions that do not exist,
    has a fault already.
    """
    if span.since > span.until or owner.since > owner.until or owner.since > facts.newest:
        return
    if span.since < owner.since or span.until > owner.until:
        message = f"{what} ({_format(span)}) reaches outside its owner's versions ({_format(owner)})"
        yield Fault(location, message, "cut it, or widen the owner")
    yield from _known(facts, span, owner, location, what)


def _known(facts: Facts, span: Span, owner: Span, location: Location, what: str) -> Iterator[Fault]:
    for version in {version for version, of in ((span.since, owner.since), (span.until, owner.until)) if version != of}:
        if facts.newest < version < FOREVER:
            message = f"{what} names the version {version}.0, which does not exist"
            is_next = version == facts.newest + 1
            remedy = f"; connectgen release begin {version}.0 adds the next" if is_next else ""
            yield Fault(location, message, f"the newest is {facts.newest}.0 (releases.yaml){remedy}")
    if span.until < facts.oldest and span.until != owner.until:
        message = f"{what} ended with {span.until}.0, before the catalogue's first version {facts.oldest}.0"
        yield Fault(location, message, "remove it")


def _resources(facts: Facts) -> Iterator[Fault]:
    for group in facts.catalogue.groups:
        for resource in group.resources:
            at = resource.location
            yield from check_span(facts, resource.span, Span(), at, f"resource {resource.path}")
            for ranged in resource.paths:
                if ranged.span.since > ranged.span.until and resource.span.since <= resource.span.until:
                    message = f"the path {ranged.value} holds in no version, since a former one holds to the end"
                    yield Fault(at, message, "correct the ranges under formerly")
                yield from check_span(facts, ranged.span, resource.span, at, f"path {ranged.value}")
            for earlier, later in pairwise(resource.paths):
                if earlier.span.overlaps(later.span):
                    message = f"the paths {earlier.value} and {later.value} hold at the same time"
                    yield Fault(at, message, "correct their ranges")
                elif earlier.value == later.value:
                    yield Fault(
                        at,
                        f"the path {later.value} is also its own former one",
                        "remove it from formerly",
                    )
            if resource.site:
                if resource.site.since > resource.site.until and _is_fit(resource.span):
                    message = f"site_since {resource.site.since}.0 is after the end of the resource"
                    yield Fault(at, message, "correct site_since, or remove site")
                yield from check_span(facts, resource.site, resource.span, at, "site_since")
            if resource.requires_chatter:
                yield from check_span(facts, resource.requires_chatter, resource.span, at, "requires")


def _operations(facts: Facts) -> Iterator[Fault]:
    for one in facts.operations:
        operation = one.operation
        at = operation.location
        yield from check_span(facts, operation.span, one.resource.span, at, f"operation {operation.name}")
        for part in operation.parts:
            yield from check_span(facts, part.span, operation.span, part.location, f"part {part.name}")


def _types(facts: Facts) -> Iterator[Fault]:
    for definition in facts.types.values():
        yield from check_span(
            facts,
            definition.span,
            Span(),
            definition.location,
            f"type {definition.name}",
        )


def _values(facts: Facts) -> Iterator[Fault]:
    for one in facts.values:
        value = one.value
        # Most facts have the very range of their owner.
        if value.span is not one.owner and value.span != one.owner:
            yield from check_span(facts, value.span, one.owner, value.location, one.what)
        for ranged in value.values:
            if ranged.span is not value.span and ranged.span != value.span:
                what = f"value {quoted(ranged.value)} of {value.enumeration or one.what}"
                listed = facts.catalogue.enumerations.get(value.enumeration or "")
                at = listed.location if listed else value.location
                yield from check_span(facts, ranged.span, value.span, at, what)
        if isinstance(value, Property) and value.groups:
            for group in value.groups:
                what = f"filter group of {value.name}"
                yield from _known(facts, group.span, one.owner, value.location, what)
            yield from _overlapping(value.groups, value.location, f"two filter groups of {value.name} hold")


def _overlapping(ranged: Sequence[Ranged[T]], location: Location, message: str) -> Iterator[Fault]:
    for position, one in enumerate(ranged):
        for other in ranged[:position]:
            if one.span.overlaps(other.span):
                yield Fault(
                    location,
                    f"{message} at the same time",
                    "give them ranges that do not overlap",
                )
                return


def _one_fact_at_a_time(facts: Facts) -> Iterator[Fault]:
    def lists() -> Iterator[tuple[str, Sequence[Value]]]:
        for group in facts.catalogue.groups:
            for resource in group.resources:
                yield from _by_name("path parameter", resource.parameters)
                for operation in resource.operations:
                    yield from _by_name("parameter", operation.parameters)
                    yield from (
                        ("body", operation.bodies),
                        ("returns", operation.returns),
                    )
        for definition in facts.types.values():
            yield from _by_name("property", definition.properties)

    for what, values in lists():
        for position, value in enumerate(values):
            for other in values[:position]:
                if value.span.overlaps(other.span):
                    message = f"{what} has two facts for the same versions, the other in line {other.location.line}"
                    yield Fault(value.location, message, "give them ranges that do not overlap")


def _by_name(what: str, values: Sequence[Parameter] | Sequence[Property]) -> Iterator[tuple[str, Sequence[Value]]]:
    if len({value.name for value in values}) == len(values):
        return
    by_name: dict[str, list[Value]] = defaultdict(list)
    for value in values:
        by_name[value.name].append(value)
    yield from ((f"{what} {name}", same) for name, same in by_name.items())


def _types_exist_where_used(facts: Facts) -> Iterator[Fault]:
    for one, names in facts.references:
        for name in names if facts.is_known(one.value.type) else ():
            if name.endswith("Input") != one.is_input:
                continue  # another type is meant
            target = facts.types[name]
            span = one.value.span.within(one.owner)
            if not _is_fit(span) or not _is_fit(target.span):
                continue
            if target.span.until < FOREVER and span.until > target.span.until:
                message = f"{one.what} refers to {name}, which ended with {target.span.until}.0"
                yield Fault(
                    one.value.location,
                    message,
                    f"end it with until: {target.span.until}.0, or name another",
                )
            elif target.span.since and span.since < target.span.since:
                message = f"{one.what} ({_format(span)}) refers to {name}, which begins with {target.span.since}.0"
                yield Fault(
                    one.value.location,
                    message,
                    f"begin it with since: {target.span.since}.0",
                )


def _is_fit(span: Span) -> bool:
    return span.since <= span.until


def _format(span: Span) -> str:
    since = f"{span.since}.0" if span.since else "always"
    return f"{since}–{span.until}.0" if span.until < FOREVER else f"{since}–"


RULES = (
    Rule("releases-agree", _releases_agree),
    Rule("resource-versions", _resources),
    Rule("operation-versions", _operations),
    Rule("type-versions", _types),
    Rule("value-versions", _values),
    Rule("one-fact-at-a-time", _one_fact_at_a_time),
    Rule("types-exist-where-used", _types_exist_where_used),
)
