"""Subclasses that responses are decoded into: with the tag of a variant, or with what the server sent.

They are made at run time and compare, print, copy and pickle as the class that generated code has. What was sent is
kept outside of the fields, so that nothing that reads fields (comparison, repr, encoding) mixes the two up.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar, cast

import msgspec

from sf_connect.core.exceptions import ResponseDecodeError, beginning
from sf_connect.core.wire.properties import guards_of

M = TypeVar("M", bound=msgspec.Struct)
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_IDENTIFIER = re.compile(r"\W")
_RAW = "_raw"
_NOT_READ = "*"
"""Ends the name under which a subclass keeps its tag, so that no property of a response has that name."""


@functools.cache
def tagged(base: type[msgspec.Struct], name: str, value: str) -> type[msgspec.Struct]:
    """The subclass that is read where a property has a value; the attribute keeps the value."""
    return tag(base, name, value)


def tag(base: type[msgspec.Struct], name: str, value: str, refused: Sequence[str] = ()) -> type[msgspec.Struct]:
    """As `tagged`, of a copy, which nobody remembers.

    Args:
        base: the class.
        name: the discriminator.
        value: its value.
        refused: properties that only another class for the same value has; an object with one is not read.
    """
    fields: list[Any] = [(attribute_of(base, name), Any, msgspec.field(default=value, name=name + _NOT_READ))]
    guards = tuple(f"refused_{number}" for number in range(len(refused)))
    for guard, other in zip(guards, refused, strict=True):
        fields.append((guard, Literal["\0"], msgspec.field(default=None, name=other)))
    namespace: dict[str, Any] = {"__guards__": guards} if guards else {}
    original = base_of(base)
    return _subclass(base, fields, (tagged, (original, name, value)), namespace, tag_field=name, tag=value)


def guess(base: type[msgspec.Struct], name: str, value: str) -> type[msgspec.Struct]:
    """The subclass that is read where a property is guessed to have a value; any other value is refused.

    To find the tag, msgspec looks through a whole object before it reads it. A guess, where it is right, saves that.
    """
    given = (attribute_of(base, name), Literal[value], msgspec.field(name=name))
    return _subclass(base, [given], (tagged, (base_of(base), name, value)))


def shadow(
    base: type[msgspec.Struct], items: Sequence[msgspec.structs.FieldInfo], *, strict: bool
) -> type[msgspec.Struct]:
    """A subclass whose fields may get other types before it is first read.

    Args:
        base: the class, or one that was made here.
        items: its fields.
        strict: whether objects with unknown properties are refused.
    """
    fields: list[Any] = [
        (item.name, Any, msgspec.field(name=item.encode_name, default=item.default))
        for item in items
        if item.required is False
    ]
    made_by = getattr(base, "__made_by__", (_itself, (base,)))
    return _subclass(base, fields, made_by, forbid_unknown_fields=strict)


def _itself(model: type[msgspec.Struct]) -> type[msgspec.Struct]:
    return model


@functools.cache
def unknown(base: type[msgspec.Struct], name: str) -> type[msgspec.Struct]:
    """The subclass for values of a variant that is not known, which a property names; it keeps what was sent."""
    return _with_raw(base, (unknown, (base, name)), {"__discriminator__": name, "__raw_counts__": True})


@functools.cache
def _kept(base: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """The subclass for known values whose raw value is kept because a caller wants it."""
    made_by = vars(base).get("__made_by__")  # a class that was made here has no name by which to pickle it
    return _with_raw(base, (_kept, (base,)) if made_by is None else (_kept_of, made_by), {})


def _kept_of(maker: Any, arguments: tuple[Any, ...]) -> type[msgspec.Struct]:
    return _kept(maker(*arguments))


def keep_raw(made: M, raw: object) -> M:
    """The same object with what the server sent.

    Args:
        made: a decoded object.
        raw: JSON as bytes, or plain values.
    """
    result: Any = made
    if not can_keep_raw(made):
        result = _kept(type(made))(**{name: getattr(made, name) for name in made.__struct_fields__})
    result.__dict__[_RAW] = raw
    return cast("M", result)


def can_keep_raw(made: object) -> bool:
    """Whether an object is of a class that has room for what was sent."""
    return hasattr(made, "__dict__")


def raw_of(made: object) -> object:
    """What an object keeps of what was sent, as bytes or plain values; None where it keeps nothing."""
    return cast("dict[str, object]", getattr(made, "__dict__", {})).get(_RAW)


def base_of(model: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """The class that generated code has, of a class that was made here or is one."""
    return next(one for one in model.__mro__ if "__made_by__" not in vars(one))


@functools.cache
def property_names(model: type[msgspec.Struct]) -> Mapping[str, str]:
    """The attributes of a class by the names of the properties that it knows; a discriminator is one of them."""
    fields = zip(model.__struct_encode_fields__, model.__struct_fields__, strict=True)
    names = {name.removesuffix(_NOT_READ): attribute for name, attribute in fields}
    discriminator = cast("str | None", getattr(model, "__discriminator__", None))
    return names if discriminator is None else {discriminator: "", **names}


def attribute_of(base: type[msgspec.Struct], name: str) -> str:
    """The attribute for a discriminator, which a class may not declare."""
    names = dict(zip(base.__struct_encode_fields__, base.__struct_fields__, strict=True))
    return names.get(name) or _NO_IDENTIFIER.sub("_", _WORD.sub("_", name).lower())


def _with_raw(base: type[msgspec.Struct], made_by: Any, namespace: dict[str, Any]) -> type[msgspec.Struct]:
    namespace = {**namespace, "raw_properties": property(_raw_properties), "__copy__": _copied}
    return _subclass(base, [], made_by, namespace, gc=True, dict=True)


def _subclass(
    base: type[msgspec.Struct], fields: list[Any], made_by: Any, namespace: dict[str, Any] | None = None, **config: Any
) -> type[msgspec.Struct]:
    own = {"__made_by__": made_by, "__eq__": _equal, "__ne__": _unequal, "__reduce__": _reduced}
    own["__qualname__"] = base.__qualname__
    return subclass(base, fields, {**own, **(namespace or {})}, **config)


def subclass(
    base: type[msgspec.Struct], fields: list[Any], namespace: dict[str, Any], **config: Any
) -> type[msgspec.Struct]:
    """A subclass with other fields, as `msgspec.defstruct` makes it, which knows no metaclass but msgspec's own.

    Args:
        base: the class.
        fields: name, type and default of each.
        namespace: other attributes.
        config: settings of msgspec.
    """
    own = {
        "__module__": base.__module__,
        "__annotations__": {name: annotation for name, annotation, _ in fields},
        **{name: default for name, _, default in fields},
    }
    metaclass: Any = type(base)
    made: type[msgspec.Struct] = metaclass(base.__name__, (base,), {**own, **namespace}, kw_only=True, **config)
    return made


def _raw_properties(self: Any) -> Any:
    raw = self.__dict__.get(_RAW)
    if isinstance(raw, bytes):
        try:
            raw = self.__dict__[_RAW] = msgspec.json.decode(raw)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:  # it has not been decoded until now
            raise ResponseDecodeError(
                f"raw_properties cannot be decoded ({error}); what was sent begins: {beginning(raw)}"
            ) from None
    return raw


def _values(made: Any) -> dict[str, Any]:
    guards = guards_of(cast("type[msgspec.Struct]", type(made)))
    return {name: getattr(made, name) for name in made.__struct_fields__ if name not in guards}


def _equal(self: Any, other: object) -> Any:
    """Equal to another of its class, also to one that a program made itself.

    What was sent counts where nothing else distinguishes two: of variants that are not known.
    """
    if not isinstance(other, msgspec.Struct) or base_of(cast("Any", type(other))) is not base_of(
        cast("Any", type(self))
    ):
        return NotImplemented
    ours, theirs = _values(self), _values(other)
    is_own = "__made_by__" not in vars(type(other))  # then it lacks the tag, where the class does not declare it
    if any(ours[name] != value for name, value in theirs.items() if name in ours):
        return False
    if not is_own and ours.keys() != theirs.keys():
        return False
    if getattr(self, "__raw_counts__", False) and getattr(other, "__raw_counts__", False):
        return bool(self.raw_properties == cast("Any", other).raw_properties)
    return True


def _unequal(self: Any, other: object) -> Any:
    equal = _equal(self, other)
    return equal if equal is NotImplemented else not equal


def _reduced(self: Any) -> Any:
    """What is copied or crosses processes is made again by the function that made the class."""
    return _made_again, (*self.__made_by__, _values(self), raw_of(self))


def _copied(self: Any) -> Any:
    maker, arguments = self.__made_by__
    return _made_again(maker, arguments, _values(self), raw_of(self))


def _made_again(maker: Any, arguments: tuple[Any, ...], values: dict[str, Any], raw: object) -> Any:
    made = maker(*arguments)(**values)
    if raw is not None:
        made.__dict__[_RAW] = raw
    return made
