"""Counts what the catalogue has and no page of the guide: each such fact names its source, or why it is there."""

from __future__ import annotations

from typing import Any

from recount.counts import Recount
from recount.spec_files import Catalogue, facts


def count_beyond(catalogue: Catalogue, result: Recount) -> None:
    """Look for each property, operation and parameter of the catalogue among those that were read from the guide.

    Call this when all pages have been counted.
    """
    count = result["beyond the guide"]
    for name, definition in catalogue.types.items():
        for item, value in (definition.get("properties") or {}).items():
            known = item in result.read.get(name, set()) or _noted(definition) or any(map(_noted, facts(value)))
            count.see(known, f"{name}.{item}")
    for resource in {id(one.resource): one.resource for one in catalogue.addresses}.values():
        for method, operation in resource["operations"].items():
            entry = f"{method} {resource['path']}"
            known = method in result.read.get(resource["path"], set()) or _noted(resource) or _noted(operation)
            count.see(known, entry)
            for name, value in (operation.get("parameters") or {}).items():
                read = name in result.read.get(entry, set())
                known = read or any(map(_noted, [*facts(value), operation, resource]))
                count.see(known, f"{entry} {name}")


def _noted(fact: dict[str, Any]) -> bool:
    return any(fact.get(key) for key in ("source", "because", "unsure"))
