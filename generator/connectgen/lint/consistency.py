"""Rules about facts that contradict each other or their names, and about things that are said alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import Catalogue, Parameter, Property, Value
from connectgen.catalogue.types import ListOf, Scalar, ScalarType, format_type
from connectgen.lint.rules import Rule
from connectgen.lint.walk import inputs, operations, values

_ID = re.compile(r"^ids?$|Ids?$")
_TIME = re.compile(r"^(?!relative).*(?:Date|Time|Timestamp)$")
_TWIN = re.compile(r"(?:Input|Output|Representation)+$")


def _required_defaults(catalogue: Catalogue) -> Iterator[Fault]:
    for shown, value in values(catalogue):
        if value.required is True and value.default is not None:
            yield Fault(
                value.location,
                f"{shown} is required and has a default",
                "keep one: what has a default may be left out",
            )


def _placeholders(catalogue: Catalogue) -> Iterator[Fault]:
    seen: dict[tuple[str, str], list[tuple[str, Parameter]]] = {}
    for group in catalogue.groups:
        for resource in group.resources:
            for parameter in resource.parameters:
                seen.setdefault((group.family, parameter.name), []).append((resource.path, parameter))
    for (family, name), found in seen.items():
        types = Counter(format_type(parameter.type) for _, parameter in found)
        usual = types.most_common(1)[0][0]
        for path, parameter in found:
            if format_type(parameter.type) != usual and not _explained(parameter):
                message = f"{{{name}}} of {path} is {format_type(parameter.type)}, and {usual} elsewhere in {family}"
                yield Fault(parameter.location, message, "give it one type, or say because")


def _is_text(value: Value) -> bool:
    inner = value.type.item if isinstance(value.type, ListOf) else value.type
    return inner == Scalar(ScalarType.STRING)


def _explained(value: Value) -> bool:
    return bool(value.description or value.notes.because or value.notes.unsure)


def _ids(catalogue: Catalogue) -> Iterator[Fault]:
    for shown, value in inputs(catalogue):
        if _ID.search(value.name) and _is_text(value) and not _explained(value):
            message = f"{shown} is named like an id and is a String"
            yield Fault(value.location, message, "make it an Id, or say what it is")


def _times(catalogue: Catalogue) -> Iterator[Fault]:
    for shown, value in values(catalogue):
        named = isinstance(value, Parameter | Property) and _TIME.match(value.name)
        if named and _is_text(value) and not value.values and not _explained(value):
            remedy = "make it a DateTime or a Date, or say in which form it is written"
            yield Fault(value.location, f"{shown} is named like a time and is a String", remedy)


def _similar_values(catalogue: Catalogue) -> Iterator[Fault]:
    for shown, value in values(catalogue):
        seen: dict[str, str] = {}
        for known in value.values:
            other = seen.setdefault(known.value.lower(), known.value)
            if other != known.value and not value.notes.because:
                message = f"{shown} has the values {other} and {known.value}, alike but for case"
                yield Fault(value.location, message, "keep one, or say because")


def _same_summaries(catalogue: Catalogue) -> Iterator[Fault]:
    seen: dict[tuple[str, str, str], str] = {}
    for group, _, operation in operations(catalogue):
        if operation.method != "HEAD":  # which all return the same
            other = seen.setdefault((group.family, group.name, operation.summary), operation.name)
            if other != operation.name:
                shown = f"{group.family}.{group.name}.{operation.name}"
                yield Fault(
                    operation.location,
                    f"the summary of {shown} is that of {other}",
                    "say what differs",
                )
    types: dict[str, str] = {}
    for definition in catalogue.types.values():
        other = types.setdefault(definition.summary or definition.name, definition.name)
        if _TWIN.sub("", other) != _TWIN.sub("", definition.name):
            message = f"the summary of {definition.name} is that of {other}"
            yield Fault(definition.location, message, "say what differs")


RULES = (
    Rule("required-default", "What is required has no default.", _required_defaults),
    Rule(
        "placeholder-type",
        "A placeholder has one type in all paths of a client family, or says why not.",
        _placeholders,
    ),
    Rule(
        "id-type",
        "What a caller gives and is named like an id is an Id, or says what it is.",
        _ids,
    ),
    Rule(
        "time-type",
        "What is named like a date or a time is one, or says in which form it is written.",
        _times,
    ),
    Rule("similar-values", "No two known values differ in case alone.", _similar_values),
    Rule(
        "same-summary",
        "Two operations of a group, or two types that are no twins, do not have the same summary.",
        _same_summaries,
    ),
)
