"""Turns the paths of a file into resources with operations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from connectgen.catalogue.types import ScalarType
from connectgen.catalogue.yaml_reader import LineDict
from connectgen.importer.emit import is_mapping, ordered
from connectgen.importer.openapi.document import Document, is_array, is_object, operations_of
from connectgen.importer.openapi.facts import Facts
from connectgen.importer.openapi.known import Known
from connectgen.importer.openapi.leftovers import Leftovers
from connectgen.importer.openapi.media import is_form, is_json, is_multipart, is_xml, names_xml, schema_of
from connectgen.importer.openapi.pagination import pagination_of
from connectgen.importer.openapi.reach import SENT_BY_CLIENTS
from connectgen.importer.openapi.results import Results
from connectgen.importer.openapi.schemas import AddRemark, Schemas
from connectgen.importer.paths import distinct_placeholders, path_shape
from connectgen.importer.relative import facts_of
from connectgen.importer.yaml_files import Plain

_SITE = re.compile(r"/connect/communities/\{[^}]+\}(?=/.)")
_BASE = re.compile(
    r"^(?:/services/data/(?:v[^/]+|\{[^/}]*version[^/}]*\})|/data/v(?:\d\d\d?\.0|\{[^/}]*\}))(?=/)", re.IGNORECASE
)
_PLACEHOLDER = re.compile(r"\{([^}]*)\}")
_API_NAME = re.compile(r"[_$@]*[A-Za-z0-9][A-Za-z0-9_.$:@\[\]-]*")
_VERBS = {"GET": "Read", "HEAD": "Check", "POST": "Create", "PATCH": "Update", "PUT": "Replace", "DELETE": "Delete"}
_SCALARS = frozenset(kind.value for kind in ScalarType)
_PATH = re.compile(r"(?:/(?:[A-Za-z0-9_][A-Za-z0-9_.~-]*|\{[A-Za-z][A-Za-z0-9]*\}))+")
_LONGEST_PATH = 400
_SHOWN = 200
_NO_BODY = frozenset(["GET", "HEAD", "DELETE"])


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
        self._results = Results(document, schemas, remark, left)
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
        self._body(entry, table, where, (method, path_shape(own)), operation)
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
            elif place in ("query", "header") and not (place == "header" and name.lower() in SENT_BY_CLIENTS):
                self._plain_parameter(table, name, place, parameter, where)
            elif place not in ("query", "header", "cookie"):
                self._left.note("parameter in", f"{place[:40]!r} is no place of OpenAPI", parameter.line)
        return table

    def _plain_parameter(self, table: Plain, name: str, place: str, parameter: LineDict, where: str) -> None:
        """A parameter of the query or a header."""
        if not _API_NAME.fullmatch(name):
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
        if fact.pop("default", None) is not None:
            self._left.note("schema default", "in a path: a placeholder is always filled", parameter.line)
        if table[name] == "String":
            table[name] = _short(ordered(fact))
        elif facts_of(table[name])[0]["type"] != fact["type"]:
            first = facts_of(table[name])[0]["type"]
            self._remark(
                own, f"the placeholder {name} is {fact['type']} in line {parameter.line} too; {first} was taken"
            )

    def _parameter(self, parameter: LineDict, where: str) -> Plain | None:
        versions = self._facts.versions(parameter)
        if versions is None:
            return None
        name = self._document.text_at(parameter, "name")
        schema = self._schema_of(parameter)
        fact = self._schemas.fact(schema, f"/paths/{where}/{name}", is_input=True)
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

    # Bodies and responses

    def _body(self, entry: Plain, table: Plain, where: str, key: tuple[str, str], operation: LineDict) -> None:
        method = key[0]
        written = operation.get("requestBody")
        if written is None:
            return
        body, _ = self._document.resolved(written, operation.line_of("requestBody"))
        if method in _NO_BODY:
            self._remark(where, f"a {method} has no body; left out")
            return
        required = body.get("required") is True
        contents = self._document.object_at(body, "content")
        taken: dict[str, LineDict] = {}
        for media, content in contents.items():
            schema = schema_of(content)
            if schema is None:
                continue
            if is_multipart(media):
                self._multipart(entry, table, where, schema, key)
            elif is_form(media):
                self._form(table, where, schema)
            elif is_json(media) and "body" not in entry:
                self._json(entry, where, schema, required=required)
            elif not (is_xml(media) or (is_json(media) and schema in taken.values())):
                continue
            taken[media] = schema
        lost = [media for media in contents if media not in taken]
        if lost and taken:
            self._remark(where, f"takes {', '.join(lost)} too, which the client does not send; left out")
        if "body" not in entry and "parts" not in entry and not any(_is_field(fact) for fact in table.values()):
            self._remark(
                where,
                f"takes {', '.join(contents) or 'a body without a content type'}, which is not understood; left out",
            )
        if not self._takes_xml(contents):
            entry["xml"] = False

    def _json(self, entry: Plain, where: str, schema: LineDict, *, required: bool) -> None:
        whole = self._schemas.fact(schema, f"/paths/{where}/body", is_input=True)
        fact = _bare(whole)
        for key in [key for key in whole if key not in fact]:
            self._left.note(f"body {key}", "of a whole body the catalogue has the type alone", schema.line)
        if not required and not any(needed for _, needed in self._schemas.properties_of(schema, where).values()):
            fact["required"] = False
        entry["body"] = _short(ordered(fact))

    def _form(self, table: Plain, where: str, schema: LineDict) -> None:
        for name, (inner, needed) in self._schemas.properties_of(schema, where).items():
            versions = self._facts.versions(inner)
            if versions is None or not self._is_field_name(name, where, inner.line):
                continue
            if name in table:
                self._left.note("parameter name", "another parameter of the operation has the name", inner.line)
                continue
            fact = self._schemas.fact(inner, f"/paths/{where}/form/{name}", is_input=True) | versions
            if needed:
                fact["required"] = True
            table[name] = ordered({**fact, "in": "form"})

    def _is_field_name(self, name: str, where: str, line: int) -> bool:
        if _API_NAME.fullmatch(name):
            return True
        self._remark(where, f"{name[:60]!r} (line {line}) cannot be the name of a field; left out")
        return False

    def _multipart(self, entry: Plain, table: Plain, where: str, schema: LineDict, key: tuple[str, str]) -> None:
        """The parts of a multipart body: binary ones, the part with the body, and plain fields beside them."""
        parts: Plain = {}
        fields: Plain = {}
        for name, (inner, needed) in self._schemas.properties_of(schema, where).items():
            shape, _ = self._document.resolved(inner, inner.line)
            versions = self._facts.versions(inner)
            if versions is None or not self._is_field_name(name, where, inner.line):
                continue
            files = shape.get("items") if shape.get("type") == "array" else None
            if is_object(files) and _is_binary(self._document.resolved(files, files.line)[0]):
                self._remark(where, f"its part {name} may be several files; one was taken")
                shape = self._document.resolved(files, files.line)[0]
            if _is_binary(shape):
                parts[name] = {**({"required": True} if needed else {}), **versions}
                continue
            fact = self._schemas.fact(inner, f"/paths/{where}/{name}", is_input=True)
            if not _is_object_type(str(fact["type"])):
                fields[name] = ordered({**fact, **versions, **({"required": True} if needed else {}), "in": "form"})
            elif "body" in entry and facts_of(entry["body"])[0]["type"] != fact["type"]:
                self._remark(where, f"its part {name} is {fact['type']}, but its JSON body is another; left out")
            else:
                entry["json_part"] = name
                entry.setdefault("body", _short(ordered({**_bare(fact), **({} if needed else {"required": False})})))
        body = self._known.body_with(key, set(fields))
        if body and "body" not in entry:
            # The fields are the properties of a body that the catalogue has: they are sent together, as one JSON part.
            entry["body"] = {"type": body, "required": False}
            own = {name: {item: value for item, value in fact.items() if item != "in"} for name, fact in fields.items()}
            self._schemas.types.setdefault(body, {"summary": f"{body}.", "properties": own})
            self._remark(where, f"its parts {', '.join(fields)} are the properties of {body}")
        elif fields and "body" not in entry:
            for name in sorted(fields.keys() & table.keys()):
                self._remark(where, f"its field {name} is a parameter of the operation already; left out")
            table.update({name: fact for name, fact in fields.items() if name not in table})
        elif fields:
            names = ", ".join(fields)
            self._remark(where, f"its fields {names} go beside a body, which the catalogue cannot say; left out")
        if "json_part" in entry and not parts:
            self._remark(
                where, f"its part {entry['json_part']} goes as the whole body: without a file there are no parts"
            )
        if entry.get("json_part") == "json" or not parts:
            entry.pop("json_part", None)
        if parts:
            entry["parts"] = parts

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


def _is_object_type(text: str) -> bool:
    """Whether a type is an object's, which only a part of JSON can hold."""
    names = [name for name in text.split(" | ") if not name.startswith("list<")]
    return bool(names) and all(name.startswith("map<") or name not in _SCALARS for name in names)


def _is_binary(shape: LineDict) -> bool:
    return shape.get("format") == "binary" or "contentMediaType" in shape or shape.get("contentEncoding") == "binary"


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


def _bare(fact: Plain) -> Plain:
    """A fact with no more than its type, and why that is open."""
    return {key: value for key, value in fact.items() if key in ("type", "because")}


def _stage_in(title: str) -> str | None:
    """`Get seeds (Beta)` → `beta`."""
    found = re.search(r"\((Beta|Pilot)\)", title, re.IGNORECASE)
    return found[1].lower() if found else None


def _is_field(fact: Any) -> bool:
    return is_mapping(fact) and fact.get("in") == "form"


def _short(fact: Plain) -> Any:
    return fact["type"] if set(fact) == {"type"} else fact
