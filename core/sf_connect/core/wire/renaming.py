"""Plain values with the API's names of properties, and with Python's: from one to the other, by the types."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, NamedTuple, cast, get_args, get_origin

import msgspec

from sf_connect.core.wire.fields import fields_of
from sf_connect.core.wire.properties import attribute_names, guards_of
from sf_connect.core.wire.shadows import is_untagged
from sf_connect.core.wire.unions import UnionInfo, bare, union_of
from sf_connect.core.wire.variants import attribute_of, base_of

_MODEL = type[msgspec.Struct]


class _Names(NamedTuple):
    """The properties of a class as they are named before, each with its name after and its type."""

    after: Mapping[str, str]
    types: Mapping[str, Any]


def with_python_names(values: Mapping[str, Any], model: _MODEL) -> dict[str, Any]:
    """The plain values of an object with Python's names.

    Args:
        values: the values, with the API's names.
        model: the object's class, which may be one that was made at run time.
    """
    return _properties(values, model, to_python=True)


def with_api_names(values: Mapping[str, Any], model: _MODEL) -> dict[str, Any]:
    """The plain values of an object with the API's names.

    Args:
        values: the values, with Python's names.
        model: the object's class.
    """
    return _properties(values, model, to_python=False)


def _properties(values: Mapping[str, Any], model: _MODEL, *, to_python: bool) -> dict[str, Any]:
    names = _names(model, to_python)
    return {
        names.after.get(name, name): _renamed(one, names.types.get(name, object), to_python)
        for name, one in values.items()
    }


def _renamed(value: object, wanted: Any, to_python: bool) -> Any:
    inner = bare(wanted)
    if isinstance(value, list):
        item = inner.item() if is_untagged(inner) else next(iter(get_args(inner)), object)
        return [_renamed(one, item, to_python) for one in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    values = cast("dict[str, Any]", value)
    if get_origin(inner) is dict:
        return {name: _renamed(one, get_args(inner)[1], to_python) for name, one in values.items()}
    found = _class_of(values, inner, to_python)
    return values if found is None else _properties(values, found, to_python=to_python)


def _class_of(values: Mapping[str, Any], inner: Any, to_python: bool) -> _MODEL | None:
    """The class of an object; None where its properties are data, or not known."""
    union = union_of(inner)
    if union is not None:
        return _variant(values, union, to_python)
    if is_untagged(inner):
        if to_python:
            return cast("_MODEL | None", inner.class_of(values))
        found = [_class_of(values, one, to_python) for one in inner.members()]
        best = max((one for one in found if one), key=lambda one: _fit(values, one), default=None)
        return None if inner.may_be_map() and not (best and _is_whole(values, best)) else best
    return inner if isinstance(inner, type) and issubclass(inner, msgspec.Struct) else None


def _variant(values: Mapping[str, Any], union: UnionInfo, to_python: bool) -> _MODEL | None:
    """The class that the discriminator says, under the name that it has before."""
    classes = list(union.classes.values())
    if union.fallback is not None:
        classes.append(union.fallback)
    keys = [union.property] if to_python else list(dict.fromkeys(attribute_of(one, union.property) for one in classes))
    told = next((values[key] for key in keys if key in values), None)
    return union.class_of(told)


def _fit(values: Mapping[str, Any], model: _MODEL) -> tuple[int, int]:
    known = _names(model, False).after.keys()
    return len(known & values.keys()), -len(known)


def _is_whole(values: Mapping[str, Any], model: _MODEL) -> bool:
    """Whether a class has all properties of an object with Python's names, and the object all that it requires."""
    required = {item.name for item in fields_of(base_of(model)) if item.required}
    return required <= values.keys() <= _names(model, False).after.keys()


@functools.cache
def _names(model: _MODEL, to_python: bool) -> _Names:
    names = {**attribute_names(base_of(model)), **attribute_names(model)}
    names = {name: attribute for name, attribute in names.items() if attribute not in guards_of(model)}
    discriminator = getattr(model, "__discriminator__", None)
    if isinstance(discriminator, str):
        names.setdefault(discriminator, attribute_of(base_of(model), discriminator))
    types = {item.name: item.type for item in fields_of(base_of(model))}
    pairs = names.items() if to_python else [(attribute, name) for name, attribute in names.items()]
    before = {name: name if to_python else attribute for name, attribute in names.items()}
    return _Names(
        dict(pairs),
        {before[name]: types[attribute] for name, attribute in names.items() if attribute in types},
    )
