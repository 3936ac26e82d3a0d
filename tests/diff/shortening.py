"""Says at random once what the files of a catalogue say several times, and spells out what is said once; the meaning stays."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from connectgen.catalogue.short_form import HEAD_TAKES, NO_VALUE, head_name, head_summary

Document = dict[str, Any]
_PLACEHOLDER = re.compile(r"\{([^}]+)\}")
_TAKEN_BACK: dict[str, Any] = {"requires": [], "xml": True}
"""What takes a default back, where `none` does not."""


class Shortening:
    """Shortens and spells out files that have everything written out.

    Args:
        files: the documents by name; they are changed.
        chance: what the random choices follow from.
        share: how often something is done where it can be.
    """

    def __init__(self, files: dict[str, Document], chance: random.Random, share: float = 0.5) -> None:
        self._files = files
        self._chance = chance
        self._share = share
        self.done: Counter[str] = Counter()
        """How often each kind of rewriting was done."""

    def rewrite(self) -> None:
        """Do all of it; enumerations first, since what follows compares facts with each other."""
        self._enumerations()
        for name, document in self._files.items():
            match name.partition("/")[0]:
                case "resources":
                    for resource in document["resources"]:
                        self._head(resource["operations"])
                    self._share_parameters(document)
                    self._defaults(document, ("since", "site", "requires"), document["resources"])
                    operations = [one for each in document["resources"] for one in _alone(each["operations"])]
                    self._defaults(document, ("xml", "stage"), operations)
                case "types":
                    for type_name, definition in document["types"].items():
                        self._versions(definition)
                        if not type_name.endswith("Input"):
                            self._group(definition)
                    self._defaults(document, ("since",), list(document["types"].values()))
                    self._group_of_file(document)
                case _:
                    pass

    def _sometimes(self) -> bool:
        return self._chance.random() < self._share

    def _facts(self) -> Iterator[Document]:
        """Facts that may have values, but for those of HEAD, which may follow from GET."""
        for document in self._files.values():
            owners = [
                one
                for each in document.get("resources", ())
                for one in (each, *(operation for method, operation in each["operations"].items() if method != "HEAD"))
            ]
            held = [one.get("parameters", {}) for one in owners if isinstance(one, dict)]
            held += [one.get("properties", {}) for one in document.get("types", {}).values()]
            for facts in held:
                for written in facts.values():
                    yield from (one for one in _several(written) if isinstance(one, dict))

    def _enumerations(self) -> None:
        """A named list of values is written where it is used, and a list gets a name."""
        known = {
            name: definition["values"]
            for document in self._files.values()
            for name, definition in document.get("enumerations", {}).items()
        }
        uses = Counter(fact["values"] for fact in self._facts() if isinstance(fact.get("values"), str))
        home = next(document["enumerations"] for document in self._files.values() if "enumerations" in document)
        for fact in list(self._facts()):
            values = fact.get("values")
            if isinstance(values, str) and uses[values] > 1 and _is_plain(known[values]) and self._sometimes():
                uses[values] -= 1
                fact["values"] = list(known[values])
                self.done["enumeration inlined"] += 1
            elif isinstance(values, list) and _is_plain(values) and self._chance.random() < self._share / 2:
                name = f"Planted{self.done['enumeration extracted']}"
                home[name] = {"values": list(values)}
                fact["values"] = name
                self.done["enumeration extracted"] += 1

    def _head(self, operations: Document) -> None:
        """HEAD as GET is, but for what is different."""
        get, head = operations.get("GET"), operations.get("HEAD")
        if not (get and isinstance(head, dict)):
            return
        short = {key: value for key, value in head.items() if key not in HEAD_TAKES or get.get(key) != value}
        if short.get("name") == head_name(get["name"]):
            del short["name"]
        if short.get("summary") == head_summary(get["name"]):
            del short["summary"]
        for key in HEAD_TAKES:
            if key in get and key not in head:
                short[key] = True if key in ("xml", "batch") else NO_VALUE
        if isinstance(short.get("parameters"), dict) and "parameters" in get:
            own = {name: fact for name, fact in short["parameters"].items() if get["parameters"].get(name) != fact}
            own.update((name, NO_VALUE) for name in get["parameters"] if name not in head["parameters"])
            short["parameters"] = own
        operations["HEAD"] = short or True
        self.done["HEAD: true" if not short else "HEAD shortened"] += 1

    def _share_parameters(self, document: Document) -> None:
        """A parameter that several have is written once for the file."""
        shared: Document = {}
        holders = [*document["resources"]]
        operations = [one for each in holders for one in _operations_in(each["operations"])]
        owners = [one for one in (*holders, *operations) if isinstance(one.get("parameters"), dict)]
        counted = Counter(name for one in owners for name in one["parameters"])
        for name in sorted(counted):
            entries = [one["parameters"] for one in owners if name in one.get("parameters", ())]
            facts = [one[name] for one in entries if isinstance(one[name], str | dict) and one[name] != NO_VALUE]
            in_paths = [each for each in holders if name in _placeholders(each)]
            if not facts or any(name not in each.get("parameters", {}) for each in in_paths) or not self._sometimes():
                continue
            chosen = self._chance.choice(facts)
            shared[name] = chosen if isinstance(chosen, str) else dict(chosen)
            for each in owners:
                if each.get("parameters", {}).get(name) == chosen:
                    self._use_shared(each, name)
        if shared:
            document["parameters"] = shared

    def _use_shared(self, owner: Document, name: str) -> None:
        if name in _placeholders(owner) and self._sometimes():
            del owner["parameters"][name]
            if not owner["parameters"]:
                del owner["parameters"]
            self.done["parameter of a path left to the file"] += 1
        else:
            owner["parameters"][name] = {}
            self.done["parameter shared"] += 1

    def _defaults(self, document: Document, keys: tuple[str, ...], entries: list[Document]) -> None:
        """What an entry says becomes the default of the file; those that say nothing take it back."""
        for key in keys:
            given = [entry[key] for entry in entries if key in entry and _may_be_default(key, entry[key])]
            if not given or not self._sometimes():
                continue
            chosen = self._chance.choice(given)
            document.setdefault("defaults", {})[key] = chosen
            for entry in entries:
                if key not in entry:
                    entry[key] = _TAKEN_BACK.get(key, NO_VALUE)
                elif entry[key] == chosen:
                    del entry[key]
            self.done[f"default {key}"] += 1

    def _versions(self, definition: Document) -> None:
        """A property has the versions of its type, also where it says so itself."""
        for key in ("since", "until"):
            if key not in definition:
                continue
            facts = definition.get("properties", {})
            for name, written in facts.items():
                if isinstance(written, list) or not self._sometimes():
                    continue
                fact = written if isinstance(written, dict) else {"type": written}
                if key not in fact:
                    facts[name] = {**fact, key: definition[key]}
                    self.done[f"{key} spelled out"] += 1

    def _group(self, definition: Document) -> None:
        """The filter group of several properties is that of their type."""
        facts = definition.get("properties", {})
        groups = [fact["group"] for fact in facts.values() if isinstance(fact, dict) and _is_one(fact.get("group"))]
        if groups and self._sometimes():
            self._say_group(definition, self._chance.choice(groups), facts)
            self.done["group of a type"] += 1

    def _say_group(self, owner: Document, group: str, facts: Document) -> None:
        owner["group"] = group
        for name, written in facts.items():
            given = [dict(one) if isinstance(one, dict) else {"type": one} for one in _several(written)]
            for fact in given:
                if "group" not in fact:
                    fact["group"] = NO_VALUE
                elif fact["group"] == group:
                    del fact["group"]
            facts[name] = given if isinstance(written, list) else given[0]

    def _group_of_file(self, document: Document) -> None:
        """The filter group of types that have none of their own is that of the file."""
        types = {name: one for name, one in document["types"].items() if not name.endswith("Input")}
        groups = [
            fact["group"]
            for one in types.values()
            for fact in one.get("properties", {}).values()
            if isinstance(fact, dict) and _is_one(fact.get("group"))
        ]
        if not groups or not self._sometimes():
            return
        chosen = self._chance.choice(groups)
        document.setdefault("defaults", {})["group"] = chosen
        for one in types.values():
            if "group" not in one and one.get("properties"):
                self._say_group(one, chosen, one["properties"])
                del one["group"]
        self.done["default group"] += 1


def _operations_in(operations: Document) -> list[Document]:
    return [one for one in operations.values() if isinstance(one, dict)]


def _alone(operations: Document) -> list[Document]:
    """Those that follow from no other."""
    return [one for method, one in operations.items() if method != "HEAD" or "GET" not in operations]


def _several(written: Any) -> list[Any]:
    return written if isinstance(written, list) else [written]


def _is_one(group: object) -> bool:
    return isinstance(group, str) and group != NO_VALUE


def _is_plain(values: list[Any]) -> bool:
    """Whether values are such as both a fact and an enumeration may have."""
    return all(
        isinstance(one, str) or set(one) <= {"value", "since", "until", "description", "replaced_by"} for one in values
    )


def _may_be_default(key: str, value: object) -> bool:
    refused: dict[str, Callable[[object], bool]] = {
        "site": lambda one: one != "optional",
        "xml": lambda one: one is not False,
    }
    return value not in (NO_VALUE, []) and not refused.get(key, lambda _: False)(value)


def _placeholders(resource: Document) -> set[str]:
    paths = [resource.get("path", ""), *(one["path"] for one in resource.get("formerly", ()))]
    return {name for path in paths for name in _PLACEHOLDER.findall(path)}
