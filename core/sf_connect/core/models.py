"""Bases of generated types, and the run-time annotations of families of classes.

msgspec decodes what it knows by itself. A property that may hold one of several classes is annotated with an object of
`kinds` or `one_of`: a class that msgspec does not know, so that it asks `decode_hook` with the raw value. Classes are
given by name and looked up in the defining module when a value arrives, so that classes of a module may refer to each
other.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Mapping
from typing import Any, ClassVar, cast

import msgspec
from msgspec import UNSET, UnsetType, field

__all__ = [
    "UNSET", "Input", "Model", "UnsetType", "convert", "decode_hook", "field", "kinds", "one_of", "read_property",
    "with_properties",
]  # fmt: skip

_PLACE = re.compile(r" - at `\$([^`]*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOST_REPAIRS = 1000


class Model(msgspec.Struct, kw_only=True, dict=True):
    """A response type: what is absent or null reads as None; unknown properties are passed over."""

    @property
    def raw_properties(self) -> Mapping[str, Any] | None:
        """What the server sent, where it is of a kind that this version does not know; else None."""
        return self.__dict__.get("raw_properties_")


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
            return cls.named(name, value) if name else None
        candidates = [found for name in cls.classes if (found := cls.named(name, value)) is not None]
        return max(candidates, key=lambda candidate: _fit(candidate, value)) if candidates else None

    @classmethod
    def named(cls, name: str, value: Mapping[str, object]) -> type[msgspec.Struct] | None:
        """A class of the module that uses it; where the name is a family's, its class for the value."""
        found: type = getattr(sys.modules[cls.module], name)
        return found.choose(value) if issubclass(found, _Choice) else cast("type[msgspec.Struct]", found)

    @classmethod
    def is_known(cls, value: Mapping[str, object]) -> bool:
        """Whether the value is of a kind that this version knows."""
        return cls.property is None or str(value.get(cls.property)) in cls.values


@functools.cache
def attributes(model: type[msgspec.Struct]) -> Mapping[str, str]:
    """The Python names of a class's properties, by the names that the API gives them."""
    return {item.encode_name: item.name for item in msgspec.structs.fields(model)}


def read_property(value: object, path: str) -> Any:
    """A property by the API's name, dotted where it is nested; None where there is none.

    Args:
        value: a model, or a raw value where the server sent another shape.
        path: the property's name, such as `page.nextUrl`.
    """
    for name in path.split("."):
        if isinstance(value, msgspec.Struct):
            attribute = attributes(type(value)).get(name)
            value = None if attribute is None else getattr(value, attribute)
        else:
            value = cast("dict[str, object]", value).get(name) if isinstance(value, dict) else None
    return value


def with_properties(value: object, changed: Mapping[str, object]) -> object:
    """A copy of a request body with other properties, by the API's names; without a body, one of these alone."""
    if isinstance(value, msgspec.Struct):
        names = attributes(type(value))
        return msgspec.structs.replace(value, **{names[name]: one for name, one in changed.items()})
    return {**(cast("dict[str, object]", value) if isinstance(value, dict) else {}), **changed}


def _fit(candidate: type[msgspec.Struct], value: Mapping[str, object]) -> tuple[int, int]:
    """The more of the value's properties a class has, and the fewer others, the better it fits."""
    known = attributes(candidate).keys()
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
    if not issubclass(annotation, _Choice):
        raise NotImplementedError(f"{annotation!r} is no type of a model")
    if not isinstance(value, dict):
        return value
    raw = cast("dict[str, object]", value)
    chosen = annotation.choose(raw)
    if chosen is None:
        return raw
    made = convert(raw, chosen)
    if isinstance(made, Model) and not annotation.is_known(raw):
        vars(made)["raw_properties_"] = raw
    return made


def convert(raw: Any, annotation: Any) -> Any:
    """Raw JSON values as a type.

    Numbers and times come in more spellings than msgspec reads. A value that has another shape than its property is
    put in as it came: one odd property must not cost the whole answer.

    Raises:
        msgspec.ValidationError: the whole value is of another shape.
    """
    try:
        return msgspec.convert(raw, annotation, strict=False, dec_hook=decode_hook)
    except msgspec.ValidationError as error:
        return _repaired(raw, annotation, error)


def _repaired(raw: Any, annotation: Any, error: msgspec.ValidationError) -> Any:
    raw = msgspec.json.decode(msgspec.json.encode(raw))
    odd: list[tuple[list[str | int], object]] = []
    for _ in range(_MOST_REPAIRS):
        steps = _steps(error)
        holder: Any = raw
        for step in steps[:-1]:
            holder = holder[step]
        value = holder[steps[-1]]
        if value is None:
            raise error
        holder[steps[-1]] = better = _better(value)
        if better is None:
            odd.append((steps, value))
        try:
            made = msgspec.convert(raw, annotation, strict=False, dec_hook=decode_hook)
        except msgspec.ValidationError as next_error:
            error = next_error
            continue
        for place, kept in odd:
            _put(made, place, kept)
        return made
    raise error


def _steps(error: msgspec.ValidationError) -> list[str | int]:
    """Where the value stands that msgspec could not read, told by its message."""
    place = _PLACE.search(str(error))
    steps = [int(index) if index else name for name, index in _STEP.findall(place[1])] if place else []
    if place is None or not steps or "[...]" in place[1]:
        raise error
    return steps


def _better(value: object) -> object:
    """A date as the time of its beginning; None for what cannot be bettered."""
    return f"{value}T00:00:00Z" if isinstance(value, str) and _DATE.fullmatch(value) else None


def _put(made: Any, steps: list[str | int], value: object) -> None:
    for index, step in enumerate(steps):
        attribute = step
        if isinstance(made, msgspec.Struct):
            attribute = attributes(type(made))[str(step)]
        last = index == len(steps) - 1
        match made, last:
            case msgspec.Struct(), True:
                setattr(made, str(attribute), value)
            case msgspec.Struct(), False:
                made = getattr(made, str(attribute))
            case _, True:
                made[step] = value
            case _:
                made = made[step]
