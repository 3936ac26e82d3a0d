"""An overlay: a company's corrections and additions, laid over the catalogue's entries before they are validated."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import fields, replace
from typing import TypeVar

from connectgen.catalogue.model import Enumeration, Group, Notes, Resource, Span, TypeDefinition

T = TypeVar("T")


def with_groups(base: Iterable[Group], over: Iterable[Group]) -> tuple[Group, ...]:
    """Groups of both: one of the same family and name gets the resources of the other."""
    merged = {(group.family, group.name): group for group in base}
    for group in over:
        known = merged.get((group.family, group.name))
        resources = _laid_over(known.resources, group.resources, lambda one: one.path, _resource) if known else ()
        merged[group.family, group.name] = replace(known, resources=resources) if known else group
    return tuple(merged.values())


def with_types(base: Iterable[TypeDefinition], over: Iterable[TypeDefinition]) -> tuple[TypeDefinition, ...]:
    """Types of both: one of the same name gets the properties of the other and what it states beside its summary.

    Each has the range of both already: `overlay_versions` settles it in the files.
    """
    return _laid_over(base, over, lambda one: one.name, _type)


def with_enumerations(base: Iterable[Enumeration], over: Iterable[Enumeration]) -> tuple[Enumeration, ...]:
    """Enumerations of both: one of the same name is replaced."""
    return _laid_over(base, over, lambda one: one.name, lambda _, new: new)


def _resource(known: Resource, new: Resource) -> Resource:
    """The same resource with the operations of another: one of the same method is replaced."""
    return replace(known, operations=_facts(known.operations, new.operations, lambda one: one.method))


def _type(known: TypeDefinition, new: TypeDefinition) -> TypeDefinition:
    """The same type with the properties of another, and with what the other says of the whole beside its summary."""
    silent = TypeDefinition(name=new.name, summary=new.summary, span=Span(), location=new.location)
    stated = {
        one.name: getattr(new, one.name) for one in fields(new) if getattr(new, one.name) != getattr(silent, one.name)
    }
    properties = _facts(known.properties, new.properties, lambda one: one.name)
    return replace(known, **{**stated, "properties": properties, "notes": _notes(known.notes, new.notes)})


def _notes(known: Notes, new: Notes) -> Notes:
    """The notes of both, each key on its own; witnesses belong to the source that names them."""
    source = new if new.source is not None else known
    return Notes(
        was=known.was if new.was is None else new.was,
        because=known.because if new.because is None else new.because,
        unsure=known.unsure if new.unsure is None else new.unsure,
        source=source.source,
        witnesses=source.witnesses,
    )


def _laid_over(
    base: Iterable[T], over: Iterable[T], key: Callable[[T], Hashable], merge: Callable[[T, T], T]
) -> tuple[T, ...]:
    merged = {key(one): one for one in base}
    for one in over:
        known = merged.get(key(one))
        merged[key(one)] = one if known is None else merge(known, one)
    return tuple(merged.values())


def _facts(base: Iterable[T], over: Iterable[T], key: Callable[[T], Hashable]) -> tuple[T, ...]:
    """Facts of both, of one name only the overlay's; several of one name hold in different versions."""
    new = tuple(over)
    replaced = {key(one) for one in new}
    return (*(one for one in base if key(one) not in replaced), *new)
