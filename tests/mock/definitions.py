"""Which operations have the same definition in two documents: what holds for one of them holds for the other."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from connectgen.graph import reachable

_REFERENCE = re.compile(r'"(#/components/[^"]+)"')


def unchanged(document: Mapping[str, Any], later: Mapping[str, Any]) -> set[str]:
    """The ids of a document's operations that another one has as they are here, with everything that they lead to.

    Args:
        document: the document of a version.
        later: that of a newer one.
    """
    parts, others = _parts(document), _parts(later)
    changed = {reference for reference, text in parts.items() if others.get(reference) != text}
    found: set[str] = set()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if later["paths"].get(path, {}).get(method) == operation:
                begin = _REFERENCE.findall(json.dumps(operation))
                if changed.isdisjoint(reachable(begin, lambda reference: _REFERENCE.findall(parts[reference]))):
                    found.add(operation["operationId"])
    return found


def _parts(document: Mapping[str, Any]) -> dict[str, str]:
    """What the document's references lead to, as text."""
    return {
        f"#/components/{kind}/{name}": json.dumps(part)
        for kind, parts in document["components"].items()
        for name, part in parts.items()
    }
