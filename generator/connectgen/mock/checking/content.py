"""Checks what comes with a request as a whole: its format, the form's fields, the parts with their names and sizes."""

from __future__ import annotations

from collections.abc import Iterator

from connectgen.mock.batch import takes_any_part
from connectgen.mock.checking.parameters import EVERYWHERE
from connectgen.mock.refusal import Problem
from connectgen.mock.request import Content, Request
from connectgen.surface import SurfaceOperation

_TAKES = {"json": "JSON", "xml": "XML"}


def content_problems(request: Request, operation: SurfaceOperation) -> Iterator[Problem]:
    """What is wrong with the content of a request, before its values are looked at."""
    content = request.content
    what = f"{operation.method} {operation.path}"
    if content.format == "other":
        message = f"{what} takes {_formats(operation)}, not {content.media_type or 'content without a Content-Type'}"
        yield Problem("UNSUPPORTED_MEDIA_TYPE", message, "content-type", operation.location)
        return
    if content.format == "xml" and not operation.xml:
        yield Problem("UNSUPPORTED_MEDIA_TYPE", f"{what} takes JSON only", "content-type", operation.location)
        return
    yield from _parts(content, operation, what)
    if content.has_body and operation.body is None and content.value not in ({}, ""):
        yield Problem("INVALID_FIELD", f"{what} takes no body", "unexpected-body", operation.location)
    yield from _body(request, operation, what)


def _formats(operation: SurfaceOperation) -> str:
    names = ["JSON"] + (["XML"] if operation.xml else [])
    if any(item.place == "form" for item in operation.parameters):
        names.append("form fields")
    if operation.parts:
        names.append("multipart/form-data")
    return ", ".join(names)


def _parts(content: Content, operation: SurfaceOperation, what: str) -> Iterator[Problem]:
    known = {part.name: part for part in operation.parts}
    any_name = next((part for part in operation.parts if part.named_by_caller), None)
    for part in () if takes_any_part(operation) else content.parts:
        fact = known.get(part.name, any_name)
        if fact is None:
            takes = f"takes {', '.join(known)}" if known else "takes no file"
            message = f"there is no binary part {part.name!r}; {what} {takes}"
            yield Problem("INVALID_FIELD", message, "unknown-part", operation.location)
        elif fact.max_bytes is not None and part.size > fact.max_bytes:
            message = f"{part.name} may have {fact.max_bytes} bytes, not {part.size}"
            yield Problem("FILE_SIZE_LIMIT_EXCEEDED", message, "too-large", fact.location)
    names = [part.name for part in content.parts]
    for fact in operation.parts:
        if fact.named_by_caller:
            if fact.required and not names:
                yield Problem("MISSING_ARGUMENT", "at least one binary part is required", "missing", fact.location)
        elif fact.required and fact.name not in names:
            yield Problem("MISSING_ARGUMENT", f"the binary part {fact.name} is required", "missing", fact.location)
        elif names.count(fact.name) > 1:
            yield Problem("INVALID_FIELD", f"the binary part {fact.name} came twice", "given-twice", fact.location)
    if content.body_part is not None and content.body_part not in (operation.json_part, "json", "xml"):
        message = f"the part with the body is called {operation.json_part}, not {content.body_part!r}"
        yield Problem("INVALID_FIELD", message, "unknown-part", operation.location)


def _body(request: Request, operation: SurfaceOperation, what: str) -> Iterator[Problem]:
    """What is wrong with fields where none are known, or with a missing body."""
    content, body = request.content, operation.body
    has_form = any(item.place == "form" for item in operation.parameters)
    fields = [name for name, _ in content.fields if name not in EVERYWHERE]
    if fields and not has_form and not content.has_body:
        takes = f"; {what} takes {'a body' if body else 'none'}"
        message = f"there is no form field {fields[0][:80]}{takes}"
        yield Problem("INVALID_FIELD", message, "unknown-form-field", operation.location)
        return
    if content.has_body or body is None or body.required is not True:
        return
    if not has_form:
        yield Problem("MISSING_ARGUMENT", f"{what} needs a body", "missing", body.location)
