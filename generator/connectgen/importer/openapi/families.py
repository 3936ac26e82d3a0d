"""Finds out which schemas are discriminated unions, and by which property and values a variant is recognised."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from connectgen.catalogue.yaml_reader import LineDict
from connectgen.importer.openapi.document import Document, is_array, is_object
from connectgen.importer.openapi.facts import alternatives, known_values

SCHEMAS = "/components/schemas/"
_DEEPEST = 20
"""How many bases up the value of a discriminator is looked for."""


@dataclass(slots=True)
class VariantsOf:
    """A schema whose objects have several variants.

    Attributes:
        property: the discriminator; None where the file has none.
        values: pointer of the variant's schema by the property's value.
        variants: the pointers of all variants, in the order of the file.
    """

    property: str | None = None
    values: dict[str, str] = field(default_factory=dict[str, str])
    variants: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Families:
    """The schemas with variants.

    Attributes:
        variants: by pointer.
        same: pointers of unions that mean a family whose base is one of their alternatives, with the base's pointer.
    """

    variants: dict[str, VariantsOf]
    same: dict[str, str]


def pointer_of(schema: str) -> str:
    """The pointer of a schema by its name."""
    return SCHEMAS + schema.replace("~", "~0").replace("/", "~1")


def discriminated_unions(document: Document) -> Families:
    """Find the schemas with variants.

    Raises:
        SourceError: a reference to a variant leads nowhere.
    """
    schemas = document.object_at(document.object_at(document.root, "components"), "schemas")
    extended: dict[str, list[str]] = defaultdict(list)
    for key, schema in schemas.items():
        for part in document.array_at(schema, "allOf") if is_object(schema) else ():
            if is_object(part) and isinstance(part.get("$ref"), str):
                extended[part["$ref"].removeprefix("#")].append(pointer_of(key))
    families: dict[str, VariantsOf] = {}
    same: dict[str, str] = {}
    for key, schema in schemas.items():
        if not is_object(schema):
            continue
        pointer = pointer_of(key)
        found = _variants(document, schema, extended[pointer])
        base = _base_among(found, extended) if found and not _has_properties(document, schema) else None
        if found and base:
            same[pointer] = base
            families[base] = VariantsOf(
                found.property, found.values, [variant for variant in found.variants if variant != base]
            )
        elif found:
            families.setdefault(pointer, found)
    return Families(families, same)


def _base_among(found: VariantsOf, extended: dict[str, list[str]]) -> str | None:
    """The alternative that most others extend, where there is one: it is the union, the others are its variants."""
    if not found.property:
        return None
    for variant in found.variants:
        below, waiting = set[str](), [variant]
        while waiting:
            new = [other for other in extended.get(waiting.pop(), ()) if other not in below]
            below.update(new)
            waiting += new
        if len(found.variants) > 1 and set(found.variants) <= below | {variant}:
            return variant
    return None


def _has_properties(document: Document, schema: LineDict) -> bool:
    return any(is_object(part.get("properties")) for part in parts_of(document, schema))


def parts_of(document: Document, schema: LineDict) -> list[LineDict]:
    """A schema and the schemas of its `allOf` that are in it, not those that it refers to."""
    inner = [part for part in document.array_at(schema, "allOf") if is_object(part) and "$ref" not in part]
    return [schema, *(found for part in inner for found in parts_of(document, part))]


def _variants(document: Document, schema: LineDict, extended: list[str]) -> VariantsOf | None:
    parts = parts_of(document, schema)
    discriminator = next((part["discriminator"] for part in parts if is_object(part.get("discriminator"))), None)
    with_kinds = [part for part in parts if is_array(part.get("oneOf")) or is_array(part.get("anyOf"))]
    listed = [
        pointer
        for part in with_kinds
        for option in part.get("oneOf") or part.get("anyOf") or ()
        if (pointer := _referred(document, option))
    ]
    if discriminator is None and not (listed and _has_properties(document, schema)):
        return None
    found = VariantsOf(variants=list(dict.fromkeys(listed or extended)))
    if is_object(discriminator):
        found.property = document.text_at(discriminator, "propertyName") or None
        for value, target in document.object_at(discriminator, "mapping").items():
            reference = str(target)
            if "/" not in reference:
                reference = f"#{pointer_of(reference)}"
            line = discriminator.line_of("mapping")
            pointing = LineDict(line)
            pointing["$ref"] = reference
            pointing.lines["$ref"] = line
            _, pointer = document.resolved(pointing, line)
            found.values[value] = pointer or ""
        found.variants = list(dict.fromkeys([*found.values.values(), *found.variants]))
    if found.property and not found.values and listed:
        found.variants = _leaves(document, found.variants, set())
        found.values = _implicit_values(document, found.property, found.variants)
    return found if found.variants else None


def _leaves(document: Document, pointers: list[str], seen: set[str]) -> list[str]:
    """Variants, those of a variant that is nothing but alternatives instead of it."""
    leaves: list[str] = []
    for pointer in pointers:
        schema = _at(document, pointer)
        options = [_referred(document, option) for option in alternatives(schema)]
        inner = [option for option in options if option]
        is_union = bool(inner) and len(inner) == len(options) and not _has_properties(document, schema)
        if not is_union:
            leaves.append(pointer)
        elif pointer not in seen:
            seen.add(pointer)
            leaves += _leaves(document, inner, seen)
    return list(dict.fromkeys(leaves))


def _implicit_values(document: Document, name: str, variants: list[str]) -> dict[str, str]:
    """The values of a discriminator without a mapping: the constants of the variants, else the schemas' names."""
    constants = {variant: _constants(document, _at(document, variant), name, 0) for variant in variants}
    if not any(constants.values()):
        return {variant.removeprefix(SCHEMAS): variant for variant in variants}
    pairs = [(value, variant) for variant, values in constants.items() for value in values]
    is_clear = all(constants.values()) and len(dict(pairs)) == len(pairs)
    return dict(pairs) if is_clear else {}


def _constants(document: Document, schema: LineDict, name: str, depth: int) -> list[str]:
    """The known values of a property of a schema, its own or inherited."""
    if depth > _DEEPEST:
        return []
    for part in parts_of(document, schema):
        inner = document.object_at(part, "properties").get(name)
        if is_object(inner):
            return known_values(document.resolved(inner, inner.line)[0])
    for part in parts_of(document, schema):
        for base in (item for item in document.array_at(part, "allOf") if is_object(item) and "$ref" in item):
            found = _constants(document, document.resolved(base, base.line)[0], name, depth + 1)
            if found:
                return found
    return []


def _at(document: Document, pointer: str) -> LineDict:
    reference = LineDict(1)
    reference["$ref"] = f"#{pointer}"
    return document.resolved(reference, 1)[0]


def _referred(document: Document, option: Any) -> str | None:
    if is_object(option) and isinstance(option.get("$ref"), str):
        return document.resolved(option, option.line)[1]
    return None


def told_by_name(candidates: dict[str, list[str]], variants: dict[str, str]) -> tuple[str, dict[str, str]] | None:
    """Guess the discriminator of a union: one that has a known value for each variant's name.

    Args:
        candidates: the known values of each property of the family.
        variants: pointer of each variant by its type's name.

    Returns:
        The property, and the variant's pointer by value; None where no property's values fit all variants.
    """
    for name, values in candidates.items():
        found: dict[str, str] = {}
        for variant, pointer in variants.items():
            fitting = [value for value in values if _plain(value) and _plain(variant).startswith(_plain(value))]
            if fitting:
                found.setdefault(max(fitting, key=len), pointer)
        if len(found) == len(variants):
            return name, {value: found[value] for value in values if value in found}
    return None


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
