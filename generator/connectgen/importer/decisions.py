"""What a person decided about the source as a whole: entries that it has and the catalogue leaves out."""

from __future__ import annotations

from typing import cast

from connectgen.importer.paths import path_shape
from connectgen.importer.wanted import Wanted
from connectgen.importer.yaml_files import Plain


def leave_out(wanted: Wanted, entry: str) -> bool:
    """Remove one entry from what the source wants in the catalogue.

    Args:
        wanted: what the source wants.
        entry: `/path`, `GET /path`, `GET /path parameter`, `Type` or `Type.property`.

    Returns:
        Whether the source had it.
    """
    words = entry.split()
    if words[0].startswith("/"):
        path = _path_of(wanted, words[0])
        return path is not None and wanted.resources.pop(path, None) is not None
    if len(words) > 1:
        return _leave_out_of_resource(wanted, words)
    name, _, item = entry.partition(".")
    if not item:
        return wanted.types.pop(name, None) is not None
    return _pop(wanted.types.get(name, {}), "properties", item)


def _leave_out_of_resource(wanted: Wanted, words: list[str]) -> bool:
    path = _path_of(wanted, words[1])
    if path is None:
        return False
    resource = wanted.resources[path]
    if len(words) == 2:
        found = _pop(resource, "operations", words[0])
        if found and not resource["operations"]:
            del wanted.resources[path]
        return found
    return _pop(cast("Plain", resource["operations"].get(words[0], {})), "parameters", words[2])


def _path_of(wanted: Wanted, path: str) -> str | None:
    return next((own for own in wanted.resources if path_shape(own) == path_shape(path)), None)


def _pop(entry: Plain, table: str, name: str) -> bool:
    rows = cast("Plain", entry.get(table) or {})
    found = rows.pop(name, None) is not None
    if table in entry and not rows and table != "operations":
        del entry[table]
    return found
