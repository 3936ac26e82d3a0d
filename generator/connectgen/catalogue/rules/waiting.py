"""Rules about waiting: what begins something names what shows its end, and that knows every value of its state."""

from __future__ import annotations

from collections.abc import Iterator

from connectgen.catalogue.faults import Fault, quoted
from connectgen.catalogue.model import Operation, Property, Wait
from connectgen.catalogue.rules.rule import Facts, OperationAt, Rule, named, scalars_of
from connectgen.catalogue.suggestions import did_you_mean
from connectgen.catalogue.types import ScalarType, names_in
from connectgen.naming import waiter_name

_STATES = ("done", "failed", "pending")
_OF_OWN = ("property", *_STATES, "ended", "pending_status", "interval")


def _wait(facts: Facts) -> Iterator[Fault]:
    by_name: dict[str, OperationAt] = {one.name: one for one in facts.operations}
    for one in facts.operations:
        for wait in one.operation.waits:
            if wait.operation:
                yield from _begun(one, wait, by_name)
            else:
                yield from _of_showing(facts, one, wait)


def _begun(one: OperationAt, wait: Wait, by_name: dict[str, OperationAt]) -> Iterator[Fault]:
    """What is wrong with the wait of an operation that begins something."""
    at = one.operation.location
    for key in _OF_OWN:
        if getattr(wait, key):
            yield Fault(at, f"wait names {wait.operation} and has {key}", f"say {key} in the wait of {wait.operation}")
    asked = by_name.get(str(wait.operation))
    if asked is None:
        remedy = did_you_mean(str(wait.operation), by_name, "name it family.group.operation")
        message = f"there is no operation {quoted(wait.operation)}, which wait names"
        yield Fault(at, message, remedy, needs_all=True)
        return
    own = [waiter_name(asked.operation.name, other.name) for other in asked.operation.waits if not other.operation]
    if not own:
        yield Fault(at, f"wait names {wait.operation}, which has no wait of its own", "give it one", needs_all=True)
    elif wait.name and wait.name not in own:
        remedy = did_you_mean(wait.name, own, "correct it")
        yield Fault(at, f"{wait.operation} has no wait {quoted(wait.name)}", remedy, needs_all=True)
    elif len(own) > 1 and not wait.name:
        message = f"wait names {wait.operation}, which has several"
        yield Fault(at, message, f"say which with name: {' or '.join(own)}", needs_all=True)


def _of_showing(facts: Facts, one: OperationAt, wait: Wait) -> Iterator[Fault]:
    """What is wrong with the wait of an operation that shows the end."""
    operation, at = one.operation, one.operation.location
    ends = (wait.property and (wait.done or wait.failed)) or wait.ended or wait.pending_status
    if not ends:
        yield Fault(at, "wait does not say what the end is", "add property and done, ended or pending_status")
    if not wait.property and any(getattr(wait, key) for key in _STATES):
        yield Fault(at, "wait has values of no property", "add property")
    if operation.method != "GET" and operation.retry != "safe":
        yield Fault(at, f"wait would send {operation.method} again and again", "name the operation that shows the end")
    for status in wait.pending_status:
        if status not in operation.status:
            message = f"wait goes on at {status}, which is no status of {operation.name}"
            yield Fault(at, message, "add it to status, or correct pending_status")
    for first, second in (("done", "failed"), ("done", "pending"), ("failed", "pending")):
        if both := set(getattr(wait, first)) & set(getattr(wait, second)):
            message = f"wait has {quoted(min(map(str, both)))} among {first} and among {second}"
            yield Fault(at, message, "remove it from one of the two")
    for path in filter(None, (wait.property, wait.ended)):
        yield from _property(facts, operation, path, wait if path == wait.property else None)


def _property(facts: Facts, operation: Operation, path: str, states: Wait | None) -> Iterator[Fault]:
    types = [name for value in operation.returns for name in named(value.type)]
    if not all(facts.is_known(value.type) for value in operation.returns):
        return
    found = [item for name in types for item in _follow(facts, name, path)]
    at = operation.location
    if not found:
        known = {item.name for name in types for item in facts.properties(name)}
        message = f"wait asks for {quoted(path)}, which the response lacks"
        yield Fault(at, message, did_you_mean(path, known, "name a property of the response"))
    elif states and all(facts.is_known(item.type) for item in found):
        yield from _values(operation, path, states, found)


def _follow(facts: Facts, name: str, path: str) -> Iterator[Property]:
    """The facts of the property at a dotted path below a type; a list stands for all of its items."""
    first, _, rest = path.partition(".")
    for item in facts.properties(name):
        if item.name == first and not rest:
            yield item
        elif item.name == first:
            for inner in names_in(item.type):
                yield from _follow(facts, inner, rest)


def _values(operation: Operation, path: str, wait: Wait, found: list[Property]) -> Iterator[Fault]:
    at = operation.location
    kinds = {kind for item in found for kind in scalars_of(item.type)}
    if not kinds & {ScalarType.BOOLEAN, ScalarType.STRING}:
        message = f"wait asks for {path}, which is neither String nor Boolean"
        yield Fault(at, message, "name the property with the state")
        return
    is_boolean = ScalarType.BOOLEAN in kinds
    listed = {ranged.value for item in found for ranged in item.values}
    values = [value for key in _STATES for value in getattr(wait, key)]
    for value in values:
        if isinstance(value, bool) is not is_boolean:
            yield Fault(at, f"wait names {value}, which {path} cannot be", "quote a text; true and false are not texts")
        elif listed and isinstance(value, str) and value not in listed:
            message = f"wait names {quoted(value)}, which is no value of {path}"
            yield Fault(at, message, did_you_mean(value, listed, "correct it, or add it to the property's values"))
    if lacking := sorted(listed - {str(value) for value in values}):
        message = f"wait says nothing of {', '.join(map(quoted, lacking))}, a value of {path}"
        yield Fault(at, message, "add it to done, failed or pending")


def _names(facts: Facts) -> Iterator[Fault]:
    """Faults of the names of methods that wait: each once in its group."""
    for group in facts.catalogue.groups:
        taken: dict[str, str] = {}
        for operation in (operation for resource in group.resources for operation in resource.operations):
            for wait in operation.waits:
                name = waiter_name(operation.name, wait.name)
                if not name.startswith("wait_for_"):
                    yield Fault(operation.location, f"wait is named {quoted(name)}", "begin it with wait_for_")
                if wait.operation:
                    continue
                if name in taken:
                    message = f"{operation.name} and {taken[name]} both have the wait {name}"
                    yield Fault(operation.location, message, "give one of them another name")
                taken.setdefault(name, operation.name)


RULES = (Rule("wait-fits", _wait), Rule("wait-name", _names))
