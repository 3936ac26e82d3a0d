"""Reads a resource's page: its paths, versions, methods, parameters, bodies and results."""

from __future__ import annotations

import re
from collections.abc import Callable

from connectgen.importer.guide.cells import TypeReader, normal, versions
from connectgen.importer.guide.facts import (
    Doubt,
    GuideFacts,
    OperationFact,
    PathFacts,
    ResourceFact,
    TypeFact,
    ValueFact,
)
from connectgen.importer.guide.page import LINK, Page, Table, clean
from connectgen.importer.guide.parts import parts_of
from connectgen.importer.guide.rows import is_property_table, root_tag, value_rows
from connectgen.naming import type_name

_METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE")
_SECTION = re.compile(
    r"(?i)^((?:request|get) parameters?|query parameters|path parameters?"
    r"|request body|response bod(?:y|ies)|response|returns)"
    r"(?: (?:for|of|in) (.*?))?:?$"
)
_METHOD = "(?:GET|HEAD|POST|PATCH|PUT|DELETE)"
_NARROWING = re.compile(
    rf"(?:^|[.] )({_METHOD}(?:(?:,|,? and) {_METHOD})*) (?:is |are )?(?:available|supported)"
    r" (?:in|since) (?:API )?(?:versions? )?(\d\d)\.0"
)
"""A sentence that narrows methods; one about certain users or protocols alone does not read so."""
_SITE = "/connect/communities/{communityId}"
_FIXED_WITH_CAPITALS = {"postAuths", "initOTP", "verifyOTP", "cartCoupons"}
_LOST_ADDRESSES: dict[str, list[str]] = {
    "batch-resource": ["/connect/batch"],
    "folders-resources": ["/connect/folders/folderId", "/connect/folders/folderId/items"],
    "company-feed-resources": ["/chatter/feeds/company", "/chatter/feeds/company/feed-elements"],
    "activity-reminders-resources": ["/connect/reminders/activities"],
    "availability-records-upload": [
        "/commerce/oci/availability-records/uploads",
        "/commerce/oci/availability-records/uploads/uploadId",
    ],
    "location-graph-upload": ["/commerce/oci/location-graph/uploads", "/commerce/oci/location-graph/uploads/uploadId"],
    "commerce-webstore-checkouts": ["/commerce/webstores/webstoreId/checkouts"],
    "commerce-webstore-checkout": ["/commerce/webstores/webstoreId/checkouts/activeOrCheckoutId"],
    "inventory-levels": ["/commerce/inventory/levels"],
    "connect-resources": ["/connect", "/connect/organization"],
    "external-auth-identity-providers": ["/named-credentials/external-auth-identity-providers"],
    "external-auth-identity-provider": ["/named-credentials/external-auth-identity-providers/fullName"],
    "motifs-resources": ["/connect/motifs/idOrPrefix", "/connect/motifs/batch/idOrPrefixList"],
    "group-memberships-resources": [
        "/chatter/group-memberships/membershipId",
        "/chatter/group-memberships/batch/membershipIds",
    ],
}
"""Paths that the copy of the pages lost from their code blocks; the guide's README says where each is printed."""

FOLDED: dict[str, dict[str, str]] = {
    "comment": {"GET": "", "PATCH": "CommentInput", "DELETE": ""},
    "custom-url-detail": {"GET": ""},
    "file-upload-config": {"GET": ""},
    "custom-domain-id": {"GET": ""},
}
"""Response pages that took the place of a resource page of that title: its methods, each with its body's type."""

IdOf = Callable[[Page, str], str | None]


class ResourceReader:
    """Reads resource pages into facts.

    Args:
        types: knows all types.
        facts: where resources, inline types and doubts go.
        overviews: pages with tables of paths.
        id_of: gives the true id of a page.
    """

    def __init__(self, types: TypeReader, facts: GuideFacts, overviews: list[Page], id_of: IdOf) -> None:
        self._types, self._facts, self._id_of = types, facts, id_of
        self._printed = _addresses_by_title(overviews)
        self._by_properties: dict[frozenset[str], TypeFact] = {}
        for fact in facts.types:
            if fact.name.endswith("Input"):
                self._by_properties.setdefault(frozenset(item.name for item in fact.properties), fact)

    def read(self, page: Page) -> None:
        """Read one page, which may describe several resources."""
        for part in parts_of(page, _addresses(page, everywhere=True), _LOST_ADDRESSES.get(page.name, [])):
            self._read_part(part, self._id_of(part, "resources") or self._id_of(page, "resources"))

    def read_folded(self, page: Page) -> None:
        """Read a resource whose page is missing: its paths are on the page of the response of the same title."""
        returns = self._types.known(page.title, is_input=False)
        since = [versions(row[-1])[0] for table in page.tables for row in table.rows]
        fact = ResourceFact(page=page.name, guide=self._id_of(page, "resources"), title=page.title, paths=[])
        fact.paths = _paths(_addresses(page))
        fact.since = min((version for version in since if version), default=None)
        fact.requires_chatter = any(path.path.startswith("/chatter/") for path in fact.paths)
        fact.unsure = (
            "the resource's page is missing; methods and versions are pieced together from the pages that name it"
        )
        fact.operations = [
            OperationFact(method=method, body=body or None, returns=None if method == "DELETE" else returns)
            for method, body in FOLDED[page.name].items()
        ]
        self._doubt(page, fact.unsure)
        self._facts.resources.append(fact)

    def _read_part(self, page: Page, guide: str | None) -> None:
        fact = ResourceFact(page=page.name, guide=guide, title=page.title, paths=[])
        if page.name.startswith("example") or (fact.guide and "quickreference" in fact.guide):
            return
        addresses = _addresses(page) or _printed_address(page)
        if not addresses:
            addresses = _LOST_ADDRESSES.get(page.name) or self._printed.get(normal(page.title), [])
            self._doubt(
                page, "the path is missing from the code blocks" + ("; taken from a table" if addresses else "")
            )
        fact.paths = _paths(addresses)
        if not fact.paths:
            self._doubt(page, "no path found; the resource is left out")
            return
        fact.since, fact.until = _page_versions(page)
        fact.requires_chatter = _after(page.lines, "Requires Chatter").lower().startswith("yes")
        methods = _methods(page)
        fact.operations = [OperationFact(method=method) for method in methods]
        self._sections(page, fact)
        narrowed = _narrowed(page)
        for operation in fact.operations:
            operation.since = narrowed.get(operation.method)
            if operation.method in ("GET", "POST", "PATCH", "PUT") and operation.returns is None:
                operation.unsure = "no response body was found on the page"
                self._doubt(page, f"{operation.method}: no response body found")
        self._facts.resources.append(fact)

    def _sections(self, page: Page, fact: ResourceFact) -> None:
        lines = page.lines
        marks = [(number, match) for number, line in enumerate(lines) if (match := _SECTION.match(line))]
        ends = [number for number, line in enumerate(lines) if line.startswith("## ")] + [len(lines)]
        read: list[Table] = []
        for position, (number, match) in enumerate(marks):
            end = marks[position + 1][0] if position + 1 < len(marks) else min(e for e in ends if e > number)
            what = match[1].lower()
            # `GET parameters` names its method in front, `Request parameters for GET` behind
            targets = _targets(match[2] or ("GET" if what.startswith("get ") else ""), fact.operations, what)
            tables = [table for table in page.tables if number < table.line < end and is_property_table(table)]
            read += tables
            if "param" in what:
                self._parameters(page, fact, tables, targets)
            elif what == "request body":
                self._body(page, lines[number:end], tables, targets, fact)
            else:
                self._returns(page, lines[number:end], targets)
        self._rest(page, [table for table in page.tables if is_property_table(table) and table not in read], fact)

    def _rest(self, page: Page, tables: list[Table], fact: ResourceFact) -> None:
        """Tables below no heading: the first is the body where `Properties` announces it, the rest are doubts."""
        writing = _targets("", fact.operations, "request body")
        if tables and writing and not any(operation.body for operation in writing):
            before = page.lines[: tables[0].line]
            if "Properties" in before:
                self._body(page, before, tables[:1], writing, fact)
                tables = tables[1:]
        for table in tables:
            if any(name.lower().startswith(("filter", "group")) for name in table.head):
                continue  # a response's table, which the reader of types takes
            names = ", ".join(clean(row[0]) for row in table.rows[:3])
            self._doubt(page, f"a table of {len(table.rows)} rows ({names} …) is in no section; it was not read")

    def _parameters(self, page: Page, fact: ResourceFact, tables: list[Table], targets: list[OperationFact]) -> None:
        placeholders = {name for address in fact.paths for name in re.findall(r"\{(\w+)\}", address.path)}
        for table in tables:
            for value in value_rows(table, self._types, is_input=True):
                if not re.fullmatch(r"[A-Za-z_$][\w.$:@-]*", value.name):
                    self._doubt(page, f"the parameter name {value.name[:40]!r} cannot be read")
                    continue
                if value.unsure:
                    self._doubt(page, f"{value.name}: {value.unsure}")
                if value.name in placeholders:
                    fact.path_parameters[value.name] = value.type
                    continue
                for operation in targets:
                    operation.parameters.append(value)

    def _body(
        self, page: Page, lines: list[str], tables: list[Table], targets: list[OperationFact], fact: ResourceFact
    ) -> None:
        body = None
        for line in lines:
            for match in LINK.finditer(line):
                if match[2].startswith("connect_requests"):
                    body = body or self._types.linked(match[1], match[2], is_input=True)
        if body is None and tables:
            rows = [row for table in tables for row in value_rows(table, self._types, is_input=True)]
            names = frozenset(row.name for row in rows)
            same = self._by_properties.get(names)
            if same:
                body = same.name
            else:
                body = self._types.known(page.title, is_input=True)
                known = {fact.name: fact for fact in self._facts.types}
                if body is None or not names <= {item.name for item in known[body].properties}:
                    body = self._inline(page, rows, targets, lines)
        if body is None and not any(
            word in " ".join(lines).lower() for word in ("binary", "multipart", "none", "empty")
        ):
            self._doubt(page, "a request body is announced, but its type could not be found")
        self._doubt_lost_rows(page, tables, body if targets else None)
        for operation in targets:
            operation.body = operation.body or body

    def _doubt_lost_rows(self, page: Page, tables: list[Table], body: str | None) -> None:
        """Doubt rows that the body's type does not have, or that belong to a method which the page does not list."""
        known = {item.name for fact in self._facts.types if fact.name == body for item in fact.properties}
        rows = [row.name for table in tables for row in value_rows(table, self._types, is_input=True)]
        lost = [name for name in rows if name not in known]
        if lost:
            where = f"the body {body}" if body else "a method that the page lists"
            self._doubt(page, f"these rows are no properties of {where}; they were not read: {', '.join(lost)}")

    def _inline(self, page: Page, rows: list[ValueFact], targets: list[OperationFact], lines: list[str]) -> str:
        name = type_name(page.title, is_input=True)
        taken = {fact.name for fact in self._facts.types}
        if name in taken:
            verb = "".join(operation.method.capitalize() for operation in targets)
            name = type_name(f"{page.title} {verb}", is_input=True)
        number, wanted = 2, name
        while name in taken:
            name = f"{wanted.removesuffix('Input')}{number}Input"
            number += 1
        xml = next((root_tag(lines, index) for index, line in enumerate(lines) if line == "Root XML tag"), None)
        fact = TypeFact(page=page.name, guide=self._id_of(page, "resources"), title=page.title, name=name, xml=xml)
        fact.properties = rows
        self._facts.types.append(fact)
        self._by_properties[frozenset(row.name for row in rows)] = fact
        return name

    def _returns(self, page: Page, lines: list[str], targets: list[OperationFact]) -> None:
        text = " ".join(lines)
        found = next(
            (
                name
                for match in LINK.finditer(text)
                if match[2].startswith("connect_responses")
                and (name := self._types.linked(match[1], match[2], is_input=False))
            ),
            None,
        )
        if found is None:
            found = next(
                (name for line in lines[1:4] if line and (name := self._types.known(clean(line), is_input=False))), None
            )
        if found is None and re.search(r"(?i)binary (?:stream|data|file)|file's content", text):
            found = "Binary"
        if found is None:
            return
        if re.search(r"(?i)\b(?:array|list) of \[|\]\([^)]*\)\s*\[\]", text) and not found.endswith(
            ("s", "Collection", "Page", "List")
        ):
            found = f"list<{found}>"
        for operation in targets:
            if operation.method not in ("DELETE", "HEAD"):
                operation.returns = operation.returns or found

    def _doubt(self, page: Page, text: str) -> None:
        self._facts.doubts.append(Doubt(page.name, text))


def _printed_address(page: Page) -> list[str]:
    """The path that is plain text below the line `Resource`."""
    address = clean(_after(page.lines, "Resource"))
    return [address.split("?")[0]] if re.fullmatch(r"/[A-Za-z][\w${}/.<>?=&-]+", address) else []


def _targets(text: str, operations: list[OperationFact], what: str) -> list[OperationFact]:
    named = [operation for operation in operations if re.search(rf"(?i)\b{operation.method}\b", text)]
    if named:
        return named
    if what == "request body":
        return [operation for operation in operations if operation.method in ("POST", "PATCH", "PUT")]
    return list(operations)


def _after(lines: list[str], *labels: str) -> str:
    for number, line in enumerate(lines):
        if line.rstrip(":") in labels:
            return next((later for later in lines[number + 1 : number + 5] if later), "")
    return ""


def _page_versions(page: Page) -> tuple[int | None, int | None]:
    labels = (
        "Available version",
        "Available since version",
        "Available versions",
        "Available since release",
        "Available Version",
    )
    return versions(clean(_after(page.lines, *labels)))


def _methods(page: Page) -> list[str]:
    text = clean(_after(page.lines, "HTTP method", "HTTP methods", "HTTP Method", "HTTP Methods"))
    return [method for method in _METHODS if re.search(rf"\b{method}\b", text)]


def _addresses(page: Page, *, everywhere: bool = False) -> list[str]:
    found: list[str] = []
    for block in page.code:
        text = "".join(block.split())
        is_address = re.fullmatch(r"/?[A-Za-z][\w${}/.<>-]*(?:\?.*)?", text) and (
            "/" in text.strip("/") or len(text) > 7
        )
        concrete = "services/data" in text and re.search(r"/0[A-Za-z0-9]{14,17}(?:/|$|\?)|/me(?:/|$|\?)", text)
        if text.startswith(_METHODS) or not is_address or concrete:
            if everywhere:
                continue
            break
        if everywhere and re.search(r"/0[A-Za-z0-9]{14,17}(?:/|$)", text):
            continue
        found.append(re.sub(r"^.*?services/data/v[^/]*", "", text.split("?")[0]))
    return found


def _paths(addresses: list[str]) -> list[PathFacts]:
    whole = list(dict.fromkeys(_path(address) for address in addresses))
    outside = [path for path in whole if not path.startswith(f"{_SITE}/")]
    inside = {_outside(path) for path in whole if path.startswith(f"{_SITE}/")}
    both = {_loose(path) for pair in inside for path in pair}
    paths = [PathFacts(path=path, site=_loose(path) in both) for path in outside]
    known = {_loose(path) for path in outside}
    only_inside = (path for path in whole if path.startswith(f"{_SITE}/"))
    lone = [path for path in only_inside if not any(_loose(one) in known for one in _outside(path))]
    return paths + [PathFacts(path=path) for path in lone]


def _narrowed(page: Page) -> dict[str, int]:
    """The methods that a sentence begins later than their resource, with their first version."""
    found: dict[str, int] = {}
    for line in page.lines:
        for match in _NARROWING.finditer(line):
            found |= dict.fromkeys(re.findall("|".join(_METHODS), match[1]), int(match[2]))
    return found


def _outside(path: str) -> tuple[str, str]:
    rest = path.removeprefix(_SITE)
    return rest, f"/connect{rest}"


def _loose(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path).lower()


def _path(address: str) -> str:
    segments = [segment for segment in address.strip("/").split("/") if segment]
    return "/" + "/".join(_segment(segment) for segment in segments)


def _segment(segment: str) -> str:
    bare = segment.strip("${}<>")
    if bare != segment:
        return "{" + re.sub(r"\W", "", bare) + "}"
    if segment in _FIXED_WITH_CAPITALS or "-" in segment:
        return segment
    if re.fullmatch(r"[a-z]+(?:[A-Z0-9][A-Za-z0-9]*|_list)", segment) or segment == "id":
        if "_" in segment:
            return "{" + segment.replace("_list", "Ids") + "}"
        return "{" + segment + "}"
    return segment


def _addresses_by_title(overviews: list[Page]) -> dict[str, list[str]]:
    """Paths of overview tables by the title of the page that their row links to."""
    found: dict[str, list[str]] = {}
    for page in overviews:
        for table in page.tables:
            for row in table.rows:
                match = LINK.search(row[0])
                address = clean(row[0])
                if match and address.startswith("/") and " " not in address:
                    for title in re.findall(r"\"([^\"]*)\"", row[0]):
                        found.setdefault(normal(title), []).append(address)
    return found
