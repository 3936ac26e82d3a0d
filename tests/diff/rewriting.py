"""Rewrites a catalogue's files at random: so that nothing changes, or so that what changes is known."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Container, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from connectgen.catalogue.short_form import HEAD_TAKES, expand
from connectgen.catalogue.yaml_reader import read_yaml
from diff.shortening import Shortening
from support.versions import NEWEST

Document = dict[str, Any]
_BASE: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # in Python it takes a third of the time of these tests


class Dumper(_BASE):
    """Writes every text in quotes, and what is shared twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
_MIDDLE = 50


def _written_out(path: Path, source: Path) -> Document:
    """A file as YAML gives it, with everything filled in that it says once for all its entries."""
    name = path.relative_to(source).as_posix()
    document, faults = read_yaml(path, name)
    assert not faults, faults
    expanded, faults = expand(name.partition("/")[0], document, name)
    assert not faults, faults
    return {key: item for key, item in _plain(expanded).items() if key not in ("defaults", "parameters")}


@cache
def _packed(source: Path) -> bytes:
    """All files of a catalogue as `_written_out` gives them; packed, since each rewriting changes its own."""
    paths = [
        path for path in sorted(source.rglob("*.yaml")) if path.parent.name != "imports"
    ]  # these are no part of it
    return pickle.dumps({path.relative_to(source).as_posix(): _written_out(path, source) for path in paths})


def _take_back(operations: Document) -> None:
    """Say of HEAD what it does not have, since it follows from GET."""
    get, head = operations.get("GET"), operations.get("HEAD")
    if get and head:
        for name in get.get("parameters", {}):
            head.setdefault("parameters", {}).setdefault(name, "none")
        for key in HEAD_TAKES:
            if key in get and key not in head:
                head[key] = True if key in ("xml", "batch") else "none"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


class Rewriting:
    """The files of a catalogue, as YAML gives them.

    Args:
        source: the catalogue's folder.
        seed: what the random choices follow from.
    """

    def __init__(self, source: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.files: dict[str, Document] = pickle.loads(_packed(source))
        self._source = source
        self._is_short = False

    def shorten(self) -> Shortening:
        """Say at random once what is said several times, and the other way round; the last thing before `write`."""
        shortening = Shortening(self.files, self.chance)
        shortening.rewrite()
        self._is_short = True
        return shortening

    def write(self, root: Path) -> Path:
        """Write the files, and the schemas beside them as they are."""
        if not self._is_short:
            for _, resource in self.resources():
                _take_back(resource["operations"])
        for name, document in self.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(
                yaml.dump(document, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=10_000), encoding="utf-8"
            )
        for path in self._source.rglob("*.json"):
            target = root / path.relative_to(self._source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
        return root

    def resources(self) -> Iterator[tuple[str, Document]]:
        """Every resource with its group, `feeds.elements`."""
        for name, document in self.files.items():
            parts = name.removesuffix(".yaml").split("/")
            if parts[0] == "resources":
                for resource in document["resources"]:
                    yield ".".join(parts[1:]), resource

    def operations(self) -> Iterator[tuple[str, Document, str, Document]]:
        """Every operation with its full name, its resource and its method."""
        for group, resource in self.resources():
            for method, operation in resource["operations"].items():
                yield f"{group}.{operation['name']}", resource, method, operation

    def types(self) -> Iterator[tuple[str, Document]]:
        """Every type with its name."""
        for name, document in self.files.items():
            if name.startswith("types/"):
                yield from document["types"].items()

    def keep_meaning(self) -> None:
        """Reorder, move, split and spell out at random, so that nothing changes."""
        for _, resource, method, operation in list(self.operations()):
            self._operation(resource, method, operation)
        for name, document in self.files.items():
            if name.startswith("resources/"):
                self.chance.shuffle(document["resources"])
                self._split(document["resources"])
        for _, definition in list(self.types()):
            self._type(definition)
        self._move_types()
        for name, document in self.files.items():
            if name.startswith("enumerations/"):
                for definition in document["enumerations"].values():
                    self.chance.shuffle(definition["values"])

    def _sometimes(self) -> bool:
        return self.chance.random() < 0.4

    def _shuffled(self, mapping: Document) -> None:
        items = list(mapping.items())
        self.chance.shuffle(items)
        mapping.clear()
        mapping.update(items)

    def _operation(self, resource: Document, method: str, operation: Document) -> None:
        facts = operation.get("parameters", {})
        for name in facts:
            facts[name] = self._value(facts[name], operation, resource)
        given = [fact for several in facts.values() for fact in (several if isinstance(several, list) else [several])]
        if sum(isinstance(fact, dict) and fact.get("required") not in (None, False) for fact in given) < 2:
            self._shuffled(facts)  # what must be given is given by position, so that its order is part of Python
        if isinstance(operation.get("body"), str) and self._sometimes():
            operation["body"] = {"type": operation["body"]}
        if isinstance(operation.get("returns"), str) and self._sometimes():
            operation["returns"] = {"type": operation["returns"]}
        if self._sometimes():
            operation.setdefault("retry", "unsafe" if method in ("POST", "PATCH") else "safe")
        self.chance.shuffle(operation.get("status", []))
        self._shuffled(operation)

    def _split(self, resources: list[Document]) -> None:
        """Two entries of the same path, each with some of the methods."""
        for resource in list(resources):
            methods = list(resource["operations"])
            if len(methods) > 1 and self._sometimes():
                moved = {key: deepcopy(value) for key, value in resource.items() if key != "operations"}
                moved["operations"] = {methods[0]: resource["operations"].pop(methods[0])}
                resources.insert(self.chance.randrange(len(resources) + 1), moved)

    def _type(self, definition: Document) -> None:
        facts = definition.get("properties", {})
        for name in facts:
            facts[name] = self._value(facts[name], definition)
        self._shuffled(facts)
        values = definition.get("discriminator", {}).get("values", {})
        self._shuffled(values)
        self._shuffled(definition)

    def _value(self, fact: Any, *owners: Document) -> Any:
        if isinstance(fact, list):
            self.chance.shuffle(fact)
            return fact
        if isinstance(fact, str):
            if not self._sometimes():
                return fact
            fact = {"type": fact}
        if self._sometimes():
            fact.setdefault("required", False)
        if isinstance(fact.get("values"), list) and self._sometimes():
            self.chance.shuffle(fact["values"])
        self._shuffled(fact)
        spans = [(owner.get("since", 0), owner.get("until", 999)) for owner in (*owners, fact)]
        in_the_middle = all(since <= _MIDDLE < until for since, until in spans)
        if in_the_middle and self._sometimes() and not {"values", "group", "was"} & set(fact):
            return [{**fact, "until": float(_MIDDLE)}, {**fact, "since": float(_MIDDLE + 1)}]
        return fact

    def _move_types(self) -> None:
        files = [name for name in self.files if name.startswith("types/")]
        for name in files:
            types = self.files[name]["types"]
            for one in list(types):
                if len(types) > 1 and self.chance.random() < 0.1:
                    self.files[self.chance.choice(files)]["types"][one] = types.pop(one)
        for name in files:
            self._shuffled(self.files[name]["types"])

    def edit(self, edits: int, current: Container[str]) -> set[str]:
        """Change things at random, each operation and each type at most once; gives the entries that must appear.

        Args:
            edits: how often each kind of edit is made.
            current: the types of the newest version: what only ended operations reach is in none.
        """
        expected: set[str] = set()
        named = {operation.get("replaced_by") for _, _, _, operation in self.operations()}
        operations = [one for one in self.operations() if one[0] not in named]
        self.chance.shuffle(operations)
        types = [(name, one) for name, one in self.types() if one.get("properties") and name in current]
        self.chance.shuffle(types)
        for change in OF_OPERATIONS:
            expected |= self._apply(change, operations, edits)
        for change in OF_TYPES:
            expected |= self._apply(change, types, edits)
        return expected

    def _apply(self, change: Callable[..., str | None], candidates: list[Any], edits: int) -> set[str]:
        found: set[str] = set()
        while candidates and len(found) < edits:
            told = change(*candidates.pop())
            if told:
                found.add(told)
        return found


def _is_current(*owners: Document) -> bool:
    return all(owner.get("since", 0) <= NEWEST <= owner.get("until", 999) for owner in owners)


def _add_parameter(name: str, resource: Document, method: str, operation: Document) -> str | None:
    del method
    if not _is_current(resource, operation):
        return None
    operation.setdefault("parameters", {})["planted"] = "String"
    return f"parameter-added:{name}(planted)"


def _add_required(name: str, resource: Document, method: str, operation: Document) -> str | None:
    if not _is_current(resource, operation):
        return None
    operation.setdefault("parameters", {})["planted"] = {"type": "String", "required": True}
    return f"parameter-added-required:{name}(planted)"


def _remove_parameter(name: str, resource: Document, method: str, operation: Document) -> str | None:
    named = {str(one) for key in ("pagination", "idempotency") for one in operation.get(key, {}).values()}
    for parameter, fact in list(operation.get("parameters", {}).items()):
        plain = isinstance(fact, str) or (isinstance(fact, dict) and _is_current(fact) and "replaced_by" not in fact)
        others = str({key: value for key, value in operation["parameters"].items() if key != parameter})
        if (
            plain
            and _is_current(resource, operation)
            and parameter not in named
            and not (isinstance(fact, dict) and isinstance(fact.get("values"), str))  # an enumeration needs its uses
            and f"replaced_by': '{parameter}" not in others
        ):
            del operation["parameters"][parameter]
            return f"parameter-removed:{name}({parameter})"
    return None


def _rename(name: str, resource: Document, method: str, operation: Document) -> str | None:
    if not _is_current(resource, operation):
        return None
    operation["name"] = f"planted_{operation['name']}"
    return f"operation-renamed:{name}"


def _refuse_batch(name: str, resource: Document, method: str, operation: Document) -> str | None:
    if not _is_current(resource, operation) or "batch" in operation:
        return None
    operation["batch"] = False
    return f"batch-refused:{name}"


def _stage(name: str, resource: Document, method: str, operation: Document) -> str | None:
    if not _is_current(resource, operation) or "stage" in operation:
        return None
    operation["stage"] = "pilot"
    return f"stage-changed:{name}"


def _status(name: str, resource: Document, method: str, operation: Document) -> str | None:
    if not _is_current(resource, operation) or "status" in operation:
        return None
    operation["status"] = [200 if operation.get("returns") or method == "HEAD" else 204, 202]
    return f"success-status-added:{name}=202"


def _plain_property(definition: Document) -> str | None:
    telling = definition.get("discriminator", {}).get("property")
    for name, fact in definition["properties"].items():
        if fact == "String" and name != telling:
            return name
    return None


def _kind_of(definition: Document, name: str) -> str:
    is_input = str(definition.get("guide", "")).startswith("connect_requests") or name.endswith("Input")
    return "request" if is_input else "response"


def _add_property(name: str, definition: Document) -> str | None:
    if not _is_current(definition):
        return None
    definition["properties"]["plantedProperty"] = "String"
    return f"{_kind_of(definition, name)}-property-added:{name}.plantedProperty"


def _retype(name: str, definition: Document) -> str | None:
    attribute = _plain_property(definition)
    if attribute is None or not _is_current(definition):
        return None
    definition["properties"][attribute] = "list<Double>"
    return f"{_kind_of(definition, name)}-property-type-changed:{name}.{attribute}"


def _refine(name: str, definition: Document) -> str | None:
    attribute = _plain_property(definition)
    if attribute is None or not _is_current(definition):
        return None
    definition["properties"][attribute] = "Id"
    return f"{_kind_of(definition, name)}-property-type-refined:{name}.{attribute}"


def _name_in_xml(name: str, definition: Document) -> str | None:
    if not _is_current(definition):
        return None
    definition["xml"] = "planted"
    return f"xml-name-changed:{name}"


OF_OPERATIONS = (_add_parameter, _add_required, _remove_parameter, _rename, _refuse_batch, _stage, _status)
OF_TYPES = (_add_property, _retype, _refine, _name_in_xml)
