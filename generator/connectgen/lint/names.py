"""Rules about the names of operations: verb first, nothing repeated, the verb that the method lets expect."""

from __future__ import annotations

from collections.abc import Iterator

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.model import Catalogue
from connectgen.lint.rules import Rule
from connectgen.lint.walk import operations

_READS = frozenset(
    [
        "get",
        "list",
        "head",
        "search",
        "find",
        "download",
        "preview",
        "check",
        "count",
        "lookup",
        "export",
        "suggest",
    ]
)
_NOT_VERBS = frozenset(
    [
        "a", "all", "batch", "by", "fulfillments", "for", "from", "in", "item", "items", "multiple", "my", "of", "on",
        "records", "releases", "reservations", "results", "the", "to", "transfers", "with",
    ]
)  # fmt: skip


def _verb_first(catalogue: Catalogue) -> Iterator[Fault]:
    for group, _, operation in operations(catalogue):
        verb = operation.name.split("_")[0]
        shown = f"{group.family}.{group.name}.{operation.name}"
        if verb in _NOT_VERBS or verb in (group.name, group.name.removesuffix("s")):
            yield Fault(
                operation.location,
                f"{shown} does not begin with a verb",
                "say what it does first",
            )
        if operation.method == "HEAD" and verb not in ("head", "check", "count"):
            yield Fault(operation.location, f"{shown} is a HEAD", "begin with head")
        if operation.method == "GET" and verb in (
            "create",
            "update",
            "replace",
            "delete",
            "add",
            "remove",
        ):
            yield Fault(
                operation.location,
                f"{shown} is a GET, but reads like a change",
                "begin with get or list",
            )
        if operation.method == "DELETE" and verb in _READS:
            yield Fault(
                operation.location,
                f"{shown} is a DELETE, but reads like a GET",
                "begin with delete or its action",
            )


def _group_repeated(catalogue: Catalogue) -> Iterator[Fault]:
    for group, _, operation in operations(catalogue):
        _, _, rest = operation.name.partition("_")
        if rest and rest in (group.name, group.name.removesuffix("s")):
            shown = f"{group.family}.{group.name}.{operation.name}"
            yield Fault(
                operation.location,
                f"{shown} repeats its group",
                "leave the group's name out",
            )


RULES = (
    Rule(
        "verb-first",
        "An operation's name begins with the verb that its method lets expect.",
        _verb_first,
    ),
    Rule(
        "group-repeated",
        "An operation's name does not repeat its group.",
        _group_repeated,
    ),
)
