"""The text of a document: JSON, or YAML in blocks. A library's YAML takes six times as long for files of this size."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Literal, cast

Format = Literal["json", "yaml"]

_PLAIN = re.compile(r"[A-Za-z/$][A-Za-z0-9_./$ -]*")
_AMBIGUOUS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf"])


def document_text(document: dict[str, Any], form: Format) -> str:
    """A document as text, the same for the same document.

    Args:
        document: plain values.
        form: `json` or `yaml`.
    """
    if form == "json":
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return "".join(_block(document, ""))


def _block(value: Any, indent: str) -> Iterator[str]:
    """The lines of a mapping or list that is not empty, each with its indentation."""
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            yield f"{indent}{_scalar(key)}:"
            yield from _behind(inner, indent)
        return
    for inner in value:
        if isinstance(inner, dict | list) and inner:
            # The first line of what is inside stands behind the dash.
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
