"""Turns an operation's request body into the catalogue's body, parts and form parameters."""

from __future__ import annotations

from typing import Any

from connectgen.catalogue.types import ScalarType
from connectgen.catalogue.yaml_reader import LineDict
from connectgen.importer.emit import is_mapping, ordered
from connectgen.importer.openapi.document import Document, is_object
from connectgen.importer.openapi.facts import Facts
from connectgen.importer.openapi.known import Known
from connectgen.importer.openapi.leftovers import Leftovers
from connectgen.importer.openapi.media import is_form, is_json, is_multipart, is_xml, schema_of
from connectgen.importer.openapi.schemas import API_NAME, AddRemark, Schemas
from connectgen.importer.relative import facts_of
from connectgen.importer.yaml_files import Plain

_NO_BODY = frozenset(["GET", "HEAD", "DELETE"])
_SCALARS = frozenset(kind.value for kind in ScalarType)


class Bodies:
    """Reads request bodies.

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
        self._document = document
        self._schemas = schemas
        self._facts = facts
        self._known = known
        self._remark = remark
        self._left = left

    def read(self, entry: Plain, table: Plain, where: str, key: tuple[str, str], operation: LineDict) -> list[str]:
        """Read what an operation takes, into its entry and its table of parameters; gives the media types.

        Args:
            entry: the operation; gets `body`, `parts` and `json_part`.
            table: its parameters; gets the fields of forms.
            where: what remarks call the operation.
            key: its method, and the shape of its path.
            operation: what is in the file.
        """
        method = key[0]
        written = operation.get("requestBody")
        if written is None:
            return []
        body, _ = self._document.resolved(written, operation.line_of("requestBody"))
        if method in _NO_BODY:
            self._remark(where, f"a {method} has no body; left out")
            return []
        required = body.get("required")
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
        return list(contents)

    def _json(self, entry: Plain, where: str, schema: LineDict, *, required: Any) -> None:
        """The JSON of a body: what a file does not call optional is needed where one of its properties is."""
        whole = self._schemas.fact(schema, f"/paths/{where}/body", is_input=True)
        fact = _bare(whole)
        for key in [key for key in whole if key not in fact]:
            self._left.note(f"body {key}", "of a whole body the catalogue has the type alone", schema.line)
        needs = any(needed for _, needed in self._schemas.properties_of(schema, where).values())
        if required is not True and (required is False or not needs):
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
            self._left.note_object(str(fact["type"]), inner.line)
            if needed:
                fact["required"] = True
            table[name] = ordered({**fact, "in": "form"})

    def _is_field_name(self, name: str, where: str, line: int) -> bool:
        if API_NAME.fullmatch(name):
            return True
        self._remark(where, f"{name[:60]!r} (line {line}) cannot be the name of a field; left out")
        return False

    def _multipart(self, entry: Plain, table: Plain, where: str, schema: LineDict, key: tuple[str, str]) -> None:
        """The parts of a multipart body: binary ones, the part with the body, and plain fields beside them."""
        parts: Plain = {}
        fields: Plain = {}
        for name, (inner, needed) in self._schemas.properties_of(schema, where).items():
            versions = self._facts.versions(inner)
            if versions is None or not self._is_field_name(name, where, inner.line):
                continue
            needs: Plain = {"required": True} if needed else {}
            if self._is_file(name, inner, where):
                parts[name] = {**needs, **versions}
                continue
            fact = self._schemas.fact(inner, f"/paths/{where}/{name}", is_input=True)
            if not _is_object_type(str(fact["type"])):
                self._left.note_object(str(fact["type"]), inner.line)
                fields[name] = ordered({**fact, **versions, **needs, "in": "form"})
            elif "body" in entry and facts_of(entry["body"])[0]["type"] != fact["type"]:
                self._remark(where, f"its part {name} is {fact['type']}, but its JSON body is another; left out")
            else:
                entry["json_part"] = name
                entry.setdefault("body", _short(ordered({**_bare(fact), **({} if needed else {"required": False})})))
        self._fields(entry, table, fields, where, key)
        if "json_part" in entry and not parts:
            self._remark(where, f"its part {entry['json_part']} goes as the whole body: it has no parts without a file")
        if entry.get("json_part") == "json" or not parts:
            entry.pop("json_part", None)
        if parts:
            entry["parts"] = parts

    def _is_file(self, name: str, written: LineDict, where: str) -> bool:
        """Whether a part is a file, or several."""
        shape, _ = self._document.resolved(written, written.line)
        items = shape.get("items") if shape.get("type") == "array" else None
        if is_object(items) and _is_binary(self._document.resolved(items, items.line)[0]):
            self._remark(where, f"its part {name} may be several files; one was taken")
            return True
        return _is_binary(shape)

    def _fields(self, entry: Plain, table: Plain, fields: Plain, where: str, key: tuple[str, str]) -> None:
        """The plain fields of a multipart body: properties of a body that the catalogue has, or a form."""
        names = ", ".join(fields)
        body = self._known.body_with(key, set(fields))
        if body and "body" not in entry:
            # The fields are the properties of a body that the catalogue has: they are sent together, as one JSON part.
            entry["body"] = {"type": body, "required": False}
            own = {name: {item: value for item, value in fact.items() if item != "in"} for name, fact in fields.items()}
            self._schemas.types.setdefault(body, {"summary": f"{body}.", "properties": own})
            self._remark(where, f"its parts {names} are the properties of {body}")
        elif fields and "body" not in entry:
            for name in sorted(fields.keys() & table.keys()):
                self._remark(where, f"its field {name} is a parameter of the operation already; left out")
            table.update({name: fact for name, fact in fields.items() if name not in table})
        elif fields:
            self._remark(where, f"its fields {names} go beside a body, which the catalogue cannot say; left out")


def _is_object_type(text: str) -> bool:
    """Whether a type is an object's, which only a part of JSON can hold."""
    names = [name for name in text.split(" | ") if not name.startswith("list<")]
    return bool(names) and all(name.startswith("map<") or name not in _SCALARS for name in names)


def _is_binary(shape: LineDict) -> bool:
    return shape.get("format") == "binary" or "contentMediaType" in shape or shape.get("contentEncoding") == "binary"


def _bare(fact: Plain) -> Plain:
    """A fact with no more than its type, and why that is open."""
    return {key: value for key, value in fact.items() if key in ("type", "because")}


def _is_field(fact: Any) -> bool:
    return is_mapping(fact) and fact.get("in") == "form"


def _short(fact: Plain) -> Any:
    return fact["type"] if set(fact) == {"type"} else fact
