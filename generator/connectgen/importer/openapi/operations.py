"""Turns the paths of a file into resources with operations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from connectgen.catalogue.yaml_reader import LineDict
from connectgen.importer.emit import is_mapping, ordered
from connectgen.importer.openapi.document import Document, is_array, is_object, operations_of
from connectgen.importer.openapi.facts import Facts
from connectgen.importer.openapi.known import Known
from connectgen.importer.openapi.pagination import pagination_of
from connectgen.importer.openapi.schemas import AddRemark, Schemas
from connectgen.importer.paths import distinct_placeholders, path_shape
from connectgen.importer.relative import facts_of
from connectgen.importer.yaml_files import Plain

_SITE = re.compile(r"/connect/communities/\{[^}]+\}(?=/.)")
_BASE = re.compile(
    r"^(?:/services/data/(?:v[^/]+|\{[^/}]*version[^/}]*\})|/data/v(?:\d\d\d?\.0|\{[^/}]*\}))(?=/)", re.IGNORECASE
)
_PLACEHOLDER = re.compile(r"\{([^}]*)\}")
_API_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_.$:@-]*")
_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json(?:;.*)?")
_VERBS = {"GET": "Read", "HEAD": "Check", "POST": "Create", "PATCH": "Update", "PUT": "Replace", "DELETE": "Delete"}
_SENT_BY_CLIENTS = frozenset(["authorization", "accept", "content-type"])
_LONGEST_PATH = 1_000
_NO_BODY = frozenset(["GET", "HEAD", "DELETE"])


class Operations:
    """The resources of a file.

    Args:
        document: the file.
        schemas: makes types.
        facts: reads versions and limits.
        known: what the catalogue has.
        remark: called with remarks.
    """

    def __init__(self, document: Document, schemas: Schemas, facts: Facts, known: Known, remark: AddRemark) -> None:
        self.resources: dict[str, Plain] = {}
        self.tagged: dict[str, list[str]] = {}
        """The paths of each tag, in the order of the file."""
        self._document = document
        self._schemas = schemas
        self._facts = facts
        self._known = known
        self._remark = remark
        self._by_address: dict[str, str] = {}
        written = document.object_at(document.root, "paths")
        self._addresses = {path_shape(path) for path in written if len(path) <= _LONGEST_PATH}
        self._addresses |= set(known.groups)
        self._meant: dict[tuple[str, str], tuple[LineDict, str]] = {}
        self._says_nothing_of_xml = not known.json_only and not _names_xml(document)

    def read(self) -> None:
        """Read every operation.

        Raises:
            SourceError: the file is at fault.
        """
        for raw_path, line, item, method, operation in operations_of(self._document):
            path, in_site = self._path(raw_path, line)
            own = self._resource(path, in_site=in_site)
            key = (method, path_shape(own))
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

    def _path(self, raw: str, line: int) -> tuple[str, bool]:
        if len(raw) > _LONGEST_PATH:
            raise self._document.error(line, f"the path {raw[:80]!r}… is too long", "correct it")
        path = _PLACEHOLDER.sub(_plain_placeholder, _BASE.sub("", raw.split("?")[0].rstrip("/")))
        if not re.fullmatch(r"(?:/(?:[A-Za-z0-9_][A-Za-z0-9_.~-]*|\{[A-Za-z][A-Za-z0-9]*\}))+", path):
            message = f"the path {raw[:80]!r} cannot be used"
            raise self._document.error(line, message, "write it like /ssot/things/{thingId}")
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
        table = self._parameters(own, raw_path, item, operation)
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

    def _parameters(self, own: str, raw_path: str, item: LineDict, operation: LineDict) -> Plain:
        found: dict[tuple[str, str], LineDict] = {}
        for holder in (item, operation):
            for written in self._document.array_at(holder, "parameters"):
                line = written.line if is_object(written) else holder.line_of("parameters")
                parameter, _ = self._document.resolved(written, line)
                name, place = self._document.text_at(parameter, "name"), self._document.text_at(parameter, "in")
                found[name, place] = parameter
        ours, theirs = _PLACEHOLDER.findall(own), _PLACEHOLDER.findall(raw_path)
        # From the end: inside a site the file's path has one placeholder more.
        names = dict(zip(reversed(theirs), reversed(ours), strict=False))
        table: Plain = {}
        for (name, place), parameter in found.items():
            if place == "path":
                self._path_parameter(own, names.get(name, name), parameter)
                continue
            if place not in ("query", "header") or name.lower() in _SENT_BY_CLIENTS:
                continue
            if not _API_NAME.fullmatch(name):
                self._remark(f"{raw_path}", f"{name[:60]!r} cannot be the name of a parameter; left out")
                continue
            fact = self._parameter(parameter, raw_path)
            if fact is None:
                continue
            if place == "header":
                fact["in"] = "header"
            table[name] = _short(ordered(fact))
        return table

    def _path_parameter(self, own: str, name: str, parameter: LineDict) -> None:
        table = self.resources[own].get("parameters", {})
        if name not in table or table[name] != "String":
            return
        fact = self._schemas.fact(self._schema_of(parameter), f"/parameters/{name}", is_input=True)
        fact.pop("default", None)
        table[name] = _short(ordered(fact))

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
        for media, content in contents.items():
            schema = content.get("schema") if is_object(content) else None
            if not is_object(schema):
                continue
            if media.startswith("multipart/"):
                self._multipart(entry, table, where, schema, key)
            elif media == "application/x-www-form-urlencoded":
                self._form(table, where, schema)
            elif _JSON.fullmatch(media) and "body" not in entry:
                self._json(entry, where, schema, required=required)
        if "body" not in entry and "parts" not in entry and not any(_is_form(fact) for fact in table.values()):
            self._remark(
                where,
                f"takes {', '.join(contents) or 'a body without a content type'}, which is not understood; left out",
            )
        if not self._takes_xml(contents):
            entry["xml"] = False

    def _json(self, entry: Plain, where: str, schema: LineDict, *, required: bool) -> None:
        fact = self._schemas.fact(schema, f"/paths/{where}/body", is_input=True)
        fact = _bare(fact)
        if not required and not any(needed for _, needed in self._schemas.properties_of(schema, where).values()):
            fact["required"] = False
        entry["body"] = _short(ordered(fact))

    def _form(self, table: Plain, where: str, schema: LineDict) -> None:
        for name, (inner, needed) in self._schemas.properties_of(schema, where).items():
            versions = self._facts.versions(inner)
            if versions is None or name in table:
                continue
            fact = self._schemas.fact(inner, f"/paths/{where}/form/{name}", is_input=True) | versions
            if needed:
                fact["required"] = True
            table[name] = ordered({**fact, "in": "form"})

    def _multipart(self, entry: Plain, table: Plain, where: str, schema: LineDict, key: tuple[str, str]) -> None:
        """The parts of a multipart body: binary ones, the part with the body, and plain fields beside them."""
        parts: Plain = {}
        fields: Plain = {}
        for name, (inner, needed) in self._schemas.properties_of(schema, where).items():
            shape, _ = self._document.resolved(inner, inner.line)
            versions = self._facts.versions(inner)
            if versions is None:
                continue
            if _is_binary(shape):
                parts[name] = {**({"required": True} if needed else {}), **versions}
                continue
            fact = self._schemas.fact(inner, f"/paths/{where}/{name}", is_input=True)
            if str(fact["type"]) in _FORM_TYPES:
                fields[name] = ordered({**fact, **versions, **({"required": True} if needed else {}), "in": "form"})
            elif "body" not in entry or str(entry["body"]) == str(fact["type"]) or "json_part" not in entry:
                if "body" in entry and facts_of(entry["body"])[0]["type"] != fact["type"]:
                    self._remark(where, f"its part {name} is {fact['type']}, but its JSON body is another; left out")
                    continue
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
            table.update({name: fact for name, fact in fields.items() if name not in table})
        if entry.get("json_part") == "json":
            del entry["json_part"]
        if parts:
            entry["parts"] = parts

    def _answer(self, entry: Plain, where: str, operation: LineDict) -> str:
        """The result and its statuses; gives the pointer of the result's schema, or nothing."""
        responses = self._document.object_at(operation, "responses")
        texts: list[str] = []
        statuses: list[int] = []
        pointer = ""
        media_types: list[str] = []
        for code, written in responses.items():
            if not re.fullmatch(r"2\d\d", code):
                continue
            response, _ = self._document.resolved(written, responses.lines[code])
            statuses.append(int(code))
            for media, content in self._document.object_at(response, "content").items():
                media_types.append(media)
                schema = content.get("schema") if is_object(content) else None
                if int(code) in (204, 205):
                    self._remark(
                        where, f"responds with {code}, which has no content, with content; the content was left out"
                    )
                elif is_object(schema) and _JSON.fullmatch(media):
                    texts.append(str(self._schemas.fact(schema, f"/paths/{where}/answer", is_input=False)["type"]))
                    pointer = self._document.text_at(schema, "$ref").removeprefix("#") or pointer
                elif is_object(schema) and "xml" not in media:
                    texts.append("Binary")
        texts = list(dict.fromkeys(texts))
        if texts:
            text = "Any" if "Any" in texts else " | ".join(texts)
            entry["returns"] = (
                {"type": text, "because": "importer: the page leaves the type open"} if text == "Any" else text
            )
        default = [200] if texts or where.startswith("HEAD ") else [204]
        if statuses and statuses != default:
            entry["status"] = statuses
        if texts == ["Binary"]:
            entry["batch"] = False
        if media_types and not self._takes_xml(media_types):
            entry["xml"] = False
        elif media_types:
            entry.pop("xml", None)
        return pointer

    def _takes_xml(self, media_types: Iterable[str]) -> bool:
        """Whether XML goes too: where a file names JSON alone everywhere, it says nothing of XML."""
        return self._says_nothing_of_xml or any("xml" in media for media in media_types)


def _names_xml(document: Document) -> bool:
    """Whether a file names XML anywhere."""
    for _, _, _, _, operation in operations_of(document):
        holders: list[Any] = [operation.get("requestBody"), *document.object_at(operation, "responses").values()]
        for written in holders:
            if written is not None:
                holder, _ = document.resolved(written, operation.line)
                if any("xml" in media for media in document.object_at(holder, "content")):
                    return True
    return False


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


_FORM_TYPES = frozenset(["String", "Id", "Boolean", "Integer", "Long", "Double", "Date", "DateTime", "Url"])


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


def _is_form(fact: Any) -> bool:
    return is_mapping(fact) and fact.get("in") == "form"


def _short(fact: Plain) -> Any:
    return fact["type"] if set(fact) == {"type"} else fact
