"""XML names of root elements and of the items of lists: the catalogue's, or derived from the names of properties."""

from __future__ import annotations

import re
from typing import Any, cast

import msgspec

_LAST_WORD = re.compile(r"[A-Z]?[a-z0-9]+$|[A-Z]+$")


def root_name(model: type[msgspec.Struct]) -> str:
    """The name of a class's root element: the catalogue's, else derived from the class's."""
    return _from_catalogue(model)[0] or _lower(model.__name__.removesuffix("Input"))


def item_name(property_name: str, model: type[msgspec.Struct] | None) -> str:
    """The name of an element that is an item of a list.

    Args:
        property_name: the property that is the list.
        model: the class of the items; None for scalars.

    Returns:
        The catalogue's name, else the last word of the property: `recipients` → `recipient`, `pollChoices` → `choice`.
    """
    root, item = _from_catalogue(model) if model is not None else ("", "")
    return item or root or _singular(property_name)


def _singular(property_name: str) -> str:
    found = _LAST_WORD.search(property_name)
    word = found[0].lower() if found else property_name
    for plural, singular in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("s", "")):
        if word.endswith(plural) and not word.endswith("ss"):
            return word.removesuffix(plural) + singular
    return word


def _from_catalogue(model: type[msgspec.Struct]) -> tuple[str, str]:
    return cast("tuple[str, str]", getattr(cast("Any", model), "__xml__", ("", "")))


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
