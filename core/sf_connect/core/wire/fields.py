"""The fields of generated classes with their types, read once for each class.

msgspec reads the annotations of a class, which are texts, whenever it is asked. Most say the same, such as
`str | None`, so each text of a module is read once here.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any, get_type_hints
from weakref import WeakKeyDictionary

import msgspec
from msgspec import NODEFAULT, UnsetType
from msgspec.structs import FieldInfo

_MODEL = type[msgspec.Struct]
_PLAIN = (str, int, float, UnsetType, type(None), type(NODEFAULT))
_read: WeakKeyDictionary[ModuleType, tuple[object, dict[str, Any]]] = WeakKeyDictionary()
"""The types that texts of a module stand for, until it is reloaded, which gives it another `__spec__`."""


def fields_of(model: _MODEL) -> Sequence[FieldInfo]:
    """The fields of a class, as `msgspec.structs.fields` gives them.

    Args:
        model: a class that generated code has, or a copy of one, which may get other types until it is first read.
    """
    return msgspec.structs.fields(model) if "__made_by__" in vars(model) else _fields(model)


@functools.cache
def _fields(model: _MODEL) -> Sequence[FieldInfo]:
    names, given = model.__struct_fields__, model.__struct_defaults__
    defaults = (NODEFAULT,) * (len(names) - len(given)) + given
    if not all(isinstance(one, _PLAIN) for one in given):
        return msgspec.structs.fields(model)  # functions make them, which generated code never asks for
    types = _types(model, names)
    each = zip(names, model.__struct_encode_fields__, defaults, strict=True)
    return tuple(FieldInfo(name, encoded, types[name], default) for name, encoded, default in each)


def _types(model: _MODEL, names: Iterable[str]) -> Mapping[str, Any]:
    """The types of a class's fields, its bases' too."""
    found: dict[str, Any] = {}
    for one in reversed(model.__mro__):
        annotations: dict[str, Any] = vars(one).get("__annotations__", {})  # those of its own
        found |= _evaluated(one.__module__, {name: annotations[name] for name in names if name in annotations})
    return found


def _evaluated(module: str, annotations: Mapping[str, Any]) -> Mapping[str, Any]:
    loaded = sys.modules[module]
    spec, known = _read.get(loaded, (None, {}))
    if spec is not loaded.__spec__:
        known = {}
    new = {text: text for text in annotations.values() if isinstance(text, str) and text not in known}
    if new:
        known |= get_type_hints(SimpleNamespace(__annotations__=new), vars(loaded), include_extras=True)
        _read[loaded] = loaded.__spec__, known
    return {name: known[value] if isinstance(value, str) else value for name, value in annotations.items()}
