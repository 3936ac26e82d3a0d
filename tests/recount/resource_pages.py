"""Counts what pages that describe a resource say of it, and what overviews list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from connectgen.naming import type_name
from recount import cells
from recount.comparison import Owner, Row, compare
from recount.counts import Recount
from recount.pages import METHOD_NAMES, METHODS, Page, Section, Table, addresses, plain
from recount.spec_files import SITE, Address, Catalogue, Fact, facts
from recount.type_pages import count_properties, lists_properties, named_rows

_LATER = re.compile(
    r"^((?:(?:GET|POST|PATCH|PUT|DELETE|HEAD)(?:, (?:and )?| and )?)+) (?:is |are )?(?:supported|available)"
    r" (?:in|since)(?: API)? version (\d+)\.0"
)
_LINK = re.compile(r"(?:-\s+)?\[([^\]]+)\]\((?:[^()]*/)?connect_((?:responses|requests)_\w+)\.htm")
_TOLD = re.compile(r"(?:GET|POST|PATCH|PUT|DELETE) -")
_BODY = re.compile(r"^(?:Response|Request) bod(?:y|ies)(?!.*example)", re.IGNORECASE)
_SAMPLE = re.compile(r"me$|[A-Z]|.*\d")  # an id or another value in the place of a placeholder


def count_overview(page: Page, catalogue: Catalogue, result: Recount) -> None:
    """Look for each address of a table of resources, and for the methods beside it."""
    for table in page.tables:
        if not table.head or table.head[0] != "Resource":
            continue
        for row in table.rows:
            for uri in addresses(plain(row[0]).replace(" ", "\n")):
                found = catalogue.at(uri)
                _see_address(page, uri, found, catalogue, result)
                # beside the address, or what the description begins with: `GET - Get the state of a job.`
                told = table.cell(row, "method") or (_TOLD.match(table.cell(row, "description")) or [""])[0]
                for method in METHODS.findall(told):
                    has = any(method in one.resource["operations"] for one in found)
                    for one in found:
                        result.note(one.resource["path"], method)
                    result["methods"].see(has, f"{page.file} {uri} {method}", because=omitted(catalogue, uri, method))


def _see_address(page: Page, uri: str, found: list[Address], catalogue: Catalogue, result: Recount) -> None:
    result["resources"].see(bool(found), f"{page.file} {uri}", because=omitted(catalogue, uri))


def omitted(catalogue: Catalogue, uri: str, method: str = "", name: str = "") -> str | None:
    """Why the catalogue leaves out an address, an operation or a parameter."""
    wanted = _shape(uri)
    for key, why in catalogue.omitted.items():
        words = key.split()
        its_method = words.pop(0) if words[0] in METHOD_NAMES else ""
        fits = words[0].startswith("/") and _shape(words[0]) == wanted and its_method in ("", method)
        if fits and words[1:] in ([], [name]):
            return why
    return None


@cache
def _shape(uri: str) -> str:
    return re.sub(r"[{}$]", "", SITE.sub("", uri)).strip("/").lower().removeprefix("connect/")


def count_resource(page: Page, catalogue: Catalogue, result: Recount) -> None:
    """Count what each section of a resource's page says."""
    for section in page.sections:
        if section.methods:
            _count_section(page, section, catalogue, result)


def _count_section(page: Page, section: Section, catalogue: Catalogue, result: Recount) -> None:
    version = cells.version_range(section.version)
    if version and version.ended_before_the_first:
        return
    found: list[Address] = []
    for uri in dict.fromkeys(section.uris):
        here = catalogue.at(uri)
        _see_address(page, uri, here, catalogue, result)
        _count_path_parameters(page, uri, here, result)
        found += here
    where = f"{page.file}{f' ({section.heading})' if section.heading else ''}"
    part = Part(where, section, found, catalogue, catalogue.linked(page.links), result)
    for method in section.methods:
        has = any(method in one.resource["operations"] for one in found)
        result["methods"].see(has, f"{where} {method}", because=part.omitted(method))
        for one in found:
            result.note(one.resource["path"], method)
    if section.exact:
        _count_sites(part)
        _count_versions(part, version)
    _count_chatter(part)
    for table in section.tables:
        methods = section.methods_of(table)
        if lists_properties(table) and "param" not in table.label.lower():
            _count_body(part, table, methods)
        elif lists_parameters(table):
            _count_parameters(part, table, methods)
    _count_linked(part)


@dataclass(frozen=True)
class Part:
    """A section of a resource's page with the resources that its addresses lead to, and where to count."""

    where: str
    section: Section
    found: list[Address]
    catalogue: Catalogue
    linked: dict[str, str]
    result: Recount

    def omitted(self, method: str = "", name: str = "") -> str | None:
        """Why the catalogue leaves out an operation or a parameter of these addresses."""
        reasons = (omitted(self.catalogue, uri, method, name) for uri in self.section.uris)
        return next((why for why in reasons if why), None)

    def reason(self, method: str, key: str) -> str | None:
        """Why an operation takes (`body`) or gives (`returns`) something else than its page says."""
        for one in self.found:
            operation = one.resource["operations"].get(method) or {}
            for holder in (*facts(operation.get(key) or []), operation):
                if holder.get("because"):
                    return str(holder["because"])
        return None

    def types(self, methods: tuple[str, ...], key: str) -> list[str]:
        """The types that operations take (`body`) or give (`returns`)."""
        return types_of(self.found, methods, key, self.catalogue)


def types_of(found: list[Address], methods: tuple[str, ...], key: str, catalogue: Catalogue) -> list[str]:
    """The types that operations of some addresses take (`body`) or give (`returns`)."""
    given = [
        str(fact["type"])
        for one in found
        for method in methods
        for fact in facts((one.resource["operations"].get(method) or {}).get(key) or [])
    ]
    names = [name for expression in given for name in re.findall(r"[A-Za-z0-9]+", expression)]
    kinds = [kind for name in names for kind in catalogue.kinds(name)]
    return list(dict.fromkeys([*names, *kinds]))


def _count_path_parameters(page: Page, uri: str, found: list[Address], result: Recount) -> None:
    for one in found:
        have = SITE.sub("", one.path).strip("/").split("/")[::-1]
        want = SITE.sub("", uri).strip("/").split("/")[::-1]
        for mine, theirs in zip(have, want, strict=False):
            if mine.startswith("{") and not _SAMPLE.match(theirs):
                agrees = mine.strip("{}").lower() == theirs.strip("${}").lower()
                result["path parameters"].see(agrees, f"{page.file} {uri} {theirs}", mine)


def _count_sites(part: Part) -> None:
    """An address that is there with a site and without has a second address; one only without has none."""
    bare = {_shape(uri) for uri in part.section.uris if not SITE.match(uri)}
    inside = {_shape(uri) for uri in part.section.uris if SITE.match(uri)}
    for uri in part.section.uris:
        for one in part.catalogue.at(uri):
            has = "only a site" if SITE.match(one.path) else "both" if one.resource.get("site") else "no site"
            shape = _shape(uri)
            wanted = "both" if shape in bare and shape in inside else "no site" if shape in bare else "only a site"
            because = one.resource.get("because")
            part.result["sites"].see(has == wanted, f"{part.where} {uri}: {wanted}", has, because)


def _count_chatter(part: Part) -> None:
    """Where a page says that Chatter is required, the catalogue does, and nowhere else; silence means no."""
    said = part.section.chatter or ("No" if part.section.exact and part.section.version else "")
    if said in ("Yes", "No") and part.found:
        has = [bool(one.resource.get("requires")) for one in part.found if not one.former]
        agrees = (any(has) if said == "Yes" else not all(has)) if has else True
        because = next((one.resource["because"] for one in part.found if one.resource.get("because")), None)
        part.result["chatter"].see(agrees, f"{part.where}: {said}", because=because)


def own_versions(section: Section, version: cells.Range | None) -> dict[str, cells.Range]:
    """The versions of the methods that a sentence of a section gives one of their own."""
    return {
        method: cells.clipped(float(match[2]), version.until if version else None)
        for line in section.lines
        if (match := _LATER.match(line))
        for method in METHODS.findall(match[1])
    }


def lists_parameters(table: Table) -> bool:
    """Whether a table of a resource's page lists parameters."""
    return (not lists_properties(table) or "param" in table.label.lower()) and bool(
        table.head[:1] and ("parameter" in table.head[0].lower() or "param" in table.label.lower())
    )


def _count_versions(part: Part, version: cells.Range | None) -> None:
    """Compare the section's version with each operation's, but for those that a sentence gives one of their own."""
    own = own_versions(part.section, version)
    for one in part.found:
        for method in part.section.methods:
            wanted = own.get(method, version)
            if wanted is None or method not in one.resource["operations"]:
                continue
            owner = _owner(one.resource, method)
            has = cells.clipped(owner.since, owner.until)
            allowed = [wanted, cells.Range(wanted.since, one.until)] if one.former else [wanted]
            because = one.resource.get("because") or one.resource["operations"][method].get("because")
            entry = f"{part.where} {method} {one.path} {wanted}"
            agrees = has in allowed or cells.Range(has.since, one.until) in allowed
            part.result["versions"].see(agrees, entry, str(has), because)


def _owner(resource: dict[str, Any], method: str) -> Owner:
    operation = resource["operations"].get(method) or {}
    since = max(filter(None, [operation.get("since"), resource.get("since")]), default=None)
    return Owner(f"{method} {resource['path']}", since, operation.get("until", resource.get("until")))


def _known(one: Address, method: str) -> Iterator[tuple[str, list[Fact], Owner]]:
    """The parameters and parts of an operation, and its path's parameters."""
    operation = one.resource["operations"].get(method)
    if operation is not None:
        for name, value in (operation.get("parameters") or {}).items():
            yield name, facts(value), _owner(one.resource, method)
        for name, part in (operation.get("parts") or {}).items():
            yield name, [{"type": "Binary", **part}], _owner(one.resource, method)
    for name, value in (one.resource.get("parameters") or {}).items():
        yield name, [{**fact, "required": True} for fact in facts(value)], _owner(one.resource, "")


def _count_parameters(part: Part, table: Table, methods: tuple[str, ...]) -> None:
    in_set = sum(other.label == table.label for other in part.section.tables) > 1
    for method in methods:
        known = [entry for one in part.found for entry in _known(one, method)]
        for name, row in named_rows(table):
            mine = [entry for entry in known if entry[0] == name]
            shown = Row(table, row, f"{part.where} {method} {name}", part.linked, method, in_set=in_set)
            part.result["parameters"].see(bool(mine), shown.entry, because=part.omitted(method, name))
            for one in part.found:
                result_of = f"{method} {one.resource['path']}"
                part.result.note(result_of, name)
            if mine:
                # where the section may be about several addresses, the best of them counts
                trials = [Recount() for _ in mine]
                for trial, (_, has, owner) in zip(trials, mine, strict=True):
                    compare(shown, has, owner, trial, is_input=True)
                part.result.add(min(trials, key=Recount.lacking))


def _count_body(part: Part, table: Table, methods: tuple[str, ...]) -> None:
    writing = tuple(method for method in methods if method not in ("GET", "HEAD", "DELETE")) or methods
    types = part.types(writing, "body")
    entry = f"{part.where} {'/'.join(writing)}"
    part.result["bodies"].see(bool(types), f"{entry}: {', '.join(row[0] for row in table.rows)[:60]}")
    if types:
        for method in writing:
            operation = next((one.resource for one in part.found if method in one.resource["operations"]), None)
            since = _owner(operation, method).since if operation else None
            of = Row(table, (), f"{part.where} {method}", part.linked, method, since)
            count_properties(of, types, part.catalogue, part.result)


def _count_linked(part: Part) -> None:
    """Look for the types that a section links to as bodies among those that its operations take or give."""
    label = ""
    for line in part.section.lines:
        if re.match(r"^(?:Request|Response) (?:body|param|bod)|^Example", line, re.IGNORECASE):
            label = line
        link = _LINK.match(line)
        if link is None or not _BODY.match(label):
            continue
        response = label.lower().startswith("response")
        if not link[2].startswith("responses" if response else "requests"):
            continue
        names = {part.linked.get(link[1], ""), type_name(link[1], is_input=not response)}
        named = tuple(method.upper() for method in re.findall(METHODS.pattern, label, re.IGNORECASE))
        for method in named or part.section.methods:
            if method != "HEAD":
                types = part.types((method,), "returns" if response else "body")
                count = part.result["answers" if response else "bodies"]
                why = next((part.catalogue.omitted[name] for name in names if name in part.catalogue.omitted), None)
                why = why or part.reason(method, "returns" if response else "body")
                count.see(bool(names & {*types}), f"{part.where} {method} {link[1]}", str(types), why)
