"""Unions of classes, told apart by one property or by their shape: how annotations name them.

msgspec reads a union of classes by a tag, at full speed, but keeps the tag to itself, has one tag for a class, and
refuses a value with an unknown one. So each known kind is read into a subclass of its class, made here, that has the
tag and keeps it as the attribute; a value of another kind makes msgspec give up, and `reading` takes it apart by the
`UnionInfo` that the annotation carries.
"""

from __future__ import annotations

import functools
import re
import sys
import types
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Union, cast, get_args, get_origin

import msgspec

from sf_connect.core.exceptions import ResponseDecodeError, beginning

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_IDENTIFIER = re.compile(r"\W")
_MOST_SHAPES = 1000
_NOT_READ = "*"
"""Ends the name under which a subclass keeps its tag, so that no property of a response has that name."""


class UnionInfo:
    """A union that one property tells apart.

    Attributes:
        property: the property.
        classes: the class of each known value.
        fallback: the class of all others; None keeps the raw value.
    """

    def __init__(
        self, name: str, classes: Mapping[str, type[msgspec.Struct]], fallback: type[msgspec.Struct] | None
    ) -> None:
        self.property = name
        self.classes = classes
        self.fallback = fallback

    def class_of(self, value: object) -> type[msgspec.Struct] | None:
        """The class to read a value into, by what its discriminator says."""
        known = self.classes.get(value) if isinstance(value, str) else None
        if known is not None:
            return tagged(known, self.property, str(value))
        return None if self.fallback is None else unknown(self.fallback)

    def guess(self) -> type[msgspec.Struct] | None:
        """A class for values that are likely of the first kind."""
        return next((guessed(found, self.property, value) for value, found in self.classes.items()), None)


def discriminated_union(property_name: str, values: Mapping[str, str], *, fallback: str | None, module: str) -> Any:
    """An annotation for a union that one property tells apart; the classes exist when it is made.

    Args:
        property_name: the property that tells the class.
        values: the class's name for each value.
        fallback: the class for any other value; None keeps the raw value.
        module: the module in which the names are found.
    """
    union = _union(property_name, values, fallback, module)
    readable: list[type] = [tagged(found, property_name, value) for value, found in union.classes.items()]
    while len(readable) < 2:  # alone, msgspec would take a class without its tag
        readable.append(_no_variant(property_name, len(readable)))
    return Annotated[Union[tuple(readable)], union]  # noqa: UP007  made at run time


def input_union(property_name: str, values: Mapping[str, str], *, fallback: str | None, module: str) -> Any:
    """As `kinds`, for classes that are only sent: each of them writes the discriminator on its own."""
    return Annotated[object, _union(property_name, values, fallback, module)]


def _union(property_name: str, values: Mapping[str, str], fallback: str | None, module: str) -> UnionInfo:
    names = vars(sys.modules[module])
    classes = {value: names[name] for value, name in values.items()}
    return UnionInfo(property_name, classes, names[fallback] if fallback else None)


@functools.cache
def tagged(base: type[msgspec.Struct], name: str, value: str) -> type[msgspec.Struct]:
    """The subclass that is read where a property has a value; the attribute keeps the value."""
    kept = msgspec.field(default=value, name=name + _NOT_READ)
    made_by = (tagged, (base, name, value))
    return _subclass(base, (_attribute(base, name), Any, kept), made_by, tag_field=name, tag=value)


@functools.cache
def guessed(base: type[msgspec.Struct], name: str, value: str) -> type[msgspec.Struct]:
    """The subclass that is read where a property is guessed to have a value; any other value is refused.

    To find the tag, msgspec looks through a whole object before it reads it. A guess, where it is right, saves that.
    """
    given = (_attribute(base, name), Literal[value], msgspec.field(name=name))
    return _subclass(base, given, (guessed, (base, name, value)))


def _attribute(base: type[msgspec.Struct], name: str) -> str:
    names = dict(zip(base.__struct_encode_fields__, base.__struct_fields__, strict=True))
    return names.get(name) or _NO_IDENTIFIER.sub("_", _WORD.sub("_", name).lower())


@functools.cache
def unknown(base: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """The subclass for values of a kind that is not known: it keeps what was sent."""
    kept = msgspec.field(default=None, name="sent" + _NOT_READ)
    return _subclass(
        base, ("sent_", Any, kept), (unknown, (base,)), raw_properties=property(_raw_properties), __repr__=_repr
    )


def _subclass(
    base: type[msgspec.Struct],
    kept: tuple[str, Any, Any],
    made_by: Any,
    tag_field: str | None = None,
    tag: str | None = None,
    **namespace: Any,
) -> type[msgspec.Struct]:
    namespace |= {"__made_by__": made_by, "__eq__": _equal, "__reduce__": _reduced, "__qualname__": base.__qualname__}
    return msgspec.defstruct(
        base.__name__,
        [kept],
        bases=(base,),
        module=base.__module__,
        namespace=namespace,
        kw_only=True,
        tag_field=tag_field,
        tag=tag,
    )


@functools.cache
def _no_variant(name: str, number: int) -> type[msgspec.Struct]:
    return msgspec.defstruct("NoKind", [], tag_field=name, tag="\0" * (number + 1))


def _raw_properties(self: Any) -> Any:
    if isinstance(self.sent_, bytes):
        try:
            self.sent_ = msgspec.json.decode(self.sent_)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:  # nobody has looked inside until now
            raise ResponseDecodeError(
                f"what was sent cannot be read ({error}); it begins: {beginning(self.sent_)}"
            ) from None
    return self.sent_


def _values(made: Any) -> dict[str, Any]:
    return {name: getattr(made, name) for name in made.__struct_fields__}


def _equal(self: Any, other: object) -> Any:
    """Equal to another of its class, also to one that a program made itself."""
    base = type(self).__mro__[1]
    if type(other) is not base and type(other).__mro__[1:2] != (base,):
        return NotImplemented
    theirs = _values(other)
    return all(getattr(self, name) == value for name, value in theirs.items()) and (
        type(other) is base or theirs.keys() == _values(self).keys()
    )


def _repr(self: Any) -> str:
    values = ", ".join(f"{name}={value!r}" for name, value in _values(self).items() if name != "sent_")
    return f"{type(self).__name__}({values})"


def _reduced(self: Any) -> Any:
    """What is copied or crosses processes is made again by the function that made the class."""
    return _made_again, (*self.__made_by__, _values(self))


def _made_again(maker: Any, arguments: tuple[Any, ...], values: dict[str, Any]) -> Any:
    return maker(*arguments)(**values)


class Untagged:
    """Base of annotations for one of several classes that only their properties tell apart; msgspec asks `reading`."""

    module: ClassVar[str]
    names: ClassVar[tuple[str, ...]]
    chosen: ClassVar[dict[tuple[object, ...], Any]]

    @classmethod
    def class_of(cls, value: Mapping[str, object]) -> Any:
        """The class whose properties fit a value best; responses have few shapes, so the choice is remembered."""
        shape = (*value, *(value.get(union.property) for union in cls.unions()))
        try:
            return cls.chosen[shape]
        except (KeyError, TypeError):
            found = max((_within(one, value) for one in cls.members()), key=lambda one: _fit(one, value))
        if len(cls.chosen) < _MOST_SHAPES and all(isinstance(one, str | None) for one in shape):
            cls.chosen[shape] = found
        return found

    @classmethod
    @functools.cache
    def members(cls) -> tuple[Any, ...]:
        """The classes and families."""
        found = vars(sys.modules[cls.module])
        return tuple(found[name] for name in cls.names)

    @classmethod
    @functools.cache
    def unions(cls) -> tuple[UnionInfo, ...]:
        """The families among the members."""
        return tuple(union for one in cls.members() if (union := union_of(one)) is not None)


class _HoldsAnything(type):
    """msgspec checks what is read against the annotation; any class passes."""

    def __instancecheck__(cls, instance: object) -> bool:
        return True


def untagged_union(*classes: str, module: str) -> Any:
    """An annotation for one of several classes without a discriminator: the one whose properties fit best.

    Args:
        classes: the classes' names, those of families among them.
        module: the module in which the names are found when a value arrives.
    """
    return _HoldsAnything("OneOf", (Untagged,), {"names": classes, "module": module, "chosen": {}})


def union_of(annotation: Any) -> UnionInfo | None:
    """The family that an annotation of `kinds` stands for."""
    found = [one for one in getattr(annotation, "__metadata__", ()) if isinstance(one, UnionInfo)]
    return found[0] if found else None


def bare(annotation: Any) -> Any:
    """An annotation without None and UNSET, and without notes that are no family's."""
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


@functools.cache
def _properties(candidate: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(name.removesuffix(_NOT_READ) for name in candidate.__struct_encode_fields__)


def _fit(candidate: Any, value: Mapping[str, object]) -> tuple[int, int]:
    """The more of the value's properties a class has, and the fewer others, the better it fits."""
    known = _properties(cast("type[msgspec.Struct]", candidate)) if isinstance(candidate, type) else frozenset[str]()
    return len(known & value.keys()), -len(known)
