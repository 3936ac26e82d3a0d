"""Known values of a fact as the format writes them: a string, or a mapping where a value has versions of its own."""

from __future__ import annotations

from typing import Any

from connectgen.importer.emit import is_mapping
from connectgen.importer.yaml_files import Plain


def value_names(values: list[Any], *, living: bool = False) -> list[str]:
    """The values themselves; `living` leaves out those that have ended."""
    return [
        str(item["value"]) if is_mapping(item) else str(item)
        for item in values
        if not (living and is_mapping(item) and "until" in item)
    ]


def merged_values(here: list[Any], there: list[Any], version: float, since: float) -> tuple[list[Any], list[str]]:
    """The catalogue's values and behind them those that only the source has.

    Args:
        here: the catalogue's.
        there: the source's.
        version: the API version with which new values begin that have none of their own.
        since: when the fact itself begins; a value that begins with it needs no version of its own.

    Returns:
        All values, and the names of the new ones.
    """
    known = value_names(here)
    own = {str(item["value"]): item for item in there if is_mapping(item)}
    new = [name for name in value_names(there) if name not in known]
    undated: dict[str, Any] = {
        name: name if since >= version else {"value": name, "since": float(version)} for name in new
    }
    return [*here, *(own.get(name, undated[name]) for name in new)], new


_WORDS = ("description", "replaced_by")
"""What a person says of a value; no source that is read has it."""


def without_words(values: list[Any]) -> list[Any]:
    """Values as a source has them: in which versions each is known, not what it means."""
    made: list[Any] = []
    for item in values:
        kept = {key: value for key, value in item.items() if key not in _WORDS} if is_mapping(item) else item
        made.append(kept["value"] if is_mapping(kept) and len(kept) == 1 else kept)
    return made


def with_words(there: list[Any], here: list[Any]) -> list[Any]:
    """A source's values, each with what the catalogue says of it."""
    words = {str(item["value"]): {key: item[key] for key in _WORDS if key in item} for item in here if is_mapping(item)}
    made: list[Any] = []
    for item in there:
        fact = item if is_mapping(item) else {"value": item}
        whole = {**fact, **words.get(str(fact["value"]), {})}
        made.append(whole if len(whole) > 1 else item)
    return made


def ended_value(item: Any, version: int) -> Plain:
    """A value that ended before a version."""
    fact: Plain = dict(item) if is_mapping(item) else {"value": item}
    return {**fact, "until": float(version - 1)}
