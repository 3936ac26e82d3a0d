"""Plain values to the types of requests: what a type does not have is refused, since it would not be sent."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, Union, cast, get_args, get_origin

import msgspec

from sf_connect.core.wire.fields import fields_of
from sf_connect.core.wire.properties import attribute_names
from sf_connect.core.wire.shadows import is_untagged
from sf_connect.core.wire.unions import bare, union_of

_MODEL = type[msgspec.Struct]


def read_input(values: Mapping[str, Any], model: _MODEL, *, use_api_names: bool) -> msgspec.Struct:
    """A request's object of plain values with the API's names.

    Args:
        values: the values.
        model: its class.
        use_api_names: whether messages are to have the API's names, too; False for Python's.

    Raises:
        ValueError: the values do not fit the class.
    """
    return _Reader(use_api_names).read(values, model, "")


class _Reader:
    def __init__(self, use_api_names: bool) -> None:
        self._use_api_names = use_api_names

    def read(self, values: Mapping[str, Any], model: _MODEL, place: str) -> msgspec.Struct:
        """An object of a class.

        Raises:
            ValueError: a property is unknown, missing or of another type.
        """
        names = attribute_names(model)
        if unknown := [name for name in values if name not in names]:
            raise ValueError(f"{_where(model, place)} has no property {unknown[0]!r}{self._alike(unknown[0], names)}")
        items = {item.name: item for item in fields_of(model)}
        made: dict[str, Any] = {}
        for name, value in values.items():
            item = items[names[name]]
            shown = name if self._use_api_names else item.name
            made[item.name] = self._value(value, item.type, model, f"{place}.{shown}" if place else shown)
        for name, attribute in names.items():
            if items[attribute].required and attribute not in made:
                missing = name if self._use_api_names else attribute
                raise ValueError(f"{_where(model, place)} needs the property {missing!r}")
        return model(**made)

    def _value(self, value: object, wanted: Any, owner: _MODEL, place: str) -> Any:
        inner = bare(wanted)
        if isinstance(value, list):
            items = cast("list[object]", value)
            item = inner.item() if is_untagged(inner) else _item_of(inner)
            if item is None:
                return self._converted(items, wanted, owner, place)
            return [self._value(one, item, owner, f"{place}[{number}]") for number, one in enumerate(items)]
        if isinstance(value, dict):
            values = cast("dict[str, Any]", value)
            if get_origin(inner) is dict:
                item = get_args(inner)[1]
                return {name: self._value(one, item, owner, f"{place}.{name}") for name, one in values.items()}
            found = _class_of(values, inner)
            if found is not None:
                return self.read(values, found, place)
        return self._converted(value, wanted, owner, place)

    def _converted(self, value: Any, wanted: Any, owner: _MODEL, place: str) -> Any:
        if is_untagged(bare(wanted)) or union_of(bare(wanted)) is not None:
            return value
        settable = _settable(wanted)
        if type(value) in (int, float) and str in (settable, *get_args(settable)):
            return value  # a decimal is text, which servers take as a number too
        try:
            return msgspec.convert(value, settable, strict=False)
        except msgspec.ValidationError as error:
            raise ValueError(f"{_where(owner, place)}: {error}") from None

    def _alike(self, name: str, names: Mapping[str, str]) -> str:
        if self._use_api_names and name in names.values():
            return " (with use_api_names=False it has)"
        found = difflib.get_close_matches(name, names if self._use_api_names else names.values(), n=1)
        return f"; did you mean {found[0]!r}?" if found else ""


def _class_of(values: Mapping[str, Any], inner: Any) -> _MODEL | None:
    """The class to read an object into; None where it stays a dict."""
    union = union_of(inner)
    if union is not None:
        told = values.get(union.property)
        found = union.classes.get(told) if isinstance(told, str) else None
        return found or union.fallback
    if is_untagged(inner):
        return _class_of(values, inner.class_of(values))
    return inner if isinstance(inner, type) and issubclass(inner, msgspec.Struct) else None


def _item_of(inner: Any) -> Any:
    return get_args(inner)[0] if get_origin(inner) is list else None


def _settable(wanted: Any) -> Any:
    """An annotation without UNSET, which only a field can have."""
    alternatives = tuple(one for one in get_args(wanted) if one is not msgspec.UnsetType)
    if len(alternatives) in (0, len(get_args(wanted))):
        return wanted
    return Union[alternatives]  # noqa: UP007  made at run time


def _where(model: _MODEL, place: str) -> str:
    return f"{model.__name__} ({place})" if place else model.__name__
