"""Brings the versions of facts in order: cuts them into their owner's, and makes the facts of one name not overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from connectgen.catalogue.model import FOREVER, Span
from connectgen.importer.emit import ordered
from connectgen.importer.yaml_files import Plain

AddRemark = Callable[[str], None]
"""Takes a remark for the report."""

ALWAYS = Span()
"""Every version."""


def span_of(entry: Plain, owner: Span = ALWAYS) -> Span:
    """The versions of an entry; what it leaves open is its owner's."""
    since, until = entry.get("since"), entry.get("until")
    return Span(owner.since if since is None else int(since), owner.until if until is None else int(until))


def with_span(entry: Plain, span: Span, owner: Span = ALWAYS) -> Plain:
    """The entry with a span; ends that follow from the owner are not written."""
    entry = {key: value for key, value in entry.items() if key not in ("since", "until")}
    if span.since > owner.since:
        entry["since"] = float(span.since)
    if span.until < owner.until:
        entry["until"] = float(span.until)
    return ordered(entry)


def in_owner(entry: Plain, owner: Span, covered: Span, remark: AddRemark) -> Plain | None:
    """Cut an entry's versions into its owner's.

    Args:
        entry: with versions of its own, or none.
        owner: the versions of what it belongs to.
        covered: the catalogue's versions: what ended before the first of them does not enter.
        remark: called with remarks.

    Returns:
        The entry, or None where nothing of it lies in the catalogue's versions.
    """
    span = span_of(entry, owner)
    cut = span.within(owner)
    if cut.since > cut.until or cut.until < covered.since:
        return None
    if cut != span and (span.since, owner.since) != (cut.since, cut.since):
        remark(f"{_format_span(span)} reaches outside {_format_span(owner)} and was cut")
    entry = with_span(entry, cut, owner)
    if "values" in entry:
        entry["values"] = _ranged_items(entry["values"], cut)
        if not entry["values"]:
            del entry["values"]
    if isinstance(entry.get("group"), list):
        entry["group"] = _groups(entry["group"], covered)
        if not entry["group"]:
            del entry["group"]
    return entry


def tidy(facts: Iterable[Plain], owner: Span, covered: Span, remark: AddRemark) -> Any:
    """The facts of one name in the shortest form of the format: a type, a mapping, or a list of ranges.

    Args:
        facts: in the order of the source.
        owner: the versions of what they belong to.
        covered: the catalogue's versions.
        remark: called with remarks on what was cut or merged.

    Returns:
        None where no fact lies in the catalogue's versions.
    """
    kept = [cut for cut in (in_owner(fact, owner, covered, remark) for fact in facts) if cut is not None]
    kept.sort(key=lambda fact: span_of(fact, owner).since)
    result: list[Plain] = []
    for fact in kept:
        if result:
            earlier = result.pop()
            result.extend(_side_by_side(earlier, fact, owner, remark))
        else:
            result.append(fact)
    result = [fact for fact in result if span_of(fact, owner).until >= covered.since]
    if not result:
        return None
    return short(result[0]) if len(result) == 1 else result


def short(fact: Plain) -> Any:
    """A fact that has only a type is written as that type."""
    return fact["type"] if set(fact) == {"type"} else ordered(fact)


def _side_by_side(earlier: Plain, later: Plain, owner: Span, remark: AddRemark) -> list[Plain]:
    first, second = span_of(earlier, owner), span_of(later, owner)
    if not first.overlaps(second):
        return [earlier, later]
    if earlier["type"] == later["type"] and _alike(earlier, later):
        whole = Span(min(first.since, second.since), max(first.until, second.until))
        return [with_span(_united(earlier, later), whole, owner)]
    if first.since < second.since:
        if first.until < FOREVER:
            remark(f"two facts overlap; {_format_span(first)} was ended before {_format_span(second)} begins")
        return [with_span(earlier, Span(first.since, second.since - 1), owner), later]
    remark(f"two facts hold in {_format_span(first)}; they were united")
    united = _united(earlier, later)
    if earlier["type"] != later["type"]:
        options = [*str(earlier["type"]).split(" | "), *str(later["type"]).split(" | ")]
        united["type"] = " | ".join(dict.fromkeys(options))
        united["unsure"] = "importer: the source has two facts for the same versions"
    return [with_span(united, Span(first.since, max(first.until, second.until)), owner)]


def _alike(one: Plain, other: Plain) -> bool:
    """Whether two facts differ in nothing but versions and what can be united."""
    same = {"required", "in"}
    return all(one.get(key) == other.get(key) for key in same)


def _united(one: Plain, other: Plain) -> Plain:
    united = {**other, **one}
    if "values" in one and "values" in other:
        united["values"] = one["values"] + [value for value in other["values"] if value not in one["values"]]
    return united


def _ranged_items(values: list[Any], owner: Span) -> list[Any]:
    items: list[Any] = []
    seen: set[str] = set()
    for value in values:
        item: Plain = {"value": value} if isinstance(value, str) else cast("Plain", value)
        if item["value"] in seen:
            continue
        span = span_of(item, owner).within(owner)
        if span.since > span.until:
            continue
        seen.add(str(item["value"]))
        item = {
            "value": item["value"],
            **{k: v for k, v in with_span(item, span, owner).items() if k in ("since", "until")},
        }
        items.append(item["value"] if set(item) == {"value"} else item)
    return items


def _groups(groups: list[Plain], covered: Span) -> list[Plain]:
    """Filter groups in the catalogue's versions; one that has no end ends where the next begins."""
    begins = sorted(span_of(group).since for group in groups)
    kept: list[Plain] = []
    for group in groups:
        span = span_of(group)
        following = next((since for since in begins if since > span.since), None)
        if span.until == FOREVER and following is not None:
            group = ordered({**group, "until": float(following - 1)})
        if span.since <= covered.until and span_of(group).until >= covered.since:
            kept.append(group)
    return kept


def _format_span(span: Span) -> str:
    since = f"{span.since}.0" if span.since else ""
    return f"{since}–{span.until}.0" if span.until < FOREVER else f"{since}–"
