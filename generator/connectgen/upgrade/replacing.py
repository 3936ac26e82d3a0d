"""Which edit makes a change good at one use, where that is certain: types agree, and the replacement holds the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connectgen.diff.change import Change
from connectgen.diff.usage.client_names import ClientNames, argument_name, field_name
from connectgen.diff.usage.notes import Use
from connectgen.diff.values import is_same_type
from connectgen.surface import Surface, SurfaceProperty
from connectgen.upgrade.advice import same
from connectgen.upgrade.edits import At, ByKeyword, Edit, Rename, RenameKeyword, Reroute
from connectgen.upgrade.signatures import Parameter, Signature, Signatures

_REMOVED = ("request-property-removed", "response-property-removed")
_OPTIONS = frozenset(["options"])
_LITERAL = re.compile(r"Literal\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Side:
    """A version of the client.

    Attributes:
        surface: what it has.
        names: what it calls things.
        signatures: what its methods take.
    """

    surface: Surface
    names: ClientNames
    signatures: Signatures


class Replacer:
    """Finds edits.

    Args:
        before: the version that the code was written for.
        after: the one that it is to use.
    """

    def __init__(self, before: Side, after: Side) -> None:
        self._before = before
        self._after = after

    def edits(self, change: Change, use: Use) -> list[Edit]:
        """The edits of which the one whose name the code has makes a change good; none where a person has to decide."""
        if use.action == "override":  # what it is for, and who else calls it by this name, cannot be seen
            return []
        at = At(use.spot.line, use.spot.end)
        rule = change.rule.id
        if rule in _REMOVED:
            return self._property(change, use, at)
        if rule in ("operation-removed", "operation-renamed"):
            target = change.replacement if rule == "operation-removed" else change.after
            return list(self._reroutes(change.subject, target, at)) if target else []
        if rule == "path-parameter-renamed" and change.before:
            new = argument_name(change.subject.partition("(")[2].rstrip(")"))
            return [RenameKeyword(at, argument_name(change.before), new)]
        if rule in ("parameter-became-optional", "arguments-reordered"):
            return self._by_keyword(change.subject.partition("(")[0], at)
        return []

    def _property(self, change: Change, use: Use, at: At) -> list[Edit]:
        owner, _, name = change.subject.partition(".")
        if change.replacement is None or change.subject not in same().properties:
            return []
        old = _property_of(self._before.surface, owner, name)
        new = _property_of(self._after.surface, owner, change.replacement)
        if old is None or new is None or not is_same_type(old.type, new.type):
            return []
        if use.action in ("pass", "compare") and not set(old.values) <= set(new.values or old.values):
            return []
        python = field_name(name), field_name(change.replacement)
        return [RenameKeyword(at, *python) if use.action == "pass" else Rename(at, *python)]

    def _reroutes(self, old: str, new: str, at: At) -> Iterator[Reroute]:
        """For an operation, and for the method that iterates over its pages: the code has one of them."""
        if first := self._reroute(old, new, at):
            yield first
        for twin, operation in self._before.names.iterators.items():
            other = next((one for one, of in self._after.names.iterators.items() if of == new), None)
            if operation == old and other and (edit := self._reroute(twin, other, at)):
                yield edit

    def _reroute(self, old: str, new: str, at: At) -> Reroute | None:
        before, after = _signature(self._before, old), _signature(self._after, new)
        if before is None or after is None:
            return None
        renamed = _renamed(before, after)
        if renamed is None or _demands_more(before, after, renamed):
            return None
        unused = before.returns != after.returns
        positions = len(_positions(before, after, renamed))
        keeps = all(_fitting(one, after, {}) for one in before.parameters) and positions == len(before.positional)
        accepts = None if keeps and not renamed else frozenset(_accepted(before, after, renamed)) | _OPTIONS
        family, group, method = old.split(".")
        target = new.split(".")
        return Reroute(
            at, (family, group, method), (target[0], target[1], target[2]), tuple(renamed.items()), unused, accepts,
            positions,
        )  # fmt: skip

    def _by_keyword(self, operation: str, at: At) -> list[Edit]:
        before, after = _signature(self._before, operation), _signature(self._after, operation)
        if before is None or after is None:
            return []
        old, new = before.positional, after.positional
        kept = 0
        while kept < min(len(old), len(new)) and old[kept].name == new[kept].name:
            kept += 1
        names = tuple(one.name for one in old)
        if kept == len(old) or not all(after.find(name) for name in names[kept:]):
            return []
        return [ByKeyword(at, names, kept)]


def _signature(side: Side, operation: str) -> Signature | None:
    group, _, name = operation.rpartition(".")
    return side.signatures.method(group, name)


def _property_of(surface: Surface, owner: str, name: str) -> SurfaceProperty | None:
    one: str | None = owner
    while one and one in surface.types:
        for item in surface.types[one].properties:
            if item.name == name:
                return item
        one = surface.types[one].extends
    return None


def _renamed(before: Signature, after: Signature) -> dict[str, str] | None:
    """Required arguments whose name differs, by the old name; None where one has no counterpart in its place."""
    renamed: dict[str, str] = {}
    for number, one in enumerate(before.positional):
        if not one.is_required:
            continue
        other = after.positional[number] if number < len(after.positional) else None
        if other is None or not _fits(one.annotation, other.annotation):
            return None
        if other.name != one.name:
            if same().arguments.get(one.name) != other.name:
                return None
            renamed[one.name] = other.name
    return renamed


def _demands_more(before: Signature, after: Signature, renamed: Mapping[str, str]) -> bool:
    """Whether a call must pass something that it did not have to pass before."""
    passed = {renamed.get(one.name, one.name) for one in before.parameters if one.is_required}
    return any(one.is_required and one.name not in passed for one in after.parameters)


def _accepted(before: Signature, after: Signature, renamed: Mapping[str, str]) -> list[str]:
    """The arguments of the first that the second takes as they are."""
    return [name for one in before.parameters if (name := _fitting(one, after, renamed))]


def _fitting(one: Parameter, after: Signature, renamed: Mapping[str, str]) -> str | None:
    other = after.find(renamed.get(one.name, one.name))
    return other.name if other is not None and _fits(one.annotation, other.annotation) else None


def _positions(before: Signature, after: Signature, renamed: Mapping[str, str]) -> list[str]:
    """The arguments that may be passed by position in both, up to the first that differs."""
    found: list[str] = []
    for one, other in zip(before.positional, after.positional, strict=False):
        if renamed.get(one.name, one.name) != other.name or not _fits(one.annotation, other.annotation):
            break
        found.append(other.name)
    return found


def _fits(old: str, new: str) -> bool:
    """Whether what is passed to the one annotation may be passed to the other: the same, or with more known values."""
    if old == new:
        return True
    known, listed = _LITERAL.search(old), _LITERAL.search(new)
    if known is None or listed is None or _LITERAL.sub("", old, count=1) != _LITERAL.sub("", new, count=1):
        return False
    return set(known[1].split(", ")) <= set(listed[1].split(", "))
