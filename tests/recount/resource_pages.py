"""Counts addresses, methods, parameters, bodies and answers of pages that describe a resource, and of overview tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from recount import cells
from recount.comparison import Owner, compare, span
from recount.counts import Recount
from recount.pages import METHOD_NAMES, METHODS, Page, Section, Table, addresses, plain
from recount.spec_files import SITE, Address, Catalogue, Fact, facts
from recount.type_pages import count_properties, is_request_table, named_rows

_LATER = re.compile(
    r"^((?:(?:GET|POST|PATCH|PUT|DELETE|HEAD)(?:, (?:and )?| and )?)+) (?:is |are )?(?:supported|available) (?:in|since)"
    r"(?: API)? version (\d+)\.0"
)
_LINK = re.compile(r"\((?:[^()]*/)?(connect_(?:responses|requests)_\w+)\.htm")


def count_overview(page: Page, catalogue: Catalogue, result: Recount) -> None:
    """Look for each address of a table of resources, and for the methods beside it."""
    for table in page.tables:
        if not table.head or table.head[0] != "Resource":
            continue
        for row in table.rows:
            for uri in addresses(plain(row[0]).replace(" ", "\n")):
                found = catalogue.at(uri)
                _see_address(page, uri, found, catalogue, result)
                for method in METHODS.findall(table.cell(row, "method")):
                    has = any(method in one.resource["operations"] for one in found)
                    result["methods"].see(has, f"{page.file} {uri} {method}", because=_omitted(catalogue, uri, method))


def _see_address(page: Page, uri: str, found: list[Address], catalogue: Catalogue, result: Recount) -> None:
    result["resources"].see(bool(found), f"{page.file} {uri}", because=_omitted(catalogue, uri))


def _omitted(catalogue: Catalogue, uri: str, method: str = "", name: str = "") -> str | None:
    """Why the catalogue leaves out an address, an operation or a parameter."""
    wanted = _shape(uri)
    for key, why in catalogue.omitted.items():
        words = key.split()
        its_method = words.pop(0) if words[0] in METHOD_NAMES else ""
        if words[0].startswith("/") and _shape(words[0]) == wanted:
            if its_method in ("", method) and (words[1:] == [name] or not words[1:]):
                return why
    return None


def _shape(uri: str) -> str:
    return re.sub(r"[{}$]", "", SITE.sub("", uri)).strip("/").lower().removeprefix("connect/")


def count_resource(page: Page, catalogue: Catalogue, result: Recount) -> None:
    """Count what each section of a resource's page says."""
    for section in page.sections:
        if section.methods:
            _count_section(page, section, catalogue, result)


def _count_section(page: Page, section: Section, catalogue: Catalogue, result: Recount) -> None:
    found: list[Address] = []
    version = cells.version_range(section.version)
    if version and version.ended_before_the_first:
        return
    for uri in dict.fromkeys(section.uris):
        here = catalogue.at(uri)
        _see_address(page, uri, here, catalogue, result)
        _count_path_parameters(page, uri, here, result)
        found += here
    where = f"{page.file}{f' ({section.heading})' if section.heading else ''}"
    for method in section.methods:
        has = any(method in one.resource["operations"] for one in found)
        because = next((why for uri in section.uris if (why := _omitted(catalogue, uri, method))), None)
        result["methods"].see(has, f"{where} {method}", because=because)
    if section.exact:
        _count_sites(where, section, catalogue, result)
        _count_versions(where, section, version, found, result)
    for table in section.tables:
        methods = section.methods_of(table)
        if is_request_table(table) and not table.label.lower().startswith("request param"):
            _count_body(where, table, methods, found, catalogue, result)
        elif table.head[:1] and ("parameter" in table.head[0].lower() or "param" in table.label.lower()):
            _count_parameters(where, section, table, methods, found, catalogue, result)
    _count_linked(where, section, found, catalogue, result)


def _count_path_parameters(page: Page, uri: str, found: list[Address], result: Recount) -> None:
    for one in found:
        have = SITE.sub("", one.path).strip("/").split("/")[::-1]
        want = SITE.sub("", uri).strip("/").split("/")[::-1]
        for mine, theirs in zip(have, want, strict=False):
            if mine.startswith("{"):
                agrees = mine.strip("{}") == theirs.strip("${}")
                result["path parameters"].see(agrees, f"{page.file} {uri} {theirs}", mine)


def _count_sites(where: str, section: Section, catalogue: Catalogue, result: Recount) -> None:
    """An address that is there with a site and without has a second address; one only without has none."""
    bare = {_shape(uri) for uri in section.uris if not SITE.match(uri)}
    inside = {_shape(uri) for uri in section.uris if SITE.match(uri)}
    for uri in section.uris:
        for one in catalogue.at(uri):
            if one.path.startswith("/connect/communities/{communityId}/"):
                has = "only a site"
            else:
                has = "both" if one.resource.get("site") else "no site"
            shape = _shape(uri)
            wanted = "both" if shape in bare and shape in inside else "no site" if shape in bare else "only a site"
            because = one.resource.get("because")
            result["sites"].see(has == wanted, f"{where} {uri}: {wanted}", has, because)


def _count_versions(
    where: str, section: Section, version: cells.Range | None, found: list[Address], result: Recount
) -> None:
    if version:
        for one in found:
            has = cells.clipped(one.since, one.until)
            result["versions"].see(
                has == version, f"{where} {one.path} {section.version[:30]}", str(has), one.resource.get("because")
            )
    for line in section.lines:
        if match := _LATER.match(line):
            for method in METHODS.findall(match[1]):
                sinces = [_owner(one.resource, method).since for one in found if method in one.resource["operations"]]
                agrees = all(max(since or 0, 30.0) == max(float(match[2]), 30.0) for since in sinces)
                result["versions"].see(agrees, f"{where} {method} from {match[2]}.0", str(sinces))


def _owner(resource: dict[str, Any], method: str) -> Owner:
    operation = resource["operations"].get(method) or {}
    since = max(filter(None, [operation.get("since"), resource.get("since")]), default=None)
    return Owner(f"{method} {resource['path']}", since, operation.get("until", resource.get("until")))


def _known(one: Address, methods: tuple[str, ...]) -> Iterator[tuple[str, list[Fact], Owner]]:
    """The parameters and parts of a resource's operations, and its path's parameters."""
    for method in methods:
        operation = one.resource["operations"].get(method)
        if operation is not None:
            for name, value in (operation.get("parameters") or {}).items():
                yield name, facts(value), _owner(one.resource, method)
            for name, part in (operation.get("parts") or {}).items():
                yield name, [{"type": "Binary", **part}], _owner(one.resource, method)
    for name, value in (one.resource.get("parameters") or {}).items():
        yield name, [{**fact, "required": True} for fact in facts(value)], _owner(one.resource, "")


def _count_parameters(
    where: str,
    section: Section,
    table: Table,
    methods: tuple[str, ...],
    found: list[Address],
    catalogue: Catalogue,
    result: Recount,
) -> None:
    for method in methods:
        known = [entry for one in found for entry in _known(one, (method,))]
        for name, row in named_rows(table):
            mine = [entry for entry in known if entry[0] == name]
            entry = f"{where} {method} {name}"
            because = next((why for uri in section.uris if (why := _omitted(catalogue, uri, method, name))), None)
            result["parameters"].see(bool(mine), entry, because=because)
            if mine:
                compare(table, row, entry, mine[0][1], mine[0][2], result, is_input=True)


def _types_of(found: list[Address], methods: tuple[str, ...], key: str) -> list[str]:
    """The types that some operations take (`body`) or give (`returns`)."""
    given = [
        str(fact["type"])
        for one in found
        for method in methods
        for fact in facts((one.resource["operations"].get(method) or {}).get(key) or [])
    ]
    return [name for expression in given for name in re.findall(r"[A-Za-z0-9]+", expression)]


def _count_body(
    where: str, table: Table, methods: tuple[str, ...], found: list[Address], catalogue: Catalogue, result: Recount
) -> None:
    writing = tuple(method for method in methods if method not in ("GET", "HEAD", "DELETE")) or methods
    types = _types_of(found, writing, "body")
    result["bodies"].see(bool(types), f"{where} {'/'.join(writing)}: {', '.join(row[0] for row in table.rows)[:60]}")
    if types:
        count_properties(f"{where} {'/'.join(writing)}", table, types, catalogue, result)


def _count_linked(
    where: str, section: Section, found: list[Address], catalogue: Catalogue, result: Recount
) -> None:
    """Look for the types that a section links to below `Response body`, among what its operations give."""
    by_guide = {definition.get("guide"): name for name, definition in catalogue.types.items()}
    label = ""
    for line in section.lines:
        if re.match(r"^(?:Request|Response) (?:body|param|bod)|^Example", line, re.IGNORECASE):
            label = line
        if not re.match(r"^(?:Response|Request) bod(?:y|ies)", label, re.IGNORECASE) or "xample" in label:
            continue
        key, kind = ("returns", "answers") if label.lower().startswith("response") else ("body", "bodies")
        if re.match(r"^(?:-\s+)?\[", line):
            for target in _LINK.findall(line)[:1]:
                name = by_guide.get(target)
                methods = tuple(m.upper() for m in re.findall(METHODS.pattern, label, re.IGNORECASE)) or section.methods
                for method in methods:
                    types = _types_of(found, (method,), key)
                    agrees = name in types
                    result[kind].see(agrees, f"{where} {method} {target}", f"{name} is not in {types}")
