"""Bases of generated types, and the run-time annotations of families of classes.

msgspec decodes what it knows by itself. A property that may hold one of several classes is annotated with an object of
`kinds` or `one_of`: a class that msgspec does not know, so that it asks `decode_hook` with the raw value.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, ClassVar, cast

import msgspec
from msgspec import UNSET, UnsetType, field

__all__ = ["UNSET", "Input", "Model", "UnsetType", "decode_hook", "field", "kinds", "one_of"]


class Model(msgspec.Struct, kw_only=True):
    """A response type: what is absent or null reads as None; unknown properties are passed over."""


class Input(msgspec.Struct, kw_only=True):
    """A request type: `UNSET` is not sent, None is sent as null."""


class _HoldsAnything(type):
    """msgspec checks what the hook gives against the annotation; any class of a family passes."""

    def __instancecheck__(cls, instance: object) -> bool:
        return True


class _Choice(metaclass=_HoldsAnything):
    """Base of the annotations that `decode_hook` resolves."""

    module: ClassVar[str]
    classes: ClassVar[tuple[str, ...]]
    property: ClassVar[str | None] = None
    values: ClassVar[Mapping[str, str]] = {}
    otherwise: ClassVar[str | None] = None

    @classmethod
    def choose(cls, value: Mapping[str, object]) -> type[msgspec.Struct] | None:
        """The class for a raw value, None where it stays as it is."""
        if cls.property is not None:
            name = cls.values.get(str(value.get(cls.property)), cls.otherwise)
            return cls.named(name) if name else None
        candidates = [cls.named(name) for name in cls.classes]
        return max(candidates, key=lambda candidate: _fit(candidate, value)) if candidates else None

    @classmethod
    def named(cls, name: str) -> type[msgspec.Struct]:
        """A class of the module that uses it; found late, since classes of a module may refer to each other."""
        return cast("type[msgspec.Struct]", getattr(sys.modules[cls.module], name))


def _fit(candidate: type[msgspec.Struct], value: Mapping[str, object]) -> tuple[int, int]:
    known = {item.encode_name for item in msgspec.structs.fields(candidate)}
    return len(known & value.keys()), -len(known)


def kinds(property_name: str, values: Mapping[str, str], *, otherwise: str | None, module: str) -> Any:
    """An annotation for a discriminated family.

    Args:
        property_name: the property that tells the class.
        values: the class's name for each value.
        otherwise: the class for any other value; None keeps the raw value.
        module: the module in which the names are found.
    """
    members = {"property": property_name, "values": values, "otherwise": otherwise, "module": module}
    return _HoldsAnything("Kinds", (_Choice,), members)


def one_of(*classes: str, module: str) -> Any:
    """An annotation for one of several classes without a discriminator: the one whose properties fit best."""
    return _HoldsAnything("OneOf", (_Choice,), {"classes": classes, "module": module})


def decode_hook(annotation: type, value: object) -> object:
    """Decode what msgspec leaves to us."""
    if issubclass(annotation, _Choice):
        if not isinstance(value, dict):
            return value
        raw = cast("dict[str, object]", value)
        chosen = annotation.choose(raw)
        return raw if chosen is None else msgspec.convert(raw, chosen, strict=False, dec_hook=decode_hook)
    raise NotImplementedError(f"{annotation!r} is no type of a model")
