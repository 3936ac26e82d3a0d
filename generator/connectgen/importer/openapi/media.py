"""Which media types are JSON, XML or forms, and which are only bytes."""

from __future__ import annotations

import re
from typing import Any

from connectgen.catalogue.yaml_reader import LineDict
from connectgen.importer.openapi.document import Document, is_object, operations_of
from connectgen.importer.openapi.reach import successes

FORM = "application/x-www-form-urlencoded"
_JSON = re.compile(r"(?:application|text)/(?:[\w.+-]+\+)?json\s*(?:;.*)?|\*/\*|application/\*", re.IGNORECASE)
_XML = re.compile(r"(?:application|text)/(?:[\w.+-]+\+)?xml\s*(?:;.*)?", re.IGNORECASE)


def is_json(media: str) -> bool:
    """Whether it is JSON, or whatever the server likes, which is JSON."""
    return _JSON.fullmatch(media.strip()) is not None


def is_xml(media: str) -> bool:
    """Whether it is XML."""
    return _XML.fullmatch(media.strip()) is not None


def is_multipart(media: str) -> bool:
    """Whether it is a body of several parts."""
    return media.strip().lower().startswith("multipart/")


def is_form(media: str) -> bool:
    """Whether it is a form's fields in a text."""
    return media.split(";")[0].strip().lower() == FORM


def schema_of(content: Any) -> LineDict | None:
    """The schema of a media type, where it has one."""
    schema = content.get("schema") if is_object(content) else None
    return schema if is_object(schema) else None


def names_xml(document: Document) -> bool:
    """Whether a file names XML anywhere."""
    for _, _, _, _, operation in operations_of(document):
        responses = document.object_at(operation, "responses")
        holders = [operation.get("requestBody"), *(responses[code] for code in successes(responses))]
        for written in holders:
            if written is not None:
                holder, _ = document.resolved(written, operation.line)
                if any("xml" in media.lower() for media in document.object_at(holder, "content")):
                    return True
    return False
