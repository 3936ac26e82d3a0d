"""Makes what a source says of something new possible: where it contradicts itself, the entry says what was taken.

The key that is not taken is kept under `was`, so that the next import finds nothing to ask; `unsure` says why, and the
linter names it until a person has looked.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any, cast

from connectgen.catalogue.model import Span
from connectgen.catalogue.types import ListOf, Scalar, ScalarType, TypeExpression, TypeExpressionError, parse_type
from connectgen.importer.emit import is_list, is_mapping, ordered
from connectgen.importer.ranges import span_of
from connectgen.importer.type_files import names_of_facts
from connectgen.importer.wanted import Wanted
from connectgen.importer.yaml_files import Plain

_ONLY_IN_A_BODY = "importer: the source has a type that only a body can hold"
_OUTSIDE_ITS_LIMITS = "importer: the default is outside the limits"
_OLDER_USE = "importer: what refers to it is older"


def possible_fact(table: str, fact: Plain) -> Plain:
    """A fact of something new, without what cannot be.

    Args:
        table: the table that the fact is in, such as `parameters`.
        fact: the fact; it stays as it is.
    """
    if table == "parameters":
        fact = _as_text(fact)
    if _is_outside(fact) and "unsure" not in fact:
        fact = ordered({**fact, "unsure": _OUTSIDE_ITS_LIMITS})
    return fact


def _as_text(fact: Plain) -> Plain:
    """A parameter is sent as text: what only a body can hold becomes a string, or a list of strings."""
    written = str(fact["type"])
    if is_sent_as_text(written):
        return fact
    text = "list<String>" if isinstance(parse_type(written), ListOf) else "String"
    was = {**cast("Plain", fact.get("was") or {}), "type": fact["type"]}
    return ordered({**fact, "type": text, "was": was, "unsure": fact.get("unsure", _ONLY_IN_A_BODY)})


def is_sent_as_text(written: str) -> bool:
    """Whether a parameter can have a type; one that cannot be read is the business of whoever reads it next."""
    try:
        expression: TypeExpression = parse_type(written)
    except TypeExpressionError:
        return True
    if isinstance(expression, ListOf):
        expression = expression.item
    return isinstance(expression, Scalar) and expression.kind is not ScalarType.BINARY


def _is_outside(fact: Plain) -> bool:
    default, least, most = (fact.get(key) for key in ("default", "minimum", "maximum"))
    if not isinstance(default, int | float) or isinstance(default, bool):
        return False
    return (least is not None and default < least) or (most is not None and default > most)


def begin_early_enough(wanted: Wanted, new: Container[str]) -> None:
    """Take back the beginning of each new type to which something older refers.

    Args:
        wanted: what the source wants in the catalogue; its types change.
        new: the names of the types that the catalogue lacks.
    """
    while late := list(_late(wanted, new)):  # a type that begins earlier may refer to others that are now late
        for name in late:
            entry = wanted.types[name]
            was = {**cast("Plain", entry.get("was") or {}), "since": entry["since"]}
            rest = {key: value for key, value in entry.items() if key != "since"}
            wanted.types[name] = ordered({**rest, "was": was, "unsure": entry.get("unsure", _OLDER_USE)})


def _late(wanted: Wanted, new: Container[str]) -> Iterator[str]:
    """The new types to which something older refers."""
    first = dict[str, int]()
    for name, since in _uses(wanted):
        first[name] = min(first.get(name, since), since)
    for name, entry in wanted.types.items():
        if name in new and "since" in entry and first.get(name, int(entry["since"])) < int(entry["since"]):
            yield name


def _uses(wanted: Wanted) -> Iterator[tuple[str, int]]:
    """The name of each type that something refers to, with the version in which that begins."""
    for resource in wanted.resources.values():
        of_resource = span_of(resource)
        for operation in cast("dict[str, Plain]", resource["operations"]).values():
            span = span_of(operation, of_resource).within(of_resource)
            for key in ("returns", "body"):
                yield from _named(operation.get(key, []), span)
            for written in cast("Plain", operation.get("parameters") or {}).values():
                yield from _named(written, span)
    for entry in wanted.types.values():
        span = span_of(entry)
        for written in cast("Plain", entry.get("properties") or {}).values():
            yield from _named(written, span)


def _named(written: Any, owner: Span) -> Iterator[tuple[str, int]]:
    facts: list[Any] = written if is_list(written) else [written]
    for fact in facts:
        since = span_of(fact, owner).within(owner).since if is_mapping(fact) else owner.since
        yield from ((name, since) for name in names_of_facts(fact))
