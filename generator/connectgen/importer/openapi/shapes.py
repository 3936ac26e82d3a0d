"""Reads of what a file's schemas are made: their parts, bases and properties, and which of them are classes."""

from __future__ import annotations

from connectgen.catalogue.yaml_reader import LineDict
from connectgen.importer.openapi.document import Document, SourceError, is_object
from connectgen.importer.openapi.facts import alternatives
from connectgen.importer.openapi.families import SCHEMAS, Families, parts_of


class Shapes:
    """What the schemas of a file are made of.

    Args:
        document: the file.
        families: its schemas with variants.
    """

    def __init__(self, document: Document, families: Families) -> None:
        self._document = document
        self._families = families.variants
        self._classes: dict[str, bool] = {}
        self._resolving: list[str] = []
        self._sound: set[str] = set()

    def properties_of(self, schema: LineDict, where: str) -> dict[str, tuple[LineDict, bool]]:
        """All properties of an object, those it inherits too, each with whether it is required."""
        found: dict[str, tuple[LineDict, bool]] = {}
        parts = self.flat(schema, [], set())
        needed = {str(name) for part in parts for name in self._document.array_at(part, "required")}
        for part in parts:
            for name, inner in self._document.object_at(part, "properties").items():
                if is_object(inner):
                    found[name] = (inner, name in needed)
        return found

    def flat(self, schema: LineDict, above: list[str], done: set[str]) -> list[LineDict]:
        """The schemas that an object is made of, the innermost first, each once."""
        pointer = None
        own = schema if "$ref" in schema and self.has_properties(schema) else None
        if "$ref" in schema:
            schema, pointer = self._document.resolved(schema, schema.line)
        if pointer:
            if pointer in above:
                raise self.circle(schema, pointer)
            if pointer in done:
                return []
            done.add(pointer)
            above = [*above, pointer]
        inner = [part for part in self._document.array_at(schema, "allOf") if is_object(part)]
        more = self.flat(_reference_of(schema), above, done) if "$ref" in schema else []
        return [
            *more,
            *(part for item in inner for part in self.flat(item, above, done)),
            schema,
            *([own] if own else []),
        ]

    def shape(self, schema: LineDict) -> LineDict:
        """Where enum and limits of a value are: the schema itself, over the one that it refers to or wraps."""
        only = self._wrapped(schema)
        if only is not None:
            inner = self.shape(only)
        elif "$ref" in schema:
            inner = self.shape(self._document.resolved(schema, schema.line)[0])
        else:
            return schema
        own = [key for key in _OVER if key in schema]
        return _over(inner, schema, own) if own else inner

    def _wrapped(self, schema: LineDict) -> LineDict | None:
        """The only schema of an `allOf`, or the only alternative but for null."""
        if "type" in schema:
            return None
        parts = [part for part in self._document.array_at(schema, "allOf") if is_object(part)]
        options = alternatives(schema)
        found = parts or ([option for option in options if is_object(option)] if len(options) == 1 else [])
        return found[0] if len(found) == 1 else None

    def schema_at(self, pointer: str) -> LineDict:
        """The schema under a pointer."""
        return self._document.resolved(self.reference_to(pointer), 1)[0]

    @staticmethod
    def reference_to(pointer: str) -> LineDict:
        """A reference to what is under a pointer."""
        reference = LineDict(1)
        reference["$ref"] = f"#{pointer}"
        return reference

    @staticmethod
    def has_properties(schema: LineDict) -> bool:
        """Whether a schema lists properties of its own."""
        return is_object(schema.get("properties")) and bool(schema["properties"])

    def beside(self, schema: LineDict) -> list[LineDict]:
        """The objects that are alternatives beside a schema's own properties, and described in place."""
        if not self.has_properties(schema):
            return []
        options = [option for option in alternatives(schema) if is_object(option)]
        return [part for option in options if "$ref" not in option for part in parts_of(self._document, option)]

    def is_class(self, schema: LineDict, pointer: str) -> bool:
        """Whether a schema is an object with properties, its own or inherited, and not another name for something."""
        if pointer in self._resolving:
            raise self.circle(schema, pointer)
        if pointer in self._families:
            return True
        if pointer not in self._classes:
            self._resolving.append(pointer)
            self._classes[pointer] = self._looks_like_class(schema)
            self._resolving.pop()
        return self._classes[pointer]

    def _looks_like_class(self, schema: LineDict) -> bool:
        if any(self.has_properties(part) for part in parts_of(self._document, schema)):
            return True
        if schema.get("type") == "object" and not any(key in schema for key in ("additionalProperties", "allOf")):
            return not ("oneOf" in schema or "anyOf" in schema)
        named = [part for part in self._document.array_at(schema, "allOf") if is_object(part) and "$ref" in part]
        targets = [self._document.resolved(part, part.line) for part in named]
        return any(pointer is not None and self.is_class(target, pointer) for target, pointer in targets)

    def bases(self, schema: LineDict, pointer: str) -> tuple[tuple[LineDict, str] | None, list[LineDict]]:
        """The class that a type extends, and the schemas whose properties are its own."""
        self._no_circle(schema, [pointer])
        references = [part for part in parts_of(self._document, schema) for part in _references(self._document, part)]
        bases = [self._document.resolved(part, part.line) for part in references]
        classes = [(target, at) for target, at in bases if at is not None and self.is_class(target, at)]
        own = parts_of(self._document, schema)
        for target, _ in classes[1:]:
            own = [*self.flat(target, [], set()), *own]  # a second base: its properties are written out
        return (classes[0] if classes else None), own

    def _no_circle(self, schema: LineDict, seen: list[str]) -> None:
        if seen[-1] in self._sound:
            return
        for part in parts_of(self._document, schema):
            for reference in _references(self._document, part):
                target, pointer = self._document.resolved(reference, reference.line)
                if pointer in seen:
                    raise self.circle(target, pointer or "", line=reference.line_of("$ref"))
                if pointer:
                    self._no_circle(target, [*seen, pointer])
        self._sound.add(seen[-1])

    def circle(self, schema: LineDict, pointer: str, line: int | None = None) -> SourceError:
        """What to raise where a schema is made of itself."""
        shown = pointer.removeprefix(SCHEMAS) or "a schema"
        return self._document.error(
            schema.line if line is None else line, f"{shown} is made of itself", "break the circle of allOf and $ref"
        )


_OVER = ("default", "enum", "minimum", "maximum", "maxLength", "maxItems")
"""What a schema may say beside its reference, or around the only schema that it wraps."""


def _over(inner: LineDict, outer: LineDict, keys: list[str]) -> LineDict:
    """A schema with some fields of another over its own."""
    made = LineDict(inner.line)
    made.update(inner)
    made.lines = {**inner.lines}
    for key in keys:
        made[key] = outer[key]
        made.lines[key] = outer.line_of(key)
    return made


def _references(document: Document, part: LineDict) -> list[LineDict]:
    """The references that a schema is made of: its own and those of its `allOf`."""
    inner = [item for item in document.array_at(part, "allOf") if is_object(item) and "$ref" in item]
    return [part, *inner] if "$ref" in part else inner


def _reference_of(schema: LineDict) -> LineDict:
    """Only the reference of a schema that is more than one."""
    reference = LineDict(schema.line_of("$ref"))
    reference["$ref"] = schema["$ref"]
    return reference
