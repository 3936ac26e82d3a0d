"""Which uses a change concerns: reading, writing, passing, constructing and calling are distinguished."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from connectgen.diff.change import Change
from connectgen.diff.usage.client_names import ClientNames, argument_name, field_name
from connectgen.diff.usage.notes import Notes, Use
from connectgen.surface import Surface

_NOBODY = frozenset(
    [
        "operation-added",
        "type-added",
        "group-added",
        "family-added",
        "parameter-added",
        "body-added",
        "result-added",
        "part-added",
        "request-property-added",
        "response-property-added",
        "request-kind-added",
        "replacement-named",
        "site-address-added",
        "operation-moved",
        "operation-method-changed",
        "parameter-place-changed",
        "json-part-renamed",
        "batch-allowed",
        "xml-offered",
        "parameter-value-added",
        "path-parameter-value-added",
        "request-property-value-added",
        "part-became-optional",
        "body-became-optional",
        "request-property-became-optional",
        "parameter-limit-widened",
        "request-property-limit-widened",
        "part-limit-raised",
        "discriminated-kind-added",
        "xml-name-changed",
    ]
)
"""Rules that concern no existing code: what is new is not used yet, what the client takes care of is not code."""


def concerns_code(change: Change) -> bool:
    """Whether a change can concern existing code."""
    return change.rule.id not in _NOBODY


@dataclass(frozen=True, slots=True)
class Found:
    """A use that a change concerns."""

    use: Use
    is_possible: bool = False
    """Whether it is possible only, whatever a type checker says of the name."""
    is_silent: bool = False
    """Whether the code goes on without an exception or a type error, and does something else."""


class Matcher:
    """Finds the uses that a change concerns.

    Args:
        names: what the client calls things.
        notes: what the code uses.
        after: the version that the code is to use next.
    """

    def __init__(self, names: ClientNames, notes: Notes, after: Surface) -> None:
        self._names = names
        self._after = after
        self._notes = notes
        self._by_action: dict[str, list[Use]] = {}
        for use in notes.uses:
            self._by_action.setdefault(use.action, []).append(use)
        self._operations: dict[str, list[Use]] = {}
        for use in self._of("operation", "override"):
            self._operations.setdefault(use.name, []).append(use)

    def _of(self, *actions: str) -> Iterator[Use]:
        for action in actions:
            yield from self._by_action.get(action, ())

    def matching(self, change: Change) -> list[Found]:
        """The uses that a change concerns, each once."""
        rule, subject = change.rule.id, change.subject
        if rule in _NOBODY:
            return []
        if rule.startswith("version-"):
            return [Found(use) for use in self._of("operation")]
        if rule.startswith("family-"):
            return [Found(use) for use in self._of("family") if use.name == subject]
        if rule.startswith("group-"):
            return [Found(use) for use in self._of("group") if use.name == subject]
        if subject[:1].islower():
            return list(self._of_operation(rule, subject))
        return list(self._of_type(rule, subject, self._is_reached(change)))

    def _is_reached(self, change: Change) -> bool:
        """Whether the code calls anything that takes or gives the type, or names it or a variant of it."""
        if any(reach.operation in self._operations for reach in change.reaches):
            return True
        subject = change.subject.partition(".")[0]
        return any(self._names.is_a(use.name, subject) for use in self._of("class"))

    def _of_operation(self, rule: str, subject: str) -> Iterator[Found]:
        operation, _, rest = subject.partition("(")
        operation, _, value = operation.partition("=")
        operation = operation.removesuffix(" result")
        references = self._operations.get(operation, [])
        if rule == "arguments-reordered":
            yield from (Found(use, is_silent=True) for use in self._calls(operation) if "*" in use.passed)
            return
        if not rest:
            yield from (Found(use) for use in references)
            return
        name, _, after = rest.partition(")")
        value = after.partition("=")[2]
        if rule.startswith("path-parameter-") or name == "body":
            yield from self._of_place(rule, operation, name, references)
        elif rule == "parameter-became-optional":
            with_body = self._names.operations[operation].body is not None
            yield from (Found(use, is_possible=with_body) for use in self._calls(operation) if "*" in use.passed)
        elif rule.endswith(("became-required", "became-conditional", "added-required", "default-changed")):
            yield from self._lacking("call", {operation}, argument_name(name), silent="default" in rule)
        else:
            given = (use for use in self._of("argument") if use.name == operation and use.detail == argument_name(name))
            yield from self._by_value(given, value if "-value-" in rule else "")
            yield from (
                Found(use, is_possible=True)
                for use in self._of("call")
                if use.name == operation
                and use.is_open
                and rule == "parameter-removed"
                and not _passes(use, argument_name(name))
            )

    def _of_place(self, rule: str, operation: str, name: str, references: list[Use]) -> Iterator[Found]:
        """What is passed by position: the placeholders of the path, and the body."""
        if rule in ("path-parameter-added", "path-parameter-removed"):
            yield from (Found(use) for use in self._calls(operation))
        elif rule == "path-parameter-renamed":
            yield from (
                Found(use)
                for use in self._of("argument")
                if use.name == operation and use.detail == argument_name(name)
            )
        elif rule == "body-removed":
            yield from (Found(use) for use in self._calls(operation) if {"*", "body"} & use.passed)
        elif rule.endswith(("became-required", "added-required", "became-conditional")):
            yield from (Found(use) for use in self._calls(operation) if not {"*", "body"} & use.passed)
        else:
            yield from (Found(use) for use in references)

    def _calls(self, operation: str) -> Iterator[Use]:
        return (use for use in self._of("call") if use.name == operation)

    def _lacking(self, action: str, owners: AbstractSet[str], name: str, *, silent: bool = False) -> Iterator[Found]:
        """Calls and constructions that do not pass something."""
        for use in self._of(action):
            if use.name in owners and name not in use.passed:
                unsure = use.is_open or use.is_partial or name in use.maybe
                yield Found(use, is_possible=unsure, is_silent=silent)

    def _by_value(self, uses: Iterable[Use], value: str) -> Iterator[Found]:
        for use in uses:
            if not value or use.text == value:
                yield Found(use)
            elif use.text is None and use.is_open:
                yield Found(use, is_possible=True)

    def _of_type(self, rule: str, subject: str, reached: bool) -> Iterator[Found]:
        name, dot, rest = subject.partition(".")
        type_name, _, kind = name.partition("=")
        if not dot:
            yield from self._of_class(rule, type_name, kind)
            return
        attribute, _, value = rest.partition("=")
        attribute = field_name(attribute.partition(" ")[0])
        owners = self._owners(type_name, attribute)
        if rule in ("request-property-removed", "response-property-removed"):
            owners = frozenset(owner for owner in owners if not self._keeps(owner, attribute))
        if rule.startswith("request-property"):
            yield from self._of_request(rule, owners, attribute, value)
        else:
            yield from self._of_response(rule, owners, attribute, value, reached)

    def _owners(self, type_name: str, attribute: str) -> frozenset[str]:
        """The classes that have a property: the type and those that extend it."""
        found = {type_name}
        for name in self._names.types:
            field = self._names.fields(name).get(attribute) if self._names.is_a(name, type_name) else None
            if field is not None and field.owner == type_name:
                found.add(name)
        return frozenset(found)

    def _keeps(self, name: str, attribute: str) -> bool:
        """Whether a class still has a field in the next version, its own or by what it extends."""
        one: str | None = name
        while one and one in self._after.types:
            if any(field_name(item.name) == attribute for item in self._after.types[one].properties):
                return True
            one = self._after.types[one].extends
        return False

    def _of_class(self, rule: str, type_name: str, kind: str) -> Iterator[Found]:
        if rule == "type-removed":
            yield from (Found(use) for use in self._of("class") if use.name == type_name)
        elif rule == "base-type-changed":
            yield from (Found(use, is_silent=True) for use in self._of("test") if use.name == type_name)
        elif rule.endswith("kind-removed"):
            yield from self._of_kind(rule, type_name, kind)
        elif rule == "kind-added":
            classes = set(self._names.variants(type_name))
            yield from (Found(use, is_silent=True) for use in self._of("test") if use.name in classes)
        elif rule == "discriminator-changed":
            classes = {one for one in self._names.types if self._names.is_a(one, type_name)}
            yield from (Found(use) for use in self._of("test", "construct") if use.name in classes)
        elif rule == "fallback-changed":
            yield from (Found(use, is_silent=True) for use in self._of("test") if self._names.is_a(use.name, type_name))
        else:
            yield from (Found(use) for use in self._of("class") if use.name == type_name)

    def _of_kind(self, rule: str, type_name: str, kind: str) -> Iterator[Found]:
        """A class that no longer occurs: code that asks for it, or compares the discriminator, goes on without it."""
        found = self._names.types.get(type_name)
        if found is None or found.discriminator is None:
            return
        class_name = found.discriminator.values.get(kind, "")
        if rule.startswith("request-"):
            yield from (Found(use) for use in self._of("construct") if use.name == class_name)
            return
        yield from (Found(use, is_silent=True) for use in self._of("test") if use.name == class_name)
        attribute = field_name(found.discriminator.property)
        classes = {*self._names.variants(type_name), *self._owners(type_name, attribute)}
        for use in self._of("compare"):
            if use.name in classes and use.detail == attribute and use.text == kind:
                yield Found(use, is_silent=True)

    def _of_request(self, rule: str, owners: frozenset[str], attribute: str, value: str) -> Iterator[Found]:
        if rule.endswith(("became-required", "became-conditional", "added-required", "default-changed")):
            yield from self._lacking("construct", owners, attribute, silent="default" in rule)
            return
        passed = (use for use in self._of("pass") if use.name in owners and use.detail == attribute)
        yield from self._by_value(passed, value)
        for use in self._of("write"):
            if use.name in owners and use.detail == attribute:
                yield Found(use, is_possible=bool(value))
        if rule.endswith(("removed", "type-changed")) and not value:
            named = self._of("read", "override")
            yield from (Found(use) for use in named if use.name in owners and use.detail == attribute)
            yield from (
                Found(use, is_possible=True)
                for use in self._of("construct")
                if use.name in owners and use.is_open and not _passes(use, attribute)
            )

    def _of_response(
        self, rule: str, owners: frozenset[str], attribute: str, value: str, reached: bool
    ) -> Iterator[Found]:
        def concerned(use: Use) -> bool:
            return use.detail == attribute and (use.name in owners or (not use.name and reached))

        if rule == "response-property-value-removed":
            yield from (
                Found(use, is_silent=True) for use in self._of("compare") if concerned(use) and use.text == value
            )
        elif rule == "response-property-group-changed":
            if self._notes.filtered:
                yield from (Found(use, is_silent=True) for use in self._of("read") if concerned(use))
        elif rule == "response-property-value-added":
            yield from (Found(use) for use in self._of("read") if concerned(use))
        else:
            yield from (Found(use) for use in self._of("read", "write", "override") if concerned(use))
            yield from (Found(use) for use in self._of("pass") if use.name in owners and use.detail == attribute)


def _passes(use: Use, name: str) -> bool:
    return name in use.passed or name in use.maybe
