"""Compares one row of a table of the guide with one fact of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from recount import cells
from recount.counts import Recount
from recount.pages import Table
from recount.spec_files import Fact


@dataclass(frozen=True)
class Owner:
    """What a fact belongs to: its name, to show, and its versions."""

    name: str
    since: float | None
    until: float | None


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes:
        entry: how to show it.
        linked: the types that its page links to, by the words of the link.
        method: the operation that it is about; empty where it is about a type for itself.
        since: the first version of that operation; nothing that it takes can be used earlier.
        in_set: whether the table is one of several that exclude each other, so that nothing is required in all cases.
    """

    table: Table
    cells: tuple[str, ...]
    entry: str
    linked: dict[str, str]
    method: str = ""
    since: float | None = None
    in_set: bool = False

    def cell(self, *words: str) -> str:
        """What stands below a heading with one of some words."""
        return self.table.cell(self.cells, *words)


def compare(row: Row, known: list[Fact], owner: Owner, result: Recount, *, is_input: bool) -> None:
    """Compare everything that a row says of a parameter or property with the facts that the catalogue has of it."""
    entry, because = row.entry, _reason(known)
    _versions(row, known, owner, result)
    cell = row.cell("type")
    if any(cells.type_agrees(cell, str(one["type"]), row.linked) is not None for one in known):
        agrees = any(cells.type_agrees(cell, str(one["type"]), row.linked) for one in known)
        # a type whose page is not called as the cell has it stands as Any in what the guide is noted to say
        was = any(
            _was(one, "type") in ("Any", "list<Any>") or cells.type_agrees(cell, str(_was(one, "type")), row.linked)
            for one in known
            if one.get("was")
        )
        has = " / ".join(str(one["type"]) for one in known)
        result["types"].see(agrees, f"{entry} is {cell}", has, because if was else None)
    wanted = cells.required(row.cell("required")) if is_input else None
    if wanted is not None:
        wanted |= {"some"} if row.in_set else set()
        having = {cells.how_required(one, row.method) for one in known}
        was = {cells.how_required({"required": _was(one, "required")}, row.method) for one in known}
        what = row.cell("required")[:60]
        # what the table calls optional may be required in cases that only the text tells
        reason = because if was & wanted or "some" in having else None
        result["required"].see(bool(having & wanted), f"{entry}: {what}", str(having), reason)
    _groups(row, known, result)
    if is_input:
        _limits(row, known, result)
    for value in cells.explained_values(row.cell("description")):
        has = [_value(one) for fact in known for one in fact.get("values") or []]
        # one that has no explanation is glued to the next
        found = any(value == one or value.endswith(one) for one in has)
        result["values"].see(found, f"{entry}: {value}", str(has))
    for glued in cells.values(row.cell("description")):
        has = "".join(dict.fromkeys(_value(value) for one in known for value in one.get("values") or []))
        was_glued = "".join(_value(value) for one in known for value in _was(one, "values") or [])
        reason = because if sorted(was_glued) == sorted(glued) else None
        result["values"].see(sorted(has) == sorted(glued), f"{entry}: {glued[:60]}", has, reason)


def _limits(row: Row, known: list[Fact], result: Recount) -> None:
    description = row.cell("description")
    if (wanted := cells.default(description)) is not None:
        has = {str(one.get("default")).lower() for one in known}
        result["defaults"].see(wanted.lower() in has, f"{row.entry}: {wanted}", str(has))
    if (limits := cells.limits(description)) is not None:
        having = [(one.get("minimum"), one.get("maximum")) for one in known]
        result["limits"].see(limits in having, f"{row.entry}: {limits[0]}–{limits[1]}", str(having))


def _value(value: Any) -> str:
    return str(value["value"] if isinstance(value, dict) else value)


def _was(fact: Fact, key: str) -> Any:
    """What the catalogue says that the guide says."""
    return (fact.get("was") or {}).get(key, fact.get(key))


def _reason(known: list[Fact]) -> str | None:
    return next((str(one["because"]) for one in known if one.get("because")), None)


def _versions(row: Row, known: list[Fact], owner: Owner, result: Recount) -> None:
    cell = row.cell("available", "version") if row.table.column("available") is not None else ""
    wanted = cells.version_range(cell)
    if wanted is None:
        return
    has = span(known, owner)
    was = span([{key: _was(one, key) for key in ("since", "until")} for one in known], owner)
    allowed = (wanted, _within(wanted, owner))
    because = _reason(known) if was in allowed else None
    agrees = has in allowed or (
        row.since is not None and (wanted.since or 0) <= row.since and has.until == wanted.until
    )
    result["versions"].see(agrees, f"{row.entry} {cell[:30]}", str(has), because)


def _within(wanted: cells.Range, owner: Owner) -> cells.Range:
    """The part of a range in which there is an owner: nothing is older than what it belongs to, or outlives it."""
    ends = [until for until in (wanted.until, owner.until) if until is not None]
    return cells.clipped(max(wanted.since or 0.0, owner.since or 0.0), min(ends, default=None))


def span(known: list[Fact], owner: Owner) -> cells.Range:
    """The versions of a fact, which are those of its owner where it names none."""
    sinces = [one.get("since") or owner.since or 0.0 for one in known]
    untils = [one.get("until") or owner.until for one in known]
    ends = [until for until in untils if until is not None]
    return cells.clipped(min(sinces), max(ends) if len(ends) == len(untils) else None)


def _groups(row: Row, known: list[Fact], result: Recount) -> None:
    cell = row.cell("filter")
    wanted = cells.filter_groups(cell)
    if wanted:
        has = [group for one in known for group in _given_groups(one)]
        agrees = wanted == has if len(wanted) > 1 else {name for name, _ in wanted} == {name for name, _ in has}
        result["filter groups"].see(agrees, f"{row.entry}: {cell[:40]}", str(has), _reason(known))


def _given_groups(fact: Fact) -> list[tuple[str, cells.Range]]:
    group = fact.get("group")
    if isinstance(group, str):
        return [(group, cells.Range(None, None))]
    return [(one["value"], cells.clipped(one.get("since"), one.get("until"))) for one in group or []]
