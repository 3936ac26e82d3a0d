"""Translates the guide's facts into the catalogue's terms: entries as the format writes them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any, cast

from connectgen.catalogue.model import FOREVER, Span
from connectgen.catalogue.types import TypeExpressionError, parse_type
from connectgen.importer import explanations
from connectgen.importer.emit import ordered
from connectgen.importer.guide.facts import GuideFacts, OperationFact, PathFacts, ResourceFact, TypeFact, ValueFact
from connectgen.importer.guide.paths import is_example, settle_paths
from connectgen.importer.ranges import in_owner, short, span_of, tidy, with_span
from connectgen.importer.wanted import Remark, Wanted
from connectgen.importer.yaml_files import Plain

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_API_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_.$:@-]*")
_UNKNOWN = re.compile(r"\?(\w*)")
_NAMED = re.compile(r"\b[A-Z]\w*\b")
_SCALARS = frozenset(
    ["String", "Id", "Boolean", "Integer", "Long", "Double", "Decimal", "Date", "DateTime", "Url", "Binary", "Any"]
)
_VERBS = {"GET": "Read", "HEAD": "Check", "POST": "Create", "PATCH": "Update", "PUT": "Replace", "DELETE": "Delete"}
_NO_BODY = frozenset({"GET", "HEAD", "DELETE"})


def translate(facts: GuideFacts, covered: Span) -> Wanted:
    """Turn facts into entries; what had to be decided on the way is in `remarks` and `dropped`.

    Args:
        facts: what the reader took from the pages.
        covered: the catalogue's versions, from its list of releases.
    """
    return _Translation(facts, covered).wanted


class _Translation:
    def __init__(self, facts: GuideFacts, covered: Span) -> None:
        self.wanted = Wanted()
        self._covered = covered
        self._by_address: dict[str, Plain] = {}
        by_name: dict[str, list[TypeFact]] = defaultdict(list)
        for fact in facts.types:
            by_name[fact.name].append(fact)
        self._names = {name for name, same in by_name.items() if any(self._lives(fact.until) for fact in same)}
        for name in sorted(by_name):
            self._type(name, by_name[name])
        self._form_fields = {fact.name: {value.name for value in fact.properties} for fact in facts.types}
        for resource in facts.resources:
            self._resource(resource)

    # Types

    def _type(self, name: str, same: list[TypeFact]) -> None:
        first = same[0]
        if name not in self._names:
            self.wanted.drop("types that ended before the catalogue's first version", name)
            return
        if len(same) > 1:
            self._tell(first.page, f"{len(same)} pages describe a type {name}; they were merged into one")
        entry: Plain = {"summary": f"{_one_line(first.title)}."}
        span = Span(_least(fact.since for fact in same), _most(fact.until for fact in same))
        entry = {**entry, **with_span({}, span)}
        for key in ("guide", "xml"):
            value = next((getattr(fact, key) for fact in same if getattr(fact, key)), None)
            if value:
                entry[key] = value
        if first.unsure:
            entry["unsure"] = f"importer: {first.unsure}"
        table = self._properties(name, same, span)
        if table:
            entry["properties"] = table
        self.wanted.types[name] = ordered(entry)

    def _properties(self, name: str, same: list[TypeFact], span: Span) -> Plain:
        first = same[0]
        of_first = {value.name for value in first.properties}
        properties: dict[str, list[ValueFact]] = defaultdict(list)
        for fact in same:
            for value in fact.properties:
                if fact is first or value.name not in of_first:
                    properties[value.name].append(value)
        table: Plain = {}
        for key, values in properties.items():
            if not _API_NAME.fullmatch(key):
                self._tell(first.page, f"{key[:60]!r} cannot be the name of a property; left out")
                continue
            facts = [self._value(value, is_input=name.endswith("Input"), is_property=True) for value in values]
            written = tidy(facts, span, self._covered, partial(self._tell_of, first.page, key))
            if written is None:
                self.wanted.drop("properties that ended before the catalogue's first version", f"{name}.{key}")
            else:
                table[key] = written
        return table

    def _value(self, value: ValueFact, *, is_input: bool, is_property: bool) -> Plain:
        fact = self._typed(value.type, is_input=is_input)
        if value.required and is_input:
            fact["required"] = value.required
        if value.since is not None:
            fact["since"] = float(value.since)
        if value.until is not None:
            fact["until"] = float(value.until)
        if value.groups and is_property and not is_input:
            fact["group"] = _group(value)
        if value.values:
            fact["values"] = list(dict.fromkeys(value.values))
        if value.default is not None:
            fact["default"] = value.default
        for key in ("minimum", "maximum", "max_items", "max_length"):
            if (limit := getattr(value, key)) is not None:
                fact[key] = limit
        if not is_property and value.place not in ("query", "path"):
            fact["in"] = value.place
        if value.unsure and "because" not in fact:
            fact["unsure"] = f"importer: {value.unsure}"
        return ordered(fact)

    def _typed(self, expression: str, *, is_input: bool) -> Plain:
        """A fact with a type; names that the guide nowhere describes become Any, with the reason."""
        missing: list[str] = []

        def unknown(match: re.Match[str]) -> str:
            missing.append(match[1])
            return "Any"

        def named(match: re.Match[str]) -> str:
            name = match[0]
            if name in _SCALARS or (name in self._names and name.endswith("Input") == is_input):
                return name
            other = f"{name}Input" if is_input else name.removesuffix("Input")
            if other in self._names:
                return other
            missing.append(name)
            return "Any"

        text = _NAMED.sub(named, _UNKNOWN.sub(unknown, expression))
        try:
            parse_type(text)
        except TypeExpressionError:
            missing.append("")
            text = "Any"
        text = "Any" if " | " in text and "Any" in text.split(" | ") else text
        fact: Plain = {"type": text}
        if missing:
            name = next((name for name in missing if name), "")
            fact["because"] = explanations.no_page(name[:60]) if name else explanations.no_type()
            self.wanted.dropped.setdefault("types that no page describes (written as Any)", []).append(name or "(none)")
        elif "Any" in _NAMED.findall(text):
            fact["because"] = explanations.any_object()
        return fact

    # Resources

    def _resource(self, fact: ResourceFact) -> None:
        if not self._lives(fact.until):
            self.wanted.drop("resources that ended before the catalogue's first version", fact.page)
            return
        addresses = settle_paths(fact.paths)
        for path in fact.paths:
            if is_example(path.path) and len(addresses) < len(fact.paths):
                self.wanted.drop("paths that are examples of another on their page", path.path)
        fact = replace(fact, paths=addresses)
        former = [path for path in fact.paths if path.until is not None and path.until != fact.until]
        current = [path for path in fact.paths if path not in former]
        owner = Span(fact.since or 0, _most([fact.until]))
        for path in current or former[-1:]:
            own = in_owner(
                _versions_of(path.since, path.until), owner, self._covered, partial(self._tell_of, fact.page, path.path)
            )
            if own is None:
                self.wanted.drop("resources that ended before the catalogue's first version", path.path)
                continue
            earlier = _earlier([old for old in former if self._lives(old.until)], path) if len(current) == 1 else []
            self._address(fact, path, span_of(own, owner), earlier)

    def _address(self, fact: ResourceFact, path: PathFacts, span: Span, earlier: list[Plain]) -> None:
        """Add one of a page's paths as a resource."""
        names = _PLACEHOLDER.findall(path.path)
        entry: Plain = {"path": path.path, **with_span({}, span)}
        if earlier:
            entry["formerly"] = earlier
        if path.site:
            entry["site"] = "optional"
        if fact.requires_chatter:
            entry["requires"] = ["chatter"]
        if fact.guide:
            entry["guide"] = fact.guide
        if fact.unsure:
            entry["unsure"] = f"importer: {fact.unsure}"
        if names:
            entry["parameters"] = {name: self._path_parameter(fact, name) for name in names}
        operations = {
            operation.method: written
            for operation in fact.operations
            if (written := self._operation(fact, operation, span, set(names))) is not None
        }
        if not operations:
            self._tell(fact.page, f"{path.path} has no method; left out")
            return
        entry["operations"] = ordered(operations)
        self._add(fact.page, ordered(entry))

    def _path_parameter(self, fact: ResourceFact, name: str) -> Any:
        expression = next(
            (kind for own, kind in fact.path_parameters.items() if own.lower() == name.lower()), None
        ) or ("Id" if re.search(r"I[dD]$", name) else "String")
        return short(self._typed(expression, is_input=True))

    def _operation(
        self, fact: ResourceFact, operation: OperationFact, owner: Span, path_names: set[str]
    ) -> Plain | None:
        versions = in_owner(
            _versions_of(operation.since, operation.until),
            owner,
            self._covered,
            partial(self._tell_of, fact.page, operation.method),
        )
        if versions is None:
            self.wanted.drop(
                "operations that ended before the catalogue's first version", f"{operation.method} {fact.page}"
            )
            return None
        span = span_of(versions, owner)
        entry: Plain = {"summary": f"{_VERBS[operation.method]}: {_one_line(fact.title)}.", **versions}
        parameters: dict[str, list[Plain]] = defaultdict(list)
        for value in operation.parameters:
            if value.name.lower() in {name.lower() for name in path_names}:
                continue
            # Where a body has the same property, the parameter is its alternative, sent as a form's field; in Chatter
            # every parameter beside a body is, since its resources pass over them when a body is sent.
            in_body = value.name in self._form_fields.get(operation.body or "", ())
            beside_body = bool(operation.body) and "/chatter/" in f"{fact.paths[0].path}/"
            if operation.method not in _NO_BODY and (in_body or beside_body):
                value = replace(value, place="form")
            written = self._value(value, is_input=True, is_property=False)
            if operation.method in _NO_BODY:
                written.pop("in", None)
            parameters[value.name].append(written)
        table: Plain = {}
        for name, facts in parameters.items():
            tidied = tidy(facts, span, self._covered, partial(self._tell_of, fact.page, name))
            if tidied is None:
                self.wanted.drop("parameters that ended before the catalogue's first version", f"{fact.page} {name}")
            else:
                table[name] = tidied
        if table:
            entry["parameters"] = table
        if operation.body:
            entry["body"] = short(self._typed(operation.body, is_input=True))
        if operation.returns:
            entry["returns"] = short(self._typed(operation.returns, is_input=False))
        if operation.unsure:
            entry["unsure"] = f"importer: {operation.unsure}"
        return entry

    def _add(self, page: str, entry: Plain) -> None:
        """Add a resource; the same path on a second page brings its methods to the first."""
        path = str(entry["path"])
        key = _PLACEHOLDER.sub("{}", path).lower()
        existing = self._by_address.get(key)
        if existing is None:
            self._by_address[key] = entry
            self.wanted.resources[path] = entry
            return
        self._tell(page, f"{path} is on two pages; their methods were put together")
        owner, own = span_of(existing), span_of(entry)
        whole = Span(min(owner.since, own.since), max(owner.until, own.until))
        for method, operation in cast("dict[str, Plain]", entry["operations"]).items():
            existing["operations"].setdefault(method, with_span(operation, span_of(operation, own), whole))
        for method, operation in cast("dict[str, Plain]", existing["operations"]).items():
            if method not in entry["operations"]:
                existing["operations"][method] = with_span(operation, span_of(operation, owner), whole)
        existing["operations"] = ordered(existing["operations"])
        for bound in ("since", "until"):
            existing.pop(bound, None)
        existing |= with_span({}, whole)
        if "site" in entry:
            existing["site"] = entry["site"]
        self.wanted.resources[str(existing["path"])] = ordered(existing)
        self._by_address[key] = self.wanted.resources[str(existing["path"])]

    def _lives(self, until: int | None) -> bool:
        return until is None or until >= self._covered.since

    def _tell(self, page: str, text: str) -> None:
        self.wanted.remarks.append(Remark(page, text))

    def _tell_of(self, page: str, name: str, text: str) -> None:
        self._tell(page, f"{name}: {text}")


def _earlier(former: list[PathFacts], path: PathFacts) -> list[Plain]:
    """Former paths, those of the catalogue's versions that need no other placeholders."""
    names = set(_PLACEHOLDER.findall(path.path))
    return [
        {"path": old.path, **_versions_of(old.since, old.until)}
        for old in former
        if old is not path and set(_PLACEHOLDER.findall(old.path)) <= names
    ]


def _group(value: ValueFact) -> Any:
    groups = value.groups
    names = {name for name, _, _ in groups}
    if len(names) == 1 and len(groups) == 1:
        return groups[0][0]
    return [{"value": name, **_versions_of(since, until)} for name, since, until in groups]


def _versions_of(since: int | None, until: int | None) -> Plain:
    versions: Plain = {}
    if since is not None:
        versions["since"] = float(since)
    if until is not None:
        versions["until"] = float(until)
    return versions


def _least(versions: Iterable[int | None]) -> int:
    known = list(versions)
    return min((version for version in known if version is not None), default=0) if None not in known else 0


def _most(versions: Iterable[int | None]) -> int:
    known = list(versions)
    return max((version for version in known if version is not None), default=FOREVER) if None not in known else FOREVER


def _one_line(title: str) -> str:
    return " ".join(title.split()).rstrip(".")
