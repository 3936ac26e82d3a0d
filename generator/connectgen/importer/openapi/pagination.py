"""Derives from an operation's parameters and result how it pages."""

from __future__ import annotations

import re

from connectgen.catalogue.yaml_reader import LineDict
from connectgen.importer.openapi.schemas import Schemas
from connectgen.importer.yaml_files import Plain

_NEXT_URL = ("nextPageUrl", "nextPageURL", "nextPageUri")
_NEXT_TOKEN = ("nextPageToken",)
_TOKEN = ("pageToken",)
_SIZES = ("limit", "batchSize", "pageSize", "rowLimit", "size")
_TOTALS = ("total", "totalSize", "totalCount", "totalRecords")


def pagination_of(method: str, parameters: Plain, result: str, schemas: Schemas, where: str) -> Plain | None:
    """How an operation pages.

    Args:
        method: its HTTP method.
        parameters: its table of parameters.
        result: the pointer of its result's schema, empty where it has none.
        schemas: gives a schema's properties.
        where: the operation, for messages.

    Returns:
        The format's `pagination`, `style: none` for a list that is whole, or None where the result is no list.
    """
    if method != "GET" or not result:
        return None
    reference = LineDict(1)
    reference["$ref"] = f"#{result}"
    properties = {name: inner for name, (inner, _) in schemas.properties_of(reference, where).items()}
    lists = [name for name, inner in properties.items() if inner.get("type") == "array"]
    items = lists[0] if len(lists) == 1 else next((name for name in lists if _last_word(result, name)), None)
    if items is None:
        return None
    pagination: Plain = {"items": items}
    size = next((name for name in _SIZES if name in parameters), None)
    next_url = next((name for name in _NEXT_URL if name in properties), None)
    next_token = next((name for name in _NEXT_TOKEN if name in properties), None)
    token = next((name for name in _TOKEN if name in parameters), None)
    if next_url:
        pagination = {"style": "next-url", **pagination, "next": next_url}
    elif next_token and token:
        pagination = {"style": "next-token", **pagination, "next": next_token, "parameter": token}
    elif "offset" in parameters:
        pagination = {"style": "offset", **pagination, "parameter": "offset"}
    elif re.search(r"Collection|List|Page", result):
        return {"style": "none", **pagination}
    else:
        return None
    if size:
        pagination["size"] = size
    total = next((name for name in _TOTALS if name in properties), None)
    if total:
        pagination["total"] = total
    return pagination


def _last_word(result: str, name: str) -> bool:
    """Whether a collection is named after a property: `SegmentCollection` after `segments`."""
    return name.lower().rstrip("s") in result.lower()
