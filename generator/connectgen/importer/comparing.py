"""What comparing an entry with a source's needs to know of single facts: what is finer, whose note it bears."""

from __future__ import annotations

import re
from typing import Any, cast

from connectgen.importer.emit import is_list, is_mapping
from connectgen.importer.endings import without_ending
from connectgen.importer.explanations import is_own_reason
from connectgen.importer.source import Source, is_of_file
from connectgen.importer.yaml_files import Plain

# What a person decides; the importer writes it once, with the entry.
PERSONS_KEYS = frozenset(
    [
        "name", "summary", "description", "condition", "paging", "pagination", "discriminator", "extends", "retry",
        "idempotency", "retry_statuses", "special_status", "status", "stage", "replaced_by", "failure", "batch",
        "json_part", "unreferenced", "item", "wait", "was", "because", "unsure", "source", "site_since", "formerly",
        "aliases", "secret", "described_by_name",
    ]
)  # fmt: skip
# What a person adds where the source is silent, or says it in prose that the reader does not understand.
_ADDITIONS = frozenset(["values", "default", "minimum", "maximum", "max_items", "max_length", "in", "item", "xml"])
_FINER_THAN_STRING = frozenset(["Id", "Date", "DateTime", "Url", "Decimal"])


def refines(key: str, here: Any, there: Any) -> bool:
    """Whether the catalogue says the same as the source, only more exactly."""
    if key in _ADDITIONS:
        return there is None
    if key == "required":
        return there == "conditional" and is_mapping(here)
    if key == "schema":  # a file's schema that was found to be the type: a new ending says nothing
        return without_ending(str(here)) == without_ending(str(there))
    if key == "group":
        return is_list(here) and isinstance(there, str) and here[-1].get("value") == there
    if key != "type" or not isinstance(there, str):
        return False
    if is_open(there) or _finer(str(here)) == there:
        return True
    # In a union the finer form may be meant by the plainer one: the source's Id beside a String is that String.
    ours, theirs = (set(_finer(text).split(" | ")) for text in (str(here), there))
    return len(ours) > 1 and ours == theirs


def _finer(text: str) -> str:
    return re.sub("|".join(rf"\b{name}\b" for name in _FINER_THAN_STRING), "String", text)


def is_open(written: Any) -> bool:
    """Whether a type is Any, or has Any in it: the source does not say what it is."""
    return "Any" in re.findall(r"\w+", str(written))


def source_part(fact: Plain) -> Plain:
    """What a source says of a fact, without what a person decides."""
    return {key: value for key, value in fact.items() if key not in PERSONS_KEYS}


def before_correction(fact: Plain) -> Plain:
    """What the source said of a fact that a person corrected."""
    was = cast("Plain", fact.get("was") or {})
    return {key: value for key, value in {**source_part(fact), **was}.items() if value is not None}


def is_persons(fact: Plain, source: Source | None = None) -> bool:
    """Whether a fact has a person's note: a reason of their own, a correction, another source."""
    if is_of_file(str(fact.get("source", ""))) and source is not None and source.name is not None:
        return "because" in fact and not is_own_reason(str(fact["because"]))
    if "source" in fact:
        return True
    if "because" in fact:
        return not is_own_reason(str(fact["because"]))
    return "was" in fact


def format_value(value: Any) -> str:
    """A value for a person to read."""
    if value is None:
        return "unset"
    if isinstance(value, float | int | str):
        return str(value)
    if is_list(value):
        return "[" + ", ".join(format_value(item) for item in value) + "]"
    return "{" + ", ".join(f"{key}: {format_value(item)}" for key, item in cast("Plain", value).items()) + "}"
