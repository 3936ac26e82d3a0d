"""Rules about behaviour as data: pages, keys, failures, variants."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import Catalogue, Operation, TypeDefinition
from connectgen.catalogue.types import Scalar, ScalarType
from connectgen.lint.rules import Rule
from connectgen.lint.walk import all_properties, is_list, named, operations

_NEXT = frozenset(
    ["nextPageUrl", "nextPageURL", "nextPageUri", "nextPageToken", "hasNextPage", "isNextPageAvailable", "nextPage"]
)
_COLLECTION = re.compile(r"(?:Collection|Page|List|Directory)(?:Output|Representation)?$")
_FAILURE = frozenset(["success", "isSuccess", "hasErrors"])
_READS = frozenset(
    ["answer", "check", "compare", "count", "estimate", "find", "get", "list", "lookup", "preview", "rank", "search"]
)


def _returned(catalogue: Catalogue, operation: Operation) -> list[TypeDefinition]:
    names = [name for value in operation.returns for name in named(value.type)]
    return [catalogue.types[name] for name in names if name in catalogue.types]


def _collections_page(catalogue: Catalogue) -> Iterator[Fault]:
    for group, _, operation in operations(catalogue):
        if operation.pagination or operation.method in ("HEAD", "DELETE"):
            continue
        shown = f"{group.family}.{group.name}.{operation.name}"
        returned = _returned(catalogue, operation)
        names = {item.name for definition in returned for item in all_properties(catalogue, definition)}
        if names & _NEXT:
            yield Fault(
                operation.location, f"{shown} returns pages ({', '.join(sorted(names & _NEXT))})", "add pagination"
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
                "add pagination, with style: none where it is whole",
            )


def _idempotency(catalogue: Catalogue) -> Iterator[Fault]:
    for group, _, operation in operations(catalogue):
        shown = f"{group.family}.{group.name}.{operation.name}"
        key = operation.idempotency
        if (operation.retry == "key") != (key is not None):
            yield Fault(operation.location, f"{shown} has only one of retry: key and idempotency", "give both")


def _failures(catalogue: Catalogue) -> Iterator[Fault]:
    results = {
        definition.name for _, _, operation in operations(catalogue) for definition in _returned(catalogue, operation)
    }
    for definition in catalogue.types.values():
        names = {item.name for item in all_properties(catalogue, definition)}
        signs = sorted(names & _FAILURE)
        if definition.name in results and signs and not definition.failure:
            yield Fault(definition.location, f"{definition.name} can report a failure by {signs[0]}", "add failure")


def _binary_in_batch(catalogue: Catalogue) -> Iterator[Fault]:
    for group, _, operation in operations(catalogue):
        binary = any(value.type == Scalar(ScalarType.BINARY) for value in operation.returns)
        if binary and operation.batch:
            shown = f"{group.family}.{group.name}.{operation.name}"
            yield Fault(operation.location, f"{shown} gives binary content, which no batch carries", "add batch: false")


def _reads_by_post(catalogue: Catalogue) -> Iterator[Fault]:
    for group, _, operation in operations(catalogue):
        if operation.method == "POST" and operation.name.split("_")[0] in _READS and operation.retry is None:
            shown = f"{group.family}.{group.name}.{operation.name}"
            yield Fault(operation.location, f"{shown} is a POST that reads", "add retry: safe, or unsafe if it is not")


RULES = (
    Rule(
        "collection-pagination",
        "An operation that returns a collection says how it pages, or that it does not.",
        _collections_page,
    ),
    Rule("idempotency", "retry: key and idempotency go together.", _idempotency),
    Rule("failure", "A result that can report a failure says by which property.", _failures),
    Rule("post-reads", "A POST that reads says whether it may be repeated.", _reads_by_post),
    Rule("binary-batch", "What gives binary content is no part of a batch.", _binary_in_batch),
)
