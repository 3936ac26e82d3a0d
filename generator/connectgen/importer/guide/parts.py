"""Takes a page that describes several resources apart: one part each, with its own path."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from connectgen.importer.guide.page import Page, clean

_METHOD_LINE = re.compile(r"HTTP [Mm]ethods?")
_SITE = "/connect/communities/communityId"
_ENDINGS = (
    ("element", "feed-elements"),
    ("modified", "is-modified"),
    ("batch", "/batch/"),
    ("content", "/items"),
    ("flat", "flat"),
)
"""What a part's heading says, and what its path then has."""


def parts_of(page: Page, paths: Sequence[str], lost: Sequence[str]) -> list[Page]:
    """The parts of a page, each as a page of its own.

    Args:
        page: a resource's page.
        paths: paths of its code blocks, in their order.
        lost: paths that are known to be missing from the code blocks.

    Returns:
        The page itself where it describes one resource only.
    """
    methods = [number for number, line in enumerate(page.lines) if _METHOD_LINE.fullmatch(line)]
    if len(methods) < 2:
        return [page]
    starts = [0]
    for before, number in pairwise(methods):
        between = range(before + 1, number)
        headings = [line for line in between if page.lines[line].startswith("## ")]
        starts.append(
            headings[-1]
            if headings
            else max(line for line in between if page.lines[line] == "Resource" or line == before + 1)
        )
    printed = [
        clean(row[0]).split(" ")[0] for table in page.tables if table.head[0] == "Resource" for row in table.rows
    ]
    printed = [path.replace("/me", "/userId") for path in printed if path.startswith("/")]
    groups = _groups([*paths, *lost, *printed])
    parts: list[Page] = []
    for position, start in enumerate(starts):
        end = starts[position + 1] if position + 1 < len(starts) else len(page.lines)
        titles = [line[3:] for line in page.lines[start:end] if line.startswith("## ")]
        title = titles[0] if titles else page.title
        parts.append(
            replace(
                page,
                title=title,
                lines=page.lines[start:end],
                tables=[replace(table, line=table.line - start) for table in page.tables if start <= table.line < end],
                code=_take(groups, title.lower() if position or titles else ""),
            )
        )
    return parts


def _groups(paths: Sequence[str]) -> dict[str, list[str]]:
    """Paths in their order, both site forms of one together."""
    groups: dict[str, list[str]] = {}
    for path in paths:
        path = path if path.startswith("/") else f"/{path}"
        key = path.removeprefix(_SITE).removeprefix("/connect").lower()
        key = re.sub(r"(?<=/)(?:keyprefix|idprefix)(?=/|$)", "prefix", key)
        found = groups.setdefault(key, [])
        if path not in found and not (found and path.startswith(_SITE) == found[-1].startswith(_SITE)):
            found.append(path)
    return groups


def _has(key: str, ending: str) -> bool:
    return ending in key if ending.endswith("/") else key.endswith(ending)


def _take(groups: dict[str, list[str]], title: str) -> list[str]:
    for word, ending in _ENDINGS:
        if word in title:
            key = next((key for key in groups if _has(key, ending)), None)
            if key is not None:
                return groups.pop(key)
    plain = next(
        (key for key in groups if not any(_has(key, ending) for _, ending in _ENDINGS)), next(iter(groups), None)
    )
    return groups.pop(plain) if plain is not None else []
