"""The bodies of a document: media types with their schemas and examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def media_types(operation: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Where each body of an operation is (`takes`, or a status), its media type, and what is said of it there."""
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        yield "takes", media, content
    for status, response in operation["responses"].items():
        for media, content in response.get("content", {}).items():
            yield status, media, content


def example_of(document: dict[str, Any], content: dict[str, Any]) -> Any:
    """The example of a body, where it stands or by its name; KeyError where there is none."""
    if "examples" not in content:
        return content["example"]
    (named,) = content["examples"].values()
    return document["components"]["examples"][named["$ref"].rpartition("/")[2]]["value"]
