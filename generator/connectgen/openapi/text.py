"""The text of a document: JSON, or YAML in blocks. A library's YAML takes six times as long for files of this size."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Literal, cast

Format = Literal["json", "yaml"]

_INDENTED = 5
"""How many levels of JSON are on lines of their own."""
_PLAIN = re.compile(r"[A-Za-z/$][A-Za-z0-9_./$ -]*")
_AMBIGUOUS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf"])


def document_text(document: dict[str, Any], form: Format) -> str:
    """A document as text, the same for the same document.

    Args:
        document: plain values.
        form: `json` or `yaml`.
    """
    if form == "json":
        return "".join(_json(document, "", _INDENTED)) + "\n"
    return "".join(_block(document, ""))


def _json(value: Any, indent: str, depth: int) -> Iterator[str]:
    """JSON whose outer levels are on lines of their own: a parameter, a property or a response is one line."""
    if depth == 0 or not isinstance(value, dict | list) or not value:
        yield json.dumps(value, ensure_ascii=False)
        return
    inner = f"{indent}  "
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    separator = f"{opening}\n"
    if isinstance(value, dict):
        for key, item in cast("dict[str, Any]", value).items():
            yield f"{separator}{inner}{json.dumps(key, ensure_ascii=False)}: "
            yield from _json(item, inner, depth - 1)
            separator = ",\n"
    else:
        items: list[Any] = [*value]
        for item in items:
            yield f"{separator}{inner}"
            yield from _json(item, inner, depth - 1)
            separator = ",\n"
    yield f"\n{indent}{closing}"


def _block(value: Any, indent: str) -> Iterator[str]:
    """The lines of a mapping or list that is not empty, each with its indentation."""
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            yield f"{indent}{_scalar(key)}:"
            yield from _behind(inner, indent)
        return
    for inner in value:
        if isinstance(inner, dict | list) and inner:
            # The first line of what is inside follows the dash.
            lines = "".join(_block(inner, f"{indent}  "))
            yield f"{indent}- {lines[len(indent) + 2 :]}"
        else:
            yield f"{indent}- {_scalar(inner)}\n"


def _behind(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict | list) and value:
        yield "\n"
        yield from _block(value, f"{indent}  " if isinstance(value, dict) else indent)
    else:
        yield f" {_scalar(value)}\n"


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value[-1] != " " and value.lower() not in _AMBIGUOUS:
        return value
    return json.dumps(value, ensure_ascii=False)
