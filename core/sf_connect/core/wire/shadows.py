"""Copies of classes for decoders: with the types of records that were met, or strict.

msgspec fixes the variants of a union when a class is first read. But some unions hold records of any type, and which
class an untagged union means often follows from one property. So decoders get copies of the classes that lead to such
a union: subclasses with other annotations, which compare, print and pickle as the classes themselves. A type of records
that no copy knows is read the slow way and noted here; the next decoder knows it.
"""

from __future__ import annotations

import functools
import threading
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Union, cast, get_args, get_origin

import msgspec

from sf_connect.core.wire.fields import fields_of
from sf_connect.core.wire.unions import UnionInfo, Untagged, annotation_of, union_of
from sf_connect.core.wire.variants import property_names, shadow, tag

_MOST_NOTED = 300
"""Types of records that are noted for a union; an org's feeds have fewer, and a decoder must stay small."""
_MOST_REMEMBERED = 4096
"""Annotations of which it is remembered what they lead to: most fields have one of a few."""
_MODEL = type[msgspec.Struct]


class Shadows:
    """The copies for what was noted up to a time, and the decoders that have them.

    Args:
        noted: values of the property that decides, by the union: a UnionInfo or an annotation without discriminator.
        strict: whether unknown properties are refused.
    """

    def __init__(self, noted: Mapping[object, frozenset[str]], *, strict: bool = False) -> None:
        self.decoders: dict[Any, Any] = {}
        self.noted = noted
        self._strict = strict
        self._copies: dict[_MODEL, _MODEL] = {}
        self._unions: dict[object, Any] = {}
        self._lock = threading.RLock()  # a class must not be read before its copy has its annotations

    def annotation(self, wanted: Any) -> Any:
        """A type in which the classes that need it are replaced by their copies."""
        with self._lock:
            return self._annotation(wanted)

    def _annotation(self, wanted: Any) -> Any:
        fields = _fields_reached(wanted)
        needing = set(fields) if self._strict else self._leading(fields)
        new = [one for one in fields if one in needing and one not in self._copies]
        self._copies.update((model, shadow(model, fields[model], strict=self._strict)) for model in new)
        for model in new:  # after all are made, since they may hold each other
            self._copies[model].__annotations__.update(
                {item.name: self._replaced(item.type) for item in fields[model] if not item.required}
            )
        return self._replaced(wanted)

    def _leading(self, fields: Mapping[_MODEL, Sequence[msgspec.structs.FieldInfo]]) -> set[_MODEL]:
        """The classes from which a union is reached that is to be written otherwise."""
        holders: dict[_MODEL, set[_MODEL]] = {}
        waiting: list[_MODEL] = []
        for model, items in fields.items():
            for item in items:
                for inner in _models_in(item.type):
                    holders.setdefault(inner, set()).add(model)
                if any(self._is_rewritten(one) for one in _unions_in(item.type)):
                    waiting.append(model)
        found: set[_MODEL] = set()
        while waiting:
            if (model := waiting.pop()) not in found:
                found.add(model)
                waiting += holders.get(model, ())
        return found

    def _is_rewritten(self, union: Any) -> bool:
        if isinstance(union, UnionInfo):
            return union.is_open and union in self.noted
        return bool(union.deciding()[1])

    def _replaced(self, annotation: Any) -> Any:
        union, origin = union_of(annotation), get_origin(annotation)
        if union is not None:
            return self._once(union, lambda: self._union(union, annotation))
        if is_untagged(annotation):
            return self._once(annotation, lambda: self._untagged(annotation))
        if origin in (Union, types.UnionType, list, dict):
            given = get_args(annotation)
            parts = tuple(self._replaced(one) for one in given)
            if all(part is one for part, one in zip(parts, given, strict=True)):
                return annotation
            return types.GenericAlias(origin, parts) if origin in (list, dict) else Union[parts]  # noqa: UP007
        return self._copies.get(annotation, annotation) if _is_model(annotation) else annotation

    def _once(self, key: object, make: Callable[[], Any]) -> Any:
        if key not in self._unions:
            self._unions[key] = make()
        return self._unions[key]

    def _union(self, union: UnionInfo, annotation: Any) -> Any:
        classes = {value: self._copies.get(model, model) for value, model in union.classes.items()}
        fallback = None if union.fallback is None else self._copies.get(union.fallback, union.fallback)
        if fallback is not None and union.is_open:
            classes |= {value: fallback for value in sorted(self.noted.get(union, ())) if value not in classes}
        if classes == union.classes:
            return annotation
        copy = UnionInfo(union.property, classes, fallback, is_open=union.is_open)
        return annotation_of(copy, [tag(model, union.property, value) for value, model in classes.items()])

    def _untagged(self, annotation: Any) -> Any:
        """A union that one property decides, with that as its discriminator; another stays one to choose by shape."""
        name, groups = annotation.deciding()
        if not groups or self._strict:
            return annotation
        members: dict[str, Sequence[_MODEL]] = {value: group for value, group in groups.items() if value}
        if "" in groups:
            fallback = groups[""]
            noted = {value: fallback for value in sorted(self.noted.get(annotation, ()))}  # noqa: C420 - typed
            members = {**noted, **members}
        readable = [self._guarded(group, name, value) for value, group in members.items()]
        copy = UnionInfo(name, dict(zip(members, readable, strict=True)), None)
        return annotation_of(copy, readable)

    def _guarded(self, members: Sequence[_MODEL], name: str, value: str) -> _MODEL:
        """The smallest of the classes for a value; an object with a property of another one is refused."""
        telling = [one for one in members if name in property_names(one)] or members
        smallest = min(telling, key=lambda one: len(property_names(one)))
        others = {one for model in members for one in property_names(model)} - {name, *property_names(smallest)}
        return tag(self._copies.get(smallest, smallest), name, value, sorted(others))


def is_untagged(annotation: Any) -> bool:
    """Whether an annotation stands for one of several classes without a discriminator."""
    return isinstance(annotation, type) and issubclass(annotation, Untagged)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, msgspec.Struct)


@functools.lru_cache(_MOST_REMEMBERED)
def _unions_in(annotation: Any) -> tuple[Any, ...]:
    """The unions that an annotation names, inside lists and maps too."""
    if (union := union_of(annotation)) is not None:
        return (union,)
    if is_untagged(annotation):
        return (annotation, *_each(_unions_in, annotation.members()))
    return _each(_unions_in, get_args(annotation))


@functools.lru_cache(_MOST_REMEMBERED)
def _models_in(annotation: Any) -> tuple[_MODEL, ...]:
    """The classes that a value of an annotation may be or hold directly."""
    if _is_model(annotation):
        return (annotation,)
    if (union := union_of(annotation)) is not None:
        return (*union.classes.values(), *(() if union.fallback is None else (union.fallback,)))
    return _each(_models_in, annotation.members() if is_untagged(annotation) else get_args(annotation))


def _each(found_in: Callable[[Any], tuple[Any, ...]], annotations: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(found for one in annotations for found in found_in(one))


def _fields_reached(wanted: Any) -> dict[_MODEL, Sequence[msgspec.structs.FieldInfo]]:
    """The classes that a type leads to, and their fields."""
    found: dict[_MODEL, Sequence[msgspec.structs.FieldInfo]] = {}
    waiting = list(_models_in(wanted))
    while waiting:
        if (model := waiting.pop()) not in found:
            found[model] = fields_of(model)
            waiting += [one for item in found[model] for one in _models_in(item.type)]
    return found


_current = Shadows({})
_noted: dict[object, frozenset[str]] = {}


def current_shadows() -> Shadows:
    """The copies that decoders have."""
    return _current


def refresh() -> None:
    """Take up what was noted: once for a response, since copies take time."""
    global _current
    if _current.noted != _noted:
        _current = Shadows(dict(_noted))


def note(union: Any, value: object) -> None:
    """Note what came in a union, so that the decoders know it after the next `refresh`.

    Args:
        union: an open union, or an annotation without a discriminator.
        value: the value of the open union's property, or the whole object.
    """
    if isinstance(value, dict):
        deciding: tuple[str, Mapping[str, Any]] = union.deciding() if is_untagged(union) else ("", {})
        name, groups = deciding
        value = cast("dict[str, object]", value).get(name) if "" in groups else None
    known = _noted.get(union, frozenset())
    if isinstance(value, str) and value not in known and len(known) < _MOST_NOTED:
        _noted[union] = known | {value}
