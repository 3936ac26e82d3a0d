"""What the pages say of when operations, addresses, parameters and values began and ended, for the test of diff."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from connectgen.naming import type_name
from recount import cells
from recount.pages import METHODS, Page, Section, Table
from recount.resource_pages import lists_parameters, omitted, own_versions, types_of
from recount.spec_files import Address, Catalogue, Fact
from recount.type_pages import lists_properties, named_rows

FOR_EVER = 99
Ranges = list[tuple[int, int]]
Call = tuple[str, str]
"""A method and an address of the catalogue, present or former."""

_LATER = re.compile(
    r"(?:(?P<bracket>\()(?:available )?(?:in )?|\b[Aa]vailable in )(?:API )?versions? (\d+)\.0 and later", re.IGNORECASE
)
_VALUE = re.compile(r"([A-Za-z]\w*)\s?[—–][^—–]*$")
_WORD = re.compile(r"([A-Za-z]\w*)\s?$")
_WORDS_TYPES = re.compile(r"^(?:String|Enum)\b|\bEnum\b|List<String>")


@dataclass(frozen=True)
class SectionSays:
    """What a section says of a method: one of some calls, it is not clear which, has a range of versions."""

    entry: str
    calls: frozenset[Call]
    range: tuple[int, int]


@dataclass
class Recounted:
    """Ranges of versions by what has them.

    Attributes:
        bodies: properties of request bodies that a resource's page lists, by type and name.
        calls: by method and address.
        unclear: where it is not clear which of a page's addresses a section is about.
        parameters: by method, present address and name.
        values: by owner, as the subjects of a diff have it, and by what the word in the page ends with.
    """

    bodies: dict[tuple[str, str], Ranges] = field(default_factory=lambda: defaultdict(list))
    calls: dict[Call, Ranges] = field(default_factory=lambda: defaultdict(list))
    unclear: list[SectionSays] = field(default_factory=list[SectionSays])
    parameters: dict[tuple[Call, str], Ranges] = field(default_factory=lambda: defaultdict(list))
    values: dict[tuple[Call | str, str, str], Ranges] = field(default_factory=lambda: defaultdict(list))


def read_releases(pages: Iterable[Page], spec: Catalogue) -> Recounted:
    """Read all pages."""
    recounted = Recounted()
    for page in pages:
        if page.is_resource:
            for section in page.sections:
                if section.methods:
                    _read_section(page, section, spec, recounted)
        elif not any(section.methods for section in page.sections):
            _read_type(page, recounted)
    return recounted


def there(ranges: Ranges, version: int) -> bool:
    """Whether one of some ranges has a version."""
    return any(since <= version <= until for since, until in ranges)


def _read_section(page: Page, section: Section, spec: Catalogue, recounted: Recounted) -> None:
    version = cells.version_range(section.version)
    if version and version.ended_before_the_first:
        return
    _read_calls(page, section, version, spec, recounted)
    for table in section.tables:
        if lists_parameters(table):
            for method in section.methods_of(table):
                _read_parameters(table, method, section, spec, recounted)
        elif lists_properties(table):
            for method in section.methods_of(table):
                _read_body(table, method, section, spec, recounted)


def _read_calls(
    page: Page, section: Section, version: cells.Range | None, spec: Catalogue, recounted: Recounted
) -> None:
    own = own_versions(section, version)
    for method in section.methods:
        wanted = own.get(method, version)
        if not wanted:
            continue
        found = _places_of(spec, section, method)
        having = {(method, one.path): one for one in found}
        range_ = _range(wanted)
        if section.exact:
            for call, one in having.items():
                recounted.calls[call].append((range_[0], int(one.until or FOR_EVER) if one.former else range_[1]))
        elif having:
            where = f"{page.file}{f' ({section.heading})' if section.heading else ''} {method} {wanted}"
            recounted.unclear.append(SectionSays(where, frozenset(having), range_))
    for methods, range_found in _further(section):
        for method in methods:
            calls = frozenset((method, one.path) for one in _places_of(spec, section, method))
            recounted.unclear.append(SectionSays(f"{page.file} {method} {range_found}", calls, _range(range_found)))


def _further(section: Section) -> Iterator[tuple[tuple[str, ...], cells.Range]]:
    """The methods and versions of what stands in a section behind its first methods, without a heading of its own."""
    version, seen = "", False
    lines = [line for line in section.lines if line]
    for line, below in pairwise(lines):
        if re.match(r"^Available (?:since )?(?:versions?|release)$", line, re.IGNORECASE):
            version = below
        elif re.match(r"^(?:Supported )?HTTP methods?$", line, re.IGNORECASE):
            range_ = cells.version_range(version)
            if seen and range_ and not range_.ended_before_the_first:
                yield tuple(METHODS.findall(below)), range_
            seen = True


def _places_of(spec: Catalogue, section: Section, method: str, name: str = "") -> list[Address]:
    """What a section's addresses lead to and has a method, but for what the catalogue omits with a reason."""
    uris = [uri for uri in dict.fromkeys(section.uris) if not omitted(spec, uri, method, name)]
    return [one for uri in uris for one in spec.at(uri) if method in one.resource["operations"]]


def _read_parameters(table: Table, method: str, section: Section, spec: Catalogue, recounted: Recounted) -> None:
    for name, row in named_rows(table):
        mine = [one.resource for one in _places_of(spec, section, method, name)]
        if any(name in (one.get("parameters") or {}) for one in mine):
            continue  # a placeholder is as old as its address
        # where a section is about several addresses, those that know the parameter count
        knowing = [one for one in mine if _knows(one["operations"][method], name)]
        range_ = cells.version_range(table.cell(row, "available", "version"))
        for one in knowing or mine:
            operation = method, one["path"]
            recounted.parameters[operation, name].append(_range(range_) if range_ else (0, FOR_EVER))
            for word, since in _values(table, row):
                recounted.values[operation, name, word].append((since, FOR_EVER))


def _read_body(table: Table, method: str, section: Section, spec: Catalogue, recounted: Recounted) -> None:
    types = types_of(_places_of(spec, section, method), (method,), "body", spec)
    for name, row in named_rows(table):
        range_ = cells.version_range(table.cell(row, "available", "version"))
        for type_ in types:
            if range_ and name in spec.properties(type_):
                recounted.bodies[type_, name].append(_range(range_))


def _knows(operation: Fact, name: str) -> bool:
    return any(name in (operation.get(key) or {}) for key in ("parameters", "parts"))


def _read_type(page: Page, recounted: Recounted) -> None:
    for table in page.tables:
        if not lists_properties(table):
            continue
        takes = page.is_input or table.column("required") is not None or bool(re.search(r"\bInput\b", page.title))
        for name, row in named_rows(table):
            for word, since in _values(table, row):
                recounted.values[type_name(page.title, is_input=takes), name, word].append((since, FOR_EVER))


def _values(table: Table, row: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    if _WORDS_TYPES.search(table.cell(row, "type")):
        yield from values(table.cell(row, "description"))


def values(description: str) -> Iterator[tuple[str, int]]:
    """The values to which a description gives a first version; one may be glued to the end of another word."""
    begin = re.search(r"\bvalues(?: are| include)?:", description, re.IGNORECASE)
    text = description[begin.end() :] if begin else ""
    last = 0
    for match in _LATER.finditer(text):
        before, last = text[last : match.start()], match.end()
        # either it stands in the value's explanation, or in brackets behind the value
        if value := _VALUE.search(before) or (_WORD.search(before) if match["bracket"] else None):
            yield value[1], int(match[2])


def _range(range_: cells.Range) -> tuple[int, int]:
    return int(range_.since or 0), int(range_.until or FOR_EVER)
