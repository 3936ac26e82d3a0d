"""Guides: the Markdown pages of a folder as pages of the site, with links between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from connectgen.site.markup import code

_LARGEST = 90_000
"""How many characters of HTML a page may have before it is divided at its headings."""
_COLOURED = frozenset({"python", "py", "json", "sh", "shell", "console", "bash"})


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a guide: its name in the site, its headings, and what it holds."""

    name: str
    title: str
    headings: tuple[tuple[str, str], ...]
    content: Markup


@dataclass(frozen=True, slots=True)
class Guide:
    """A page of documentation, as one page of the site or, where it is long, as several."""

    name: str
    title: str
    parts: tuple[Part, ...]


class Guides:
    """The Markdown files of a folder, `index.md` first.

    Args:
        folder: the folder; None where there is none, and so no guide.
    """

    def __init__(self, folder: Path | None) -> None:
        files = sorted(folder.glob("*.md"), key=lambda path: (path.stem != "index", path.stem)) if folder else []
        self._markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
        self._tokens: Mapping[str, list[Token]] = {
            path.stem: self._markdown.parse(path.read_text(encoding="utf-8")) for path in files
        }
        self.titles: Mapping[str, str] = {name: _title(tokens, name) for name, tokens in self._tokens.items()}
        self._places: dict[tuple[str, str], str] = {}
        self._divided = {name: self._divide(name, tokens) for name, tokens in self._tokens.items()}

    def _divide(self, name: str, tokens: list[Token]) -> list[list[Token]]:
        """The tokens of each page of a guide; notes on which of them a heading is."""
        _number_headings(tokens)
        sections: list[list[Token]] = [[]]
        for token in tokens:
            if token.type == "heading_open" and token.tag in ("h2", "h3") and sections[-1]:
                sections.append([])
            sections[-1].append(token)
        sizes = [len(self._render(section)) for section in sections]
        pages: list[list[Token]] = [[]]
        size = 0
        for section, length in zip(sections, sizes, strict=True):
            if size and size + length > _LARGEST:
                pages.append([])
                size = 0
            pages[-1] += section
            size += length
        for number, page in enumerate(pages):
            for token in page:
                if token.type == "heading_open":
                    self._places[name, str(token.attrGet("id"))] = _page_name(name, number)
        return pages

    def guides(self) -> Iterator[Guide]:
        """Every guide, rendered."""
        for name, pages in self._divided.items():
            parts: list[Part] = []
            for number, tokens in enumerate(pages):
                self._link(tokens, name)
                headings = tuple(_headings(tokens))
                content = Markup(self._render(tokens))  # noqa: S704  Markdown without HTML
                parts.append(Part(_page_name(name, number), self.titles[name], headings, content))
            yield Guide(name, self.titles[name], tuple(parts))

    def _render(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            if token.type in ("fence", "code_block"):
                language = token.info.strip().split(" ")[0]
                shown = code(token.content) if language in _COLOURED else escape(token.content)
                token.type, token.content = "html_block", f'<pre tabindex="0">{shown}</pre>\n'
            for inner in token.children or ():
                if inner.type == "image":
                    inner.type, inner.attrs = "text", {}
        text: str = self._markdown.renderer.render(tokens, self._markdown.options, {})
        # What scrolls must be reached by the keyboard. Texts are escaped, so these are the tables of Markdown.
        text = text.replace("<table>", '<div class="scroll" tabindex="0"><table>')
        return text.replace("</table>", "</table></div>")

    def _link(self, tokens: Sequence[Token], name: str) -> None:
        for token in tokens:
            for inner in token.children or ():
                if inner.type == "link_open":
                    url = self._url(str(inner.attrGet("href") or ""), name)
                    inner.attrs = {"href": url, **({"rel": "noreferrer"} if "://" in url else {})} if url else {}

    def _url(self, href: str, name: str) -> str:
        """Where a link leads in the site; empty for a file of the repository, which is not in it."""
        if re.match(r"https?://", href):
            return href
        path, _, fragment = href.partition("#")
        target = path.removesuffix(".md") if path else name
        if target not in self._tokens or (path and not path.endswith(".md")):
            return ""
        page = self._places.get((target, fragment), _page_name(target, 0))
        return f"{page}.html" + (f"#{fragment}" if fragment else "")


def _page_name(name: str, number: int) -> str:
    return name if number == 0 else f"{name}-{number + 1}"


def _title(tokens: Sequence[Token], name: str) -> str:
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            return _text(inline)
    return name


def _text(inline: Token) -> str:
    return "".join(one.content for one in inline.children or () if one.type in ("text", "code_inline"))


def _number_headings(tokens: Sequence[Token]) -> None:
    """Give headings the ids that they have on GitHub, where links to them were written for."""
    seen: dict[str, int] = {}
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            slug = re.sub(r"[^\w\- ]", "", _text(inline).lower()).replace(" ", "-")
            count = seen.get(slug, 0)
            seen[slug] = count + 1
            token.attrSet("id", f"{slug}-{count}" if count else slug)


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            yield str(token.attrGet("id")), _text(inline)
