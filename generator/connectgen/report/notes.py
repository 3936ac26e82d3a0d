"""Everything that bears a note: open types, doubts, corrections, facts of other sources, types nothing refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from connectgen.catalogue.model import Catalogue, Location, Notes, Value
from connectgen.catalogue.types import ListOf, MapOf, OneOf, Scalar, ScalarType, TypeExpression

Section = Literal["any", "unsure", "corrected", "omitted", "unreferenced", "added"]


@dataclass(frozen=True, slots=True)
class Note:
    """One noted entry.

    Attributes:
        section: the section of the report that lists it.
        family: the family in whose folder the entry is.
        entry: `GET /path parameter`, `Type.property` and so on.
        page: id of the guide's page, where it is known.
        text: the reason.
    """

    section: Section
    family: str
    entry: str
    page: str | None
    text: str


def notes(catalogue: Catalogue) -> list[Note]:
    """All notes, in the order of the catalogue's files."""
    found = [*_of_resources(catalogue), *_of_types(catalogue), *_omitted(catalogue)]
    return [replace(note, text=_explained(catalogue, note.text)) for note in found]


_WORD = re.compile(r"[a-z0-9-]+")


def _explained(catalogue: Catalogue, text: str) -> str:
    """A note's text with what its codes mean in their place."""
    return _WORD.sub(lambda word: catalogue.explained(word[0]) or word[0], text)


def _of_resources(catalogue: Catalogue) -> Iterator[Note]:
    for group in catalogue.groups:
        for resource in group.resources:
            page = resource.guide
            yield from _of(resource.notes, group.location, resource.path, page)
            for parameter in resource.parameters:
                yield from _of_value(parameter, f"{resource.path} {parameter.name}", page)
            for operation in resource.operations:
                entry = f"{operation.method} {resource.path}"
                yield from _of(operation.notes, operation.location, entry, page)
                for wait in operation.waits:
                    if wait.notes.because or wait.notes.unsure:  # that a page has it needs no line
                        yield from _of(wait.notes, operation.location, f"{entry} wait", page)
                for parameter in operation.parameters:
                    yield from _of_value(parameter, f"{entry} {parameter.name}", page)
                for value in operation.bodies:
                    yield from _of_value(value, f"{entry} body", page)
                for value in operation.returns:
                    yield from _of_value(value, f"{entry} result", page)
                for part in operation.parts:
                    yield from _of(part.notes, part.location, f"{entry} {part.name}", page)


def _of_types(catalogue: Catalogue) -> Iterator[Note]:
    for definition in catalogue.types.values():
        yield from _of(definition.notes, definition.location, definition.name, definition.guide)
        if definition.unreferenced:
            text = definition.unreferenced
            yield Note("unreferenced", _family(definition.location), definition.name, definition.guide, text)
        for item in definition.properties:
            yield from _of_value(item, f"{definition.name}.{item.name}", definition.guide)


def _omitted(catalogue: Catalogue) -> Iterator[Note]:
    for omitted in catalogue.omitted:
        yield Note("omitted", _family(omitted.location), omitted.entry, None, omitted.because)


def _of_value(value: Value, entry: str, page: str | None) -> Iterator[Note]:
    if is_open(value.type) and value.notes.was is None:
        reason = value.notes.because or value.notes.unsure or ""
        yield Note("any", _family(value.location), entry, page, reason)
        return
    yield from _of(value.notes, value.location, entry, page)


def _of(noted: Notes, location: Location, entry: str, page: str | None) -> Iterator[Note]:
    family = _family(location)
    if noted.unsure:
        yield Note("unsure", family, entry, page, noted.unsure)
    if noted.was is not None:
        was = ", ".join(f"{key}: {value}" for key, value in noted.was.items())
        yield Note("corrected", family, entry, page, f"was {was}. {noted.because or 'It has no reason.'}")
    elif noted.source or noted.because:
        text = "; ".join(filter(None, [noted.because, noted.source and f"source: {noted.source}"]))
        yield Note("added", family, entry, page, text)


def is_open(expression: TypeExpression) -> bool:
    """Whether any value is allowed, or any in a list or map."""
    match expression:
        case Scalar(kind):
            return kind is ScalarType.ANY
        case ListOf(inner) | MapOf(inner):
            return is_open(inner)
        case OneOf(options):
            return any(is_open(option) for option in options)
        case _:
            return False


def _family(location: Location) -> str:
    return location.file.split("/")[1]
