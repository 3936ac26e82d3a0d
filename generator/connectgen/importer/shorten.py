"""The opposite of `catalogue.short_form`: writes a file's entries without what its defaults and parameters say."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from connectgen.catalogue.short_form import HEAD_TAKES, NO_VALUE, head_name, head_summary
from connectgen.importer.emit import is_list, is_mapping, ordered

Plain = dict[str, Any]
_PLACEHOLDER = re.compile(r"\{([^}]+)\}")
_LEAST_USES = 2
"""How often a parameter occurs in a file at least before it is written once for all."""
_TAKEN_BACK: Mapping[str, Any] = {
    "since": NO_VALUE,
    "site": NO_VALUE,
    "requires": [],
    "stage": NO_VALUE,
    "xml": True,
    "group": NO_VALUE,
}


def shorten(folder: str, document: Plain) -> Plain:
    """A whole file's content in the short form, with defaults and shared parameters chosen anew.

    Args:
        folder: `resources` or `types`.
        document: the content with everything written out; it stays as it is.
    """
    return _short_resources(document) if folder == "resources" else _short_types(document)


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _usual(values: list[Any]) -> Any:
    """The value that saves most where it is said once, if more entries have it than have none; otherwise None."""
    counted = Counter(_key(value) for value in values)
    lacking = counted.pop("null", 0)
    if not counted:
        return None
    text, count = counted.most_common(1)[0]
    return json.loads(text) if count > lacking + 1 else None


def _inserted(document: Plain, key: str, value: Any) -> Plain:
    """The document with a key before its table of entries."""
    made: Plain = {}
    for name, item in document.items():
        if name in ("resources", "types"):
            made[key] = value
        made[name] = item
    return made


# Resources


def _short_resources(document: Plain) -> Plain:
    resources = cast("list[Plain]", document["resources"])
    operations = [operation for entry in resources for operation in _own_operations(entry)]
    defaults: Plain = {}
    for key in ("since", "site", "requires"):
        if (value := _usual([entry.get(key) for entry in resources])) is not None:
            defaults[key] = value
    for key in ("xml", "stage"):
        if (value := _usual([operation.get(key) for operation in operations])) is not None:
            defaults[key] = value
    shared = _shared_parameters(resources)
    made = {**document, "resources": [short_resource(entry, defaults, shared) for entry in resources]}
    if defaults:
        made = _inserted(made, "defaults", defaults)
    return _inserted(made, "parameters", shared) if shared else made


def _own_operations(entry: Plain) -> Iterator[Plain]:
    for method, operation in entry["operations"].items():
        if method != "HEAD" or "GET" not in entry["operations"]:
            yield operation


def _shared_parameters(resources: list[Plain]) -> Plain:
    facts: dict[str, Counter[str]] = {}
    for entry in resources:
        for table in (entry, *_own_operations(entry)):
            for name, fact in cast("Plain", table.get("parameters") or {}).items():
                facts.setdefault(name, Counter())[_key(fact)] += 1
    texts = {name: counter.most_common(1)[0] for name, counter in facts.items()}
    return {name: _restored(text) for name, (text, count) in sorted(texts.items()) if count >= _LEAST_USES}


def _restored(text: str) -> Any:
    fact: Any = json.loads(text)
    return ordered(fact) if is_mapping(fact) else fact


def short_resource(entry: Plain, defaults: Plain, shared: Plain) -> Plain:
    """One resource without what the file says for all.

    Args:
        entry: the resource, written out.
        defaults: the file's `defaults`.
        shared: the file's `parameters`.
    """
    made = _without_defaults(entry, defaults, ("since", "site", "requires"))
    own = {name: _short_fact(name, fact, shared) for name, fact in cast("Plain", entry.get("parameters") or {}).items()}
    placeholders = set(_PLACEHOLDER.findall(" ".join(_paths(entry))))
    own = {name: fact for name, fact in own.items() if fact != {} or name not in placeholders}
    if own:
        made["parameters"] = own
    else:
        made.pop("parameters", None)
    operations = cast("dict[str, Plain]", entry["operations"])
    made["operations"] = {
        method: (
            _short_head(operations, defaults, shared)
            if method == "HEAD" and "GET" in operations
            else _short_operation(operation, defaults, shared)
        )
        for method, operation in operations.items()
    }
    return ordered(made)


def _paths(entry: Plain) -> list[str]:
    return [entry["path"], *(former["path"] for former in entry.get("formerly", ()))]


def _without_defaults(entry: Plain, defaults: Plain, keys: tuple[str, ...]) -> Plain:
    made = dict(entry)
    for key in keys:
        if key not in defaults:
            continue
        if key not in entry:
            made[key] = _TAKEN_BACK[key]
        elif entry[key] == defaults[key]:
            del made[key]
    return made


def _short_operation(operation: Plain, defaults: Plain, shared: Plain) -> Plain:
    made = _without_defaults(operation, defaults, ("xml", "stage"))
    if "parameters" in operation:
        parameters = cast("Plain", operation["parameters"])
        made["parameters"] = {name: _short_fact(name, fact, shared) for name, fact in parameters.items()}
    return ordered(made)


def _short_fact(name: str, fact: Any, shared: Plain) -> Any:
    """`{}` for a parameter of the file, what differs from it, or the whole fact where it lacks something of it."""
    if name not in shared:
        return fact
    common = shared[name]
    if _key(fact) == _key(common):
        return {}
    if is_list(fact) or is_list(common):
        return fact
    whole = fact if is_mapping(fact) else {"type": fact}
    base = common if is_mapping(common) else {"type": common}
    if any(key not in whole for key in base) or whole["type"] != base["type"]:
        return fact
    return {key: value for key, value in whole.items() if key not in base or _key(base[key]) != _key(value)}


def _short_head(operations: dict[str, Plain], defaults: Plain, shared: Plain) -> Any:
    get, head = operations["GET"], operations["HEAD"]
    made: Plain = {}
    for key, value in head.items():
        derived: dict[str, Callable[[], Any]] = {
            "name": lambda: head_name(get["name"]),
            "summary": lambda: head_summary(get["name"]),
        }
        same = derived[key]() == value if key in derived else key in HEAD_TAKES and get.get(key) == value
        if not same and key != "parameters":
            made[key] = value
    for key in get:
        if key not in head and key in HEAD_TAKES:
            made[key] = True if key in ("xml", "batch") else NO_VALUE
    mine, theirs = cast("Plain", head.get("parameters") or {}), cast("Plain", get.get("parameters") or {})
    if mine != theirs and mine:
        changed: Plain = {name: NO_VALUE for name in theirs if name not in mine}
        for name, fact in mine.items():
            if theirs.get(name) != fact:
                changed[name] = _short_fact(name, fact, shared)
        made.pop("parameters", None)
        if changed:
            made["parameters"] = changed
    return ordered(made) if made else True


# Types


def _short_types(document: Plain) -> Plain:
    types = cast("dict[str, Plain]", document["types"])
    groups = {name: found for name, entry in types.items() if not name.endswith("Input") and (found := _groups(entry))}
    usual = _usual([_usual(found) for found in groups.values()])
    defaults: Plain = {}
    if (since := _usual([entry.get("since") for entry in types.values()])) is not None:
        defaults["since"] = since
    if isinstance(usual, str):
        defaults["group"] = usual
    made = {**document, "types": {name: short_type(name, entry, defaults) for name, entry in types.items()}}
    return _inserted(made, "defaults", defaults) if defaults else made


def _facts(written: Any) -> list[Any]:
    return written if is_list(written) else [written]


def _groups(entry: Plain) -> list[Any]:
    """The filter group of every fact about a property; None where it has none."""
    properties = cast("Plain", entry.get("properties") or {})
    return [
        fact.get("group") if is_mapping(fact) else None for written in properties.values() for fact in _facts(written)
    ]


def short_type(name: str, entry: Plain, defaults: Plain) -> Plain:
    """One type without what it or its file says for all its properties.

    Args:
        name: the type's name.
        entry: the type, written out.
        defaults: the file's `defaults`.
    """
    made = _without_defaults(entry, defaults, ("since",))
    properties = cast("Plain", entry.get("properties") or {})
    if not properties:
        return ordered(made)
    default = None if name.endswith("Input") else defaults.get("group")
    own = default
    found = [group if isinstance(group, str) else None for group in _groups(entry)]
    usual = _usual(found)
    if any(found) or default is not None:
        own = usual or default
        if not any(found) or (usual is None and default is not None and default not in found):
            own = NO_VALUE
    if own is not None and own != default:
        made["group"] = own
    implied = None if own == NO_VALUE else own
    made["properties"] = {
        key: (
            [_short_property(fact, implied, entry) for fact in _facts(written)]
            if is_list(written)
            else _as_short(_short_property(written, implied, entry))
        )
        for key, written in properties.items()
    }
    return ordered(made)


def _short_property(fact: Any, implied: str | None, owner: Plain) -> Plain:
    made: Plain = dict(fact) if is_mapping(fact) else {"type": fact}
    if implied is not None:
        if "group" not in made:
            made["group"] = NO_VALUE
        elif made["group"] == implied:
            del made["group"]
    if "since" in made and made["since"] == owner.get("since"):
        del made["since"]
    return ordered(made)


def _as_short(fact: Plain) -> Any:
    return fact["type"] if set(fact) == {"type"} else fact
