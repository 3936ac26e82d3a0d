"""A built site as tests read it: its pages, their links and ids, and pages in a real browser that asks no network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from support.browser import executable


@dataclass(frozen=True)
class Site:
    """A built site."""

    folder: Path

    def url(self, path: str) -> str:
        """The URL of a page in the file system; the path may have a query and a fragment."""
        page, mark, rest = path.partition("?") if "?" in path else path.partition("#")
        return (self.folder / page).as_uri() + mark + rest

    def text(self, path: str) -> str:
        """What a file holds."""
        return (self.folder / path).read_text(encoding="utf-8")

    def pages(self) -> list[str]:
        """Every page, by its path."""
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html"))


@dataclass
class Parsed(HTMLParser):
    """What a page refers to, and what can be referred to in it."""

    text: str
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    attributes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            elif name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in ("src", "href", "action", "data", "poster", "srcset"):
                self.loads.append(value or "")


@dataclass
class Seen:
    """What a browser asked for and complained of."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    path = executable()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@contextmanager
def opened(running: Browser, **settings: Any) -> Iterator[tuple[Page, Seen]]:
    """A page of its own; afterwards nothing was asked of a network, and no script failed."""
    seen = Seen()
    context = running.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
    page = context.new_page()
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
    yield page, seen
    context.close()
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
    assert seen.errors == []
