"""Rules about behaviour as data: pages, keys, failures, kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import Catalogue, Operation, Property, TypeDefinition
from connectgen.catalogue.types import Scalar, ScalarType
from connectgen.lint.rules import Rule
from connectgen.lint.walk import all_properties, follow, is_list, named, operations

_NEXT = frozenset(
    [
        "nextPageUrl",
        "nextPageURL",
        "nextPageUri",
        "nextPageToken",
        "hasNextPage",
        "isNextPageAvailable",
        "nextPage",
    ]
)
_COLLECTION = re.compile(r"(?:Collection|Page|List|Directory)(?:Output|Representation)?$")
_FAILURE = frozenset(["success", "isSuccess", "hasErrors"])
_READS = frozenset(
    [
        "answer",
        "check",
        "compare",
        "count",
        "estimate",
        "find",
        "get",
        "list",
        "lookup",
        "preview",
        "rank",
        "search",
    ]
)
_NEEDS = {
    "next-url": ["next"],
    "next-token": ["next", "parameter"],
    "page-number": ["parameter"],
    "offset": ["parameter"],
}


def _returned(catalogue: Catalogue, operation: Operation) -> list[TypeDefinition]:
    names = [name for value in operation.returns for name in named(value.type)]
    return [catalogue.types[name] for name in names if name in catalogue.types]


def _collections_page(catalogue: Catalogue) -> Iterator[Fault]:
    for group, _, operation in operations(catalogue):
        if operation.paging or operation.method in ("HEAD", "DELETE"):
            continue
        shown = f"{group.family}.{group.name}.{operation.name}"
        returned = _returned(catalogue, operation)
        names = {item.name for definition in returned for item in all_properties(catalogue, definition)}
        if names & _NEXT:
            yield Fault(
                operation.location,
                f"{shown} returns pages ({', '.join(sorted(names & _NEXT))})",
                "add paging",
            )
        elif operation.method == "GET" and (
            any(is_list(value.type) for value in operation.returns)
            or any(
                _COLLECTION.search(definition.name) and any(is_list(item.type) for item in definition.properties)
                for definition in returned
            )
        ):
            yield Fault(
                operation.location,
                f"{shown} returns a collection",
                "add paging, with style: none where it is whole",
            )


def _paging_resolves(catalogue: Catalogue) -> Iterator[Fault]:
    for group, _, operation in operations(catalogue):
        paging = operation.paging
        if paging is None:
            continue
        shown = f"the paging of {group.family}.{group.name}.{operation.name}"
        for key in _NEEDS.get(paging.style, ()):
            if getattr(paging, key) is None:
                yield Fault(
                    operation.location,
                    f"{shown} lacks {key}",
                    f"style {paging.style} needs it",
                )
        returned = _returned(catalogue, operation)
        for key in ("items", "next", "more", "total"):
            path: str | None = getattr(paging, key)
            found = [item for definition in returned for item in follow(catalogue, definition.name, path or "")]
            if path and not found:
                yield Fault(
                    operation.location,
                    f"{shown}: the result has no property {path}",
                    f"correct {key}",
                )
            elif path and key == "items" and not any(is_list(item.type) for item in found):
                yield Fault(
                    operation.location,
                    f"{shown}: {path} is no list",
                    "name the property with the items",
                )
        if paging.items is None and returned and paging.style != "none":
            yield Fault(
                operation.location,
                f"{shown} does not tell which property holds the items",
                "add items",
            )
        taken = {parameter.name for parameter in operation.parameters}
        taken |= {item.name for body in operation.bodies for name in named(body.type) for item in _of(catalogue, name)}
        for key in ("parameter", "size"):
            name: str | None = getattr(paging, key)
            if name and name not in taken:
                yield Fault(
                    operation.location,
                    f"{shown}: there is no parameter {name}",
                    f"correct {key}, or add it",
                )


def _of(catalogue: Catalogue, name: str) -> list[Property]:
    definition = catalogue.types.get(name)
    return all_properties(catalogue, definition) if definition else []


def _idempotency(catalogue: Catalogue) -> Iterator[Fault]:
    for group, _, operation in operations(catalogue):
        shown = f"{group.family}.{group.name}.{operation.name}"
        key = operation.idempotency
        if (operation.retry == "key") != (key is not None):
            yield Fault(
                operation.location,
                f"{shown} has only one of retry: key and idempotency",
                "give both",
            )
        if key is None:
            continue
        if key.place == "header":
            known = {parameter.name for parameter in operation.parameters if parameter.place == "header"}
        else:
            bodies = [name for body in operation.bodies for name in named(body.type) if name in catalogue.types]
            known = {item.name for name in bodies for item in all_properties(catalogue, catalogue.types[name])}
        if key.name not in known:
            yield Fault(
                operation.location,
                f"{shown}: there is no {key.place} {key.name}",
                "correct it, or add that",
            )


def _failures(catalogue: Catalogue) -> Iterator[Fault]:
    answered = {
        definition.name for _, _, operation in operations(catalogue) for definition in _returned(catalogue, operation)
    }
    for definition in catalogue.types.values():
        names = {item.name for item in all_properties(catalogue, definition)}
        for name in definition.failure:
            if name not in names:
                yield Fault(
                    definition.location,
                    f"{definition.name} has no property {name}",
                    "correct failure",
                )
        told = sorted(names & _FAILURE)
        if definition.name in answered and told and not definition.failure:
            yield Fault(
                definition.location,
                f"{definition.name} can tell a failure by {told[0]}",
                "add failure",
            )


def _kinds(catalogue: Catalogue) -> Iterator[Fault]:
    for definition in catalogue.types.values():
        if definition.discriminator is None:
            continue
        name = definition.discriminator.property
        kinds = [
            catalogue.types[kind] for kind in {*definition.discriminator.values.values()} if kind in catalogue.types
        ]
        lacking = [kind.name for kind in kinds if name not in {item.name for item in all_properties(catalogue, kind)}]
        if lacking and not definition.is_input:
            message = f"{', '.join(sorted(lacking))} lack the property {name} that tells the kinds of {definition.name}"
            yield Fault(definition.location, message, "let them extend the base, or add it")


def _binary_in_batch(catalogue: Catalogue) -> Iterator[Fault]:
    for group, _, operation in operations(catalogue):
        binary = any(value.type == Scalar(ScalarType.BINARY) for value in operation.returns)
        if binary and operation.batch:
            shown = f"{group.family}.{group.name}.{operation.name}"
            yield Fault(
                operation.location,
                f"{shown} gives binary content, which no batch carries",
                "add batch: false",
            )


def _reads_by_post(catalogue: Catalogue) -> Iterator[Fault]:
    for group, _, operation in operations(catalogue):
        if operation.method == "POST" and operation.name.split("_")[0] in _READS and operation.retry is None:
            shown = f"{group.family}.{group.name}.{operation.name}"
            yield Fault(
                operation.location,
                f"{shown} is a POST that reads",
                "add retry: safe, or unsafe if it is not",
            )


RULES = (
    Rule(
        "collection-paging",
        "An operation that returns a collection says how it pages, or that it does not.",
        _collections_page,
    ),
    Rule(
        "paging-resolves",
        "Properties and parameters that paging names exist.",
        _paging_resolves,
    ),
    Rule(
        "idempotency",
        "retry: key and idempotency go together, and the key's header or property exists.",
        _idempotency,
    ),
    Rule("failure", "A result that can tell a failure says by which property.", _failures),
    Rule(
        "kinds",
        "Every class of a discriminated family has the property that tells it.",
        _kinds,
    ),
    Rule(
        "post-reads",
        "A POST that reads says whether it may be repeated.",
        _reads_by_post,
    ),
    Rule(
        "binary-batch",
        "What gives binary content is no part of a batch.",
        _binary_in_batch,
    ),
)
