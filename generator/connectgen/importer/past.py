"""Compares what older versions were with what an import would make of them: the past does not change unasked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import Any, TypeGuard

from connectgen.catalogue.model import Catalogue, TypeDefinition
from connectgen.catalogue.suggestions import did_you_mean
from connectgen.catalogue.types import ListOf, MapOf, Named, OneOf, Scalar, format_type
from connectgen.resolver import resolver_of
from connectgen.surface import SurfaceGroup, SurfaceOperation, SurfaceType

_PROSE = frozenset(
    [
        "summary", "description", "described_by_name", "meanings", "condition", "notes", "span", "location", "guide",
        "parameters", "properties",
    ]
)  # fmt: skip
"""What may differ without a difference for callers, and what is compared one by one."""
_SHOWN = 20
_ADDED, _GONE = "the {} would be added", "the {} would be gone"


class UnknownNameError(Exception):
    """What was to be allowed has a name that nothing has; the message is one line."""


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
    pair = _Pair(before, after, new_families)
    for old in (old for old in before.versions if old < version and old in after.versions):
        for name, text, adds in pair.differences(old):
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


def check_allowed(names: Collection[str], catalogues: Iterable[Catalogue]) -> None:
    """Refuse a name under which nothing could be allowed: what it was meant for would stay refused.

    Args:
        names: the names that a person wrote with the command, which may have `*` in them.
        catalogues: what there is, before and after the import.

    Raises:
        UnknownNameError: neither has anything of one of the names.
    """
    known = {name for catalogue in catalogues for name in _all_names(catalogue)} if names else ()
    for name in names:
        if not any(fnmatchcase(one, name) for one in known):
            remedy = did_you_mean(name, known, "write family.group.operation, Type or Type.property")
            raise UnknownNameError(f"--allow-change {name}: nothing in the catalogue has this name; {remedy}")


def _all_names(catalogue: Catalogue) -> Iterator[str]:
    """Every name under which a change may be allowed: groups and operations, types, and what is in them."""
    for group in catalogue.groups:
        yield f"{group.family}.{group.name}"
        for resource in group.resources:
            for operation in resource.operations:
                own = f"{group.family}.{group.name}.{operation.name}"
                yield own
                yield from (f"{own}.{one.name}" for one in (*resource.parameters, *operation.parameters))
    for definition in catalogue.types.values():
        yield definition.name
        yield from (f"{definition.name}.{one.name}" for one in definition.properties)


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


class _Pair:
    """Two catalogues, before and after: what differs between them at a version.

    Of a type, only what may differ is resolved, for most types are as they were, and a new one differs by being there.
    """

    def __init__(self, before: Catalogue, after: Catalogue, new_families: Collection[str]) -> None:
        self._resolvers = resolver_of(before), resolver_of(after)
        self._new_families = new_families
        folders = tuple(f"types/{family}/" for family in new_families)
        self._separate = {name for name, one in after.types.items() if one.location.file.startswith(folders)}
        self._same = {name for name, one in before.types.items() if _is_same(one, after.types.get(name))}
        self._found: dict[tuple[int, int], list[_Difference]] = {}

    def differences(self, version: int) -> Iterator[_Difference]:
        """What differs at a version: the name, what differs, whether it is only added."""
        before, after = self._resolvers
        ours = _operations(before.groups_at(version))
        theirs = _operations(after.groups_at(version), self._new_families)
        for name in [*ours, *(name for name in theirs if name not in ours)]:
            yield from self._of_two(name, "operation", ours.get(name), theirs.get(name), "parameters")
        yield from self._of_types(version)

    def _of_types(self, version: int) -> Iterator[_Difference]:
        before, after = self._resolvers
        ours = dict.fromkeys(before.type_names_at(version))
        theirs = dict.fromkeys(name for name in after.type_names_at(version) if name not in self._separate)
        for name in ours:
            if name not in theirs:
                yield name, _GONE.format("type"), False
            elif name not in self._same:
                one, other = before.type_at(name, version), after.type_at(name, version)
                yield from self._of_two(name, "type", one, other, "properties")
        yield from ((name, _ADDED.format("type"), True) for name in theirs if name not in ours)

    def _of_two(self, name: str, what: str, before: _Resolved, after: _Resolved, members: str) -> list[_Difference]:
        """What differs between an operation or a type before and after, found once for all versions that share both."""
        if before is None or after is None:
            text = _ADDED if before is None else _GONE
            return [(name, text.format(what), before is None)]
        key = (id(before), id(after))
        if key not in self._found:
            self._found[key] = [] if before == after else list(_of_both(name, before, after, members))
        return self._found[key]


def _is_same(one: TypeDefinition, other: TypeDefinition | None) -> bool:
    """Whether a type is in all versions as it was; variants may come and go where a discriminator names them."""
    return one.discriminator is None and one == other


def _operations(groups: Iterable[SurfaceGroup], without: Collection[str] = ()) -> dict[str, SurfaceOperation]:
    return {
        f"{group.family}.{group.name}.{one.name}": one
        for group in groups
        if group.family not in without
        for one in group.operations
    }


def _of_both(
    name: str, before: SurfaceOperation | SurfaceType, after: SurfaceOperation | SurfaceType, members: str
) -> Iterator[_Difference]:
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
