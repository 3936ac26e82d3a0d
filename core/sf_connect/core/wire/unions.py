"""Unions of classes, distinguished by a discriminator or by their shape: the annotations for them.

msgspec decodes a union by a tag, at full speed, but does not return the tag, has one tag for a class, and refuses a
value with an unknown one. So each known value is decoded to a subclass of its class, created here, that has the tag and
keeps it as an attribute; an unknown value makes msgspec fail, and `reading` decodes it with the `UnionInfo` in the
annotation.
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
    """A discriminated union.

    Attributes:
        property: the discriminator.
        classes: the class for each known value of it.
        fallback: the class for other values; None keeps the raw value.
    """

    def __init__(
        self, name: str, classes: Mapping[str, type[msgspec.Struct]], fallback: type[msgspec.Struct] | None
    ) -> None:
        self.property = name
        self.classes = classes
        self.fallback = fallback

    def class_of(self, value: object) -> type[msgspec.Struct] | None:
        """The class to decode an object to, by the value of its discriminator."""
        known = self.classes.get(value) if isinstance(value, str) else None
        if known is not None:
            return tagged(known, self.property, str(value))
        return None if self.fallback is None else unknown(self.fallback)

    def guess(self) -> type[msgspec.Struct] | None:
        """A class for objects that are likely the first variant."""
        return next((guessed(found, self.property, value) for value, found in self.classes.items()), None)


def discriminated_union(property_name: str, values: Mapping[str, str], *, fallback: str | None, module: str) -> Any:
    """An annotation for a discriminated union; its classes must exist already.

    Args:
        property_name: the discriminator.
        values: the name of the class for each value of it.
        fallback: the class for any other value; None keeps the raw value.
        module: the module with these classes.
    """
    union = _union(property_name, values, fallback, module)
    readable: list[type] = [tagged(found, property_name, value) for value, found in union.classes.items()]
    while len(readable) < 2:  # msgspec accepts a single class without its tag
        readable.append(_no_variant(property_name, len(readable)))
    return Annotated[Union[tuple(readable)], union]  # noqa: UP007  made at run time


def input_union(property_name: str, values: Mapping[str, str], *, fallback: str | None, module: str) -> Any:
    """As `discriminated_union`, for classes that are only sent: each of them writes the discriminator itself."""
    return Annotated[object, _union(property_name, values, fallback, module)]


def _union(property_name: str, values: Mapping[str, str], fallback: str | None, module: str) -> UnionInfo:
    names = vars(sys.modules[module])
    classes = {value: names[name] for value, name in values.items()}
    return UnionInfo(property_name, classes, names[fallback] if fallback else None)


@functools.cache
def tagged(base: type[msgspec.Struct], name: str, value: str) -> type[msgspec.Struct]:
    """The subclass for one value of the discriminator; an attribute keeps the value."""
    kept = msgspec.field(default=value, name=name + _NOT_READ)
    made_by = (tagged, (base, name, value))
    return _subclass(base, (_attribute(base, name), Any, kept), made_by, tag_field=name, tag=value)


@functools.cache
def guessed(base: type[msgspec.Struct], name: str, value: str) -> type[msgspec.Struct]:
    """The subclass for an object whose discriminator is guessed to have a value; any other value is refused.

    To find the tag, msgspec scans a whole object before it decodes it. A right guess saves that.
    """
    given = (_attribute(base, name), Literal[value], msgspec.field(name=name))
    return _subclass(base, given, (guessed, (base, name, value)))


def _attribute(base: type[msgspec.Struct], name: str) -> str:
    names = dict(zip(base.__struct_encode_fields__, base.__struct_fields__, strict=True))
    return names.get(name) or _NO_IDENTIFIER.sub("_", _WORD.sub("_", name).lower())


@functools.cache
def unknown(base: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """The subclass for objects with an unknown discriminator: it keeps what was sent."""
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
    return msgspec.defstruct("NoVariant", [], tag_field=name, tag="\0" * (number + 1))


def _raw_properties(self: Any) -> Any:
    if isinstance(self.sent_, bytes):
        try:
            self.sent_ = msgspec.json.decode(self.sent_)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:  # it has not been decoded until now
            raise ResponseDecodeError(
                f"raw_properties cannot be decoded ({error}); what was sent begins: {beginning(self.sent_)}"
            ) from None
    return self.sent_


def _values(made: Any) -> dict[str, Any]:
    return {name: getattr(made, name) for name in made.__struct_fields__}


def _equal(self: Any, other: object) -> Any:
    """Equal to another object of its class, also to one that the program created."""
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
    """Copy and pickle by the function that created the class, which no module has as an attribute."""
    return _made_again, (*self.__made_by__, _values(self))


def _made_again(maker: Any, arguments: tuple[Any, ...], values: dict[str, Any]) -> Any:
    return maker(*arguments)(**values)


class Untagged:
    """Base of annotations for untagged unions, whose classes differ in their properties; `reading` decodes them."""

    module: ClassVar[str]
    names: ClassVar[tuple[str, ...]]
    chosen: ClassVar[dict[tuple[object, ...], Any]]

    @classmethod
    def class_of(cls, value: Mapping[str, object]) -> Any:
        """The class whose properties fit an object best; responses have few shapes, so the choice is cached."""
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
        """The classes and unions that it consists of."""
        found = vars(sys.modules[cls.module])
        return tuple(found[name] for name in cls.names)

    @classmethod
    @functools.cache
    def unions(cls) -> tuple[UnionInfo, ...]:
        """The discriminated unions among the members."""
        return tuple(union for one in cls.members() if (union := union_of(one)) is not None)


class _HoldsAnything(type):
    """msgspec checks the decoded value against the annotation; any class passes."""

    def __instancecheck__(cls, instance: object) -> bool:
        return True


def untagged_union(*classes: str, module: str) -> Any:
    """An annotation for one of several classes without a discriminator: the one whose properties fit best.

    Args:
        classes: the names of the classes, and of discriminated unions among them.
        module: the module that has these names when a value is decoded.
    """
    return _HoldsAnything("OneOf", (Untagged,), {"names": classes, "module": module, "chosen": {}})


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


@functools.cache
def _properties(candidate: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(name.removesuffix(_NOT_READ) for name in candidate.__struct_encode_fields__)


def _fit(candidate: Any, value: Mapping[str, object]) -> tuple[int, int]:
    """How well a class fits: better the more of the object's properties it has, and the fewer others."""
    known = _properties(cast("type[msgspec.Struct]", candidate)) if isinstance(candidate, type) else frozenset[str]()
    return len(known & value.keys()), -len(known)
