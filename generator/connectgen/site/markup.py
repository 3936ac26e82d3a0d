"""Catalogue text as HTML: escaped, names in backquotes as code, types and operations as links."""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from markupsafe import Markup, escape

from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, TypeExpression
from connectgen.mentions import MARKED
from connectgen.site.history import Interval

_NAME = re.compile(r'"[^"]*"|\b[A-Z][A-Za-z0-9]+\b')
_TOKENS = re.compile(
    r"""(?P<s>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?P<c>\#[^\n]*)"""
    r"""|(?P<k>\b(?:async|await|as|curl|def|else|False|false|for|from|if|import|in|None|null|print|True|true|with)\b)"""
    r"""|(?P<n>\b\d[\d.]*\b)"""
)


class Writer:
    """Writes HTML that links to pages.

    Args:
        root: the way from the page to the site's root: empty, or `../`.
        types: the names of all types, which have pages.
        operations: the names of all operations.
        enumerations: the names of all named lists of values.
        members: whether a type has a property.
    """

    def __init__(
        self,
        root: str,
        types: Container[str],
        operations: Container[str],
        enumerations: Container[str],
        members: Callable[[str, str], bool],
    ) -> None:
        self.root = root
        self._types = types
        self._operations = operations
        self._enumerations = enumerations
        self._has_member = members

    def prose(self, text: str) -> Markup:
        """A sentence: what is in backquotes is code, and a link where it has a page."""
        if "`" not in text:
            return escape(text)
        parts: list[Markup] = []
        position = 0
        for found in MARKED.finditer(text):
            parts += [escape(text[position : found.start()]), self.code(found[1])]
            position = found.end()
        return Markup("").join([*parts, escape(text[position:])])

    def code(self, name: str) -> Markup:
        """A name as code, and as a link where it has a page."""
        shown = Markup("<code>{}</code>").format(name)
        url = self.url_of(name)
        return Markup('<a href="{}">{}</a>').format(url, shown) if url else shown

    def url_of(self, name: str) -> str:
        """The URL of the page of an operation, type, property or list of values; empty where it has none."""
        if name in self._operations:
            return f"{self.root}operations/{name}.html"
        if name in self._types:
            return f"{self.root}types/{name}.html"
        if name in self._enumerations:
            return f"{self.root}values/{name}.html"
        owner, _, member = name.partition(".")
        if member and owner in self._types and self._has_member(owner, member):
            return f"{self.root}types/{owner}.html#{anchor(member)}"
        return ""

    def type(self, expression: TypeExpression) -> Markup:
        """A type as words: `list of FeedItem`."""
        match expression:
            case Scalar(kind):
                return Markup("<i>{}</i>").format(kind.value)
            case Named(name):
                return Markup('<a href="{}types/{}.html">{}</a>').format(self.root, name, name)
            case ListOf(item):
                return Markup("list of {}").format(self.type(item))
            case MapOf(value):
                return Markup("map of {}").format(self.type(value))
            case OneOf(options):
                return Markup(" or ").join(self.type(option) for option in options)

    def signature(self, text: str) -> Markup:
        """A signature in Python, with links to the types in it."""
        parts: list[Markup] = []
        position = 0
        for found in _NAME.finditer(text):
            name = found[0]
            known = name if name in self._types else name.removeprefix("Any")
            parts.append(escape(text[position : found.start()]))
            link = Markup('<a href="{}types/{}.html">{}</a>').format(self.root, known, name)
            parts.append(link if known in self._types else escape(name))
            position = found.end()
        return Markup("").join([*parts, escape(text[position:])])


def code(text: str) -> Markup:
    """Python, JSON or a command with colours: texts, comments, words of the language, numbers."""
    parts: list[Markup] = []
    position = 0
    for found in _TOKENS.finditer(text):
        parts.append(escape(text[position : found.start()]))
        parts.append(Markup("<b class={}>{}</b>").format(found.lastgroup, found[0]))
        position = found.end()
    return Markup("").join([*parts, escape(text[position:])])


def anchor(name: str) -> str:
    """An id for a row of a page, safe in URLs: letters, digits, `-`, `_` and `.`; those of sections begin with `~`."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name)


def intervals_text(intervals: tuple[Interval, ...], newest: int) -> str:
    """Versions as words: `since 31.0`, `30.0–37.0`."""
    if len(intervals) == 1 and intervals[0][1] == newest:
        return f"since {intervals[0][0]}.0"
    return ", ".join(
        f"{since}.0" if since == until else f"{since}.0 and later" if until == newest else f"{since}.0–{until}.0"
        for since, until in intervals
    )


def intervals_data(intervals: tuple[Interval, ...]) -> str:
    """Versions as the script reads them: `30-37 41-67`."""
    return " ".join(f"{since}-{until}" for since, until in intervals)


def bar(intervals: tuple[Interval, ...]) -> Markup:
    """A bar from the first version to the newest, filled where something exists; words beside it say the same."""
    pieces = (Markup('<i class="s{} u{}"></i>').format(since, until) for since, until in intervals)
    return Markup("<span class=bar aria-hidden=true>{}</span>").format(Markup("").join(pieces))
