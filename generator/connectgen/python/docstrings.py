"""Docstrings: catalogue text made harmless, wrapped, laid out in Google's style."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Callable, Container, Iterable, Sequence
from functools import cache

from connectgen.catalogue.model import FOREVER, Span
from connectgen.catalogue.types import ListOf, Scalar, ScalarType
from connectgen.surface import SurfaceProperty, SurfaceValue
from connectgen.texts import sentence

GUIDE = "https://developer.salesforce.com/docs/atlas.en-us.chatterapi.meta/chatterapi/{}.htm"
_WIDTH = 96
_FIRST_VERSION = 30
"""What is older than the first package needs no date."""
_FORMATS = {
    ScalarType.DECIMAL: (r"\bas text\b", "Decimal number as text."),
    ScalarType.ID: (r".", "ID of 15 or 18 characters."),
    ScalarType.URL: (r"\b(url|uri|link|path)s?\b", "URL."),
}
"""Formats of texts that an annotation does not show: how to see that a description names them, and what to say."""
_MOST_VALUES = 25
"""How many values are listed at most where nothing is said about them."""
Say = Callable[[str], str]
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


def docstring(
    summary: str,
    sections: Sequence[tuple[str, Sequence[str]]],
    closing: Sequence[str],
    indent: int,
    paragraphs: Sequence[str] = (),
) -> str:
    """A whole docstring literal for an indentation of `indent` columns (its first line not indented).

    Args:
        summary: its first paragraph.
        sections: titles, each with its entries; those without entries are left out.
        closing: its last lines.
        indent: how far it is indented.
        paragraphs: what follows the summary.
    """
    lines = _wrap(harmless(summary), indent, "")
    for paragraph in paragraphs:
        lines += ["", *_wrap(harmless(paragraph), indent, "")]
    for title, entries in sections:
        if entries:
            lines += ["", f"{title}:"]
            for entry in entries:
                lines += _wrap(harmless(entry), indent, "    ")
    if closing:
        lines += ["", *(harmless(line) for line in closing)]
    return _literal(lines, indent)


@cache  # groups and families say the same in most versions
def docstring_of_summary(summary: str, indent: int) -> str:
    """A docstring literal that says one thing only."""
    return docstring(summary, [], [], indent)


def attribute_docstring(sentences: Sequence[str], values: Sequence[str], indent: int) -> str:
    """The docstring literal of an attribute, which follows it; empty where there is nothing to say.

    Args:
        sentences: what is said of the attribute.
        values: what its known values mean, each a phrase.
        indent: how far it is indented.
    """
    if len(values) == 1:
        sentences, values = [*sentences, *values], []
    lines = _wrap(harmless(" ".join(sentences)), indent, "") if sentences else []
    if values:
        lines += [""] if lines else []
        lines += [line for value in values for line in _wrap(harmless(value), indent, "- ")]
    return _literal(lines, indent) if lines else ""


def _literal(lines: Sequence[str], indent: int) -> str:
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
        subsequent_indent="  " if start == "- " else start + ("    " if start else ""),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [start]


def size(most: int) -> str:
    """A number of bytes in the largest unit that it is a whole number of."""
    for unit, length in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if most % length == 0:
            return f"{most // length} {unit}"
    return f"{most} bytes"


def facts(value: SurfaceValue, say: Say, beside: Container[str], *, owner_since: int) -> list[str]:
    """What there is to say about a value beside its name and annotation, each a short sentence.

    Args:
        value: a parameter, property or body.
        say: writes the names in its texts as Python has them.
        beside: the names of the values of its owner.
        owner_since: the first version of its owner, which needs no mention.
    """
    said = [sentence(say(value.description))] if value.description else []
    if isinstance(value.type, Scalar) and value.type.kind in _FORMATS:
        said += _format(value.type.kind, " ".join(said))
    limits = limits_of(value)
    if limits:
        said.append(sentence(", ".join(limits)))
    said += dates(value.span, owner_since=owner_since)
    if value.replaced_by:
        shown = say(f"`{value.replaced_by}`").strip("`")
        said.append(replacement(shown, value.span, exists=value.replaced_by.partition(".")[0] in beside))
    return said


def replacement(name: str, span: Span, *, exists: bool) -> str:
    """What to use instead of something, at once or from the version after its last.

    Args:
        name: what replaces it.
        span: in which versions there is what it replaces.
        exists: whether the replacement is part of the version.
    """
    return f"Use `{name}` instead." if exists or span.until >= FOREVER else f"From {span.until + 1}.0 use `{name}`."


def _format(kind: ScalarType, said: str) -> Iterable[str]:
    """The format of a text, where its description does not name it."""
    word, shown = _FORMATS[kind]
    if not re.search(word, said, re.IGNORECASE):
        yield shown


def known_values(value: SurfaceValue, say: Say) -> list[str]:
    """The known values of a value, which editors leave out of its type, each with what it means; empty without any."""
    if not isinstance(value.type, Scalar | ListOf) or not value.values:
        return []
    return listed_values(value.values, value.meanings, say)


def listed_values(values: Sequence[str], meanings: Iterable[tuple[str, str]], say: Say) -> list[str]:
    """Values, each with what it means; those that nothing is said about are one entry, and no more than anyone reads.

    Args:
        values: the values.
        meanings: what they mean, by value.
        say: writes the names in these texts as Python has them.
    """
    known = dict(meanings)
    if not known:
        plain = [f"`{value}`" for value in values[:_MOST_VALUES]]
        others = len(values) - _MOST_VALUES
        return [f"Values: {', '.join(plain)}{f' and {others} others' if others > 0 else ''}."]
    return [f"`{value}`: {say(known[value])}" if value in known else f"`{value}`" for value in values]


def dates(span: Span, *, owner_since: int = 0) -> list[str]:
    """From which version to which something exists, where its owner does not say so already."""
    said = [f"Since {span.since}.0."] if span.since > max(owner_since, _FIRST_VERSION) else []
    return [*said, f"Until {span.until}.0."] if span.until < FOREVER else said


def limits_of(value: SurfaceValue, *, quote: str = "") -> list[str]:
    """The limits and the default of a value, in words.

    Args:
        value: a parameter, property or body.
        quote: what surrounds the default.
    """
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
        limits.append(f"default {quote}{shown}{quote}")
    return limits


def requirement(value: SurfaceValue, say: Say) -> str:
    """Whether a value must be passed, in words; empty where it is optional."""
    if value.required is True:
        return "Required."
    if isinstance(value, SurfaceProperty) and value.required_for:
        return f"Required for {' and '.join(value.required_for)}."
    if value.required == "conditional":
        return f"Required {say(value.condition)}." if value.condition else "Required in some cases."
    return ""
