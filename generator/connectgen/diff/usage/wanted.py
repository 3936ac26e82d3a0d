"""What a type checker is to look for, and which uses its reports confirm or show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from connectgen.diff.change import Change
from connectgen.diff.usage.client_names import ClientNames, field_name
from connectgen.diff.usage.marks import Wanted
from connectgen.diff.usage.notes import Use
from connectgen.diff.usage.things import Module, Spot

Confirmed = Mapping[Spot, frozenset[str]]
"""The marks that a checker reports, by where."""


def is_confirmed(use: Use, confirmed: Confirmed, names: ClientNames) -> bool:
    """Whether the checker says what the syntax lets one think."""
    return use.is_sure or bool(confirmed.get(use.spot, frozenset()) & _marks_of(use, names))


def is_another(use: Use, subject: str, confirmed: Confirmed, names: ClientNames) -> bool:
    """Whether the checker says that an attribute of something unknown belongs to another type than the changed one."""
    if use.name or use.action not in ("read", "write", "compare"):
        return False
    said = {what.partition(" ")[2].partition(".")[0] for what in confirmed.get(use.spot, frozenset())}
    changed = subject.partition(".")[0].partition("=")[0]
    return bool(said) and not any(names.is_a(one, changed) or names.is_a(changed, one) for one in said)


def _marks_of(use: Use, names: ClientNames) -> frozenset[str]:
    match use.action:
        case "family" | "group":
            return frozenset([f"{use.action} {use.name}"])
        case "operation" | "call" | "argument":
            return frozenset([f"operation {use.name}"])
        case "read" | "write" | "compare":
            verb = "write" if use.action == "write" else "read"
            return frozenset(f"{verb} {owner}.{use.detail}" for owner in _owners(use, names))
        case "override":
            return frozenset()
        case "pass" | "construct" | "class" | "test":
            return frozenset([f"class {use.name}"])


def _owners(use: Use, names: ClientNames) -> Iterable[str]:
    if use.name:
        field = names.fields(use.name).get(use.detail)
        return [field.owner] if field else []
    return [name for name in names.types if use.detail in names.fields(name)]


def wanted_by(changes: Iterable[Change], uses: Iterable[Use], names: ClientNames) -> Wanted:
    """What must be marked: what changes, for uses that the syntax did not show, and what uses are confirmed by."""
    of_uses, of_changes = _wanted_by_uses(uses, names), _wanted_by_changes(changes, names)
    return Wanted(
        of_uses.families | of_changes.families,
        of_uses.groups | of_changes.groups,
        of_uses.operations | of_changes.operations,
        of_uses.classes | of_changes.classes,
        of_uses.fields | of_changes.fields,
    )


def _wanted_by_uses(uses: Iterable[Use], names: ClientNames) -> Wanted:
    families, groups, operations, classes = set[str](), set[str](), set[str](), set[str]()
    fields: set[tuple[str, str]] = set()
    for use in uses:
        match use.action:
            case "family":
                families.add(use.name)
            case "group":
                groups.add(use.name)
            case "operation" | "call" | "argument":
                operations.add(use.name)
            case "read" | "write" | "compare":
                fields.update((owner, use.detail) for owner in _owners(use, names))
            case "override":
                pass
            case "pass" | "construct" | "class" | "test":
                classes.add(use.name)
    return Wanted(frozenset(families), frozenset(groups), frozenset(operations), frozenset(classes), frozenset(fields))


def _wanted_by_changes(changes: Iterable[Change], names: ClientNames) -> Wanted:
    families, groups, operations, classes = set[str](), set[str](), set[str](), set[str]()
    fields: set[tuple[str, str]] = set()
    for change in changes:
        subject = change.subject
        if change.rule.id.startswith("family-"):
            families.add(subject)
        elif change.rule.id.startswith("group-"):
            groups.add(subject)
        elif subject[:1].islower():
            operations.add(subject.partition("(")[0].partition("=")[0].removesuffix(" result"))
        elif change.rule.id == "type-removed":
            classes.add(subject)
        elif "-property-" in change.rule.id:
            fields.update(_field(subject, names))
    known = frozenset(operations & names.operations.keys())
    return Wanted(frozenset(families), frozenset(groups), known, frozenset(classes), frozenset(fields))


def _field(subject: str, names: ClientNames) -> Iterator[tuple[str, str]]:
    """The class that has the field of a property, and the field: `Poll.state=Old` → Poll, state."""
    owner, _, attribute = subject.partition("=")[0].partition(" ")[0].partition(".")
    found = names.fields(owner).get(field_name(attribute))
    if found is not None:
        yield found.owner, field_name(attribute)


def unseen(confirmed: Confirmed, uses: Iterable[Use], names: ClientNames, modules: Iterable[Module]) -> Iterator[Use]:
    """The uses that the checker reports where the syntax showed none: types reach further than what was followed.

    Only where what changed is named: a variable got what it holds somewhere else.
    """
    lines: dict[str, list[bytes]] = {}
    sources = {module.shown: module.source for module in modules}
    covered: dict[Spot, set[str]] = {}
    for use in uses:
        covered.setdefault(use.spot, set()).update(_marks_of(use, names))
    for spot, said in sorted(confirmed.items()):
        for mark in sorted(said - covered.get(spot, set())):
            action, _, what = mark.partition(" ")
            if spot.file not in lines:
                lines[spot.file] = sources[spot.file]().split(b"\n")
            if not _is_named(action, what, lines[spot.file][spot.line - 1][: spot.end], names):
                continue
            match action:
                case "read" | "write":
                    owner, _, attribute = what.partition(".")
                    yield Use(action, owner, attribute, spot.line, spot)
                case "family" | "group" | "operation" | "class":
                    yield Use(action, what, "", spot.line, spot)
                case _:
                    pass


def _is_named(action: str, what: str, line: bytes, names: ClientNames) -> bool:
    """Whether a line, up to where the checker reports, ends with the name of what is marked."""
    called = {what.rpartition(".")[2]}
    if action == "operation":
        twins = (*names.iterators.items(), *names.waiters.items())
        called |= {twin.rpartition(".")[2] for twin, operation in twins if operation == what}
    found = re.search(rb"\w+$", line)
    return found is not None and found[0].decode(errors="replace") in called
