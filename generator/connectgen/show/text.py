"""Writes an entry as lines of YAML, with the place of everything that is said elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from connectgen.catalogue.model import FOREVER, Catalogue
from connectgen.catalogue.yaml_reader import LineDict, LineList
from connectgen.importer.emit import emit_mapping
from connectgen.show.entries import Entry


def lines_of(entry: Entry, catalogue: Catalogue, version: int | None) -> Iterator[str]:
    """An entry, as lines to print.

    Args:
        entry: the entry.
        catalogue: where the values of enumerations are.
        version: the only version of interest; None for all.
    """
    yield f"{entry.title}  # {entry.location}"
    facts = cast("LineDict", entry.facts if version is None else _at(entry.facts, version))
    yield from _mapping(facts, entry, catalogue, 2, version)


def _at(value: Any, version: int) -> Any:
    """What holds at a version, of facts with ranges."""
    if isinstance(value, LineDict):
        made = LineDict(value.line)
        for key, item in value.items():
            if _holds(item, version):
                made[key] = _at(item, version)
                made.lines[key] = value.line_of(key)
        return made
    if isinstance(value, LineList):
        kept = LineList(value.line)
        for item, line in zip(value, value.lines, strict=True):
            if _holds(item, version):
                kept.append(_at(item, version))
                kept.lines.append(line)
        return kept
    return value


def _holds(value: Any, version: int) -> bool:
    if isinstance(value, LineList) and value:
        return any(_holds(item, version) for item in value)
    if not isinstance(value, LineDict):
        return True
    return int(value.get("since", 0)) <= version <= int(value.get("until", FOREVER))


def _mapping(facts: LineDict, entry: Entry, catalogue: Catalogue, indent: int, version: int | None) -> Iterator[str]:
    for key, value in facts.items():
        line = facts.line_of(key)
        place = "" if line in entry.own else f"  # {entry.location.file}:{line}"
        if _is_open(value, entry, line):
            yield f"{' ' * indent}{key}:{place}"
            yield from _mapping(value, entry, catalogue, indent + 2, version)
        elif key == "values" and isinstance(value, str):
            yield from _values(value, catalogue, indent, version)
        else:
            text = emit_mapping({key: _plain(value)}, indent).rstrip("\n")
            meaning = catalogue.notes.get(value) if key in ("because", "unsure") and isinstance(value, str) else None
            yield f"{text}{place}" + (f"  # {meaning}" if meaning else "")


def _is_open(value: Any, entry: Entry, line: int) -> bool:
    """Whether the keys of a mapping are shown one a line: one of them is defined elsewhere, or names an enumeration."""
    if not isinstance(value, LineDict) or not value:
        return False
    lines = (value.line_of(key) for key in value)
    if any(inner != line and inner not in entry.own for inner in lines) or isinstance(value.get("values"), str):
        return True
    return any(_is_open(item, entry, value.line_of(key)) for key, item in value.items())


def _values(name: str, catalogue: Catalogue, indent: int, version: int | None) -> Iterator[str]:
    enumeration = catalogue.enumerations[name]
    values = [
        {"value": one.value, "description": one.description} if one.description else one.value
        for one in enumeration.values
        if version is None or version in one.span
    ]
    text = emit_mapping({"values": values}, indent).rstrip("\n")
    yield f"{text}  # {name}, {enumeration.location}"


def _plain(value: Any) -> Any:
    if isinstance(value, LineDict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, LineList) else value
