"""An exported document made as strict as the mock, for tools that make up requests from it.

OpenAPI has no word for record ids, and no way to require a property for one method only; the document therefore leaves
both out of what it demands. They are put back here from the Surface.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from connectgen.catalogue.types import ListOf, Scalar, ScalarType
from connectgen.mock.identifiers import STRICT
from connectgen.openapi.operations import operation_id
from connectgen.surface import Surface, SurfaceProperty, SurfaceValue

_CONTENTS = ("application/x-www-form-urlencoded", "multipart/form-data")


def make_strict(document: dict[str, Any], surface: Surface) -> None:
    """Put into a document, in its place, what the mock demands besides.

    Args:
        document: the document of a version.
        surface: that version.
    """
    operations = {operation_id(one): one for group in surface.groups for one in group.operations}
    for item in document["paths"].values():
        for written in item.values():
            operation = operations[written["operationId"].removesuffix(".in_site")]
            in_path = [one for one in written.get("parameters", ()) if one["in"] == "path"]
            own = in_path[len(in_path) - len(operation.path_parameters) :]
            for parameter, fact in zip(own, operation.path_parameters, strict=True):
                _tell_ids(parameter["schema"], fact)
            _tell(written.get("parameters", ()), (one for one in operation.parameters if one.place != "form"))
            for media in _CONTENTS:
                content = written.get("requestBody", {}).get("content", {}).get(media)
                fields: dict[str, Any] = content["schema"].get("properties", {}) if content else {}
                _tell(
                    ({"name": name, "schema": schema} for name, schema in fields.items()),
                    (one for one in operation.parameters if one.place == "form"),
                )
    for name in surface.types:
        _tell_type(document["components"]["schemas"][name], surface, name)


def _tell(written: Iterable[dict[str, Any]], facts: Iterable[SurfaceValue]) -> None:
    known = {fact.name: fact for fact in facts}
    for one in written:
        if one["name"] in known:
            _tell_ids(one["schema"], known[one["name"]])


def _tell_type(schema: dict[str, Any], surface: Surface, name: str) -> None:
    facts = {fact.name: fact for fact in _properties(surface, name)}
    for part in (schema, *schema.get("allOf", ())):
        for own, written in part.get("properties", {}).items():
            _tell_ids(written, facts[own])
            if "x-required-for" in written:
                part["required"] = [*part.get("required", ()), own]


def _properties(surface: Surface, name: str | None) -> Iterator[SurfaceProperty]:
    """The properties of a type, those of what it extends first."""
    if name is not None:
        yield from _properties(surface, surface.types[name].extends)
        yield from surface.types[name].properties


def _tell_ids(schema: dict[str, Any], fact: SurfaceValue) -> None:
    """Say what an id looks like, where it is one."""
    is_list = isinstance(fact.type, ListOf)
    kind = fact.type.item if isinstance(fact.type, ListOf) else fact.type
    if kind == Scalar(ScalarType.ID) and not fact.values:
        target = schema["items"] if is_list else schema
        target["pattern"] = f"^{STRICT.get(fact.name, '[A-Za-z0-9]{3}')}[A-Za-z0-9]{{12}}([A-Za-z0-9]{{3}})?$"
