"""A catalogue's size in a line."""

from __future__ import annotations

from connectgen.catalogue.model import Catalogue
from connectgen.counting import counted, counted_kind


def summary(catalogue: Catalogue) -> str:
    """`2 versions, 215 groups, 868 resources, 1378 operations, 2618 types`."""
    resources = [resource for group in catalogue.groups for resource in group.resources]
    held = {
        "groups": len(catalogue.groups),
        "resources": len(resources),
        "operations": sum(len(resource.operations) for resource in resources),
        "types": len(catalogue.types),
    }
    counts = (counted_kind(number, kind) for kind, number in held.items())
    return ", ".join([counted(len(catalogue.releases), "version"), *counts])
