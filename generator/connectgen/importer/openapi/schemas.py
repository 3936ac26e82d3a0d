"""Turns schemas into type expressions and into the types that they name, each in the direction in which it is used."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from typing import Any

from connectgen.catalogue.types import MAX_NESTING, nesting
from connectgen.catalogue.yaml_reader import LineDict
from connectgen.importer import explanations
from connectgen.importer.emit import ordered
from connectgen.importer.openapi.availability import Statements
from connectgen.importer.openapi.document import Document, is_array, is_object
from connectgen.importer.openapi.expressions import text_of_format, told_apart
from connectgen.importer.openapi.facts import Facts, alternatives, constants, holder_in, is_long, kind_of, known_values
from connectgen.importer.openapi.families import SCHEMAS, VariantsOf, discriminated_unions, parts_of, told_by_name
from connectgen.importer.openapi.known import Known
from connectgen.importer.openapi.leftovers import Leftovers
from connectgen.importer.openapi.shapes import Shapes
from connectgen.importer.openapi.type_names import TypeNames
from connectgen.importer.relative import facts_of
from connectgen.importer.yaml_files import Plain
from connectgen.naming import class_name, snake_case

MAX_OPTIONS = 100
"""More alternatives for one value than this are no description of it."""
_LONGEST = 3_900
"""Characters of a type: the catalogue takes few more."""
API_NAME = re.compile(r"[_$@]*[A-Za-z0-9][A-Za-z0-9_.$:@\[\]-]*")
_SHAPE = ("type", "properties", "items", "additionalProperties", "allOf", "oneOf", "anyOf", "$ref", "enum", "const")

AddRemark = Callable[[str, str], None]
"""Takes a remark: where, and what was decided."""


class Schemas:
    """The types of a file, made as they are asked for.

    Args:
        document: the file.
        names: gives types their names.
        known: what the catalogue has.
        facts: reads what is beside a schema's shape.
        remark: called with remarks.
        left: collects what is left out.
    """

    def __init__(
        self, document: Document, names: TypeNames, known: Known, facts: Facts, remark: AddRemark, left: Leftovers
    ) -> None:
        self.types: dict[str, Plain] = {}
        self._document = document
        self._names = names
        self._known = known
        self._facts = facts
        self._remark = remark
        self._left = left
        found = discriminated_unions(document)
        self._families, self._same = found.variants, found.same
        self._shapes = Shapes(document, found)
        self.properties_of = self._shapes.properties_of
        self._expressions: dict[tuple[str, bool], str | None] = {}
        self._described: dict[tuple[str, bool], list[LineDict]] = {}
        """What is described in place, by the pointer under which it is named."""
        self._waiting: deque[tuple[str, LineDict, str, bool]] = deque()

    # Expressions

    def fact(self, schema: LineDict, where: str, *, is_input: bool, is_whole: bool = False) -> Plain:
        """A value's fact: its type, and limits that are at its schema.

        Args:
            schema: what is in the file.
            where: where it is, as a pointer; gives a name to an object described in place.
            is_input: whether it is sent.
            is_whole: whether it is a whole response, which alone may be bytes.
        """
        type_text = self._expression(schema, where, is_input=is_input)
        if "Binary" in type_text and not (is_whole and type_text == "Binary"):
            type_text = re.sub(r"\bBinary\b", "String", type_text)
            self._left.note("schema format", "binary inside of JSON: JSON has no bytes, so it is a String", schema.line)
        fact: Plain = {"type": type_text}
        if "Any" in re.findall(r"\w+", re.sub(r"map<.*>", "", type_text)):
            fact["because"] = explanations.any_object()
        return fact | self._facts.limits(self._shapes.shape(schema), type_text)

    def finish(self) -> None:
        """Make the types that were referred to and are not made yet, and those that they refer to."""
        while self._waiting:
            name, schema, pointer, is_input = self._waiting.popleft()
            if name not in self.types:
                self.types[name] = {}
                self.types[name] = self._type(name, schema, pointer, is_input=is_input)

    def _expression(self, schema: Any, where: str, *, is_input: bool) -> str:
        if not is_object(schema):
            return "Any"  # `true` or `{}`: whatever it is
        if "$ref" in schema and not any(key in schema for key in _SHAPE if key not in ("$ref", "type")):
            return self._referred(schema, is_input=is_input)
        options = self._document.array_at(schema, "oneOf") or self._document.array_at(schema, "anyOf")
        if not any(key in schema for key in ("type", "enum", "$ref", "allOf")) and (values := constants(schema)):
            return kind_of(values)
        if options and not self._shapes.has_properties(schema):
            return self._union(options, where, is_input=is_input)
        parts = [part for part in self._document.array_at(schema, "allOf") if is_object(part)]
        if parts or "$ref" in schema:
            return self._combined(schema, parts, where, is_input=is_input)
        kind = schema.get("type")
        if is_array(kind):
            kinds = [item for item in kind if item != "null"]
            texts = [self._single(schema, str(item), where, is_input=is_input) for item in kinds]
            return " | ".join(dict.fromkeys(texts)) or "Any"
        return self._single(schema, kind, where, is_input=is_input)

    def _single(self, schema: LineDict, kind: Any, where: str, *, is_input: bool) -> str:
        if kind == "array" or (kind is None and "items" in schema):
            inner = self._expression(schema.get("items"), f"{where}/items", is_input=is_input)
            return f"list<{self._inside(inner, schema)}>"
        if kind == "object" or (kind is None and ("properties" in schema or "additionalProperties" in schema)):
            return self._object(schema, where, is_input=is_input)
        if kind == "string":
            return text_of_format(self._document.text_at(schema, "format"))
        if kind == "integer":
            return "Long" if schema.get("format") == "int64" or is_long(schema) else "Integer"
        if kind == "number":
            return "Double"
        if kind == "boolean":
            return "Boolean"
        values = schema.get("enum")
        if kind not in (None, "null"):
            self._left.note(
                "schema type", f"{str(kind)[:40]!r} is no type of OpenAPI: the value is Any", schema.line_of("type")
            )
        return "String" if is_array(values) and all(isinstance(value, str) for value in values) else "Any"

    def _object(self, schema: LineDict, where: str, *, is_input: bool) -> str:
        if self._shapes.has_properties(schema):
            return self._class(schema, where, is_input=is_input)
        value = schema.get("additionalProperties")
        if is_object(value) and value:
            inner = self._expression(value, f"{where}/additionalProperties", is_input=is_input)
            return f"map<{self._inside(inner, schema)}>"
        return "map<Any>"

    def _inside(self, inner: str, holder: LineDict) -> str:
        """The type in a list or a map; deeper than the catalogue can say it is Any."""
        if nesting(inner) < MAX_NESTING:
            return inner
        reason = f"lists and maps are nested deeper than {MAX_NESTING} levels: what is inside of them is Any"
        self._left.note("schema items", reason, holder.line)
        return "Any"

    def _combined(self, schema: LineDict, parts: list[LineDict], where: str, *, is_input: bool) -> str:
        """`allOf` at a value: most often one reference that only wants a description of its own."""
        named = [part for part in parts if "$ref" in part]
        own = [part for part in [*parts, schema] if "$ref" not in part or part is schema]
        needs = [part for part in own if self._document.array_at(part, "required")]
        for part in () if is_input else needs:
            self._left.note("schema required", _MAY_BE_ABSENT, part.line_of("required"))
        if any(self._shapes.has_properties(part) for part in own) or len(named) > 1 or (named and needs and is_input):
            return self._class(schema, where, is_input=is_input)
        if "$ref" in schema:
            return self._referred(schema, is_input=is_input)
        if named:
            return self._expression(named[0], where, is_input=is_input)
        telling = next((part for part in parts if "type" in part or "oneOf" in part or "anyOf" in part), None)
        return self._expression(telling, where, is_input=is_input)

    def _union(self, options: list[Any], where: str, *, is_input: bool) -> str:
        pointers = [
            (self._document.resolved(option, option.line)[1] if is_object(option) and "$ref" in option else None)
            for option in options
        ]
        family = self._common_family(pointers, is_input=is_input)
        if family:
            return family
        texts: list[str] = []
        for position, option in enumerate(options):
            if is_object(option) and option.get("type") == "null":
                continue
            text = self._expression(option, f"{where}/oneOf/{position}", is_input=is_input)
            texts += text.split(" | ") if "<" not in text else [text]
        texts = list(dict.fromkeys(texts))
        if len(texts) > MAX_OPTIONS or len(" | ".join(texts)) > _LONGEST:
            line = options[0].line if is_object(options[0]) else 1
            raise self._document.error(line, f"has more than {MAX_OPTIONS} alternatives", "describe it by fewer")
        if "Any" in texts and len(texts) > 1:
            others = ", ".join(text for text in texts if text != "Any")
            self._remark(where.removeprefix(SCHEMAS), f"is {others}, or anything else: taken as Any")
        if "Any" in texts or not texts:
            return "Any"
        if not is_input and (apart := told_apart(texts)) != texts:
            self._remark(where.removeprefix(SCHEMAS), f"is {' or '.join(texts)}, of which some are texts: a String")
            texts = apart
        return self._known_union(frozenset(texts), where) or " | ".join(texts)

    def _known_union(self, names: frozenset[str], where: str) -> str | None:
        """The discriminated union of the catalogue whose variants the alternatives are, whatever the file calls it."""
        if len(names) < 2:
            return None
        for name, discriminator in self._known.discriminators.items():
            if names <= set(discriminator["values"].values()):
                self._remark(where, f"{' | '.join(sorted(names))} are variants of {name} of the catalogue")
                return name
        return None

    def _common_family(self, pointers: list[str | None], *, is_input: bool) -> str | None:
        """The discriminated type whose variants the alternatives are."""
        wanted = {pointer for pointer in pointers if pointer}
        if len(wanted) != len(pointers) or len(wanted) < 2:
            return None
        for pointer, family in self._families.items():
            if wanted <= set(family.variants) and self._is_discriminated(pointer, is_input=is_input):
                schema = self._shapes.schema_at(pointer)
                return self._name_of_class(schema, pointer, is_input=is_input)
        return None

    # References

    def _referred(self, schema: LineDict, *, is_input: bool) -> str:
        target, pointer = self._document.resolved(schema, schema.line)
        if pointer is None or not pointer.startswith(SCHEMAS):
            raise self._document.error(
                schema.line_of("$ref"), f"refers to {pointer}, which is no schema", "refer to #/components/schemas/…"
            )
        if pointer in self._same:
            pointer = self._same[pointer]
            target = self._shapes.schema_at(pointer)
        key = (pointer, is_input)
        if key in self._expressions:
            expression = self._expressions[key]
            if expression is None:
                raise self._shapes.circle(target, pointer)
            return expression
        if self._shapes.is_class(target, pointer):
            self._expressions[key] = self._reference_to_class(target, pointer, is_input=is_input)
        else:
            self._expressions[key] = None  # while it is being found out
            self._expressions[key] = self._expression(target, pointer, is_input=is_input)
        return str(self._expressions[key])

    def _reference_to_class(self, schema: LineDict, pointer: str, *, is_input: bool) -> str:
        family = self._families.get(pointer)
        if family is None or self._is_discriminated(pointer, is_input=is_input):
            return self._name_of_class(schema, pointer, is_input=is_input)
        other = self._common_family([*family.variants], is_input=is_input)
        if other:
            return other
        # There is no discriminator: a value is whichever fits best.
        key = (pointer, is_input)
        self._expressions[key] = None  # while it is being found out
        variants = [
            self._referred(self._shapes.reference_to(variant), is_input=is_input) for variant in family.variants
        ]
        if any(self._shapes.has_properties(part) for part in parts_of(self._document, schema)):
            own = [self._name_of_class(schema, pointer, is_input=is_input)]
        else:
            own = []
            shown = pointer.removeprefix(SCHEMAS)
            count = len(variants)
            self._remark(shown, f"is one of {count} alternatives without a clear discriminator: it is their union")
        texts = dict.fromkeys(text for variant in [*variants, *own] for text in variant.split(" | "))
        return " | ".join(texts)

    def _name_of_class(self, schema: LineDict, pointer: str, *, is_input: bool) -> str:
        key = pointer.removeprefix(SCHEMAS)
        title = self._document.text_at(schema, "title")
        if "/" in key and not title:
            steps = [step for step in key.split("/") if step and step not in _STEPS]
            title = " ".join(class_name(snake_case(_ENDINGS.sub("", step))) for step in steps)
        name = self._names.name(key, title, is_input=is_input)
        if name not in self.types:
            self._waiting.append((name, schema, pointer, is_input))
        return name

    def _class(self, schema: LineDict, where: str, *, is_input: bool) -> str:
        """What is described in place; a second one under the same pointer gets a pointer of its own."""
        here = self._described.setdefault((where, is_input), [])
        number = next((place for place, other in enumerate(here) if other is schema or other == schema), len(here))
        if number == len(here):
            here.append(schema)
        return self._name_of_class(schema, where if number == 0 else f"{where}/{number}", is_input=is_input)

    def _is_discriminated(self, pointer: str, *, is_input: bool) -> bool:
        schema = self._shapes.schema_at(pointer)
        name = self._names.name(
            pointer.removeprefix(SCHEMAS), self._document.text_at(schema, "title"), is_input=is_input
        )
        return name in self._known.discriminators or self._discriminator(schema, pointer, is_input=is_input) is not None

    def _discriminator(self, schema: LineDict, pointer: str, *, is_input: bool) -> Plain | None:
        family = self._families.get(pointer)
        if family is None:
            return None
        values = dict(family.values)
        told = family.property
        if not values:
            inferred = self._inferred(schema, family, is_input=is_input)
            if inferred is None:
                return None
            told, values = inferred
        if not told:
            return None
        return {
            "property": told,
            "values": {
                value: self._name_of_class(self._shapes.schema_at(variant), variant, is_input=is_input)
                for value, variant in values.items()
            },
            "fallback": self._name_of_class(schema, pointer, is_input=is_input),
        }

    def _inferred(self, schema: LineDict, family: VariantsOf, *, is_input: bool) -> tuple[str, dict[str, str]] | None:
        candidates = {
            name: known_values(inner)
            for part in parts_of(self._document, schema)
            for name, inner in self._document.object_at(part, "properties").items()
            if is_object(inner) and known_values(inner) and family.property in (None, name)
        }
        variants = {
            self._names.name(
                variant.removeprefix(SCHEMAS),
                self._document.text_at(self._shapes.schema_at(variant), "title"),
                is_input=is_input,
            ): variant
            for variant in family.variants
        }
        return told_by_name(candidates, variants)

    # Types

    def _type(self, name: str, schema: LineDict, pointer: str, *, is_input: bool) -> Plain:
        title = self._document.text_at(schema, "title") or name
        entry: Plain = {"summary": f"{' '.join(title.split()).rstrip('.')}.", "schema": pointer.removeprefix(SCHEMAS)}
        versions = self._facts.versions(schema)
        if versions is not None:
            entry |= versions
        base, parts = self._shapes.bases(schema, pointer)
        if base:
            target, base_pointer = base
            entry["extends"] = self._name_of_class(target, base_pointer, is_input=is_input)
        for variant in (self._families[pointer].variants if pointer in self._families else ()):
            self._name_of_class(self._shapes.schema_at(variant), variant, is_input=is_input)
        discriminator = self._discriminator(schema, pointer, is_input=is_input)
        if discriminator is None and pointer in self._families:
            discriminator = self._known.discriminators.get(name)  # a person knew what the file lacks
        if discriminator:
            entry["discriminator"] = discriminator
        elif pointer in self._families:
            self._remark(name, "its variants have no discriminator; write a discriminator where you know one")
        self._note_openness(parts, pointer)
        beside = [option for part in parts for option in self._shapes.beside(part)]
        for option in beside:
            self._remark(
                name, f"has alternatives beside its properties (line {option.line}): theirs are taken as optional"
            )
        table = self._table(name, parts, pointer, is_input=is_input)
        table = {**self._table(name, [_optional(option) for option in beside], pointer, is_input=is_input), **table}
        table |= self._needed_elsewhere(parts, base, table, is_input=is_input)
        if is_input:
            self._one_of_several(parts, table)
        inherited = self._inherited(name, base[0], base[1], set(table), is_input=is_input) if base else {}
        if any(_differs(table[key], inherited[key]) for key in table if key in inherited):
            # What is redefined need not fit the base's: the type has no base, and all properties.
            del entry["extends"]
            self._remark(name, "redefines properties of its base differently; all of them were written out")
            table = {**inherited, **table}
        table = {key: fact for key, fact in table.items() if "extends" not in entry or key not in inherited}
        if table:
            entry["properties"] = table
        return ordered(entry)

    def _note_openness(self, parts: list[LineDict], pointer: str) -> None:
        """Note what a class of the catalogue cannot say: further properties, alternatives without a name."""
        for part in parts:
            if self._shapes.has_properties(part) and part.get("additionalProperties"):
                reason = "beside properties: a class has those that are named"
                self._left.note("schema additionalProperties", reason, part.line_of("additionalProperties"))
            named = [option for option in alternatives(part) if is_object(option) and "$ref" in option]
            if named and self._shapes.has_properties(part) and pointer not in self._families:
                field = "oneOf" if "oneOf" in part else "anyOf"
                self._left.note(
                    f"schema {field}", "beside properties: only a schema of its own can have variants", part.line
                )

    def _needed_elsewhere(
        self, parts: list[LineDict], base: tuple[LineDict, str] | None, table: Plain, *, is_input: bool
    ) -> Plain:
        """What a type needs that is no property of its own: properties of its base are redefined, others noted."""
        above = self.properties_of(*base) if base else {}
        own = {name for part in parts for name in self._document.object_at(part, "properties")} | table.keys()
        made: Plain = {}
        for part in parts:
            for key in map(str, self._document.array_at(part, "required")):
                line = part.line_of("required")
                if key in own or (key in above and above[key][1]):
                    continue
                if key not in above:
                    self._left.note("schema required", "names something that is no property", line)
                elif not is_input:
                    self._left.note("schema required", _MAY_BE_ABSENT, line)
                elif API_NAME.fullmatch(key) and base:
                    fact = self._property(above[key][0], f"{base[1]}/properties/{key}", is_input=is_input)
                    if fact is not None:
                        made[key] = _short(ordered({**fact, "required": True}))
        return made

    def _one_of_several(self, parts: list[LineDict], table: Plain) -> None:
        """Where alternatives differ only in what they need, each of it is needed in some cases."""
        for part in parts:
            for option in (alternatives(part) if self._shapes.has_properties(part) else ()):
                if not is_object(option) or "$ref" in option or "properties" in option:
                    continue
                for key in map(str, self._document.array_at(option, "required")):
                    fact = table.get(key)
                    if fact is not None and not (isinstance(fact, dict) and "required" in fact):
                        table[key] = ordered({**facts_of(fact)[0], "required": "conditional"})

    def _inherited(self, name: str, base: LineDict, pointer: str, own: set[str], *, is_input: bool) -> Plain:
        """The properties of a base and of those below it, where a type redefines one of them."""
        parts = self._shapes.flat(base, [], set())
        told = {key for part in parts for key in self._document.object_at(part, "properties")}
        return self._table(name, parts, pointer, is_input=is_input) if told & own else {}

    def _table(self, name: str, parts: list[LineDict], pointer: str, *, is_input: bool) -> Plain:
        table: Plain = {}
        needed = {str(item) for part in parts for item in self._document.array_at(part, "required")}
        for part in parts:
            for key, inner in self._document.object_at(part, "properties").items():
                if inner is True:  # JSON Schema's way to say: whatever it is
                    table[key] = {"type": "Any", "because": explanations.any_object()}
                    continue
                if not API_NAME.fullmatch(key) or not is_object(inner):
                    self._remark(name, f"{key[:60]!r} cannot be the name of a property; left out")
                    continue
                fact = self._property(inner, f"{pointer}/properties/{key}", is_input=is_input)
                if fact is None:
                    continue
                if is_input and key in needed:
                    fact["required"] = True
                elif key in needed:
                    self._left.note("schema required", _MAY_BE_ABSENT, part.line_of("required"))
                table[key] = _short(ordered(fact))
        return table

    def _property(self, schema: LineDict, where: str, *, is_input: bool) -> Plain | None:
        described = schema
        if "$ref" in schema and "description" not in schema:
            described = self._document.resolved(schema, schema.line)[0]  # only there is it said since when
        versions = self._facts.versions(described)
        if versions is None:
            return None  # of a version that is still to come
        fact = self.fact(schema, where, is_input=is_input) | versions
        told = self._facts.statements_of(described)
        holder = holder_in(schema, self._document.text_at(schema, "description"))
        if holder and "<" not in str(fact["type"]):
            self._remark(where.removeprefix(SCHEMAS), f"its description says {holder}, its schema only what is in it")
            fact["type"] = f"{holder}<{fact['type']}>"
        needed = self._required(told) if is_input and "required" not in fact else None
        if needed:
            fact["required"] = needed
        group = told.group or self._facts.extension(schema, "x-filter-group")
        if group and not is_input:
            fact["group"] = group
        return fact

    @staticmethod
    def _required(told: Statements) -> Any:
        """When prose says that something is required: by method, or in some cases."""
        by_method: Plain = dict.fromkeys(told.required_for, True)
        by_method |= {method: "conditional" for method in told.conditional_for if method}
        return by_method or ("conditional" if told.conditional_for else None)


_MAY_BE_ABSENT = "of a response: filters and versions may leave any property out"


def _optional(option: LineDict) -> LineDict:
    """An alternative without what it needs."""
    made = LineDict(option.line)
    made.update({key: value for key, value in option.items() if key != "required"})
    made.lines = option.lines
    return made


_ENDINGS = re.compile(r"(?<=.)(?:Output|Representation)+$")
_STEPS = frozenset(["properties", "items", "additionalProperties", "oneOf", "anyOf", "allOf", "schema", "content"])


def _differs(fact: Any, base: Any) -> bool:
    """Whether a property that is redefined has another type, other values, or is needed where the base's is not."""
    keys = ("type", "required", "values")
    one, other = ({"type": item} if isinstance(item, str) else item for item in (fact, base))
    return any(one.get(key) != other.get(key) for key in keys)


def _short(fact: Plain) -> Any:
    return fact["type"] if set(fact) == {"type"} else fact
