"""Unions of classes, distinguished by a discriminator or by their shape: the annotations for them.

msgspec reads a union of classes by a tag, at full speed, but keeps the tag to itself, has one tag for a class, and
refuses a value with an unknown one. So each known variant is read into a subclass of its class (`variants`) that has
the tag and keeps it as the attribute; any other value makes msgspec give up, and `reading` takes it apart by the
`UnionInfo` that the annotation carries.

Where the fallback is the class of ordinary values (a record of any type), giving up would be the usual case. Such a
union is open: the values that came are noted, and decoders get copies of the classes that know them (`shadows`).
"""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Union, cast, get_args, get_origin

import msgspec

from sf_connect.core.wire.fields import fields_of
from sf_connect.core.wire.listed_values import values_in
from sf_connect.core.wire.variants import guess, property_names, tagged, unknown

_MOST_SHAPES = 1000


class UnionInfo:
    """A discriminated union.

    Attributes:
        property: the property.
        classes: the class of each known value.
        fallback: the class of all others; None keeps the raw value.
        is_open: whether the fallback is the class of ordinary values, whose discriminator it has as a property.
    """

    def __init__(
        self,
        name: str,
        classes: Mapping[str, type[msgspec.Struct]],
        fallback: type[msgspec.Struct] | None,
        *,
        is_open: bool = False,
    ) -> None:
        self.property = name
        self.classes = classes
        self.fallback = fallback
        self._guess: type[msgspec.Struct] | None = None
        self.is_open = is_open and fallback is not None and name in property_names(fallback)

    def class_of(self, value: object) -> type[msgspec.Struct] | None:
        """The class to read a value into, by what its discriminator says."""
        if isinstance(value, str):
            known = self.classes.get(value)
            if known is not None:
                return tagged(known, self.property, value)
            if self.is_open and self.fallback is not None:
                return self.fallback
        return None if self.fallback is None else unknown(self.fallback, self.property)

    def guess(self) -> type[msgspec.Struct] | None:
        """A class for values that are likely of the first variant."""
        if self._guess is None and self.classes:
            value, found = next(iter(self.classes.items()))
            if found.__struct_config__.tag_field is None:  # a variant of an untagged union has its tag already
                self._guess = guess(found, self.property, value)
        return self._guess


def discriminated_union(
    property_name: str, values: Mapping[str, str], *, fallback: str | None, module: str, is_open: bool = False
) -> Any:
    """An annotation for a union with a discriminator; the classes exist when it is made.

    Args:
        property_name: the discriminator.
        values: the name of the class for each value of it.
        fallback: the class for any other value; None keeps the raw value.
        module: the module in which the names are found.
        is_open: whether any other value is as usual as those, such as a type of records.
    """
    union = _union(property_name, values, fallback, module, is_open=is_open)
    return annotation_of(union, [tagged(found, property_name, value) for value, found in union.classes.items()])


def annotation_of(union: UnionInfo, readable: Sequence[type[msgspec.Struct]]) -> Any:
    """The annotation for a union whose variants are read into these classes."""
    alternatives = list(readable)
    while len(alternatives) < 2:  # alone, msgspec would take a class without its tag
        alternatives.append(_no_variant(union.property, len(alternatives)))
    return Annotated[Union[tuple(alternatives)], union]  # noqa: UP007  made at run time


def input_union(property_name: str, values: Mapping[str, str], *, fallback: str | None, module: str) -> Any:
    """As `discriminated_union`, for classes that are only sent: each of them writes the discriminator on its own."""
    return Annotated[object, _union(property_name, values, fallback, module)]


def _union(
    property_name: str, values: Mapping[str, str], fallback: str | None, module: str, *, is_open: bool = False
) -> UnionInfo:
    names = vars(sys.modules[module])
    classes = {value: names[name] for value, name in values.items()}
    return UnionInfo(property_name, classes, names[fallback] if fallback else None, is_open=is_open)


@functools.cache
def _no_variant(name: str, number: int) -> type[msgspec.Struct]:
    return msgspec.defstruct("NoVariant", [], tag_field=name, tag="\0" * (number + 1))


class Handled:
    """Base of annotations whose values msgspec hands to `reading`."""

    @classmethod
    def class_of(cls, value: Mapping[str, object]) -> Any:
        """The class to read an object into; None keeps it as it came."""
        return None

    @classmethod
    def item(cls) -> Any:
        """The class or union to read the items of a list into; None keeps a list as it came."""
        return None

    @classmethod
    def scalar(cls, value: object) -> object:
        """What becomes of a value that is neither an object nor a list with such items."""
        return value


class Untagged(Handled):
    """Base of annotations for one of several classes without a discriminator in the catalogue."""

    module: ClassVar[str]
    names: ClassVar[tuple[str, ...]]
    items: ClassVar[str]
    maps: ClassVar[bool]
    chosen: ClassVar[dict[tuple[object, ...], Any]]

    @classmethod
    def class_of(cls, value: Mapping[str, object]) -> Any:
        """The class for a value: by the property that decides, where one does, else the one that fits best.

        Responses have few shapes, so what fits is remembered.
        """
        name, values = cls.deciding()
        told = value.get(name)
        members: Sequence[Any] = cls.members()
        if isinstance(told, str):
            members = values.get(told) or values.get("") or members
            if len(members) == 1:
                return members[0]
        shape = (told if name else None, *value, *(value.get(one.property) for one in cls.unions()))
        try:
            return cls.chosen[shape]
        except (KeyError, TypeError):
            found = cls._best(members, value)
        if len(cls.chosen) < _MOST_SHAPES and all(isinstance(one, str | None) for one in shape):
            cls.chosen[shape] = found
        return found

    @classmethod
    def _best(cls, members: Sequence[Any], value: Mapping[str, object]) -> Any:
        """The class that fits best; None where that may be a map, or a type of which nothing is described."""
        found = max((_within(one, value) for one in members), key=lambda one: _fit(one, value), default=None)
        if not cls.may_be_map():
            return found
        return found if _is_model(found) and _is_whole(cast("type[msgspec.Struct]", found), value) else None

    @classmethod
    def may_be_map(cls) -> bool:
        """Whether an object may also be a map, or of a type of which nothing is described."""
        return cls.maps or len(cls.members()) < len(cls.names)

    @classmethod
    def item(cls) -> Any:
        """As `Handled.item`; items of which nothing is described stay maps."""
        found = vars(sys.modules[cls.module])[cls.items] if cls.items else None
        return found if _is_model(found) or union_of(found) is not None else None

    @classmethod
    @functools.cache
    def members(cls) -> tuple[Any, ...]:
        """The classes and unions that it consists of; a type of which nothing is described is a map, and is none."""
        found = [vars(sys.modules[cls.module])[name] for name in cls.names]
        return tuple(one for one in found if _is_model(one) or union_of(one) is not None)

    @classmethod
    @functools.cache
    def unions(cls) -> tuple[UnionInfo, ...]:
        """The discriminated unions among the members."""
        return tuple(union for one in cls.members() if (union := union_of(one)) is not None)

    @classmethod
    @functools.cache
    def deciding(cls) -> tuple[str, Mapping[str, Sequence[Any]]]:
        """The property whose known values distinguish the members, and the members for each value.

        Members without known values are those for all other values, under the empty text. Where no property decides,
        nothing is in it.
        """
        members = cls.members()
        if cls.maps or any(not _is_model(one) for one in members):
            return "", {}
        for name in dict.fromkeys(name for one in members for name in property_names(one)):
            values = [_known_values(one, name) for one in members]
            groups = set(values)
            told = [group for group in groups if group]
            is_everywhere = all(name in property_names(one) for one in members)
            if (
                len(told) > (0 if is_everywhere else 1)
                and len(groups) > 1
                and all(one.isdisjoint(other) for one in told for other in told if one != other)
            ):
                found: dict[str, list[Any]] = {}
                for one, own in zip(members, values, strict=True):
                    for value in own or {""}:
                        found.setdefault(value, []).append(one)
                return name, found
        return "", {}


class _HoldsAnything(type):
    """msgspec checks the decoded value against the annotation; any class passes."""

    __instancecheck__: Any = id  # which is true of everything, and is not a call of Python's for each value


def untagged_union(*classes: str, module: str, items: str = "", maps: bool = False) -> Any:
    """An annotation for one of several classes without a discriminator: the one whose properties fit best.

    Args:
        classes: the names of the classes, and of discriminated unions among them.
        module: the module that has these names when a value is decoded.
        items: the name of the class of the items, where the value may also be a list.
        maps: whether an object may also be a map. It is one unless a class has all of its properties, and it has all
            that the class requires.
    """
    own: dict[str, Any] = {"names": classes, "items": items, "maps": maps, "module": module, "chosen": {}}
    return _HoldsAnything("OneOf", (Untagged,), own)


class _TextOrNumber(Handled, metaclass=_HoldsAnything):
    """A text that some resources send as a number: it reads as text."""

    @classmethod
    def scalar(cls, value: object) -> object:
        """The text of a number."""
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


if TYPE_CHECKING:
    PageToken = str
else:
    PageToken = _TextOrNumber


def union_of(annotation: Any) -> UnionInfo | None:
    """The discriminated union that an annotation stands for."""
    found = [one for one in getattr(annotation, "__metadata__", ()) if isinstance(one, UnionInfo)]
    return found[0] if found else None


def bare(annotation: Any) -> Any:
    """An annotation without None and UNSET, and without metadata other than that of a discriminated union."""
    if union_of(annotation) is not None:
        return annotation
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        alternatives = [one for one in get_args(annotation) if one not in (type(None), msgspec.UnsetType)]
        return bare(alternatives[0]) if len(alternatives) == 1 else annotation
    return annotation


def _within(candidate: Any, value: Mapping[str, object]) -> Any:
    union = union_of(candidate)
    return candidate if union is None else (union.class_of(value.get(union.property)) or candidate)


def _is_model(candidate: Any) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, msgspec.Struct)


def _known_values(model: type[msgspec.Struct], name: str) -> frozenset[str]:
    """The values that a class's annotation lists for a property."""
    return _listed_values(model).get(name, frozenset())


@functools.cache
def _listed_values(model: type[msgspec.Struct]) -> Mapping[str, frozenset[str]]:
    listed = {item.encode_name: frozenset(values_in(item.type)) for item in fields_of(model)}
    return {name: values for name, values in listed.items() if values}


def _is_whole(model: type[msgspec.Struct], value: Mapping[str, object]) -> bool:
    """Whether a class has all properties of an object, and the object all that the class requires."""
    required = {item.encode_name for item in fields_of(model) if item.required}
    return required <= value.keys() <= property_names(model).keys()


def _fit(candidate: Any, value: Mapping[str, object]) -> tuple[int, int]:
    """The more of the value's properties a class has, and the fewer others, the better it fits."""
    known: Mapping[str, str] = property_names(candidate) if _is_model(candidate) else {}
    return len(known.keys() & value.keys()), -len(known)
