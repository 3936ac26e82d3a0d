"""Reads the guide's pages: which kind each is, and the facts that it tells."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from connectgen.importer.guide.cells import TypeReader, normal
from connectgen.importer.guide.facts import Doubt, GuideFacts, TypeFact, ValueFact
from connectgen.importer.guide.page import Page, read_page
from connectgen.importer.guide.resources import ResourceReader
from connectgen.importer.guide.rows import is_property_table, root_tag, value_rows
from connectgen.naming import type_name


class GuideError(Exception):
    """The guide cannot be read; the message is one line."""


def read_guide(directory: Path) -> GuideFacts:
    """Read all pages of a folder.

    Raises:
        GuideError: the folder does not exist, holds no pages, or a page cannot be read.
    """
    if not directory.is_dir():
        raise GuideError(f"{directory}: is no folder; name the folder that holds the guide's pages")
    paths = sorted(directory.glob("*.md"))
    if not paths:
        raise GuideError(f"{directory}: holds no pages (*.md)")
    pages: list[Page] = []
    for path in paths:
        try:
            pages.append(read_page(path))
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise GuideError(f"{path}: cannot be read: {reason}") from None
    return _Guide(pages).facts


class _Guide:
    def __init__(self, pages: list[Page]) -> None:
        self.facts = GuideFacts()
        self._ids = _ids_by_title(pages)
        by_kind: dict[str, list[Page]] = defaultdict(list)
        for page in pages:
            by_kind[_kind(page)].append(page)
        self.facts.pages = {kind: len(found) for kind, found in sorted(by_kind.items())}
        names: dict[str, dict[str, str]] = {"response": {}, "request": {}}
        for kind, known in names.items():
            for page in by_kind[kind]:
                known.setdefault(normal(page.title), type_name(page.title, is_input=kind == "request"))
        self.types = TypeReader(names["response"], names["request"])
        for kind in names:
            for page in by_kind[kind]:
                self._type(page, is_input=kind == "request")
        examples = {normal(text) for page in pages for text, name in page.links if name.startswith("quickreference")}
        resources = ResourceReader(self.types, self.facts, by_kind["overview"], self._id)
        for page in by_kind["resource"]:
            if normal(page.title) in examples and not self._id(page, "resources"):
                self.facts.pages["example"] = self.facts.pages.get("example", 0) + 1
            else:
                resources.read(page)

    def _id(self, page: Page, prefix: str) -> str | None:
        return self._ids.get(normal(page.title), {}).get(prefix)

    def _type(self, page: Page, *, is_input: bool) -> None:
        fact = TypeFact(
            page=page.name,
            guide=self._id(page, "requests" if is_input else "responses"),
            title=page.title,
            name=type_name(page.title, is_input=is_input),
        )
        for table in page.tables:
            if is_property_table(table):
                fact.properties += [self._with_doubt(page, row) for row in value_rows(table, self.types, is_input=is_input)]
        if is_input and "Root XML tag" in page.lines:
            fact.xml = root_tag(page.lines, page.lines.index("Root XML tag"))
        self.facts.types.append(fact)

    def _with_doubt(self, page: Page, value: ValueFact) -> ValueFact:
        if value.unsure:
            self.facts.doubts.append(Doubt(page.name, f"{value.name}: {value.unsure}"))
        return value


def _kind(page: Page) -> str:
    lines = set(page.lines)
    if {"HTTP method", "HTTP methods", "HTTP Method", "HTTP Methods"} & lines:
        return "resource"
    if any(line.startswith("Available resources are") for line in page.lines):
        return "overview"
    tables = [table for table in page.tables if is_property_table(table)]
    if any(
        table.head[0].startswith("Property") and any(name.lower().startswith(("filter", "group")) for name in table.head)
        for table in tables
    ):
        return "response"
    if tables and ("Root XML tag" in lines or page.title.endswith("Input") or any("Required" in name for name in tables[0].head)):
        return "request"
    if tables and tables[0].head[0].startswith("Property"):
        return "response"
    prefixes = Counter(name.split("_")[1] for text, name in page.links if name.count("_") > 1 and normal(text) == normal(page.title))
    return "other" if not prefixes or not tables else {"responses": "response", "requests": "request"}.get(prefixes.most_common(1)[0][0], "other")


def _ids_by_title(pages: list[Page]) -> dict[str, dict[str, str]]:
    """Title → kind of id (`resources`, `responses`, `requests`) → the id that most links of that text lead to."""
    counted: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for page in pages:
        for text, name in page.links:
            parts = name.split("_")
            if parts[0] == "connect" and len(parts) > 2:
                counted[normal(text)][parts[1]][name] += 1
    return {
        title: {prefix: sorted(names.items(), key=lambda item: (-item[1], item[0]))[0][0] for prefix, names in kinds.items()}
        for title, kinds in counted.items()
    }
