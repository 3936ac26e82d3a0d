"""The properties of generated types by the API's names, and which of them no repr shows."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, cast

import msgspec
from msgspec import UNSET


class _Hidden:
    """What stands for a secret that is set."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<hidden>"


_HIDDEN = _Hidden()


def repr_of(value: msgspec.Struct) -> str:
    """The repr of an object: what is set, without its secrets."""
    return f"{type(value).__name__}({', '.join(f'{name}={one!r}' for name, one in shown_values(value))})"


def shown_values(value: msgspec.Struct) -> Iterator[tuple[str, object]]:
    """The attributes that are set, each with its value, or with a mark in place of a secret.

    UNSET is not set. Nor is None where it is what an absent property reads as.
    """
    secret = secret_attributes(type(value))
    for name in value.__struct_fields__:
        one: object = getattr(value, name)
        if is_set(value, name, one):
            yield name, _HIDDEN if name in secret and one is not None else one


def is_set(value: msgspec.Struct, attribute: str, one: object) -> bool:
    """Whether the value of an attribute is that of a property which was set, or sent."""
    model = type(value)
    return one is not UNSET and not (one is None and is_response(model)) and attribute not in guards_of(model)


def is_response(model: type[msgspec.Struct]) -> bool:
    """Whether a class is of responses, in which absent and null both read as None."""
    return model.__struct_config__.omit_defaults


@functools.cache
def secret_attributes(model: type[msgspec.Struct]) -> frozenset[str]:
    """The attributes that no repr shows, those that a class inherits too."""
    return frozenset(name for one in model.__mro__ for name in cast("tuple[str, ...]", vars(one).get("__secret__", ())))


def guards_of(model: type[msgspec.Struct]) -> tuple[str, ...]:
    """Attributes that are no properties: they only keep objects of another class from being decoded as this one."""
    return cast("tuple[str, ...]", getattr(model, "__guards__", ()))


@functools.cache
def attribute_names(model: type[msgspec.Struct]) -> Mapping[str, str]:
    """The Python names of a class's properties, by the names that the API gives them."""
    named = zip(model.__struct_encode_fields__, model.__struct_fields__, strict=True)
    return {name.removesuffix("*"): attribute for name, attribute in named}


def read_property(value: object, path: str) -> Any:
    """A property by the API's name, dotted where it is nested; None where there is none.

    Args:
        value: a model, or a raw value where the response did not fit its type.
        path: the property's name, such as `page.nextUrl`.
    """
    for name in path.split("."):
        if isinstance(value, msgspec.Struct):
            attribute = attribute_names(type(value)).get(name)
            value = None if attribute is None else getattr(value, attribute)
        else:
            value = cast("dict[str, object]", value).get(name) if isinstance(value, dict) else None
    return value


def with_properties(value: object, changed: Mapping[str, object]) -> object:
    """A copy of a request body with some properties changed, by the API's names; without a body, these alone."""
    if isinstance(value, msgspec.Struct):
        names = attribute_names(type(value))
        return msgspec.structs.replace(value, **{names[name]: one for name, one in changed.items()})
    return {**(cast("dict[str, object]", value) if isinstance(value, dict) else {}), **changed}
