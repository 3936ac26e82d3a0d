"""Docstrings: catalogue text made harmless, wrapped, laid out in Google's style."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Sequence

from connectgen.catalogue.model import FOREVER, Span
from connectgen.catalogue.types import Scalar, ScalarType
from connectgen.surface import SurfaceProperty, SurfaceValue
from connectgen.texts import sentence

GUIDE = "https://developer.salesforce.com/docs/atlas.en-us.chatterapi.meta/chatterapi/{}.htm"
_WIDTH = 96
_FIRST_VERSION = 30
"""What is older than the first package needs no date."""
_DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def harmless(text: str) -> str:
    """Text for a docstring: no escape, no quote that could end it, no control or direction character."""
    if text.isascii() and text.isprintable():
        return text.replace("\\", "\\\\").replace('"', '\\"').strip()
    kept = [
        " " if character in "\r\n\t" else character
        for character in text
        if character in "\r\n\t"
        or not (
            unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
            or unicodedata.bidirectional(character) in _DIRECTIONS
        )
    ]
    return "".join(kept).replace("\\", "\\\\").replace('"', '\\"').strip()


def docstring(summary: str, sections: Sequence[tuple[str, Sequence[str]]], closing: Sequence[str], indent: int) -> str:
    """A whole docstring literal for an indentation of `indent` columns (its first line not indented)."""
    lines = _wrap(harmless(summary), indent, "")
    for title, entries in sections:
        if entries:
            lines += ["", f"{title}:"]
            for entry in entries:
                lines += _wrap(harmless(entry), indent, "    ")
    if closing:
        lines += ["", *(harmless(line) for line in closing)]
    if len(lines) == 1 and len(lines[0]) <= _WIDTH - indent:
        return f'"""{lines[0]}"""'
    margin = " " * indent
    return '"""' + "\n".join([lines[0], *(margin + line if line else "" for line in lines[1:])]) + f'\n{margin}"""'


def _wrap(text: str, indent: int, start: str) -> list[str]:
    width = _WIDTH - indent
    if text and len(start) + len(text) <= width and text.isprintable():
        return [start + text]  # most texts are one line; textwrap would only take its time to say so
    return textwrap.wrap(
        text,
        width,
        initial_indent=start,
        subsequent_indent=start + ("    " if start else ""),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [start]


def size(most: int) -> str:
    """A number of bytes in the largest unit that it is a whole number of."""
    for unit, length in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if most % length == 0:
            return f"{most // length} {unit}"
    return f"{most} bytes"


def facts(value: SurfaceValue, *, owner_since: int) -> list[str]:
    """The facts about a value that its name and annotation do not show, each a short sentence."""
    said = [sentence(value.description)] if value.description else []
    if isinstance(value.type, Scalar) and value.type.kind is ScalarType.DECIMAL:
        said.append("Decimal number as text.")
    limits = _limits(value)
    if limits:
        said.append(sentence(", ".join(limits)))
    return said + dates(value.span, owner_since=owner_since)


def dates(span: Span, *, owner_since: int = 0) -> list[str]:
    """From which version to which something is there, where its owner does not say so already."""
    said = [f"Since {span.since}.0."] if span.since > max(owner_since, _FIRST_VERSION) else []
    return [*said, f"Until {span.until}.0."] if span.until < FOREVER else said


def _limits(value: SurfaceValue) -> Iterable[str]:
    limits: list[str] = []
    if value.minimum is not None and value.maximum is not None:
        limits.append(f"{value.minimum:g} to {value.maximum:g}")
    elif value.minimum is not None:
        limits.append(f"at least {value.minimum:g}")
    elif value.maximum is not None:
        limits.append(f"at most {value.maximum:g}")
    if value.max_items is not None:
        limits.append(f"at most {value.max_items} items")
    if value.max_length is not None:
        limits.append(f"at most {value.max_length} characters")
    if value.default is not None:
        shown = str(value.default).lower() if isinstance(value.default, bool) else str(value.default)
        limits.append(f"default {shown}")
    return limits


def requirement(value: SurfaceValue) -> str:
    """Whether a value must be passed, in words; empty where it is optional."""
    if value.required is True:
        return "Required."
    if isinstance(value, SurfaceProperty) and value.required_for:
        return f"Required for {' and '.join(value.required_for)}."
    if value.required == "conditional":
        return f"Required {value.condition}." if value.condition else "Required in some cases."
    return ""
