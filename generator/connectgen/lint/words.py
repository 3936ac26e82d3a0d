"""Rules about words: summaries and descriptions say what names do not; notes of the importer are settled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import Catalogue, Location, Notes, Property
from connectgen.lint.rules import Rule
from connectgen.lint.walk import inputs, operations, values

_MECHANICAL = re.compile(r"(?:Read|Check|Create|Update|Replace|Delete): ")
_SETTLE = "settle it from the page, and remove the note or write one of our own"
_LONGEST_SUMMARY = 200

_VAGUE = frozenset(
    [
        "action", "attributes", "by", "code", "data", "entities", "entityId", "expand", "fields", "filter", "filters",
        "from", "id", "ids", "index", "inputs", "items", "key", "kind", "level", "mode", "objectId",
        "option", "options", "order", "orderBy", "pageParam", "params", "parameters",
        "position", "properties", "q", "query", "recordId", "recordIds", "scope", "search", "sort",
        "sortBy", "sortOrder", "sortParam", "source", "start", "state", "status", "subjectId", "target", "targetId",
        "time", "to", "type", "types", "unit", "value", "values",
    ]
)  # fmt: skip
"""Names that do not say what they are the name, the id or the sort of."""


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _repeats(summary: str, *names: str) -> bool:
    words = _plain(summary)
    return any(words.removeprefix("a").removesuffix("s") == _plain(name).removesuffix("s") for name in names)


def _group_summaries(catalogue: Catalogue) -> Iterator[Fault]:
    for group in catalogue.groups:
        repeated = f"{group.family.replace('_', ' ').capitalize()}: {group.name.replace('_', ' ')}."
        if group.summary == repeated or _repeats(group.summary, group.name):
            yield Fault(
                group.location,
                f"the summary of {group.family}.{group.name} repeats its name",
                "say what it is for",
            )
        yield from _form(group.summary, group.location, f"{group.family}.{group.name}")


def _operation_summaries(catalogue: Catalogue) -> Iterator[Fault]:
    for group, _, operation in operations(catalogue):
        shown = f"{group.family}.{group.name}.{operation.name}"
        if _MECHANICAL.match(operation.summary) or _repeats(operation.summary, operation.name):
            yield Fault(
                operation.location,
                f"the summary of {shown} says nothing new",
                "say what it does, in our own words",
            )
        yield from _form(operation.summary, operation.location, shown)


def _type_summaries(catalogue: Catalogue) -> Iterator[Fault]:
    for definition in catalogue.types.values():
        summary = definition.summary or ""
        name = definition.name.removesuffix("Input")
        if not summary or _repeats(summary, definition.name, name, f"{name}Output"):
            yield Fault(
                definition.location,
                f"the summary of {definition.name} says nothing new",
                "say what it holds",
            )
        yield from _form(summary or "None.", definition.location, definition.name)


def _form(summary: str, location: Location, shown: str) -> Iterator[Fault]:
    if not summary.endswith("."):
        yield Fault(
            location,
            f"the summary of {shown} does not end with a full stop",
            "make it a sentence",
        )
    if len(summary) > _LONGEST_SUMMARY:
        yield Fault(
            location,
            f"the summary of {shown} has {len(summary)} characters",
            f"keep to {_LONGEST_SUMMARY}",
        )


def _vague_inputs(catalogue: Catalogue) -> Iterator[Fault]:
    for shown, value in inputs(catalogue):
        if value.name in _VAGUE and not value.description and not (value.values and value.name not in ("q", "fields")):
            yield Fault(
                value.location,
                f"{shown} has no description",
                "say in a phrase what it is",
            )


def _descriptions(catalogue: Catalogue) -> Iterator[Fault]:
    for shown, value in values(catalogue):
        if value.description and value.description[0].isupper() and value.description.endswith("."):
            continue
        if value.description and value.description.endswith("."):
            yield Fault(
                value.location,
                f"the description of {shown} ends with a full stop",
                "write a phrase without one",
            )


def _conditions(catalogue: Catalogue) -> Iterator[Fault]:
    for shown, value in values(catalogue):
        conditional = "conditional" in (
            value.required.values() if not isinstance(value.required, bool | str) else [value.required]
        )
        if conditional and not value.condition:
            yield Fault(
                value.location,
                f"{shown} is required in some cases",
                "say in which, with condition: when …",
            )
        if value.condition and not re.match(
            r"(?:when|if|unless|in|for|with|without|on|until|from|by|only|where|at)\b",
            value.condition,
        ):
            yield Fault(
                value.location,
                f"the condition of {shown} does not follow on “required”",
                "begin with when, unless, for, …",
            )


def _importers_notes(catalogue: Catalogue) -> Iterator[Fault]:
    def of(notes: Notes, location: Location, shown: str) -> Iterator[Fault]:
        for key in ("because", "unsure"):
            text: str | None = getattr(notes, key)
            if text and text.startswith("importer:"):
                yield Fault(location, f"{shown}: {text}", _SETTLE)

    for group, resource, operation in operations(catalogue):
        if operation is resource.operations[0]:
            yield from of(resource.notes, resource.location, resource.path)
        yield from of(
            operation.notes,
            operation.location,
            f"{group.family}.{group.name}.{operation.name}",
        )
    for shown, value in values(catalogue):
        yield from of(value.notes, value.location, shown)
    for definition in catalogue.types.values():
        yield from of(definition.notes, definition.location, definition.name)
        if definition.unreferenced == "no page of the guide refers to it":
            yield Fault(
                definition.location,
                f"{definition.name} is unreferenced",
                "find what refers to it, or say why nothing does",
            )


def _similar_properties(catalogue: Catalogue) -> Iterator[Fault]:
    for definition in catalogue.types.values():
        seen: dict[str, Property] = {}
        for item in definition.properties:
            other = seen.setdefault(item.name.lower(), item)
            if other.name != item.name and not item.notes.because:
                message = f"{definition.name} has {other.name} and {item.name}, alike but for case"
                yield Fault(item.location, message, "keep one, or say because")


RULES = (
    Rule(
        "group-summary",
        "A group's summary says what the group is for.",
        _group_summaries,
    ),
    Rule(
        "operation-summary",
        "An operation's summary says in one sentence what it does, more than its name does.",
        _operation_summaries,
    ),
    Rule(
        "type-summary",
        "A type's summary says what an object of it is or holds.",
        _type_summaries,
    ),
    Rule(
        "vague-input",
        "A parameter or input property whose name does not say what it is has a description.",
        _vague_inputs,
    ),
    Rule(
        "description-form",
        "A description is a phrase without a full stop, or sentences with a capital.",
        _descriptions,
    ),
    Rule("condition", "What is required in some cases says in which.", _conditions),
    Rule(
        "importers-note",
        "A doubt that the importer noted is settled by a person.",
        _importers_notes,
    ),
    Rule(
        "similar-properties",
        "No two properties of a type differ in case alone.",
        _similar_properties,
    ),
)
