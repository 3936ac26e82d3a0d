"""What methods need that iterate over all pages, or wait for an end: their names, and the type of an item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connectgen.catalogue.model import Wait
from connectgen.catalogue.types import ListOf, Named, TypeExpression
from connectgen.naming import iterator_names, waiter_name
from connectgen.surface import Surface, SurfaceOperation, SurfaceParameter, SurfaceType, distinct_groups

_OF_A_PAGE = {"page", "pageToken", "pageParam", "pageNumber", "cursor"}
"""Parameters that say which page is meant, where the catalogue names none: a URL of the next page has its own."""


def names_of_iterators(surfaces: Iterable[Surface]) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """For each group its methods that iterate over all pages, by the operation, over all versions together."""
    operations: dict[tuple[str, str], set[str]] = {}
    paged: dict[tuple[str, str], set[str]] = {}
    for group in distinct_groups(surfaces):
        key = (group.family, group.name)
        operations.setdefault(key, set()).update(operation.name for operation in group.operations)
        paged.setdefault(key, set()).update(operation.name for operation in group.operations if has_pages(operation))
    return {key: iterator_names(operations[key], paged[key]) for key in operations}


def waits_of(operation: SurfaceOperation) -> Mapping[str, Wait]:
    """The waits that an operation shows the end of, by the names of the methods that wait."""
    return {waiter_name(operation.name, wait.name): wait for wait in operation.waits if not wait.operation}


def waiters_of(operation: SurfaceOperation) -> list[str]:
    """The methods that wait with an operation, or for what it begins: `family.group.wait_for_run`."""
    own = f"{operation.family}.{operation.group}."
    found = [own + name for name in waits_of(operation)]
    for wait in operation.waits:
        if wait.operation:
            group, _, name = wait.operation.rpartition(".")
            found.append(f"{group}.{waiter_name(name, wait.name)}")
    return found


def has_pages(operation: SurfaceOperation) -> bool:
    """Whether the result comes in pages that can be gone through, by asking for each of them.

    What changes something has no iterator though its response is a page: each page would add a like.
    """
    if operation.pagination is None or operation.pagination.style == "none" or operation.parts:
        return False
    # What another operation continues is sent once only.
    is_sent_once = operation.pagination.continued_by is not None
    return operation.method == "GET" or (operation.method == "POST" and (operation.retry == "safe" or is_sent_once))


def item_of_page(operation: SurfaceOperation, types: Mapping[str, SurfaceType]) -> TypeExpression | None:
    """The type of the items of an operation's pages at a version; None where it has no pages there."""
    if not has_pages(operation) or operation.pagination is None or operation.returns is None:
        return None
    expression: TypeExpression | None = operation.returns
    for name in operation.pagination.items.split(".") if operation.pagination.items else ():
        expression = _property(expression, name, types)
    return expression.item if isinstance(expression, ListOf) else None


def says_which_page(operation: SurfaceOperation, parameter: SurfaceParameter) -> bool:
    """Whether a parameter names the page, so that iterating over all pages leaves it out."""
    if operation.pagination is None or parameter.place not in ("query", "form"):
        return False
    if operation.pagination.parameter:
        return parameter.name == operation.pagination.parameter
    return parameter.name in _OF_A_PAGE


def _property(owner: TypeExpression | None, name: str, types: Mapping[str, SurfaceType]) -> TypeExpression | None:
    resolved = types.get(owner.name) if isinstance(owner, Named) else None
    while resolved is not None:
        for item in resolved.properties:
            if item.name == name:
                return item.type
        resolved = types.get(resolved.extends) if resolved.extends else None
    return None
