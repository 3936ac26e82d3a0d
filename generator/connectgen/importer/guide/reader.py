"""Reads the guide's pages: what each page describes, and its facts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

from connectgen.importer.guide.cells import TypeReader, normal
from connectgen.importer.guide.facts import Doubt, GuideFacts, TypeFact, ValueFact
from connectgen.importer.guide.page import Page, Table, read_page
from connectgen.importer.guide.resources import FOLDED, ResourceReader
from connectgen.importer.guide.rows import is_property_table, root_tag, value_rows
from connectgen.naming import type_name

_NAME_IT = "name the folder that holds the guide's pages"


class GuideError(Exception):
    """The guide cannot be read; the message is one line."""


class NoGuideError(GuideError):
    """A folder is not that of the guide."""


def read_guide(directory: Path) -> GuideFacts:
    """Read all pages of a folder.

    Raises:
        NoGuideError: there is no such folder, or no page in it describes a resource or a type.
        GuideError: a page cannot be read.
    """
    if not directory.is_dir():
        raise NoGuideError(f"{directory}: is no folder; {_NAME_IT}")
    paths = sorted(directory.glob("*.md"))
    if not paths:
        raise NoGuideError(f"{directory}: holds no pages (*.md); {_NAME_IT}")
    pages: list[Page] = []
    for path in paths:
        try:
            pages.append(read_page(path))
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise GuideError(f"{path}: cannot be read: {reason}") from None
    facts = _Guide(pages).facts
    if not facts.resources and not facts.types:
        raise NoGuideError(f"{directory}: no page (*.md) there describes a resource or a type; {_NAME_IT}")
    return facts


class _Guide:
    def __init__(self, pages: list[Page]) -> None:
        self.facts = GuideFacts()
        self._ids = _ids_by_title(pages)
        by_kind: dict[str, list[Page]] = defaultdict(list)
        for page in pages:
            by_kind[self._kind(page)].append(page)
        self.facts.pages = {kind: len(found) for kind, found in sorted(by_kind.items())}
        # Pages of one title were folded into one: a resource's page may hold a response's table, too.
        by_kind["response"] += [
            page
            for kind in ("resource", "overview", "other")
            for page in by_kind[kind]
            if any(_is_response_table(table) for table in page.tables)
        ]
        names: dict[str, dict[str, str]] = {"response": {}, "request": {}}
        for kind, known in names.items():
            for page in by_kind[kind]:
                known.setdefault(normal(page.title), type_name(page.title, is_input=kind == "request"))
        texts = _texts_of_types(pages)
        by_id = _types_by_id(texts, names)
        self.types = TypeReader(names["response"], names["request"], by_id)
        self._lost(by_id, texts)
        for fact in self.facts.types:
            names["request" if fact.name.endswith("Input") else "response"].setdefault(normal(fact.title), fact.name)
        for kind in names:
            for page in by_kind[kind]:
                self._type(page, is_input=kind == "request")
        examples = {normal(text) for page in pages for text, name in page.links if name.startswith("quickreference")}
        resources = ResourceReader(self.types, self.facts, by_kind["overview"], self._id)
        for page in pages:
            if page.name in FOLDED:
                resources.read_folded(page)
        for page in by_kind["resource"]:
            if normal(page.title) in examples and not self._id(page, "resources"):
                self.facts.pages["example"] = self.facts.pages.get("example", 0) + 1
                self.facts.pages["resource"] -= 1
            else:
                resources.read(page)

    def _lost(self, found: dict[str, str], texts: Mapping[str, Counter[str]]) -> None:
        """Types that links lead to but that no page describes (a resource of the same title took their place)."""
        taken = {fact.name for fact in self.facts.types}
        for page_id in sorted(set(texts) - set(found)):
            if page_id.endswith("_enum") or page_id.count("_") < 2:
                continue
            title = min(texts[page_id].items(), key=lambda item: (-item[1], item[0]))[0]
            fact = TypeFact(
                page=page_id,
                guide=page_id,
                title=title,
                name=type_name(title, is_input=page_id.startswith("connect_requests_")),
            )
            fact.unsure = "no page describes it, its properties are unknown"
            found[page_id] = fact.name
            if fact.name not in taken:
                taken.add(fact.name)
                self.facts.types.append(fact)
                self.facts.doubts.append(
                    Doubt(page_id, f"the page of the type {fact.name} is missing: its properties are unknown")
                )

    def _kind(self, page: Page) -> str:
        """What the page describes, by its content, else by the id under which other pages link to it."""
        kind = _kind(page)
        ids = self._ids.get(normal(page.title), {})
        if kind == "other" and "resources" not in ids:
            kind = "request" if "requests" in ids else "response" if "responses" in ids else kind
        return kind

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
            if is_property_table(table) and (is_input or table.head[0].startswith(("Property", "Name"))):
                fact.properties += [
                    self._with_doubt(page, row) for row in value_rows(table, self.types, is_input=is_input)
                ]
        if is_input and "Root XML tag" in page.lines:
            fact.xml = root_tag(page.lines, page.lines.index("Root XML tag"))
        self.facts.types.append(fact)

    def _with_doubt(self, page: Page, value: ValueFact) -> ValueFact:
        if value.unsure:
            self.facts.doubts.append(Doubt(page.name, f"{value.name}: {value.unsure}"))
        return value


def _is_response_table(table: Table) -> bool:
    return is_property_table(table) and any(re.match("filter|group", name.lower()) for name in table.head)


def _texts_of_types(pages: list[Page]) -> dict[str, Counter[str]]:
    """Id of a type's page → the texts of the links that lead there."""
    texts: dict[str, Counter[str]] = defaultdict(Counter)
    for page in pages:
        for text, name in page.links:
            if name.startswith(("connect_responses_", "connect_requests_")):
                texts[name][text.split("Guide*:")[-1].split("Guide:")[-1].strip("* ")] += 1
    return texts


def _types_by_id(texts: Mapping[str, Counter[str]], names: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Id of a page → name of its type: by the texts of the links that lead there, else by the id's own words."""
    found: dict[str, str] = {}
    for page_id, counted in texts.items():
        known = names["request" if page_id.startswith("connect_requests_") else "response"]
        own = normal(page_id.split("_", 2)[2])
        ordered = [normal(text) for text, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]
        for text in (*ordered, own):
            stem = text.removesuffix("representation").removesuffix("output").removesuffix("input").rstrip("s")
            forms = (
                text,
                *(f"{stem}{ending}" for ending in ("", "s", "output", "input", "result", "details", "detail")),
            )
            hit = next((known[form] for form in forms if form in known), None)
            if hit:
                found[page_id] = hit
                break
    return found


def _kind(page: Page) -> str:
    lines = set(page.lines)
    if {"HTTP method", "HTTP methods", "HTTP Method", "HTTP Methods"} & lines:
        return "resource"
    if any(line.startswith("Available resources are") for line in page.lines):
        return "overview"
    tables = [table for table in page.tables if is_property_table(table)]
    if any(
        table.head[0].startswith("Property")
        and any(name.lower().startswith(("filter", "group")) for name in table.head)
        for table in tables
    ):
        return "response"
    if tables and (
        "Root XML tag" in lines or page.title.endswith("Input") or any("Required" in name for name in tables[0].head)
    ):
        return "request"
    if tables and tables[0].head[0].startswith("Property"):
        return "response"
    prefixes = Counter(
        name.split("_")[1] for text, name in page.links if name.count("_") > 1 and normal(text) == normal(page.title)
    )
    return (
        "other"
        if not prefixes or not tables
        else {"responses": "response", "requests": "request"}.get(prefixes.most_common(1)[0][0], "other")
    )


def _ids_by_title(pages: list[Page]) -> dict[str, dict[str, str]]:
    """Title → type of id (`resources`, `responses`, `requests`) → the id that most links of that text lead to."""
    counted: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for page in pages:
        for text, name in page.links:
            parts = name.split("_")
            if parts[0] == "connect" and len(parts) > 2:
                counted[normal(text)][parts[1]][name] += 1
    return {
        title: {prefix: min(names.items(), key=lambda item: (-item[1], item[0]))[0] for prefix, names in kinds.items()}
        for title, kinds in counted.items()
    }
