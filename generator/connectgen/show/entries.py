"""Finds an entry of the catalogue by its name: an operation, a type, a property, an enumeration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from connectgen.catalogue.model import Catalogue, Location, Span
from connectgen.catalogue.short_form import HEAD_TAKES, NO_VALUE, expand
from connectgen.catalogue.suggestions import did_you_mean
from connectgen.catalogue.yaml_reader import LineDict, LineList, read_yaml


class UnknownEntryError(Exception):
    """The catalogue has no entry of a name; the message says what may have been meant."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry, filled in.

    Attributes:
        title: what it is and its name.
        location: where it is written.
        span: the versions in which it exists.
        facts: what is said of it, with the line of each key.
        own: the lines that are its own; what is in others is inherited.
    """

    title: str
    location: Location
    span: Span
    facts: LineDict
    own: range


def find(catalogue: Catalogue, root: Path, name: str) -> Entry:
    """The entry of a name.

    Args:
        catalogue: the catalogue, validated.
        root: its folder.
        name: `family.group.operation`, `Type`, `Type.property` or `Enumeration`.

    Raises:
        UnknownEntryError: there is none.
    """
    first, _, rest = name.partition(".")
    if name in catalogue.enumerations:
        enumeration = catalogue.enumerations[name]
        document = _read(root, enumeration.location.file)
        return _entry(f"enumeration {name}", enumeration.location, Span(), document["enumerations"][name])
    if first in catalogue.types:
        return _type(catalogue, root, first, rest)
    for group in catalogue.groups:
        for resource in group.resources:
            for operation in resource.operations:
                if f"{group.family}.{group.name}.{operation.name}" == name:
                    span = operation.span.within(resource.span)
                    return _operation(root, name, operation.location, resource.location.line, operation.method, span)
    known = [*catalogue.types, *catalogue.enumerations]
    known += [
        f"{group.family}.{group.name}.{operation.name}"
        for group in catalogue.groups
        for resource in group.resources
        for operation in resource.operations
    ]
    raise UnknownEntryError(f"there is no {name}; " + did_you_mean(name, known, _WAYS))


_WAYS = "name it Type, Type.property, Enumeration or family.group.operation"


def _type(catalogue: Catalogue, root: Path, name: str, property_name: str) -> Entry:
    definition = catalogue.types[name]
    facts = cast("LineDict", _read(root, definition.location.file)["types"][name])
    if not property_name:
        return _entry(f"type {name}", definition.location, definition.span, facts)
    found = [item for item in definition.properties if item.name == property_name]
    if not found:
        known = [item.name for item in definition.properties]
        remedy = did_you_mean(property_name, known, f"show {name} for its properties")
        raise UnknownEntryError(f"{name} has no property {property_name}; {remedy}")
    properties = cast("LineDict", facts["properties"])
    at = Location(definition.location.file, properties.line_of(property_name))
    written = properties[property_name]
    table = LineDict(at.line)
    if isinstance(written, LineDict):
        table = written
    else:
        table[property_name] = written
        table.lines[property_name] = at.line
    if "since" in facts and "since" not in table and not isinstance(written, LineList):
        table = _with(table, "since", facts["since"], facts.line_of("since"))
    span = Span(min(item.span.since for item in found), max(item.span.until for item in found))
    return Entry(f"property {name}.{property_name}", at, span, table, range(at.line, _last(written, at.line) + 1))


def _with(table: LineDict, key: str, value: Any, line: int) -> LineDict:
    made = LineDict(table.line)
    made.update(table)
    made.lines.update(table.lines)
    made[key] = value
    made.lines[key] = line
    return made


def _operation(root: Path, name: str, at: Location, resource_line: int, method: str, span: Span) -> Entry:
    raw, _ = read_yaml(root / at.file, at.file)
    document, _ = expand("resources", raw, at.file)
    for written, resource in zip(raw["resources"], document["resources"], strict=True):
        if resource.line == resource_line:
            operation = cast("LineDict", resource["operations"][method])
            if method == "HEAD" and "GET" in resource["operations"]:
                operation = _with_lacking(operation, cast("LineDict", resource["operations"]["GET"]))
            facts = LineDict(at.line)
            facts["method"] = method
            for key in resource:
                if key != "operations":
                    label = "path_parameters" if key == "parameters" else key
                    facts[label] = resource[key]
                    facts.lines[label] = resource.line_of(key)
            for key in operation:
                facts[key] = operation[key]
                facts.lines[key] = operation.line_of(key)
            own = written["operations"][method]
            return Entry(f"operation {name}", at, span, facts, range(at.line, _last(own, at.line) + 1))
    raise UnknownEntryError(f"there is no {name}; {_WAYS}")


def _with_lacking(head: LineDict, get: LineDict) -> LineDict:
    """HEAD with `none` for what GET has and it does not: written out without that, it would have it again."""
    made = head
    for key in HEAD_TAKES:
        if key in get and key not in made:
            made = _with(made, key, NO_VALUE, head.line)
    of_get, of_head = get.get("parameters"), made.get("parameters")
    if isinstance(of_get, LineDict) and isinstance(of_head, LineDict):
        lacking = [name for name in of_get if name not in of_head]
        for name in lacking:
            of_head = _with(of_head, name, NO_VALUE, head.line)
        made = _with(made, "parameters", of_head, made.line_of("parameters"))
    return made


def _entry(title: str, at: Location, span: Span, facts: LineDict) -> Entry:
    return Entry(title, at, span, facts, range(at.line, _last(facts, at.line) + 1))


def _read(root: Path, name: str) -> LineDict:
    raw, _ = read_yaml(root / name, name)
    document, _ = expand(name.split("/")[0], raw, name)
    return cast("LineDict", document)


def _last(value: Any, line: int) -> int:
    """The last line of what is written; what is filled in comes before the entries."""
    if isinstance(value, LineDict):
        return max([line, *(_last(item, value.line_of(key)) for key, item in value.items())])
    if isinstance(value, LineList):
        return max([line, *(_last(item, at) for item, at in zip(value, value.lines, strict=True))])
    return line
