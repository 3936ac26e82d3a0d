"""Property paths for `include` and `exclude`: built from a model and checked against it."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import msgspec

from sf_connect.core.wire.fields import fields_of
from sf_connect.core.wire.properties import attribute_names
from sf_connect.core.wire.unions import Untagged, bare, union_of
from sf_connect.core.wire.xml_names import item_name

_Models = tuple[type[msgspec.Struct], ...]


class PropertyPath:
    """A path to a property of a model: an attribute gives the path to the property inside.

    The path of a list has the properties of its items. The path of a union has the properties of all its classes.
    """

    __slots__ = ("_models", "_root", "_text")

    def __init__(self, root: _Models, text: str, models: _Models) -> None:
        self._root = root
        self._text = text
        self._models = models

    def __getattr__(self, name: str) -> PropertyPath:
        known = [item for model in self._models for item in fields_of(model)]
        item = next((item for item in known if item.name == name), None)
        if item is None:
            raise AttributeError(_no_property(self._models, name, {one.name for one in known}))
        into, models = _inside(item.type, item.encode_name)
        text = f"{self._text}/{item.encode_name.removesuffix('*')}"
        return PropertyPath(self._root, text, models) if into is None else _Listed(self._root, text, models, into)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<PropertyPath {self._text or '/'} of {_names(self._root)}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PropertyPath) and (self._root, self._text) == (other._root, other._text)

    def __hash__(self) -> int:
        return hash(self._text)


class _Listed(PropertyPath):
    """A path to a list: a path to a property of its items also names the item, as XML does."""

    __slots__ = ("_item",)

    def __init__(self, root: _Models, text: str, models: _Models, item: str) -> None:
        super().__init__(root, text, models)
        self._item = item

    def __getattr__(self, name: str) -> PropertyPath:
        return PropertyPath(self._root, f"{self._text}/{self._item}", self._models).__getattr__(name)


def path(model: Any) -> PropertyPath:
    """The start of paths into a model, for `RequestOptions(include=…)` and `exclude`.

        page = path(models.FeedElementPage)
        RequestOptions(include=(page.elements.body.text, page.next_page_url))

    Args:
        model: the class that the operation returns.

    Returns:
        A path whose attributes are the paths of properties. A property that does not exist raises AttributeError,
        which suggests similar ones; type checkers accept any attribute.

    Raises:
        TypeError: it is not a model.
    """
    models = _models(model)
    if not models:
        raise TypeError(f"paths start at a model, not at {model!r}")
    return PropertyPath(models, "", models)


def format_path(one: object, returns: Any, what: str, operation: str) -> str:
    """A path as the API takes it, checked against what the operation returns.

    Args:
        one: a path, or its text.
        returns: what the operation returns.
        what: `include` or `exclude`.
        operation: the operation's name.

    Raises:
        ValueError: it is not a path, or there is no such property.
    """
    text = str(one)
    if not text.startswith("/") or text.endswith("/") or "//" in text or "|" in text:
        raise ValueError(f"{what} takes paths that start with '/', such as '/body/text', not {text!r}")
    if isinstance(one, PropertyPath):
        expected = _models(returns)
        root = one._root  # pyright: ignore[reportPrivateUsage]  any other attribute is a property of the model
        if expected and not any(issubclass(a, b) or issubclass(b, a) for a in root for b in expected):
            raise ValueError(f"{what} has a path of {_names(root)}, but {operation} returns {_names(expected)}")
    elif (fault := path_fault(text, returns)) is not None:
        raise ValueError(f"{what} names {text}: {fault}; to send it anyway, use query={{{what!r}: …}}")
    return text


@functools.lru_cache(maxsize=1000)
def path_fault(text: str, returns: Any) -> str | None:
    """What is wrong with a path into a type; None where nothing is, or where that is not known."""
    if get_origin(bare(returns)) is list:
        return None  # the documentation does not say how a path into a top-level list begins
    models = _models(returns)
    steps = iter(text.split("/")[1:])
    for step in steps:
        if not models:
            return None
        found = [item for model in models for item in fields_of(model) if item.encode_name.removesuffix("*") == step]
        if not found:
            return _no_property(models, step, {name for model in models for name in attribute_names(model)})
        into, models = _inside(found[0].type, step)
        if into is not None:
            next(steps, None)  # the item's name
    return None


def _no_property(models: _Models, name: str, known: set[str]) -> str:
    alike = difflib.get_close_matches(name, sorted(known), 3)
    hint = f"; did you mean {' or '.join(alike)}?" if alike else ""
    return f"{_names(models)} has no property {name}{hint}" if models else f"there is nothing inside, so no {name}"


def _names(models: _Models) -> str:
    return " or ".join(model.__name__ for model in models[:3]) + (" …" if len(models) > 3 else "")


def _inside(annotation: Any, name: str) -> tuple[str | None, _Models]:
    """The name of an item where a property is a list, and the classes inside."""
    inner = bare(annotation)
    if get_origin(inner) is not list:
        return None, _models(inner)
    item = get_args(inner)[0]
    models = _models(item)
    union = union_of(bare(item))
    base = (union.fallback if union else None) or (models[0] if models else None)
    return item_name(name, base), models


def _models(annotation: Any) -> _Models:
    """The classes that a type stands for, those of the items of a list included."""
    return tuple(dict.fromkeys(_iter_models(annotation)))


def _iter_models(annotation: Any) -> Iterator[type[msgspec.Struct]]:
    inner = bare(annotation)
    union = union_of(inner)
    if union is not None:
        yield from [union.fallback] if union.fallback else []
        yield from union.classes.values()
    elif get_origin(inner) is list:
        yield from _iter_models(get_args(inner)[0])
    elif isinstance(inner, type) and issubclass(inner, Untagged):
        for one in inner.members():
            yield from _iter_models(one)
    elif isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        yield inner
