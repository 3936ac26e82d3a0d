"""Builds the model's objects from the values of one file that has passed its schema."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, cast

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import (
    FOREVER,
    NO_NOTES,
    Discriminator,
    Enumeration,
    Family,
    FilterGroup,
    Group,
    Idempotency,
    KnownValue,
    Location,
    Method,
    Notes,
    Omitted,
    Operation,
    Pagination,
    Parameter,
    Part,
    Place,
    Property,
    Ranged,
    Release,
    Resource,
    Span,
    StatusCode,
    TypeDefinition,
    Value,
    Wait,
    Witness,
)
from connectgen.catalogue.types import UNREADABLE, TypeExpression, TypeExpressionError, meant_type, parse_type
from connectgen.catalogue.yaml_reader import LineDict, LineList

_NOTE_KEYS = ("was", "because", "unsure", "source")


def _notes(fact: LineDict) -> Notes:
    if not any(key in fact for key in _NOTE_KEYS):
        return NO_NOTES
    was, source = fact.get("was"), fact.get("source")
    witnesses = tuple(Witness(**item) for item in source) if isinstance(source, LineList) else ()
    return Notes(
        was=dict(was) if was else None,
        because=fact.get("because"),
        unsure=fact.get("unsure"),
        source="; ".join(f"{one.witness} ({one.confidence})" for one in witnesses)
        or (source if isinstance(source, str) else None),
        witnesses=witnesses,
    )


def _has_form(operation: LineDict) -> bool:
    """Whether an operation has parameters that can be sent in a form instead of a body."""
    written = [*operation.get("parameters", {}).values()]
    facts = [fact for item in written for fact in (item if isinstance(item, LineList) else [item])]
    return any(isinstance(fact, LineDict) and fact.get("in") == "form" for fact in facts)


@cache
def _span(since: int, until: int) -> Span:
    """A span, the same object wherever these versions occur: there are few, and very many facts."""
    return Span(since, until)


class Builder:
    """Builds objects of one file; what cannot be built is a fault in `faults`."""

    def __init__(self, file: str, folder: str = "") -> None:
        self._file = file
        self._folder = folder
        self.faults: list[Fault] = []

    def _at(self, line: int) -> Location:
        return Location(self._file, line, self._folder)

    def releases(self, document: LineDict) -> tuple[Release, ...]:
        """The releases of `releases.yaml`."""
        entries = cast("list[LineDict]", document["releases"])
        return tuple(
            Release(
                version=int(entry["version"]),
                name=entry["name"],
                status=entry["status"],
                location=self._at(entry.line),
                docs=entry.get("docs"),
                first_date=entry.get("first_date"),
                retired_in=entry.get("retired_in"),
            )
            for entry in entries
        )

    def status_codes(self, document: LineDict) -> tuple[StatusCode, ...]:
        """The codes of `status_codes.yaml`."""
        entries = cast("list[LineDict]", document["status_codes"])
        return tuple(
            StatusCode(
                code=entry["code"],
                phrase=entry["phrase"],
                summary=entry["summary"],
                kind=entry["kind"],
                location=self._at(entry.line),
            )
            for entry in entries
        )

    def group(self, family: str, name: str, document: LineDict) -> Group:
        """The group of `resources/<family>/<group>.yaml`."""
        resources = tuple(self._resource(entry) for entry in document["resources"])
        return Group(family=family, name=name, summary=document["summary"], location=self._at(1), resources=resources)

    def families(self, document: LineDict) -> tuple[Family, ...]:
        """The families of `families.yaml`."""
        entries = cast("LineDict", document["families"])
        return tuple(
            Family(
                name=name,
                summary=entry["summary"],
                location=self._at(entries.lines[name]),
                described=entry.get("described", False),
            )
            for name, entry in entries.items()
        )

    def omitted(self, document: LineDict) -> tuple[Omitted, ...]:
        """What a file of resources or types leaves out of its source."""
        entries = cast("LineDict", document.get("omitted") or LineDict(1))
        return tuple(
            Omitted(entry=entry, because=because, location=self._at(entries.lines[entry]))
            for entry, because in entries.items()
        )

    def types(self, document: LineDict) -> tuple[TypeDefinition, ...]:
        """The types of `types/<family>/<group>.yaml`."""
        entries = cast("LineDict", document["types"])
        return tuple(self._type(name, entry, entries.lines[name]) for name, entry in entries.items())

    def enumerations(self, document: LineDict) -> tuple[Enumeration, ...]:
        """The enumerations of `enumerations/<family>.yaml`."""
        entries = cast("LineDict", document["enumerations"])
        return tuple(
            Enumeration(
                name=name,
                location=self._at(entries.lines[name]),
                values=self._known_values(entry["values"], Span()),
                open=entry.get("open", "responses"),
                summary=entry.get("summary"),
                note=entry.get("note"),
                notes=_notes(entry),
            )
            for name, entry in entries.items()
        )

    def _known_values(self, written: Iterable[str | LineDict], owner: Span) -> tuple[KnownValue, ...]:
        return tuple(
            (
                KnownValue(value=item, span=owner)
                if isinstance(item, str)
                else KnownValue(
                    value=item["value"],
                    span=self._span(item, owner),
                    description=item.get("description"),
                    replaced_by=item.get("replaced_by"),
                )
            )
            for item in written
        )

    def _span(self, fact: LineDict, owner: Span) -> Span:
        if "since" not in fact and "until" not in fact:
            return owner
        span = _span(int(fact.get("since", owner.since)), int(fact.get("until", owner.until)))
        if span.since > span.until:
            message, remedy = f"since {span.since}.0 is after until {span.until}.0", "swap or correct them"
            if "until" not in fact:
                message, remedy = (
                    f"since {span.since}.0 is after its owner's end, {span.until}.0",
                    "correct one of them",
                )
            elif "since" not in fact:
                message = f"until {span.until}.0 is before its owner's beginning, {span.since}.0"
                remedy = "correct one of them"
            self.faults.append(Fault(self._at(fact.line_of("since")), message, remedy))
        return span

    def _resource(self, entry: LineDict) -> Resource:
        span = self._span(entry, Span())
        site = None
        if "site" in entry:
            site = Span(int(entry.get("site_since", span.since)), span.until)
        elif "site_since" in entry:
            at = self._at(entry.line_of("site_since"))
            self.faults.append(Fault(at, "site_since dates a path in sites, but there is none", "add site: optional"))
        operations = cast("LineDict", entry["operations"])
        return Resource(
            paths=self._paths(entry, span),
            aliases=tuple(entry.get("aliases", ())),
            span=span,
            location=self._at(entry.line),
            site=site,
            requires_chatter=next(
                (span if isinstance(item, str) else self._span(item, span) for item in entry.get("requires", ())), None
            ),
            guide=entry.get("guide"),
            parameters=self._parameters(entry.get("parameters"), span, "path"),
            operations=tuple(
                self._operation(cast("Method", method), fact, operations.lines[method], span)
                for method, fact in operations.items()
            ),
            notes=_notes(entry),
        )

    def _paths(self, entry: LineDict, span: Span) -> tuple[Ranged[str], ...]:
        former = [
            Ranged(cast("str", fact["path"]), self._span(fact, Span(span.since, FOREVER)))
            for fact in entry.get("formerly", ())
        ]
        former.sort(key=lambda ranged: ranged.span.since)
        since = former[-1].span.until + 1 if former else span.since
        return (*former, Ranged(entry["path"], Span(since, span.until)))

    def _operation(self, method: Method, fact: LineDict, line: int, owner: Span) -> Operation:
        span = self._span(fact, owner)
        pagination = fact.get("pagination")
        return Operation(
            method=method,
            name=fact["name"],
            summary=fact["summary"],
            span=span,
            location=self._at(line),
            parameters=self._parameters(fact.get("parameters"), span, "query"),
            bodies=self._results(fact, "body", span),
            parts=self._parts(fact.get("parts"), span),
            json_part=fact.get("json_part", "json"),
            returns=self._results(fact, "returns", span),
            status=tuple(fact.get("status", ())),
            pagination=(
                Pagination(**{key: value for key, value in pagination.items() if key != "because"})
                if pagination
                else None
            ),
            waits=self._waits(fact.get("wait"), span),
            stage=fact.get("stage"),
            replaced_by=fact.get("replaced_by"),
            description=fact.get("description"),
            retry=fact.get("retry"),
            retry_statuses=tuple(fact.get("retry_statuses", ())),
            idempotency=next(
                (Idempotency(place=place, name=name) for place, name in fact.get("idempotency", {}).items()), None
            ),
            special_status={int(code): text for code, text in fact.get("special_status", {}).items()},
            batch=fact.get("batch", True),
            xml=fact.get("xml", True),
            notes=_notes(fact),
        )

    def _waits(self, waits: LineDict | Sequence[LineDict] | None, owner: Span) -> tuple[Wait, ...]:
        if waits is None:
            return ()
        return tuple(
            Wait(
                span=self._span(wait, owner),
                name=wait.get("name"),
                operation=wait.get("operation"),
                property=wait.get("property"),
                done=tuple(wait.get("done", ())),
                failed=tuple(wait.get("failed", ())),
                pending=tuple(wait.get("pending", ())),
                ended=wait.get("ended"),
                pending_status=tuple(wait.get("pending_status", ())),
                interval=wait.get("interval"),
                notes=_notes(wait),
            )
            for wait in ([waits] if isinstance(waits, LineDict) else waits)
        )

    def _parts(self, parts: LineDict | None, owner: Span) -> tuple[Part, ...]:
        if parts is None:
            return ()
        return tuple(
            Part(
                name=name,
                span=self._span(fact, owner),
                location=self._at(parts.lines[name]),
                required=fact.get("required", False),
                max_bytes=fact.get("max_bytes"),
                named_by_caller=fact.get("named_by_caller", False),
                description=fact.get("description"),
                notes=_notes(fact),
            )
            for name, fact in parts.items()
        )

    def _parameters(self, parameters: LineDict | None, owner: Span, place: Place) -> tuple[Parameter, ...]:
        if parameters is None:
            return ()
        return tuple(
            Parameter(name=name, place=fact.get("in", place), style=fact.get("style"), **self._value(fact, owner))
            for name, written in parameters.items()
            for fact in self._facts(written, parameters.lines[name])
        )

    def _results(self, operation: LineDict, key: str, owner: Span) -> tuple[Value, ...]:
        if key not in operation:
            return ()
        facts = self._facts(operation[key], operation.lines[key])
        values = [Value(**self._value(fact, owner)) for fact in facts]
        if key == "returns":
            return tuple(values)
        return tuple(
            (value if "required" in fact else replace(value, required=not _has_form(operation)))
            for value, fact in zip(values, facts, strict=True)
        )

    @staticmethod
    def _facts(written: Any, line: int) -> Sequence[LineDict]:
        """The facts of a short form (a type), one fact, or a list of facts."""
        if isinstance(written, str):
            fact = LineDict(line)
            fact["type"] = written
            return (fact,)
        return (written,) if isinstance(written, LineDict) else cast("list[LineDict]", written)

    def _value(self, fact: LineDict, owner: Span) -> dict[str, Any]:
        span = self._span(fact, owner)
        values = fact.get("values", ())
        return {
            "type": self._type_expression(fact),
            "span": span,
            "location": self._at(fact.line),
            "required": fact.get("required", False),
            "condition": fact.get("condition"),
            "values": () if isinstance(values, str) else self._known_values(values, span),
            "enumeration": values if isinstance(values, str) else None,
            "default": fact.get("default"),
            "minimum": fact.get("minimum"),
            "maximum": fact.get("maximum"),
            "max_items": fact.get("max_items"),
            "max_length": fact.get("max_length"),
            "description": fact.get("description"),
            "described_by_name": fact.get("described_by_name", False),
            "replaced_by": fact.get("replaced_by"),
            "python_name": fact.get("python_name"),
            "notes": _notes(fact),
        }

    def _type_expression(self, fact: LineDict) -> TypeExpression:
        try:
            return parse_type(fact["type"])
        except TypeExpressionError as error:
            meant = meant_type(error.part) if error.part else None
            remedy = f"did you mean {meant}?" if meant else "see docs/catalogue-format.md for types"
            self.faults.append(Fault(self._at(fact.line_of("type")), str(error), remedy))
            return UNREADABLE

    def _type(self, name: str, entry: LineDict, line: int) -> TypeDefinition:
        span = self._span(entry, Span())
        written = entry.get("discriminator")
        return TypeDefinition(
            name=name,
            summary=entry.get("summary"),
            span=span,
            location=self._at(line),
            guide=entry.get("guide"),
            xml=entry.get("xml"),
            item=entry.get("item"),
            extends=entry.get("extends"),
            discriminator=(
                Discriminator(
                    property=written["property"], values=dict(written["values"]), fallback=written.get("fallback")
                )
                if written
                else None
            ),
            unreferenced=entry.get("unreferenced"),
            replaced_by=entry.get("replaced_by"),
            failure=dict(entry.get("failure", {})),
            properties=self._properties(entry.get("properties"), span),
            notes=_notes(entry),
        )

    def _properties(self, properties: LineDict | None, owner: Span) -> tuple[Property, ...]:
        if properties is None:
            return ()
        return tuple(
            Property(
                name=name,
                groups=self._groups(fact.get("group", ()), owner),
                secret=fact.get("secret", False),
                **self._value(fact, owner),
            )
            for name, written in properties.items()
            for fact in self._facts(written, properties.lines[name])
        )

    def _groups(self, written: Any, owner: Span) -> tuple[Ranged[FilterGroup], ...]:
        if isinstance(written, str):
            return (Ranged(cast("FilterGroup", written), owner),)
        return tuple(Ranged(cast("FilterGroup", item["value"]), self._span(item, owner)) for item in written)
