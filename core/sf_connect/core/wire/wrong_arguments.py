"""Names the class and the nearest property where a request type is made with a wrong argument.

msgspec names the argument alone, and only a metaclass sees the call. Releases before 0.20 take no metaclass of ours:
there its own message stays.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import msgspec

_NONE = msgspec.NODEFAULT
"""What stands for the default of a required property."""

if TYPE_CHECKING:
    from msgspec import StructMeta as NamingMeta  # pyright: ignore[reportUnusedImport]

    __all__ = ["NamingMeta", "describe"]
else:

    def _call(cls: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return type(msgspec.Struct).__call__(cls, *args, **kwargs)
        except TypeError:
            fault = describe(cls, len(args), kwargs)
            if fault is None:  # of a function that the class calls
                raise
        del args, kwargs  # a tool that records locals would show them, and a value may be a password
        raise TypeError(fault)

    try:
        NamingMeta = type("NamingMeta", (type(msgspec.Struct),), {"__call__": _call})
    except TypeError:
        NamingMeta = type(msgspec.Struct)


def describe(model: Any, positional: int, given: Collection[str]) -> str | None:
    """What is wrong with the arguments of a class; None where nothing is.

    Args:
        model: the class.
        positional: how many have no name.
        given: the names of the others.
    """
    fields: tuple[str, ...] = model.__struct_fields__
    name = model.__name__
    if unknown := [one for one in given if one not in fields]:
        return f"{name} has no property {unknown[0]!r}{_nearest(model, unknown[0])}"
    if positional:
        return f"{name} takes its properties by name, such as {name}({fields[0] if fields else ''}=…)"
    defaults: tuple[object, ...] = model.__struct_defaults__
    without = len(fields) - len(defaults)
    required = [
        *fields[:without],
        *(one for one, value in zip(fields[without:], defaults, strict=True) if value is _NONE),
    ]
    missing = [one for one in required if one not in given]
    return f"{name} needs {' and '.join(missing)}" if missing else None


def _nearest(model: Any, wrong: str) -> str:
    by_form = {_form(one): one for one in model.__struct_fields__}
    by_form.update(zip(map(_form, model.__struct_encode_fields__), model.__struct_fields__, strict=True))
    near = difflib.get_close_matches(_form(wrong), by_form, n=3)
    names = list(dict.fromkeys(by_form[one] for one in near))
    return f"; did you mean {' or '.join(names)}?" if names else ""


def _form(name: str) -> str:
    """A name without what Python's and the API's spelling differ in."""
    return name.replace("_", "").lower()
