"""Compares what older versions were with what an import would make of them: the past does not change unasked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import Any, TypeGuard

from connectgen.catalogue.model import Catalogue
from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, format_type
from connectgen.resolver import surface_at
from connectgen.surface import Surface, SurfaceOperation, SurfaceType

_PROSE = frozenset(
    [
        "summary", "description", "described_by_name", "meanings", "condition", "notes", "span", "location", "guide",
        "parameters", "properties",
    ]
)  # fmt: skip
"""What may differ without a difference for callers, and what is compared one by one."""
_SHOWN = 20
_ADDED, _GONE = "the {} would be added", "the {} would be gone"


@dataclass(frozen=True, slots=True)
class PastChange:
    """Something that an older version would gain, lose or have otherwise.

    Attributes:
        name: `family.group.operation`, with `.parameter` behind it, `Type` or `Type.property`.
        text: what would differ.
        adds: whether it would only be added.
        versions: the older versions that would differ.
        follows: whether it follows from other changes: a type exists as long as something names it.
    """

    name: str
    text: str
    adds: bool
    versions: tuple[int, ...]
    follows: bool = False

    def __str__(self) -> str:
        first, last = self.versions[0], self.versions[-1]
        span = f"{first}.0" if first == last else f"{first}.0–{last}.0"
        return f"{self.name}: {self.text} ({span})"

    def is_allowed(self, names: Collection[str]) -> bool:
        """Whether it is among names, which may have `*` in them; the name of an owner stands for all in it."""
        owner = self.name.rpartition(".")[0]
        return any(fnmatchcase(self.name, name) or (owner and fnmatchcase(owner, name)) for name in names)


_Resolved = SurfaceOperation | SurfaceType | None
_Difference = tuple[str, str, bool]


def changes_of_the_past(
    before: Catalogue, after: Catalogue, version: int, new_families: Collection[str] = ()
) -> list[PastChange]:
    """What would differ in the versions before one.

    Args:
        before: the catalogue as it is.
        after: the catalogue as it would be.
        version: the version that is imported.
        new_families: families that the catalogue does not have yet: they have no past.
    """
    found: dict[tuple[str, str, bool], list[int]] = defaultdict(list)
    pairs = _Pairs()
    for old in (old for old in before.versions if old < version and old in after.versions):
        for name, text, adds in _differences(surface_at(before, old), surface_at(after, old), new_families, pairs):
            found[name, text, adds].append(old)
    whole = (_ADDED.format("type"), _GONE.format("type"))
    return [
        PastChange(name, text, adds, tuple(versions), follows=text in whole)
        for (name, text, adds), versions in found.items()
    ]


def not_allowed(changes: Sequence[PastChange], allowed: Collection[str], *, additions: bool) -> list[PastChange]:
    """The changes that nobody allowed; where all others were allowed, what follows from them is too.

    Args:
        changes: all of them.
        allowed: names of what may change.
        additions: whether all that is only added may change.
    """
    left = [change for change in changes if not (change.is_allowed(allowed) or (additions and change.adds))]
    causes = [change for change in changes if not change.follows]
    return [] if causes and all(change.follows for change in left) else left


def refusal(changes: Sequence[PastChange], *, file: bool) -> str:
    """The message with which an import is refused for what it would change: the list, and how to allow it.

    Args:
        changes: what nobody allowed.
        file: whether a file of answers may allow it too.
    """
    shown = "\n".join(f"  {change}" for change in changes[:_SHOWN])
    more = f"\n  … and {len(changes) - _SHOWN} more (--report FILE lists all)" if len(changes) > _SHOWN else ""
    verb = "thing" if len(changes) == 1 else "things"
    remedy = "allow them with --allow-change NAME" + (
        " or under allow_changes in the file of --answers" if file else ""
    )
    if all(change.adds for change in changes):
        remedy += "; --accept additions takes all that is only added"
    return f"{len(changes)} {verb} would change in older versions:\n{shown}{more}\nnothing was written; {remedy}"


class _Pairs:
    """The differences of two objects, found once: versions in which nothing differs share their objects."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int], list[tuple[str, str, bool]]] = {}

    def differences(self, name: str, what: str, before: _Resolved, after: _Resolved, members: str) -> list[_Difference]:
        """What differs between an operation or a type before and after."""
        key = (id(before), id(after))
        if key not in self._found:
            same = before == after
            self._found[key] = [] if same else list(_of_pair(name, what, before, after, members))
        # Where one of them is missing, only the name matters.
        return self._found[key] if before and after else list(_of_pair(name, what, before, after, members))


def _differences(
    before: Surface, after: Surface, new_families: Collection[str], pairs: _Pairs
) -> Iterator[tuple[str, str, bool]]:
    ours, theirs = _operations(before), _operations(after, new_families)
    for name in [*ours, *(name for name in theirs if name not in ours)]:
        yield from pairs.differences(name, "operation", ours.get(name), theirs.get(name), "parameters")
    folders = tuple(f"types/{family}/" for family in new_families)
    types = {name: one for name, one in after.types.items() if not one.location.file.startswith(folders)}
    for name in [*before.types, *(name for name in types if name not in before.types)]:
        yield from pairs.differences(name, "type", before.types.get(name), types.get(name), "properties")


def _operations(surface: Surface, without: Collection[str] = ()) -> dict[str, SurfaceOperation]:
    return {
        f"{group.family}.{group.name}.{one.name}": one
        for group in surface.groups
        if group.family not in without
        for one in group.operations
    }


def _of_pair(
    name: str, what: str, before: _Resolved, after: _Resolved, members: str
) -> Iterator[tuple[str, str, bool]]:
    if before is None or after is None:
        yield (name, (f"the {what} would be added" if before is None else f"the {what} would be gone"), before is None)
        return
    for field, one, other in _unlike(before, after):
        yield name, f"{field} would become {_format_value(other)}, it is {_format_value(one)}", one in (None, (), {})
    ours: Mapping[str, Any] = {item.name: item for item in getattr(before, members)}
    theirs: Mapping[str, Any] = {item.name: item for item in getattr(after, members)}
    for member in [*ours, *(member for member in theirs if member not in ours)]:
        own = f"{name}.{member}"
        if member not in theirs:
            yield own, "it would be gone", False
        elif member not in ours:
            yield own, "it would be added", True
        else:
            for field, one, other in _unlike(ours[member], theirs[member]):
                adds = one in (None, ()) or (field == "values" and set(one) <= set(other))
                yield own, f"{field} would become {_format_value(other)}, it is {_format_value(one)}", adds


def _unlike(one: Any, other: Any) -> Iterator[tuple[str, Any, Any]]:
    """The fields in which two objects of a surface differ."""
    for field in fields(one):
        if field.name in _PROSE:
            continue
        ours, theirs = getattr(one, field.name), getattr(other, field.name)
        if _bare(ours) != _bare(theirs):
            yield field.name, ours, theirs


def _is_tuple(value: Any) -> TypeGuard[tuple[Any, ...]]:
    return isinstance(value, tuple)


def _bare(value: Any) -> Any:
    """A value without places and prose, however deep they are."""
    if hasattr(value, "location"):
        return {name.name: _bare(getattr(value, name.name)) for name in fields(value) if name.name not in _PROSE}
    if _is_tuple(value):
        return tuple(_bare(item) for item in value)
    return value


def _format_value(value: Any) -> str:
    if hasattr(value, "type"):
        value = value.type
    if isinstance(value, Scalar | Named | ListOf | MapOf | OneOf):
        value = format_type(value)
    text = "nothing" if value in (None, ()) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def name_in_catalogue(catalogue: Catalogue, where: str) -> str | None:
    """The name of what an import calls `/path GET parameter` or `Type property`, None where there is none."""
    words = where.split()
    if not words[0].startswith("/"):
        return ".".join(words[:2]) if words[0] in catalogue.types else None
    for group in catalogue.groups:
        for resource in group.resources:
            if resource.path != words[0]:
                continue
            for operation in resource.operations:
                if len(words) > 1 and operation.method == words[1]:
                    own = [f"{group.family}.{group.name}.{operation.name}"]
                    return ".".join([*own, *(word for word in words[2:3] if word not in ("body", "returns"))])
    return None
