"""Compares the types of two surfaces. A changed type is one cause, with every operation that it reaches."""

from __future__ import annotations

from collections.abc import Mapping

from connectgen.catalogue.model import Discriminator
from connectgen.catalogue.types import format_type
from connectgen.diff.change import Reach
from connectgen.diff.collector import Collector
from connectgen.diff.reach import Reached
from connectgen.diff.values import differences
from connectgen.surface import Surface, SurfaceProperty, SurfaceType, SurfaceValue


def compare_types(before: Surface, after: Surface, reached: Reached, reached_after: Reached, found: Collector) -> None:
    """Find what differs between the types of two surfaces."""
    for name, one in before.types.items():
        other = after.types.get(name)
        if other is None:
            reaching = reached.reaching(name)
            replacement = one.replaced_by if one.replaced_by in after.types else None
            found.add("type-removed", name, one.location, replacement=replacement, reaches=reaching)
        elif other is not one:
            reaches = reached.reaching(name)
            if (others := reached_after.reaching(name)) != reaches:
                reaches |= others
            _Pair(one, other, reaches, found, (inherited(before, one), inherited(after, other))).compare()
    for name, other in after.types.items():
        if name not in before.types:
            found.add("type-added", name, other.location, reaches=reached_after.reaching(name))


def inherited(surface: Surface, resolved: SurfaceType) -> Mapping[str, SurfaceProperty]:
    """The properties that a type has from those that it extends."""
    found: dict[str, SurfaceProperty] = {}
    name = resolved.extends
    while name and name in surface.types:
        for item in surface.types[name].properties:
            found.setdefault(item.name, item)
        name = surface.types[name].extends
    return found


class _Pair:
    """One type in both surfaces."""

    def __init__(
        self,
        before: SurfaceType,
        after: SurfaceType,
        reaches: frozenset[Reach],
        found: Collector,
        inherited: tuple[Mapping[str, SurfaceProperty], Mapping[str, SurfaceProperty]],
    ) -> None:
        self._inherited_before, self._inherited_after = inherited
        self._before = before
        self._after = after
        self._reaches = reaches
        self._found = found
        self._kind = "request-property" if after.is_input else "response-property"
        # A type of the guide that no operation takes is in every version; before its properties came nobody used it.
        self._is_new = not (reaches or before.properties or before.extends or before.discriminator)

    def compare(self) -> None:
        """Find what differs."""
        one, other = self._before, self._after
        if one.extends != other.extends:
            self._add("base-type-changed", one.extends or "none", other.extends or "none")
        if (one.xml, one.item) != (other.xml, other.item):
            self._add("xml-name-changed", one.item or one.xml, other.item or other.xml)
        if one.failure != other.failure:
            self._add("failure-changed", ", ".join(one.failure) or None, ", ".join(other.failure) or None)
        self._kinds(one.discriminator, other.discriminator)
        self._properties()
        if one.extends != other.extends:
            self._inherited()

    def _add(
        self,
        rule: str,
        before: str | None = None,
        after: str | None = None,
        subject: str = "",
        value: SurfaceValue | None = None,
        replacement: str | None = None,
    ) -> None:
        self._found.add(
            rule, f"{self._after.name}{subject}", value.location if value else self._after.location, before, after,
            replacement=replacement, reaches=self._reaches,
            most="breaking" if self._reaches else "info",  # what no operation takes or gives breaks nobody
        )  # fmt: skip

    def _kinds(self, one: Discriminator | None, other: Discriminator | None) -> None:
        if one == other:
            return
        if one is None or other is None or one.property != other.property:
            self._add("discriminator-changed", one.property if one else "none", other.property if other else "none")
            return
        prefix = "request-" if self._after.is_input else ""
        if (one.fallback or self._before.name) != (other.fallback or self._after.name):
            self._add("fallback-changed", one.fallback or self._before.name, other.fallback or self._after.name)
        for value, name in one.values.items():
            if value not in other.values:
                self._add(f"{prefix}kind-removed", name, None, f"={value}")
        for value, name in other.values.items():
            if one.values.get(value) != name:
                self._add(f"{prefix}kind-added", one.values.get(value), name, f"={value}")

    def _properties(self) -> None:
        before = {item.name: item for item in self._before.properties}
        after = {item.name: item for item in self._after.properties}
        for name, one in before.items():
            if name not in after and name in self._inherited_after:
                self._property(one, self._inherited_after[name])  # it moved to the type that this one extends
            elif name not in after:
                replacement = _replacement(one, after)
                self._add(f"{self._kind}-removed", format_type(one.type), None, f".{name}", one, replacement)
            elif after[name] != one:
                self._property(one, after[name])
        for name, other in after.items():
            if name not in before and name in self._inherited_before:
                self._property(self._inherited_before[name], other)
            elif name not in before:
                self._added(name, other)

    def _inherited(self) -> None:
        """What a type had, or has now, from what it extends; the base itself has no entry for it."""
        own_before = {item.name for item in self._before.properties}
        own_after = {item.name for item in self._after.properties}
        for name, one in self._inherited_before.items():
            if name not in own_before | own_after and name not in self._inherited_after:
                self._add(f"{self._kind}-removed", format_type(one.type), None, f".{name}", one)
        for name, other in self._inherited_after.items():
            if name not in own_before | own_after and name not in self._inherited_before:
                self._added(name, other)

    def _added(self, name: str, other: SurfaceProperty) -> None:
        needed = self._after.is_input and other.required is True and not self._is_new
        rule = f"{self._kind}-added{'-required' if needed else ''}"
        self._add(rule, None, format_type(other.type), f".{name}", other)

    def _property(self, one: SurfaceProperty, other: SurfaceProperty) -> None:
        if one.replaced_by != other.replaced_by:
            self._add("replacement-named", one.replaced_by, other.replaced_by, f".{one.name}", other)
        for difference in differences(one, other):
            suffix = difference.suffix
            if not self._after.is_input:
                suffix = suffix.replace("limit-narrowed", "limit-changed").replace("limit-widened", "limit-changed")
                if suffix.startswith(("became", "condition")):
                    continue  # responses may lack anything
            elif suffix == "group-changed":
                continue  # a request has no filter groups
            subject = f".{one.name}{difference.detail}"
            self._add(f"{self._kind}-{suffix}", difference.before, difference.after, subject, other)


def _replacement(gone: SurfaceProperty, after: Mapping[str, SurfaceProperty]) -> str | None:
    """What is to be used instead, where it exists: a property beside it, or a path that begins with one."""
    named = gone.replaced_by
    return named if named and named.partition(".")[0] in after else None
