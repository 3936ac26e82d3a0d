"""Compares the operations of two surfaces: those that came, went, moved, and what each takes, gives and does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from connectgen.catalogue.model import Part, Wait
from connectgen.catalogue.types import format_type
from connectgen.diff.change import Reach
from connectgen.diff.collector import Collector
from connectgen.diff.reach import Reached, name_of
from connectgen.diff.values import Difference, differences, is_same_type
from connectgen.iterators import waits_of
from connectgen.surface import SurfaceOperation, SurfaceParameter, SurfaceValue

_TYPES = ("type-changed", "type-refined", "python-type-changed")
_OF_PLACEHOLDERS = (*_TYPES, "value-added", "value-removed")
_OF_BODIES = (*_TYPES, "became-required", "became-optional", "became-conditional")


def compare_operations(before: Reached, after: Reached, found: Collector) -> None:
    """Find what differs between the operations of two surfaces."""
    renamed = _renamed(before, after)
    for name, operation in before.operations.items():
        other = after.operations.get(renamed.get(name, name))
        if other is None:
            shown = f"{operation.method} {operation.path}"
            found.add(
                "operation-removed", name, operation.location, shown, None,
                replacement=operation.replaced_by, path=operation.path, reaches=_both(name),
            )  # fmt: skip
        elif other is not operation:
            _Pair(name, operation, other, found).compare()
    _compare_groups(before, after, found)
    known = {*before.operations, *renamed.values()}
    for name, operation in after.operations.items():
        if name not in known:
            shown = f"{operation.method} {operation.path}"
            found.add(
                "operation-added", name, operation.location, None, shown, path=operation.path, reaches=_both(name)
            )


def _compare_groups(before: Reached, after: Reached, found: Collector) -> None:
    """Groups and families that are gone: code may hold them without calling anything of them."""
    for rule, depth in (("group-removed", 2), ("family-removed", 1)):
        remaining = {".".join(name.split(".")[:depth]) for name in after.operations}
        gone: dict[str, list[SurfaceOperation]] = {}
        for name, operation in before.operations.items():
            owner = ".".join(name.split(".")[:depth])
            if owner not in remaining:
                gone.setdefault(owner, []).append(operation)
        for owner, operations in gone.items():
            reaches = [reach for one in operations for reach in _both(name_of(one))]
            found.add(rule, owner, operations[0].location, reaches=reaches)


def _renamed(before: Reached, after: Reached) -> dict[str, str]:
    """Operations of the same method and path whose names differ: the old name and the new one."""
    gone = {_key(one): name for name, one in before.operations.items() if name not in after.operations}
    new = {_key(one): name for name, one in after.operations.items() if name not in before.operations}
    return {name: new[key] for key, name in gone.items() if key in new}


def _key(operation: SurfaceOperation) -> tuple[str, str]:
    fixed = "/".join("{}" if part.startswith("{") else part for part in operation.path.split("/"))
    return operation.method, fixed


def _both(name: str) -> tuple[Reach, ...]:
    return Reach(name, "request"), Reach(name, "response")


class _Pair:
    """One operation in both surfaces."""

    def __init__(self, name: str, before: SurfaceOperation, after: SurfaceOperation, found: Collector) -> None:
        self._name = name
        self._before = before
        self._after = after
        self._found = found

    def compare(self) -> None:
        """Find what differs."""
        self._address()
        self._settings()
        self._path_parameters()
        self._parameters()
        self._order()
        self._body()
        self._result()
        self._parts()

    def _add(
        self,
        rule: str,
        before: object = None,
        after: object = None,
        subject: str | None = None,
        value: SurfaceValue | None = None,
        replacement: str | None = None,
    ) -> None:
        self._found.add(
            rule, subject or self._name, value.location if value else self._after.location,
            None if before is None else str(before), None if after is None else str(after),
            replacement=replacement, path=self._after.path,
            reaches=(Reach(self._name, "response" if rule.startswith("result") else "request"),),
        )  # fmt: skip

    def _address(self) -> None:
        one, other = self._before, self._after
        if other.name != one.name or (one.family, one.group) != (other.family, other.group):
            self._add("operation-renamed", self._name, f"{other.family}.{other.group}.{other.name}")
        elif _key(one)[1] != _key(other)[1]:
            self._add("operation-moved", one.path, other.path)
        if one.method != other.method:
            self._add("operation-method-changed", one.method, other.method)
        if one.site != other.site:
            self._add("site-address-added" if other.site else "site-address-removed")

    def _waits(self) -> None:
        """Methods that wait: those that are gone, new, or see the end in another way."""
        before, after = waits_of(self._before), waits_of(self._after)
        for name in sorted(before.keys() | after.keys()):
            one, other = before.get(name), after.get(name)
            if one and other and _ends(one) != _ends(other):
                self._add("wait-changed", _ends(one), _ends(other))
            elif other and not one:
                self._add("wait-added", None, name)
            elif one and not other:
                self._add("wait-removed", name, None)

    def _settings(self) -> None:
        one, other = self._before, self._after
        if one.requires_chatter != other.requires_chatter:
            self._add("chatter-required" if other.requires_chatter else "chatter-no-longer-required")
        if one.stage != other.stage:
            self._add("stage-changed", one.stage or "generally available", other.stage or "generally available")
        if one.replaced_by != other.replaced_by:
            self._add("replacement-named", one.replaced_by, other.replaced_by)
        self._each("success-status", one.status, other.status)
        self._each("retried-status", one.retry_statuses, other.retry_statuses)
        if one.special_status != other.special_status:
            codes = sorted({*one.special_status.items()} ^ {*other.special_status.items()})
            self._add("special-status-changed", None, ", ".join(dict.fromkeys(str(code) for code, _ in codes)))
        if one.pagination != other.pagination:
            pages, paged = _pages(one), _pages(other)
            rule = "pagination-changed" if pages and paged else "pagination-added" if paged else "pagination-removed"
            if pages or paged:
                self._add(rule, _pagination(one), _pagination(other))
        self._waits()
        if one.retry != other.retry:
            self._add("retry-changed", one.retry, other.retry)
        if one.idempotency != other.idempotency:
            kept = one.idempotency and other.idempotency
            rule = "idempotency-key-" + ("moved" if kept else "added" if other.idempotency else "removed")
            self._add(rule, _key_place(one), _key_place(other))
        if one.batch != other.batch:
            self._add("batch-allowed" if other.batch else "batch-refused")
        if one.xml != other.xml:
            self._add("xml-offered" if other.xml else "xml-withdrawn")
        if one.json_part != other.json_part:
            self._add("json-part-renamed", one.json_part, other.json_part)

    def _each(self, rule: str, before: Sequence[int], after: Sequence[int]) -> None:
        for code in before:
            if code not in after:
                self._add(f"{rule}-removed", code, None, f"{self._name}={code}")
        for code in after:
            if code not in before:
                self._add(f"{rule}-added", None, code, f"{self._name}={code}")

    def _path_parameters(self) -> None:
        self._count_of_path_parameters()
        for one, other in zip(self._before.path_parameters, self._after.path_parameters, strict=False):
            subject = f"{self._name}({other.name})"
            if one.name != other.name:
                self._add("path-parameter-renamed", one.name, other.name, subject, other)
            found = (d for d in differences(one, other) if d.suffix in _OF_PLACEHOLDERS)
            self._differ("path-parameter", subject, other, found)

    def _count_of_path_parameters(self) -> None:
        """One placeholder more or less is an argument more or less, whatever the client knows of the path."""
        before, after = self._before.path_parameters, self._after.path_parameters
        for one in before[len(after) :]:
            self._add("path-parameter-removed", format_type(one.type), None, f"{self._name}({one.name})", one)
        for other in after[len(before) :]:
            self._add("path-parameter-added", None, format_type(other.type), f"{self._name}({other.name})", other)

    def _order(self) -> None:
        """Required parameters may be passed by position, in the catalogue's order."""
        before, after = (
            [one.name for one in side.parameters if one.required is True] for side in (self._before, self._after)
        )
        kept = [name for name in before if name in after]
        if kept != [name for name in after if name in before]:
            self._add("arguments-reordered", ", ".join(before), ", ".join(after))

    def _parameters(self) -> None:
        before = {parameter.name: parameter for parameter in self._before.parameters}
        after = {parameter.name: parameter for parameter in self._after.parameters}
        for name, one in before.items():
            subject = f"{self._name}({name})"
            other = after.get(name)
            if other is None:
                self._add("parameter-removed", format_type(one.type), None, subject, one, _replacement(one, after))
                continue
            if other == one:
                continue
            if one.place != other.place:
                self._add("parameter-place-changed", one.place, other.place, subject, other)
            if one.replaced_by != other.replaced_by:
                self._add("replacement-named", one.replaced_by, other.replaced_by, subject, other)
            self._differ("parameter", subject, other, differences(one, other))
        for name, other in after.items():
            if name not in before:
                rule = "parameter-added-required" if other.required is True else "parameter-added"
                self._add(rule, None, format_type(other.type), f"{self._name}({name})", other)

    def _differ(self, kind: str, subject: str, value: SurfaceValue, found: Iterable[Difference]) -> None:
        for difference in found:
            shown = f"{subject}{difference.detail}"
            self._add(f"{kind}-{difference.suffix}", difference.before, difference.after, shown, value)

    def _body(self) -> None:
        one, other = self._before.body, self._after.body
        subject = f"{self._name}(body)"
        if one and other:
            self._differ("body", subject, other, (d for d in differences(one, other) if d.suffix in _OF_BODIES))
        elif one:
            self._add("body-removed", format_type(one.type), None, subject, one)
        elif other:
            rule = "body-added-required" if other.required is True else "body-added"
            self._add(rule, None, format_type(other.type), subject, other)

    def _result(self) -> None:
        one, other = self._before.returns, self._after.returns
        subject = f"{self._name} result"
        if one and other and not is_same_type(one, other):
            values = [
                SurfaceValue(name="result", type=kind, span=self._after.span, location=self._after.location)
                for kind in (one, other)
            ]
            for difference in differences(*values):
                self._add(f"result-{difference.suffix}", difference.before, difference.after, subject)
        elif one and not other:
            self._add("result-removed", format_type(one), None, subject)
        elif other and not one:
            self._add("result-added", None, format_type(other), subject)

    def _parts(self) -> None:
        before = {part.name: part for part in self._before.parts}
        after = {part.name: part for part in self._after.parts}
        for name, one in before.items():
            if name not in after:
                self._add("part-removed", None, None, f"{self._name}({name})")
            else:
                self._part(f"{self._name}({name})", one, after[name])
        for name, other in after.items():
            if name not in before:
                self._add(
                    "part-added-required" if other.required else "part-added", None, None, f"{self._name}({name})"
                )

    def _part(self, subject: str, one: Part, other: Part) -> None:
        if one.required != other.required:
            self._add("part-became-required" if other.required else "part-became-optional", None, None, subject)
        if one.max_bytes != other.max_bytes:
            lowered = other.max_bytes is not None and (one.max_bytes is None or other.max_bytes < one.max_bytes)
            self._add("part-limit-lowered" if lowered else "part-limit-raised", one.max_bytes, other.max_bytes, subject)


def _replacement(gone: SurfaceParameter, after: dict[str, SurfaceParameter]) -> str | None:
    return gone.replaced_by if gone.replaced_by in after else None


def _pages(operation: SurfaceOperation) -> bool:
    return operation.pagination is not None and operation.pagination.style != "none"


def _ends(wait: Wait) -> str:
    """How the end of something is seen."""
    named = (
        ("done", ", ".join(map(str, wait.done))),
        ("failed", ", ".join(map(str, wait.failed))),
        ("ended", wait.ended),
        ("goes on at", ", ".join(map(str, wait.pending_status))),
    )
    return "; ".join([wait.property or "HTTP status", *(f"{key} {value}" for key, value in named if value)])


def _pagination(operation: SurfaceOperation) -> str | None:
    pagination = operation.pagination
    if pagination is None:
        return None
    named = [
        ("items", pagination.items),
        ("next", pagination.next),
        ("parameter", pagination.parameter),
        ("size", pagination.size),
    ]
    return ", ".join([pagination.style, *(f"{key} {name}" for key, name in named if name)])


def _key_place(operation: SurfaceOperation) -> str | None:
    key = operation.idempotency
    return f"{key.place} {key.name}" if key else None
