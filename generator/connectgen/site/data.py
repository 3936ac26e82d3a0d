"""Data that scripts of the site load: the search index, types that are opened in place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from connectgen.catalogue.types import format_type
from connectgen.find.index import IndexMaker
from connectgen.find.search import METHODS_OF_VERBS
from connectgen.find.words import ALIKE, KEPT, STOP
from connectgen.site.context import Context
from connectgen.site.fields import Fields
from connectgen.site.markup import intervals_data
from connectgen.texts import sentence

SHARDS = 64
"""How many files the properties of types are divided among: each is small, and few are ever loaded."""


def script(name: str, data: object) -> str:
    """Data as a script that hands it over: the file system gives pages nothing else to load."""
    return f"connectSite.put({_compact(name)},{_compact(data)});\n"


def shard_of(name: str) -> int:
    """In which file the properties of a type are: FNV-1a of its name, as the script computes it."""
    number = 2166136261
    for letter in name:
        number = ((number ^ ord(letter)) * 16777619) & 0xFFFFFFFF
    return number % SHARDS


def search_data(context: Context, index: IndexMaker) -> str:
    """The index of `connectgen find`, the words that it knows, and the pages that are not operations."""
    found = json.loads(index.text(context.history.surfaces))
    words = {
        "stop": sorted(STOP),
        "kept": sorted(KEPT),
        "alike": ALIKE,
        "verbs": [[sorted(verbs), methods] for verbs, methods in METHODS_OF_VERBS],
    }
    data = {"operations": found["operations"], "types": found["types"], "words": words, "pages": list(_pages(context))}
    return script("search", data)


def _pages(context: Context) -> Iterator[tuple[str, str, str, str]]:
    history = context.history
    for name, timeline in history.types.items():
        summary = timeline.newest.summary
        yield "type", name, f"types/{name}.html", sentence(summary) if summary else ""
    for name, enumeration in history.enumerations.items():
        yield "values", name, f"values/{name}.html", sentence(enumeration.summary) if enumeration.summary else ""
    for family in context.families:
        yield "family", family, f"families/{family}.html", sentence(context.summary_of_family(family))
    for name, title in context.guides.items():
        yield "guide", title, f"guides/{name}.html", ""
    for release in history.releases:
        yield "release", f"{release.version}.0", f"versions/{release.version}.0.html", release.name


def type_data(context: Context, fields: Fields) -> Iterator[tuple[str, str]]:
    """The properties of all types, each file with its name."""
    shards: dict[int, dict[str, list[list[str]]]] = {number: {} for number in range(SHARDS)}
    for name in context.history.types:
        owner = fields.intervals(name)
        shards[shard_of(name)][name] = [
            [
                row.name,
                format_type(row.newest.type),
                row.newest.text,
                row.newest.required,
                "" if row.intervals == owner else intervals_data(row.intervals),
            ]
            for row in fields.rows(name)
        ]
    for number, types in shards.items():
        yield f"data/types/{number}.js", script(f"types/{number}", types)


def site_data(context: Context) -> Mapping[str, object]:
    """What every page's script knows: the releases, and how the data are divided."""
    releases = [[release.version, release.name] for release in context.history.releases]
    return {"releases": releases, "shards": SHARDS}


def bars(context: Context) -> str:
    """Rules that say where each version lies in a bar."""
    versions = [release.version for release in context.history.releases]
    rules = [f":root{{--n:{len(versions)}}}"]
    rules += [f".s{version}{{--s:{number}}}.u{version}{{--u:{number}}}" for number, version in enumerate(versions)]
    return "\n".join(rules) + "\n"


def _compact(data: object) -> str:
    """JSON in ASCII, which is JavaScript too."""
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"))
