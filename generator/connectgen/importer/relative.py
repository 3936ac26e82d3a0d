"""Makes the versions of what is added relative to the owner that it ends up with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from connectgen.catalogue.model import FOREVER, Span
from connectgen.importer.emit import is_list, is_mapping, ordered
from connectgen.importer.possible import possible_fact
from connectgen.importer.ranges import ALWAYS, short, span_of, with_span
from connectgen.importer.yaml_files import Plain

FACT_TABLES = ("parameters", "properties")


@dataclass(frozen=True, slots=True)
class Owners:
    """The versions of what an entry belongs to, in the catalogue and in the source."""

    here: Span = ALWAYS
    there: Span = ALWAYS

    def inside(self, existing: Plain, wanted: Plain) -> Owners:
        """The owners of what is in an entry."""
        return Owners(span_of(existing, self.here).within(self.here), span_of(wanted, self.there))


def facts_of(written: Any) -> list[Plain]:
    """The facts of a value in any of its three forms: a type, a mapping, a list of mappings with ranges."""
    items: list[Any] = written if is_list(written) else [written]
    return [cast("Plain", {"type": item} if isinstance(item, str) else item) for item in items]


def shortest(facts: list[Plain]) -> Any:
    """Facts in the shortest form."""
    return short(facts[0]) if len(facts) == 1 else [ordered(fact) for fact in facts]


def settled_fact(table: str, value: Any, owner: Span) -> Any | None:
    """A new value with versions relative to an owner; None where nothing of it lies in the owner's versions.

    Args:
        table: the table or key that the value is under, such as `parameters`.
        value: a type, a fact or a list of facts.
        owner: the versions of what it belongs to.
    """
    if isinstance(value, str) and table == "properties":
        return value  # a type alone has the owner's versions, whatever they are
    settled = (_settled(possible_fact(table, fact), owner) for fact in facts_of(value))
    facts = [fact for fact in settled if fact is not None]
    return shortest(facts) if facts else None


def settled_entry(entry: Plain, owner: Span) -> Plain | None:
    """A resource, operation or type, and all in it, with versions relative to an owner."""
    span = span_of(entry, owner).within(owner)
    if span.since > span.until:
        return None
    entry = dict(entry)
    for table in FACT_TABLES:
        if table in entry:
            rows = {name: settled_fact(table, value, span) for name, value in cast("Plain", entry[table]).items()}
            entry[table] = {name: value for name, value in rows.items() if value is not None}
            if not entry[table]:
                del entry[table]
    if "operations" in entry:
        operations = {name: settled_entry(one, span) for name, one in cast("Plain", entry["operations"]).items()}
        entry["operations"] = ordered({name: one for name, one in operations.items() if one is not None})
    return with_span(entry, span, owner)


def with_common_versions(entry: Plain) -> Plain:
    """Write the versions that all operations of a resource share at the resource."""
    spans = [span_of(operation) for operation in cast("dict[str, Plain]", entry["operations"]).values()]
    whole = Span(min(span.since for span in spans), max(span.until for span in spans))
    return ordered({**entry, **with_span({}, whole)})


def _settled(fact: Plain, owner: Span) -> Plain | None:
    span = span_of(fact, owner).within(owner)
    if span.since > span.until:
        return None
    fact = with_span(fact, span, owner)
    if is_list(fact.get("values")):
        fact["values"] = [_settled_value(item, span) for item in cast("list[Any]", fact["values"])]
    return fact


def _settled_value(item: Any, owner: Span) -> Any:
    if not is_mapping(item):
        return item
    item = with_span(item, span_of(item, owner).within(owner), owner)
    return item["value"] if set(item) == {"value"} else item


def has_end(span: Span) -> bool:
    """Whether a span ends."""
    return span.until < FOREVER
