"""The operations of a Surface as paths: parameters, bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from connectgen.catalogue.model import Span, Wait
from connectgen.catalogue.types import ListOf, Named
from connectgen.openapi.examples import Examples
from connectgen.openapi.responses import BINARY, JSON, XML, Responses
from connectgen.openapi.schemas import Schema, Schemas, versions
from connectgen.surface import Surface, SurfaceOperation, SurfaceParameter, SurfaceValue
from connectgen.texts import sentence

_SITE = "/connect/communities/{communityId}"
_PLACEHOLDER = re.compile(r"\{([^}]*)\}")
_FORM, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


def operation_id(operation: SurfaceOperation, *, in_site: bool = False) -> str:
    """The name of an operation in every version: `feeds.elements.list`; its form in a site ends in `.in_site`."""
    name = f"{operation.family}.{operation.group}.{operation.name}"
    return f"{name}.in_site" if in_site else name


def site_path(path: str) -> str:
    """The second form of a path, inside a site: `/connect/topics` → `/connect/communities/{communityId}/topics`."""
    return _SITE + (path.removeprefix("/connect") if path.startswith("/connect/") else path)


class Paths:
    """Writes the paths of one Surface.

    Args:
        surface: the version.
        schemas: writes types.
        responses: describes responses.
        examples: makes examples of bodies.
    """

    def __init__(self, surface: Surface, schemas: Schemas, responses: Responses, examples: Examples) -> None:
        self._surface = surface
        self._schemas = schemas
        self._responses = responses
        self._examples = examples

    def all(self) -> dict[str, Any]:
        """Every path with its operations, in the order of the paths."""
        paths: dict[str, dict[str, Any]] = {}
        spelled: dict[str, str] = {}
        for operation, path, in_site in self._addresses():
            # Placeholders may have other names in another operation of the same path: the first name is kept.
            own = spelled.setdefault(_PLACEHOLDER.sub("{}", path), path)
            names = dict(zip(_PLACEHOLDER.findall(path), _PLACEHOLDER.findall(own), strict=True))
            item = paths.setdefault(own, {})
            item.setdefault(operation.method.lower(), self._operation(operation, names, in_site=in_site))
        return {path: paths[path] for path in sorted(paths)}

    def _addresses(self) -> Iterator[tuple[SurfaceOperation, str, bool]]:
        """Every operation with its path, then again with the path in a site."""
        operations = [operation for group in self._surface.groups for operation in group.operations]
        for operation in operations:
            yield operation, operation.path, False
        for operation in operations:
            if operation.site:
                yield operation, site_path(operation.path), True

    def _operation(self, operation: SurfaceOperation, names: dict[str, str], *, in_site: bool) -> Schema:
        written: Schema = {
            "operationId": operation_id(operation, in_site=in_site),
            "tags": [f"{operation.family}.{operation.group}"],
            "summary": operation.summary.removesuffix("."),
            "description": _about(operation, in_site=in_site),
        }
        if operation.is_replaced:
            written["deprecated"] = True
        parameters = [*self._path_parameters(operation, names, in_site=in_site)]
        parameters += [self._parameter(item, operation) for item in operation.parameters if item.place != "form"]
        if parameters:
            written["parameters"] = parameters
        body = self._body(operation)
        if body:
            written["requestBody"] = body
        written["responses"] = self._responses.of(operation)
        return written | versions(operation.span, Span()) | _extensions(operation)

    def _path_parameters(
        self, operation: SurfaceOperation, names: dict[str, str], *, in_site: bool
    ) -> Iterator[Schema]:
        if in_site:
            yield {
                "name": names["communityId"],
                "in": "path",
                "required": True,
                "description": "Id of the site; internal for the default one.",
                "schema": {"type": "string"},
            }
        for item in operation.path_parameters:
            yield self._parameter(replace(item, name=names.get(item.name, item.name)), operation)

    def _parameter(self, item: SurfaceParameter, operation: SurfaceOperation) -> Schema:
        written: Schema = {"name": item.name, "in": item.place}
        if item.required is True:
            written["required"] = True
        text = _description(item)
        if text:
            written["description"] = text
        written["schema"] = self._schemas.value(item, is_input=True)
        if isinstance(item.type, ListOf):
            written |= {"style": "form" if item.place == "query" else "simple", "explode": False}
        return written | versions(item.span, operation.span)

    def _body(self, operation: SurfaceOperation) -> Schema | None:
        content: Schema = {}
        form = [item for item in operation.parameters if item.place == "form"]
        if operation.body and not (operation.parts and any(part.required for part in operation.parts)):
            schema = self._schemas.expression(operation.body.type)
            content[JSON] = {"schema": schema, **self._examples.request(operation)}
            if operation.xml:
                content[XML] = {"schema": schema}
        if form:
            encoding = _encoding(form)
            content[_FORM] = {"schema": self._form(form, operation), **self._examples.form(form, operation)}
            content[_FORM] |= {"encoding": encoding} if encoding else {}
        if operation.parts:
            content[_MULTIPART] = self._multipart(form, operation)
        if not content:
            return None
        body: Schema = {"content": content}
        # Where a field of the form is needed, something has to be sent: the fields, or the body in their place.
        needs_content = any(part.required for part in operation.parts) or any(item.required is True for item in form)
        if needs_content or (operation.body is not None and operation.body.required is True):
            body["required"] = True
        if operation.body and (described := self._described(operation.body)):
            body["description"] = described
        return body

    def _described(self, body: SurfaceValue) -> str:
        """What a body is: what the catalogue says of it, or else of its type."""
        if body.description:
            return sentence(body.description)
        resolved = self._surface.types.get(body.type.name) if isinstance(body.type, Named) else None
        return resolved.summary or "" if resolved else ""

    def _form(self, form: list[SurfaceParameter], operation: SurfaceOperation) -> Schema:
        schema: Schema = {"type": "object", "properties": {item.name: self._field(item, operation) for item in form}}
        needed = [item.name for item in form if item.required is True]
        return {**schema, "required": needed} if needed else schema

    def _field(self, item: SurfaceParameter, operation: SurfaceOperation) -> Schema:
        schema = self._schemas.value(item, is_input=True)
        text = _description(item)
        if text:
            schema["description"] = text
        return schema | versions(item.span, operation.span)

    def _multipart(self, form: list[SurfaceParameter], operation: SurfaceOperation) -> Schema:
        schema = self._form(form, operation)
        encoding = _encoding(form)
        needed: list[str] = []
        if operation.body:
            schema["properties"][operation.json_part] = self._schemas.expression(operation.body.type)
            encoding[operation.json_part] = {"contentType": JSON}
            if operation.body.required is True:
                needed.append(operation.json_part)
        for part in operation.parts:
            file: Schema = {"type": "string", "format": "binary"}
            if part.description:
                file["description"] = sentence(part.description)
            if part.max_bytes is not None:
                file["x-max-bytes"] = part.max_bytes
            if part.named_by_caller:
                schema["additionalProperties"] = file
                continue
            schema["properties"][part.name] = file
            encoding[part.name] = {"contentType": BINARY}
            if part.required:
                needed.append(part.name)
        # Fields of the form may be sent beside the file, but the body can replace them: none is required.
        schema.pop("required", None)
        if needed:
            schema["required"] = needed
        if any(part.required and part.named_by_caller for part in operation.parts):
            schema["minProperties"] = len(needed) + 1
        return {"schema": schema, **self._examples.multipart(form, operation), "encoding": encoding}


def _about(operation: SurfaceOperation, *, in_site: bool) -> str:
    """What an operation does, in full, and what to use instead of one that ends."""
    said = [sentence(operation.summary)]
    said += ["In a site."] if in_site else []
    said += [sentence(operation.description)] if operation.description else []
    if operation.replaced_by:
        last = operation.span.until
        said.append(
            f"Use `{operation.replaced_by}` instead."
            if operation.is_replaced
            else f"From {last + 1}.0 use `{operation.replaced_by}`."
        )
    return " ".join(said)


def _encoding(form: list[SurfaceParameter]) -> Schema:
    """How fields are written that are lists: one field, with commas."""
    return {item.name: {"style": "form", "explode": False} for item in form if isinstance(item.type, ListOf)}


def _description(item: SurfaceParameter) -> str:
    sentences = [sentence(item.description)] if item.description else []
    if item.required == "conditional":
        sentences.append(sentence(f"required {item.condition or 'in some cases'}"))
    if item.replaced_by:
        sentences.append(f"Use {item.replaced_by} instead.")
    return " ".join(sentences)


def _wait(wait: Wait) -> Schema:
    """How to see an end, or the operation that shows it."""
    if wait.operation:
        return {"operation": wait.operation, "name": wait.name}
    values: Schema = {
        "name": wait.name,
        "property": wait.property,
        "done": list(wait.done),
        "failed": list(wait.failed),
        "pending": list(wait.pending),
        "ended": wait.ended,
        "pending_status": list(wait.pending_status),
        "interval": wait.interval,
    }
    return {key: value for key, value in values.items() if value not in (None, [])}


def _extensions(operation: SurfaceOperation) -> Schema:
    """What OpenAPI has no words for."""
    found: Schema = {}
    if operation.requires_chatter:
        found["x-requires-chatter"] = True
    if operation.pagination:
        pagination = {name: value for name, value in asdict(operation.pagination).items() if value not in (None, 0)}
        found["x-pagination"] = pagination
    if operation.waits:
        found["x-wait"] = [_wait(wait) for wait in operation.waits]
    if operation.retry != ("unsafe" if operation.method in ("POST", "PATCH") else "safe"):
        found["x-retry"] = operation.retry
    if operation.idempotency:
        found["x-idempotency"] = {operation.idempotency.place: operation.idempotency.name}
    if operation.retry_statuses:
        found["x-retry-statuses"] = list(operation.retry_statuses)
    if not operation.batch:
        found["x-batch"] = False
    if operation.stage:
        found["x-stage"] = operation.stage
    if operation.replaced_by:
        found["x-replaced-by"] = operation.replaced_by
    return found
