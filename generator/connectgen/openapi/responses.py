"""Responses of operations: successes with their results, errors with the body that all errors have."""

from __future__ import annotations

from typing import Any

from connectgen.catalogue.types import Scalar, ScalarType
from connectgen.openapi.examples import Examples
from connectgen.openapi.schemas import Schema, Schemas, nullable
from connectgen.surface import Surface, SurfaceOperation
from connectgen.texts import sentence

ERROR = "ConnectApiError"
ERRORS = "ConnectApiErrors"
_NO_CONTENT = frozenset([204, 205])
JSON, XML = "application/json", "application/xml"
BINARY = "application/octet-stream"


class Responses:
    """Writes the responses of one Surface.

    Args:
        surface: has the status codes.
        schemas: writes results.
        examples: makes examples of results.
    """

    def __init__(self, surface: Surface, schemas: Schemas, examples: Examples) -> None:
        self._codes = surface.status_codes
        self._schemas = schemas
        self._examples = examples

    def components(self) -> dict[str, Schema]:
        """The error responses that all operations share, by name."""
        return {f"Error{code.code}": self._error(code.summary) for code in self._codes if code.kind == "error"}

    @staticmethod
    def error_schemas() -> dict[str, Schema]:
        """The body of an error: a list, most often of one item."""
        text = nullable({"type": "string"})
        return {
            ERROR: {
                "title": ERROR,
                "description": "One reason why a request was refused.",
                "type": "object",
                "properties": {
                    "errorCode": {**text, "description": "A name for programs, such as INVALID_ID_FIELD."},
                    "message": {**text, "description": "What went wrong, for people."},
                },
            },
            ERRORS: {
                "title": ERRORS,
                "description": "The body of an error. Proxies may send something else, or nothing.",
                "type": "array",
                "items": {"$ref": f"#/components/schemas/{ERROR}"},
                "examples": [[{"errorCode": "INVALID_ID_FIELD", "message": "Invalid identifier: 123"}]],
            },
        }

    def of(self, operation: SurfaceOperation) -> dict[str, Any]:
        """The responses of an operation, successes first."""
        phrases = {code.code: code.summary for code in self._codes}
        responses: dict[str, Any] = {}
        for status in operation.status:
            meaning = operation.special_status.get(status)
            responses[str(status)] = self._success(operation, status, sentence(meaning or phrases.get(status, "done")))
        for code in self._codes:
            if code.kind == "error" and code.code not in operation.special_status:
                responses[str(code.code)] = {"$ref": f"#/components/responses/Error{code.code}"}
        for status, text in operation.special_status.items():
            if str(status) not in responses:
                responses[str(status)] = self._error(text)
        return {status: responses[status] for status in sorted(responses)}

    def _success(self, operation: SurfaceOperation, status: int, text: str) -> Schema:
        response: Schema = {"description": text}
        if operation.returns is None or status in _NO_CONTENT or operation.method == "HEAD":
            return response
        schema = self._schemas.expression(operation.returns)
        if operation.returns == Scalar(ScalarType.BINARY):
            return {**response, "content": {BINARY: {"schema": schema}}}
        content: Schema = {JSON: {"schema": schema, **self._examples.response(operation)}}
        if operation.xml:
            content[XML] = {"schema": schema}
        return {**response, "content": content}

    def _error(self, text: str) -> Schema:
        content = {JSON: {"schema": {"$ref": f"#/components/schemas/{ERRORS}"}}}
        return {"description": sentence(text), "content": content}
