"""Examples of whole bodies: what an operation takes and returns; bodies of one type share an example by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectgen.catalogue.types import Named
from connectgen.openapi.schemas import Schema
from connectgen.samples.requests import Samples
from connectgen.samples.responses import Responses
from connectgen.samples.values import plain
from connectgen.surface import Surface, SurfaceOperation, SurfaceParameter

_FILE = "The content of the file"


class Examples:
    """Makes the examples of one document, and remembers those that operations share.

    Args:
        surface: the version.
    """

    def __init__(self, surface: Surface) -> None:
        self._requests = Samples(surface.types, surface.version)
        self._responses = Responses(surface.types)
        self._shared: dict[str, tuple[str, object]] = {}

    def components(self) -> dict[str, Schema]:
        """The examples to which operations refer, by name."""
        return {name: {"value": value} for name, (_, value) in sorted(self._shared.items())}

    def request(self, operation: SurfaceOperation) -> Schema:
        """What the media type of a JSON body has of an example."""
        if operation.body is None:
            return {}
        name = operation.body.type.name if isinstance(operation.body.type, Named) else ""
        return self._media(name, operation.method, self._body(operation))

    def form(self, form: Sequence[SurfaceParameter], operation: SurfaceOperation) -> Schema:
        """The same of a form's fields."""
        return {"example": self._fields(form, operation)}

    def multipart(self, form: Sequence[SurfaceParameter], operation: SurfaceOperation) -> Schema:
        """The same of a body with files: the body or fields, and the files that there must be, or else the first."""
        example: dict[str, object] = {}
        if operation.body is not None:
            example[operation.json_part] = self._body(operation)
        elif form:
            example |= self._fields(form, operation)
        parts = [part for part in operation.parts if part.required] or operation.parts[:1]
        example |= {"file" if part.named_by_caller else part.name: _FILE for part in parts}
        return {"example": example}

    def response(self, operation: SurfaceOperation) -> Schema:
        """The same of a JSON response."""
        name = operation.returns.name if isinstance(operation.returns, Named) else ""
        if name in self._shared and self._shared[name][0] == "":
            return _reference(name)
        return self._media(name, "", self._responses.of(operation))

    def _body(self, operation: SurfaceOperation) -> object:
        return plain(self._requests.value(operation.body, operation.method)) if operation.body else None

    def _fields(self, form: Sequence[SurfaceParameter], operation: SurfaceOperation) -> Mapping[str, object]:
        fields = self._requests.fields(form, operation.method)
        return {name: plain(tree) for name, tree in fields.items()}

    def _media(self, name: str, method: str, value: object) -> Schema:
        """An example in place, or by its name, to which another method adds its own where it needs more."""
        if not name:
            return {"example": value}
        for key in (name, f"{name}.{method or 'response'}"):
            if self._shared.setdefault(key, (method, value))[1] == value:
                return _reference(key)
        return {"example": value}


def _reference(name: str) -> dict[str, Any]:
    return {"examples": {name: {"$ref": f"#/components/examples/{name}"}}}
