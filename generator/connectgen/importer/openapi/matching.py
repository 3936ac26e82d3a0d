"""Finds out which types of the catalogue a file's schemas are: by schema, by name, by use, and by shape."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from connectgen.catalogue.yaml_reader import LineDict
from connectgen.importer.openapi.document import Document, is_array, is_object, operations_of
from connectgen.importer.openapi.families import SCHEMAS
from connectgen.importer.openapi.known import Known
from connectgen.importer.openapi.type_names import plain_candidates, without_base
from connectgen.importer.paths import path_shape
from connectgen.importer.questions import YES, Decide, Kind, Question

_ENOUGH = 0.5
"""How much of the smaller of two must agree where name or use says that they are one."""
_ALIKE = 0.75
"""How much of both together must agree where nothing else says so."""
_FEW = 3

Key = tuple[str, bool]
"""A schema, and whether it is sent."""
Properties = Callable[[LineDict, str], dict[str, tuple[LineDict, bool]]]
AddRemark = Callable[[str, str], None]


class Matcher:
    """Matches the schemas of a file with the types of a catalogue.

    Args:
        document: the file.
        properties: gives all properties of a schema.
        known: what the catalogue has.
        decide: gives a person's answers.
        remark: called with remarks.
    """

    def __init__(
        self, document: Document, properties: Properties, known: Known, decide: Decide, remark: AddRemark
    ) -> None:
        self.names: dict[Key, str] = {}
        """The types that were found."""
        self.questions: list[Question] = []
        self._document = document
        self._known = known
        self._decide = decide
        self._remark = remark
        self._schemas = document.object_at(document.object_at(document.root, "components"), "schemas")
        self._of_schema = properties
        self._cached: dict[str, dict[str, LineDict]] = {}
        self._claimed: dict[str, Key] = {}

    def match(self) -> None:
        """Match every schema that an operation reaches.

        Raises:
            SourceError: a reference leads nowhere.
        """
        used, evidence = self._uses()
        for key in used:
            name = self._known.type_names.get(key)
            if name and name in self._known.taken:
                self._claim(key, name)
        held = {name for (schema, _), name in self._known.type_names.items() if schema in self._schemas}
        for key in used:
            self._by_name(key, held)
        for schema in self._schemas:
            # A base that only its variants name is reached by no reference.
            self._by_equal_name((schema, schema.endswith("Input")), held)
        waiting = deque(evidence)
        seen: set[tuple[Key, str]] = set()
        while waiting:
            key, name = waiting.popleft()
            if (key, name) in seen:
                continue
            seen.add((key, name))
            if key not in self.names and name not in self._claimed and name not in held:
                self._by_use(key, name)
            if self.names.get(key) == name:
                waiting.extend(self._inner(key, name))
        for key in used:
            if key not in self.names:
                self._by_shape(key, held)

    # What is used

    def _uses(self) -> tuple[list[Key], list[tuple[Key, str]]]:
        """All schemas in the direction in which they are used, and the types that operations use in their place."""
        roots: list[Key] = []
        evidence: list[tuple[Key, str]] = []
        for path, _, _, method, operation in operations_of(self._document):
            here = self._known.uses.get((method, path_shape(path)), {})
            for is_input, schema in self._sides(operation):
                found = list(self._references(schema, set()))
                roots += [(name, is_input) for name in found]
                if len(found) == 1 and len(here.get(is_input, ())) == 1:
                    evidence.append(((found[0], is_input), here[is_input][0]))
        used: dict[Key, None] = {}
        waiting = deque(roots)
        while waiting:
            key = waiting.popleft()
            if key in used or not is_object(self._schemas.get(key[0])):
                continue
            used[key] = None
            waiting.extend((name, key[1]) for name in self._references(self._schemas[key[0]], set()))
        return [key for key in used if self._properties(key[0])], evidence

    def _sides(self, operation: LineDict) -> Iterator[tuple[bool, Any]]:
        responses = self._document.object_at(operation, "responses")
        holders = [(True, operation.get("requestBody"))]
        holders += [(False, responses[code]) for code in responses if code.startswith("2")]
        for is_input, written in holders:
            if written is None:
                continue
            holder, _ = self._document.resolved(written, operation.line)
            for media, content in self._document.object_at(holder, "content").items():
                if is_object(content) and "json" in media and "schema" in content:
                    yield is_input, content["schema"]

    def _references(self, value: Any, seen: set[int]) -> Iterator[str]:
        """The names of the schemas that a value refers to, not those behind them."""
        waiting = deque([value])
        while waiting:
            value = waiting.popleft()
            if is_object(value):
                reference = value.get("$ref")
                if isinstance(reference, str) and reference.startswith(f"#{SCHEMAS}"):
                    yield reference.removeprefix(f"#{SCHEMAS}")
                waiting.extend(
                    inner for key, inner in value.items() if key not in ("example", "examples", "enum", "default")
                )
            elif is_array(value):
                waiting.extend(value)

    def _properties(self, schema: str) -> dict[str, LineDict]:
        if schema not in self._cached:
            reference = LineDict(1)
            reference["$ref"] = f"#{SCHEMAS}{schema}"
            found = self._of_schema(reference, schema)
            self._cached[schema] = {name: inner for name, (inner, _) in found.items()}
        return self._cached[schema]

    def _inner(self, key: Key, name: str) -> Iterator[tuple[Key, str]]:
        """What two that are one use in the same places."""
        ours = self._known.properties.get(name, {})
        for own, inner in self._properties(key[0]).items():
            found = list(self._references(inner, set()))
            if len(found) == 1 and len(ours.get(own, ())) == 1 and is_object(self._schemas.get(found[0])):
                yield (found[0], key[1]), ours[own][0]

    # Ways to match

    def _by_name(self, key: Key, held: set[str]) -> None:
        if key in self.names:
            return
        schema, is_input = key
        title = self._document.text_at(self._schemas[schema], "title")
        for name in plain_candidates(schema, title, is_input=is_input):
            if name not in self._known.taken or name in held or name in self._claimed:
                continue
            common, fewest, _ = self._agreement(schema, name)
            if name not in self._known.own:
                if common >= max(_FEW, 0.8 * fewest) and self._asked(key, name):
                    self._claim(key, name)
                    return
                continue
            if common >= _ENOUGH * fewest and common:
                if name != without_base(schema):
                    self._remark(schema, f"is {name} of the catalogue: {self._text(schema, name)}")
                self._claim(key, name)
                return
            if self._asked(key, name):
                self._claim(key, name)
                return

    def _by_equal_name(self, key: Key, held: set[str]) -> None:
        name = without_base(key[0])
        if key in self.names or name not in self._known.own or name in held or name in self._claimed:
            return
        common, fewest, _ = self._agreement(key[0], name) if is_object(self._schemas[key[0]]) else (0, 0, 0)
        if common and common >= _ENOUGH * fewest:
            self._claim(key, name)

    def _by_use(self, key: Key, name: str) -> None:
        if key[1] != name.endswith("Input") or not self._properties(key[0]) or name not in self._known.own:
            return
        common, fewest, _ = self._agreement(key[0], name)
        if common and common >= _ENOUGH * fewest:
            self._remark(
                key[0], f"is {name} of the catalogue, where the same operations use it: {self._text(key[0], name)}"
            )
            self._claim(key, name)
        elif common and self._asked(key, name):
            self._claim(key, name)

    def _by_shape(self, key: Key, held: set[str]) -> None:
        own = set(self._properties(key[0]))
        best: tuple[float, str] | None = None
        for name in sorted(self._known.own):
            if name.endswith("Input") != key[1] or name in self._claimed or name in held:
                continue
            common = len(own & set(self._known.properties[name]))
            alike = common / max(1, len(own | set(self._known.properties[name])))
            if common >= _FEW and alike >= _ALIKE and (best is None or alike > best[0]):
                best = (alike, name)
        if best and self._asked(key, best[1]):
            self._claim(key, best[1])

    def _agreement(self, schema: str, name: str) -> tuple[int, int, int]:
        """How many properties two have in common, and how many the smaller and the larger of them has."""
        ours, theirs = set(self._known.properties[name]), set(self._properties(schema))
        return (len(ours & theirs), min(len(ours), len(theirs)), max(len(ours), len(theirs)))

    def _text(self, schema: str, name: str) -> str:
        common, _, most = self._agreement(schema, name)
        return f"{common} of {most} properties agree"

    def _asked(self, key: Key, name: str) -> bool:
        """Whether two are one, as a person says; without an answer they are taken for one, and nothing is written."""
        text = f"is {name} of the catalogue {key[0]} of the file? {self._text(key[0], name)}"
        question = Question(f"{key[0]}{' (sent)' if key[1] else ''}", text, kind=Kind.MATCH, key=name)
        answer = self._decide(question)
        if answer is None:
            self.questions.append(question)
        return answer is None or answer.choice == YES

    def _claim(self, key: Key, name: str) -> None:
        self.names[key] = name
        self._claimed[name] = key
