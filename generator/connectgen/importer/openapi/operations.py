"""Turns the paths of a file into resources with operations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from connectgen.catalogue.yaml_reader import LineDict
from connectgen.importer.emit import ordered
from connectgen.importer.openapi.bodies import Bodies
from connectgen.importer.openapi.document import Document, is_array, is_object, operations_of
from connectgen.importer.openapi.facts import Facts
from connectgen.importer.openapi.known import Known
from connectgen.importer.openapi.leftovers import Leftovers
from connectgen.importer.openapi.media import names_xml
from connectgen.importer.openapi.pagination import pagination_of
from connectgen.importer.openapi.reach import SENT_BY_CLIENTS
from connectgen.importer.openapi.results import Results
from connectgen.importer.openapi.schemas import API_NAME, AddRemark, Schemas
from connectgen.importer.paths import distinct_placeholders, path_shape
from connectgen.importer.yaml_files import Plain

_SITE = re.compile(r"/connect/communities/\{[^}]+\}(?=/.)")
_BASE = re.compile(
    r"^(?:/services/data/(?:v[^/]+|\{[^/}]*version[^/}]*\})|/data/v(?:\d\d\d?\.0|\{[^/}]*\}))(?=/)", re.IGNORECASE
)
_PLACEHOLDER = re.compile(r"\{([^}]*)\}")
_VERBS = {"GET": "Read", "HEAD": "Check", "POST": "Create", "PATCH": "Update", "PUT": "Replace", "DELETE": "Delete"}
_PATH = re.compile(r"(?:/(?:[A-Za-z0-9_][A-Za-z0-9_.~-]*|\{[A-Za-z][A-Za-z0-9]*\}))+")
_LONGEST_PATH = 400
_SHOWN = 200


class Operations:
    """The resources of a file.

    Args:
        document: the file.
        schemas: makes types.
        facts: reads versions and limits.
        known: what the catalogue has.
        remark: called with remarks.
        left: collects what is left out.
    """

    def __init__(
        self, document: Document, schemas: Schemas, facts: Facts, known: Known, remark: AddRemark, left: Leftovers
    ) -> None:
        self.resources: dict[str, Plain] = {}
        self.without_path: list[str] = []
        """Operations whose paths the catalogue cannot have."""
        self.tagged: dict[str, list[str]] = {}
        """The paths of each tag, in the order of the file."""
        self._document = document
        self._schemas = schemas
        self._facts = facts
        self._known = known
        self._remark = remark
        self._left = left
        self._bodies = Bodies(document, schemas, facts, known, remark, left)
        self._results = Results(document, schemas, remark, left)
        self._placeholders: dict[tuple[str, str], str] = {}
        """The type of each placeholder, as the first operation with it has it."""
        self._by_address: dict[str, str] = {}
        written = document.object_at(document.root, "paths")
        self._addresses = {path_shape(path) for path in written if len(path) <= _LONGEST_PATH}
        self._addresses |= set(known.groups)
        self._meant: dict[tuple[str, str], tuple[LineDict, str]] = {}
        self._says_nothing_of_xml = not known.json_only and not names_xml(document)

    def read(self) -> None:
        """Read every operation.

        Raises:
            SourceError: the file is at fault.
        """
        # What has a query in its path comes last: it may be another operation once more.
        for raw_path, line, item, method, operation in sorted(
            operations_of(self._document), key=lambda one: "?" in one[0]
        ):
            found = self._path(raw_path, line)
            if found is None:
                self.without_path.append(f"{method} {raw_path}")
                continue
            path, in_site = found
            own = self._resource(path, in_site=in_site)
            key = (method, path_shape(own))
            if key in self._meant and "?" in raw_path:
                self._remark(f"{method} {raw_path}", f"is {method} {self._meant[key][1]} with a query; left out")
                continue
            if key in self._meant:
                self._again(raw_path, line, method, operation, key, in_site=in_site)
                continue
            written = self._operation(own, raw_path, item, method, operation)
            if written is None:
                continue
            self._meant[key] = (operation, raw_path)
            self.resources[own]["operations"][method] = written
            tags = [str(tag) for tag in self._document.array_at(operation, "tags")]
            self.tagged.setdefault(tags[0] if tags else "", []).append(own)
        for path in [path for path, entry in self.resources.items() if not entry["operations"]]:
            del self.resources[path]
        self.resources = {path: ordered(entry) for path, entry in self.resources.items()}

    # Paths

    def _path(self, raw: str, line: int) -> tuple[str, bool] | None:
        """The path in the catalogue's manner, and whether it is in a site; None where the catalogue cannot have it."""
        written, _, query = raw.partition("?")
        path = _PLACEHOLDER.sub(_plain_placeholder, _BASE.sub("", written.rstrip("/")))
        if len(raw) > _LONGEST_PATH or not _PATH.fullmatch(path):
            shown = raw if len(raw) <= _SHOWN else f"{raw[:_SHOWN]}…"
            self._remark(
                shown,
                f"line {line}: cannot be a path of the catalogue, which is like /ssot/things/{{thingId}}; left out",
            )
            return None
        if query:
            self._remark(raw[:_SHOWN], "its query is no part of the path in the catalogue")
        path = distinct_placeholders(path)
        inside = _SITE.match(path)
        if inside is None:
            return path, False
        rest = path[inside.end() :]
        outside = rest if rest.startswith(("/chatter/", "/commerce/")) else f"/connect{rest}"
        exists = path_shape(outside) in self._addresses
        return (outside, True) if exists else (path, False)

    def _resource(self, path: str, *, in_site: bool) -> str:
        """The path by which a resource is known; a new one where there is none."""
        key = path_shape(path)
        own = self._by_address.setdefault(key, path)
        if own not in self.resources:
            entry: Plain = {"path": own}
            names = _PLACEHOLDER.findall(own)
            if names:
                entry["parameters"] = dict.fromkeys(names, "String")
            self.resources[own] = {**entry, "operations": {}}
        if in_site:
            self.resources[own]["site"] = "optional"
        return own

    def _again(
        self, path: str, line: int, method: str, operation: LineDict, key: tuple[str, str], *, in_site: bool
    ) -> None:
        """A method on a path that the file already had: the same once more, or a fault."""
        first, first_path = self._meant[key]
        if in_site or _content(first) == _content(operation):
            if path != first_path and not in_site:
                self._remark(f"{method} {path}", f"is the same operation as {method} {first_path}; taken once")
            return
        raise self._document.error(
            line,
            f"{method} {path} and {method} {first_path} (line {first.line}) are one operation, but differ",
            "paths differ only in a placeholder's name: remove one of them, or make them alike",
        )

    # Operations

    def _operation(self, own: str, raw_path: str, item: LineDict, method: str, operation: LineDict) -> Plain | None:
        where = f"{method} {raw_path}"
        versions = self._facts.versions(operation)
        if versions is None:
            return None
        title = self._document.text_at(operation, "summary") or raw_path
        entry: Plain = {"summary": f"{_VERBS[method]}: {' '.join(title.split()).rstrip('.')}.", **versions}
        table = self._parameters(own, raw_path, item, method, operation)
        media_types = self._bodies.read(entry, table, where, (method, path_shape(own)), operation)
        if media_types and not self._takes_xml(media_types):
            entry["xml"] = False
        if table:
            entry["parameters"] = table
        answer = self._answer(entry, where, operation)
        stage = self._facts.extension(operation, "x-stage") or _stage_in(title)
        if stage in ("beta", "pilot"):
            entry["stage"] = stage
        pagination = pagination_of(method, table, answer, self._schemas, where)
        if pagination:
            entry["pagination"] = pagination
        return ordered(entry)

    def _parameters(self, own: str, raw_path: str, item: LineDict, method: str, operation: LineDict) -> Plain:
        found: dict[tuple[str, str], tuple[LineDict, str]] = {}
        for holder in (item, operation):
            for written in self._document.array_at(holder, "parameters"):
                line = written.line if is_object(written) else holder.line_of("parameters")
                parameter, _ = self._document.resolved(written, line)
                name, place = self._document.text_at(parameter, "name"), self._document.text_at(parameter, "in")
                is_own = holder is operation and parameter is written
                # What an operation describes in place is a type of its own.
                found[name, place] = parameter, (f"{method} {raw_path}" if is_own else raw_path)
        ours, theirs = _PLACEHOLDER.findall(own), _PLACEHOLDER.findall(raw_path)
        # From the end: inside a site the file's path has one placeholder more.
        names = dict(zip(reversed(theirs), reversed(ours), strict=False))
        table: Plain = {}
        for (name, place), (parameter, where) in found.items():
            if place == "path":
                self._path_parameter(own, names.get(name, name), parameter)
            elif name in ours and place in ("query", "header"):
                self._left.note("parameter name", "a placeholder of the path has the name", parameter.line)
            elif place in ("query", "header") and not (place == "header" and name.lower() in SENT_BY_CLIENTS):
                self._plain_parameter(table, name, place, parameter, where)
            elif place not in ("query", "header", "cookie"):
                self._left.note("parameter in", f"{place[:40]!r} is no place of OpenAPI", parameter.line)
        return table

    def _plain_parameter(self, table: Plain, name: str, place: str, parameter: LineDict, where: str) -> None:
        """A parameter of the query or a header."""
        if not API_NAME.fullmatch(name):
            self._remark(where, f"{name[:60]!r} cannot be the name of a parameter; left out")
            return
        if name in table:
            self._left.note("parameter name", "another parameter of the operation has the name", parameter.line)
            return
        fact = self._parameter(parameter, where)
        if fact is None:
            return
        style = self._list_style(parameter, place, str(fact["type"]))
        if style:
            fact["style"] = style
        if place == "header":
            fact["in"] = "header"
        table[name] = _short(ordered(fact))

    def _list_style(self, parameter: LineDict, place: str, type_text: str) -> str | None:
        """How a list of the query is sent, where the file says it."""
        style, explode = parameter.get("style"), parameter.get("explode")
        if style is None and explode is None:
            return None
        usual = "simple" if place == "header" else "form"
        if style not in (None, usual):
            self._left.note("parameter style", "a list is sent with commas, or once for each item", parameter.line)
            return None
        if place != "query" or not type_text.startswith("list<"):
            return None
        return "commas" if explode is False else "repeated"

    def _path_parameter(self, own: str, name: str, parameter: LineDict) -> None:
        table = self.resources[own].get("parameters", {})
        if name not in table:
            self._left.note("parameter in path", "the path has no placeholder of that name", parameter.line)
            return
        fact = self._schemas.fact(self._schema_of(parameter), f"/parameters/{name}", is_input=True)
        self._left.note_object(str(fact["type"]), parameter.line)
        if fact.pop("default", None) is not None:
            self._left.note("schema default", "in a path: a placeholder is always filled", parameter.line)
        first = self._placeholders.setdefault((own, name), str(fact["type"]))
        if first != fact["type"]:
            line = parameter.line
            self._remark(own, f"the placeholder {name} is {fact['type']} in line {line}, but {first} was taken")
        elif table[name] == "String":
            table[name] = _short(ordered(fact))

    def _parameter(self, parameter: LineDict, where: str) -> Plain | None:
        versions = self._facts.versions(parameter)
        if versions is None:
            return None
        name = self._document.text_at(parameter, "name")
        schema = self._schema_of(parameter)
        fact = self._schemas.fact(schema, f"/paths/{where}/{name}", is_input=True)
        self._left.note_object(str(fact["type"]), parameter.line)
        own = self._facts.limits(_described(schema, parameter), str(fact["type"]))
        fact = {**own, **fact}
        if parameter.get("required") is True:
            fact["required"] = True
        return ordered({**fact, **versions})

    def _schema_of(self, parameter: LineDict) -> LineDict:
        schema = parameter.get("schema")
        if is_object(schema):
            return schema
        contents = self._document.object_at(parameter, "content")
        first = next(iter(contents.values()), None)
        inner = first.get("schema") if is_object(first) else None
        return inner if is_object(inner) else _text_schema(parameter.line)

    # Responses

    def _answer(self, entry: Plain, where: str, operation: LineDict) -> str:
        """The result and its statuses; gives the pointer of the result's schema, or nothing."""
        result = self._results.result_of(operation, where)
        entry |= result.facts
        if result.media_types and not self._takes_xml(result.media_types):
            entry["xml"] = False
        elif result.media_types:
            entry.pop("xml", None)
        return result.pointer

    def _takes_xml(self, media_types: Iterable[str]) -> bool:
        """Whether XML goes too: where a file names JSON alone everywhere, it says nothing of XML."""
        return self._says_nothing_of_xml or any("xml" in media for media in media_types)


def _plain_placeholder(match: re.Match[str]) -> str:
    """`{thing_id}` → `{thingId}`: the catalogue's placeholders are letters and digits."""
    first, *others = re.split(r"[^0-9A-Za-z]+", match[1].strip())
    return "{" + first + "".join(word[:1].upper() + word[1:] for word in others) + "}"


def _content(operation: LineDict) -> Any:
    """What an operation takes and gives, without its prose and its path parameters."""

    def plain(value: Any) -> Any:
        if is_object(value):
            return {key: plain(inner) for key, inner in value.items() if key not in _PROSE}
        if is_array(value):
            return [plain(inner) for inner in value if not (is_object(inner) and inner.get("in") == "path")]
        return value

    return {key: inner for key, inner in plain(operation).items() if inner not in ([], {})}


_PROSE = frozenset(["summary", "description", "tags", "operationId", "examples", "example", "externalDocs"])


def _described(schema: LineDict, parameter: LineDict) -> LineDict:
    """A parameter's schema with the parameter's description, which has its limits."""
    described = LineDict(schema.line)
    described.lines = schema.lines
    described.update(schema)
    described["description"] = parameter.get("description", "")
    return described


def _text_schema(line: int) -> LineDict:
    schema = LineDict(line)
    schema["type"] = "string"
    return schema


def _stage_in(title: str) -> str | None:
    """`Get seeds (Beta)` → `beta`."""
    found = re.search(r"\((Beta|Pilot)\)", title, re.IGNORECASE)
    return found[1].lower() if found else None


def _short(fact: Plain) -> Any:
    return fact["type"] if set(fact) == {"type"} else fact
